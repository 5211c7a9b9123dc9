"""The stage: widgets on top of Manim that draw the core's value objects. Scenes import from here."""

from vcalc_anim.stage.cards import closing_card, opening_card
from vcalc_anim.stage.dials import Needle, SlopeWave
from vcalc_anim.stage.emphasis import CountdownRing, Dim, Pulse, boxed, dim
from vcalc_anim.stage.fog import Fog
from vcalc_anim.stage.gauges import SlopeGauge
from vcalc_anim.stage.lecture_scene import LectureScene, LineClock, SceneParams
from vcalc_anim.stage.maps import ContourMap, SlopeTriangle
from vcalc_anim.stage.marks import Arrow, Stick, angle_arc, cross, dashed, dot, hatching, right_angle, tick
from vcalc_anim.stage.matrices import MatrixCard, equation
from vcalc_anim.stage.plot import Plot, label_beside, legend
from vcalc_anim.stage.quiz import QuizScene
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.results import ResultTable
from vcalc_anim.stage.typeset import Formula, Markup, Text, column, row
from vcalc_anim.stage.valley import Valley
from vcalc_anim.stage.zones import Zone, Zones
from vcalc_anim.stage.zoom import ZoomMap

__all__ = [
    "Arrow",
    "ContourMap",
    "CountdownRing",
    "Dim",
    "Fog",
    "Formula",
    "LectureScene",
    "LineClock",
    "Markup",
    "MatrixCard",
    "Needle",
    "Plot",
    "Pulse",
    "QuizScene",
    "Readout",
    "ResultTable",
    "SceneParams",
    "SlopeGauge",
    "SlopeTriangle",
    "SlopeWave",
    "Stick",
    "Text",
    "Valley",
    "Zone",
    "Zones",
    "ZoomMap",
    "angle_arc",
    "boxed",
    "closing_card",
    "column",
    "cross",
    "dashed",
    "dim",
    "dot",
    "equation",
    "hatching",
    "label_beside",
    "legend",
    "opening_card",
    "right_angle",
    "row",
    "tick",
]
