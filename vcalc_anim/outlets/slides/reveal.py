"""Chapters as slides for the browser: a folder with reveal.js that opens by a double click, without any network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

import srt

from vcalc_anim.build.files import fingerprint, replacing, sha256_file, write_text
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.pipeline import film_outputs
from vcalc_anim.build.sources import library_versions
from vcalc_anim.outlets.clips.scene_clips import frame_of
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.slides.content import Deck
from vcalc_anim.outlets.slides.reveal_engine import engine_files
from vcalc_anim.outlets.slides.reveal_page import (
    ENGINE,
    MEDIA,
    Cue,
    deck_page,
    index_page,
    question_names,
    scene_names,
)

KIND = "deck"
PAGE = "index.html"
_OURS = ("deck.css", "deck.js")
_CLOSING = "What you can do now"


def write_decks(production: Production, decks: Sequence[Deck], manifest: Manifest) -> list[tuple[Path, bool]]:
    """Each of *decks* as a web deck in ``out/slides/CHAPTER/deck`` (``deck-light``), and the page that links them all.

    Returns each file with whether it was written; what is current stays, what a deck no longer shows is removed.

    Raises:
        WorkError: reveal.js is not installed, or a file cannot be written.
    """
    engine = engine_files()
    done: list[tuple[Path, bool]] = []
    for deck in decks:
        folder = deck_folder(production.out, deck.lecture.slug, production.theme)
        made = [_bring(part, manifest, deck.lecture.slug) for part in _parts(deck, folder, engine)]
        page = folder / PAGE
        text = deck_page(deck, _colors(production.theme), _cues(deck), production.quality.fps, _CLOSING)
        made.append(_write_page(page, text, manifest, deck.lecture.slug))
        _remove_others(folder, {path for path, _ in made}, manifest)
        manifest.save()  # an interrupted run goes on where it stopped
        done += made
    done.append(_write_index(production, manifest))
    manifest.save()
    return done


def deck_folder(out: Path, chapter: str, theme: str) -> Path:
    """Where the web deck of *chapter* (its slug) stands in the folder of results."""
    return out / "slides" / chapter / ("deck" if theme == "dark" else f"deck-{theme}")


@dataclass(frozen=True)
class _Part:
    """A file of a deck: a copy of *source*, or its frame number *still*."""

    path: Path
    source: Path
    still: int | None = None

    def key(self, digest: str) -> str:
        if self.still is None:
            return digest
        return fingerprint(["still", self.still, digest, library_versions()])

    def make(self) -> None:
        with replacing(self.path) as target:
            if self.still is None:
                shutil.copyfile(self.source, target)
            else:
                frame_of(self.source, self.still).save(target)


def _parts(deck: Deck, folder: Path, engine: Mapping[str, Path]) -> Iterator[_Part]:
    media = folder / MEDIA
    for scene in deck.scenes:
        names = scene_names(scene)
        yield _Part(media / names.film, scene.clip.film)
        # A film fades in: what waits for its first line is the frame in front of that.
        opening = max(0, scene.clip.timeline.lead - 1)
        yield _Part(media / names.first, scene.clip.film, still=opening)
        yield _Part(media / names.poster, scene.clip.poster)
        for loop in scene.loops:
            yield _Part(media / loop.film.name, loop.film)
            yield _Part(media / loop.poster.name, loop.poster)
    for question in deck.questions:
        if question.scene is None:
            names = question_names(question)
            yield _Part(media / names.film, question.files.film)
            yield _Part(media / names.first, question.files.question)
            yield _Part(media / names.poster, question.files.answer)
    for name, source in engine.items():
        yield _Part(folder / ENGINE / name, source)
    for name in _OURS:
        yield _Part(folder / name, Path(str(package_files(__package__) / name)))


def _bring(part: _Part, manifest: Manifest, chapter: str) -> tuple[Path, bool]:
    key = part.key(sha256_file(part.source))
    if manifest.is_current(part.path, key):
        return part.path, False
    part.make()
    manifest.add(part.path, KIND, chapter, key)
    return part.path, True


def _write_page(path: Path, text: str, manifest: Manifest, chapter: str) -> tuple[Path, bool]:
    key = fingerprint(text)
    if manifest.is_current(path, key):
        return path, False
    write_text(path, text)
    manifest.add(path, KIND, chapter, key)
    return path, True


def _remove_others(folder: Path, kept: set[Path], manifest: Manifest) -> None:
    """Remove what an earlier run put into *folder* and the deck no longer shows; strange files are left alone."""
    for name in list(manifest.entries):
        path = manifest.folder / name
        if folder in path.parents and path not in kept:
            with suppress(FileNotFoundError):
                path.unlink()
            del manifest.entries[name]


def _write_index(production: Production, manifest: Manifest) -> tuple[Path, bool]:
    slides = production.out / "slides"
    course = production.project.course
    links = []
    for lecture in course.lectures:
        for theme, mark in (("dark", ""), ("light", " (light)")):
            page = deck_folder(production.out, lecture.slug, theme) / PAGE
            if page.is_file() and page.relative_to(production.out).as_posix() in manifest.entries:
                name = f"{lecture.number} {lecture.title}{mark}"
                links.append((page.relative_to(slides).as_posix(), name, lecture.question))
    text = index_page(course.title, course.language, _colors("dark"), links)
    return _write_page(slides / PAGE, text, manifest, "")


def _cues(deck: Deck) -> dict[str, list[Cue]]:
    """The captions of each film, from the file beside it: a page opened without a server may not load such files."""
    found = {}
    for scene in deck.scenes:
        captions = film_outputs(scene.clip.film, deck.course.language)[1]
        shown = srt.parse(captions.read_text(encoding="utf-8"))
        found[scene.clip.film.stem] = [
            (one.start.total_seconds(), one.end.total_seconds(), one.content) for one in shown
        ]
    return found


def _colors(theme: str) -> dict[str, str]:
    from vcalc_anim.stage.theme import THEMES

    return {role: paint for role, paint in THEMES[theme].roles.items()}
