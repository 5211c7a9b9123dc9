"""All quiz files of some chapters, and of the course: resolved, with their pictures, written in every format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from vcalc_anim.build.files import ensure_writable, fingerprint, remove_stale_parts
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.progress import task
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality
from vcalc_anim.build.sources import code_digest
from vcalc_anim.errors import Problem, raise_if_any
from vcalc_anim.outlets.quiz.characters import undrawable
from vcalc_anim.outlets.quiz.formats import FORMATS, Format
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.pictures import frames_of
from vcalc_anim.outlets.quiz.resolve import resolve
from vcalc_anim.outlets.quiz.slide_decks import deck_formats
from vcalc_anim.outlets.quiz.slides import KIND, make_slides

COURSE_SET = "course"  # the folder of the questions of all chapters

_TOLD = 5  # so many questions that a format leaves out are told one by one
_LIBRARIES = ("pypandoc_binary", "genanki", "openpyxl", "python-pptx", "typst")


@dataclass(frozen=True)
class Exported:
    """What an export did: how many *questions* there are, files written, and files that were current.

    notes: by format, the questions that it leaves out, with the reason.
    """

    questions: int
    written: tuple[Path, ...]
    current: tuple[Path, ...]
    notes: Mapping[str, tuple[Problem, ...]]

    def facts(self) -> dict[str, object]:
        """Everything, for programs."""
        return {
            "questions": self.questions,
            "written": [str(path) for path in self.written],
            "current": [str(path) for path in self.current],
            "left_out": {name: [str(note) for note in notes] for name, notes in self.notes.items()},
        }

    def told(self) -> Iterator[str]:
        """Line by line, what a lecturer wants to know."""
        yield from (f"{path} is up to date" for path in self.current)
        yield from (f"{path} written" for path in self.written)
        for name, notes in self.notes.items():
            yield f"{name} leaves out {len(notes)} of {self.questions} questions:"
            yield from (f"  {note}" for note in notes[:_TOLD])
            if len(notes) > _TOLD:
                yield f"  and {len(notes) - _TOLD} more; --json lists them"
        yield f"{self.questions} questions, every answer confirmed"


@dataclass(frozen=True)
class _Set:
    """Questions that are handed out together; ``chapter`` is empty for the whole course."""

    name: str
    title: str
    chapter: str
    items: tuple[QuizItem, ...]


def export_quizzes(
    project: Project,
    chapters: Sequence[str],
    quality: Quality,
    *,
    variants: int = 0,
    seed: int = 0,
    out: Path,
    theme: str = "dark",
    voice: str | None = None,
    jobs: int = 1,
    slides: bool = True,
) -> Exported:
    """Write the questions of *chapters* into ``out/quiz/CHAPTER``; without any, of all, and ``out/quiz/course``.

    With *slides*, the printed questions also become pictures and films, and all of them slides as PDF and for
    PowerPoint. Files that are current are not touched; pictures that no longer belong to a question are removed.

    Raises:
        InputError: with every question that the core does not confirm, or that slides cannot show, at its place.
        WorkError: a frame cannot be drawn, or a file cannot be written.
    """
    course = project.course
    named = [course.lecture(name) for name in chapters] or course.lectures
    lectures = list({lecture.slug: lecture for lecture in named}.values())
    items = resolve(lectures, variants, seed)
    if slides:
        raise_if_any(undrawable(items))
    for folder in (out, project.picture_cache):
        ensure_writable(folder)
        remove_stale_parts(folder)
    with task("drawing", len({item.picture for item in items if item.picture is not None})) as progress:
        pictures = frames_of(project, items, quality.lines, theme, progress.advance)
    sets = [
        _Set(lecture.slug, f"{course.title}: {lecture.title}", lecture.slug, own)
        for lecture in lectures
        if (own := tuple(item for item in items if item.chapter == lecture.slug))
    ]
    if not chapters and items:
        sets.append(_Set(COURSE_SET, course.title, "", items))
    manifest = Manifest(out)
    formats = FORMATS
    if slides:
        printed = [item for item in items if item.is_printed]
        drawn = make_slides(
            project,
            printed,
            out,
            quality,
            theme=theme,
            voice=voice,
            jobs=jobs,
            manifest=manifest,
            pictures=pictures,
        )
        formats = (*FORMATS, *deck_formats(theme, course.language, drawn))
    written: list[Path] = []
    current: list[Path] = []
    for group in sets:
        made = [_write(group, format, pictures, manifest, out) for format in formats]
        written += [path for path, is_new in made if is_new]
        current += [path for path, is_new in made if not is_new]
        _remove_others(group, [_key(group, format, pictures) for format in formats], manifest, out)
        manifest.save()
    notes = {format.name: tuple(format.left_out(items, pictures)) for format in formats}
    return Exported(
        len(items), tuple(written), tuple(current), {name: left for name, left in notes.items() if left}
    )


def _write(
    group: _Set, format: Format, pictures: Mapping[str, bytes], manifest: Manifest, out: Path
) -> tuple[Path, bool]:
    """Write *group* in one format, unless it is current; the file, and whether it was written."""
    path = out / "quiz" / group.name / f"{group.name}{format.suffix}"
    key = _key(group, format, pictures)
    made = [out / entry.path for entry in manifest.entries.values() if entry.inputs == key]
    if path in made and all(manifest.is_current(file, key) for file in made):
        return path, False
    own = {item.id: pictures[item.id] for item in group.items if item.id in pictures}
    format.write(group.items, path, group.title, own)
    for file in (path, *_beside(path, group, own)):
        manifest.add(file, KIND, group.chapter, key)
    return path, True


def _beside(path: Path, group: _Set, pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The pictures that a format keeps in a folder beside its file."""
    folder = path.with_name(f"{path.stem}-pictures")
    for item in group.items:
        if item.id in pictures and (file := folder / f"{item.id}.png").is_file():
            yield file


def _remove_others(group: _Set, keys: Sequence[str], manifest: Manifest, out: Path) -> None:
    """Remove pictures of questions that an earlier export had in the folder of *group*."""
    folder = f"quiz/{group.name}/{group.name}-pictures/"
    for name, entry in list(manifest.entries.items()):
        if name.startswith(folder) and entry.inputs not in keys:
            (out / name).unlink(missing_ok=True)
            del manifest.entries[name]


def _key(group: _Set, format: Format, pictures: Mapping[str, bytes]) -> str:
    """The fingerprint of everything that decides the file of *group* in one format."""
    facts = [{name: value for name, value in asdict(item).items() if name != "line"} for item in group.items]
    shown = {
        item.id: hashlib.sha256(pictures[item.id]).hexdigest() for item in group.items if item.id in pictures
    }
    libraries = {name: version(name) for name in _LIBRARIES}
    code = code_digest("outlets/quiz", "outlets/powerpoint")
    more = format.facts(group.items)
    return fingerprint([format.name, more, group.name, group.title, facts, shown, libraries, code])
