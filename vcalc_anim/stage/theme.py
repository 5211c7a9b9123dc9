"""Colour by role, type by size: the one place where a colour or a font size is a number.

Widgets ask for a role when they draw (``color("gradient")``), so that a theme chosen by the build
reaches every mobject. Sizes are pixels of a 1080-line frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from manim import ManimColor

Role = Literal[
    "background",
    "text",
    "quiet",
    "function",
    "gradient",
    "step",
    "first",
    "second",
    "error",
    "frozen",
    "right",
    "grid",
    "panel",
]

FONT = "New Computer Modern"
MATH_FONT = "New Computer Modern Math"
MONO_FONT = "DejaVu Sans Mono"

TITLE = 54.0
FORMULA = 66.0
LABEL = 44.0
READOUT = 48.0
SMALL = 36.0
MINIMUM = 30.0

_SHAPE_CONTRAST = 3.05  # WCAG asks for 3; eight bits a channel cost some

# Stroke widths in Manim's unit (1 is 1.35 px of a 1080-line frame).
HAIRLINE = 1.6
LINE = 3.2
CURVE = 4.5
STICK = 6.5


@dataclass(frozen=True)
class Theme:
    """The colours of one look; ``roles`` maps every :data:`Role` to a hex colour."""

    name: str
    roles: Mapping[Role, str]

    def __post_init__(self) -> None:
        if missing := set(get_args(Role)) - set(self.roles):
            raise ValueError(f"theme {self.name} lacks the roles {sorted(missing)}")


DARK = Theme(
    "dark",
    {
        "background": "#06080B",
        "text": "#F2F4F7",
        "quiet": "#AEB6C2",
        "function": "#2EC4B6",
        "gradient": "#FF9F1C",
        "step": "#F0E442",
        "first": "#56B4E9",
        "second": "#E58FC2",
        "error": "#FF5C5C",
        "frozen": "#7C8591",
        "right": "#35D07F",
        "grid": "#2A323D",
        "panel": "#10151C",
    },
)
LIGHT = Theme(
    "light",
    {
        "background": "#FFFFFF",
        "text": "#12161C",
        "quiet": "#4A5360",
        "function": "#00776C",
        "gradient": "#AD5600",
        "step": "#7A6A00",
        "first": "#0B66A8",
        "second": "#A8327D",
        "error": "#C62828",
        "frozen": "#666F7B",
        "right": "#137A43",
        "grid": "#D5DAE1",
        "panel": "#F2F4F7",
    },
)
THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}

_active = DARK


def active_theme() -> Theme:
    """The theme that widgets are drawn in now."""
    return _active


@contextmanager
def theme(name: str) -> Iterator[Theme]:
    """Draw in the theme called *name* inside the ``with`` block."""
    global _active
    before, _active = _active, THEMES[name]
    try:
        yield _active
    finally:
        _active = before


def color(role: Role) -> ManimColor:
    """The colour of *role* in the active theme."""
    return ManimColor(_active.roles[role])


def shade(role: Role, strength: float) -> ManimColor:
    """The colour of *role* mixed with the background: 0 is as faint as a shape may be, 1 is the colour itself."""
    faintest = _faintest(_active.name, role)
    return color("background").interpolate(color(role), faintest + (1 - faintest) * strength)


@cache
def _faintest(name: str, role: Role) -> float:
    """The share of the colour of *role* in the mixture with the background that has a contrast of 3 to it."""
    ground, paint = (ManimColor(THEMES[name].roles[r]) for r in ("background", role))
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        if contrast(ground.interpolate(paint, middle), ground) < _SHAPE_CONTRAST:
            low = middle
        else:
            high = middle
    return high


def contrast(one: ManimColor, other: ManimColor) -> float:
    """The contrast ratio of two colours by WCAG 2.2, from 1 to 21."""
    dark, light = sorted(_luminance(paint) for paint in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(paint: ManimColor) -> float:
    light = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in paint.to_rgb()]
    return float(0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2])
