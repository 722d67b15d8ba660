"""A week's one frozen digest as each reader has it: their tasks, their figures and dates, their zone.

What a reader's own view can change, and what not:

- *tasks* choose rows of the board and what happened at them. What concerns everybody (prices, vendors, what
  goes away, corrections) stays, and the headline and summary are the edition's.
- *numbers and dates* are those of the same digest, written in the reader's style when the week was frozen. A
  style that came into the configuration later begins with the next week.
- *zone* says in whose time the digest's own moments are told. Whose weeks a digest covers is the one
  `timezone` of the settings, since another week would be another digest; and a day that a board or a list
  gives is told as it gives it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.digest import words
from tracker.digest.model import Digest
from tracker.digest.style import Style
from tracker.digest.tidy import with_evidence
from tracker.outlets import Reader


def style_of(reader: Reader) -> Style:
    """How the reader writes figures and dates."""
    return Style(reader.numbers, reader.dates)


def view(digest: Digest, reader: Reader) -> Digest:
    """The reader's tasks of a digest, with its moments in their zone."""
    if reader.zone:
        here = datetime.fromisoformat(digest.generated).astimezone(ZoneInfo(reader.zone))
        digest = replace(digest, generated=here.isoformat())
    return _of_tasks(digest, reader.tasks) if reader.tasks else digest


def _of_tasks(digest: Digest, tasks: tuple[str, ...]) -> Digest:
    wanted = {task.casefold() for task in tasks}
    known = {row.task.casefold() for row in digest.board}
    strange = [task for task in tasks if task.casefold() not in known]
    chosen = replace(
        digest,
        board=tuple(row for row in digest.board if row.task.casefold() in wanted),
        happened=tuple(i for i in digest.happened if not i.tasks or wanted & set(map(str.casefold, i.tasks))),
        unknown=(*digest.unknown, *map(_unknown, strange)),
    )
    return with_evidence(chosen)


def _unknown(task: str) -> str:
    return words.sentence(f"you asked for the task {task}, which this digest does not have")
