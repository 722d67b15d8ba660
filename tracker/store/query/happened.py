"""What moved, and what vendors said."""

from __future__ import annotations

import sqlite3
from typing import Any

from tracker.store.query import STANDING_ON, Row
from tracker.store.rows import NewsRow
from tracker.trends.importance import importance

KINDS = (
    "listed",
    "gone",
    "listing",
    "price",
    "price up",
    "price down",
    "score",
    "leader",
    "gap",
    "licence",
    "weights",
)


def changes(
    connection: sqlite3.Connection, since: str, until: str, on: str, kind: str = "", standing: str = ""
) -> list[Row]:
    """What moved from `since` to `until` as known by `on`, newest first; kind "price" is both directions."""
    rows = connection.execute(
        "SELECT x.id, x.at, x.kind, x.metric, x.model, coalesce(m.name, x.model), x.provider, x.before,"
        " x.after,"
        f" x.detail, x.importance, {STANDING_ON},"
        " x.source, x.evidence, coalesce(v.name, x.provider), x.variant"
        " FROM"
        " change x"
        " LEFT JOIN model m ON m.id = x.model LEFT JOIN provider v ON v.spelling = x.provider"
        " WHERE x.at >= ? AND x.at <= ? AND x.at <= ? AND (? = '' OR x.kind = ? OR x.kind LIKE ? || ' %')"
        " ORDER BY x.at DESC, x.id",
        (on, since, until or on, on, kind, kind, kind),
    )
    found = [_change(row) for row in rows]
    found.sort(key=lambda change: change["importance"], reverse=True)
    found.sort(key=lambda change: change["at"], reverse=True)
    return [change for change in found if not standing or change["standing"] == standing]


def _change(row: Any) -> Row:
    return {
        "id": row[0],
        "at": row[1],
        "kind": row[2],
        "metric": row[3],
        "model": row[4],
        "name": row[5],
        "variant": row[15],
        "provider": row[6],
        "provider_name": row[14],
        "before": row[7],
        "after": row[8],
        "detail": row[9],
        "importance": importance(row[10], row[11]),
        "standing": row[11],
        "source": row[12],
        "evidence": [f"c{number}" for number in row[13].split()],
    }


def news(connection: sqlite3.Connection, on: str, *, own: bool = True) -> list[NewsRow]:
    """Every announcement that was seen by `on`, in the order in which they were first seen.

    Those of places whose terms forbid publishing are told for one's `own` use alone.
    """
    rows = connection.execute(
        "SELECT a.id, a.source, w.title, a.key, a.url, a.title,"
        " coalesce(nullif(a.vendor, ''), nullif(w.vendor, ''), w.title), a.published, a.first_seen, a.text,"
        " a.topics, a.models, a.capture, a.first_seen <= f.observed FROM announcement a"
        " JOIN source w ON w.name = a.source LEFT JOIN"
        " (SELECT source, min(observed) AS observed FROM capture GROUP BY source) f ON f.source = a.source"
        " WHERE a.first_seen <= ? AND (w.publishable OR ?) ORDER BY a.first_seen, a.id",
        (on, own),
    )
    return [NewsRow(*row) for row in rows]
