"""A drawing that is kept up to date: only where something changed is it drawn again.

Manim draws every frame anew from its ground up. Here everything that is drawn is compared with what was drawn for the
frame before; the rectangles around what differs are taken from the ground and drawn again, clipped to their pixels, so
that all other pixels stay what they are. The result is Manim's, pixel by pixel.

What decides the pixels of a mobject is its *look*. Looks outlive their mobjects, which move on: a frame can be known by
the looks in it, and drawn from them later.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

import cairo
import numpy as np
from manim import Camera, ImageMobject, Mobject, VMobject
from manim.constants import CapStyleType, LineJointType
from numpy.typing import NDArray

from vcalc_anim.raster import Part, Parts, Pixels, runs

Box: TypeAlias = tuple[int, int, int, int]  # left, top, right, bottom in pixels, the last two outside

DIGEST_SIZE = (
    12  # bytes: no two of the frames of all the lectures there will be have the same digest by chance
)
_TILE = 32  # pixels: changes are gathered in squares of this side
_MITER = (
    10.0  # Cairo's limit: how far a pointed corner may reach, in widths of its line from tip to inner corner
)
_RIM = 16  # rows that are drawn above and below a part, and thrown away
_TOLERANCE = 0.1  # pixels that Cairo's straight pieces of a curve may be off
_SUBPIXEL = 1 / 256  # Cairo's unit
_SPILL = 2  # pixels around an outline that its soft edge may reach


class OutlineLook(NamedTuple):
    """Everything that decides what Manim's camera draws of a VMobject; arrays as their bytes, which compare fast."""

    points: bytes
    fill: bytes
    stroke: bytes
    background_stroke: bytes
    width: float
    background_width: float
    gradient_ends: bytes  # empty without a gradient
    joint_type: LineJointType
    cap_style: CapStyleType
    tolerance: float

    def mobject(self) -> VMobject:
        """Something that looks so."""
        return _LooksLike(self)


class ImageLook(NamedTuple):
    """The same of an ImageMobject."""

    points: bytes
    shape: tuple[int, ...]
    pixels: bytes
    resampling_algorithm: int

    def mobject(self) -> ImageMobject:
        """Something that looks so."""
        picture = ImageMobject(np.frombuffer(self.pixels, np.uint8).reshape(self.shape))
        picture.points = _array(self.points, 3)
        picture.resampling_algorithm = self.resampling_algorithm
        return picture


class UnknownLook:
    """Of a mobject of which nobody knows what decides its pixels: equal to no other look."""


Look: TypeAlias = OutlineLook | ImageLook | UnknownLook


class _LooksLike(VMobject):
    """An outline that is nothing but its look."""

    def __init__(self, look: OutlineLook) -> None:
        super().__init__()
        self.points = _array(look.points, 3)
        self.fill_rgbas, self.stroke_rgbas = _array(look.fill, 4), _array(look.stroke, 4)
        self.background_stroke_rgbas = _array(look.background_stroke, 4)
        self.stroke_width, self.background_stroke_width = look.width, look.background_width
        self.joint_type, self.cap_style = look.joint_type, look.cap_style
        self.tolerance_for_point_equality = look.tolerance
        self._gradient_ends = _array(look.gradient_ends, 3)

    def get_gradient_start_and_end_points(self) -> Any:
        return self._gradient_ends


def _array(data: bytes, columns: int) -> NDArray[np.float64]:
    return np.frombuffer(data).reshape(-1, columns)


@dataclass(slots=True, eq=False)
class Item:
    """A mobject as it was in one frame and those after it that it looks the same in: its look, and where its pixels are."""

    look: Look
    box: Box
    mobject: Mobject  # as long as it is not `late`, it looks so
    is_rigid: bool  # may be cut at no side
    path: Any = None  # Cairo's, once an outline was drawn twice
    is_drawn: bool = False
    _digest: bytes | None = None

    @property
    def digest(self) -> bytes | None:
        """Equal for equal looks; None when nobody knows its look."""
        if self._digest is None and not isinstance(self.look, UnknownLook):
            data = [each for each in self.look if isinstance(each, bytes)]
            rest = [len(each) if isinstance(each, bytes) else each for each in self.look]
            self._digest = hashlib.blake2b(
                b"".join([repr(rest).encode(), *data]), digest_size=DIGEST_SIZE
            ).digest()
        return self._digest


