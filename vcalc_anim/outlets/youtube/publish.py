"""The pack of every lecture, and of the course as one film, in ``out/youtube``."""

from __future__ import annotations

from collections.abc import Sequence

from vcalc_anim.build.pipeline import narrate_all
from vcalc_anim.errors import raise_if_any
from vcalc_anim.outlets.everything import publish_lectures
from vcalc_anim.outlets.production import Production, Published
from vcalc_anim.outlets.youtube import playlist, texts
from vcalc_anim.outlets.youtube.packs import FOLDER, Pack, Whole
from vcalc_anim.outlets.youtube.writer import Writer


def publish_youtube(production: Production, chapters: Sequence[str]) -> Published:
    """Film, thumbnail, texts, captions and short of every lecture; without *chapters*, the whole course as well.

    Lectures are built as ``vcalc build`` builds them; their pictures are copied, not drawn or encoded again.

    Raises:
        InputError: something in the scripts that YouTube would refuse, told before anything is drawn.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    course = production.project.course
    lectures = production.lectures(chapters)
    raise_if_any(texts.problems(course, lectures))
    narrated = narrate_all(production.project, lectures, production.project.voice(production.voice))
    packs = [Pack.of(production, lecture) for lecture in narrated]
    raise_if_any(problem for pack in packs for problem in pack.problems())
    whole = Whole.of(production, packs) if not chapters and len(packs) > 1 else None
    if whole is not None:
        raise_if_any(whole.problems())
    published = publish_lectures(production, chapters)
    writer = Writer(production, production.manifest())
    films: list[Pack | Whole] = [*packs, *([] if whole is None else [whole])]
    writer.draw([drawing for film in films for drawing in film.drawings(writer)])
    for film in films:
        film.write(writer)
    writer.texts(production.out / FOLDER, playlist.files(course, packs[0].end_card.timeline.seconds), "")
    return published + Published.of(writer.files)
