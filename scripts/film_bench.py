"""The part of scripts/bench that makes films: against plain Manim, after an edit, as films grow, and stage by stage.

Everything runs in a copy of the package and the course, so that a benchmark may edit both and starts from nothing.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workplace import ROOT, Cost, Workplace, workplace

if TYPE_CHECKING:
    from vcalc_anim.course import Lecture, SceneScript

CHAPTER = "ch04"
RATES = {"standard": (1920, 1080, 30), "high": (1920, 1080, 60), "draft": (854, 480, 15)}

NEARLY_LOSSLESS = 1  # quantizer of H.264

GROWING = """\
from manim import RIGHT, Circle, Rotate, linear

from vcalc_anim.stage import LectureScene, Readout


class Growing(LectureScene):
    def construct(self):
        wheel = Circle(radius=2).shift(RIGHT)
        turned = Readout("t", lambda: self.now, 1).place(-3, 0)
        self.open(wheel, turned)
        for name in self.script.lines:
            with self.line(name) as line:
                self.play(Rotate(wheel, 1.0, rate_func=linear), run_time=line.left / 2)
"""


@dataclass
class Results:
    """Everything measured, for the tables and for JSON."""

    machine: dict[str, object] = field(default_factory=dict)
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> None:
        self.tables.setdefault(table, []).append(row)
        print("  " + "  ".join(f"{name} {_shown(value)}" for name, value in row.items()), flush=True)

    def markdown(self) -> str:
        """All tables as Markdown."""
        parts = ["  \n".join(f"{name}: {value}" for name, value in self.machine.items())]
        for title, rows in self.tables.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            cells = [[_shown(row.get(name, "")) for name in names] for row in rows]
            lines = ["| " + " | ".join(line) + " |" for line in [names, ["---"] * len(names), *cells]]
            parts.append(f"## {title}\n\n" + "\n".join(lines))
        return "\n\n".join(parts) + "\n"


def _shown(value: object) -> str:
    return (
        f"{value:.3g}"
        if isinstance(value, float) and value < 1000
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )


def machine() -> dict[str, object]:
    """The machine in words."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.is_file() else []
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


# -- the benchmarks -----------------------------------------------------------------------------------------------


@dataclass
class Way:
    """A way of making the films of a chapter: *make* them, from nothing, and find the *films* by scene.

    *again* draws chosen scenes once more, hardly compressed, to compare with; None: they are like those of another way.
    """

    make: Callable[[], Cost]
    films: Callable[[], dict[str, Path]]
    again: Callable[[list[str]], dict[str, Path]] | None
    costs: list[Cost] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)  # of the films

    def look(self, compared: int) -> None:
        """Note frames and size of the films, and how near the *compared* shortest ones are to their pictures."""
        from similarity import frame_count, similarities

        films = self.films()
        frames = {scene: frame_count(film) for scene, film in films.items()}
        self.facts["frames"] = sum(frames.values())
        self.facts["pictures MB"] = sum(film.stat().st_size for film in films.values()) / 1e6
        if self.again is None or not compared:
            return
        likeness: list[float] = []
        for scene, reference in self.again(sorted(films, key=lambda name: frames[name])[:compared]).items():
            likeness += similarities(films[scene], reference)
        self.facts["SSIM mean"] = f"{statistics.mean(likeness):.4f}"
        self.facts["SSIM worst"] = f"{min(likeness):.4f}"


