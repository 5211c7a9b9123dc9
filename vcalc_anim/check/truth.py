"""The gate of truth: every number on screen and in the words comes from the core.

- ``truth.typed``: a number is typed into a text of a scene, into ``says=``, or into the core's formatters.
- ``truth.unsourced``: a text was shown with a number that the core did not write while the scene ran.
- ``truth.unclaimed``: a line speaks a number (see :mod:`vcalc_anim.check.spoken_numbers`) without a claim.
- ``truth.misclaimed``: the words say another number than their claim.
- ``truth.unconfirmed``: a claim that the scene never compared with the core.
- ``truth.formula``: a line speaks a formula that the core did not write while the scene ran.
- ``truth.quiz``: a quiz that a scene plays shows a number that this scene has not from the core.

The first, third and fourth are read from the files, the others from a :class:`Record` of a run of the scene.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from vcalc_anim.check.finding import Finding
from vcalc_anim.check.spoken_numbers import Statement, is_formula, statements
from vcalc_anim.check.typed_numbers import typed_numbers
from vcalc_anim.core.provenance import Record, numbers_in, unspaced
from vcalc_anim.course import Cue, Lecture, Line, QuizQuestion, SceneScript
from vcalc_anim.course.source import shown_path

_VAGUE = 0.05  # "nearly two hundred" may be said of 190 to 210


def check_files(lecture: Lecture) -> list[Finding]:
    """What the choreography and the script of *lecture* show without running anything."""
    typed = [
        Finding(
            "truth.typed",
            slip.message,
            lecture.slug,
            slip.scene,
            file=shown_path(lecture.choreography),
            line_number=slip.line,
        )
        for slip in typed_numbers(lecture.choreography)
    ]
    spoken = [
        finding
        for scene in lecture.scenes
        for line in scene.lines.values()
        for finding in _spoken(lecture, scene, line)
    ]
    return typed + spoken


def check_record(lecture: Lecture, scene: SceneScript, record: Record) -> list[Finding]:
    """What *record*, kept while *scene* ran from its first frame to its last, shows."""
    return [
        *_unsourced(lecture, scene, record),
        *_unconfirmed(lecture, scene, record),
        *(
            finding
            for quiz in lecture.quiz
            if quiz.scene == scene.name
            for finding in _quiz(lecture, scene, quiz, record)
        ),
    ]


def _spoken(lecture: Lecture, scene: SceneScript, line: Line) -> Iterator[Finding]:
    def found(rule: str, message: str) -> Finding:
        return Finding(
            rule, message, lecture.slug, scene.name, line.name, file=line.file, line_number=line.line
        )

    for statement in statements(line.words):
        if statement.value is None:
            continue  # a formula: looked for in the record
        words = " ".join(word.spoken for word in line.words[statement.first : statement.last + 1])
        words = words.strip(".,;:?!")
        cue = _claim_of(statement, line.cues)
        if cue is None:
            if any(_says(statement, other) for other in line.cues.values() if other.claim is not None):
                continue  # said again: "exactly six … only the six is left"
            yield found(
                "truth.unclaimed",
                f'"{words}" states a number that nothing confirms: write {{NAME={statement.value:g}}} before it '
                'and says=… in the scene where it meets "NAME", or show a formula: [2x|two x]',
            )
        elif not _says(statement, cue):
            yield found(
                "truth.misclaimed",
                f'"{words}" is {statement.value:g}, but {{{cue.name}}} claims {cue.claim:g}: change one',
            )


def _claim_of(statement: Statement, cues: Mapping[str, Cue]) -> Cue | None:
    inside = range(statement.first, statement.last + 1)
    claims = [cue for cue in cues.values() if cue.claim is not None and cue.word in inside]
    return next((cue for cue in claims if _says(statement, cue)), claims[0] if claims else None)


def _says(statement: Statement, cue: Cue) -> bool:
    """Whether the spoken number is the claimed one; after "minus" the claim may leave the sign to the words."""
    assert statement.value is not None and cue.claim is not None
    spoken, claim = statement.value, cue.claim
    if statement.signed and claim >= 0:
        spoken = -spoken
    if statement.vague:
        return math.isclose(spoken, claim, rel_tol=_VAGUE)
    return cue.agrees(spoken)


def _unsourced(lecture: Lecture, scene: SceneScript, record: Record) -> Iterator[Finding]:
    typed = {
        number
        for slip in typed_numbers(lecture.choreography)
        if slip.scene in (scene.name, "")
        for number in slip.numbers
    }
    for shown in record.unsourced:
        numbers = [number for number in dict.fromkeys(shown.numbers) if number not in typed]
        if numbers:
            yield Finding(
                "truth.unsourced",
                f'"{shown.text}" shows {" and ".join(numbers)}, which the core did not write in this scene: '
                "format the number with rounded or typst_number, or take the formula's .typst",
                lecture.slug,
                scene.name,
                file=None if shown.file is None else shown_path(shown.file),
                line_number=shown.line,
            )


def _unconfirmed(lecture: Lecture, scene: SceneScript, record: Record) -> Iterator[Finding]:
    written = [unspaced(text) for text in record.texts]
    for line in scene.lines.values():
        place = (lecture.slug, scene.name, line.name)
        for cue in line.cues.values():
            if cue.claim is not None and (line.name, cue.name) not in record.confirmed:
                message = f"nothing confirmed that {{{cue.name}}} is {cue.claim:g}: the scene passes it without says=…"
                yield Finding("truth.unconfirmed", message, *place, file=line.file, line_number=line.line)
        for word in line.words:
            formula = word.shown.strip(".,;:?!")
            if is_formula(word) and not any(unspaced(formula) in text for text in written):
                message = (
                    f'"{formula}" is no formula that the core wrote in this scene: show the function\'s .typst, '
                    "or correct the words"
                )
                yield Finding("truth.formula", message, *place, file=line.file, line_number=line.line)


def _quiz(lecture: Lecture, scene: SceneScript, quiz: QuizQuestion, record: Record) -> Iterator[Finding]:
    from vcalc_anim.stage.quiz import filled

    quiz = filled(quiz)
    for kind, text in (
        ("question", quiz.question),
        ("right answer", quiz.right.text),
        ("reason", quiz.right.why),
    ):
        foreign = [number for number in dict.fromkeys(numbers_in(text)) if number not in record.numbers]
        if foreign:
            yield Finding(
                "truth.quiz",
                f'the {kind} of quiz "{quiz.name}" shows {" and ".join(foreign)}, which scene {scene.name} has '
                "not from the core: confirm it with self.states(….typst) or a claim",
                lecture.slug,
                scene.name,
                file=quiz.file,
                line_number=quiz.line,
            )
