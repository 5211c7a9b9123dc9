"""The stage: widgets on top of Manim that draw the core's value objects. Scenes import from here."""

from vcalc_anim.stage.emphasis import CountdownRing, Dim, Pulse, boxed, dim
from vcalc_anim.stage.gauges import SlopeGauge
from vcalc_anim.stage.hops import HopLine
from vcalc_anim.stage.lecture_scene import LectureScene, LineClock, SceneParams
from vcalc_anim.stage.maps import ContourMap
from vcalc_anim.stage.marks import Arrow, Stick, cross, dashed, dot, hatching, right_angle, tick
from vcalc_anim.stage.matrices import MatrixCard
from vcalc_anim.stage.plot import NumberLine, Plot, label_beside
from vcalc_anim.stage.quiz import QuizScene
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.typeset import Formula, Markup, Text, column, row
from vcalc_anim.stage.zones import Zone, Zones

__all__ = [
    "Arrow",
    "ContourMap",
    "CountdownRing",
    "Dim",
    "Formula",
    "HopLine",
    "LectureScene",
    "LineClock",
    "Markup",
    "MatrixCard",
    "NumberLine",
    "Plot",
    "Pulse",
    "QuizScene",
    "Readout",
    "SceneParams",
    "SlopeGauge",
    "Stick",
    "Text",
    "Zone",
    "Zones",
    "boxed",
    "column",
    "cross",
    "dashed",
    "dim",
    "dot",
    "hatching",
    "label_beside",
    "right_angle",
    "row",
    "tick",
]
