"""Words to sound: every line of a lecture spoken once, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vcalc_anim.course import Course, Lecture, SceneScript, SceneTimeline, scene_timeline
from vcalc_anim.errors import Problem, raise_if_any
from vcalc_anim.voice import Lexicon, Speech, SpeechCache, Voice


@dataclass(frozen=True)
class NarratedScene:
    """A scene with the speech of each spoken line."""

    script: SceneScript
    speech: dict[str, Speech]

    def timeline(self, fps: int) -> SceneTimeline:
        """The scene's times in frames, decided by its speech."""
        return scene_timeline(self.script, {name: said.spans for name, said in self.speech.items()}, fps)


@dataclass(frozen=True)
class NarratedLecture:
    lecture: Lecture
    scenes: tuple[NarratedScene, ...]

    def scene(self, name: str) -> NarratedScene:
        script = self.lecture.scene(name)
        return next(scene for scene in self.scenes if scene.script is script)


def spoken_part(course: Course, lecture: Lecture, voice: Voice, cache: Path) -> Lecture:
    """*lecture* with those scenes alone whose every line *voice* has spoken into *cache*: nothing has to be made."""
    lexicon, store = Lexicon(course.pronunciation), SpeechCache(cache)
    return replace(
        lecture,
        scenes=tuple(
            scene
            for scene in lecture.scenes
            if all(
                line.silence is not None or store.path(voice, lexicon.spoken(line.spoken)).is_file()
                for line in scene.lines.values()
            )
        ),
    )


def speech_files(course: Course, voice: Voice, cache: Path) -> list[Path]:
    """Where in *cache* the speech of every line of *course* by *voice* is kept, whether it exists or not."""
    lexicon, store = Lexicon(course.pronunciation), SpeechCache(cache)
    return [
        store.path(voice, lexicon.spoken(line.spoken))
        for lecture in course.lectures
        for scene in lecture.scenes
        for line in scene.lines.values()
        if line.silence is None
    ]


def narrate(
    course: Course,
    lecture: Lecture,
    voice: Voice,
    cache: Path,
    report: Callable[[], None] = lambda: None,
    finished: Callable[[NarratedScene], None] = lambda scene: None,
) -> NarratedLecture:
    """Speak all lines of *lecture* (from *cache* where they were spoken before), the longest scenes first.

    *report* is called after each line, *finished* after each scene. Raises like :func:`check_words`.
    """
    check_words(course, lecture)
    lexicon, store = Lexicon(course.pronunciation), SpeechCache(cache)
    spoken: dict[str, NarratedScene] = {}
    for scene in sorted(lecture.scenes, key=_words, reverse=True):
        speech = {}
        for name, line in scene.lines.items():
            if line.silence is None:
                speech[name] = store.speak(voice, lexicon.spoken(line.spoken))
                report()
        spoken[scene.name] = NarratedScene(scene, speech)
        finished(spoken[scene.name])
    return NarratedLecture(lecture, tuple(spoken[scene.name] for scene in lecture.scenes))


def _words(scene: SceneScript) -> int:
    return sum(len(line.words) for line in scene.lines.values())


def check_words(course: Course, lecture: Lecture) -> None:
    """Raise :class:`~vcalc_anim.errors.InputError` listing every word of *lecture* that no voice can say."""
    lexicon = Lexicon(course.pronunciation)
    raise_if_any(
        Problem(
            line.file,
            line.line,
            f'line "{line.name}": {word!r} cannot be spoken; write [{word}|how it is said]',
        )
        for scene in lecture.scenes
        for line in scene.lines.values()
        for word in lexicon.unspeakable(line.spoken)
    )
