"""Which edits of the engine make which scenes stale, on a copy of the package; and small packages for the rules."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vcalc_anim.build import sources
from vcalc_anim.build.code_reach import Engine, Reach, read_facts
from vcalc_anim.course import Course, load_course

SCENES = Path(__file__).parents[2] / "scenes"


# -- the engine and the course, copied --------------------------------------------------------------------


class Copy:
    """A copy of the package, edited one place at a time; the fingerprints of all scenes of the course with it."""

    def __init__(self, package: Path, course: Course) -> None:
        self.package, self._course = package, course
        self.before = self.codes()

    def codes(self) -> dict[str, str]:
        sources.forget_code()
        return {
            f"{lecture.slug[:4]} {scene.name}": sources.scene_code(
                lecture.choreography,
                scene.name,
                [n for q in lecture.quiz if q.scene == scene.name for n in (q.check, q.template) if n],
            )
            for lecture in self._course.lectures
            for scene in lecture.scenes
        }

    def changed(self, file: str, old: str, new: str) -> set[str]:
        """The scenes that another text of *file* makes stale; the file is as before afterwards."""
        path = self.package / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            after = self.codes()
        finally:
            path.write_text(text, encoding="utf-8")
        return {name for name, code in after.items() if code != self.before[name]}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    package = tmp_path_factory.mktemp("engine") / "vcalc_anim"
    original = sources._PACKAGE
    sources.code_of(f"{original.name}.build.render")  # its facts are kept, and copied along
    shutil.copytree(original, package)
    sources._PACKAGE = package
    try:
        yield Copy(package, load_course(SCENES))
    finally:
        sources._PACKAGE = original
        sources.forget_code()


def test_every_scene_has_its_own_reach(copy: Copy) -> None:
    assert len(set(copy.before.values())) == len(copy.before) > 80


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stage/lecture_scene.py", "_FADE = 0.3", "_FADE = 0.4"),  # a constant of the base of all scenes
        ("stage/theme.py", '"background": "#06080B"', '"background": "#06080C"'),
        ("build/encoder.py", "def add", "def add_"),
        ("stage/renderer.py", "tqdm.set_lock(threading.RLock())", "tqdm.set_lock(threading.Lock())"),
    ],
)
def test_what_every_scene_uses_makes_all_stale(copy: Copy, file: str, old: str, new: str) -> None:
    assert copy.changed(file, old, new) == set(copy.before)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("stage/theme.py", "from __future__", "# colours\nfrom __future__"),  # a comment
        ("stage/lecture_scene.py", "Base of every scene of a course.", "The base of all."),  # documentation
        (
            "stage/__init__.py",
            "import GearLines, Wheel",
            "import GearLines, Wheel, other",
        ),  # another re-export
        ("stage/__init__.py", '    "Wheel",\n', ""),
        ("voice/mix.py", "TARGET_LUFS = -14.0", "TARGET_LUFS = -15.0"),
        ("build/pipeline.py", "def build(", "def make("),
        ("check/flashes.py", "class FlashInspector", "class Flashes"),
        ("outlets/quiz/gift.py", "def ", "def other_"),
        ("stage/quiz_card.py", "class QuizCard", "class Card"),
        ("core/primitives.py", "import annotations", "import annotations\n\nEXTRA = 1"),
    ],
)
def test_what_no_scene_uses_makes_none_stale(copy: Copy, file: str, old: str, new: str) -> None:
    assert copy.changed(file, old, new) == set()


def test_a_widget_makes_those_stale_that_show_it(copy: Copy) -> None:
    users = {
        f"{path.stem[:4]} {name}"
        for path in SCENES.glob("ch*.py")
        for name, text in _classes(path.read_text(encoding="utf-8"))
        if "Wheel(" in text or "GearLines(" in text
    }
    stale = copy.changed("stage/gears.py", "class Wheel(", "class Wheel(Extra, ")
    assert stale and stale <= {name for name in copy.before if name.startswith(("ch01", "ch05"))}
    assert users & set(copy.before) <= stale


def _classes(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("\nclass ")[1:]:
        yield part.split("(")[0], part


def test_another_definition_of_the_same_module_does_not_matter(copy: Copy) -> None:
    """Readouts are shown nearly everywhere, the pieces of a digit row in one scene."""
    assert len(copy.changed("stage/digits.py", "class DigitRow(", "class DigitRow(Extra, ")) == 1


def test_code_behind_other_code_counts(copy: Copy) -> None:
    """No scene imports the typesetting of numbers, but what shows numbers does."""
    stale = copy.changed("core/rounding.py", "def typst_number(", "@other\ndef typst_number(")
    assert 20 < len(stale) < len(copy.before)


def test_a_question_makes_the_scene_stale_that_plays_it(copy: Copy) -> None:
    questions = "core/questions/gradients.py"
    assert copy.changed(questions, "rtol=1e-3", "rtol=1e-4") == set()  # a question that no scene plays
    played = "class GradientAtAPoint("
    assert copy.changed(questions, played, f"{played}Extra, ") == {"ch04 Quiz"}
    stale = copy.changed("core/questions/registry.py", "cls.name not in TEMPLATES", "cls.name in TEMPLATES")
    assert stale and all(name.endswith("Quiz") for name in stale)


def test_a_re_export_that_leads_elsewhere_counts(copy: Copy) -> None:
    line = "from vcalc_anim.stage.gears import GearLines, Wheel"
    stale = copy.changed(
        "stage/__init__.py", line, line.replace("GearLines, Wheel", "Wheel as GearLines, Wheel")
    )
    assert stale
    assert stale == copy.changed("stage/gears.py", "class GearLines(", "class GearLines(Extra, ")


# -- the rules, on packages of a few lines ----------------------------------------------------------------

Make = Callable[[dict[str, str]], Engine]


@pytest.fixture
def engine(tmp_path: Path) -> Make:
    def make(files: dict[str, str]) -> Engine:
        root = tmp_path / "vcalc_anim"
        shutil.rmtree(root, ignore_errors=True)
        for name, text in {"__init__.py": "", **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Engine.of_package(root)

    return make


def reached(engine: Engine, root: str = "vcalc_anim.a:start") -> set[str]:
    return {name.removeprefix("vcalc_anim.") for name in engine.reach(root).names}


USES_B = "from vcalc_anim import b\n"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (f"{USES_B}def start(): b.f()", "def f(): pass\ndef g(): pass", {"b:f"}),
        (f"{USES_B}def start(): getattr(b, name)", "def f(): pass\ndef g(): pass", {"b:f", "b:g"}),
        (
            "def start():\n    from vcalc_anim.b import f\n    f()",
            "def f(): g()\ndef g(): pass",
            {"b:f", "b:g"},
        ),
        (
            "def start():\n    import vcalc_anim.b\n    vcalc_anim.b.f()",
            "def f(): pass\ndef g(): pass",
            {"b:f"},
        ),
        ("import vcalc_anim.b as c\ndef start(): c.f()", "def f(): pass\ndef g(): pass", {"b:f"}),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from vcalc_anim.b import f\ndef start(x: f): pass",
            "def f(): pass",
            set(),
        ),
        ("from vcalc_anim.b import f\ndef start(f): f()", "def f(): pass", set()),  # a parameter of that name
        ("from vcalc_anim.b import f\ndef start(): return [f for f in ()], f", "def f(): pass", {"b:f"}),
        ("from vcalc_anim.b import f\ndef start():\n    global f\n    f = 1", "def f(): pass", {"b:f"}),
        (
            "from vcalc_anim.b import f\nclass start:\n    f = 1\n    def g(self): f()",
            "def f(): pass",
            {"b:f"},
        ),
        ("from vcalc_anim.b import f\nclass start:\n    x: 'list[f]'", "class f: pass", {"b:f"}),
        ("from vcalc_anim.b import f\ndef start(): cast('f', 1)", "class f: pass", {"b:f"}),
        (
            "from vcalc_anim.b import f\nstart = 1",
            "print('x')\ndef f(): pass",
            {"b:statement 0"},
        ),  # on import
        ("from vcalc_anim.b import f\nstart = 1", "X.y = g()\ndef g(): pass", {"b:statement 0", "b:g"}),
        (
            "from vcalc_anim.b import keep\nTABLE = {}\ndef start(): return TABLE",
            "from vcalc_anim.a import TABLE\ndef keep(f):\n    TABLE[f] = f\n    return f\n@keep\ndef used(): pass",
            {"b:used", "b:keep"},
        ),
        (
            "import vcalc_anim.b\nclass Base:\n    def __init_subclass__(cls): pass\ndef start(): pass",
            "from vcalc_anim.a import Base\nclass Derived(Base): pass",
            {"b:Derived"},
        ),
        ("from vcalc_anim import b\ndef start(): eval('b.f()')", "def f(): pass", {"b:f"}),
        (
            "try:\n    from vcalc_anim.b import f\nexcept ImportError:\n    f = None\nstart = 1",
            "def f(): pass",
            {"b:f"},
        ),
        ("from vcalc_anim.b import *\ndef start(): f()", "def f(): pass", {"b:f"}),
    ],
)
def test_what_leads_where(engine: Make, a: str, b: str, expected: set[str]) -> None:
    found = reached(engine({"a.py": a, "b.py": b}))
    assert {name for name in found if name.startswith("b:") and "import" not in name} - {
        "b:Base",
        "b:TABLE",
    } == expected


def test_a_package_may_have_a_name_like_its_module(engine: Make) -> None:
    files = {
        "p/__init__.py": "from vcalc_anim.p.mix import mix",
        "p/mix.py": "def mix(): pass\ndef other(): pass",
        "a.py": "from vcalc_anim.p import mix\ndef start(): mix()",
    }
    assert {"p.mix:mix"} <= reached(engine(files))


def test_scenes_may_import_each_other(engine: Make, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "from two import helper\nclass Scene:\n    def construct(self): helper()"
    )
    (tmp_path / "two.py").write_text("def helper(): pass\ndef other(): pass")
    (tmp_path / "broken.py").write_text("def (")
    facts = read_facts({path.stem: path for path in tmp_path.glob("*.py")}, tmp_path)
    found: Reach = engine({}).with_modules(facts).reach("one:Scene")
    assert found.names == {"one:Scene", "one:helper", "two:helper"}


def test_what_was_read_is_kept_and_read_again_after_an_edit(engine: Make, tmp_path: Path) -> None:
    files = {"a.py": "def start(): f()\ndef f(): pass"}
    first = engine(files).reach("vcalc_anim.a:start")
    again = Engine.of_package(tmp_path / "vcalc_anim").reach("vcalc_anim.a:start")
    (store,) = (tmp_path / "vcalc_anim").rglob("facts.bin")
    store.write_bytes(b"broken")
    mended = Engine.of_package(tmp_path / "vcalc_anim").reach("vcalc_anim.a:start")
    assert first == again == mended
    (tmp_path / "vcalc_anim" / "a.py").write_text("def start(): f()\ndef f(): return 1")
    assert Engine.of_package(tmp_path / "vcalc_anim").reach("vcalc_anim.a:start").digest != first.digest
