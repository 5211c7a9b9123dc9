"""Writes the files of packs that are not current, and notes them in the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

from vcalc_anim.build.assemble import assemble
from vcalc_anim.build.course_film import Part, join
from vcalc_anim.build.files import fingerprint, write_text
from vcalc_anim.build.manifest import Manifest
from vcalc_anim.build.pipeline import film_key, film_outputs
from vcalc_anim.build.plan import PlannedScene
from vcalc_anim.build.progress import task
from vcalc_anim.build.sources import assembling_code
from vcalc_anim.build.worker import follow_parent_in_background
from vcalc_anim.build.workers import interrupts_held_back, processes
from vcalc_anim.outlets.production import Production
from vcalc_anim.outlets.youtube.cards import EndCardJob, ThumbnailJob
from vcalc_anim.outlets.youtube.shorts import ShortJob

VIDEO, SHORT, WHOLE, TEXT = "video", "short", "course-video", "video-text"  # kinds in the manifest

Drawing = EndCardJob | ThumbnailJob | ShortJob


class Writer:
    """Writes what is not current, and remembers every file with whether it was written."""

    def __init__(self, production: Production, manifest: Manifest) -> None:
        self._production = production
        self._manifest = manifest
        self._language = production.project.course.language
        self.files: list[tuple[Path, bool]] = []

    def draw(self, drawings: Sequence[tuple[Drawing, Path | PlannedScene]]) -> None:
        """Draw what is missing, on all cores; thumbnails are results already, the others wait in the cache."""
        missing = ((drawing, place) for drawing, place in drawings if not self._is_drawn(drawing, place))
        todo = list({_path(place): (drawing, place) for drawing, place in missing}.values())
        if todo:
            with (
                task("drawing cards and shorts", len(todo)) as progress,
                processes(min(self._production.jobs, len(todo)), follow_parent_in_background, ()) as pool,
            ):
                with interrupts_held_back():
                    running = {
                        pool.submit(drawing.draw, _path(place)): (drawing, _path(place))
                        for drawing, place in sorted(todo, key=lambda item: not isinstance(item[0], ShortJob))
                    }
                for done in as_completed(running):
                    done.result()
                    drawing, path = running[done]
                    if isinstance(drawing, ThumbnailJob):
                        self._note(path, "thumbnail", drawing.chapter, drawing.key)
                    progress.advance(1)
        drawn = {_path(place) for _, place in todo}
        thumbnails = (_path(place) for drawing, place in drawings if isinstance(drawing, ThumbnailJob))
        self.files += [(path, path in drawn) for path in thumbnails]

    def _is_drawn(self, drawing: Drawing, place: Path | PlannedScene) -> bool:
        if isinstance(place, PlannedScene):
            return place.is_drawn
        return self._manifest.is_current(place, drawing.key)

    def join(
        self,
        film: Path,
        kind: str,
        chapter: str,
        title: str,
        parts: Sequence[tuple[Path, str]],
        card: tuple[PlannedScene, EndCardJob],
    ) -> None:
        """*parts* (film, what its mark says), then the end card, their packets copied into *film*."""
        scene, job = card
        key = self._film_key(title, parts, job)
        stale = not self._manifest.is_current(film, key)
        if stale:
            with TemporaryDirectory() as folder:
                sounding = Path(folder) / "card.mp4"
                assemble((scene,), sounding, title, self._language)
                joined = [*(Part(path, name) for path, name in parts), Part(sounding, job.mark)]
                join(joined, film, title)
            self._note(film, kind, chapter, key)
        self.files.append((film, stale))

    def needs_card(self, film: Path, title: str, parts: Sequence[tuple[Path, str]], card: EndCardJob) -> bool:
        """Whether :meth:`join` will make *film*."""
        return not self._manifest.is_current(film, self._film_key(title, parts, card))

    def _film_key(self, title: str, parts: Sequence[tuple[Path, str]], card: EndCardJob) -> str:
        entries = [
            self._manifest.entries[path.relative_to(self._production.out).as_posix()] for path, _ in parts
        ]
        names = [name for _, name in parts]
        return fingerprint([[entry.sha256 for entry in entries], names, title, card.key, assembling_code()])

    def copy_captions(self, source: Path, film: Path, chapter: str) -> None:
        """The captions of the film *source* beside *film*, which begins with the same pictures."""
        for old, new in zip(
            film_outputs(source, self._language)[1:], film_outputs(film, self._language)[1:], strict=True
        ):
            content = old.read_bytes()
            self._keep(new, "captions", chapter, content.decode("utf-8"))

    def short(self, film: Path, scene: PlannedScene, title: str) -> None:
        """The vertical film *film* with its sound, and its captions beside it."""
        key, outputs = self._short_key(scene, title), film_outputs(film, self._language)
        stale = self.needs_short(film, scene, title)
        if stale:
            assemble((scene,), film, title, self._language)
            for path in outputs:
                kind = SHORT if path == film else "captions"
                self._note(path, kind, scene.lecture.slug, key, scene.job.scene)
        self.files += [(path, stale) for path in outputs]

    def needs_short(self, film: Path, scene: PlannedScene, title: str) -> bool:
        """Whether :meth:`short` will make *film*."""
        key, outputs = self._short_key(scene, title), film_outputs(film, self._language)
        return not all(self._manifest.is_current(path, key) for path in outputs)

    def _short_key(self, scene: PlannedScene, title: str) -> str:
        return fingerprint([film_key((scene,), title, self._language), scene.video.name])

    def texts(self, folder: Path, files: dict[str, str], chapter: str) -> None:
        """Text files of *folder*, by name."""
        for name, text in files.items():
            self._keep(folder / name, TEXT, chapter, text)

    def _keep(self, path: Path, kind: str, chapter: str, text: str) -> None:
        key = fingerprint(text)
        stale = not self._manifest.is_current(path, key)
        if stale:
            write_text(path, text)
            self._note(path, kind, chapter, key)
        self.files.append((path, stale))

    def _note(self, path: Path, kind: str, chapter: str, key: str, scene: str | None = None) -> None:
        self._manifest.add(path, kind, chapter, key, scene)
        self._manifest.save()


def _path(place: Path | PlannedScene) -> Path:
    return place.video if isinstance(place, PlannedScene) else place
