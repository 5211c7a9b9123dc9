"""The last seconds of a film on a video site: what comes next, and room for the links that the site lays over it."""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Circle, RoundedRectangle, VGroup

from vcalc_anim.core.provenance import quoting
from vcalc_anim.stage import theme
from vcalc_anim.stage.lecture_scene import LectureScene, SceneParams
from vcalc_anim.stage.typeset import Markup, Text, Typeset

_LINK = (4.9, 4.9 * 9 / 16)  # units: 34 % of the width, within what YouTube lets a link grow and shrink
_SUBSCRIBE = 1.05  # units, radius
_LINKS_BOTTOM = -2.15


class EndCard(LectureScene):
    """Title and question of the next film; below, two frames for films and a ring for subscribing; source and licence.

    The frames say what belongs into them, for those who see the film without its links.
    """

    class Params(SceneParams):
        heading: str
        title: str
        question: str
        links: tuple[str, str]
        small_print: tuple[str, ...]

    params: Params
    shows_title = False
    whole_frame = True

    def construct(self) -> None:
        with quoting():
            self.open(self._next(), *self._links(), self._small_print())
        with self.line(next(iter(self.script.lines))):
            pass

    def _next(self) -> VGroup:
        room = self.zones.safe
        heading = Text(self.params.heading, theme.LABEL, "quiet")
        title = Text(self.params.title, 1.7 * theme.TITLE, weight=700)
        if title.width > room.width:
            title.scale_to_fit_width(room.width)
        question = _paragraph(self.params.question, theme.READOUT, room.width)
        block = VGroup(heading, title, question).arrange(DOWN, buff=0.3, aligned_edge=LEFT)
        return block.set_x(room.left, LEFT).set_y(room.top - 0.1, UP)

    def _links(self) -> list[VGroup]:
        width, height = _LINK
        room = self.zones.safe
        gap = (room.width - 2 * width - 2 * _SUBSCRIBE) / 2
        center = _LINKS_BOTTOM + height / 2
        frames = []
        for index, words in enumerate(self.params.links):
            left = room.left + index * (width + gap)
            frame = RoundedRectangle(
                corner_radius=0.12,
                width=width,
                height=height,
                stroke_color=theme.color("frozen"),
                stroke_width=theme.LINE,
                fill_color=theme.color("panel"),
                fill_opacity=1,
            ).move_to((left + width / 2, center, 0.0))
            frames.append(
                VGroup(frame, _paragraph(words, theme.LABEL, width - 0.8, align="center").move_to(frame))
            )
        ring = Circle(_SUBSCRIBE, stroke_color=theme.color("frozen"), stroke_width=theme.LINE)
        ring.set_fill(theme.color("panel"), 1).move_to((room.right - _SUBSCRIBE, center, 0.0))
        frames.append(VGroup(ring, Text("Subscribe", theme.SMALL).move_to(ring)))
        return frames

    def _small_print(self) -> VGroup:
        room = self.zones.safe
        lines = VGroup(
            *(_paragraph(line, theme.SMALL, room.width, "quiet") for line in self.params.small_print)
        )
        lines.arrange(DOWN, buff=0.22, aligned_edge=LEFT)
        return lines.set_x(room.left, LEFT).set_y(room.bottom, DOWN)


def _paragraph(
    words: str, size: float, width: float, role: theme.Role = "text", align: str = "left"
) -> Typeset:
    """Plain *words*, wrapped at *width* units."""
    plain = "".join(f"\\{letter}" if letter in "\\$#*_`@<>[]~=-+/" else letter for letter in words)
    return Markup(f"#set align({align})\n{plain}", size, role, width=width)
