"""Is everything here that a build needs? Each check does a small piece of the real work."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.raster import Parts


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether all is well, and what was seen or how to mend it."""

    name: str
    good: bool
    detail: str


def examine() -> list[Finding]:
    """Run all checks; a failing one says why and does not stop the others."""
    checks: dict[str, Callable[[], str]] = {
        "python": _python,
        "manim frames": _frames,
        "typst": _typst,
        "x264 and aac": _encoders,
        "espeak voice": _voice,
    }
    findings = []
    for name, check in checks.items():
        try:
            findings.append(Finding(name, True, check()))
        except Exception as error:  # noqa: BLE001 (whatever is broken is the finding)
            mend = "run ./scripts/build once more, or remove .venv and run it again"
            findings.append(Finding(name, False, f"{type(error).__name__}: {error}; {mend}"))
    return findings


def _python() -> str:
    return f"{sys.version.split()[0]}, numpy {version('numpy')}, manim {version('manim')}"


def _frames() -> str:
    """Whether the installed Manim writes exactly the frames that the plan counts."""
    from manim import Dot, FadeIn, Scene, Wait

    from vcalc_anim.stage.renderer import SinkRenderer, drawing
    from vcalc_anim.stage.timing import play_seconds, still_seconds

    class Probe(Scene):
        def construct(self) -> None:
            self.play(FadeIn(Dot(), run_time=play_seconds(17, 30)))
            self.play(Wait(still_seconds(13, 30), frozen_frame=True))

    class Count:
        frames = 0

        def wants(self, first: int, count: int) -> bool:
            return True

        def add(self, first: int, pixels: np.ndarray, count: int, changed: Parts = None) -> None:
            self.frames += count

    sink = Count()
    with drawing(64, 36, 30, "#000000"):
        Probe(renderer=SinkRenderer(sink)).render()
    if sink.frames != 30:
        raise RuntimeError(f"30 frames were planned and {sink.frames} drawn")
    return "frame counts as planned"


def _typst() -> str:
    from vcalc_anim.stage.typeset import Formula

    return f"typst {version('typst')}, {len(Formula('nabla f').submobjects)} marks for ∇f"


def _encoders() -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "probe.mp4"
        with SceneEncoder(path, 64, 36, 30, 15, 20) as encoder:
            encoder.add(0, np.zeros((36, 64, 4), np.uint8), 15)
        import av

        av.CodecContext.create("aac", "w")
        return f"PyAV {version('av')}, {path.stat().st_size} bytes for half a second"


def _voice() -> str:
    from vcalc_anim.voice import make_voice

    speech = make_voice("espeak").speak(["One,", "two,", "three."])
    return f"three words in {speech.duration:.2f} s"
