"""Slides to write in tests: two scenes with films of a few frames, one loop, two questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
from PIL import Image
from quiz_samples import item
from tiny_course import write_project

from vcalc_anim.build.narrate import NarratedScene
from vcalc_anim.course import LoopScript, estimate_spans, load_course, scene_timeline
from vcalc_anim.outlets.clips.scene_clips import SceneClip
from vcalc_anim.outlets.quiz.slides import SlideFiles
from vcalc_anim.outlets.slides.content import Deck, DeckLine, DeckLoop, QuestionSlide, SceneSlide

FPS = 15


def film(path: Path, shade: int = 0, frames: int = 3) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        pixels = np.full((36, 64, 3), shade, np.uint8)
        for _ in range(frames):
            container.mux(video.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(video.encode(None))
    return path


def png(path: Path, color: str = "#2EC4B6") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (64, 36), color).save(path)
    return path


def deck(folder: Path, theme: str = "dark", title: str | None = None) -> Deck:
    """The slides of the tiny course: Growing (with a loop), Still, and two questions, the second played by Sliding."""
    course = load_course(write_project(folder).root / "scenes")
    (lecture,) = course.lectures
    scenes = []
    for number, script in enumerate(lecture.scenes):
        if number == 0:
            script = replace(script, loops=(LoopScript("GrowingLoop", 2.0, script.line),))
            script = script if title is None else replace(script, title=title)
        spans = {name: estimate_spans(line.spoken) for name, line in script.lines.items()}
        timeline = scene_timeline(script, spans, FPS)
        lines = tuple(
            DeckLine(one.name, one.start / FPS, one.end / FPS, script.lines[one.name].caption)
            for one in timeline.lines
        )
        place = folder / "clips" / script.name.lower()
        clip = SceneClip(
            lecture,
            NarratedScene(script, {}),
            timeline,
            film(place.with_suffix(".mp4"), 40 * number),
            png(place.with_suffix(".png")),
            {},
        )
        loops = tuple(
            DeckLoop(
                loop.name, film(folder / "clips" / "loop.mp4", 200), png(folder / "clips" / "loop.png"), 2.0
            )
            for loop in script.loops
        )
        scenes.append(SceneSlide(script.title, clip, lines, loops))
    asked = []
    for number in (1, 2):
        one = item(number, chapter=lecture.slug)
        files = SlideFiles.of(replace(one, name=one.id), folder / "quiz")
        film(files.film, 100 + number)
        png(files.question, "#FF9F1C")
        png(files.answer, "#35D07F")
        asked.append(QuestionSlide(one, files, scenes[2] if number == 2 else None))
    return Deck(course, lecture, theme, (scenes[0], scenes[1], asked[1], asked[0]))
