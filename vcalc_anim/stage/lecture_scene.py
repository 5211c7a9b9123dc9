"""A Manim scene told by its script: lines give the time, cues tie motions to words.

A scene asks for its lines by name, in the order of the script::

    with self.line("peak") as line:
        self.play(needle.animate…, run_time=line.until("ten", says=slopes.magnitude))
        line.at("knew")
        self.play(Indicate(arrow))

Leaving the block waits for what is left of the line, so a line lasts exactly as many frames as its
speech needs, whatever voice speaks it. Animations that would run over are shortened, and reported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self, cast

from manim import Animation, Camera, Mobject, Rectangle, Scene, UpdateFromAlphaFunc, Wait, config
from pydantic import BaseModel, ConfigDict, ValidationError

from vcalc_anim.core import provenance
from vcalc_anim.course import (
    Lecture,
    LineTiming,
    SceneScript,
    SceneTimeline,
    estimate_spans,
    load_lecture,
    loop_scene,
    loop_timeline,
    scene_timeline,
)
from vcalc_anim.course import Line as ScriptLine
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.stage import theme
from vcalc_anim.stage.cards import title_bar
from vcalc_anim.stage.timing import play_seconds, still_seconds, to_frames
from vcalc_anim.stage.zones import Zones, zones

_FADE = 0.3  # seconds through the background between scenes
_FIRST_VEIL = 0.75  # how much of the picture the curtain hides at frame 0: never all of it
_SHORTENED = 0.6  # an animation cut below this share of its length is reported


class SceneParams(BaseModel):
    """Typed parameters of a scene; each can be set in the script or with ``--set name=value``."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Staging:
    """What the build hands to a scene: its chapter, its script, its times, parameters set from outside."""

    lecture: Lecture
    script: SceneScript
    timeline: SceneTimeline
    overrides: dict[str, object] = field(default_factory=dict)
    checks_claims: bool = True  # False for silent clips, whose words nobody hears
    fades: bool = True  # False where there is no background to fade through


_staging: Staging | None = None


@contextmanager
def staged(staging: Staging) -> Iterator[None]:
    """Construct scenes with *staging* inside the ``with`` block."""
    global _staging
    before, _staging = _staging, staging
    try:
        yield
    finally:
        _staging = before


@dataclass
class Mark:
    """What happened in one line of a rendered scene, in frames from the scene's start."""

    line: str
    start: int
    end: int
    late_cues: list[str] = field(default_factory=list)
    shortened: int = 0


