"""A camera that remembers outlines: what stands still is not traced again for every frame.

Manim hands each outline to Cairo curve by curve, in Python, every time it is drawn. Most outlines are those of the
frame before; Cairo can keep a path and take it back whole. The pixels are the same.
"""

from __future__ import annotations

from typing import Any, Self
from weakref import WeakKeyDictionary

import cairo
from manim import Camera, VMobject

_Outline = tuple[bytes, tuple[float, ...], Any]  # points, the context's matrix, Cairo's path or None


class RememberedPaths:
    """Mixin for any Cairo camera."""

    _outlines: WeakKeyDictionary[VMobject, _Outline] | None = None

    def display_vectorized(self, vmobject: VMobject, ctx: cairo.Context[Any]) -> Self:
        """Draw *vmobject* unless none of it can be seen."""
        if _is_visible(vmobject):
            super().display_vectorized(vmobject, ctx)  # type: ignore[misc]
        return self

    def set_cairo_context_path(self, ctx: cairo.Context[Any], vmobject: VMobject) -> Self:
        """Make the outline of *vmobject* the path of *ctx*: the one of last time, if it has not changed."""
        if self._outlines is None:
            self._outlines = WeakKeyDictionary()
        camera: Any = self
        points = camera.transform_points_pre_display(vmobject, vmobject.points).tobytes()
        place: Any = ctx.get_matrix()
        matrix = tuple(place)
        known = self._outlines.get(vmobject)
        stands_still = known is not None and known[0] == points and known[1] == matrix
        if known is not None and stands_still and known[2] is not None:
            ctx.new_path()
            ctx.append_path(known[2])
            return self
        super().set_cairo_context_path(ctx, vmobject)  # type: ignore[misc]
        # A path is kept when it is seen for the second time: copying those that move would cost more than it saves.
        self._outlines[vmobject] = (points, matrix, ctx.copy_path() if stands_still and points else None)
        return self


def _is_visible(vmobject: VMobject) -> bool:
    if (vmobject.get_fill_rgbas()[:, 3] > 0).any():
        return True
    strokes = ((vmobject.stroke_width, False), (vmobject.background_stroke_width, True))
    return any(width > 0 and (vmobject.get_stroke_rgbas(back)[:, 3] > 0).any() for width, back in strokes)


class FastCamera(RememberedPaths, Camera):
    """Manim's camera with remembered paths."""
