"""What an earlier film shows is copied from it: the film is the same as if all of it had been drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from vcalc_anim.build.encoder import SceneEncoder
from vcalc_anim.build.files import sha256_file
from vcalc_anim.build.recall import RecallingSink, groups_of_earlier_films
from vcalc_anim.raster import Parts, Pixels

WIDTH, HEIGHT, FPS, GOP = 64, 48, 30, 15

Shown = list[tuple[int, int]]
"""Numbers of pictures, and for how many frames each is shown; negative ones have no digest."""


class Picture:
    """A frame that can be told from others by its number."""

    def __init__(self, number: int) -> None:
        self._number = number

    @property
    def digest(self) -> bytes | None:
        return None if self._number < 0 else hashlib.blake2b(bytes([self._number]), digest_size=12).digest()

    def draw(self) -> tuple[Pixels, Parts]:
        pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
        pixels[..., :3] = np.random.default_rng(abs(self._number)).integers(0, 256, 3, np.uint8)
        return pixels, None


def film(path: Path, shown: Shown, coding: str = "x", starts: Sequence[int] = ()) -> int:
    """Write *shown* into the film *path*, with its record; how many pictures had to be drawn."""
    earlier = groups_of_earlier_films(path, coding)
    with SceneEncoder(path, WIDTH, HEIGHT, FPS, GOP, 30) as encoder:
        sink = RecallingSink(encoder, GOP, earlier, lambda frames: None, starts)
        for number, count in shown:
            sink.choose(Picture(number), count)
        sink.finish()
    assert encoder.frames == sum(count for _, count in shown)
    record = {"sha256": sha256_file(path), "marks": [], "coding": coding, "groups": sink.groups}
    path.with_suffix(".json").write_text(json.dumps(record))
    return sink.drawn


def some(rng: np.random.Generator, count: int) -> Shown:
    """*count* pictures: most move, some stand still for a while, few have no digest."""
    return [
        (
            int(rng.integers(-5, 200)),
            int(rng.integers(2, 40)) if rng.random() < 0.2 else 1,
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_film_is_the_same_whether_it_is_drawn_or_recalled(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = some(rng, 120)
    first, last = sorted(rng.integers(0, len(before), 2).tolist())
    after = before[:first] + some(rng, int(rng.integers(0, 30))) + before[last:]
    (tmp_path / "fresh").mkdir()
    starts = sorted(set(rng.integers(0, 200, 6).tolist()))
    film(tmp_path / "scene-a.mp4", before)
    film(tmp_path / "scene-b.mp4", after, starts=starts)
    film(tmp_path / "fresh" / "scene-b.mp4", after, starts=starts)
    for suffix in ("mp4", "json"):
        name = f"scene-b.{suffix}"
        assert (tmp_path / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_only_what_is_new_is_drawn(tmp_path: Path) -> None:
    moving = [(number, 1) for number in range(1, 61)]
    assert film(tmp_path / "scene-a.mp4", [*moving, (61, 30)]) == 61
    assert film(tmp_path / "scene-b.mp4", [*moving, (61, 60)]) == 0
    assert film(tmp_path / "other-c.mp4", moving) == 60


def test_films_fall_into_step_where_a_group_has_to_begin(tmp_path: Path) -> None:
    moving = [(number, 1) for number in range(1, 81)]
    longer = [*moving[:10], (99, 6), *moving[10:]]
    film(tmp_path / "scene-a.mp4", moving, starts=[41])
    film(tmp_path / "scene-b.mp4", longer, starts=[47])
    with av.open(str(tmp_path / "scene-b.mp4")) as container:
        keys = [n for n, p in enumerate(p for p in container.demux(video=0) if p.size) if p.is_keyframe]
    assert 47 in keys
    (tmp_path / "scene-b.json").unlink()
    assert film(tmp_path / "scene-d.mp4", longer, starts=[47]) == 42


@pytest.mark.parametrize("spoilt", ["film", "record", "code"])
def test_films_that_are_damaged_or_made_otherwise_do_not_count(tmp_path: Path, spoilt: str) -> None:
    moving = [(number, 1) for number in range(1, 31)]
    film(tmp_path / "scene-a.mp4", moving, "y" if spoilt == "code" else "x")
    if spoilt == "film":
        whole = (tmp_path / "scene-a.mp4").read_bytes()
        (tmp_path / "scene-a.mp4").write_bytes(whole[:-1] + b"?")
    if spoilt == "record":
        (tmp_path / "scene-a.json").write_text("{")
    assert film(tmp_path / "scene-b.mp4", moving) == 30


def test_the_last_frame_alone_is_never_taken_from_elsewhere(tmp_path: Path) -> None:
    """A group of one frame is coded in another way, because the next film follows at once."""
    film(tmp_path / "scene-a.mp4", [(number, 1) for number in range(1, 17)])
    assert film(tmp_path / "scene-b.mp4", [(number, 1) for number in range(1, 17)]) == 1
