"""What goes away: the models that a vendor or a seller switches off soon."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date, timedelta

from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item
from tracker.digest.weeks import day
from tracker.store import weekly
from tracker.store.rows import Retiring

AHEAD = timedelta(days=60)
MOST = 12  # items; they are told soonest first
NAMED = 6  # models of an item


def retirements(connection: sqlite3.Connection, on: date, until: str, evidence: Evidence) -> tuple[Item, ...]:
    """What is switched off within two months, soonest first; one item a day and vendor."""
    rows = weekly.retirements(connection, on.isoformat(), (on + AHEAD).isoformat(), until)
    together: dict[tuple[str, str], list[Retiring]] = defaultdict(list)
    for row in rows:
        together[row.day, row.seller].append(row)
    days = list(together.values())
    items = [_item(gone, on, evidence) for gone in days[:MOST]]
    if left := sum(map(len, days[MOST:])):
        more = f"{words.plural(left, 'more model')} by then: `gapwatch news --topic deprecation`."
        items.append(Item(more, "", day(days[-1][0].day, on), ()))
    return tuple(items)


def _item(gone: list[Retiring], on: date, evidence: Evidence) -> Item:
    new = {row.subject: row.replacement for row in reversed(gone)}
    names = [f"{subject} ({use} instead)" if use else subject for subject, use in reversed(new.items())]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    are = "is" if len(names) == 1 else "are"
    text = f"At {gone[0].seller}, {words.listed([*names[:NAMED], *more])} {are} switched off."
    captures = dict.fromkeys(row.capture for row in gone)
    return Item(text, "", day(gone[0].day, on), evidence(*captures))
