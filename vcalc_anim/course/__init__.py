"""The typed model of a course's scripts: reading, checking, and timing them. Knows nothing of Manim."""

from vcalc_anim.course.choreography import Choreography, read_choreography
from vcalc_anim.course.loading import load_course, load_lecture
from vcalc_anim.course.loops import LOOP_LINE, loop_scene, loop_timeline
from vcalc_anim.course.markup import Cue, Markup, MarkupError, Word, format_line, parse_line
from vcalc_anim.course.model import (
    Course,
    Lecture,
    Line,
    LinePicture,
    LoopScript,
    QuizOption,
    QuizQuestion,
    SceneScript,
    VideoScript,
    VoiceChoice,
)
from vcalc_anim.course.pace import estimate_spans, estimate_speech
from vcalc_anim.course.scene_class import SceneClass
from vcalc_anim.course.timeline import LEAD_SECONDS, TAIL_SECONDS, LineTiming, SceneTimeline, scene_timeline

__all__ = [
    "LEAD_SECONDS",
    "LOOP_LINE",
    "TAIL_SECONDS",
    "Choreography",
    "Course",
    "Cue",
    "Lecture",
    "Line",
    "LinePicture",
    "LineTiming",
    "LoopScript",
    "Markup",
    "MarkupError",
    "QuizOption",
    "QuizQuestion",
    "SceneClass",
    "SceneScript",
    "SceneTimeline",
    "VideoScript",
    "VoiceChoice",
    "Word",
    "estimate_spans",
    "estimate_speech",
    "format_line",
    "load_course",
    "load_lecture",
    "loop_scene",
    "loop_timeline",
    "parse_line",
    "read_choreography",
    "scene_timeline",
]
