"""Title bar and cards: what frames the pictures of a chapter."""

from __future__ import annotations

from manim import LEFT, RIGHT, VGroup

from vcalc_anim.course import Lecture
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.typeset import Text
from vcalc_anim.stage.zones import Zones


def title_bar(lecture: Lecture, title: str, zones: Zones) -> VGroup:
    """Chapter chip (small, quiet), a thin rule, the scene's title: the same place in every scene."""
    chip = Text(f"{lecture.number}  {lecture.title}", theme.SMALL, "quiet")
    heading = Text(title, theme.TITLE, weight=700)
    rule = stroke([0, -0.2], [0, 0.3], width=theme.LINE)
    chip.set_x(zones.title.left, LEFT)
    rule.next_to(chip, RIGHT, buff=0.3)
    heading.next_to(rule, RIGHT, buff=0.3)
    baseline = zones.title.top - heading.submobjects[0].height
    chip.align_baseline(baseline)
    heading.align_baseline(baseline)
    rule.set_y(baseline + 0.13)
    return VGroup(chip, rule, heading)
