"""The lag as published, which depends on earlier snapshots and is therefore asked for, not stored."""

from __future__ import annotations

import sqlite3
from typing import Any

from tracker.store.query import OWN
from tracker.trends import published

_CLOSED = (
    "SELECT g.date, CASE WHEN k.higher_is_better THEN g.closed_value ELSE -g.closed_value END AS closed"
    " FROM gap g JOIN capture c ON c.id = g.capture JOIN metric k ON k.id = g.metric WHERE g.metric = ?"
    " AND g.licence_class = ? AND g.vintage = ? AND c.observed <= ? AND g.date <= ?"
    f" AND g.closed_value IS NOT NULL ORDER BY g.date, {OWN}, c.observed"
)


def as_published(cursor: sqlite3.Cursor, row: Any, on: str) -> float | None:
    """`lag.published` of a row of the panel, within its vintage; None where `published.lag` says none."""
    if row["open_value"] is None:
        return None
    asked = (row["metric"], row["licence_class"], row["vintage"], on, row["date"])
    history = {found["date"]: found["closed"] for found in cursor.execute(_CLOSED, asked)}
    target = row["open_value"] if row["higher_is_better"] else -row["open_value"]
    return published.lag(list(history.items()), row["date"], target)
