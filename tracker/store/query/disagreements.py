"""Where price lists contradict each other: one offer, several lists, more than one per cent apart."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from decimal import Decimal
from itertools import groupby

from tracker.store.query import Row
from tracker.store.query.prices import Ask, offers
from tracker.trends.belief import NEAR

PARTS = ("input", "output")


def disagreements(connection: sqlite3.Connection, ask: Ask) -> list[Row]:
    """Offers of which lists say different prices, the widest apart first.

    One list with several spellings of a model counts once, with its cheapest, and only what at least two
    lists price is compared. `ratio` is the dearest over the cheapest; None where one says that it is free.
    """
    by_offer: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in offers(connection, ask._replace(since="", until="")):
        if row["provider"] and row["blended"] is not None:
            by_offer[row["model"], row["variant"], row["provider"], row["condition"]].append(row)
    found = [told for rows in by_offer.values() if (told := _told(rows))]
    return sorted(found, key=lambda row: (row["ratio"] is not None, -(row["ratio"] or 0), row["name"]))


def _told(rows: list[Row]) -> Row | None:
    """One line of the report; None where the lists agree."""
    rows = sorted(rows, key=lambda row: (row["source"], row["blended"]))
    lists = [next(same) for _, same in groupby(rows, key=lambda row: row["source"])]
    low = min(lists, key=lambda row: (row["blended"], row["source"]))
    high = max(lists, key=lambda row: (row["blended"], row["source"]))
    if len(lists) < 2 or all(_near(low[part], high[part]) for part in PARTS):
        return None
    named = {key: low[key] for key in ("model", "name", "variant", "provider", "provider_name", "condition")}
    return {
        **named,
        **_side("low", low),
        **_side("high", high),
        "ratio": round(high["blended"] / low["blended"], 3) if low["blended"] else None,
        "lists": len(lists),
        "evidence": [*low["evidence"], *high["evidence"]],
    }


def _side(name: str, row: Row) -> Row:
    keys = ("source", "input", "output", "observed")
    return {f"{name}_{key}": row[key] for key in keys}


def _near(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= NEAR * max(one, other)
