"""The formats of clips: what each is called, how its file is named, and what it can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vcalc_anim.errors import InputError


@dataclass(frozen=True)
class Format:
    """``ending`` follows the clip's name. ``is_drawn``: made from drawn pictures, so at any width."""

    name: str
    ending: str
    meaning: str
    is_drawn: bool = True
    holds_alpha: bool = False


FORMATS = {
    made.name: made
    for made in (
        Format("mp4", ".mp4", "H.264 with sound, and captions beside it", is_drawn=False),
        Format("silent", "-silent.mp4", "H.264 without sound", is_drawn=False),
        Format("webm", ".webm", "VP9, silent", holds_alpha=True),
        Format("gif", ".gif", "at most 960 pixels wide and 8 MB"),
        Format("mov", ".mov", "ProRes 4444, silent, for Keynote and editors", holds_alpha=True),
        Format("poster", ".png", "the best frame as a picture", holds_alpha=True),
    )
}
#: Other names by which formats are asked for; these two are transparent.
TRANSPARENT_NAMES = {"alpha": "webm", "prores": "mov"}
PUBLISHED = ("mp4", "silent", "webm", "gif", "poster")
TRANSPARENT = ("webm", "mov", "poster")
EMBEDDED = ("mp4", "poster")
"""What slides and other outlets take."""


@dataclass(frozen=True)
class Choice:
    """Formats to make with the theme's background, and without any; ``width`` in pixels where not the full one."""

    opaque: tuple[str, ...] = EMBEDDED
    transparent: tuple[str, ...] = ()
    width: int | None = None


def parse_formats(names: Sequence[str], *, transparent: bool = False, width: int | None = None) -> Choice:
    """The choice that *names* make, each a format or several with commas.

    With *transparent*, all are without background; ``alpha`` and ``prores`` always are.

    Raises:
        InputError: an unknown format, or one that cannot be transparent, or be made in another width.
    """
    asked = [part.strip() for name in names for part in name.split(",")]
    opaque: list[str] = []
    clear: list[str] = []
    for name in asked:
        plain = TRANSPARENT_NAMES.get(name, name)
        if plain not in FORMATS:
            known = ", ".join([*FORMATS, *TRANSPARENT_NAMES])
            raise InputError(f"there is no format {name!r} of clips; there are {known}")
        made = FORMATS[plain]
        is_clear = transparent or name in TRANSPARENT_NAMES
        if is_clear and not made.holds_alpha:
            able = ", ".join(one.name for one in FORMATS.values() if one.holds_alpha)
            raise InputError(f"{name} cannot hold a transparent background; these can: {able}")
        if width is not None and not made.is_drawn:
            raise InputError(f"{name} has the size of --quality: leave out --width, or take webm, gif or mov")
        (clear if is_clear else opaque).append(plain)
    return Choice(tuple(dict.fromkeys(opaque)), tuple(dict.fromkeys(clear)), width)
