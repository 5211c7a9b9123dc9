"""The stage: widgets on top of Manim that draw the core's value objects. Scenes import from here."""

from vcalc_anim.stage.areas import GrowingArea
from vcalc_anim.stage.bills import LayerStrip, LogMeters, Meter
from vcalc_anim.stage.blocks import BlockPile, BlockTrain, block_height
from vcalc_anim.stage.cards import closing_card, opening_card
from vcalc_anim.stage.closeup import CloseUp
from vcalc_anim.stage.column_space import ColumnSpace
from vcalc_anim.stage.cuts import Cut
from vcalc_anim.stage.depth_chart import DepthChart, RunTable
from vcalc_anim.stage.dial_wall import DialBoard, DialFace, PenTrace
from vcalc_anim.stage.dials import Needle, SlopeWave
from vcalc_anim.stage.digits import DigitRow
from vcalc_anim.stage.emphasis import CountdownRing, Dim, Pulse, boxed, dim
from vcalc_anim.stage.error_bars import ErrorBars
from vcalc_anim.stage.fog import Fog
from vcalc_anim.stage.gates import Gate
from vcalc_anim.stage.gauges import SlopeGauge
from vcalc_anim.stage.gear_train import MeshedGears, full_turn
from vcalc_anim.stage.gears import GearLines, Wheel
from vcalc_anim.stage.graph import GraphView
from vcalc_anim.stage.ground_tile import GroundTile
from vcalc_anim.stage.jacobian_race import PaintedJacobian, SlopeStrip
from vcalc_anim.stage.knives import Blade, CurvatureWave, CutView, SpiritLevel
from vcalc_anim.stage.layer_blocks import LayerBlocks
from vcalc_anim.stage.lecture_scene import LectureScene, LineClock, SceneParams
from vcalc_anim.stage.line_fit import LineFit, LossMap
from vcalc_anim.stage.listing import Code, Listing, WrittenOut
from vcalc_anim.stage.locks import Lock
from vcalc_anim.stage.long_machine import LongMachine
from vcalc_anim.stage.loop_scene import LoopScene
from vcalc_anim.stage.machines import NumberMachine
from vcalc_anim.stage.map_chain import MapChain, place_typst
from vcalc_anim.stage.maps import ContourMap, SlopeTriangle
from vcalc_anim.stage.marks import Arrow, Stick, angle_arc, cross, dashed, dot, hatching, right_angle, tick
from vcalc_anim.stage.matrices import MatrixCard, equation
from vcalc_anim.stage.matrix_view import MatrixView, fly
from vcalc_anim.stage.nudges import ChordView, VChart
from vcalc_anim.stage.plot import Plot, label_beside, legend
from vcalc_anim.stage.plugs import PinBoard, Plug, shape_typst
from vcalc_anim.stage.product_lane import ProductLane
from vcalc_anim.stage.quiz import QuizScene
from vcalc_anim.stage.readout import Readout
from vcalc_anim.stage.relief import Relief, View
from vcalc_anim.stage.results import ResultTable
from vcalc_anim.stage.rise_run import RiseRun
from vcalc_anim.stage.series import (
    ErrorChart,
    ErrorStrip,
    OrderSlider,
    OrderTrack,
    ReachBand,
    SeriesPlot,
    clipped_band,
    term_source,
)
from vcalc_anim.stage.shadows import ShadowToken
from vcalc_anim.stage.shares import AntBody, Shares
from vcalc_anim.stage.slope_film import SlopeFilm
from vcalc_anim.stage.slope_walk import SlopeWalk
from vcalc_anim.stage.square_ride import SquareRide
from vcalc_anim.stage.step_bars import StepBars
from vcalc_anim.stage.surface import Surface
from vcalc_anim.stage.tape_view import Memory, TapeView
from vcalc_anim.stage.typeset import Formula, Markup, Text
from vcalc_anim.stage.valley import Valley
from vcalc_anim.stage.warps import JacobianReadout, Lens, WarpView, outline
from vcalc_anim.stage.zones import Zone, Zones
from vcalc_anim.stage.zoom import ZoomMap

__all__ = [
    "AntBody",
    "Arrow",
    "Blade",
    "BlockPile",
    "BlockTrain",
    "ChordView",
    "CloseUp",
    "Code",
    "ColumnSpace",
    "ContourMap",
    "CountdownRing",
    "CurvatureWave",
    "Cut",
    "CutView",
    "DepthChart",
    "DialBoard",
    "DialFace",
    "DigitRow",
    "Dim",
    "ErrorBars",
    "ErrorChart",
    "ErrorStrip",
    "Fog",
    "Formula",
    "Gate",
    "GearLines",
    "GraphView",
    "GroundTile",
    "GrowingArea",
    "JacobianReadout",
    "LayerBlocks",
    "LayerStrip",
    "LectureScene",
    "Lens",
    "LineClock",
    "LineFit",
    "Listing",
    "Lock",
    "LogMeters",
    "LongMachine",
    "LoopScene",
    "LossMap",
    "MapChain",
    "Markup",
    "MatrixCard",
    "MatrixView",
    "Memory",
    "MeshedGears",
    "Meter",
    "Needle",
    "NumberMachine",
    "OrderSlider",
    "OrderTrack",
    "PaintedJacobian",
    "PenTrace",
    "PinBoard",
    "Plot",
    "Plug",
    "ProductLane",
    "Pulse",
    "QuizScene",
    "ReachBand",
    "Readout",
    "Relief",
    "ResultTable",
    "RiseRun",
    "RunTable",
    "SceneParams",
    "SeriesPlot",
    "ShadowToken",
    "Shares",
    "SlopeFilm",
    "SlopeGauge",
    "SlopeStrip",
    "SlopeTriangle",
    "SlopeWalk",
    "SlopeWave",
    "SpiritLevel",
    "SquareRide",
    "StepBars",
    "Stick",
    "Surface",
    "TapeView",
    "Text",
    "VChart",
    "Valley",
    "View",
    "WarpView",
    "Wheel",
    "WrittenOut",
    "Zone",
    "Zones",
    "ZoomMap",
    "angle_arc",
    "block_height",
    "boxed",
    "clipped_band",
    "closing_card",
    "cross",
    "dashed",
    "dim",
    "dot",
    "equation",
    "fly",
    "full_turn",
    "hatching",
    "label_beside",
    "legend",
    "opening_card",
    "outline",
    "place_typst",
    "right_angle",
    "shape_typst",
    "term_source",
    "tick",
]
