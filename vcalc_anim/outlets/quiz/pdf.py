"""Quiz slides as a PDF: for each question a page that asks and a page that answers, set by Typst.

The text can be searched and copied, formulas are outlines of the embedded fonts, and the same questions give the
same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typst

from vcalc_anim.build.files import replacing
from vcalc_anim.errors import Problem, WorkError
from vcalc_anim.outlets.quiz import common, markup
from vcalc_anim.outlets.quiz.common import Pictures
from vcalc_anim.outlets.quiz.item import LETTERS, QuizItem, failing

Colors = Mapping[str, str]
"""A colour for each role of a theme, as ``#RRGGBB``."""

_STYLE = """\
#set document(title: {title}, date: none)
#set page(width: 320mm, height: 180mm, margin: (x: 14mm, y: 9mm), fill: rgb("{background}"))
#set text(font: "New Computer Modern", size: 22pt, weight: 450, fill: rgb("{text}"), lang: "{language}")
#show math.equation: set text(font: "New Computer Modern Math", weight: 450)
#let sizes = (30pt, 27pt, 24pt, 22pt, 20pt, 18pt, 16pt, 14pt)
#let fitted(width, height, make, from: 0) = context {{
  let size = sizes.slice(from).find(s => measure(block(width: width, make(s))).height <= height)
  block(width: width, height: height, make(if size == none {{ sizes.last() }} else {{ size }}))
}}
#let head(chapter, title) = {{
  text(16pt, rgb("{quiet}"))[#chapter]
  h(5mm)
  text(20pt, weight: 700)[#title]
  v(4mm)
}}
#let sign(right) = text(
  22pt, rgb(if right {{ "{right}" }} else {{ "{error}" }}), if right {{ sym.checkmark }} else {{ sym.crossmark }}
)
#let option(letter, body, state) = {{
  let paint = (asked: "{frozen}", right: "{right}", fails: "{error}", rests: "{grid}").at(state)
  let ink = if state == "rests" {{ rgb("{quiet}") }} else {{ rgb("{text}") }}
  let rim = if state == "right" {{ 2.4pt }} else {{ 1.2pt }}
  rect(width: 100%, height: 100%, radius: 2mm, inset: 4mm, fill: rgb("{panel}"), stroke: rim + rgb(paint), {{
    set text(fill: ink)
    set align(horizon)
    grid(
      columns: (auto, 1fr, auto), column-gutter: 4mm, align: horizon,
      text(weight: 700, fill: rgb("{quiet}"), letter), body,
      if state == "right" or state == "fails" {{ sign(state == "right") }},
    )
  }})
}}
#let reason(letter, body, right) = grid(
  columns: (auto, 1fr), column-gutter: 4mm,
  text(weight: 700, fill: rgb(if right {{ "{right}" }} else {{ "{error}" }}), letter), body,
)
#let slide(chapter, title, picture, question, options, reasons) = {{
  head(chapter, title)
  let columns = if picture == none {{ 2 }} else {{ 1 }}
  let width = if picture == none {{ 292mm }} else {{ 134mm }}
  let make(size) = context {{
    set text(size)
    block(below: 1.1em, question)
    let room = (width - (columns - 1) * 3mm) / columns - 34mm // without letter, sign and borders
    let heights = options.map(o => measure(block(width: room, text(size, o.at(1)))).height)
    let high = calc.max(if columns == 2 {{ 34mm }} else {{ 24mm }}, calc.max(..heights) + 9mm)
    grid(columns: (1fr,) * columns, rows: high, gutter: 3mm, ..options.map(o => option(..o)))
  }}
  let because(size) = {{
    set text(size)
    stack(spacing: 4mm, ..reasons.map(r => reason(..r)))
  }}
  if picture == none {{
    fitted(width, 102mm, make)
    fitted(width, 30mm, because, from: 4)
  }} else {{
    grid(
      columns: (150mm, 1fr), column-gutter: 8mm,
      picture + v(4mm) + fitted(150mm, 46mm, because, from: 4), fitted(width, 136mm, make),
    )
  }}
}}
"""


def write_pdf(
    items: Sequence[QuizItem],
    path: Path,
    title: str,
    colors: Colors,
    language: str,
    pictures: Pictures | None = None,
) -> list[Problem]:
    """Write the slides of *items* in the *colors* of a theme; the questions left out for want of their picture.

    Raises:
        InputError: a question that no format can hold.
        WorkError: Typst cannot set the document.
    """
    common.check(items, title)
    kept, notes = common.with_pictures(items, pictures)
    try:
        page = typst.compile(
            _document(kept, title, colors, language, pictures or {}).encode(),
            format="pdf",
            ignore_system_fonts=True,
        )
    except typst.TypstError as error:
        raise WorkError(f"Typst cannot set the slides of {title!r}: {error}") from error
    with replacing(path) as target:
        target.write_bytes(page)
    return notes


def _document(
    items: Sequence[QuizItem], title: str, colors: Colors, language: str, pictures: Pictures
) -> str:
    style = _STYLE.format(title=json.dumps(title, ensure_ascii=False), language=language, **colors)
    pages = [
        _slide(item, answered, pictures.get(item.id) if item.picture else None)
        for item in items
        for answered in (False, True)
    ]
    return style + "\n#pagebreak()\n".join(pages)


def _slide(item: QuizItem, answered: bool, picture: bytes | None) -> str:
    wrong = failing(item)

    def state(index: int) -> str:
        if not answered:
            return "asked"
        option = item.options[index]
        return "right" if option.right else "fails" if option is wrong else "rests"

    options = [
        f'("{LETTERS[index]}", [{markup.typst(option.text)}], "{state(index)}"),'
        for index, option in enumerate(item.options)
    ]
    # Files cannot be handed to the compiler along with a document in memory: the picture stands in it.
    shown = "none" if picture is None else f"image(bytes(({','.join(map(str, picture))})), width: 100%)"
    heading = "Answer" if answered else "Your turn"
    return (
        f"#slide([{markup.typst(markup.literal(item.chapter_title))}], [{heading}], {shown}, "
        f"[{markup.typst(item.question)}], ({''.join(options)}), ({''.join(_reasons(item) if answered else ())}))\n"
    )


def _reasons(item: QuizItem) -> Iterator[str]:
    for option in (item.right, failing(item)):
        if option.feedback:
            letter, flag = LETTERS[item.options.index(option)], "true" if option.right else "false"
            yield f'("{letter}", [{markup.typst(option.feedback)}], {flag}),'
