"""One series as spans: what it said, from when to when, and which capture says so."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from typing import Any

from tracker.errors import NothingFound, UsageError
from tracker.store.query import Row, close_to, figure, fold, marks
from tracker.store.query.identity import provider_named, resolve


def find(connection: sqlite3.Connection, words: Sequence[str]) -> list[int]:
    """The numbers of the series that the words mean.

    The words are a number, SOURCE METRIC SUBJECT [PROVIDER], or METRIC MODEL [PROVIDER]. A model
    has a series for every place, spelling, provider and condition. UsageError where the words make no
    question; NothingFound where there is no such series.
    """
    if len(words) == 1 and re.fullmatch(r"\d{1,18}", words[0]):
        rows = connection.execute("SELECT id FROM series WHERE id = ?", (int(words[0]),)).fetchall()
    elif len(words) in (3, 4) and _is_source(connection, words[0]):
        rows = _spelt(connection, *words)
    elif len(words) in (2, 3):
        rows = _of_model(connection, *words)
    else:
        raise UsageError(
            "history takes a series' number, SOURCE METRIC SUBJECT [PROVIDER], or METRIC MODEL [PROVIDER]"
        )
    if not rows:
        raise NothingFound(
            f"{' '.join(words)}: no such series; `gapwatch models NAME` says where a model is listed"
        )
    return [row[0] for row in rows]


def _is_source(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM source WHERE name = ?", (name,)).fetchone() is not None


def _spelt(
    connection: sqlite3.Connection, source: str, metric: str, subject: str, provider: str = ""
) -> list[Any]:
    return connection.execute(
        "SELECT id FROM series WHERE source = ? AND metric = ? AND subject = ? AND (provider = ? OR ? = '')"
        " ORDER BY vintage, provider, condition",
        (source, _metric(connection, metric), subject, provider, provider),
    ).fetchall()


def _of_model(connection: sqlite3.Connection, metric: str, model: str, provider: str = "") -> list[Any]:
    named = _metric(connection, metric)
    ids = sorted(resolve(connection, model))
    host = provider_named(connection, provider) if provider else ""
    return connection.execute(
        "SELECT s.id FROM spelling l JOIN series s ON +s.source = l.source AND s.subject = l.subject"
        " JOIN source w ON w.name = s.source LEFT JOIN provider v ON v.spelling = s.provider"
        f" WHERE coalesce(l.model, l.subject) IN ({marks(ids)}) AND s.metric = ?"
        " AND (? = '' OR coalesce(v.id, nullif(s.provider, ''), w.vendor) = ?)"
        " ORDER BY s.source, s.subject, s.vintage, s.provider, s.condition",
        (*ids, named, host, host),
    ).fetchall()


def _metric(connection: sqlite3.Connection, name: str) -> str:
    """The id of the metric or fact that a name means."""
    known: dict[str, str] = dict(connection.execute("SELECT DISTINCT metric, metric FROM series").fetchall())
    known |= connection.execute("SELECT id, name FROM metric").fetchall()
    for metric, title in known.items():
        if fold(name) in (fold(metric), fold(title)):
            return metric
    raise UsageError(f"{name}: no such metric{close_to(name, [*known, *known.values()])}")


_SERIES = (
    "SELECT s.id, s.source, s.metric, s.subject, s.provider, s.condition, s.vintage,"
    # A board's newer vintage ends the older ones, though no capture says so of each of their rows.
    " (SELECT min(q.at) FROM series t JOIN point q ON q.series = t.id WHERE t.source = s.source"
    " AND t.metric = s.metric AND t.vintage > s.vintage AND q.at <= ?) FROM series s WHERE s.id = ?"
)
_POINTS = (
    "SELECT p.at, p.value, p.low, p.high, p.n, p.id, p.capture,"
    " lead(p.at) OVER (ORDER BY p.at) FROM point p WHERE p.series = ? AND p.at <= ? ORDER BY p.at"
)


def spans(connection: sqlite3.Connection, series: int, on: str) -> list[Row]:
    """The spans of a series, oldest first; where it was not listed there is none.

    `last_seen` is derived: the last good capture of the source before the next point, or by `on`.
    """
    number, source, metric, subject, provider, condition, vintage, end = connection.execute(
        _SERIES, (on, series)
    ).fetchone()
    told = {"series": number, "source": source, "metric": metric, "subject": subject}
    told |= {"provider": provider, "condition": condition, "vintage": vintage}
    return [
        {
            "value": value if metric.startswith("fact.") else figure(value),
            "low": figure(low),
            "high": figure(high),
            "n": n,
            "first_seen": at,
            "last_seen": _last_seen(connection, source, at, _first(following, end), on),
            "capture": f"c{capture}",
            "point": f"p{point}",
            **told,
        }
        for at, value, low, high, n, point, capture, following in connection.execute(_POINTS, (series, on))
        if value is not None
    ]


def _first(*times: str | None) -> str | None:
    return min(filter(None, times), default=None)


def _last_seen(connection: sqlite3.Connection, source: str, at: str, before: str | None, on: str) -> str:
    """The last time by `on` that a good capture of the source showed what it showed at `at`.

    A probe is of one host, and shows nothing of the others.
    """
    row: tuple[str] | None = connection.execute(
        "SELECT min(until, ?) FROM capture WHERE source = ? AND outcome = 'new' AND origin <> 'probe'"
        " AND observed >= ?"
        " AND observed <= ? AND (? IS NULL OR observed < ?) ORDER BY observed DESC LIMIT 1",
        (on, source, at, on, before, before),
    ).fetchone()
    return row[0] if row else at
