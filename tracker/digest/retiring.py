"""What goes away: the models that a vendor or a seller switches off soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tracker.catalog.modality import TEXT, makes
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item
from tracker.digest.weeks import day
from tracker.store.rows import Retiring
from tracker.trends.price import SELLERS

NEVER = "9999"
AHEAD = timedelta(days=60)
MOST = 3  # items; they are told soonest first, and how many more there are in one line
NAMED = 3  # models of an item


def retirements(
    rows: Iterable[Retiring], on: date, evidence: Evidence, *, known_by: str = NEVER
) -> tuple[Item, ...]:
    """What is switched off within two months, soonest first; one item a day and vendor.

    What was first told after `known_by` is left to vendor watch, which has it with its date.
    """
    last = (on + AHEAD).isoformat()
    together: dict[tuple[str, str], list[Retiring]] = defaultdict(list)
    for row in soonest(rows):
        if row.day <= last and row.told <= known_by:
            together[row.day, row.seller].append(row)
    days = list(together.values())
    items = [_item(gone, on, evidence) for gone in days[:MOST]]
    if left := sum(map(len, days[MOST:])):
        by = day(days[-1][0].day, on)
        more = f"{words.plural(left, 'more model')} by {by}: `gapwatch news --topic deprecation`"
        items.append(Item(more, "", "", evidence(days[-1][0].capture)))
    return tuple(items)


def soonest(rows: Iterable[Retiring]) -> list[Retiring]:
    """The models of text that a board or a price list knows, each once a seller: at its first day there."""
    found: dict[tuple[str, str], Retiring] = {}
    for row in rows:  # the soonest first
        if row.measured and row.role in SELLERS and makes(row.subject) == TEXT:
            found.setdefault((row.seller, row.model), row)
    return list(found.values())


def named(gone: Sequence[Retiring], *, instead: bool = True) -> str:
    """`GPT-4 (use GPT-4o) and GPT-4 Turbo`: at most so many names, and how many more."""
    new = {row.name: row.replacement if instead else "" for row in reversed(gone)}
    names = [f"{name} (use {use})" if use else name for name, use in reversed(new.items())]
    return words.listed([*names[:NAMED], *([f"{len(names) - NAMED} more"] if len(names) > NAMED else [])])


def _item(gone: Sequence[Retiring], on: date, evidence: Evidence) -> Item:
    text = f"{gone[0].seller}: {named(gone)}"
    return Item(text, "", day(gone[0].day, on), evidence(*dict.fromkeys(row.capture for row in gone)))
