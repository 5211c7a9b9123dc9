"""A scene to draw as bytes, for machines that share no files: its sources go along, and its video comes back.

The engine itself is not sent. Sender and receiver compare a digest of their code and the versions of their libraries,
because equal bytes come only from equal engines.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from vcalc_anim.build.files import replacing
from vcalc_anim.build.plan import coding_key
from vcalc_anim.build.render import RenderJob, render
from vcalc_anim.build.sources import code_digest, library_versions
from vcalc_anim.course.source import shown_path
from vcalc_anim.errors import InputError, Problem, WorkError

FRAMES_TOPIC = "vcalc-frames"
"""The topic under which workers of a cluster tell how far they are."""

_one_at_a_time = Lock()  # Manim's configuration belongs to the whole process


@dataclass(frozen=True)
class Parcel:
    """*job* with the contents of its script and choreography, and the engine that it was planned with.

    ``coding`` goes into the record beside the video. ``folder`` is where these files are, as messages to the sender show it.
    """

    job: RenderJob
    folder: Path
    script: bytes
    choreography: bytes
    coding: str
    engine: Mapping[str, str]


@dataclass(frozen=True)
class Drawn:
    """What comes back: the video, and the record that is kept beside it."""

    video: bytes
    record: bytes


@cache
def engine() -> dict[str, str]:
    """What has to be equal on all machines, by name: Python, the engine's code, the libraries that draw."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, "vcalc's code": code_digest(".")[:12], **library_versions()}


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """What differs between two engines, in words.

    >>> differences({"manim": "0.22.0", "numpy": "2.4"}, {"manim": "0.21.0", "numpy": "2.4"})
    ['manim 0.21.0 instead of 0.22.0']
    """
    return [
        f"{name} {there.get(name, 'missing')} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name) != wanted
    ]


def pack(job: RenderJob) -> Parcel:
    """*job* with its sources as they are now."""
    folder = shown_path(job.script.parent)
    return Parcel(
        job,
        folder,
        job.script.read_bytes(),
        job.script.with_suffix(".py").read_bytes(),
        coding_key(job),
        engine(),
    )


def draw(parcel: Parcel, report: Callable[[int], None]) -> Drawn:
    """Draw *parcel* in a folder of its own, which is gone afterwards; *report* gets numbers of finished frames.

    Raises:
        InputError: the engine here is another one, or the scene has a fault; places are those of the sender.
        WorkError: the scene cannot be drawn.
    """
    if found := differences(parcel.engine, engine()):
        raise InputError(f"this worker has {', '.join(found)}; set it up from the same sources")
    with TemporaryDirectory(prefix="vcalc-") as folder:
        script = Path(folder) / parcel.job.script.name
        script.write_bytes(parcel.script)
        script.with_suffix(".py").write_bytes(parcel.choreography)
        video = Path(folder) / "scene.mp4"

        def placed(text: str) -> str:
            return text.replace(folder, str(parcel.folder))

        try:
            render(replace(parcel.job, script=script), video, report, coding=parcel.coding)
        except InputError as error:
            raise InputError(
                *(
                    Problem(p.file and Path(placed(str(p.file))), p.line, placed(p.message))
                    for p in error.problems
                )
            ) from None
        except WorkError as error:
            raise WorkError(placed(str(error))) from None
        return Drawn(video.read_bytes(), video.with_suffix(".json").read_bytes())


def draw_on_worker(parcel: Parcel) -> Drawn:
    """On a worker of a Dask cluster: :func:`draw`, telling the client of frames as they are finished."""
    from distributed import get_worker

    worker = get_worker()

    def tell(frames: int) -> None:
        worker.log_event(FRAMES_TOPIC, json.dumps([parcel.job.scene, frames]))

    with _one_at_a_time:
        tell(0)
        return draw(parcel, tell)


def unpack(drawn: Drawn, video: Path) -> None:
    """Put what came back where the scene's video is kept; the record last, because it makes the video count."""
    for path, content in ((video, drawn.video), (video.with_suffix(".json"), drawn.record)):
        with replacing(path) as target:
            target.write_bytes(content)
