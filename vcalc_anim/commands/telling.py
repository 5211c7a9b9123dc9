"""How commands tell what they did."""

from __future__ import annotations

import json

from vcalc_anim.build.pipeline import Built
from vcalc_anim.errors import WorkError


def tell(built: Built, as_json: bool) -> None:
    """Say what a build did; WorkError with what failed."""
    if as_json:
        facts = {
            "written": [str(path) for path in built.written],
            "current": [str(path) for path in built.current],
            "outdated": [str(path) for path in built.outdated],
            "drawn": built.drawn,
            "reused": built.reused,
            "problems": [str(problem) for problem in built.problems],
        }
        print(json.dumps(facts, indent=1))
    else:
        for path in built.current:
            print(f"{path} is up to date")
        for path in built.written:
            print(f"{path} written")
        for path in built.outdated:
            print(f"{path} still has the chapters as they were; vcalc build, without chapters, renews it")
        if built.written:
            print(f"{built.drawn} scenes drawn, {built.reused} taken from the cache")
        elif not built.problems:
            print("nothing to do")
    if built.problems:
        raise WorkError("\n".join(str(problem) for problem in built.problems))
