"""The gate of reference pictures: what has changed is seen, what only another renderer does otherwise is not."""

from __future__ import annotations

from pathlib import Path

import cairo
import numpy as np
import pytest
from manim import Camera, Circle, FadeIn, Mobject, VGroup
from PIL import Image, ImageDraw
from probing import lecture_of, run, script_of, timeline_of

from vcalc_anim.check.finding import Finding
from vcalc_anim.check.reference import (
    LARGEST,
    ReferenceInspector,
    compare,
    orphans,
    reference_path,
    shrunk,
    write_reference,
)
from vcalc_anim.errors import WorkError
from vcalc_anim.stage import Arrow, Formula, LectureScene, Text, dot, theme
from vcalc_anim.stage.marks import stroke

SCRIPT = script_of({"one": "Here it is.", "two": "And there it goes."})
LECTURE = lecture_of(SCRIPT)


def picture() -> VGroup:
    """A curve, an arrow, a dot, texts and lines, as in a lecture."""
    grid = VGroup(*(stroke([-5, y, 0], [1, y, 0], "frozen") for y in np.linspace(-2.5, 2.5, 6)))
    circle = Circle(radius=2, color=theme.color("function"), stroke_width=4).shift([-2, 0, 0])
    arrow = Arrow([-2, 0, 0], [0, 1.2, 0])
    words = VGroup(Formula("nabla f").move_to([4, 2, 0]), Text("steepest", 44).move_to([4, 0, 0]))
    digits = Text("6 8", 44).move_to([4, -2, 0])
    return VGroup(grid, circle, arrow, dot([-2, 0, 0]), words, digits)