class _Places:
    """Where each key is among *keys*."""

    def __init__(self, keys: Iterable[Any]) -> None:
        self._places: dict[Any, list[int]] = {}
        for index, key in reversed(list(enumerate(keys))):
            self._places.setdefault(key, []).append(index)

    def of(self, key: Any, first: int) -> int | None:
        """The first place of *key* from *first* on; *first* never decreases from call to call."""
        places = self._places.get(key, [])
        while places and places[-1] < first:
            places.pop()
        return places[-1] if places else None


class Canvas:
    """Draws items in order on a ground, into *pixels*, with the methods of *camera*."""

    def __init__(self, camera: Camera, pixels: Pixels) -> None:
        self._camera = camera
        self.pixels = pixels
        self._listed: Sequence[Item] = ()
        self._drawn: Sequence[Item] | None = None

    def listed(self, mobjects: Iterable[Mobject]) -> list[Item]:
        """The items of *mobjects*, as they are now; those that look as in the list before are the same ones."""
        before = self._listed
        items: list[Item] = []
        place = 0  # in the list before: those up to here are dealt with
        places: _Places | None = None
        for mobject in mobjects:
            look = _look(self._camera, mobject)
            if look is None:
                continue
            found: int | None = place
            if not (place < len(before) and before[place].look == look):
                if place < len(before) and before[place].mobject is mobject:  # it moved
                    place += 1
                    found = None
                else:
                    places = places or _Places(item.look for item in before)
                    found = places.of(look, place)
            if found is None:
                items.append(
                    Item(look, _box(self._camera, mobject), mobject, _is_rigid(self._camera, mobject))
                )
            else:
                item, place = before[found], found + 1
                item.mobject = mobject
                items.append(item)
        self._listed = items
        return items

    def draw(
        self, items: Sequence[Item], ground: Pixels, ground_changed: Parts, late: bool = False
    ) -> list[Part]:
        """Draw *items* on *ground*, which changed in *ground_changed* since the last time (None: anywhere).

        *late*: their mobjects may have moved on. Returns where the pixels may have changed.
        """
        height, width = self.pixels.shape[:2]
        if self._drawn is None or ground_changed is None:
            parts = [(slice(0, height), slice(0, width))]
        elif items is self._drawn and not ground_changed:
            return []
        else:
            boxes = _differing(self._drawn, items)
            boxes += [(c.start, r.start, c.stop, r.stop) for r, c in ground_changed]
            parts = list(gathered(boxes, height, width))
        self._drawn = items
        places = np.array([item.box for item in items], np.int64).reshape(-1, 4)
        rigid = np.array([item.is_rigid for item in items], bool)
        drawn = [_widened(part, places, rigid, (height, width)) for part in parts]
        for part, touched in drawn:
            self._draw(part, [items[index] for index in touched], ground, late)
        return [part for part, _ in drawn]

    def _draw(self, part: Part, items: Sequence[Item], ground: Pixels, late: bool) -> None:
        rows, columns = part
        high = slice(max(0, rows.start - _RIM), min(len(ground), rows.stop + _RIM))
        rims = (slice(high.start, rows.start), columns), (slice(rows.stop, high.stop), columns)
        kept = [self.pixels[rim].copy() for rim in rims]
        self.pixels[high, columns] = ground[high, columns]
        camera = self._camera
        context: Any = camera.get_cairo_context(cast(Any, self.pixels))
        units = context.get_matrix()
        context.identity_matrix()
        context.rectangle(columns.start, high.start, columns.stop - columns.start, high.stop - high.start)
        context.clip()
        context.set_matrix(units)
        for item in items:
            look = item.look
            mobject = look.mobject() if late and not isinstance(look, UnknownLook) else item.mobject
            if isinstance(mobject, VMobject):
                self._trace(context, item, mobject)
                camera.apply_stroke(context, mobject, background=True)
                camera.apply_fill(context, mobject)
                camera.apply_stroke(context, mobject)
            else:  # Manim lays it on the whole picture, pixel by pixel
                whole = self.pixels.copy()
                kind = camera.type_or_raise(mobject)
                camera.display_funcs[kind]([mobject], cast(Any, whole))
                self.pixels[high, columns] = whole[high, columns]
        context.new_path()
        context.reset_clip()
        for rim, pixels in zip(rims, kept, strict=True):
            self.pixels[rim] = pixels

    def _trace(self, context: cairo.Context[Any], item: Item, outline: VMobject) -> None:
        """Make *outline* the path of *context*: Manim hands it over curve by curve, Cairo takes it back whole."""
        if item.path is not None:
            context.new_path()
            context.append_path(item.path)
            return
        self._camera.set_cairo_context_path(context, outline)
        if item.is_drawn:  # copying a path that moves would cost more than it saves
            item.path = context.copy_path()
        item.is_drawn = True


