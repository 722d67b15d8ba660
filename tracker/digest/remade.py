"""What boards did that is no news of models: another scale, another listing. One line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item
from tracker.digest.weeks import day
from tracker.store.rows import ChangeRow, SourceRow

NAMED = 3


def remade(
    changes: Sequence[ChangeRow], sources: Mapping[str, SourceRow], on: date, evidence: Evidence
) -> tuple[Item, ...]:
    """The week's changes of scale and of listing, a line for each board and capture."""
    found: dict[tuple[str, int, str], list[ChangeRow]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: (change.at, change.metric)):
        if change.kind in ("rescale", "listing"):
            found[change.source, change.capture, change.kind].append(change)
    return tuple(
        Item(
            words.sentence(_listing(sources[source].title, told[0]) if kind == "listing" else _rescale(told)),
            "",
            day(told[0].date, on),
            evidence(capture),
        )
        for (source, capture, kind), told in found.items()
    )


def _listing(board: str, change: ChangeRow) -> str:
    return f"{board} changed what it lists ({change.detail}): that is no news of those models"


def _rescale(told: Sequence[ChangeRow]) -> str:
    names = [change.metric_name for change in told][:NAMED]
    more = [f"{len(told) - NAMED} more"] if len(told) > NAMED else []
    what = f"the scale of {words.listed([*names, *more])} became another one"
    return f"{what} ({told[0].detail}): nothing is compared across it"
