"""The page of a web deck: what reveal.js shows, and the times by which its films are played line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from vcalc_anim.outlets.quiz import markup
from vcalc_anim.outlets.quiz.cards import card_timeline
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem, failing
from vcalc_anim.outlets.slides.content import Deck, DeckLine, DeckLoop, QuestionSlide, SceneSlide

Cue = tuple[float, float, str]
"""Start and end in seconds, and the words of one caption."""

MEDIA, ENGINE = "media", "reveal"  # folders in that of the deck
_THINK = "think"
_OPENING, _READING, _ANSWER = 5, 6, 9  # seconds that a still slide stays when the deck plays by itself

_KEYS = (
    ("→", "next line"),
    ("←", "back"),
    ("R", "again"),
    ("M", "sound"),
    ("C", "captions"),
    ("T", "play through"),
    ("S", "notes"),
    ("?", "all keys"),
)
_ICONS = {
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "again": '<path d="M5 12a7 7 0 1 0 2.5-5.4M5 4v4h4"/>',
    "sound": '<path d="M4 10v4h4l5 4V6L8 10zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"/>',
    "captions": '<path d="M3 5h18v14H3zM7 12h4M14 12h3M7 15.5h2M12 15.5h5"/>',
    "through": '<path d="M4 6l7 6-7 6zM13 6l7 6-7 6z"/>',
}
_TOOLS = (
    ("pause", "Pause", "K", False),
    ("again", "Play the line again", "R", False),
    ("sound", "Sound", "M", True),
    ("captions", "Captions", "C", True),
    ("through", "Play through", "T", True),
)


@dataclass(frozen=True)
class SceneNames:
    """The files of one scene, or of one question, in the folder of media."""

    film: str
    first: str
    poster: str


def scene_names(slide: SceneSlide) -> SceneNames:
    """What the files of *slide* are called in a deck."""
    name = slide.clip.film.stem
    return SceneNames(f"{name}.mp4", f"{name}-first.png", f"{name}.png")


def question_names(slide: QuestionSlide) -> SceneNames:
    """What the files of a question with slides of its own are called: ``poster`` is the slide that answers."""
    name = f"quiz-{slide.item.name}"
    return SceneNames(f"{name}.mp4", f"{name}-question.png", f"{name}-answer.png")


def deck_page(
    deck: Deck, colors: Mapping[str, str], cues: Mapping[str, Sequence[Cue]], fps: int, closing: str
) -> str:
    """The HTML of *deck*: title, each slide, the end.

    *colors* gives a colour for each role of the theme, *cues* the captions of each scene by the name of its film
    without suffix, *closing* heads the objectives on the last slide.
    """
    course, lecture = deck.course, deck.lecture
    captions = {name: [list(cue) for cue in shown] for name, shown in sorted(cues.items())}
    keys = "".join(f"<li><kbd>{key}</kbd> {what}</li>" for key, what in _KEYS)
    objectives = "".join(f"<li>{escape(text)}</li>" for text in lecture.objectives)
    return f"""\
