"""Offers: what a model costs at a provider, now or as a history, and the cheapest at a capability.

A question is answered from what was known by `on`, with the prices that are in force on that day: by their
effective dates where the list gives them, else by when they were observed. Besides, it tells what is
announced (standing `provisional`), was cancelled before its day (`retracted`) or was said otherwise later
(`corrected`). To ask what held at a past day as is known now, ask for the history around it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from tracker.conditions import undated
from tracker.domain import Standing
from tracker.store.query import STANDING_ON, WATCHED_ON, Row, figure, marks
from tracker.store.query.statements import statements
from tracker.trends.price import MIX, SELLERS, believed, blended
from tracker.trends.validity import NEVER, Held, State, held

PARTS = ("input", "output", "cache_read")
UNIT = "USD per million tokens"
STANDINGS = {
    State.ANNOUNCED: Standing.PROVISIONAL,
    State.CANCELLED: Standing.RETRACTED,
    State.CORRECTED: Standing.CORRECTED,
}


class Ask(NamedTuple):
    """Whose offers (ids of models, spellings without a model; neither: all), known by `on`.

    `provider` is the id of one provider, or "". With `since` every price from then to `until` is told,
    otherwise those in force and announced. With `served` only what competes for "cheapest": what labs, hosts
    and clouds ask for any call.
    """

    on: str
    models: Collection[str] = ()
    provider: str = ""
    mix: tuple[int, int] = MIX
    since: str = ""
    until: str = ""
    served: bool = False


class Offer(NamedTuple):
    """What tells offers apart: one spelling at one provider on one list, under one undated condition."""

    source: str
    subject: str
    provider: str
    condition: str


class Whose(NamedTuple):
    """An offer's identity in our words."""

    model: str
    name: str
    weights: str
    variant: str
    provider: str
    provider_name: str
    role: str


class Quote(NamedTuple):
    """An offer's price with the span in which it holds, and how far it is believed."""

    offer: Offer
    whose: Whose
    held: Held
    standing: Standing


_OFFERS = (
    "SELECT s.source, s.subject, s.provider, s.condition, coalesce(l.model, s.subject),"
    " coalesce(m.name, s.subject), coalesce(m.weights, 'unknown'), coalesce(l.variant, ''),"
    " coalesce(v.id, nullif(s.provider, ''), w.vendor), coalesce(v.name, nullif(s.provider, ''), w.vendor),"
    " coalesce(v.role, ''), substr(s.metric, 7), p.at, p.value, p.id, p.capture,"
    " p.announced, p.effective_from, p.effective_to"
    " FROM series s JOIN source w ON w.name = s.source LEFT JOIN provider v ON v.spelling = s.provider"
    " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " LEFT JOIN model m ON m.id = l.model JOIN point p ON p.series = s.id"
    " WHERE s.metric IN ('price.input', 'price.output', 'price.cache_read')"
)
_ALL = " AND p.at <= ?"
_LATEST = (  # and all of a series that was ever dated: it may be announced, cancelled or in force by now
    f"{_ALL} AND (NOT EXISTS (SELECT 1 FROM point WHERE series = s.id AND at > p.at AND at <= ?) OR s.id IN"
    " (SELECT series FROM point WHERE effective_from IS NOT NULL OR effective_to IS NOT NULL))"
    f" AND {WATCHED_ON}"
)
_OF_MODELS = (  # the plus makes SQLite look series up by their subject, not all of a source for each
    " AND s.id IN (SELECT t.id FROM spelling k JOIN series t ON +t.source = k.source AND"
    " t.subject = k.subject WHERE k.model IN ({0}) OR k.model IS NULL AND k.subject IN ({0}))"
)


_SERVED = (
    f" AND v.role IN {SELLERS} AND (s.condition = '' OR s.condition LIKE 'from ____-__-__'"
    " OR s.condition LIKE 'until ____-__-__')"
)


def offers(connection: sqlite3.Connection, ask: Ask) -> list[Row]:
    """The offers asked for, cheapest first and unpriced ones last; a history stands in order of time."""
    rows = [told(quote, ask.mix) for quote in quotes(connection, ask)]
    return sorted(rows, key=_order_of_history if ask.since else _order)


def quotes(connection: sqlite3.Connection, ask: Ask) -> Iterator[Quote]:
    """The prices asked for, an offer's in order of time; without `since` those that matter from now on."""
    sql = _OFFERS + (_ALL if ask.since else _LATEST)
    values: list[object] = [ask.on] if ask.since else [ask.on, ask.on, ask.on]
    if ask.models:
        sql += _OF_MODELS.format(marks(ask.models))
        values += [*ask.models, *ask.models]
    if ask.provider:
        sql += " AND coalesce(v.id, nullif(s.provider, ''), w.vendor) = ?"
        values.append(ask.provider)
    sql += _SERVED if ask.served else ""
    doubts = _doubts(connection, ask.on)
    for (offer, whose), points in _grouped(connection.execute(f"{sql} ORDER BY p.at, s.id", values)).items():
        said = [
            statement
            for condition, series in points.items()
            for statement in statements(series, aside=condition != offer.condition)
        ]
        for one in held(said, ask.on):
            if _asked(one, ask):
                yield Quote(offer, whose, one, _standing(offer, whose, one, doubts))


