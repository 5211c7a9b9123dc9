"""Findings for people and programs: a terminal table, JSON, and an HTML page with the pictures."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

from vcalc_anim.check.finding import Box, Finding

_PICTURE_WIDTH = 960
_BOX_COLOR = "#FF3B6B"  # on no theme's palette, so that a box is never taken for part of the picture

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>vcalc check: {title}</title>
<style>
 :root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }}
 body {{ max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }}
 article {{ border-top: 1px solid #8888; padding: 1rem 0; }}
 h2 {{ font-size: 1.05rem; margin: 0; }}
 .place {{ opacity: .75; margin: .1rem 0 .6rem; }}
 img {{ max-width: 100%; height: auto; border: 1px solid #8888; }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def print_table(findings: Sequence[Finding], console: Console) -> None:
    """One row a finding: rule, place, message."""
    table = Table(
        "rule", "where", "what", title=f"{len(findings)} findings" if len(findings) != 1 else "1 finding"
    )
    for finding in findings:
        table.add_row(finding.rule, finding.place, finding.message)
    console.print(table)


def to_json(findings: Sequence[Finding]) -> str:
    """All findings as a JSON list of objects with the fields of :class:`Finding`."""
    return json.dumps([asdict(finding) for finding in findings], indent=1, ensure_ascii=False, default=str)


def to_html(findings: Sequence[Finding], pictures: Mapping[Finding, Image.Image], title: str) -> str:
    """A page that needs nothing else: every finding, with its picture and boxes where *pictures* has one."""
    if not findings:
        body = "<p>Nothing to mend.</p>"
    else:
        body = "\n".join(_article(finding, pictures.get(finding)) for finding in findings)
    return _PAGE.format(title=html.escape(title), body=body)


def with_boxes(picture: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    """A copy of *picture*, 960 pixels wide, with the *boxes* drawn and named."""
    height = round(picture.height * _PICTURE_WIDTH / picture.width)
    copy = picture.convert("RGB").resize((_PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(copy)
    for box in boxes:
        left, right = sorted((box.left * copy.width, box.right * copy.width))
        top, bottom = sorted((box.top * copy.height, box.bottom * copy.height))
        draw.rectangle((left - 3, top - 3, right + 3, bottom + 3), outline=_BOX_COLOR, width=3)
        draw.text((left, max(0, top - 16)), box.name[:60], fill=_BOX_COLOR)
    return copy


def _article(finding: Finding, picture: Image.Image | None) -> str:
    image = ""
    if picture is not None:
        data = io.BytesIO()
        with_boxes(picture, finding.boxes).save(data, "PNG", optimize=True)
        source = base64.b64encode(data.getvalue()).decode()
        alternative = html.escape(f"{finding.place}: {finding.message}", quote=True)
        image = f'<img src="data:image/png;base64,{source}" alt="{alternative}" loading="lazy">'
    return (
        f"<article><h2>{html.escape(finding.rule)}: {html.escape(finding.message)}</h2>"
        f'<p class="place">{html.escape(finding.place)}</p>{image}</article>'
    )


def to_findings(text: str) -> list[Finding]:
    """What :func:`to_json` wrote; raises ``ValueError`` or ``TypeError`` for anything else."""
    return [
        Finding(
            **{
                **entry,
                "boxes": tuple(Box(**box) for box in entry["boxes"]),
                "file": None if entry["file"] is None else Path(entry["file"]),
            }
        )
        for entry in json.loads(text)
    ]