def _differing(before: Sequence[Item], after: Sequence[Item]) -> list[Box]:
    """The boxes of items that are new, gone, or in another order."""
    boxes: list[Box] = []
    place = 0  # before: those up to here are dealt with
    places: _Places | None = None
    for item in after:
        if place < len(before) and before[place] is item:
            place += 1
            continue
        places = places or _Places(before)
        found = places.of(item, place)
        if found is None:
            boxes.append(item.box)
        else:
            boxes += [gone.box for gone in before[place:found]]
            place = found + 1
    return boxes + [gone.box for gone in before[place:]]


def _widened(
    part: Part, boxes: NDArray[np.int64], rigid: NDArray[np.bool_], size: tuple[int, int]
) -> tuple[Part, NDArray[np.intp]]:
    """*part*, so wide that it cuts none of *boxes* at its sides, nor those that are *rigid* above or below.

    And the places of those that it holds a piece of. Cairo cuts a shape at the sides of the clip before it finds what
    each pixel is covered with, and then finds it in another way for the whole row, which may be a level or two off. How
    it is found in a row also depends on where the pieces end that cross it: those that end beyond the clip are cut there.
    """
    left, top, right, bottom = part[1].start, part[0].start, part[1].stop, part[0].stop
    while True:
        inside = (boxes[:, 0] < right) & (boxes[:, 2] > left) & (boxes[:, 1] < bottom) & (boxes[:, 3] > top)
        touched = np.flatnonzero(inside)
        before = left, top, right, bottom
        if len(touched):
            left = max(0, min(left, int(boxes[touched, 0].min())))
            right = min(size[1], max(right, int(boxes[touched, 2].max())))
        if len(uncut := np.flatnonzero(inside & rigid)):
            top = max(0, min(top, int(boxes[uncut, 1].min())))
            bottom = min(size[0], max(bottom, int(boxes[uncut, 3].max())))
        left, top, right, bottom = left // 2 * 2, top // 2 * 2, right + right % 2, bottom + bottom % 2
        if (left, top, right, bottom) == before:
            return (slice(top, bottom), slice(left, right)), touched


