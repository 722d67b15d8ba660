"""What was not heard: the watched places that did not answer, told by reason in as few lines as may be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from tracker.digest import words
from tracker.digest.model import Silence
from tracker.digest.weeks import day
from tracker.domain import Kind, Outcome
from tracker.store.rows import SourceRow
from tracker.store.times import stamp

NEVER = "9999"
STALE = timedelta(days=3)
UNWELL = ("failed", "blocked", "offline")
NAMED = 3
MOST = 2  # lines in a digest
# A note names its source and page first; those stand in the title already.
PLACE = re.compile(r"^(?:[\w-]+: )?(?:https?://\S+?|[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:: | (?=\w))")


def silences(sources: Iterable[SourceRow], now: datetime) -> tuple[Silence, ...]:
    """Sources whose last visit failed, or that have not answered for three days; one line a reason.

    The boards and price lists come first, since figures depend on them. A place that its user left alone or
    took out, or never gave the key that it wants, is not silent.
    """
    late = stamp(now - STALE)
    silent: dict[tuple[str, str], list[SourceRow]] = defaultdict(list)
    for row in sorted(sources, key=lambda row: (row.kind == Kind.NEWS, row.title.casefold())):
        keyless = row.outcome == Outcome.PAUSED and not row.last_success
        if row.paused or keyless or (row.removed or NEVER) <= stamp(now):
            continue
        if row.outcome in UNWELL or (row.last_attempt and (row.last_success or "") < late):
            silent[_reason(row), _since(row, now.date())].append(row)
    return tuple(_silence(rows, *why) for why, rows in silent.items())


def few(silent: Sequence[Silence]) -> tuple[Silence, ...]:
    """The silences that concern most, and how many more there are."""
    more = len(silent) - MOST
    rest = [Silence("Others", "`gapwatch sources list` tells all", "")]
    return (*silent[:MOST], *(rest if more > 0 else []))


def _reason(row: SourceRow) -> str:
    """Why, without the place: two hosts that fail in one way fail for one reason."""
    if row.outcome == "offline":
        return "no website answered"
    return PLACE.sub("", row.note) or f"last visit: {row.outcome or 'none yet'}"


def _since(row: SourceRow, today: date) -> str:
    return day(row.last_success, today) if row.last_success else ""


def _silence(rows: Sequence[SourceRow], reason: str, since: str) -> Silence:
    titles = [row.title for row in rows]
    if len(titles) <= NAMED:
        return Silence(words.listed(titles), reason, since)
    figures = sum(row.kind != Kind.NEWS for row in rows)
    aside = f" ({figures} of them {'gives' if figures == 1 else 'give'} figures)" if figures else ""
    return Silence(f"{len(titles)} sources{aside}", reason, since)
