// Plays the films of a deck line by line: each step of reveal.js is one line, and the film holds where it ends.
(() => {
  "use strict";

  const PREVIEW = /receiver/i.test(location.search); // inside the speaker's window: shows, never plays
  const PRINTING = /print-pdf|view=print/i.test(location.search);
  const CALM = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const IDLE = 2500; // ms without the mouse after which the buttons fade
  const LEAD = 1; // s: a film that stands at most so long before a line is not moved to its start

  const cues = JSON.parse(document.getElementById("cues").textContent);
  const body = document.body;
  const said = document.querySelector(".said");
  const button = (name) => document.querySelector(`.tools [data-does="${name}"]`);

  // What the speaker chose lasts as long as the tab, where the browser lets a local page remember anything.
  const memory = {
    get(name, otherwise) {
      try {
        const kept = sessionStorage.getItem(`deck-${name}`);
        return kept === null ? otherwise : kept === "on";
      } catch {
        return otherwise;
      }
    },
    set(name, value) {
      try {
        sessionStorage.setItem(`deck-${name}`, value ? "on" : "off");
      } catch {
        // Nothing is lost but the choice itself.
      }
    },
  };
  const mode = {
    sound: !PREVIEW && memory.get("sound", true),
    captions: memory.get("captions", false),
    through: false,
  };

  let silence = 0;
  function say(text) {
    said.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => (said.textContent = ""), 1800);
  }

  // One film of the deck, and where its lines begin and end.
  class Film {
    constructor(section) {
      this.section = section;
      this.video = section.querySelector("video");
      this.lines = [...section.querySelectorAll(".lines .fragment")].map((line) => ({
        start: Number(line.dataset.start),
        end: Number(line.dataset.end),
      }));
      this.step = -1; // the line that plays, or that was played last
      this.running = false;
      this.video.muted = this.isLoop || !mode.sound;
      this.video.addEventListener("timeupdate", () => this.watch());
      this.video.addEventListener("ended", () => this.finish());
      this.caption();
    }

    get isLoop() {
      return this.video.loop;
    }

    caption() {
      const shown = cues[decodeURIComponent(this.video.getAttribute("src").split("/").pop()).replace(/\.mp4$/, "")];
      if (!shown) return;
      this.track = this.video.addTextTrack("captions", "", document.documentElement.lang);
      for (const [start, end, text] of shown) {
        const cue = new VTTCue(start, end, text.replace(/&/g, "&amp;").replace(/</g, "&lt;"));
        Object.assign(cue, { snapToLines: false, line: 96, lineAlign: "end" }); // above the bar of progress
        this.track.addCue(cue);
      }
      this.showCaptions();
    }

    showCaptions() {
      if (this.track) this.track.mode = mode.captions ? "showing" : "hidden";
    }

    // The middle of the last frame of line `step`: no rounding of a browser shows its neighbour. Before the first
    // line it is the frame in front of it, because a film fades in.
    hold(step) {
      if (this.isLoop) return 0;
      const time = step < 0 ? this.lines[0].start : this.lines[step].end;
      return Math.max(0, time - this.frame / 2);
    }

    get frame() {
      return Number(document.documentElement.dataset.frame);
    }

    seek(time) {
      const video = this.video;
      this.wanted = time;
      if (video.readyState >= HTMLMediaElement.HAVE_METADATA) {
        if (Math.abs(video.currentTime - time) > this.frame / 4) video.currentTime = time;
        return;
      }
      if (this.waiting) return;
      this.waiting = true;
      video.preload = "auto";
      video.addEventListener("loadedmetadata", () => {
        this.waiting = false;
        video.currentTime = this.wanted;
      }, { once: true });
    }

    // Stand where the lines up to `step` have been played.
    show(step) {
      this.step = step;
      this.mark();
      this.stop();
      if (this.isLoop) {
        if (!CALM && !PREVIEW) this.run();
      } else this.seek(this.hold(step));
    }

    mark() {
      this.section.dataset.step = this.step;
    }

    play(step) {
      if (PREVIEW) return this.show(step);
      const { start } = this.lines[step];
      const before = start - this.video.currentTime;
      const near = mode.through ? LEAD : 2.5 * this.frame;
      this.step = step;
      this.mark();
      if (before > near || before < -2.5 * this.frame) this.seek(start);
      this.run();
    }

    run() {
      this.running = true;
      this.video.play().then(
        () => this.running && this.follow(),
        (error) => {
          if (error.name === "AbortError") return; // somebody paused it meanwhile, or moved on
          if (error.name !== "NotAllowedError" || this.video.muted) return this.stop();
          this.video.muted = true;
          say("Press a key to hear the sound");
          this.video.play().then(() => this.follow(), () => this.stop());
        },
      );
      showPause();
    }

    // A page in the background gets no animation frames: timeupdate watches there.
    follow() {
      cancelAnimationFrame(this.ticket);
      this.ticket = requestAnimationFrame(() => {
        this.watch();
        if (this.running) this.follow();
      });
    }

    watch() {
      const line = this.lines[this.step];
      if (!this.running || this.isLoop || !line || this.video.seeking) return;
      const isLast = this.step === this.lines.length - 1;
      if (mode.through && isLast && !this.section.matches(".question")) return; // to its very end
      if (this.video.currentTime >= line.end - this.frame) this.finish();
    }

    finish() {
      if (!this.running) return;
      if (mode.through && !this.video.ended && this.step < this.lines.length - 1) return Reveal.next();
      this.stop();
      if (mode.through) return Reveal.next();
      const hold = this.hold(this.step);
      if (Math.abs(this.video.currentTime - hold) > this.frame) this.seek(hold);
    }

    stop() {
      this.running = false;
      cancelAnimationFrame(this.ticket);
      this.video.pause();
      showPause();
    }

    pause() {
      if (this.running) return this.stop();
      if (this.isLoop) return this.run();
      const line = this.lines[this.step];
      if (line && this.video.currentTime < line.end - 2 * this.frame) return this.run();
      Reveal.next();
    }

    again() {
      if (this.isLoop) this.seek(0);
      else if (this.step >= 0) {
        this.seek(this.lines[this.step].start);
        this.run();
      }
    }
  }

  const films = new Map();
  const current = () => films.get(Reveal.getCurrentSlide());

  function showPause() {
    const film = window.Reveal && Reveal.isReady() && current();
    body.classList.toggle("playing", Boolean(film && film.running));
  }

  // --- steps

  let at = { section: null, step: -1 };
  let dwell = 0;

  function arrive() {
    const section = Reveal.getCurrentSlide();
    const step = Reveal.getIndices().f ?? -1;
    const film = films.get(section);
    for (const other of films.values()) if (other !== film && other.running) other.stop();
    if (film) {
      const isNext = section === at.section && step === at.step + 1;
      if (isNext) film.play(step);
      else if (section !== at.section || step !== at.step) film.show(step);
    }
    at = { section, step };
    if (mode.through) goOn();
  }

  // By itself: a still slide stays for its time, a film begins with its first line.
  function goOn() {
    clearTimeout(dwell);
    const section = at.section;
    const film = films.get(section);
    if (Reveal.isLastSlide() && !film) return set("through", false);
    if (film && film.running && !film.isLoop) return;
    const stays = Number(section.dataset.dwell ?? 0.3);
    dwell = setTimeout(() => mode.through && Reveal.next(), 1000 * stays);
  }

  // --- switches

  const told = {
    sound: ["Sound off", "Sound on"],
    captions: ["Captions off", "Captions on"],
    through: ["Line by line", "Playing through"],
  };

  function set(name, value) {
    mode[name] = value;
    button(name).setAttribute("aria-pressed", String(value));
    say(told[name][Number(value)]);
    if (name !== "through") memory.set(name, value);
    if (name === "sound") for (const film of films.values()) film.video.muted = film.isLoop || !value;
    if (name === "captions") for (const film of films.values()) film.showCaptions();
    if (name === "through") {
      clearTimeout(dwell);
      if (value) {
        const film = current();
        if (!film || !film.running) Reveal.next();
      }
    }
  }

  const does = {
    pause: () => current()?.pause(),
    again: () => current()?.again(),
    sound: () => set("sound", !mode.sound),
    captions: () => set("captions", !mode.captions),
    through: () => set("through", !mode.through),
  };

  // --- addresses: #/3/2 is slide 3 after two lines; reveal.js itself writes #/compass/1

  function named() {
    const found = /^#\/(\d+)\/(\d+)$/.exec(location.hash);
    if (!found) return;
    const section = document.querySelectorAll(".slides > section")[Number(found[1]) - 1];
    if (section) history.replaceState(null, "", `#/${section.id}/${Number(found[2]) - 1}`);
  }

  function listen() {
    for (const [name, action] of Object.entries(does)) {
      const element = button(name);
      element.addEventListener("click", action);
      const key = element.getAttribute("aria-keyshortcuts");
      Reveal.addKeyBinding({ keyCode: key.charCodeAt(0), key, description: element.getAttribute("aria-label") }, action);
    }
    const tools = document.querySelector(".tools");
    tools.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") event.stopPropagation(); // it presses the button alone
    });
    for (const film of films.values()) film.video.addEventListener("click", () => !Reveal.isOverview() && film.pause());
    let idle = 0;
    const wake = () => {
      body.classList.remove("idle");
      clearTimeout(idle);
      idle = setTimeout(() => body.classList.add("idle"), IDLE);
    };
    for (const event of ["mousemove", "pointerdown", "focusin"]) document.addEventListener(event, wake);
    wake();
    for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(name, arrive);
    for (const name of ["paused", "overviewshown"]) Reveal.on(name, () => current()?.stop());
  }

  function preload() {
    for (const section of document.querySelectorAll(".slides > section")) {
      const first = section.querySelector("video")?.getAttribute("poster");
      if (first) new Image().src = first;
    }
  }

  named();
  addEventListener("hashchange", named); // before reveal.js listens, so that it reads the name
  Reveal.initialize({
    width: 1920,
    height: 1080,
    margin: 0,
    minScale: 0.05,
    maxScale: 4,
    center: false,
    hash: true,
    hashOneBasedIndex: true,
    fragmentInURL: true,
    slideNumber: "c/t",
    controlsTutorial: false,
    navigationMode: "linear",
    transition: "none",
    backgroundTransition: "none",
    autoAnimate: false,
    autoPlayMedia: null,
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    plugins: [RevealNotes],
  }).then(() => {
    document.documentElement.dataset.ready = "yes";
    if (PRINTING) return;
    for (const section of document.querySelectorAll(".slides > :is(.film, .loop)")) films.set(section, new Film(section));
    for (const name of ["sound", "captions"]) button(name).setAttribute("aria-pressed", String(mode[name]));
    listen();
    arrive();
    preload();
  });
})();
