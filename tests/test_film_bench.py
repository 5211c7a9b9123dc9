"""What scripts/bench tells of films: how many frames, how large, how near to their pictures."""

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


@pytest.fixture
def film_bench(similarity: ModuleType) -> ModuleType:
    import film_bench  # type: ignore[import-not-found]

    return film_bench


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


def test_the_shortest_films_of_a_way_are_compared_each_with_its_own_reference(
    film_bench: ModuleType, tmp_path: Path
) -> None:
    films = {"Long": film(tmp_path / "long.mp4", 45), "Short": film(tmp_path / "short.mp4", 24, count=3)}
    asked = []

    def again(scenes: list[str]) -> dict[str, Path]:
        asked.extend(scenes)
        return {"Short": film(tmp_path / "fine.mp4", 1, count=3)}

    way = film_bench.Way(make=None, films=lambda: films, again=again)
    way.look(1)
    assert asked == ["Short"]
    assert way.facts["frames"] == 8
    assert way.facts["pictures MB"] == sum(path.stat().st_size for path in films.values()) / 1e6
    assert 0.9 < float(way.facts["SSIM worst"]) <= float(way.facts["SSIM mean"]) < 1
    unlike = film_bench.Way(make=None, films=lambda: films, again=None)
    unlike.look(1)
    assert set(unlike.facts) == {"frames", "pictures MB"}


def test_plain_manim_draws_the_scenes_of_the_lecture_and_nothing_else(film_bench: ModuleType) -> None:
    """With -a it drew the loops of the chapter too, and looked slower than it is."""
    command = film_bench._manim(Path("ch04.py"), ["Compass", "Quiz"], 854, 480, 15)
    assert command[-3:] == ["ch04.py", "Compass", "Quiz"]
    assert "-a" not in command
