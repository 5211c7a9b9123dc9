"""The gate of packs for YouTube: what is within the limits passes, what is not is found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.check.small_films import Recipe, make_film
from vcalc_anim.check.media import check_file


def rules(path: Path, kind: str) -> set[str]:
    findings, _ = check_file(path, kind, "ch04-gradient")
    return {finding.rule.removeprefix("media.") for finding in findings}


@pytest.mark.parametrize(
    ("name", "text", "broken"),
    [
        ("title.txt", "The gradient\n", set()),
        ("title.txt", "x" * 101, {"text"}),
        ("title.txt", "\n", {"empty", "text"}),
        ("title.txt", "a > b", {"text"}),
        ("tags.txt", "slope, chain rule\n", set()),
        ("tags.txt", ", ".join(["slope and rise"] * 40), {"text"}),
        ("description.txt", "Why?\n\n0:00 Start\n", set()),
        ("description.txt", "é" * 2501, {"text"}),
        ("playlist.json", "{}", set()),
        ("playlist.json", "{", {"text"}),
        ("README.txt", "angle brackets < are fine here", set()),
    ],
)
def test_texts(tmp_path: Path, name: str, text: str, broken: set[str]) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert rules(path, "video-text") == broken


def picture(path: Path, size: tuple[int, int] = (1280, 720), corner: int = 200) -> Path:
    pixels = np.full((size[1], size[0], 3), 200, np.uint8)
    pixels[-20:, -20:] = corner
    Image.fromarray(pixels).save(path)
    return path


def test_thumbnails(tmp_path: Path) -> None:
    assert rules(picture(tmp_path / "good.png"), "thumbnail") == set()
    assert rules(picture(tmp_path / "small.png", (640, 360)), "thumbnail") == {"thumbnail-size"}
    assert rules(picture(tmp_path / "busy.png", corner=90), "thumbnail") == {"thumbnail-corner"}
    noise = np.random.default_rng(0).integers(0, 255, (720, 1280, 3), np.uint8)
    noise[500:, 900:] = 7
    Image.fromarray(noise).save(tmp_path / "large.png")
    assert rules(tmp_path / "large.png", "thumbnail") == {"thumbnail-bytes"}
    (tmp_path / "no.png").write_bytes(b"no picture")
    assert rules(tmp_path / "no.png", "thumbnail") == {"unreadable"}


def test_a_short_is_upright(tmp_path: Path) -> None:
    assert rules(make_film(tmp_path / "wide.mp4", Recipe()), "short") == {"short-shape"}
    assert rules(make_film(tmp_path / "tall.mp4", Recipe(size=(36, 64))), "short") == set()
