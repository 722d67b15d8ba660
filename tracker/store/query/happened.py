"""What moved, and what vendors said."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from tracker.store.query import STANDING_ON, Row, fold, listed

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
        " ORDER BY x.at DESC, x.importance DESC, x.id",
        (on, since, until or on, on, kind, kind, kind),
    )
    found = [_change(row) for row in rows]
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
        "importance": row[10],
        "standing": row[11],
        "source": row[12],
        "evidence": [f"c{number}" for number in row[13].split()],
    }


def news(connection: sqlite3.Connection, since: str, until: str, on: str) -> list[Row]:
    """Announcements published from `since` to `until` and seen by `on`, newest first, one row a cluster.

    One story told by several feeds (the same page, or the same title) is told once, under the first that
    had it; `also` names the others.
    """
    rows = connection.execute(
        "SELECT a.id, a.title, a.url, coalesce(nullif(a.vendor, ''), w.vendor), a.published, a.topics,"
        " a.models,"
        " w.title, a.first_seen, a.source, a.capture FROM announcement a JOIN source w ON w.name = a.source"
        " WHERE a.first_seen <= ? AND coalesce(a.published, a.first_seen) >= ?"
        " AND coalesce(a.published, a.first_seen) <= ? ORDER BY coalesce(a.published, a.first_seen), a.id",
        (on, since, until or on),
    )
    return [_story(*told) for told in reversed(_clusters(rows))]


LEAST_WORDS = 4  # a shorter title ("Release notes") says too little to be one story


def _clusters(rows: Iterable[Any]) -> list[list[Any]]:
    """The rows by story. Items of one feed are never one story, whatever they are called."""
    clusters: list[list[Any]] = []
    by_key: dict[str, list[Any]] = {}
    for row in rows:
        title = fold(row[1])
        keys = [_page(row[2]), title if title.count("-") + 1 >= LEAST_WORDS else ""]
        known = next((by_key[key] for key in keys if key in by_key), None)
        if known is None or any(other[9] == row[9] for other in known):
            known = []
            clusters.append(known)
        known.append(row)
        by_key |= {key: known for key in keys if key and key not in by_key}
    return clusters


def _page(url: str) -> str:
    """A URL as a story's identity: without scheme, `www.`, query and closing slash."""
    return re.sub(r"^https?://(www\.)?|\?[^#]*", "", url).rstrip("/").casefold()


def _story(first: Any, *others: Any) -> Row:
    return {
        "id": f"n{first[0]}",
        "title": first[1],
        "url": first[2],
        "vendor": first[3],
        "published": first[4],
        "topics": listed(first[5]),
        "models": listed(first[6]),
        "cluster": f"n{first[0]}",
        "also": list(dict.fromkeys(other[7] for other in others if other[7] != first[7])),
        "observed": first[8],
        "source": first[9],
        "evidence": [f"c{first[10]}"],
    }


def about(story: Row, names: Collection[str]) -> bool:
    """Whether an announcement names one of the models (by any folded name)."""
    return any(fold(model) in names for model in story["models"])