class LineClock:
    """The running line of a scene: how long until a cue, how long to the end."""

    def __init__(self, scene: LectureScene, script: ScriptLine, timing: LineTiming) -> None:
        self._scene = scene
        self._script = script
        self._timing = timing
        self.mark = Mark(timing.name, timing.start, timing.start + timing.frames)

    def __enter__(self) -> Self:
        self._scene._begin(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._scene.hold(self.left)
        self._scene._end(self)

    @property
    def frames_left(self) -> int:
        return self._timing.start + self._timing.frames - self._scene.frame

    @property
    def left(self) -> float:
        """Seconds to the end of the line, its rest included."""
        return self.frames_left / self._scene.fps

    @property
    def words_left(self) -> float:
        """Seconds to the end of the spoken words (at least one frame)."""
        rest = to_frames(self._script.rest, self._scene.fps)
        return max(self.frames_left - rest, 1) / self._scene.fps

    def until(self, cue: str, says: float | None = None) -> float:
        """Seconds from now to the word marked *cue* (at least one frame): a ``run_time``.

        *says* is the number that the core gives for what is said at this word. The script claims a
        number with ``{cue=10}``; when both do not agree, :class:`InputError` asks to change the words.
        """
        try:
            offset = self._timing.cues[cue]
        except KeyError:
            raise InputError(
                Problem(
                    self._script.file,
                    self._script.line,
                    f'line "{self._script.name}" has no cue {{{cue}}}: mark the word in the script',
                )
            ) from None
        self._check_claim(cue, says)
        frames = self._timing.start + offset - self._scene.frame
        if frames < -to_frames(0.3, self._scene.fps):
            self.mark.late_cues.append(cue)
        return max(frames, 1) / self._scene.fps

    def at(self, cue: str, says: float | None = None) -> None:
        """Hold the picture until the word marked *cue*; go on at once when it has passed."""
        seconds = self.until(cue, says)
        if self._timing.start + self._timing.cues[cue] > self._scene.frame:
            self._scene.hold(seconds)

    def _check_claim(self, cue: str, says: float | None) -> None:
        marked = self._script.cues[cue]
        claim = marked.claim
        if not self._scene.staging.checks_claims or (claim is None and says is None):
            return
        if claim is None or says is None:
            lacking = "claims no number there" if claim is None else "gives no number from the core"
            side = "script" if claim is None else "scene"
            message = (
                f'line "{self._script.name}", cue {{{cue}}}: the {side} {lacking}; '
                f"write {{{cue}=NUMBER}} in the script and says=… in the scene"
            )
        elif marked.agrees(says):
            provenance.confirmed(self._script.name, cue, claim)
            return
        else:
            message = (
                f'line "{self._script.name}" claims {claim:g} at {{{cue}}}, but the core gives {says:.6g}: '
                "change the words and the claim (or render without speech: --voice silent)"
            )
        raise InputError(Problem(self._script.file, self._script.line, message))


class LectureScene(Scene):
    """Base of every scene of a course. Subclasses write ``construct`` and, if they need any, ``Params``."""

    Params: ClassVar[type[SceneParams]] = SceneParams
    shows_title: ClassVar[bool] = True
    fades_in: ClassVar[bool] = True
    fades_out: ClassVar[bool] = True
    whole_frame: ClassVar[bool] = False  # no room for title and captions

    zones: Zones
    staging: Staging
    marks: list[Mark]

    def setup(self) -> None:
        """Find script, times and parameters; put the title in place."""
        if self.is_base():
            return
        self.fps = round(config.frame_rate)
        self.staging = _staging or _plain_staging(type(self), self.fps)
        if self.staging.timeline.fps != self.fps:
            raise ValueError(f"timeline made for {self.staging.timeline.fps} fps, frames at {self.fps}")
        cast(Camera, self.camera).background_color = theme.color("background")
        self.script = self.staging.script
        self.params = validated_params(type(self), self.script, self.staging.overrides)
        self.zones = zones(whole=self.whole_frame)
        self.frame = 0
        self.marks = []
        self._line: LineClock | None = None
        self._opened = False
        self._curtain = Rectangle(
            width=config.frame_width + 1,
            height=config.frame_height + 1,
            fill_color=theme.color("background"),
            fill_opacity=0,
            stroke_width=0,
        ).set_z_index(1000)
        if self.shows_title:
            self.title_bar = title_bar(self.staging.lecture, self.script.title, self.zones)
            self.add(self.title_bar)

    @classmethod
    def is_base(cls) -> bool:
        """Whether this class only serves others: ``manim -a`` makes a scene of it all the same, an empty one."""
        return cls.construct is Scene.construct

    @property
    def now(self) -> float:
        """Seconds of film so far, lead-in included."""
        return self.frame / self.fps

    def open(self, *mobjects: Mobject) -> None:
        """Show the still part of the picture; it is there at frame 0 and becomes clear in the lead-in."""
        self.add(*mobjects)
        self._opened = True
        lead = self.staging.timeline.lead
        fade = min(to_frames(_FADE, self.fps), lead) if self.fades_in and self.staging.fades else 0
        self._draw_curtain(_FIRST_VEIL, 0.0, fade)
        self._hold_frames(lead - fade)

    def line(self, name: str) -> LineClock:
        """The line called *name*: ``with self.line("peak") as line:``."""
        if not self._opened:
            self.open()
        script = self.script.lines.get(name)
        if script is None or any(mark.line == name for mark in self.marks):
            state = "is not in the script" if script is None else "was already told"
            raise InputError(
                Problem(
                    self.script.file, self.script.line, f'scene {self.script.name}: line "{name}" {state}'
                )
            )
        return LineClock(self, script, self.staging.timeline.line(name))

    def play(self, *animations: Any, **kwargs: Any) -> None:
        """Play inside the running line, in whole frames; what does not fit is shortened to fit."""
        if self._line is None:
            raise RuntimeError(
                f"{type(self).__name__} plays outside a line: put it into a with-block of a line"
            )
        compiled = self.compile_animations(*animations, **kwargs)
        wanted = max(animation.run_time for animation in compiled)
        frames = max(1, to_frames(wanted, self.fps))
        left = self._line.frames_left
        if left < frames * _SHORTENED:
            self._line.mark.shortened += 1
        self._play_frames(compiled, min(frames, left))

    def hold(self, seconds: float) -> None:
        """Keep the picture still, at most to the end of the line (values do not change in a hold)."""
        frames = to_frames(seconds, self.fps)
        self._hold_frames(frames if self._line is None else min(frames, self._line.frames_left))

    def tear_down(self) -> None:
        """After the last line: check that all lines were told, then leave through the background."""
        if self.is_base():
            return
        told = {mark.line for mark in self.marks}
        if untold := [name for name in self.script.lines if name not in told]:
            raise InputError(
                Problem(
                    self.script.file,
                    self.script.lines[untold[0]].line,
                    f'scene {self.script.name} never tells line "{untold[0]}": '
                    "use it in the scene or remove it from the script",
                )
            )
        tail = self.staging.timeline.tail
        fade = min(to_frames(_FADE, self.fps), tail) if self.fades_out and self.staging.fades else 0
        self._hold_frames(tail - fade)
        self._draw_curtain(0.0, 1.0, fade)

    def _begin(self, line: LineClock) -> None:
        if self._line is not None:
            raise RuntimeError(f"line {line.mark.line!r} begins inside line {self._line.mark.line!r}")
        if self.frame != line.mark.start:
            raise InputError(
                Problem(
                    self.script.file,
                    self.script.lines[line.mark.line].line,
                    f'scene {self.script.name} tells line "{line.mark.line}" out of the script\'s order',
                )
            )
        self._line = line

    def _end(self, line: LineClock) -> None:
        self._line = None
        self.marks.append(line.mark)

    def _play_frames(self, animations: list[Animation], frames: int) -> None:
        if frames <= 0:  # no time left: the end state, at once
            self.add_mobjects_from_animations(animations)
            for animation in animations:
                animation._setup_scene(self)
                animation.begin()
                animation.finish()
                animation.clean_up_from_scene(self)
            self.update_mobjects(0)
            return
        seconds = play_seconds(frames, self.fps)
        scale = seconds / max(animation.run_time for animation in animations)
        for animation in animations:
            animation.run_time *= scale
        super().play(*animations)
        self.frame += frames

    def _hold_frames(self, frames: int) -> None:
        if frames > 0:
            self.update_mobjects(0)
            super().play(Wait(still_seconds(frames, self.fps), frozen_frame=True))
            self.frame += frames

    def _draw_curtain(self, start: float, end: float, frames: int) -> None:
        if frames <= 0:
            return

        # The first frame shows `start`, the last one `end`: Manim never shows a play's end itself.
        def veil(curtain: Mobject, alpha: float) -> None:
            share = min(1.0, alpha * frames / max(1, frames - 1))
            curtain.set_fill(opacity=start + (end - start) * share)

        self._play_frames([UpdateFromAlphaFunc(self._curtain, veil, rate_func=_linear)], frames)
        if end == 0.0:
            self.remove(self._curtain)


def _linear(alpha: float) -> float:
    return alpha


def validated_params(
    scene: type[LectureScene], script: SceneScript, overrides: dict[str, object]
) -> SceneParams:
    """The parameters of *scene*: its defaults, then the script's, then *overrides* (from ``--set``).

    Raises :class:`InputError` that names each unknown or unusable parameter and what would be allowed.
    """
    try:
        return scene.Params.model_validate({**script.params, **overrides})
    except ValidationError as error:
        known = ", ".join(scene.Params.model_fields) or "none"
        problems = []
        for detail in error.errors():
            name = str(detail["loc"][0]) if detail["loc"] else ""
            from_script = name in script.params and name not in overrides
            if detail["type"] == "extra_forbidden":
                message = f"scene {script.name} has no parameter {name!r}; it has: {known}"
            else:
                must = detail["msg"].replace("Input should be", "must be").removeprefix("Value error, ")
                message = (
                    f"parameter {name!r} of scene {script.name} {must}, not {detail['input']!r}"
                    if name
                    else f"the parameters of scene {script.name} do not go together: {must}"
                )
            problems.append(
                Problem(script.file, script.line, message) if from_script else Problem(None, None, message)
            )
        raise InputError(*problems) from None


def _plain_staging(scene: type[LectureScene], fps: int) -> Staging:
    """Under plain ``manim``: the script beside the scene's file, with times estimated from the words."""
    source = sys.modules[scene.__module__].__file__
    if source is None:
        raise RuntimeError(f"{scene.__name__} was not loaded from a file, so it has no script")
    lecture = load_lecture(Path(source).with_suffix(".toml"))
    for told in lecture.scenes:
        for loop in told.loops:
            if loop.name == scene.__name__:
                return Staging(lecture, loop_scene(told, loop), loop_timeline(loop, fps))
    script = lecture.scene(scene.__name__)
    spans = {name: estimate_spans(line.spoken) for name, line in script.lines.items() if line.silence is None}
    return Staging(lecture, script, scene_timeline(script, spans, fps))