def taken(
    folder: Path,
    change: object = None,
    update: bool = False,
    size: tuple[int, int] = (640, 360),
    stays: bool = True,
) -> tuple[list[Finding], Image.Image]:
    """The findings on the picture of a scene, which *change* has altered, and the picture."""

    def told(scene: LectureScene) -> None:
        drawn = picture()
        if change is not None:
            change(drawn)  # type: ignore[operator]
        scene.open(drawn)
        with scene.line("one"):
            scene.play(FadeIn(dot([2, 2, 0], "error")), run_time=0.3)
        with scene.line("two"):
            if not stays:
                scene.clear()

    path = reference_path(folder, LECTURE, "Probe")
    gate = ReferenceInspector(LECTURE.slug, timeline_of(SCRIPT), path, folder / "differences", update)
    findings, _ = run(told, [gate], LECTURE, size=size)
    assert gate.picture is not None
    return findings, gate.picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of scripts with the reference picture of the scene above."""
    taken(tmp_path, update=True)
    return tmp_path


def test_a_picture_that_did_not_change_passes(folder: Path) -> None:
    findings, taken_now = taken(folder)
    assert findings == []
    assert taken_now.size == (320, 180)
    assert not (folder / "differences").exists()


def test_the_kept_picture_is_small(folder: Path) -> None:
    path = reference_path(folder, LECTURE, "Probe")
    assert path == folder / "reference" / "ch01-probe" / "probe.png"
    assert path.stat().st_size <= LARGEST
    with Image.open(path) as kept:
        assert (kept.mode, kept.size) == ("P", (320, 180))


def test_a_missing_picture_is_a_finding(tmp_path: Path) -> None:
    ((finding,), _) = taken(tmp_path)
    assert finding.rule == "reference.missing"
    assert "vcalc sheet --update" in finding.message


def moved(index: int, by: list[float]) -> object:
    return lambda drawn: drawn[index].shift(by)


def digit_gone(drawn: Mobject) -> None:
    drawn[5].remove(drawn[5][1])


@pytest.mark.parametrize(
    "change",
    [
        moved(1, [0.3, 0, 0]),
        moved(3, [0.4, 0.2, 0]),
        lambda drawn: drawn[2].set_color(theme.color("error")),
        lambda drawn: drawn.remove(drawn[3]),
        lambda drawn: drawn[0].remove(drawn[0][2]),
        lambda drawn: drawn[4][1].scale(1.3),
        digit_gone,
    ],
    ids=[
        "curve moved",
        "dot moved",
        "arrow recoloured",
        "dot gone",
        "line gone",
        "text larger",
        "digit gone",
    ],
)
def test_a_change_is_seen_and_shown(folder: Path, change: object) -> None:
    ((finding,), _) = taken(folder, change)
    assert (finding.rule, finding.scene, finding.line) == ("reference.changed", "Probe", "two")
    assert len(finding.boxes) == 1
    shown = folder / "differences" / "ch01-probe-probe.png"
    with Image.open(shown) as sheet:
        assert sheet.width > 3 * 640  # old, new and difference
    assert shown.as_posix() in finding.message


@pytest.mark.parametrize("antialias", ["FAST", "GRAY", "BEST"])
def test_other_antialiasing_passes(folder: Path, antialias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Camera.get_cairo_context

    def other(camera: Camera, pixels: np.ndarray) -> cairo.Context:
        context = original(camera, pixels)
        context.set_antialias(getattr(cairo, f"ANTIALIAS_{antialias}"))
        return context

    monkeypatch.setattr(Camera, "get_cairo_context", other)
    assert taken(folder)[0] == []


@pytest.mark.parametrize("size", [(960, 540), (1280, 720)])
def test_another_size_of_drawing_passes(folder: Path, size: tuple[int, int]) -> None:
    assert taken(folder, size=size)[0] == []


def test_a_difference_goes_when_the_picture_is_mended(folder: Path) -> None:
    taken(folder, digit_gone)
    assert list((folder / "differences").iterdir())
    assert taken(folder)[0] == []
    assert not list((folder / "differences").iterdir())


def test_an_update_accepts_a_change_and_leaves_the_rest_alone(folder: Path) -> None:
    path = reference_path(folder, LECTURE, "Probe")
    before = path.read_bytes()
    taken(folder, update=True, size=(960, 540))  # the same picture, drawn larger
    assert path.read_bytes() == before
    taken(folder, digit_gone, update=True)
    assert path.read_bytes() != before
    assert taken(folder, digit_gone)[0] == []


def test_the_last_line_decides(folder: Path) -> None:
    ((finding,), _) = taken(folder, stays=False)
    assert finding.rule == "reference.changed"


@pytest.mark.parametrize("spoiled", [b"", b"not a picture"])
def test_a_damaged_picture_is_a_finding(folder: Path, spoiled: bytes) -> None:
    reference_path(folder, LECTURE, "Probe").write_bytes(spoiled)
    ((finding,), _) = taken(folder)
    assert finding.rule == "reference.changed" and "cannot be read" in finding.message


def test_a_picture_of_another_size_is_a_finding(folder: Path) -> None:
    write_reference(reference_path(folder, LECTURE, "Probe"), Image.new("RGB", (160, 90)))
    ((finding,), _) = taken(folder)
    assert "right size" in finding.message


def test_pictures_of_scenes_that_are_gone_are_found(folder: Path) -> None:
    write_reference(reference_path(folder, LECTURE, "Gone"), Image.new("RGB", (320, 180)))
    (finding,) = orphans(folder, [LECTURE])
    assert (finding.rule, finding.file.name if finding.file else "") == ("reference.orphan", "gone.png")


def test_what_does_not_fit_is_not_kept(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (180, 320, 3), dtype=np.uint8)
    with pytest.raises(WorkError, match="more than 20000 bytes"):
        write_reference(tmp_path / "noise.png", Image.fromarray(noise))
    assert not (tmp_path / "noise.png").exists()


# -- the comparison ------------------------------------------------------------------------------------


def blocks(*boxes: tuple[int, int, int, int], level: int = 255) -> Image.Image:
    image = Image.new("RGB", (320, 180), (10, 10, 10))
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill=(level, level, level))
    return image


def test_equal_pictures_do_not_differ() -> None:
    one = blocks((20, 20, 80, 80))
    difference = compare(one, one)
    assert (difference.flat, difference.edge, difference.crowd) == (0, 0, 0)


def test_flat_areas_and_edges_are_counted_apart() -> None:
    base = blocks((20, 20, 80, 80))
    brighter = compare(base, blocks((20, 20, 80, 80), level=200))
    assert brighter.flat > 0.05 and brighter.matters
    blurred = compare(base, blocks((20, 20, 80, 80), level=246))
    assert not blurred.matters
    new = compare(base, blocks((20, 20, 80, 80), (200, 100, 204, 104)))
    assert new.matters and new.crowd > 12


def test_one_stray_pixel_does_not_matter() -> None:
    assert not compare(blocks(), blocks((100, 100, 100, 100))).matters


def test_a_frame_shrinks_to_means() -> None:
    frame = np.zeros((360, 640, 4), dtype=np.uint8)
    frame[:, ::2, 0] = 200
    assert np.asarray(shrunk(frame))[0, 0].tolist() == [100, 0, 0]
