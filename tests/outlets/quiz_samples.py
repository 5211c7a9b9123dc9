"""Questions to hand out in tests, ordinary and hostile ones."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from vcalc_anim.outlets.quiz.item import FramePlace, ItemOption, Kind, QuizItem
from vcalc_anim.outlets.quiz.markup import literal

FILE = Path("scenes/ch03_partial_derivatives.toml")

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "quotes": """She said "it's" ‘so’ — “really”""",
    "gift": r"~=#{}:\\ ~%50%x =y #z ->",
    "cdata": "]]> <![CDATA[ <!-- -->",
    "entity": "&amp; &lt; &#65; &nbsp; &",
    "emoji": "😀 👩‍🔬 🏳️‍🌈",
    "right to left": "שלום \u202eabc\u202c مرحبا",
    "combining": "e\u0301 a\u0300\u0323 Z\u0351\u036b\u0343",
    "newline": "one\ntwo\n\nfour",
    "formula": "=1+1",
    "plus": "+49 @x -2",
    "comment": "// no comment",
    "gift format": "[html]x [plain] :: name ::",
    "percent": "%50%half",
    "mathjax": r"\(x\) \[y\] $$z$$ $a$ \begin{b}",
    "anki": "[sound:x.mp3] [latex]y[/latex] [$]z[/$] {{c1::w}} {{Id}}",
    "moodle": "@@PLUGINFILE@@/x.png {#1} [[a]]",
    "markdown": "# a *b* _c_ `d` [e](f) ![g](h) 1. i | j ~~k~~ <l@m.n> ^o^ ==p== :q: --- \\",
    "markdown lines": "- a\n1. b\n# c\n> d\n+ e\n=== \n2) f\n: g\n    h\n\\",
    "excel": "_x0041_ _x005F_ =HYPERLINK(1)",
    "escapes": r"\n \t \\ \{ \nabla \$ %s {0} ${x}",
    "xml": "<?xml?> <!DOCTYPE x> &#x0; %x;",
}

TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", include_characters="\n\t"),
    max_size=60,
) | st.text("~=#{}:\\$<>&\"'[]()!*_`^|%@- \n1ax.;/?+,é😀\u05d0\u0301", max_size=40)  # fmt: skip


def option(text: str, right: bool = False, feedback: str = "Because.") -> ItemOption:
    return ItemOption(text, right, feedback, "" if right else "a_mistake")


def item(
    number: int = 1,
    question: str = "What is $(partial f) / (partial x)$ of $f(x, y) = x^3 + x y^2$?",
    options: tuple[ItemOption, ...] | None = None,
    kind: Kind = "calculation",
    name: str = "partial-of-a-sum",
    chapter: str = "ch03-partial-derivatives",
) -> QuizItem:
    """A question; the right option is C. One of kind "picture" asks about a frame."""
    options = options or (
        option("$2 x y$", feedback="Differentiates with respect to y."),
        option("$3 x^2$", feedback="Drops a term because it contains the locked variable."),
        option("$3 x^2 + y^2$", True, "x³ gives 3x², and $y^2$ is a constant factor."),
        option("$3 x^2 + 2 x y$", feedback="Differentiates the power it sees."),
    )
    return QuizItem(
        id=f"ch03-{name}-v{number:02}",
        chapter=chapter,
        chapter_title="Partial derivatives",
        name=name,
        kind=kind,
        question=question,
        options=options,
        scene=None,
        picture=FramePlace(chapter, "Walk", "east") if kind == "picture" else None,
        file=FILE,
        line=86 + number,
    )


def hostile(text: str, number: int = 1) -> QuizItem:
    """A question that has *text* in every place."""
    shown = literal(text)
    return item(
        number,
        shown,
        (
            option(shown, feedback=f"1 {shown}"),
            option(f"b {shown}", True, f"{shown} 2"),
            option(f"{shown} c", feedback=shown),
        ),
        "concept",
    )


def tidy(text: str) -> str:
    """What a text is shown as: ends trimmed, spaces single, line breaks kept."""
    lines = text.strip().replace("\t", " ").split("\n")
    while any("  " in line for line in lines):
        lines = [line.replace("  ", " ") for line in lines]
    return "\n".join(line.strip(" ") for line in lines)


def png(shade: int = 0) -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (4, 3), (shade, 100, 50)).save(stream, "PNG")
    return stream.getvalue()
