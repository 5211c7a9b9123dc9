"""The picture that stands for a film in a list: a frame without its small print, and a few large words.

Such lists show it 168 pixels wide. So the frame is drawn with thick lines, cut to the picture itself, and enlarged;
words and number stand in plain colour beside it, away from the lower right corner, where the film's length is shown.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import cast

import numpy as np
from manim import LEFT, UP, Camera, Circle, ImageMobject, Mobject, Rectangle, Scene, VGroup, VMobject
from PIL import Image

from vcalc_anim.core.provenance import quoting
from vcalc_anim.errors import InputError, Problem
from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.stage import theme
from vcalc_anim.stage.lecture_scene import LectureScene, SceneParams
from vcalc_anim.stage.theme import Role
from vcalc_anim.stage.typeset import Glyph, Text, Typeset, pixels
from vcalc_anim.stage.zones import Zone

SIZE = (1280, 720)  # pixels
_ACCENTS: tuple[Role, ...] = ("gradient", "function", "step", "first", "second", "right")
_PICTURE_SHARE = 0.6  # of the width
_MARGIN = 0.35
_RIM = 0.12  # around the picture
_STROKES = 2.0  # how much thicker lines are drawn than in the film
_BADGE_TOP = -2.5  # words end above it, and above the film's length
_LARGEST, _SMALLEST = 235.0, 90.0  # pixels of a 1080-line frame
_LEADING = 1.12  # from baseline to baseline
_LEGIBLE = 60.0  # pixels of a 1080-line picture: smaller text is only dust in a list
_VISIBLE = 1.7  # contrast from which a thing belongs to the picture
_NEAR = 0.45  # units between things that belong to one picture

Box = tuple[float, float, float, float]  # left, bottom, right, top


class BareScene:
    """A sink that keeps one frame of a scene, drawn without small text and with thick lines, and where its picture is.

    Drawing ends with that frame, by :class:`Taken`.
    """

    def __init__(self, frame: int) -> None:
        self._frame = frame
        self._box: Box = (0.0, 0.0, 1.0, 1.0)

    def watch(self, scene: Scene, first: int, count: int) -> None:
        if self.wants(first, count):
            camera = cast(Camera, scene.renderer.camera)
            camera.cairo_line_width_multiple *= _STROKES
            self._box = _strip(scene.mobjects)

    def wants(self, first: int, count: int) -> bool:
        return first <= self._frame < first + count

    def add(self, first: int, pixels: Pixels, count: int, changed: Parts = None) -> None:
        height, width = pixels.shape[:2]
        scale = height / 8
        left, bottom, right, top = self._box
        rows = slice(max(0, round(height / 2 - top * scale)), min(height, round(height / 2 - bottom * scale)))
        columns = slice(max(0, round(width / 2 + left * scale)), min(width, round(width / 2 + right * scale)))
        raise Taken(Image.fromarray(pixels[rows, columns, :3].copy()))


class Taken(Exception):
    """The frame is there, as ``picture``: nothing more is to be drawn."""

    def __init__(self, picture: Image.Image) -> None:
        super().__init__()
        self.picture = picture


def _strip(mobjects: Sequence[Mobject]) -> Box:
    """Make text too small to read invisible; the box around the largest picture, with a rim."""
    parts = [part for mobject in mobjects for part in mobject.get_family()]
    boxes = [_box(part) for part in parts if not isinstance(part, Glyph) and _is_seen(part)]
    left, bottom, right, top = max(_joined(boxes), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    room = Zone(left, right, bottom, top)
    scale = min(_picture_zone().width / room.width, _picture_zone().height / room.height)
    cut = (part for part in parts if isinstance(part, Typeset) and not room.holds(part, _RIM))
    small = (part for part in parts if isinstance(part, Glyph) and part.setting.size * scale < _LEGIBLE)
    for part in [*small, *(glyph for text in cut for glyph in text.get_family())]:
        if isinstance(part, VMobject):
            part.set_fill(opacity=0).set_stroke(opacity=0)
    return left - _RIM, bottom - _RIM, right + _RIM, top + _RIM


def _is_seen(part: Mobject) -> bool:
    if isinstance(part, ImageMobject):
        return True
    if not isinstance(part, VMobject) or len(part.points) < 2:
        return False
    fill = (part.get_fill_color(), part.get_fill_opacity())
    stroke = (part.get_stroke_color(), part.get_stroke_opacity() if part.get_stroke_width() > 0 else 0.0)
    ground = theme.color("background")
    return any(
        paint is not None and theme.contrast(ground.interpolate(paint, float(opacity)), ground) >= _VISIBLE
        for paint, opacity in (fill, stroke)
    )


def _box(part: Mobject) -> Box:
    low, high = part.points.min(axis=0), part.points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """*boxes* united until no two of them are near each other."""
    apart: list[Box] = []
    for box in boxes:
        while touching := [other for other in apart if _are_near(box, other)]:
            apart = [other for other in apart if other not in touching]
            box = _hull([box, *touching])
        apart.append(box)
    assert not any(_are_near(*pair) for pair in combinations(apart, 2))
    return apart


def _are_near(one: Box, other: Box) -> bool:
    return all(
        one[axis] - _NEAR <= other[axis + 2] and other[axis] - _NEAR <= one[axis + 2] for axis in (0, 1)
    )


def _hull(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _picture_zone() -> Zone:
    half_width, half_height = 64 / 9, 4.0
    edge = -half_width + 2 * half_width * _PICTURE_SHARE
    return Zone(-half_width, edge, -half_height, half_height).inset(_RIM)


class Thumbnail(LectureScene):
    """The picture on the left, on the right the chapter's number and the words, in the chapter's own colour."""

    class Params(SceneParams):
        picture: bytes  # a PNG
        words: str
        number: str
        accent: int  # which colour, counted through

    params: Params
    shows_title = False
    whole_frame = True
    fades_in = fades_out = False

    def construct(self) -> None:
        frame, zone = self.zones.frame, _picture_zone()
        block = Zone(zone.right + _RIM, frame.right, frame.bottom, frame.top)
        role = _ACCENTS[self.params.accent % len(_ACCENTS)]
        ground = Rectangle(
            width=block.width,
            height=block.height,
            stroke_width=0,
            fill_color=theme.color(role),
            fill_opacity=1,
        ).move_to(block.center)
        self.open(self._picture(zone), ground, self._chip(block, role), self._words(block))
        with self.line(next(iter(self.script.lines))):
            pass

    def _picture(self, zone: Zone) -> ImageMobject:
        picture = ImageMobject(np.array(Image.open(io.BytesIO(self.params.picture)).convert("RGBA")))
        picture.scale(min(zone.width / picture.width, zone.height / picture.height))
        return picture.move_to(zone.center)

    def _chip(self, block: Zone, role: Role) -> VGroup:
        disc = Circle(0.72, stroke_width=0, fill_color=theme.color("background"), fill_opacity=1)
        with quoting():
            number = Text(self.params.number, 120, role, weight=700)
        if number.width > 1.0:
            number.scale_to_fit_width(1.0)
        chip = VGroup(disc, number.move_to(disc))
        return chip.set_x(block.left + _MARGIN, LEFT).set_y(block.top - _MARGIN, UP)

    def _words(self, block: Zone) -> VGroup:
        """The words, as large as they can be, in lines of about one length."""
        room = Zone(block.left + _MARGIN, block.right - _MARGIN, _BADGE_TOP, block.top - 2 * _MARGIN - 1.44)
        with quoting():
            ways = [
                [Text(" ".join(line), _LARGEST, "background", weight=700) for line in lines]
                for lines in _breakings(self.params.words.split())
            ]
        rows = max(ways, key=lambda rows: _fit(rows, room) * _evenness(rows))
        scale = _fit(rows, room)
        if scale * _LARGEST < _SMALLEST:
            script = self.script
            message = f'the words "{self.params.words}" are too long for a thumbnail; choose shorter ones'
            raise InputError(Problem(script.file, script.line, message))
        for index, row in enumerate(rows):
            row.scale(scale).set_x(room.left, LEFT)
            row.align_baseline(room.top - (0.76 + _LEADING * index) * scale * pixels(_LARGEST))
        return VGroup(*rows)


def _fit(rows: Sequence[Text], room: Zone) -> float:
    """How much smaller than the largest type *rows* have to be, at most 1."""
    height = (1.0 + _LEADING * (len(rows) - 1)) * pixels(_LARGEST)
    return float(min(1.0, room.width / max(row.width for row in rows), room.height / height))


def _evenness(rows: Sequence[Text]) -> float:
    widths = [row.width for row in rows]
    return float(0.7 + 0.3 * min(widths) / max(widths))


def _breakings(words: Sequence[str]) -> Iterator[list[Sequence[str]]]:
    """Every way to set *words* in lines, fewest lines first."""
    places = range(1, len(words))
    for count in range(len(words)):
        for cuts in combinations(places, count):
            edges = [0, *cuts, len(words)]
            yield [words[start:stop] for start, stop in pairwise(edges)]
