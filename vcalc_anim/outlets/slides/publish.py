"""Slides of some chapters: for PowerPoint, for the browser, and a handout to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from vcalc_anim.build.files import fingerprint, sha256_file
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.progress import task
from vcalc_anim.build.sources import code_digest
from vcalc_anim.course.model import choices
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.outlets.production import Production, Published
from vcalc_anim.outlets.slides.content import Deck, SceneSlide, make_decks
from vcalc_anim.outlets.slides.pptx import Part, check_titles, parts, write_slides

KIND = "slides"
FORMATS = ("pptx", "pdf", "reveal")

_CODE = (
    "outlets/slides/pptx.py",
    "outlets/slides/content.py",
    "outlets/powerpoint",
    "outlets/quiz",
)


def parse_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The formats that *names* ask for, each once, in our order; without any, all. A name may be a list with commas.

    Raises:
        InputError: a format that does not exist.
    """
    wanted = [name.strip().lower() for text in names for name in text.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise InputError(f"there is no format {name!r} of slides; {choices(name, list(FORMATS))}")
    return tuple(name for name in FORMATS if name in wanted) or FORMATS


def publish_slides(
    production: Production, chapters: Sequence[str], formats: Sequence[str] = FORMATS
) -> Published:
    """Slides of *chapters* (all without any) in ``out/slides/CHAPTER``, in *formats*.

    Raises:
        InputError: a chapter that does not exist, a scene, a script or a question with a fault, a title too long.
        WorkError: a scene cannot be drawn, or a file cannot be written.
    """
    lectures = production.lectures(chapters)
    manifest = production.manifest()
    published = Published()
    if {"pptx", "reveal"} & {*formats}:
        decks, files = make_decks(production, lectures, manifest)
        published += Published.of(files)
        if "pptx" in formats:
            published += _write_powerpoint(production, decks, manifest)
        if "reveal" in formats:
            from vcalc_anim.outlets.slides.reveal import write_decks

            published += Published.of(write_decks(production, decks, manifest))
    if "pdf" in formats:
        from vcalc_anim.outlets.slides.handout import write_handouts

        published += Published.of(write_handouts(production, lectures, manifest))
    return published


def _write_powerpoint(production: Production, decks: Sequence[Deck], manifest: Manifest) -> Published:
    from vcalc_anim.stage.theme import THEMES

    for deck in decks:
        check_titles(deck)
    colors: dict[str, str] = {role: paint for role, paint in THEMES[production.theme].roles.items()}
    files: list[tuple[Path, bool]] = []
    notes: list[Problem] = []
    with task("writing slides", len(decks)) as progress:
        for deck in decks:
            key = _key(deck, colors)
            found = parts(deck)
            made = [
                _write(deck, part, _path(production, deck, part), colors, key, manifest) for part in found
            ]
            _remove_others([path for path, _ in made], manifest)
            if len(found) > 1:
                names = ", ".join(path.name for path, _ in made)
                notes.append(Problem(None, None, f"{deck.lecture.slug} is too large for one file: {names}"))
            manifest.save()  # an interrupted run goes on where it stopped
            files += made
            progress.advance(1)
    written = Published.of(files)
    return Published(written.written, written.current, tuple(notes))


def _path(production: Production, deck: Deck, part: Part) -> Path:
    mark = "" if production.theme == "dark" else f"-{production.theme}"
    slug = deck.lecture.slug
    return production.out / "slides" / slug / part.name(f"{slug}{mark}")


def _write(
    deck: Deck, part: Part, path: Path, colors: dict[str, str], key: str, manifest: Manifest
) -> tuple[Path, bool]:
    key = fingerprint([key, part.number, part.of])
    if manifest.is_current(path, key):
        return path, False
    write_slides(deck, part, path, colors)
    manifest.add(path, KIND, deck.lecture.slug, key)
    return path, True


def _remove_others(kept: Sequence[Path], manifest: Manifest) -> None:
    """Remove what an earlier run cut otherwise: the one file of a chapter that now has two, or the reverse."""
    (stem, *_) = sorted(path.stem for path in kept)
    stem = stem if len(kept) == 1 else stem.removesuffix("-1")
    for path in sorted(kept[0].parent.glob(f"{stem}*.pptx")):
        rest = path.stem.removeprefix(stem)
        if path not in kept and (not rest or rest[1:].isdigit()):
            path.unlink(missing_ok=True)
            manifest.entries.pop(path.relative_to(manifest.folder).as_posix(), None)


def _key(deck: Deck, colors: dict[str, str]) -> str:
    """The fingerprint of everything that decides the slides of *deck*."""
    course, lecture = deck.course, deck.lecture
    return fingerprint(
        [
            [lecture.number, lecture.title, lecture.question, lecture.objectives],
            [course.title, course.authors, course.licence, course.source, course.language],
            [
                [slide.title, slide.words]
                if isinstance(slide, SceneSlide)
                else [
                    {
                        name: value
                        for name, value in asdict(slide.item).items()
                        if name not in ("file", "line")
                    },
                    None if slide.scene is None else slide.scene.words,
                    None if slide.frame is None else fingerprint(slide.frame.hex()),
                ]
                for slide in deck.slides
            ],
            [sha256_file(path) for path in deck.sources],
            colors,
            version("python-pptx"),
            code_digest(*_CODE),
        ]
    )
