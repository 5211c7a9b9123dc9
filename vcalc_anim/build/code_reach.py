"""Which statements of the engine a piece of code reaches: names followed from module to module, nothing imported.

The rule is to count too much rather than too little. A name leads to everything that binds it in its module, through
re-exports to the module that defines it, and on through what that uses, in functions, in class bodies and in imports
inside functions. Where a program may find names only while it runs, whole modules count, or the whole engine:
docs/cache.md says when.
"""

from __future__ import annotations

import hashlib
import json
import platform
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from vcalc_anim.build import code_facts, code_names
from vcalc_anim.build.code_facts import Facts, Item, Kind, facts_of
from vcalc_anim.build.files import replacing
from vcalc_anim.errors import WorkError

PACKAGE = "vcalc_anim"
#: Modules that load the course's own files while running; those files have fingerprints of their own.
_LOADS_SCENES = frozenset({f"{PACKAGE}.build.render"})
#: What registers itself here is looked up by its name alone, and counts for those who name it.
_BY_NAME = f"{PACKAGE}.core.questions"
_ALL = "*"

Key: TypeAlias = tuple[str, int]  # a module and the number of a statement in it


@dataclass(frozen=True)
class Reach:
    """What was found: ``module:name`` of every statement, and one digest of all their meanings.

    files: texts outside the package that could name a file.
    """

    names: frozenset[str]
    digest: str
    files: tuple[str, ...] = ()

    def holds(self, module: str, name: str) -> bool:
        """Whether the top-level *name* of *module* is reached."""
        return f"{module}:{name}" in self.names


