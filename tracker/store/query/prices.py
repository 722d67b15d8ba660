"""Offers: what a model costs at a provider, now or as a history, and the cheapest at a capability."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from tracker.domain import Standing
from tracker.store.query import Row, figure, marks
from tracker.trends.price import MIX, SELLERS, blended, least_believed

PARTS = ("input", "output", "cache_read")
UNIT = "USD per million tokens"


class Ask(NamedTuple):
    """Whose offers (ids of models, spellings without a model; neither: all), known by `on`.

    `provider` is the id of one provider, or "". With `since` every price in force from then to `until`
    is told, otherwise the latest.
    """

    on: str
    models: Collection[str] = ()
    provider: str = ""
    mix: tuple[int, int] = MIX
    since: str = ""
    until: str = ""


class _Offer(NamedTuple):
    """What tells offers apart: one spelling at one provider on one list, under one condition."""

    source: str
    subject: str
    provider: str
    condition: str


class _Held(NamedTuple):
    """An offer's identity in our words."""

    model: str
    name: str
    weights: str
    variant: str
    provider: str
    provider_name: str
    role: str


_OFFERS = (
    "SELECT s.source, s.subject, s.provider, s.condition, coalesce(l.model, s.subject),"
    " coalesce(m.name, s.subject), coalesce(m.weights, 'unknown'), coalesce(l.variant, ''),"
    " coalesce(v.id, nullif(s.provider, ''), w.vendor), coalesce(v.name, nullif(s.provider, ''), w.vendor),"
    " coalesce(v.role, ''), substr(s.metric, 7), p.at, p.value, p.id, p.capture"
    " FROM series s JOIN source w ON w.name = s.source LEFT JOIN provider v ON v.spelling = s.provider"
    " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " LEFT JOIN model m ON m.id = l.model JOIN point p ON p.series = s.id"
    " WHERE s.metric IN ('price.input', 'price.output', 'price.cache_read')"
)
_LATEST = " AND p.id = (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
_ALL = " AND p.at <= ?"
_OF_MODELS = (
    " AND s.id IN (SELECT t.id FROM spelling k JOIN series t ON t.source = k.source AND t.subject = k.subject"
    " WHERE k.model IN ({0}) OR k.model IS NULL AND k.subject IN ({0}))"
)


def offers(connection: sqlite3.Connection, ask: Ask) -> list[Row]:
    """The offers asked for, cheapest first and unpriced ones last; a history stands in order of time."""
    sql = _OFFERS + (_ALL if ask.since else _LATEST)
    values: list[object] = [min(ask.on, ask.until) if ask.until else ask.on]
    if ask.models:
        sql += _OF_MODELS.format(marks(ask.models))
        values += [*ask.models, *ask.models]
    if ask.provider:
        sql += " AND coalesce(v.id, nullif(s.provider, ''), w.vendor) = ?"
        values.append(ask.provider)
    doubts = _doubts(connection)
    found = _grouped(connection.execute(f"{sql} ORDER BY p.at, s.id", values))
    rows = [row for (key, held), points in found.items() for row in _told(key, held, points, ask, doubts)]
    return sorted(rows, key=_order_of_history if ask.since else _order)


def _grouped(rows: Iterable[Any]) -> dict[tuple[_Offer, _Held], list[Any]]:
    found: dict[tuple[_Offer, _Held], list[Any]] = defaultdict(list)
    for row in rows:
        found[_Offer(*row[:4]), _Held(*row[4:11])].append(row[11:])
    return found


_Doubts = dict[tuple[int, str, str, str], str]


def _doubts(connection: sqlite3.Connection) -> _Doubts:
    """The standing of every price that is not confirmed, by capture, model, provider and condition."""
    rows = connection.execute(
        "SELECT capture, model, provider, detail, standing FROM change"
        " WHERE metric = 'price' AND standing <> 'confirmed'"
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _told(key: _Offer, held: _Held, points: Sequence[Any], ask: Ask, doubts: _Doubts) -> list[Row]:
    """The prices of an offer in order of time, each until the next; the latest alone without `since`."""
    steps = _steps(points)
    told = []
    for place, (at, prices) in enumerate(steps):
        until = steps[place + 1][0] if place + 1 < len(steps) else None
        if prices and not (until and until <= ask.since):
            told.append(_row(key, held, at, until, prices, ask, doubts))
    return told if ask.since else [row for row in told if row["until"] is None]


_Point = tuple[str, int, int]  # value, id, capture


def _steps(points: Sequence[Any]) -> list[tuple[str, dict[str, _Point]]]:
    """(time, prices in force from then on) at every time that one of an offer's prices moves."""
    steps: list[tuple[str, dict[str, _Point]]] = []
    prices: dict[str, _Point] = {}
    for part, at, value, point, capture in points:
        prices = {name: price for name, price in prices.items() if name != part}
        if value is not None:
            prices[part] = (value, point, capture)
        if steps and steps[-1][0] == at:
            steps.pop()
        steps.append((at, prices))
    return steps


def _row(
    key: _Offer,
    held: _Held,
    at: str,
    until: str | None,
    prices: dict[str, _Point],
    ask: Ask,
    doubts: _Doubts,
) -> Row:
    figures = {part: figure(prices[part][0]) if part in prices else None for part in PARTS}
    captures = sorted({capture for _, _, capture in prices.values()})
    doubt = [doubts.get((capture, held.model, key.provider, key.condition)) for capture in captures]
    return {
        "model": held.model,
        "name": held.name,
        "variant": held.variant,
        "weights": held.weights,
        "provider": held.provider,
        "provider_name": held.provider_name,
        "role": held.role,
        "condition": key.condition,
        **figures,
        "blended": _blended(figures["input"], figures["output"], ask.mix),
        "currency": "USD",
        "unit": UNIT,
        "effective_from": None,
        "effective_to": None,
        "observed": at,
        "until": until,
        "source": key.source,
        "spelling": key.subject,
        "standing": next(filter(None, reversed(doubt)), str(Standing.CONFIRMED)),
        "evidence": [f"p{point}" for _, point, _ in prices.values()],
    }


def _blended(price_in: Decimal | None, price_out: Decimal | None, mix: tuple[int, int]) -> Decimal | None:
    """The blended price to a millionth of a dollar; None where a part is unknown."""
    if price_in is None or price_out is None:
        return None
    return round(blended(price_in, price_out, mix), 6).normalize() + 0


def _order(row: Row) -> tuple[object, ...]:
    price = row["blended"]
    return (price is None, price or 0, row["name"], row["provider"], row["condition"], row["observed"])


def _order_of_history(row: Row) -> tuple[str, ...]:
    names = ("name", "model", "variant", "provider", "source", "spelling", "condition", "observed")
    return tuple(str(row[name]) for name in names)


def cheapest(rows: Iterable[Row]) -> list[Row]:
    """The cheapest offer of each model among those that count: paid by the token, at its base condition.

    Free trials, subscriptions and resellers never win, nor does a host's offer far below what others
    ask for the same model. An unconfirmed price wins only where a model has no other.
    """
    by_model: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["blended"] and not row["condition"] and row["role"] in SELLERS:
            by_model[row["model"]].append(row)
    return sorted((_cheapest(same) for same in by_model.values()), key=_order)


def _cheapest(same: Sequence[Row]) -> Row:
    least = least_believed(row["blended"] for row in same)
    return min(
        (row for row in same if row["role"] == "lab" or row["blended"] >= least),
        key=lambda row: (row["standing"] != Standing.CONFIRMED, *_order(row)),
    )