def gathered(boxes: Sequence[Box], height: int, width: int) -> Iterator[Part]:
    """Rectangles, apart from each other, that hold all *boxes* as far as they are in a picture of that size."""
    tiles = np.zeros((-(-height // _TILE), -(-width // _TILE)), bool)
    for left, top, right, bottom in boxes:
        if right > 0 and bottom > 0 and left < right and top < bottom:
            tiles[max(0, top) // _TILE : -(-bottom // _TILE), max(0, left) // _TILE : -(-right // _TILE)] = (
                True
            )
    for rows in runs(np.any(tiles, axis=1)):
        for columns in runs(np.any(tiles[rows], axis=0)):
            for inner in runs(np.any(tiles[rows, columns], axis=1)):
                top, bottom = (rows.start + inner.start) * _TILE, (rows.start + inner.stop) * _TILE
                yield (
                    slice(top, min(height, bottom)),
                    slice(columns.start * _TILE, min(width, columns.stop * _TILE)),
                )


def _look(camera: Camera, mobject: Mobject) -> Look | None:
    """Everything that decides what *camera* draws of *mobject*; None when it draws nothing."""
    if isinstance(mobject, VMobject):
        return _outline_look(camera, mobject)
    if isinstance(mobject, ImageMobject):
        pixels = mobject.get_pixel_array()
        return ImageLook(
            mobject.points.tobytes(), pixels.shape, pixels.tobytes(), mobject.resampling_algorithm
        )
    if camera.type_or_raise(mobject) is Mobject:  # nothing to see: it holds a number, or others
        return None
    return UnknownLook()


def _outline_look(camera: Camera, vmobject: VMobject) -> OutlineLook | None:
    fill = camera.get_fill_rgbas(vmobject)
    stroke, back = camera.get_stroke_rgbas(vmobject), camera.get_stroke_rgbas(vmobject, background=True)
    width, back_width = vmobject.get_stroke_width(), vmobject.get_stroke_width(background=True)
    if not (_shows(fill) or (width > 0 and _shows(stroke)) or (back_width > 0 and _shows(back))):
        return None
    ends = (
        np.asarray(vmobject.get_gradient_start_and_end_points()).tobytes()
        if len(fill) > 1 or len(stroke) > 1 or len(back) > 1
        else b""
    )
    return OutlineLook(
        vmobject.points.tobytes(), fill.tobytes(), stroke.tobytes(), back.tobytes(), width, back_width, ends,
        vmobject.joint_type, vmobject.cap_style, vmobject.tolerance_for_point_equality,
    )  # fmt: skip


def _shows(rgbas: NDArray[np.float64]) -> bool:
    return any(rgba[3] > 0 for rgba in rgbas)


def _box(camera: Camera, mobject: Mobject) -> Box:
    """The pixels that *mobject* may touch; curves stay inside of their points' rectangle."""
    points = mobject.points[:, :2]
    reach = float(_SPILL)
    if isinstance(mobject, VMobject):
        if not np.isfinite(points).all():
            return (0, 0, 0, 0)  # Manim draws none of it
        width = max(mobject.get_stroke_width(), mobject.get_stroke_width(background=True))
        pointed = mobject.joint_type in (LineJointType.AUTO, LineJointType.MITER)
        line = width * camera.cairo_line_width_multiple * camera.pixel_width / camera.frame_width
        reach += line * (_MITER / 2 if pointed else 1)
    elif not isinstance(mobject, ImageMobject):
        return (0, 0, camera.pixel_width, camera.pixel_height)
    ends = np.array([points.min(axis=0), points.max(axis=0)]) - camera.frame_center[:2]
    scale = np.array([camera.pixel_width / camera.frame_width, -camera.pixel_height / camera.frame_height])
    (left, bottom), (right, top) = ends * scale + (camera.pixel_width / 2, camera.pixel_height / 2)
    return (
        math.floor(left - reach),
        math.floor(top - reach),
        math.ceil(right + reach),
        math.ceil(bottom + reach),
    )


def _is_rigid(camera: Camera, mobject: Mobject) -> bool:
    """Whether *mobject* has slanted straight pieces, as Cairo makes them of curves, that are higher than a rim."""
    if not isinstance(mobject, VMobject) or len(mobject.points) < 4:
        return False
    points = mobject.points[: len(mobject.points) // 4 * 4, :2] * (camera.pixel_height / camera.frame_height)
    start, first, second, end = points.reshape(-1, 4, 2).transpose(1, 0, 2)
    wide, high = np.abs(end - start).T
    bent = np.maximum(np.abs(first - (2 * start + end) / 3), np.abs(second - (start + 2 * end) / 3)).max(
        axis=1
    )
    pieces = np.maximum(1.0, np.sqrt(bent / _TOLERANCE))
    return bool(np.any((high > _RIM * pieces) & ((wide > _SUBPIXEL) | (bent > _SUBPIXEL))))
