"""The gate of files: every film in the output folder against the rules of publishing, measured from its bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from vcalc_anim.check import clip_files, deck_files, quiz_files, slide_files, youtube_files
from vcalc_anim.check.caption_files import SRT_RULES, VTT_RULES, read_srt, read_vtt
from vcalc_anim.check.film import AudioTrack, Film, measure_film, measure_joined
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.h264 import HIGH_PROFILE, PictureType

BT709 = (1, 1, 1)
MP4_BRANDS = frozenset({"isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1"})
GROUP_SECONDS = 0.5
MAX_B_FRAMES = 2
SAMPLE_RATE = 48_000
MAX_AUDIO_RATE = 384_000  # bit/s
AAC_RATE_SWING = 1.05  # an encoder holds its rate on average only
DRIFT = 0.040  # seconds between the ends of sound and picture
TARGET_LUFS, LUFS_TOLERANCE = -14.0, 1.0
MAX_TRUE_PEAK = -1.0  # dBTP
UNMEASURED_LUFS = -70.0  # what the meter says of a sound too short to have a loudness
MAX_TITLE = 100  # characters
MIN_MARKS = 2
SHORTEST_MARK = 10.0  # seconds
_TIME_STEP = 1.5e-4  # seconds: containers hold times in ticks, Matroska's relatives in milliseconds

Broken = Iterator[tuple[str, str]]  # the rule's short name, what is wrong and how to mend it
Rule = Callable[[Any], Broken]


@dataclass(frozen=True)
class Kind:
    """How a kind of file is read, and the rules it keeps. ``read`` raises ``ValueError`` with the reason."""

    read: Callable[[Path], Any]
    rules: tuple[Rule, ...]


def container(film: Film) -> Broken:
    """A plain MP4 that plays while it loads, without an edit list that players disagree about."""
    layout = film.layout
    if "ftyp" not in layout.outer or layout.major_brand not in MP4_BRANDS:
        yield "container", f"the brand is {layout.major_brand!r}, not one of an MP4 file: write it as mp4"
    if "moof" in layout.outer:
        yield "container", "the file is in fragments; write it whole"
    if not layout.is_fast_start:
        yield "fast-start", "the index comes after the media; write with movflags +faststart"
    if "elst" in layout.inner:
        yield "edit-list", "the file has an edit list; write with use_editlist 0"
    if film.tracks != 1 + bool(film.audio) + bool(film.marks):  # chapter marks are a track of their own
        yield "container", f"the file has {film.tracks} tracks; it takes one picture and one sound"
    if len(film.title) > MAX_TITLE:
        yield "title", f"the title has {len(film.title)} characters; {MAX_TITLE} are allowed: shorten it"


def picture(film: Film) -> Broken:
    """H.264 High, progressive, 4:2:0, CABAC, even sides."""
    header = film.video.header
    if header is None:
        yield "codec", f"the picture is {film.video.codec}; encode it as H.264"
        return
    if header.profile != HIGH_PROFILE or header.bits != 8:
        found = f"profile number {header.profile} with {header.bits} bits"
        yield "profile", f"the picture has {found}; encode it as High (100) with 8 bits"
    if header.chroma != 1:
        yield "chroma", "the picture is not 4:2:0; encode it from yuv420p"
    if not header.progressive:
        yield "interlaced", "the picture is interlaced; encode whole frames"
    if not header.cabac:
        yield "cabac", "the picture is coded with CAVLC; encode it with cabac=1"
    if film.video.width % 2 or film.video.height % 2:
        yield "size", f"{film.video.width} × {film.video.height}: both sides have to be even"


def color(film: Film) -> Broken:
    """BT.709 and limited range, said by the stream and by the container where it says anything."""
    header, box = film.video.header, film.layout.color
    stated = [] if header is None else [("stream", header.color, header.full_range)]
    stated += [] if box is None else [("container", box[:3], box[3])]
    for where, tags, full in stated:
        if tags != BT709:
            yield (
                "color",
                f"the {where} tags the colours as {tags}, not as BT.709 {BT709}; players guess then",
            )
        if full:
            yield "range", f"the {where} says full range; convert to limited range and tag it so"


def groups(film: Film) -> Broken:
    """Closed groups of half a second with at most two B-frames in a row."""
    video = film.video
    if not video.pictures:
        return
    refresh = [index for index, shown in enumerate(video.pictures) if shown.is_refresh]
    if not refresh or refresh[0] != 0:
        yield "gop", "the film does not begin with a key frame"
        return
    if opened := sorted(set(video.keys) - set(refresh)):
        at = _clock(film, opened[0])
        yield "open-gop", f"the group at {at} leans on the one before it; encode with open-gop=0"
    lengths = [late - early for early, late in pairwise([*refresh, len(video.pictures)])]
    wanted = max(1, int(video.fps * GROUP_SECONDS + 1e-6))
    longest = max(range(len(lengths)), key=lengths.__getitem__)
    if lengths[longest] > wanted:
        at = _clock(film, refresh[longest])
        yield "gop", f"the group at {at} has {lengths[longest]} frames; half a second is {wanted}"
    elif len(lengths) > 2 and (usual := Counter(lengths[:-1]).most_common(1)[0][0]) < wanted:
        yield "gop", f"groups have {usual} frames; half a second is {wanted}: set keyint"
    run, first = _longest_run([shown.kind for shown in video.pictures], "B")
    if run > MAX_B_FRAMES:
        yield "b-frames", f"{run} B-frames in a row at {_clock(film, first)}; {MAX_B_FRAMES} are allowed"


def frame_rate(film: Film) -> Broken:
    """The same time from each frame to the next, and not more bits than the guide rate."""
    times = film.video.times
    if len(times) > 1:
        steps = np.diff(times)
        off = np.abs(steps - np.median(steps))
        worst = int(np.argmax(off))
        if off[worst] > max(_TIME_STEP, 0.01 * float(np.median(steps))):
            shown = f"{1000 * steps[worst]:.1f} ms instead of {1000 * float(np.median(steps)):.1f}"
            yield "frame-rate", f"the frame at {times[worst]:.2f} s stays {shown}; keep the rate constant"
    if film.video.bit_rate > (guide := guide_rate(film.video.height, film.video.width, film.video.fps)):
        rates = f"{film.video.bit_rate / 1e6:.1f} Mbit/s; the guide rate is {guide / 1e6:g}"
        yield "bit-rate", f"the picture takes {rates}: raise the quantizer"


def guide_rate(height: int, width: int, fps: float) -> float:
    """Bits a second that publishing asks for at most: by the shorter side, in two classes of frame rate."""
    usual, fast = (8e6, 12e6) if min(height, width) <= 1080 else (45e6, 68e6)
    return fast if fps > 30.5 else usual


def sound(film: Film) -> Broken:
    """AAC-LC, 48 kHz, stereo, at the published loudness; a film without sound, or with silence, has none to judge."""
    audio = film.audio
    if audio is None:
        return
    if audio.codec != "aac" or audio.profile != "LC":
        yield "audio-codec", f"the sound is {audio.codec} {audio.profile}".rstrip() + "; encode it as AAC-LC"
    if audio.rate != SAMPLE_RATE:
        yield "audio-rate", f"the sound has {audio.rate} Hz; resample it to {SAMPLE_RATE}"
    if audio.bit_rate > MAX_AUDIO_RATE * AAC_RATE_SWING:
        yield "audio-bit-rate", f"the sound takes {audio.bit_rate / 1000:.0f} kbit/s; 384 are allowed"
    if audio.channels != 2:
        yield "audio-channels", f"the sound has {audio.channels} channels; mix it to stereo"
    elif audio.rate == SAMPLE_RATE and not audio.is_silent:
        yield from _levels(audio)


def _levels(audio: AudioTrack) -> Broken:
    integrated, peak = audio.loudness
    if integrated > UNMEASURED_LUFS and abs(integrated - TARGET_LUFS) > LUFS_TOLERANCE:
        wanted = f"{TARGET_LUFS:g} ± {LUFS_TOLERANCE:g}"
        yield "loudness", f"the loudness is {integrated:.1f} LUFS; {wanted} is published: master it again"
    if peak > MAX_TRUE_PEAK:
        yield (
            "true-peak",
            f"the true peak is {peak:.2f} dBTP; {MAX_TRUE_PEAK:g} is the limit: master it again",
        )


def together(film: Film) -> Broken:
    """Sound and picture start within a frame of each other and of 0 s, and end within 40 ms."""
    video, audio = film.video, film.audio
    frame = 1 / video.fps if video.fps else DRIFT
    start = float(video.times[0])
    if abs(start) > frame + _TIME_STEP:
        yield "start", f"the picture starts at {start:.3f} s; let it start at 0"
    if audio is None:
        return
    if abs(audio.start - start) > frame + _TIME_STEP:
        ahead = f"sound starts at {audio.start:.3f} s and picture at {start:.3f} s"
        yield "start", f"{ahead}; one frame ({frame:.3f} s) is the limit"
    # The last block of sound may reach beyond its last sample.
    if abs(audio.end - video.end) > DRIFT:
        ends = f"sound ends at {audio.end:.3f} s and picture at {video.end:.3f} s"
        yield "drift", f"{ends}; {1000 * DRIFT:.0f} ms is the limit"


def has_sound(film: Film) -> Broken:
    """A lecture has a sound track, if only a silent one: players and editors expect it."""
    if film.audio is None:
        yield "no-sound", "the lecture has no sound track; assemble it again"


def chapter_marks(film: Film) -> Broken:
    """The course as one film has a mark for each lecture, from the first frame to the last, without gaps."""
    if len(film.marks) < MIN_MARKS:
        yield "marks", f"the film has {len(film.marks)} chapter marks; each lecture has one: build it again"
        return
    edges = [0.0, *(mark.end for mark in film.marks)]
    for before, mark in zip(edges, film.marks, strict=False):
        if abs(mark.start - before) > DRIFT:
            yield "marks", f'"{mark.title}" starts at {mark.start:.2f} s, not where the one before it ends'
        if mark.end - mark.start < SHORTEST_MARK:
            shown = f"{mark.end - mark.start:.1f} s"
            yield "marks", f'"{mark.title}" lasts {shown}; players list chapters from {SHORTEST_MARK:g} s on'
    if abs(edges[-1] - film.video.end) > DRIFT:
        yield "marks", f"the last chapter ends at {edges[-1]:.2f} s, the film at {film.video.end:.2f} s"


SLIDE_CLIP: tuple[Rule, ...] = (clip_files.plays_on_slides, clip_files.small_enough)
QUIZ: tuple[Rule, ...] = (quiz_files.complete,)
SLIDES: tuple[Rule, ...] = (
    slide_files.within_limits,
    slide_files.resolves,
    slide_files.plays,
    slide_files.readable,
)
DECK: tuple[Rule, ...] = (deck_files.offline, deck_files.usable, deck_files.steps)
FILM: tuple[Rule, ...] = (container, picture, color, groups, frame_rate, sound, together)

KINDS: Mapping[tuple[str, str], Kind] = {
    ("lecture", ".mp4"): Kind(measure_film, (*FILM, has_sound)),
    ("course", ".mp4"): Kind(measure_joined, (*FILM, has_sound, chapter_marks)),  # its sound is the lectures'
    ("clip", ".mp4"): Kind(measure_film, FILM),
    ("loop", ".mp4"): Kind(measure_film, (*FILM, clip_files.closes)),
    **{("clip", suffix): Kind(clip_files.read_clip, SLIDE_CLIP) for suffix in (".webm", ".gif", ".mov")},
    **{
        ("loop", suffix): Kind(clip_files.read_clip, (*SLIDE_CLIP, clip_files.closes))
        for suffix in (".webm", ".gif", ".mov")
    },
    **{
        (kind, suffix): Kind(clip_files.read_clip, (*SLIDE_CLIP, *closing, clip_files.has_alpha))
        for kind, closing in (("transparent-clip", ()), ("transparent-loop", (clip_files.closes,)))
        for suffix in (".webm", ".mov")
    },
    ("poster", ".png"): Kind(clip_files.read_poster, (clip_files.is_opaque,)),
    ("transparent-poster", ".png"): Kind(clip_files.read_poster, (clip_files.is_transparent,)),
    ("clip-page", ".html"): Kind(deck_files.read_page, (deck_files.offline, deck_files.usable)),
    ("video", ".mp4"): Kind(measure_film, (*FILM, has_sound)),
    ("course-video", ".mp4"): Kind(measure_joined, (*FILM, has_sound, chapter_marks)),
    ("short", ".mp4"): Kind(measure_film, (*FILM, has_sound, youtube_files.is_short)),
    ("thumbnail", ".png"): Kind(youtube_files.read_thumbnail, (youtube_files.fits_list,)),
    ("video-text", ".txt"): Kind(youtube_files.read_text, (youtube_files.acceptable,)),
    ("video-text", ".json"): Kind(youtube_files.read_text, (youtube_files.acceptable,)),
    ("captions", ".srt"): Kind(read_srt, SRT_RULES),
    ("captions", ".vtt"): Kind(read_vtt, VTT_RULES),
    ("quiz", ".xml"): Kind(quiz_files.read_moodle, QUIZ),
    ("quiz", ".txt"): Kind(quiz_files.read_gift, QUIZ),
    ("quiz", ".zip"): Kind(quiz_files.read_package, QUIZ),
    ("quiz", ".apkg"): Kind(quiz_files.read_package, QUIZ),
    ("quiz", ".xlsx"): Kind(quiz_files.read_package, QUIZ),
    ("quiz", ".md"): Kind(quiz_files.read_markdown, QUIZ),
    ("quiz", ".json"): Kind(quiz_files.read_json, QUIZ),
    ("quiz", ".png"): Kind(quiz_files.read_picture, QUIZ),
    ("quiz", ".pdf"): Kind(quiz_files.read_pdf, QUIZ),
    ("quiz", ".pptx"): Kind(quiz_files.read_package, QUIZ),
    ("quiz", ".mp4"): Kind(measure_film, FILM),
    ("slides", ".pptx"): Kind(slide_files.read_slides, SLIDES),
    ("handout", ".pdf"): Kind(slide_files.read_handout, (slide_files.paged,)),
    ("deck", ".html"): Kind(deck_files.read_page, DECK),
    ("deck", ".css"): Kind(deck_files.read_style, (deck_files.offline,)),
    ("deck", ".js"): Kind(deck_files.read_text, ()),
    ("deck", ""): Kind(deck_files.read_text, ()),  # the licence of reveal.js
    ("deck", ".mp4"): Kind(deck_files.read_film, ()),
    ("deck", ".png"): Kind(quiz_files.read_picture, ()),
}
"""What is known of each kind of file: the manifest's ``kind`` and the suffix. A new outlet adds its rows."""


