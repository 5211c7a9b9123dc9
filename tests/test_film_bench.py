"""What scripts/bench tells of films: nearness to the pictures, and that each edit is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from vcalc_anim.build.encoder import SceneEncoder

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.fixture
def similarity(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import similarity  # type: ignore[import-not-found]

    return similarity


def pictures(count: int) -> Iterator[np.ndarray]:
    noise = np.random.default_rng(1).integers(0, 256, (96, 128, 4), np.uint8)
    for number in range(count):
        yield np.roll(noise, number, axis=1)


def film(path: Path, quantizer: int, count: int = 5) -> Path:
    with SceneEncoder(path, 128, 96, 10, 5, quantizer) as encoder:
        for number, picture in enumerate(pictures(count)):
            encoder.add(number, picture, 1)
    return path


def test_a_film_is_equal_to_itself_and_less_so_the_more_it_is_compressed(
    similarity: ModuleType, tmp_path: Path
) -> None:
    fine, usual, coarse = (film(tmp_path / f"{q}.mp4", q) for q in (1, 24, 45))
    assert similarity.similarities(fine, fine) == [1.0] * 5
    near, far = similarity.similarities(usual, fine), similarity.similarities(coarse, fine)
    assert all(0 < b < a < 1 for a, b in zip(near, far, strict=True))
    assert similarity.frame_count(fine) == 5


def test_films_of_other_lengths_are_not_compared(similarity: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not have the same number of frames"):
        similarity.similarities(film(tmp_path / "a.mp4", 24), film(tmp_path / "b.mp4", 24, count=4))