class Engine:
    """The modules that code may reach, by their dotted names."""

    def __init__(self, modules: Mapping[str, Facts]) -> None:
        self.modules = dict(modules)
        self._bindings: dict[str, dict[str, list[int]]] = {}
        self._links: dict[Key, _Links] = {}
        self._loads: dict[str, frozenset[str]] = {}
        self._effects: dict[str, list[int]] = {}
        self._memo: dict[tuple[tuple[str, ...], tuple[str, ...]], Reach] = {}

    @classmethod
    def of_package(cls, root: Path) -> Engine:
        """All modules of the package in the folder *root*."""
        return cls(read_facts({_module_name(root, path): path for path in sorted(root.rglob("*.py"))}, root))

    def with_modules(self, modules: Mapping[str, Facts]) -> Engine:
        """The same with more modules, which nothing in here imports."""
        other = Engine({**self.modules, **modules})
        other._bindings, other._links = dict(self._bindings), dict(self._links)
        other._loads, other._effects = dict(self._loads), dict(self._effects)
        return other

    def reach(self, *roots: str, asked: Iterable[str] = ()) -> Reach:
        """Everything that *roots* reach: ``module:name``, or ``module`` for all of it.

        *asked* names the questions of the core that are looked up by name.
        """
        key = (tuple(sorted(set(roots))), tuple(sorted(set(asked))))
        if key not in self._memo:
            self._memo[key] = self._reach(*key)
        return self._memo[key]

    def _reach(self, roots: tuple[str, ...], asked: tuple[str, ...]) -> Reach:
        start = _Links(self)
        for root in roots:
            module, _, name = root.partition(":")
            if module in self.modules:
                start.name(module, name or _ALL, ())
        seen: set[Key] = set()
        loaded: set[str] = set()
        effects: set[Key] = set()
        self._follow(start, seen, loaded)
        while True:  # what is imported has effects, which reach and import more
            effects |= {
                (module, index)
                for module in loaded
                for index in self.effects(module)
                if not (module.startswith(_BY_NAME) and self.item(module, index).kind == "definition")
            }
            if any(
                module == f"{_BY_NAME}.registry" and not self.item(module, i).target for module, i in seen
            ):
                effects |= self._asked_for(asked)
            more = _Links(self)
            more.keys = effects - seen
            if not more.keys:
                break
            self._follow(more, seen, loaded)
        found = sorted(
            (f"{module}:{name}", self.item(module, index).digest)
            for module, index in seen
            for name in self.item(module, index).names or (f"statement {index}",)
        )
        digest = hashlib.sha256(json.dumps([(name.split(" ")[0], code) for name, code in found]).encode())
        files = {text for m, i in seen if not m.startswith(PACKAGE) for text in self.item(m, i).files}
        return Reach(frozenset(name for name, _ in found), digest.hexdigest(), tuple(sorted(files)))

    def _asked_for(self, asked: tuple[str, ...]) -> set[Key]:
        """Where the questions *asked* are registered; all questions when none is named, or one is not found."""
        wanted = {_plain(name) for name in asked}
        registered = {
            (module, index)
            for module in self.modules
            if module.startswith(_BY_NAME)
            for index in self.effects(module)
        }
        chosen = {key for key in registered if wanted & {_plain(name) for name in self.item(*key).names}}
        return chosen if wanted and len(chosen) >= len(wanted) else registered

    def _follow(self, start: _Links, seen: set[Key], loaded: set[str]) -> None:
        """Add to *seen* all statements that *start* leads to, and to *loaded* the modules imported on the way."""
        waiting = list(start.keys - seen)
        seen |= start.keys
        loads = set(start.loads)
        known = self._links
        while waiting:
            key = waiting.pop()
            links = known.get(key) or self.links(*key)
            loads |= links.loads
            new = links.keys - seen
            seen |= new
            waiting += new
        for module in loads:
            if module not in loaded:
                loaded |= self.loaded_with(module)

    def item(self, module: str, index: int) -> Item:
        return self.modules[module].items[index]

    def bindings(self, module: str) -> dict[str, list[int]]:
        """The numbers of the statements of *module* that bind a name."""
        if module not in self._bindings:
            table = self._bindings[module] = {}
            for index, item in enumerate(self.modules[module].items):
                for name in item.names:
                    table.setdefault(name, []).append(index)
        return self._bindings[module]

    def links(self, module: str, index: int) -> _Links:
        """Where one statement leads, one step far."""
        if (module, index) not in self._links:
            found = self._links[module, index] = _Links(self)
            found.statement(module, self.item(module, index))
        return self._links[module, index]

    def loaded_with(self, module: str) -> frozenset[str]:
        """*module*, the packages around it, and all that is imported when it is imported."""
        if module not in self._loads:
            found: set[str] = set()
            waiting = [module]
            while waiting:
                name = waiting.pop()
                if name in self.modules and name not in found:
                    found.add(name)
                    waiting += [name.rpartition(".")[0], *self.modules[name].loads]
            self._loads[module] = frozenset(found)
        return self._loads[module]

    def effects(self, module: str) -> list[int]:
        """The statements of *module* that do more on import than bind a name: they may change other modules."""
        if module not in self._effects:
            self._effects[module] = [
                index
                for index, item in enumerate(self.modules[module].items)
                if item.kind == "statement" or self._registers(module, item)
            ]
        return self._effects[module]

    def _registers(self, module: str, item: Item) -> bool:
        """Whether importing *item* runs code of ours that changes things of a module, such as a registry."""
        if item.runs:
            start = _Links(self)
            start.names(module, item.runs, ())
            seen: set[Key] = set()
            self._follow(start, seen, set())
            if any(self.item(*key).writes for key in seen):
                return True
        return any(base.hooks for base in self._ancestors(module, item))

    def _ancestors(self, module: str, item: Item) -> Iterator[Item]:
        start = _Links(self)
        start.names(module, item.bases, ())
        for other, index in start.keys:
            base = self.item(other, index)
            if base is not item and base.kind == "definition":
                yield base
                yield from self._ancestors(other, base)


