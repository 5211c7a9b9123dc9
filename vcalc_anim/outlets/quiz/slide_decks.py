"""The formats of slides, PDF and PowerPoint, in the colours of a theme and with the films that were drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from vcalc_anim.build.files import fingerprint, sha256_file
from vcalc_anim.outlets.powerpoint.deck import Facts
from vcalc_anim.outlets.quiz.common import Pictures, with_pictures
from vcalc_anim.outlets.quiz.formats import Format
from vcalc_anim.outlets.quiz.item import QuizItem
from vcalc_anim.outlets.quiz.pdf import write_pdf
from vcalc_anim.outlets.quiz.pptx import Film, write_pptx
from vcalc_anim.outlets.quiz.slides import SlideFiles


def deck_formats(theme: str, language: str, slides: Mapping[str, SlideFiles]) -> tuple[Format, Format]:
    """PDF and PowerPoint. The films go into the slides of one chapter; those of a whole course would be too large."""
    from vcalc_anim.stage.theme import THEMES

    colors: dict[str, str] = {role: paint for role, paint in THEMES[theme].roles.items()}
    mark = "" if theme == "dark" else f".{theme}"

    def films(items: Sequence[QuizItem]) -> dict[str, Film]:
        if len({item.chapter for item in items}) != 1:
            return {}
        drawn = [(item.id, slides[item.id]) for item in items if item.id in slides]
        return {name: Film(files.film, files.question) for name, files in drawn}

    def powerpoint(items: Sequence[QuizItem], path: Path, title: str, pictures: Pictures) -> None:
        write_pptx(items, path, Facts(title, language), colors, pictures, films(items))

    def pdf(items: Sequence[QuizItem], path: Path, title: str, pictures: Pictures) -> None:
        write_pdf(items, path, title, colors, language, pictures)

    def drawn(items: Sequence[QuizItem]) -> str:
        files = [slides[item.id] for item in items if item.id in slides]
        return fingerprint(
            [theme, [sha256_file(path) for file in files for path in (file.film, file.question)]]
        )

    return (
        Format(
            "PDF", f"{mark}.pdf", pdf, lambda items, shown: with_pictures(items, shown)[1], lambda _: theme
        ),
        Format(
            "PowerPoint",
            f"{mark}.pptx",
            powerpoint,
            lambda items, shown: with_pictures(items, shown)[1],
            drawn,
        ),
    )
