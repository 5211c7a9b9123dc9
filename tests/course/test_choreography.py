"""Reading a choreography: what it asks for, in order, without running it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from vcalc_anim.course.choreography import Choreography, parse_choreography, read_choreography
from vcalc_anim.course.scene_class import SceneClass

FILE = Path("scenes/ch04_gradient.py")


def read(text: str) -> Choreography:
    return parse_choreography(dedent(text), FILE)


def scene(construct: str, rest: str = "") -> SceneClass:
    """The class ``S`` whose construct is *construct*, with *rest* of the class after it."""
    body = f"def construct(self):\n{indent(dedent(construct), '    ')}\n{dedent(rest)}"
    found = read(f"class S(LectureScene):\n{indent(body, '    ')}")
    assert not found.problems, found.problems
    return found.classes["S"]


def asked(found: SceneClass) -> list[tuple[str, list[str]]]:
    return [(use.name, [cue.name for cue in use.cues]) for use in found.uses]


def complaints(construct: str) -> list[str]:
    text = "class S(LectureScene):\n    def construct(self):\n" + indent(dedent(construct), " " * 8)
    return [str(problem) for problem in read(text).problems]


def test_a_class_is_described_without_running_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ch01_x.py"
    path.write_text(
        'raise SystemExit\n\nclass S(LectureScene, mixins.Bowl):\n    """Says so."""\n', encoding="utf-8"
    )
    found = read_choreography(path).classes["S"]
    assert (found.name, found.bases, found.doc, found.line) == (
        "S",
        ("LectureScene", "mixins.Bowl"),
        "Says so.",
        3,
    )
    assert (found.uses, found.whole) == ((), False)


def test_cues_belong_to_the_line_whose_object_is_asked() -> None:
    found = scene(
        """
        with self.line("a") as line:
            self.play(run_time=line.until("one"))
            if self.fast:
                self.play(lambda: line.at("two", 3), line.cue(name="three"))
        with self.line("b") as line, self.dimmed():
            self.wait(line.until("four"))
        """
    )
    assert asked(found) == [("a", ["one", "two", "three"]), ("b", ["four"])]
    assert [use.line for use in found.uses] == [4, 8]
    assert found.uses[0].cues[0].line == 5
    assert not any(use.escapes for use in found.uses)


def test_methods_are_followed_where_they_are_called() -> None:
    found = scene(
        """
        self.first()
        with self.line("b") as line:
            self.helper(1, line)
            self.helper(x=2, at=line)
        """,
        """
        def helper(self, x, at):
            self.wait(at.until("c"))
        def first(self):
            with self.line("a"):
                pass
        def never(self):
            with self.line("z"):
                pass
        """,
    )
    assert asked(found) == [("a", []), ("b", ["c", "c"])]


def test_methods_of_base_classes_in_the_file_are_followed() -> None:
    found = read(
        """
        class Base(LectureScene):
            def construct(self):
                with self.line("a"):
                    self.middle()
            def middle(self):
                with self.line("base"):
                    pass

        class Child(Base):
            def middle(self):
                with self.line("child"):
                    pass

        class Longer(Base):
            def construct(self):
                super().construct()
                with self.line("z"):
                    pass
        """
    )
    assert {name: [use.name for use in c.uses] for name, c in found.classes.items()} == {
        "Base": ["a", "base"],
        "Child": ["a", "child"],
        "Longer": ["a", "base", "z"],
    }
    assert all(c.whole for c in found.classes.values())


def test_recursion_and_circular_bases_end() -> None:
    found = read(
        """
        class A(B):
            def construct(self):
                with self.line("a"):
                    self.construct()

        class B(A):
            pass
        """
    )
    assert asked(found.classes["A"]) == asked(found.classes["B"]) == [("a", [])]


def test_a_construct_elsewhere_leaves_the_class_open() -> None:
    assert not scene("super().construct()").whole
    assert scene('with self.line("a"):\n    self.play()').whole


def test_a_line_object_handed_elsewhere_may_use_any_cue() -> None:
    assert scene('with self.line("a") as line:\n    self.play(dial.follow(line))').uses[0].escapes
    assert (
        not scene('with self.line("a") as line:\n    self.play(dial.follow(line.duration))').uses[0].escapes
    )


def test_a_text_given_to_a_call_inside_the_block_may_be_a_cue() -> None:
    found = scene('with self.line("a") as line:\n    self.claim("ten", 10)\nself.note("six")')
    assert found.uses[0].hints == {"ten"}


def test_a_line_object_may_be_kept_before_its_block() -> None:
    found = scene('line = self.line("a")\nwith line:\n    self.wait(line.until("b"))')
    assert asked(found) == [("a", ["b"])]


def test_names_must_be_written_out() -> None:
    assert complaints('with self.line(name):\n    pass\nwith self.line(f"a{i}"):\n    pass\nself.line()') == [
        (
            "scenes/ch04_gradient.py:3: scene S gives self.line name for the name of a line; "
            'write the name as a string: self.line("…")'
        ),
        (
            "scenes/ch04_gradient.py:5: scene S gives self.line f'a{i}' for the name of a line; "
            'write the name as a string: self.line("…")'
        ),
        (
            "scenes/ch04_gradient.py:7: scene S gives self.line nothing for the name of a line; "
            'write the name as a string: self.line("…")'
        ),
    ]
    assert complaints('with self.line("a") as at:\n    at.until(cue)') == [
        (
            "scenes/ch04_gradient.py:4: scene S gives at.until cue for the name of a cue; "
            'write the name as a string: at.until("…")'
        )
    ]


def test_a_line_in_a_loop_is_a_problem() -> None:
    assert complaints('for i in range(3):\n    with self.line("a"):\n        pass') == [
        (
            'scenes/ch04_gradient.py:4: line "a" of scene S is asked for in a loop, and is there only once; '
            "put the loop inside its block"
        )
    ]
    assert complaints('with self.line("a") as line:\n    for i in range(3):\n        line.until("b")') == []


def test_a_line_inside_a_line_is_a_problem() -> None:
    inside = 'with self.line("a") as outer:\n    with self.line("b") as inner:\n        self.wait(outer.until("c"))'
    message = 'scenes/ch04_gradient.py:4: line "b" of scene S begins inside line "a"; end one block before the next begins'
    assert complaints(inside) == [message]


def test_a_file_that_is_not_python_names_the_line() -> None:
    found = read("x = 1\nclass S(:\n    pass\n")
    assert [str(p) for p in found.problems] == [
        "scenes/ch04_gradient.py:2: not valid Python: invalid syntax; the cause may stand just above"
    ]
    assert "null byte" in str(read("x = 1\0\n").problems[0])