def bench_render(results: Results, chosen: Any) -> None:
    """A chapter with plain Manim and with vcalc, spoken and silent, all from nothing, in turn: medians."""
    from vcalc_anim.course import load_course

    with workplace() as place:
        lecture = load_course(place.folder / "scenes").lecture(chosen.chapter)
        for quality in chosen.quality or ["standard", "high"]:
            print(f"\n{lecture.slug} at {quality}, {chosen.repeats} times each")
            ways = _ways(place, lecture, quality)
            for turn in range(chosen.repeats):
                for way in ways.values():
                    place.forget()
                    way.costs.append(way.make())
                    if turn == 0:
                        way.look(chosen.compared)
            table = f"Render {lecture.slug}, {quality}"
            for name, way in ways.items():
                results.add(table, way=name, **_medians(way.costs), **way.facts)
            plain, *others = ways
            for name in others:
                pairs = zip(ways[plain].costs, ways[name].costs, strict=True)
                ratio = statistics.median(theirs.wall / ours.wall for theirs, ours in pairs)
                results.add(table, way=f"{plain} : {name}", **{"wall s": ratio})


def _ways(place: Workplace, lecture: Lecture, quality: str) -> dict[str, Way]:
    scenes = [scene.name for scene in lecture.scenes]
    manim = _manim(lecture.choreography, scenes, *RATES[quality])
    build = ("build", lecture.slug, "--quality", quality, "--no-check")
    ours = partial(_our_films, place, scenes)
    return {
        "plain manim": Way(
            partial(place.run, *manim),
            partial(_plain_films, place, "media", scenes),
            partial(_plain_references, place, lecture.choreography, RATES[quality]),
        ),
        "vcalc": Way(
            partial(place.vcalc, *build), ours, partial(_our_references, place, lecture.slug, quality)
        ),
        "vcalc, silent": Way(partial(place.vcalc, *build, "--voice", "silent"), ours, None),
    }


def _manim(
    choreography: Path, scenes: Sequence[str], width: int, height: int, rate: int, media: str = "media"
) -> list[str]:
    """Plain Manim draws *scenes*, by name: with ``-a`` it would draw the chapter's loops too."""
    return [
        sys.executable, "-m", "manim", "render", "--disable_caching", "--progress_bar", "none", "-v", "ERROR",
        "--resolution", f"{width},{height}", "--frame_rate", str(rate), "--media_dir", media,
        str(choreography), *scenes,
    ]  # fmt: skip


def _plain_films(place: Workplace, media: str, scenes: Sequence[str]) -> dict[str, Path]:
    return {scene: _only(place.folder / media / "videos", f"*/*/{scene}.mp4") for scene in scenes}


def _our_films(place: Workplace, scenes: Sequence[str]) -> dict[str, Path]:
    folder = place.folder / ".vcalc" / "scenes"
    return {scene: _only(folder, f"{scene.lower()}-*.mp4") for scene in scenes}


def _only(folder: Path, pattern: str) -> Path:
    (film,) = folder.glob(pattern)
    return film


def _plain_references(
    place: Workplace, choreography: Path, rate: tuple[int, int, int], scenes: list[str]
) -> dict[str, Path]:
    """*scenes* once more by plain Manim, hardly compressed."""
    settings = place.folder / "manim.cfg"
    settings.write_text(f"[video_encoder.options]\ncrf = {NEARLY_LOSSLESS}\n", encoding="utf-8")
    place.run(*_manim(choreography, scenes, *rate, media="reference"))
    settings.unlink()
    return _plain_films(place, "reference", scenes)


def _our_references(place: Workplace, chapter: str, quality: str, scenes: list[str]) -> dict[str, Path]:
    """*scenes* once more as films are drawn, hardly compressed; spoken as before."""
    from same_frames import jobs_of

    from vcalc_anim.build.project import Project
    from vcalc_anim.build.quality import QUALITIES
    from vcalc_anim.build.render import render

    fine = replace(QUALITIES[quality], quantizer=NEARLY_LOSSLESS)
    names = [f"{chapter}:{scene}" for scene in scenes]
    found = {}
    for job in jobs_of(Project(place.folder), names, fine, clips=False):
        found[job.scene] = place.folder / "reference" / f"{job.scene}.mp4"
        found[job.scene].parent.mkdir(exist_ok=True)
        render(job, found[job.scene])
    return found


