"""Title bar and cards: what frames the pictures of a chapter."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, VGroup

from vcalc_anim.core.provenance import quoting
from vcalc_anim.course import Lecture
from vcalc_anim.stage import theme
from vcalc_anim.stage.marks import stroke
from vcalc_anim.stage.typeset import Text, Typeset
from vcalc_anim.stage.zones import Zone, Zones


def title_bar(lecture: Lecture, title: str, zones: Zones) -> VGroup:
    """Chapter chip (small, quiet), a thin rule, the scene's title: the same place in every scene.

    Where both do not fit side by side (portrait), the title stands below the chip.
    """
    with quoting():
        chip = Text(f"{lecture.number}  {lecture.title}", theme.SMALL, "quiet")
        heading = Text(title, theme.TITLE, weight=700)
    rule = stroke([0, -0.2], [0, 0.3], width=theme.LINE)
    chip.set_x(zones.title.left, LEFT)
    rule.next_to(chip, RIGHT, buff=0.3)
    heading.next_to(rule, RIGHT, buff=0.3)
    baseline = zones.title.top - heading.submobjects[0].height
    chip.align_baseline(baseline)
    heading.align_baseline(baseline)
    rule.set_y(zones.title.top, UP)
    if heading.get_right()[0] <= zones.title.right:
        return VGroup(chip, rule, heading)
    heading.set_x(zones.title.left, LEFT).align_baseline(baseline - 1.6 * chip.height - heading.height)
    if heading.width > zones.title.width:
        heading.scale_to_fit_width(zones.title.width, about_edge=LEFT)
    return VGroup(chip, heading)


def opening_card(lecture: Lecture, zone: Zone) -> VGroup:
    """Chapter number and title, large, in *zone*: stands beside the first picture while the film begins."""
    with quoting():
        number = Text(f"Chapter {lecture.number}", theme.LABEL, "quiet")
        title = Text(lecture.title, 2 * theme.TITLE, weight=700)
    if title.width > zone.width:
        title.scale_to_fit_width(zone.width)
    return VGroup(number, title).arrange(DOWN, buff=0.45).move_to(zone.center)


def closing_card(answer: Typeset, statements: Sequence[str], zone: Zone) -> VGroup:
    """What the chapter leaves behind: its object, large, and a few short statements, to be faded in one by one."""
    lines = (Text(statement, theme.LABEL) for statement in statements)
    return VGroup(answer, *lines).arrange(DOWN, buff=0.45).move_to(zone.center)
