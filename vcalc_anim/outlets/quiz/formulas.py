"""Formulas of the scripts, written for other programs: as MathML, as LaTeX, and in plain characters.

Pandoc reads Typst and writes MathML that carries its LaTeX along; one call converts all formulas of a document.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from xml.etree import ElementTree

from vcalc_anim.errors import WorkError
from vcalc_anim.outlets.quiz.plain_maths import plain_maths

MATHML = "http://www.w3.org/1998/Math/MathML"
_SECONDS = 60  # for one call of Pandoc, which takes 0.1


@dataclass(frozen=True)
class Formula:
    """One formula. ``mathml`` is a ``<math>`` element, ``latex`` has no delimiters, ``plain`` is one line of text."""

    mathml: str
    latex: str
    plain: str


class FormulaError(ValueError):
    """A formula that Pandoc cannot read; the message holds the formula and the reason."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"has the formula ${source}$, which cannot be converted: {reason}")
        self.source = source
        self.reason = reason

    def __reduce__(self) -> tuple[type[FormulaError], tuple[str, str]]:
        return type(self), (self.source, self.reason)


_known: dict[str, Formula] = {}  # a formula is always converted to the same


def convert(sources: Iterable[str]) -> None:
    """Convert all *sources* (Typst maths, without dollar signs) in one call, so that :func:`formula` has them.

    A source that begins and ends with a space is set on a line of its own, as in Typst.

    Raises:
        FormulaError: the first source that cannot be converted.
        WorkError: Pandoc is not there or does not answer.
    """
    new = [source for source in dict.fromkeys(sources) if source not in _known]
    if not new:
        return
    try:
        found = _converted(new)
    except FormulaError:
        if len(new) > 1:  # find the one to blame
            for source in new:
                _converted([source])
        raise
    _known.update(zip(new, found, strict=True))


def formula(source: str) -> Formula:
    """The formula *source*, from an earlier :func:`convert` or by a call of its own (raises what that raises)."""
    convert([source])
    return _known[source]


def _converted(sources: list[str]) -> list[Formula]:
    document = "\n\n".join(f"${source}$" for source in sources)
    page = ElementTree.fromstring(f"<page>{pandoc(document, '--to=html', '--mathml').decode()}</page>")
    shown = [element[0] if len(element) == 1 else None for element in page]
    if len(shown) != len(sources):
        raise FormulaError(sources[0], "it does not end where its dollar sign is")
    return [_read(element, source) for element, source in zip(shown, sources, strict=True)]


def pandoc(document: str, *options: str) -> bytes:
    """What Pandoc makes of the Typst *document*. Raises FormulaError when it cannot read it, WorkError without it."""
    # The program inside the package, not one that happens to be on the machine: same inputs, same bytes.
    program = resources.files("pypandoc") / "files" / "pandoc"
    command = [str(program), "--from=typst", "--sandbox", "--wrap=none", "--output=-", *options]
    try:
        done = subprocess.run(
            command, input=document.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except OSError as error:
        raise WorkError(
            f"cannot start Pandoc, which converts formulas: {error}; run ./scripts/build"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise WorkError(f"Pandoc did not convert the formulas within {_SECONDS} s; try again") from error
    if done.returncode != 0:
        raise FormulaError(document.strip("$"), " ".join(done.stderr.decode(errors="replace").split()))
    return done.stdout


def _read(math: ElementTree.Element | None, source: str) -> Formula:
    if math is None or math.tag != f"{{{MATHML}}}math" or len(math) != 1:
        raise FormulaError(source, "it is not one formula")
    for element in math.iter():
        element.tag = element.tag.removeprefix(f"{{{MATHML}}}")
        element.attrib.pop("style", None)  # of tables, a repetition of columnalign
        element.tail = None
    semantics = math[0]
    annotation = semantics.find("annotation")
    latex = " ".join((annotation.text or "").split()) if annotation is not None else ""
    if annotation is None or not latex:
        raise FormulaError(source, "it is empty")
    annotation.text = latex
    math.attrib = {"xmlns": MATHML, "display": math.attrib["display"]}
    mathml = ElementTree.tostring(math, encoding="unicode")
    return Formula(mathml, latex, plain_maths(semantics[0]))
