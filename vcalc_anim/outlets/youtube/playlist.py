"""The order of the films, and a page that says what to paste where."""

from __future__ import annotations

import json

from vcalc_anim.course import Course
from vcalc_anim.outlets.youtube import limits, texts

_STEPS = """\
{title}: what is in this folder, and how it gets to YouTube
{rule}

One folder a film. In YouTube Studio: Create > Upload videos, then take from the folder:

  video.mp4            the film (drop it on the upload page)
  title.txt            Details > Title ({title_limit} characters at most)
  description.txt      Details > Description; its times become chapters by themselves
  thumbnail.png        Details > Thumbnail > Upload file
  tags.txt             Details > Show more > Tags: paste the whole line
  video.{language}.srt         Video elements > Subtitles > Upload file > With timing (the .vtt is the same)
  short/               the vertical film: upload it in the same way, as a film of its own

For every film choose:

  Audience             "No, it's not made for kids": it teaches adults, and only then are end screens, cards and
                       comments there. Choose the other answer where your law or your pupils' age asks for it.
  Altered content      "No": everything is drawn; nothing looks like a real person, place or event.
  Language             {language}, and captions certification "None" outside the United States
  Licence              {licence}
  Category             Education
  End screen           Video elements > End screen. The last {card:.0f} seconds are made for it: lay a video element over
                       each of the two frames (left: the next film; right: the playlist), and "Subscribe" over
                       the ring. Films need {film:g} s and end screens last {shortest:g} to {longest:g} s.

For every short: Details > Related video: the film that it is a part of. Shorts last up to {short:g} s, are vertical, and
have neither end screens nor thumbnails of their own; their words are in the picture already, so that captions are
for translation only.

Then make a playlist with the name and in the order of playlist.txt.

Limits worth knowing

  - Thumbnails of one's own, and films of more than {minutes} minutes (the film of the whole course), need an account whose
    telephone number YouTube has confirmed.
  - An account may upload only so many films a day. Schedule the rest: the end screens of a film can only point to films
    that are there, so set them when all are uploaded.
  - Titles and descriptions hold no angle brackets; descriptions hold {description} bytes, tags {tags} characters.
  - Chapters need {marks} times, the first 0:00, each {mark_seconds} s or longer. All are so in the files here: when you edit a
    description, keep the times.
  - Programs that upload through YouTube's interface for programs: what a project uploads that YouTube has not audited
    stays private and cannot be made public. Upload by hand, or have the project audited. Nothing here was uploaded.
"""


def files(course: Course, card_seconds: float) -> dict[str, str]:
    """``README.txt``, ``playlist.txt`` and ``playlist.json`` for all lectures of *course*, by name."""
    heading = f"{course.title}: what is in this folder, and how it gets to YouTube"
    readme = _STEPS.format(
        title=course.title,
        rule="=" * len(heading),
        language=course.language,
        licence=_licence(course),
        card=card_seconds,
        title_limit=limits.TITLE,
        film=limits.FILM_SECONDS,
        shortest=limits.END_CARD_SECONDS[0],
        longest=limits.END_CARD_SECONDS[1],
        short=limits.SHORT_SECONDS,
        minutes=limits.UNVERIFIED_MINUTES,
        description=limits.DESCRIPTION,
        tags=limits.TAGS,
        marks=limits.MARKS,
        mark_seconds=limits.MARK_SECONDS,
    )
    films = [
        {
            "position": index,
            "title": texts.lecture_title(course, lecture),
            "folder": lecture.slug,
            "video": f"{lecture.slug}/video.mp4",
            "short": f"{lecture.slug}/short/video.mp4",
        }
        for index, lecture in enumerate(course.lectures, 1)
    ]
    listing = {"title": course.title, "description": course.subtitle, "films": films}
    lines = [
        course.title,
        course.subtitle,
        "",
        *(f"{film['position']:>2}. {film['title']}\n    {film['video']}" for film in films),
    ]
    return {
        "README.txt": readme,
        "playlist.txt": "\n".join(lines) + "\n",
        "playlist.json": json.dumps(listing, indent=1, ensure_ascii=False) + "\n",
    }


def _licence(course: Course) -> str:
    if "CC BY" in course.licence and "SA" not in course.licence and "NC" not in course.licence:
        return f'"Creative Commons - Attribution" (the course: {course.licence})'
    return f'"Standard YouTube License" (the course: {course.licence or "no licence named"})'
