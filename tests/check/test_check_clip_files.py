"""The gate of clips finds each fault in files that have exactly one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vcalc_anim.build.clip_video import MOV, MOV_ALPHA, WEBM, WEBM_ALPHA, ClipVideo, Coding
from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.gif import GifWriter
from vcalc_anim.check.clip_files import Clip, plays_on_slides, read_clip, small_enough
from vcalc_anim.check.media import check_file

FPS, SIZE = 15, (96, 64)


def picture(step: int, alpha: int = 255) -> np.ndarray:
    pixels = np.full((64, 96, 4), alpha, np.uint8)
    pixels[20:40, 4 * step : 4 * step + 20] = (255, 159, 28, 255)
    return pixels


def film(path: Path, *, closing: bool, alpha: int = 255, coding: Coding | None = None) -> Path:
    usual = {".webm": WEBM, ".mov": MOV} if alpha == 255 else {".webm": WEBM_ALPHA, ".mov": MOV_ALPHA}
    writer: ClipVideo | GifWriter | SceneEncoder
    if path.suffix == ".gif":
        writer = GifWriter(path, SIZE, FPS)
    elif path.suffix == ".mp4":
        writer = SceneEncoder(path, *SIZE, FPS, 7, 20)
    else:
        writer = ClipVideo(path, coding or usual[path.suffix], SIZE, FPS)
    with writer:
        for step in range(12):
            writer.add(step, picture(step, alpha), 1)
        if closing:
            writer.repeat_first()
    return path


def rules(path: Path, kind: str) -> set[str]:
    findings, _ = check_file(path, kind)
    return {finding.rule.removeprefix("media.") for finding in findings}


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".mov"])
def test_a_loop_whose_ends_differ_is_a_finding(tmp_path: Path, suffix: str) -> None:
    assert rules(film(tmp_path / f"good{suffix}", closing=True), "loop") == set()
    assert rules(film(tmp_path / f"bad{suffix}", closing=False), "loop") == {"loop"}
    assert rules(tmp_path / f"bad{suffix}", "clip") == set()


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
def test_alpha_that_is_the_same_everywhere_is_a_finding(tmp_path: Path, suffix: str) -> None:
    assert rules(film(tmp_path / f"good{suffix}", closing=True, alpha=0), "transparent-loop") == set()
    assert rules(film(tmp_path / f"bad{suffix}", closing=True), "transparent-loop") == {"alpha"}


def good(folder: Path, suffix: str = ".webm") -> Clip:
    return read_clip(film(folder / f"a{suffix}", closing=False))


@pytest.mark.parametrize(
    ("suffix", "spoil", "rule"),
    [
        (".webm", lambda clip: replace(clip, codec="h264"), "codec"),
        (".webm", lambda clip: replace(clip, streams=2), "silent"),
        (".webm", lambda clip: replace(clip, color=(2, 2, 2, 0)), "color"),
        (".webm", lambda clip: replace(clip, width=95), "size"),
        (".webm", lambda clip: replace(clip, starts=(0.0, 2.0), duration=3.0), "frame-rate"),
        (".webm", lambda clip: replace(clip, starts=(0.5, 0.6)), "start"),
        (".webm", lambda clip: replace(clip, duration=0.1), "duration"),
        (".mov", lambda clip: replace(clip, profile="HQ"), "profile"),
        (".gif", lambda clip: replace(clip, starts=(0.0, 0.01)), "frame-rate"),
        (".gif", lambda clip: replace(clip, bytes=8_000_001), "gif-size"),
        (".gif", lambda clip: replace(clip, width=962), "gif-width"),
        (".gif", lambda clip: replace(clip, goes_round=False), "gif-loop"),
    ],
)
def test_each_fault_has_its_rule(
    tmp_path: Path, suffix: str, spoil: Callable[[Clip], Clip], rule: str
) -> None:
    clip = good(tmp_path, suffix)
    for given, wanted in ((clip, set()), (spoil(clip), {rule})):
        assert {found for check in (plays_on_slides, small_enough) for found, _ in check(given)} == wanted


def test_posters_show_something_and_are_clear_only_where_they_should_be(tmp_path: Path) -> None:
    for name, pixels in (("plain", picture(2)), ("clear", picture(2, 0)), ("blank", np.full((8, 8, 4), 255))):
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / f"{name}.png")
    assert rules(tmp_path / "plain.png", "poster") == set()
    assert rules(tmp_path / "clear.png", "poster") == {"alpha"}
    assert rules(tmp_path / "blank.png", "poster") == {"blank"}
    assert rules(tmp_path / "clear.png", "transparent-poster") == set()
    assert rules(tmp_path / "plain.png", "transparent-poster") == {"alpha"}


@pytest.mark.parametrize("name", ["a.webm", "a.gif", "a.mov", "a.png"])
def test_a_damaged_clip_is_a_finding(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no clip at all")
    assert rules(tmp_path / name, "poster" if name.endswith("png") else "clip") == {"unreadable"}