def check_file(path: Path, kind: str, chapter: str = "", scene: str = "") -> tuple[list[Finding], Any]:
    """Every rule that the file breaks, and what was read from it.

    A file that cannot be read, or that no rule knows, is a finding itself; then what was read is None.
    """
    known = KINDS.get((kind, path.suffix))
    if known is None:
        kinds = ", ".join(f"{kind} {suffix}" for kind, suffix in sorted(KINDS))
        message = f"no rules for a {kind} {path.suffix}; there are rules for {kinds}"
        return [_finding("kind", message, path, chapter, scene)], None
    try:
        content = known.read(path)
    except (ValueError, OSError) as error:
        message = f"cannot be read: {error}; build it again"
        return [_finding("unreadable", message, path, chapter, scene)], None
    broken = [found for rule in known.rules for found in rule(content)]
    return [_finding(rule, message, path, chapter, scene) for rule, message in broken], content


def _finding(rule: str, message: str, path: Path, chapter: str = "", scene: str = "") -> Finding:
    return Finding(f"media.{rule}", message, chapter=chapter, scene=scene, file=path)


def _clock(film: Film, index: int) -> str:
    return f"{film.video.times[min(index, len(film.video.times) - 1)]:.2f} s"


def _longest_run(kinds: Sequence[PictureType], wanted: PictureType) -> tuple[int, int]:
    """How many of one kind follow each other at most, and where."""
    best, at, place = 0, 0, 0
    for kind, run in groupby(kinds):
        count = sum(1 for _ in run)
        if kind == wanted and count > best:
            best, place = count, at
        at += count
    return best, place
