"""When a film on a slide plays: the ``p:timing`` tree (ECMA-376, part 1, 19.5), in the form PowerPoint gives it.

The tree has two parts. The main sequence calls ``playFrom(0.0)`` after the slide has come in, without a click; a sequence
of its own pauses the film, and lets it go on, when somebody clicks on it. The media node holds the film itself: how loud
it is, and whether it begins again at its end.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from pptx.oxml.xmlchemy import OxmlElement

VOLUME = 80_000  # in thousandths of a percent: what PowerPoint gives a film


def play_at_once(shape_id: int, seconds: float, *, loops: bool = False) -> Any:
    """The ``p:timing`` of a slide with one film, the shape *shape_id*, that lasts *seconds*.

    The film starts with the slide. With *loops* it goes on for ever, and silently.

    Raises:
        ValueError: a film that lasts no time, or a shape without a number.
    """
    if seconds <= 0 or shape_id < 1:
        raise ValueError(f"shape {shape_id} plays for {seconds} s; both have to be above 0")
    ids = count(1)
    timing = OxmlElement("p:timing")
    root = _node(_add(timing, "tnLst"), ids, dur="indefinite", restart="never", nodeType="tmRoot")
    _main_sequence(root, ids, shape_id, round(1000 * seconds))
    _media(root, ids, shape_id, loops)
    _pause_on_click(root, ids, shape_id)
    return timing


def _main_sequence(parent: Any, ids: count[int], shape_id: int, milliseconds: int) -> None:
    sequence = _add(parent, "seq", concurrent="1", nextAc="seek")
    number = str(next(ids))
    main = _add(sequence, "cTn", id=number, dur="indefinite", nodeType="mainSeq")
    click = _add(_add(_add(main, "childTnLst"), "par"), "cTn", id=str(next(ids)), fill="hold")
    conditions = _add(click, "stCondLst")
    _add(conditions, "cond", delay="indefinite")
    # This lets the first effect begin with the slide: it follows the sequence's beginning instead of a click.
    _add(_add(conditions, "cond", evt="onBegin", delay="0"), "tn", val=number)
    step = _node(_add(click, "childTnLst"), ids, delay="0", fill="hold")
    effect = _node(
        step,
        ids,
        delay="0",
        presetID="1",
        presetClass="mediacall",
        presetSubtype="0",
        fill="hold",
        nodeType="afterEffect",
    )
    _command(effect, ids, "playFrom(0.0)", milliseconds, shape_id)
    for side, event in (("prevCondLst", "onPrev"), ("nextCondLst", "onNext")):
        condition = _add(_add(sequence, side), "cond", evt=event, delay="0")
        _add(_add(condition, "tgtEl"), "sldTgt")


def _media(parent: Any, ids: count[int], shape_id: int, loops: bool) -> None:
    media = _add(_add(parent, "video"), "cMediaNode", vol=str(VOLUME))
    if loops:
        media.set("mute", "1")
    time = _add(media, "cTn", id=str(next(ids)))
    if loops:
        time.set("repeatCount", "indefinite")
    time.set("fill", "hold")
    time.set("display", "0")
    _add(_add(time, "stCondLst"), "cond", delay="indefinite")
    _target(media, shape_id)


def _pause_on_click(parent: Any, ids: count[int], shape_id: int) -> None:
    sequence = _add(parent, "seq", concurrent="1", nextAc="seek")
    time = _add(
        sequence,
        "cTn",
        id=str(next(ids)),
        restart="whenNotActive",
        fill="hold",
        evtFilter="cancelBubble",
        nodeType="interactiveSeq",
    )
    _target(_add(_add(time, "stCondLst"), "cond", evt="onClick", delay="0"), shape_id)
    _add(_add(time, "endSync", evt="end", delay="0"), "rtn", val="all")
    outer = _node(_add(time, "childTnLst"), ids, delay="0", fill="hold")
    inner = _node(outer, ids, delay="0", fill="hold")
    effect = _node(
        inner,
        ids,
        delay="0",
        presetID="2",
        presetClass="mediacall",
        presetSubtype="0",
        fill="hold",
        nodeType="clickEffect",
    )
    _command(effect, ids, "togglePause", 1, shape_id)
    _target(_add(_add(sequence, "nextCondLst"), "cond", evt="onClick", delay="0"), shape_id)


def _command(parent: Any, ids: count[int], command: str, milliseconds: int, shape_id: int) -> None:
    behaviour = _add(_add(parent, "cmd", type="call", cmd=command), "cBhvr")
    _add(behaviour, "cTn", id=str(next(ids)), dur=str(milliseconds), fill="hold")
    _target(behaviour, shape_id)


def _node(parent: Any, ids: count[int], delay: str | None = None, **attributes: str) -> Any:
    """A new ``p:par`` under *parent*; the list for its children."""
    time = _add(_add(parent, "par"), "cTn", id=str(next(ids)), **attributes)
    if delay is not None:
        _add(_add(time, "stCondLst"), "cond", delay=delay)
    return _add(time, "childTnLst")


def _target(parent: Any, shape_id: int) -> None:
    _add(_add(parent, "tgtEl"), "spTgt", spid=str(shape_id))


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    child: Any = OxmlElement(f"p:{tag}")
    for name, value in attributes.items():
        child.set(name, value)
    parent.append(child)
    return child