class _Links:
    """Where names lead: statements of modules, and modules that are imported for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.keys: set[Key] = set()
        self.loads: set[str] = set()
        self._whole: set[str] = set()
        self._followed: set[tuple[str, str, tuple[str, ...]]] = set()

    def statement(self, module: str, item: Item) -> None:
        """Where *item* of *module* leads; an import leads nowhere itself: what uses it knows which part is used."""
        if item.wide and module not in _LOADS_SCENES:
            for name in self._engine.modules if item.wide == "engine" else [module]:
                self.module(name)
        self.names(module, item.refs, item.imports)
        for _, target, name in item.imports:
            if item.kind == "statement":
                self._target(target, name, ())
            self.loads |= {target, f"{target}.{name}"}  # it is imported even where its name is not used

    def names(self, module: str, refs: Iterable[str], imports: tuple[tuple[str, str, str], ...]) -> None:
        """Go where the dotted names *refs* lead, used in *module* by something with its own *imports*."""
        for ref in refs:
            root, *rest = ref.split(".")
            for alias, target, name in imports:
                if alias in (root, ref):
                    self._target(target, name, tuple(rest) if alias == root else ())
            if root in self._engine.bindings(module):
                self.name(module, root, tuple(rest))

    def name(self, module: str, name: str, rest: tuple[str, ...]) -> None:
        """The top-level *name* of *module*, and for an import the thing behind it, of which *rest* is used."""
        if name == _ALL:
            self.module(module)
            return
        if (module, name, rest) in self._followed:
            return
        self._followed.add((module, name, rest))
        self.loads.add(module)
        for index in self._engine.bindings(module).get(name, ()):
            self.keys.add((module, index))
            target = self._engine.item(module, index).target
            if target is not None:
                self._target(*target, rest)

    def module(self, module: str) -> None:
        """All of *module*."""
        if module in self._whole:
            return
        self._whole.add(module)
        self.loads.add(module)
        for index, item in enumerate(self._engine.modules[module].items):
            self.keys.add((module, index))
            if item.target is not None:
                self._target(*item.target, ())

    def _target(self, module: str, name: str, rest: tuple[str, ...]) -> None:
        """What an import of *name* from *module* (of *module* itself when empty) leads to, of which *rest* is used."""
        if module.startswith("."):  # nobody here imports so: count everything
            for every in self._engine.modules:
                self.module(every)
        elif module in self._engine.modules:
            if name == _ALL:
                self.module(module)
            else:
                self._inside(module, (name, *rest) if name else rest)

    def _inside(self, module: str, parts: tuple[str, ...]) -> None:
        """The dotted *parts* behind *module*: a name in it or a module below; all of it where no name is used."""
        if not parts:
            self.module(module)
            return
        first, rest = parts[0], parts[1:]
        below = f"{module}.{first}"
        is_bound = first in self._engine.bindings(module)
        if is_bound:
            self.name(module, first, rest)
        if below in self._engine.modules:
            self.loads.add(module)
            # A package may bind the name of a module below it: which of both is meant depends on what was imported.
            self._inside(below, rest)
        elif not is_bound:
            self.module(module)


def _plain(name: str) -> str:
    """``two_flat_cuts`` and ``TwoFlatCuts`` alike."""
    return name.replace("_", "").lower()


def _module_name(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join([PACKAGE, *(parts[:-1] if parts[-1] == "__init__" else parts)])


def read_facts(paths: Mapping[str, Path], folder: Path) -> dict[str, Facts]:
    """The facts of the modules *paths*, without those that are no Python.

    What was read is kept in ``__pycache__`` of *folder*, by the content of the files, beside what Python keeps there.
    """
    store = folder / "__pycache__" / "facts.bin"  # compressed, so that a search for text passes over it
    readers = (code_facts.__file__, code_names.__file__)
    kind = [platform.python_version(), *(hashlib.sha256(Path(f).read_bytes()).hexdigest() for f in readers)]
    stored = _stored(store, kind)
    found: dict[str, list[Any]] = {}
    facts: dict[str, Facts] = {}
    for module, path in paths.items():
        source = path.read_bytes()
        digest = hashlib.sha256(source).hexdigest()
        with suppress(SyntaxError, ValueError):
            found[digest] = stored.get(digest) or _told(facts_of(source))
            facts[module] = _revived(found[digest])
    if found.keys() != stored.keys():
        with suppress(WorkError):  # it only saves time
            text = json.dumps({"kind": kind, "files": found}, separators=(",", ":"))
            with replacing(store) as target:
                target.write_bytes(zlib.compress(text.encode(), 1))
    return facts


def _stored(store: Path, kind: list[str]) -> dict[str, list[Any]]:
    try:
        told = json.loads(zlib.decompress(store.read_bytes()))
        return dict(told["files"]) if told["kind"] == kind else {}
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return {}


def _told(facts: Facts) -> list[Any]:
    """*facts* as JSON can hold them."""
    return [[list(vars(item).values()) for item in facts.items], facts.loads]


def _revived(told: list[Any]) -> Facts:
    items, loads = told
    return Facts(tuple(_item_of(*values) for values in items), tuple(loads))


def _item_of(
    kind: Kind, names: Any, digest: str, refs: Any, runs: Any, imports: Any, target: Any, *rest: Any
) -> Item:
    writes, hooks, bases, wide, files = rest
    pairs = tuple((alias, module, name) for alias, module, name in imports)
    leads = None if target is None else (target[0], target[1])
    return Item(
        kind,
        tuple(names),
        digest,
        tuple(refs),
        tuple(runs),
        pairs,
        leads,
        writes,
        hooks,
        tuple(bases),
        wide,
        tuple(files),
    )
