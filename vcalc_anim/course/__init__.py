"""The typed model of a course's scripts: reading, checking, and timing them. Knows nothing of Manim."""

from vcalc_anim.course.choreography import Choreography, read_choreography
from vcalc_anim.course.loading import load_course, load_lecture
from vcalc_anim.course.markup import Cue, Markup, MarkupError, Word, format_line, parse_line
from vcalc_anim.course.model import (
    Course,
    Lecture,
    Line,
    QuizOption,
    QuizPicture,
    QuizQuestion,
    SceneScript,
    VoiceChoice,
)
from vcalc_anim.course.pace import estimate_spans, estimate_speech
from vcalc_anim.course.scene_class import SceneClass
from vcalc_anim.course.timeline import LEAD_SECONDS, TAIL_SECONDS, LineTiming, SceneTimeline, scene_timeline

__all__ = [
    "LEAD_SECONDS",
    "TAIL_SECONDS",
    "Choreography",
    "Course",
    "Cue",
    "Lecture",
    "Line",
    "LineTiming",
    "Markup",
    "MarkupError",
    "QuizOption",
    "QuizPicture",
    "QuizQuestion",
    "SceneClass",
    "SceneScript",
    "SceneTimeline",
    "VoiceChoice",
    "Word",
    "estimate_spans",
    "estimate_speech",
    "format_line",
    "load_course",
    "load_lecture",
    "parse_line",
    "read_choreography",
    "scene_timeline",
]
