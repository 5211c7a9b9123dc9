"""The package keeps its shape: who may import whom, no drawing in the cores, no odds and ends."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "vcalc_anim"
MODULES = sorted(PACKAGE.rglob("*.py"))
SCENES = sorted((ROOT / "scenes").glob("*.py"))

# part → parts of ours it may import; "lazily": only inside functions or under TYPE_CHECKING
ALLOWED = {
    "core": {"core"},
    "course": {"course", "errors"},
    "voice": {"voice", "course", "errors"},
    "stage": {"stage", "core", "course", "errors", "raster"},
    "build": {"build", "course", "voice", "errors", "raster"},
    "outlets": {"outlets", "build", "core", "course", "errors"},
    "errors": set(),
    "raster": set(),
    "commands": {"commands", "build", "check", "outlets", "errors"},
    "__init__": set(),
}
LAZILY = {"build": {"stage"}, "outlets": {"stage"}}


def part(module: Path) -> str:
    """``core``, ``build``, … ``cli`` for a file of the package."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def read(module: Path) -> str:
    return module.read_text(encoding="utf-8")


def complaints(modules: list[Path], find: Callable[[Path], Iterable[str]]) -> list[str]:
    """Everything *find* finds in all *modules*, with their names."""
    return [f"{name(module)}: {wrong}" for module in modules for wrong in find(module)]


def imports(tree: ast.AST, lazy: bool = False) -> Iterator[tuple[str, bool, int]]:
    """Each import: the dotted name, whether it waits for a call or a type checker, its line."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, lazy, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import by the full name"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", lazy, node.lineno
        else:
            waits = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            waits = waits or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
            yield from imports(node, lazy or waits)


def misplaced(source: str, owner: str) -> list[str]:
    """Imports in *source* that a module of the part *owner* must not have."""
    found = []
    for name, lazy, line in imports(ast.parse(source)):
        top, *rest = name.split(".")
        if top != "vcalc_anim" or owner not in ALLOWED:
            continue
        target = rest[0] if rest else "__init__"
        if target not in ALLOWED[owner] and not (lazy and target in LAZILY.get(owner, ())):
            found.append(f"line {line}: {owner} imports {name}")
    return found


def test_dependencies_point_one_way() -> None:
    assert complaints(MODULES, lambda module: misplaced(read(module), part(module))) == []


@pytest.mark.parametrize(
    ("source", "owner", "allowed"),
    [
        ("from vcalc_anim.stage import theme", "build", False),
        ("def f():\n    from vcalc_anim.stage import theme", "build", True),
        ("if TYPE_CHECKING:\n    from vcalc_anim.stage import theme", "build", True),
        ("class A:\n    from vcalc_anim.stage import theme", "build", False),
        ("def f():\n    from vcalc_anim.build import plan", "stage", False),
        ("import vcalc_anim.errors", "core", False),
        ("from vcalc_anim import stage", "voice", False),
        ("from vcalc_anim.core import x", "core", True),
    ],
)
def test_the_direction_test_can_fail(source: str, owner: str, allowed: bool) -> None:
    assert (misplaced(source, owner) == []) is allowed


def test_every_part_of_the_package_has_its_rule() -> None:
    parts = {part(module) for module in MODULES}
    assert parts <= {*ALLOWED, "cli", "check", "outlets"}, "say in ALLOWED what the new part may import"


def test_manim_is_imported_by_the_stage_and_the_gates_that_look_at_it_alone() -> None:
    def wrong(module: Path) -> Iterator[str]:
        for name, lazy, line in imports(ast.parse(read(module))):
            owner = part(module)
            if name.split(".")[0] == "manim" and not (
                owner in ("stage", "check") or (owner == "build" and lazy)
            ):
                yield f"line {line}: imports manim"

    assert complaints(MODULES, wrong) == []


@pytest.mark.parametrize("module", ["core", "course", "voice", "build.pipeline", "build.worker", "cli"])
def test_importing_does_not_load_manim(module: str) -> None:
    code = f"import sys, vcalc_anim.{module}; sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


def test_a_worker_does_not_load_the_voices() -> None:
    """Signal filters take a second to import, once a worker, and drawing needs none of them."""
    code = "import sys, vcalc_anim.build.worker; sys.exit('vcalc_anim.voice' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


def untidy(module: Path) -> Iterator[str]:
    text = read(module)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield f"line {node.lineno}: star import"
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        speaks = module == PACKAGE / "cli.py" or module.parent == PACKAGE / "commands"
        if called == "print" and not speaks:
            yield f"line {node.lineno}: prints"
    for found in re.finditer(r"\b(?:TODO|FIXME|XXX)\b", text):
        yield f"{found[0]} left behind"
    for found in re.finditer(r"""["'](/(?:home|root|work|Users|tmp|mnt|opt)/|[A-Z]:\\\\)""", text):
        yield f"a path of one machine: {found[0]}"


def test_modules_and_scenes_are_tidy() -> None:
    assert complaints(MODULES + SCENES, untidy) == []


@pytest.mark.parametrize(
    "text", ["from os import *", "print(1)", "# TODO: later", "PLACE = '/home/me/a'", 'X = "/tmp/a"']
)
def test_untidiness_is_noticed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text)
    assert list(untidy(tmp_path / "a.py"))


def test_modules_stay_small() -> None:
    assert [name(module) for module in MODULES if len(read(module).splitlines()) > 400] == []


def test_modules_say_what_they_are() -> None:
    assert [name(m) for m in MODULES if read(m).strip() and not ast.get_docstring(ast.parse(read(m)))] == []
