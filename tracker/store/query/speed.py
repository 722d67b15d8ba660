"""Serving speed: how fast a provider answers with a model, as each place measured it, now or as a history."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from tracker.conditions import percentile
from tracker.store.query import WATCHED_ON, Row, figure, marks
from tracker.trends.speed import fastest as quickest
from tracker.trends.speed import fresh, pace

PARTS = {"speed.throughput": "tokens_per_second", "speed.ttft": "ttft_seconds"}
TYPICAL = (None, "p50")  # a tail speaks for no host


class Ask(NamedTuple):
    """Whose speeds (ids of models, spellings without a model; none: all), known by `on`.

    `provider` is the id of one provider, or "". With `since` every speed from then to `until` is told,
    otherwise the latest.
    """

    on: str
    models: Collection[str] = ()
    provider: str = ""
    since: str = ""
    until: str = ""


class _Whose(NamedTuple):
    """What tells measurements apart: a spelling at a host, measured in one way; and whose it is."""

    source: str
    spelling: str
    condition: str
    model: str
    name: str
    weights: str
    variant: str
    provider: str | None
    provider_name: str | None
    role: str


class _Said(NamedTuple):
    """A value of one part at a time; `measured` is the day that the source itself gives, or ""."""

    part: str
    at: str
    value: str | None
    n: int | None
    point: int
    measured: str


_HOST = "coalesce(v.id, nullif(s.provider, ''), nullif(w.vendor, ''))"
_SPEEDS = (
    "SELECT s.source, s.subject, s.condition, coalesce(l.model, s.subject), coalesce(m.name, s.subject),"
    f" coalesce(m.weights, 'unknown'), coalesce(l.variant, ''), {_HOST}, coalesce(v.name, {_HOST}),"
    " coalesce(v.role, ''), s.metric, p.at, p.value, p.n, p.id, c.as_of"
    " FROM series s JOIN source w ON w.name = s.source LEFT JOIN provider v ON v.spelling = s.provider"
    " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " LEFT JOIN model m ON m.id = l.model JOIN point p ON p.series = s.id JOIN capture c ON c.id = p.capture"
    " WHERE s.metric IN ('speed.throughput', 'speed.ttft') AND p.at <= ?"
)
_LATEST = " AND NOT EXISTS (SELECT 1 FROM point WHERE series = s.id AND at > p.at AND at <= ?)"
_LATEST += f" AND {WATCHED_ON}"
# The day that each place last spoke of, or was last heard on where it gives none. A probe is of one host, and
# says nothing of the others.
_HEARD = (
    "SELECT c.source, coalesce(nullif(c.as_of, ''), min(c.until, ?)) FROM capture c JOIN (SELECT source,"
    " max(observed) AS last FROM capture WHERE outcome = 'new' AND origin <> 'probe' AND observed <= ?"
    " GROUP BY source) d ON d.source = c.source AND d.last = c.observed WHERE c.outcome = 'new'"
)


def speeds(connection: sqlite3.Connection, ask: Ask) -> list[Row]:
    """The speeds asked for, fastest first; a history stands in order of time."""
    sql, values = (_SPEEDS, [ask.on]) if ask.since else (_SPEEDS + _LATEST, [ask.on] * 3)
    if ask.models:
        sql += f" AND coalesce(l.model, s.subject) IN ({marks(ask.models)})"
        values += ask.models
    if ask.provider:
        sql += f" AND {_HOST} = ?"
        values.append(ask.provider)
    heard = dict(connection.execute(_HEARD, (ask.on, ask.on)).fetchall())
    said: dict[_Whose, list[_Said]] = defaultdict(list)
    for row in connection.execute(f"{sql} ORDER BY p.at, p.id", values):
        said[_Whose(*row[:10])].append(_Said(*row[10:]))
    rows = [row for whose, points in said.items() for row in _told(whose, points, heard, ask)]
    return sorted(rows, key=_order_of_history if ask.since else _order)


def _told(whose: _Whose, said: Sequence[_Said], heard: dict[str, str], ask: Ask) -> Iterator[Row]:
    """A row for every time that a part changed; without `since` only for the last one."""
    parts: dict[str, _Said] = {}
    for place, one in enumerate(said):
        parts[one.part] = one
        following = said[place + 1].at if place + 1 < len(said) else None
        if following == one.at or not any(part.value for part in parts.values()):
            continue
        asked = following is None or (ask.since and following > ask.since)
        if asked and not (ask.until and one.at > ask.until):
            yield _row(whose, parts, following, heard.get(whose.source, one.at))


def _row(whose: _Whose, parts: dict[str, _Said], until: str | None, heard: str) -> Row:
    good = [part for part in parts.values() if part.value is not None]
    observed, measured = max(part.at for part in good), max(part.measured for part in good)
    values = {
        name: figure(parts[metric].value) if metric in parts else None for metric, name in PARTS.items()
    }
    return {
        "model": whose.model,
        "name": whose.name,
        "variant": whose.variant,
        "weights": whose.weights,
        "provider": whose.provider,
        "provider_name": whose.provider_name,
        "role": whose.role,
        "condition": whose.condition,
        "percentile": percentile(whose.condition),
        **values,
        "n": max((part.n for part in good if part.n), default=None),
        "measured": measured or None,
        "observed": observed,
        "until": until,
        "last_seen": None if until else max(heard, observed),
        "source": whose.source,
        "spelling": whose.spelling,
        "evidence": [f"p{part.point}" for part in good],
    }


def seen(row: Row) -> str:
    """When the speed was last seen by who measured it."""
    return str(row["measured"] or row["last_seen"] or row["observed"])


def typical(rows: Iterable[Row], on: str) -> list[Row]:
    """The rows that speak for a host: no tail of its speeds, and lately measured."""
    return [row for row in rows if row["percentile"] in TYPICAL and fresh(seen(row), on)]


def fastest(rows: Iterable[Row], on: str) -> list[Row]:
    """The fastest typical speed of each model at each provider, of every place that lately measured it."""
    found: dict[tuple[str, str | None, str], Row] = {}
    for row in typical(rows, on):  # fastest first
        found.setdefault((row["model"], row["provider"], row["source"]), row)
    return list(found.values())


def leaders(rows: Sequence[Row]) -> list[Row]:
    """Of each kind of weights and each part of a speed the fastest row, as {weights, part, row}."""
    return [
        {"weights": weights, "part": part, "row": found}
        for weights in ("open", "closed")
        for part in PARTS.values()
        if (found := _fastest(rows, weights, part))
    ]


def _fastest(rows: Sequence[Row], weights: str, part: str) -> Row | None:
    def value(row: Row) -> Decimal | None:
        found: Decimal | None = row[part]
        return found

    return quickest((row for row in rows if row["weights"] == weights), value, least=part == "ttft_seconds")


def _order(row: Row) -> tuple[Any, ...]:
    words = (str(row[name]) for name in ("name", "variant", "provider", "condition", "source", "spelling"))
    return *pace(row["tokens_per_second"], row["ttft_seconds"]), *words


def _order_of_history(row: Row) -> tuple[str, ...]:
    names = ("name", "variant", "provider", "source", "spelling", "condition", "observed")
    return tuple(str(row[name]) for name in names)
