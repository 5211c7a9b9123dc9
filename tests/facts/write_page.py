"""Write docs/facts.md from the ledger, or with --check only say whether it is current."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from ledger import LEDGER, Fact, page

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "facts.md"


def whole_ledger() -> dict[str, Fact]:
    """The ledger with the facts of all chapters in it."""
    for module in sorted(HERE.glob("test_facts_ch*.py")):
        importlib.import_module(module.stem)
    return LEDGER


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/facts", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if docs/facts.md is not current"
    )
    options = parser.parse_args(arguments)
    text = page(whole_ledger())
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if options.check:
        print("docs/facts.md is not current: run ./scripts/facts", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
