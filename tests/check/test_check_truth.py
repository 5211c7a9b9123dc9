"""The gate of truth: a bad scene or line for every rule, and near misses that must pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from probing import SCRIPT, lecture_of, run, script_of

from vcalc_anim.check.spoken_numbers import statements
from vcalc_anim.check.truth import check_files, check_record
from vcalc_anim.check.typed_numbers import typed_numbers
from vcalc_anim.core import ScalarField, rounded, typst_number
from vcalc_anim.core.examples import BOWL
from vcalc_anim.course import Lecture, QuizOption, QuizQuestion, load_course, parse_line
from vcalc_anim.errors import InputError
from vcalc_anim.stage import Formula, LectureScene, MatrixCard, QuizScene, Readout, Text, opening_card
from vcalc_anim.stage.zones import zones

# -- typed into a scene --------------------------------------------------------------------------------


def slips(tmp_path: Path, body: str, head: str = "") -> list[str]:
    source = f"{head}\nclass Probe(LectureScene):\n    def construct(self):\n"
    source += "".join(f"        {line}\n" for line in body.splitlines())
    path = tmp_path / "ch01_probe.py"
    path.write_text(source, encoding="utf-8")
    return [slip.message for slip in typed_numbers(path)]


@pytest.mark.parametrize(
    "body",
    [
        'Text("16 degrees")',
        'Formula("x^2")',
        'Formula(f"{a} = 3")',
        'words = f"1 - {x} alpha"\nFormula(words)',
        'self.row("0.33", "8")',
        'Formula("nabla f eq.not 0")',
        'Text(f"{slope:.2f}")',
        'line.at("top", says=10)',
        'line.until("top", says=-1 / 3)',
        'top = 10\nline.at("top", says=top)',
        "typst_number(0.5, 2)",
        "rounded(16).text",
        'Readout("x", lambda: 3.5, 1, cells=3)',
        'Readout("x", value=lambda: 3.5, decimals=1, cells=3)',
        'limits = "up to 3"\nText(limits)\nraise ValueError(limits)',
    ],
)
def test_a_number_typed_into_a_scene_is_found(tmp_path: Path, body: str) -> None:
    assert len(slips(tmp_path, body)) >= 1


@pytest.mark.parametrize(
    "body",
    [
        '"""Draws 3 lines."""',
        'Formula("nabla f eq.not bold(0)")',
        'Formula("x_1 + w_12")',
        'Formula(f"{BOWL.typst} = {typst_number(value, 2)}")',
        "Text(rounded(SCALE, 0).text)",
        'color = "#06080B"',
        'field = ScalarField.from_text("x**2 + 2*y**2")',
        'line.at("y2", says=slopes.magnitude)',
        'part = self.matrix.part(f"e{i}_{j}")',
        'limits = f"up to {top:g}, at least 3"\nraise ValueError(limits)',
        'raise ValueError(f"3 is wrong, not {x:.2f}")',
        'alpha: float = Field(0.15, description="1 is too much")',
        'Readout("x", lambda: self.here[0], 3, cells=7)',
        "self.play(run_time=0.4)",
        'labels["a1"] = names["b 2"]',
        'text = "" if digits == "0" else digits.replace("1", "")',
    ],
)
def test_what_nobody_sees_and_what_the_core_writes_are_left_alone(tmp_path: Path, body: str) -> None:
    assert slips(tmp_path, body, head="SCALE = 6") == []


def test_a_slip_has_its_scene_and_its_line(tmp_path: Path) -> None:
    slips(tmp_path, 'Text("fine")\nText("16")')
    (slip,) = typed_numbers(tmp_path / "ch01_probe.py")
    assert (slip.scene, slip.line, slip.numbers) == ("Probe", 5, ("16",))


# -- shown while the scene runs ------------------------------------------------------------------------


def rules(told: object, words: str = "Here it is.", **options: object) -> set[str]:
    """The rules that a run of a scene of one line breaks."""
    lecture = lecture_of(script_of({"one": words}))
    _, record = run(told, [], lecture, **options)  # type: ignore[arg-type]
    return {finding.rule for finding in check_record(lecture, lecture.scenes[0], record)}


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (lambda steps: Text(str(steps)), {"truth.unsourced"}),
        (lambda steps: Text(typst_number(steps, 0)), set()),
        (lambda steps: Formula(f"alpha < {steps / 7:.3f}"), {"truth.unsourced"}),
        (lambda steps: Formula(f"alpha < {typst_number(steps / 7, 3)}"), set()),
        (lambda steps: Formula(f"{BOWL.typst} + {steps}"), {"truth.unsourced"}),
        (lambda steps: Formula(BOWL.typst), set()),
        (lambda steps: Readout("x", lambda: steps / 7, 3, cells=6), set()),
        (lambda steps: Readout("x", lambda: steps, 0, cells=6, unit="/9"), {"truth.unsourced"}),
        (lambda steps: MatrixCard([[steps, 0.5]]), set()),
        (lambda steps: Text("no number"), set()),
    ],
)
def test_numbers_on_screen_come_from_the_core(show: object, expected: set[str]) -> None:
    steps = 197

    def told(scene: LectureScene) -> None:
        scene.open(show(steps))  # type: ignore[operator]
        with scene.line("one"):
            pass

    assert rules(told) == expected


def test_the_cards_of_a_chapter_quote_its_script() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(opening_card(scene.staging.lecture, zones().stage))
        with scene.line("one"):
            pass

    assert rules(told) == set()


def test_a_finding_names_the_place_of_the_text() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(Text(str(12)))
        with scene.line("one"):
            pass

    lecture = lecture_of(script_of({"one": "Here."}))
    _, record = run(told, [], lecture)
    (finding,) = check_record(lecture, lecture.scenes[0], record)
    assert finding.file is not None and finding.file.name == Path(__file__).name
    assert finding.line_number == told.__code__.co_firstlineno + 1


# -- claims ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("says", "expected"), [(True, set()), (False, {"truth.unconfirmed"})])
def test_a_claim_that_no_one_confirmed_is_found(says: bool, expected: set[str]) -> None:
    def told(scene: LectureScene) -> None:
        with scene.line("one") as line:
            if says:
                line.at("top", says=10.0)

    assert rules(told, "It climbs to {top=10}ten.") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The bowl [x² + 2y²|x squared plus two y squared] is steep.", set()),
        ("The bowl [2y²|two y squared] is steep.", set()),
        ("The bowl [3y²|three y squared] is steep.", {"truth.formula"}),
        ("The bowl is 3y² here.", {"truth.formula"}),
    ],
)
def test_a_spoken_formula_is_one_that_the_core_wrote(words: str, expected: set[str]) -> None:
    def told(scene: LectureScene) -> None:
        scene.open(Formula(BOWL.typst))
        with scene.line("one"):
            pass

    assert rules(told, words) == expected


# -- spoken ------------------------------------------------------------------------------------------------


def spoken(words: str) -> list[str]:
    lecture = lecture_of(script_of({"one": words}))
    return [finding.rule for finding in check_files(lecture)]


@pytest.mark.parametrize(
    "words",
    [
        "It is sixteen degrees off.",
        "It falls to zero.",
        "At three, {y=2}two.",
        "It goes down to minus one.",
        "The slope equals two.",
        "The slope is one at the start.",
        "It shrinks by one percent.",
        "A rate of point one five.",
        "With one third of it.",
        "It takes 23 steps.",
        "These three degrees.",
        "It is three, not more.",
        "Three lines meet.",
        "It takes twenty-three steps.",
        "It needs nearly two hundred steps.",
        "Multiply by one minus two alpha.",
    ],
)
def test_a_number_in_the_words_needs_a_claim(words: str) -> None:
    assert spoken(words) == ["truth.unclaimed"]


@pytest.mark.parametrize(
    "words",
    [
        "This is one vector with two slopes.",
        "The flat one takes long. One of them jumps.",
        "Two things matter, one along each axis.",
        "Go one by one, and turn it up by one.",
        "All three lines meet.",
        "The gap can never be zero.",
        "It is exactly {s=6}six, plus the gap. Only the six is left.",
        "At {a=6.5}six and a half, then {b=6.01}six point oh one.",
        "The gap is {gap=0.05}five hundredths.",
        "So {x=6}{y=8}[(6, 8)|six, eight] it is.",
        "The first one, the second, and the third way.",
        "A machine has a million dials.",
        "As in chapter four, step two.",
        "Half the way is done, for the 16th time.",
        "Only one. Two slopes make it.",
        "To the point, here.",
        "Someone took none.",
        "It climbs to {top=10}ten.",
        "It falls to minus {bottom=10}ten, or {other=-10}minus ten.",
        "With one {third≈0.33}third it is {half=1/2}one half.",
        "It needs nearly {count=197}two hundred steps.",
        "At {x=3}three, {y=2}two, and {z=0.15}point one five.",
        "At the point {x=1}one, {y=2}two.",
        "There are {n=1005}one thousand and five.",
        "Half of {n=123456}one hundred and twenty-three thousand four hundred and fifty-six.",
    ],
)
def test_counting_words_and_claimed_numbers_pass(words: str) -> None:
    assert spoken(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "It climbs to {top=10}eleven.",
        "It goes to {low=10}minus eleven.",
        "It needs nearly {count=150}two hundred steps.",
        "With one {third≈0.30}third.",
    ],
)
def test_words_that_say_another_number_than_their_claim_are_found(words: str) -> None:
    assert spoken(words) == ["truth.misclaimed"]


def test_numbers_in_speech_are_read_whole() -> None:
    words = parse_line("Minus six, minus four, twenty-three and two point five zero.").words
    assert [(s.first, s.last, s.value) for s in statements(words)] == [
        (0, 1, -6.0),
        (2, 3, -4.0),
        (4, 4, 23.0),
        (6, 9, 2.5),
    ]


# -- quizzes -------------------------------------------------------------------------------------------------

QUIZ_FIELD = ScalarField.from_text("7*x**2 + y")


def quiz(question: str, right: str = "$(42, 1)$") -> QuizQuestion:
    options = (
        QuizOption(right, right=True, why="They are $14 x$ and $1$."),
        QuizOption("$(0, 0)$", fails=True),
    )
    return QuizQuestion("probe", question, options, "Probe", SCRIPT, 30)


def quiz_rules(question: QuizQuestion, *formulas: str) -> list[str]:
    def told(scene: LectureScene) -> None:
        assert isinstance(scene, QuizScene)
        scene.open(scene.lay_out(zones().stage))
        scene.states(QUIZ_FIELD.typst, *QUIZ_FIELD.gradient_typst)
        with scene.line("one") as line:
            line.at("x", says=3.0)
            line.at("six", says=float(QUIZ_FIELD.gradient([3, 0])[0]))

    lecture = lecture_of(script_of({"one": "At {x=3}three it is {six=42}forty-two."}), (question,))
    _, record = run(told, [], lecture, base=QuizScene)
    return [finding.rule for finding in check_record(lecture, lecture.scenes[0], record)]


@pytest.mark.parametrize(
    ("question", "right", "expected"),
    [
        ("What is the gradient of $7 x^2 + y$ at $x = 3$?", "$(42, 1)$", []),
        ("What is the gradient of $7 x^2 + y$ at $x = 5$?", "$(42, 1)$", ["truth.quiz"]),
        ("What is the gradient of $7 x^2 + y$ at $x = 3$?", "$(41, 1)$", ["truth.quiz"]),
    ],
)
def test_the_numbers_of_a_quiz_come_from_its_scene(question: str, right: str, expected: list[str]) -> None:
    assert quiz_rules(quiz(question, right)) == expected


def test_a_quiz_about_another_function_does_not_run() -> None:
    with pytest.raises(InputError, match=r"nowhere writes 7 x\^2 \+ y"):
        quiz_rules(quiz("What is the gradient of $6 x^2 + y$?"))


# -- the course ------------------------------------------------------------------------------------------------


def course() -> list[Lecture]:
    return list(load_course(Path(__file__).parents[2] / "scenes").lectures)


@pytest.mark.parametrize("lecture", [lec for lec in course() if lec.number == 4], ids=lambda lec: lec.slug)
def test_the_files_of_chapter_4_state_no_number_of_their_own(lecture: Lecture) -> None:
    assert [(f.place, f.message) for f in check_files(lecture)] == []


def test_a_rounded_number_is_the_cores() -> None:
    def told(scene: LectureScene) -> None:
        scene.open(Text(rounded(2 / 3, 3).text))
        with scene.line("one"):
            pass

    assert rules(told) == set()
