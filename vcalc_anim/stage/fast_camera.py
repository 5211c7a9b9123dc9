"""A camera that keeps its picture: from frame to frame it draws only what changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, cast

from manim import Camera, Mobject, VMobject

from vcalc_anim.raster import Parts, Pixels
from vcalc_anim.stage.canvas import DIGEST_SIZE, Canvas, Item


class FastCamera(Camera):
    """Manim's camera, and :meth:`sketch`, which gives the same pixels in less time, or only names them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forget()

    def forget(self) -> None:
        """The picture is no longer the one that was drawn here: the next one is drawn whole."""
        self._still: Canvas | None = None  # what stands still, on the background
        self._shown: Canvas | None = None  # what moves, on that
        self._stands: Sequence[Item] | None = None  # what stood still the last time
        self._ground: Pixels | None = None  # that was drawn on
        self._hashed: tuple[Pixels, bytes] | None = None  # a ground and its digest
        self._framing: tuple[float, ...] = ()

    def sketch(
        self, still: Iterable[Mobject], moving: Iterable[Mobject], stands: bool = False
    ) -> Sketch | None:
        """The frame of *moving* on *still*, as they are now, not drawn yet; *stands*: *still* is what it was.

        None when something has an image for its colour, which Manim lays on several outlines at once: it has to draw
        the frame itself.
        """
        over = self._displayed(moving)
        pixels = cast(Pixels, self.pixel_array)
        framing = (self.frame_width, self.frame_height, *map(float, self.frame_center))
        if self._shown is None or self._shown.pixels is not pixels or framing != self._framing:
            self.forget()
            self._still, self._shown, self._framing = (
                Canvas(self, pixels.copy()),
                Canvas(self, pixels),
                framing,
            )
        assert self._still is not None
        if not stands or self._stands is None:
            under = self._displayed(still)
            self._stands = None if under is None else self._still.listed(under)
        if over is None or self._stands is None:
            self.forget()
            return None
        return Sketch(self, self._stands, self._shown.listed(over), cast(Pixels, self.background))

    def draw(self, sketch: Sketch) -> Parts:
        """Make the frame *sketch* the picture; where it may differ from the one drawn before."""
        if self._still is None or self._shown is None:
            raise ValueError("this camera was told to forget what it sketched")
        changed = self._still.draw(
            sketch.still, sketch.ground, () if sketch.ground is self._ground else None, sketch.is_late
        )
        self._ground = sketch.ground
        return self._shown.draw(sketch.moving, self._still.pixels, changed, sketch.is_late)

    def digest_of_ground(self, ground: Pixels) -> bytes | None:
        """Of the picture behind everything, and of where in the world the frame is; None when it was moved there."""
        if any(self._framing[2:]):
            return None
        if self._hashed is None or self._hashed[0] is not ground:
            digest = hashlib.blake2b(ground.tobytes(), digest_size=DIGEST_SIZE)
            digest.update(repr((ground.shape, self._framing)).encode())
            self._hashed = ground, digest.digest()
        return self._hashed[1]

    def _displayed(self, mobjects: Iterable[Mobject]) -> list[Mobject] | None:
        """What is displayed of *mobjects*, in order; None when some of it cannot be drawn by itself."""
        displayed = self.get_mobjects_to_display(mobjects)
        colored = any(isinstance(each, VMobject) and each.get_background_image() for each in displayed)
        return None if colored else displayed


class Sketch:
    """A frame before it is drawn: what stands *still*, what is *moving* above it, and the *ground* behind both.

    It can be drawn later too, even if it was followed by others, when ``is_late`` is set: from the looks alone.
    """

    def __init__(
        self, camera: FastCamera, still: Sequence[Item], moving: Sequence[Item], ground: Pixels
    ) -> None:
        self.still, self.moving, self.ground = still, moving, ground
        self.is_late = False
        self._camera = camera

    @cached_property
    def digest(self) -> bytes | None:
        """Equal for frames that look the same; None when that is not known."""
        ground = self._camera.digest_of_ground(self.ground)
        still, moving = _joined(self.still), _joined(self.moving)
        if ground is None or still is None or moving is None:
            return None
        size = len(self.still).to_bytes(4)
        return hashlib.blake2b(ground + size + still + moving, digest_size=DIGEST_SIZE).digest()

    def draw(self) -> tuple[Pixels, Parts]:
        """The pixels, which the next frame changes, and where they may differ from those drawn before."""
        changed = self._camera.draw(self)
        return cast(Pixels, self._camera.pixel_array), changed


def _joined(items: Sequence[Item]) -> bytes | None:
    digests = [item.digest for item in items]
    return None if None in digests else b"".join(cast(list[bytes], digests))