def _medians(costs: Sequence[Cost]) -> dict[str, float]:
    names = {"wall": "wall s", "cpu": "CPU s", "largest": "largest process MB", "together": "all MB"}
    return {shown: statistics.median(asdict(cost)[name] for cost in costs) for name, shown in names.items()}


#: What is edited in turn, each on top of the one before, and after a line of every scene.
EDITS: dict[str, Callable[[Workplace], None]] = {
    "one scene": lambda place: place.edit(
        "scenes/ch04_gradient.py", "SLOPES_PER_UNIT = 6 ", "SLOPES_PER_UNIT = 7 "
    ),
    "one engine module": lambda place: place.edit(
        "vcalc_anim/stage/fog.py", "class Fog(", "_EDITED = 1\n\n\nclass Fog("
    ),
    "the theme": lambda place: place.edit("vcalc_anim/stage/theme.py", "SMALL = 36.0", "SMALL = 37.0"),
}


def bench_edit(results: Results, chosen: Any) -> None:
    """A chapter built from nothing, then again: with nothing changed, a word more in one scene after another, and more."""
    from vcalc_anim.course import load_course

    quality = (chosen.quality or ["standard"])[0]
    with workplace() as place:
        lecture = load_course(place.folder / "scenes").lecture(chosen.chapter)
        print(f"\nedits of {lecture.slug} at {quality}")
        table = f"Edits, {lecture.slug}, {quality}"
        cold = place.vcalc("build", lecture.slug, "--quality", quality, "--no-check")
        results.add(table, changed="everything", **_medians([cold]), share=1.0)

        def measure(changed: str) -> Cost:
            cost = place.vcalc("build", lecture.slug, "--quality", quality, "--no-check")
            results.add(table, changed=changed, **_medians([cost]), share=cost.wall / cold.wall)
            return cost

        measure("nothing")
        lines = []
        for scene in lecture.scenes:
            lengthen(place, scene)
            lines.append(measure(f"one line of {scene.name}"))
        for name, cost in (
            ("one line, median", _medians(lines)),
            ("one line, worst", _medians([max(lines, key=lambda cost: cost.wall)])),
        ):
            results.add(table, changed=name, **cost, share=cost["wall s"] / cold.wall)
        for name, edit in EDITS.items():
            edit(place)
            measure(name)