<!DOCTYPE html>
<html lang="{escape(course.language)}" data-frame="{1 / fps:.6f}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{deck.theme}">
<meta name="description" content="{escape(lecture.question)}">
<meta name="author" content="{escape(", ".join(course.authors))}">
<title>{escape(lecture.title)} – {escape(course.title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{ENGINE}/reset.css">
<link rel="stylesheet" href="{ENGINE}/reveal.css">
<style>:root {{ {"; ".join(f"--{role}: {paint}" for role, paint in colors.items())} }}</style>
<link rel="stylesheet" href="deck.css">
</head>
<body>
<div class="reveal">
<div class="slides">
<section id="title" class="title" data-dwell="{_OPENING}">
<p class="chapter">{lecture.number} <span>{escape(course.title)}</span></p>
<h1>{escape(lecture.title)}</h1>
<p class="asks">{escape(lecture.question)}</p>
<ul class="keys" aria-label="Keys">{keys}</ul>
{_notes([lecture.question])}
</section>
{_lines_of(_section(slide, fps) for slide in deck.slides)}
<section id="closing" class="closing">
<h2>{escape(closing)}</h2>
<ul class="objectives">{objectives}</ul>
<p class="source">{escape(course.source)}<br>{escape(course.title)} · {escape(", ".join(course.authors))} · \
{escape(course.licence)}</p>
{_notes(lecture.objectives)}
</section>
</div>
{_tools()}
<p class="said" role="status"></p>
</div>
<script type="application/json" id="cues">{_json(captions)}</script>
<script src="{ENGINE}/reveal.js"></script>
<script src="{ENGINE}/notes.js"></script>
<script src="deck.js"></script>
</body>
</html>
"""


def index_page(
    title: str, language: str, colors: Mapping[str, str], decks: Iterable[tuple[str, str, str]]
) -> str:
    """The page that links the decks of a course: address, title and question of each."""
    links = "\n".join(
        f'<li><a href="{escape(href)}">{escape(name)}</a><p>{escape(question)}</p></li>'
        for href, name, question in decks
    )
    ground, text, quiet, mark = (colors[role] for role in ("background", "text", "quiet", "step"))
    return f"""\
<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slides – {escape(title)}</title>
<link rel="icon" href="data:,">
<style>
body {{ max-width: 44rem; margin: 3rem auto; padding: 0 1.5rem; background: {ground}; color: {text};
  font: 1.15rem/1.5 "New Computer Modern", "Latin Modern Roman", Georgia, "Times New Roman", serif }}
ol {{ padding: 0; list-style: none }}
li {{ margin: 1.2rem 0 }}
a {{ color: inherit; font-size: 1.35rem; text-underline-offset: .25em }}
a:focus-visible {{ outline: 3px solid {mark}; outline-offset: 4px }}
p {{ margin: .2rem 0; color: {quiet} }}
</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<ol>
{links}
</ol>
</main>
</body>
</html>
"""


def _section(slide: SceneSlide | QuestionSlide, fps: int) -> str:
    if isinstance(slide, SceneSlide):
        return _scene(slide)
    if slide.scene is not None:
        return _scene(slide.scene, slide.item)
    return _question(slide, fps)


def _scene(slide: SceneSlide, item: QuizItem | None = None) -> str:
    names = scene_names(slide)
    kind = "film" if item is None else "film played"
    asked = "" if item is None else f'<p class="heard">{escape(_asked(item))}</p>\n'
    picture = f'<img class="sheet" src="{MEDIA}/{escape(names.poster)}" alt="{escape(slide.title)}">'
    parts = [
        f"""\
<section id="{_address(slide)}" class="{kind}">
<h2>{escape(slide.title)}</h2>
{_video(names, f"Film: {slide.title}")}
{picture}
{asked}{_steps(slide.lines)}
{_notes(slide.words)}
</section>"""
    ]
    parts += [_loop(slide, loop) for loop in slide.loops]
    return "\n".join(parts)


def _loop(slide: SceneSlide, loop: DeckLoop) -> str:
    film, poster = (escape(path.name) for path in (loop.film, loop.poster))
    return f"""\
<section id="{_id(loop.name)}" class="loop" data-dwell="{max(8, round(loop.seconds)):g}">
<h2>{escape(slide.title)} (loop)</h2>
<video src="{MEDIA}/{film}" poster="{MEDIA}/{poster}" preload="metadata" muted loop playsinline data-ignore \
aria-label="Silent loop: {escape(slide.title)}"></video>
<img class="sheet" src="{MEDIA}/{poster}" alt="{escape(slide.title)}">
{_notes([f"{slide.title}: a silent loop of {loop.seconds:g} seconds, to talk over."])}
</section>"""


def _question(slide: QuestionSlide, fps: int) -> str:
    item, names = slide.item, question_names(slide)
    think = card_timeline(item, fps).line(_THINK)
    ring = DeckLine(_THINK, think.start / fps, think.end / fps, "")
    return f"""\
<section id="question-{escape(item.name)}" class="film question" data-dwell="{_READING}">
<h2>Question</h2>
<img class="still" src="{MEDIA}/{escape(names.first)}" alt="{escape(_asked(item))}">
{_video(names, "A ring runs while you think")}
{_steps([ring])}
{_notes([_asked(item)])}
</section>
<section id="question-{escape(item.name)}-answer" class="answer" data-dwell="{_ANSWER}">
<h2>Answer</h2>
<img class="still" src="{MEDIA}/{escape(names.poster)}" alt="{escape(_answered(item))}">
{_notes([_answered(item)])}
</section>"""


def _video(names: SceneNames, label: str) -> str:
    return (
        f'<video src="{MEDIA}/{escape(names.film)}" poster="{MEDIA}/{escape(names.first)}" preload="metadata" '
        f'playsinline data-ignore aria-label="{escape(label)}"></video>'
    )


def _steps(lines: Sequence[DeckLine]) -> str:
    return f'<ol class="lines">\n{_lines_of(_step(line) for line in lines)}\n</ol>'


def _step(line: DeckLine) -> str:
    said = escape(line.text) if line.text else f"<em>{line.end - line.start:.0f} seconds to think</em>"
    return (
        f'<li class="fragment" data-name="{escape(line.name)}" data-start="{line.start:.4f}" '
        f'data-end="{line.end:.4f}">{said}<aside class="notes">{said}</aside></li>'
    )


def _notes(words: Iterable[str]) -> str:
    return f'<aside class="notes">{"".join(f"<p>{escape(text)}</p>" for text in words)}</aside>'


def _tools() -> str:
    buttons = "\n".join(
        f'<button type="button" data-does="{name}" aria-label="{label}" title="{label} ({key})" '
        f'aria-keyshortcuts="{key}"{" aria-pressed=" + chr(34) + "false" + chr(34) if switches else ""}>'
        f'<svg viewBox="0 0 24 24" aria-hidden="true">{_ICONS[name]}</svg></button>'
        for name, label, key, switches in _TOOLS
    )
    return f'<div class="tools" role="group" aria-label="Playing">\n{buttons}\n</div>'


def _asked(item: QuizItem) -> str:
    options = (
        f"{letter}: {markup.plain(option.text)}"
        for letter, option in zip(LETTERS, item.options, strict=False)
    )
    return "\n".join([markup.plain(item.question), *options])


def _answered(item: QuizItem) -> str:
    right, wrong = item.right, failing(item)
    letter = LETTERS[item.options.index(wrong)]
    return "\n".join(
        [
            f"{item.letter} is right: {markup.plain(right.text)}. {markup.plain(right.feedback)}",
            f"{letter} is wrong: {markup.plain(wrong.text)}. {markup.plain(wrong.feedback)}",
        ]
    )


def _address(slide: SceneSlide) -> str:
    return _id(slide.clip.narrated.script.name)


def _id(name: str) -> str:
    # "s-" keeps a scene called Title or a question called closing apart from the slides of those names.
    lower = name.lower()
    return f"s-{lower}" if lower in ("title", "closing", "cues") else lower


def _lines_of(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