def _grouped(rows: Iterable[Any]) -> dict[tuple[Offer, Whose], dict[str, list[Any]]]:
    """The points of each offer by their full condition: what is in force, and each dated price."""
    by_series: dict[tuple[Any, ...], list[Any]] = defaultdict(list)  # the parts of a price together
    for row in rows:
        by_series[row[:11]].append(row[11:])
    found: dict[tuple[Offer, Whose], dict[str, list[Any]]] = defaultdict(dict)
    for key, points in by_series.items():
        offer = Offer(key[0], key[1], key[2], undated(key[3]))
        found[offer, Whose(*key[4:])][key[3]] = points
    return found


_Doubts = dict[tuple[int, str, str, str], str]


def _doubts(connection: sqlite3.Connection, on: str) -> _Doubts:
    """The standing by `on` of each price that is not confirmed, by capture, model, provider and condition."""
    rows = connection.execute(
        f"SELECT x.capture, x.model, x.provider, x.detail, {STANDING_ON} FROM change x"
        " WHERE x.metric = 'price' AND (x.standing <> 'confirmed' OR x.judged > ?)",
        (on, on),
    )
    return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def _asked(one: Held, ask: Ask) -> bool:
    if ask.since:
        return one.end > ask.since and not (ask.until and one.start > ask.until)
    ahead = one.state is State.CANCELLED and one.start > ask.on
    return ahead or one.state in (State.IN_FORCE, State.ANNOUNCED)


def _standing(offer: Offer, whose: Whose, one: Held, doubts: _Doubts) -> Standing:
    captures = sorted(one.statement.captures, reverse=True)
    doubt = (doubts.get((at, whose.model, offer.provider, offer.condition)) for at in captures)
    return STANDINGS.get(one.state) or Standing(next(filter(None, doubt), Standing.CONFIRMED))


def told(quote: Quote, mix: tuple[int, int] = MIX) -> Row:
    """A price as a row, blended at a mix of input to output tokens."""
    offer, whose, one, standing = quote
    said = one.statement
    prices = {part: figure(said.prices.get(part)) for part in PARTS}
    return {
        "model": whose.model,
        "name": whose.name,
        "variant": whose.variant,
        "weights": whose.weights,
        "provider": whose.provider,
        "provider_name": whose.provider_name,
        "role": whose.role,
        "condition": offer.condition,
        **prices,
        "blended": mixed(quote, mix),
        "currency": "USD",
        "unit": UNIT,
        "state": str(one.state),
        "announced": said.announced or None,
        "effective_from": said.effective_from or None,
        "effective_to": said.effective_to or None,
        "observed": said.observed,
        "cancelled": said.withdrawn or None,
        "until": one.end if one.end < NEVER else None,
        "source": offer.source,
        "spelling": offer.subject,
        "standing": str(standing),
        "evidence": [f"p{point}" for point in said.points],
    }


def mixed(quote: Quote, mix: tuple[int, int]) -> Decimal | None:
    """The blended price to a millionth of a dollar; None where a part is unknown."""
    sides = [figure(quote.held.statement.prices.get(part)) for part in ("input", "output")]
    if sides[0] is None or sides[1] is None:
        return None
    return round(blended(sides[0], sides[1], mix), 6).normalize() + 0


def _order(row: Row) -> tuple[object, ...]:
    price = row["blended"]
    rank = {State.IN_FORCE: 0, State.ANNOUNCED: 1}.get(row["state"], 2)
    return (rank, price is None, price or 0, row["name"], row["provider"], row["condition"], row["observed"])


def _order_of_history(row: Row) -> tuple[str, ...]:
    names = ("name", "model", "variant", "provider", "source", "spelling", "condition", "until", "observed")
    return tuple(str(row[name] or NEVER) for name in names)


def cheapest(rows: Iterable[Row]) -> list[Row]:
    """The cheapest offer of each model among those that count: paid by the token, at its base condition.

    Free trials, promotions, subscriptions and resellers never win, nor does a host's offer far below what
    others ask for the same model. An unconfirmed price wins only where a model has no other.
    """
    by_model: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        counts = row["blended"] and not row["condition"] and row["state"] == State.IN_FORCE
        if counts and row["role"] in SELLERS:
            by_model[row["model"]].append(row)
    return sorted((_cheapest(same) for same in by_model.values()), key=_order)


def _cheapest(same: Sequence[Row]) -> Row:
    return min(
        believed(same, lambda row: row["blended"], lambda row: row["role"] == "lab"),
        key=lambda row: (row["standing"] != Standing.CONFIRMED, *_order(row)),
    )
