"""Title bar and cards: what frames the pictures of a chapter."""

from __future__ import annotations

from manim import LEFT, RIGHT, Line, VGroup

from vcalc_anim.course import Lecture
from vcalc_anim.stage import theme
from vcalc_anim.stage.typeset import Text
from vcalc_anim.stage.zones import Zones


def title_bar(lecture: Lecture, title: str, zones: Zones) -> VGroup:
    """Chapter chip (small, quiet), a thin rule, the scene's title: the same place in every scene."""
    chip = Text(f"{lecture.number}  {lecture.title}", theme.SMALL, "quiet")
    heading = Text(title, theme.TITLE, weight=700)
    rule = Line([0, -0.2, 0], [0, 0.3, 0], color=theme.color("frozen"), stroke_width=theme.LINE)
    chip.move_to(zones.title.center, aligned_edge=LEFT).align_to([zones.title.left, 0, 0], LEFT)
    rule.next_to(chip, RIGHT, buff=0.3)
    heading.next_to(rule, RIGHT, buff=0.3)
    baseline = zones.title.top - heading.submobjects[0].height
    chip.align_baseline(baseline)
    heading.align_baseline(baseline)
    rule.move_to([rule.get_x(), baseline + 0.13, 0])
    return VGroup(chip, rule, heading)