def lengthen(place: Workplace, scene: SceneScript) -> None:
    """Put one more word before the middle one of the spoken lines of *scene*. SystemExit when it is not on one row."""
    spoken = [line for line in scene.lines.values() if line.silence is None]
    line = spoken[len(spoken) // 2]
    row = line.file.read_text(encoding="utf-8").splitlines()[line.line - 1]
    longer, count = re.subn(r'^(\w+ = (?:\{ say = )?")(?!"")', r"\1Now ", row)
    if not count:
        raise SystemExit(f"bench: {line.file.name}:{line.line}: the text of a line is expected in this row")
    place.edit(f"scenes/{line.file.name}", row, longer)


def bench_growth(results: Results, chosen: Any) -> None:
    """One scene of ever more minutes, and a chapter with ever more processes."""
    chapter, minutes, jobs = chosen.chapter, chosen.minutes, chosen.jobs
    quality = (chosen.quality or ["standard"])[0]
    with workplace() as place:
        print(f"\na scene of {', '.join(map(str, minutes))} minutes at {quality}")
        for length in minutes:
            place.forget()
            _write_growing(place.folder / "scenes", length)
            cost = place.vcalc("build", "ch90", "--quality", quality, "--no-check", "--voice", "silent")
            results.add("Length of a scene", minutes=length, **_medians([cost]))
    with workplace() as place:
        print(f"\n{chapter} with {', '.join(map(str, jobs))} processes at {quality}")
        first = None
        for count in jobs:
            place.forget()
            cost = place.vcalc("build", chapter, "--quality", quality, "--no-check", "--jobs", str(count))
            first = first or cost.wall
            results.add("Processes", jobs=count, **_medians([cost]), faster=first / cost.wall)


def _write_growing(scenes: Path, minutes: int) -> None:
    lines = "\n".join(f"l{n} = 10" for n in range(6 * minutes))
    script = f'title = "Growing"\nquestion = "How long?"\n[[scene]]\nname = "Growing"\ntitle = "It turns"\n[scene.lines]\n{lines}\n'
    (scenes / "ch90_growing.toml").write_text(script, encoding="utf-8")
    (scenes / "ch90_growing.py").write_text(GROWING, encoding="utf-8")
    course = scenes / "course.toml"
    text = re.sub(r"lectures = \[[^\]]*\]", 'lectures = ["ch90_growing"]', course.read_text(encoding="utf-8"))
    course.write_text(text, encoding="utf-8")


def bench_stages(results: Results, chosen: Any) -> None:
    """Where the processor's time of drawing goes: the scenes run with ever more of the way to the film."""
    quality = (chosen.quality or ["standard"])[0]
    from vcalc_anim.build.encoder import SceneEncoder
    from vcalc_anim.build.narrate import narrate
    from vcalc_anim.build.planes import YuvPicture
    from vcalc_anim.build.project import Project
    from vcalc_anim.build.quality import QUALITIES
    from vcalc_anim.build.render import RenderJob, run

    chapter, size = chosen.chapter, QUALITIES[quality]
    width, height = size.size()
    project = Project(ROOT)
    lecture = project.course.lecture(chapter)
    began = time.process_time()
    import vcalc_anim.stage  # noqa: F401 (its import is what is timed)

    imported = time.process_time() - began
    narrated = narrate(project.course, lecture, project.voice(None), project.speech_cache)
    jobs = [
        RenderJob(lecture.script, scene.script.name, scene.timeline(size.fps), size)
        for scene in narrated.scenes
    ]

    class Nothing:
        def wants(self, first: int, count: int) -> bool:
            return False

        def add(self, first: int, pixels: Any, count: int, changed: Any = None) -> None:
            pass

    class Pictures(Nothing):
        def wants(self, first: int, count: int) -> bool:
            return True

    class Converted(Pictures):
        def __init__(self) -> None:
            self.picture = YuvPicture(height, width)

        def add(self, first: int, pixels: Any, count: int, changed: Any = None) -> None:
            self.picture.show(pixels, self.picture.differences(pixels, changed))

    def encoded(job: RenderJob) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.mp4"
            with SceneEncoder(path, width, height, size.fps, size.gop, size.quantizer) as encoder:
                run(job, encoder, width, height)

    stages: dict[str, Callable[[RenderJob], object]] = {
        "motion": lambda job: run(job, Nothing(), width, height),
        "drawing": lambda job: run(job, Pictures(), width, height),
        "conversion": lambda job: run(job, Converted(), width, height),
        "encoding": encoded,
    }
    table = f"Stages, {chapter}, {quality}"
    frames = sum(job.timeline.frames for job in jobs)
    print(f"\nstages of {chapter} at {quality}, {frames} frames")
    results.add(table, stage="import of Manim and the stage", **{"CPU s": imported, "ms a frame": 0.0})
    before = 0.0
    for name, stage in stages.items():
        start = time.process_time()
        for job in jobs:
            stage(job)
        spent = time.process_time() - start
        own = max(0.0, spent - before)
        results.add(table, stage=name, **{"CPU s": own, "ms a frame": 1000 * own / frames})
        before = spent


def run(command: str, chosen: Any) -> None:
    """Run the benchmark called *command* with the options *chosen*; print its tables, and keep them if asked to."""
    results = Results(machine=machine())
    COMMANDS[command](results, chosen)
    print("\n" + results.markdown())
    if chosen.out is not None:
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / "bench.json").write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")
        (chosen.out / "bench.md").write_text(results.markdown(), encoding="utf-8")


COMMANDS: dict[str, Callable[[Results, Any], None]] = {
    "render": bench_render,
    "edit": bench_edit,
    "growth": bench_growth,
    "stages": bench_stages,
}
