"""Scores of models on one metric, in its latest snapshot."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from tracker.store.query import OWN, WATCHED_ON
from tracker.trends.vintage import own as vintage_of_source


def scores(connection: sqlite3.Connection, metric: str, on: str, *, own: bool = True) -> dict[str, Decimal]:
    """{model: its best score} in the latest snapshot; the board's own counts before an archive's.

    Boards whose terms forbid publishing are told for one's `own` use alone.
    """
    row = connection.execute(
        "SELECT g.source, c.observed, g.vintage, k.higher_is_better FROM gap g JOIN capture c ON c.id ="
        " g.capture JOIN source w ON w.name = g.source JOIN metric k ON k.id = g.metric WHERE g.metric = ?"
        f" AND c.observed <= ? AND {WATCHED_ON} AND (w.publishable OR ?)"
        f" ORDER BY g.date DESC, {OWN} DESC, c.observed DESC LIMIT 1",
        (metric, on, on, own),
    ).fetchone()
    if row is None:
        return {}
    source, observed, vintage, higher_is_better = row
    better = max if higher_is_better else min
    found: dict[str, Decimal] = {}
    for model, text in connection.execute(
        "SELECT l.model, p.value FROM series s JOIN spelling l ON l.source = s.source AND l.subject ="
        " s.subject JOIN point p ON p.id = (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at"
        " DESC LIMIT 1) WHERE s.source = ? AND s.metric = ? AND s.vintage = ? AND l.model IS NOT NULL"
        " AND p.value IS NOT NULL",
        (observed, source, metric, vintage_of_source(vintage)),
    ):
        value = Decimal(text)
        found[model] = better(found.get(model, value), value)
    return found


def better_sign(connection: sqlite3.Connection, metric: str) -> str:
    """`>=` where more is better in a metric, `<=` where less is."""
    row = connection.execute("SELECT higher_is_better FROM metric WHERE id = ?", (metric,)).fetchone()
    return ">=" if row[0] else "<="
