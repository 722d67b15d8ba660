"""What was not heard: the watched places that did not answer, as far as a digest's figures rest on them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from tracker.digest import words
from tracker.digest.model import Silence
from tracker.digest.style import figure
from tracker.digest.weeks import day
from tracker.domain import Kind, Outcome
from tracker.store.rows import SourceRow
from tracker.store.times import stamp

NEVER = "9999"
STALE = timedelta(days=3)
UNWELL = ("failed", "blocked", "offline")
NAMED = 3
# A note names its source and page first; those stand in the title already.
PLACE = re.compile(r"^(?:[\w-]+: )?(?:https?://\S+?|[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:: | (?=\w))")


def silences(
    sources: Iterable[SourceRow], now: datetime, told: Collection[str]
) -> tuple[tuple[Silence, ...], str]:
    """The silent places of `told` figures, one line a reason, and a sentence that counts the others.

    `told` are the names of sources whose figures a digest gives. "" for no others.
    """
    by_reason: dict[tuple[str, str], list[SourceRow]] = defaultdict(list)
    rest = []
    for row in silent(sources, now):
        if row.name in told and row.kind != Kind.NEWS:
            by_reason[_reason(row), _since(row, now.date())].append(row)
        else:
            rest.append(row)
    return tuple(_silence(rows, *why) for why, rows in by_reason.items()), _others(rest)


def silent(sources: Iterable[SourceRow], now: datetime) -> list[SourceRow]:
    """Sources whose last visit failed, or that have not answered for three days, in the order of titles.

    A place that its user left alone or took out, or never gave the key that it wants, is not silent.
    """
    late, found = stamp(now - STALE), []
    for row in sorted(sources, key=lambda row: row.title.casefold()):
        keyless = row.outcome == Outcome.PAUSED and not row.last_success
        if row.paused or keyless or (row.removed or NEVER) <= stamp(now):
            continue
        if row.outcome in UNWELL or (row.last_attempt and (row.last_success or "") < late):
            found.append(row)
    return found


def _others(rows: Sequence[SourceRow]) -> str:
    """`97 places whose figures do not stand above are silent: `gapwatch sources list`.`"""
    if not rows:
        return ""
    places = "place is" if len(rows) == 1 else "places are"
    return f"{figure(str(len(rows)))} {places} silent that no figure above rests on: `gapwatch sources list`."


def _reason(row: SourceRow) -> str:
    """Why, without the place: two hosts that fail in one way fail for one reason."""
    if row.outcome == "offline":
        return "no website answered"
    return PLACE.sub("", row.note) or f"last visit: {row.outcome or 'none yet'}"


def _since(row: SourceRow, today: date) -> str:
    return day(row.last_success, today) if row.last_success else ""


def _silence(rows: Sequence[SourceRow], reason: str, since: str) -> Silence:
    titles = [row.title for row in rows]
    return Silence(words.listed(titles) if len(titles) <= NAMED else f"{len(titles)} sources", reason, since)
