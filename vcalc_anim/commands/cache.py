"""``vcalc cache``: what is kept so that it need not be made again, and how to make room."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from vcalc_anim.build.cache import Entry, current_files, entries, prune, to_prune
from vcalc_anim.build.project import Project
from vcalc_anim.commands.options import AsJson
from vcalc_anim.errors import InputError

app = typer.Typer(
    help="Show what the cache holds and how much of it the course uses as it is now; make room with prune.",
    invoke_without_command=True,
)

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@app.callback()
def show_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what the cache holds, by kind, and how much of it is old."""
    if context.invoked_subcommand is None:
        project = Project.find(Path.cwd())
        _show(project, _found(project), as_json)


@app.command("prune")
def prune_command(
    keep_days: Annotated[
        float | None, typer.Option(min=0, help="remove only what was not used for so many days")
    ] = None,
    max_size: Annotated[
        str | None, typer.Option(help="remove the oldest first, until the cache has this size: 500MB, 2GB")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only tell what would be removed")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove what the course, as it is now, does not use. Nothing is removed while a build runs."""
    limit = None if max_size is None else parse_size(max_size)
    project = Project.find(Path.cwd())
    found = _found(project)
    chosen = to_prune(found, keep_days, limit)
    if chosen and not dry_run:
        prune(project, chosen)
    size = _size(chosen)
    left = _size(found) - size
    if as_json:
        facts = {
            "removed": [str(file.relative_to(project.cache)) for entry in chosen for file in entry.files],
            "bytes": size,
            "left": left,
            "dry_run": dry_run,
        }
        print(json.dumps(facts, indent=1))
        return
    done = "would be removed" if dry_run else "removed"
    print(f"{len(chosen)} entries of {told_size(size)} {done}; {told_size(left)} are left")
    if limit is not None and left > limit:
        print(f"that is more than {told_size(limit)}: what the course uses as it is now is kept")


def parse_size(text: str) -> int:
    """``"2GB"``, ``"500 MB"`` or ``"1.5g"`` in bytes. Raises InputError for anything else."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)B?\s*", text, re.IGNORECASE)
    if match is None:
        raise InputError(
            f"--max-size {text!r} is not a size; write a number and a unit, such as 500MB or 2GB"
        )
    return round(float(match[1]) * _UNITS[match[2].upper()])


def told_size(size: float) -> str:
    """A number of bytes in the unit in which it is short."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit != "MB" else f"{size:.1f} MB"
        size /= 1000
    return f"{size:.2f} GB"


def _found(project: Project) -> list[Entry]:
    from vcalc_anim.check.questions import current_proofs
    from vcalc_anim.check.runner import current_records
    from vcalc_anim.outlets.quiz.pictures import current_pictures  # loads the whole core

    current = current_files(project) | current_records(project)
    current |= current_pictures(project) | current_proofs(project)
    return entries(project, current)


def _show(project: Project, found: Sequence[Entry], as_json: bool) -> None:
    rows: list[dict[str, object]] = []
    for kind in dict.fromkeys(entry.kind for entry in found):
        of_kind = [entry for entry in found if entry.kind == kind]
        old = [entry for entry in of_kind if not entry.is_current]
        rows.append(
            {
                "kind": kind,
                "entries": len(of_kind),
                "bytes": _size(of_kind),
                "old_entries": len(old),
                "old_bytes": _size(old),
            }
        )
    if as_json:
        total = {
            "bytes": _size(found),
            "old_bytes": _size([entry for entry in found if not entry.is_current]),
        }
        print(json.dumps({"folder": str(project.cache), "kinds": rows, **total}, indent=1))
        return
    table = Table("kind", "entries", "size", "in use", "old", title=None)
    for row in [*rows, _sum(rows)]:
        table.add_row(
            str(row["kind"]),
            str(row["entries"]),
            told_size(int(str(row["bytes"]))),
            told_size(int(str(row["bytes"])) - int(str(row["old_bytes"]))),
            told_size(int(str(row["old_bytes"]))),
        )
    Console().print(table)
    if any(row["old_entries"] for row in rows):
        print("old: not used by the course as it is now; vcalc cache prune removes it")


def _sum(rows: Sequence[dict[str, object]]) -> dict[str, object]:
    keys = ("entries", "bytes", "old_entries", "old_bytes")
    return {"kind": "all", **{key: sum(int(str(row[key])) for row in rows) for key in keys}}


def _size(found: Sequence[Entry]) -> int:
    return sum(entry.size for entry in found)
