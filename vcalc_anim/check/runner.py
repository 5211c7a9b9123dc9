"""Everything that ``vcalc check`` looks at: scripts and scenes of the chapters, and the files that were built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import get_args

from PIL import Image

from vcalc_anim.build.files import fingerprint
from vcalc_anim.build.kept import load_kept, store_kept
from vcalc_anim.build.narrate import NarratedLecture, NarratedScene, narrate, spoken_part
from vcalc_anim.build.plan import job_key
from vcalc_anim.build.project import Project
from vcalc_anim.build.quality import Quality, Shape
from vcalc_anim.build.render import RenderJob, stills
from vcalc_anim.build.sources import code_of
from vcalc_anim.build.workers import interrupts_held_back, processes
from vcalc_anim.check import reference
from vcalc_anim.check.captions import watch_films
from vcalc_anim.check.finding import Finding
from vcalc_anim.check.inventory import check_output
from vcalc_anim.check.questions import check_questions
from vcalc_anim.check.report import to_findings, to_json
from vcalc_anim.check.truth import check_files
from vcalc_anim.check.youtube_files import check_packs
from vcalc_anim.course import Lecture

FPS = 15  # how often a scene is looked at: no overlap that a viewer sees escapes ten looks a second
_CHECKING = (f"{__name__}:check_scene", f"{__name__}:SceneCheck")  # the code that a finding depends on
_PICTURE = Quality("report", 540, FPS)


@dataclass(frozen=True)
class SceneCheck:
    """One scene to look at, in a process of its own."""

    lecture: Lecture
    scene: NarratedScene
    job: RenderJob
    reference: Path | None  # its kept picture; None where the picture is another one (shape, theme)
    differences: Path
    update: bool = False


def check_scene(check: SceneCheck) -> list[Finding]:
    """All findings on one scene, from running it once."""
    from vcalc_anim.check.attention import AttentionGate
    from vcalc_anim.check.colour import ColourInspector
    from vcalc_anim.check.cues import CueInspector, check_marks
    from vcalc_anim.check.flashes import FlashInspector
    from vcalc_anim.check.layout import LayoutGate
    from vcalc_anim.check.scene_pass import Inspector, inspect
    from vcalc_anim.check.truth import check_record
    from vcalc_anim.core.provenance import recording

    timeline, script, chapter = check.job.timeline, check.scene.script, check.lecture.slug
    inspectors: list[Inspector] = [
        LayoutGate(timeline),
        AttentionGate(script, timeline),
        CueInspector(check.scene, timeline, chapter),
        ColourInspector(timeline),
        FlashInspector(),
    ]
    if check.reference is not None:
        inspectors.append(
            reference.ReferenceInspector(chapter, timeline, check.reference, check.differences, check.update)
        )
    with recording() as record:
        findings, marks = inspect(check.job, inspectors)
    findings += check_record(check.lecture, script, record)
    findings += check_marks(check.scene, timeline, [asdict(mark) for mark in marks], chapter)
    return [replace(finding, chapter=chapter, scene=script.name) for finding in findings]


def check_course(
    project: Project,
    chapters: Sequence[str],
    *,
    voice: str | None = None,
    out: Path | None = None,
    jobs: int = 1,
    shape: Shape = "wide",
    theme: str = "dark",
    update: bool = False,
    scenes: bool = True,
    report: Callable[[int], None] = lambda scenes: None,
) -> list[Finding]:
    """Every finding on *chapters* (all when empty): scripts, scenes, and the files in the folder *out* if given.

    Without *scenes*, only those files. Scenes that were checked before, unchanged, are not run again. With *update* the reference pictures are
    rewritten instead of compared. *report* is called with numbers of scenes that are done.
    """
    course = project.course
    lectures = [course.lecture(name) for name in chapters] or list(course.lectures)
    narrated = [narrate(course, lecture, project.voice(voice), project.speech_cache) for lecture in lectures]
    findings: list[Finding] = []
    if scenes:
        findings += [finding for lecture in lectures for finding in check_files(lecture)]
        findings += check_questions(lectures)
        if not chapters:
            findings += reference.orphans(course.folder, course.lectures)
        findings += _check_scenes(project, narrated, jobs, shape, theme, update, report)
    if out is not None:
        silent = [narrate(course, lec, project.voice("silent"), project.speech_cache) for lec in lectures]
        watch = watch_films([*narrated, *silent], course.language)
        # The film of the whole course belongs to no chapter: it is looked at when all of them are.
        whole = len(lectures) == len(course.lectures)
        slugs = () if whole else [lecture.slug for lecture in lectures]
        findings += check_output(out, slugs, watch) + check_packs(out, slugs)
    return findings


def _check_scenes(
    project: Project,
    narrated: Sequence[NarratedLecture],
    jobs: int,
    shape: Shape,
    theme: str,
    update: bool,
    report: Callable[[int], None],
) -> list[Finding]:
    checks = [
        _scene_check(project, chapter, scene, shape, theme, update)
        for chapter in narrated
        for scene in chapter.scenes
    ]
    known = {index: _stored(project, check) for index, check in enumerate(checks)}
    todo = [index for index, stored in known.items() if stored is None]
    report(len(known) - len(todo))
    if todo:
        with processes(min(jobs, len(todo)), _begin, ()) as executor:
            with interrupts_held_back():
                futures = {executor.submit(check_scene, checks[index]): index for index in todo}
            for future in as_completed(futures):
                index = futures[future]
                known[index] = future.result()
                _store(project, checks[index], future.result())
                report(1)
    return [finding for index in sorted(known) for finding in known[index] or ()]


def _scene_check(
    project: Project, chapter: NarratedLecture, scene: NarratedScene, shape: Shape, theme: str, update: bool
) -> SceneCheck:
    timeline = scene.timeline(FPS)
    job = RenderJob(
        chapter.lecture.script, scene.script.name, timeline, Quality("check", 1080, FPS), shape, theme
    )
    kept = reference.reference_path(project.course.folder, chapter.lecture, scene.script.name)
    compares = shape == "wide" and theme == "dark"
    return SceneCheck(
        chapter.lecture, scene, job, kept if compares else None, project.difference_folder, update
    )


def pictures_of(
    project: Project, findings: Sequence[Finding], voice: str | None = None
) -> dict[Finding, Image.Image]:
    """The frame of every finding that has a time in a scene, for the report."""
    pictures: dict[Finding, Image.Image] = {}
    course = project.course
    for slug in sorted({finding.chapter for finding in findings if finding.seconds is not None}):
        lecture = course.lecture(slug)
        narrated = narrate(course, lecture, project.voice(voice), project.speech_cache)
        for scene in narrated.scenes:
            here = [
                f
                for f in findings
                if (f.chapter, f.scene) == (slug, scene.script.name) and f.seconds is not None
            ]
            if not here:
                continue
            timeline = scene.timeline(FPS)
            job = RenderJob(lecture.script, scene.script.name, timeline, _PICTURE)
            frames = [min(round((f.seconds or 0.0) * FPS), timeline.frames - 1) for f in here]
            pictures.update(zip(here, stills(job, frames), strict=True))
    return pictures


def _begin() -> None:
    from vcalc_anim.build.worker import follow_parent_in_background

    follow_parent_in_background()


def _stored(project: Project, check: SceneCheck) -> list[Finding] | None:
    """Findings of an earlier run on the same scene; None when there was none, or pictures are to be rewritten."""
    if check.update:
        return None
    kept = load_kept(_record(project, check), f"what was found in {check.lecture.slug} {check.job.scene}")
    try:
        return None if kept is None else to_findings(kept.decode())
    except (ValueError, TypeError, KeyError):  # whole, but written by another version
        return None


def current_records(project: Project, voice: str | None = None) -> set[Path]:
    """Where findings on the scenes of the course, as it is now, are kept, in each shape and theme."""
    course, found = project.course, set()
    for lecture in course.lectures:
        speaker = project.voice(voice)
        spoken = spoken_part(course, lecture, speaker, project.speech_cache)
        narrated = replace(narrate(course, spoken, speaker, project.speech_cache), lecture=lecture)
        for scene, shape, theme in product(narrated.scenes, get_args(Shape), ("dark", "light")):
            found.add(_record(project, _scene_check(project, narrated, scene, shape, theme, False)))
    return found


def _store(project: Project, check: SceneCheck, findings: Sequence[Finding]) -> None:
    if check.update:
        return
    store_kept(_record(project, check), to_json(findings).encode())


def _record(project: Project, check: SceneCheck) -> Path:
    picture = check.reference
    kept = picture.read_bytes().hex() if picture is not None and picture.is_file() else ""
    shown = [line.caption for line in check.scene.script.lines.values()]
    key = fingerprint([job_key(check.lecture, check.job), shown, code_of(*_CHECKING), str(picture), kept])
    return project.check_cache / f"{check.job.scene.lower()}-{key[:24]}.findings"
