"""A camera that keeps its picture: from frame to frame it draws only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from manim import Camera, Mobject, VMobject

from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.stage.canvas import Canvas


class FastCamera(Camera):
    """Manim's camera, and :meth:`paint`, which gives the same pixels in less time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forget()

    def forget(self) -> None:
        """The picture is no longer the one that was painted here: the next one is painted whole."""
        self._still: Canvas | None = None  # what stands still, on the background
        self._shown: Canvas | None = None  # what moves, on that
        self._ground: Pixels | None = None

    def paint(self, still: Iterable[Mobject] | None, moving: Iterable[Mobject]) -> Parts:
        """Show *moving* on *still* (None: what stood still the last time); where the picture may have changed.

        None when something has an image for its colour, which Manim lays on several outlines at once: then nothing was
        painted, and all of *still* is needed the next time.
        """
        over = self._displayed(moving)
        under = None if still is None else self._displayed(still)
        if over is None or (still is not None and under is None):
            self.forget()
            return None
        pixels = cast(Pixels, self.pixel_array)
        if self._still is None or self._shown is None or self._shown.pixels is not pixels:
            if under is None:
                raise ValueError("what stands still is needed when nothing was painted before")
            self._still, self._shown = Canvas(self, pixels.copy()), Canvas(self, pixels)
        if under is not None:
            ground = cast(Pixels, self.background)
            changed = self._still.show(under, ground, () if ground is self._ground else None)
            self._ground = ground
        else:
            changed = []
        return self._shown.show(over, self._still.pixels, changed)

    def _displayed(self, mobjects: Iterable[Mobject]) -> list[Mobject] | None:
        """What is displayed of *mobjects*, in order; None when some of it cannot be drawn by itself."""
        displayed = self.get_mobjects_to_display(mobjects)
        colored = any(isinstance(each, VMobject) and each.get_background_image() for each in displayed)
        return None if colored else displayed
