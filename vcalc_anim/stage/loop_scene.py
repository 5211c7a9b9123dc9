"""A silent picture that closes on itself, for slides: nobody speaks, and the last frame is the first again."""

from __future__ import annotations

from typing import ClassVar

from vcalc_anim.course import LOOP_LINE
from vcalc_anim.stage.lecture_scene import LectureScene, LineClock


class LoopScene(LectureScene):
    """Base of loops. It has the whole frame: no title, no room for captions, no fades.

    A loop shares the pictures of its scene, and ends in the state that it began with::

        class CompassLoop(LoopScene, Compass):
            def construct(self) -> None:
                self.lay_out()
                with self.once_around() as line:
                    self.turn_to(tau, line.left)
    """

    shows_title: ClassVar[bool] = False
    fades_in: ClassVar[bool] = False
    fades_out: ClassVar[bool] = False
    whole_frame: ClassVar[bool] = True

    def once_around(self) -> LineClock:
        """The time of the loop, as a line: ``with self.once_around() as line:``."""
        return self.line(LOOP_LINE)
