"""Price at a capability as a series: what was cheapest from when on, how it moved and how fast it falls."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tracker.domain import Standing
from tracker.store.query import Row
from tracker.store.query.levels import SIDES
from tracker.store.query.prices import Ask, Quote, mixed, quotes, told
from tracker.trends.capability import Move, Span, Step, cheapest, moves
from tracker.trends.price import open_discount
from tracker.trends.price_fall import Sold, ever_cheaper, fall
from tracker.trends.validity import ALWAYS, State

EVER = "0001-01-01T00:00:00Z"


def series(
    connection: sqlite3.Connection, ask: Ask, sides: Sequence[str] = SIDES, without: Collection[str] = ()
) -> list[Row]:
    """The steps of the cheapest price of the models asked for, by side, from `since` to `until`.

    Each row is the offer that is cheapest from `at` on (its fields None where there is none), with the price
    `before`, the standing of the move, the open discount of that moment and the `fall` of its side.
    """
    found = [
        quote
        for quote in _known(connection, ask)
        if quote.whose.model not in without or quote.whose.weights != "open"
    ]
    heard = _heard(connection, ask.on)
    by_side = {side: cheapest(_spans(found, side, ask)) for side in SIDES}
    rows = [row for side in sides for row in _side(side, by_side, found, ask, heard)]
    return sorted(rows, key=lambda row: row["at"])


def _known(connection: sqlite3.Connection, ask: Ask) -> list[Quote]:
    """Every price that held or holds, without what is doubtful and what the list itself later put right."""
    asked = ask._replace(since=EVER, until=ask.on, served=True)
    line = list(quotes(connection, asked))
    mended = {
        id(one) for one, following in pairwise(line) if one.offer == following.offer and _mends(following)
    }
    return [one for one in line if id(one) not in mended and _counts(one)]


def _mends(quote: Quote) -> bool:
    return quote.standing is Standing.CORRECTED and quote.held.state in (State.PAST, State.IN_FORCE)


def _counts(quote: Quote) -> bool:
    in_time = quote.held.state in (State.PAST, State.IN_FORCE) and quote.held.start != ALWAYS
    return in_time and quote.standing is not Standing.UNCONFIRMED


def _spans(found: Sequence[Quote], side: str, ask: Ask) -> Iterator[Span]:
    for number, quote in enumerate(found):
        price = mixed(quote, ask.mix)
        if price and side in ("any", quote.whose.weights):
            own = quote.whose.role == "lab"
            whose = quote.whose
            yield Span(quote.held.start, quote.held.end, price, whose.model, whose.provider, own, number)


def _heard(connection: sqlite3.Connection, on: str) -> str:
    """When a price list was last seen."""
    row = connection.execute(
        "SELECT max(min(c.until, ?)) FROM capture c JOIN source w ON w.name = c.source"
        " WHERE w.kind IN ('prices', 'catalogue') AND c.outcome = 'new' AND c.observed <= ?",
        (on, on),
    ).fetchone()
    return row[0] or EVER


def _side(
    side: str, by_side: dict[str, list[Step]], found: Sequence[Quote], ask: Ask, heard: str
) -> Iterator[Row]:
    """The rows of one side; the first is what held when the time asked about begins."""
    steps = [step for step in by_side[side] if step.at <= (ask.until or ask.on)]
    first = max((place for place, step in enumerate(steps) if step.at <= ask.since), default=0)
    moved = {move.step.at: move for move in moves(steps, heard)}
    line = _fall(steps[first:])
    for step, following in zip(steps[first:], [*steps[first + 1 :], None], strict=True):
        offer = told(found[step.span.offer if step.span else 0], ask.mix)
        times = (_at(by_side[kind], step.at) for kind in ("closed", "open"))
        yield {
            "at": step.at,
            "side": side,
            **(offer if step.span else dict.fromkeys(offer)),
            "until": following.at if following else None,
            **_moved(moved.get(step.at)),
            "open_discount": open_discount(*times),
            "fall": line,
        }


def _moved(move: Move | None) -> Row:
    """The price before, and how sure it is that the price moved; no move is sure to be none."""
    if move is None:
        return {"before": None, "standing": str(Standing.CONFIRMED)}
    return {"before": move.before, "standing": str(move.standing)}


def _at(steps: Sequence[Step], at: str) -> Decimal | None:
    return next((step.price for step in reversed(steps) if step.at <= at), None)


def _fall(steps: Sequence[Step]) -> Row | None:
    """The fall of a side's ever cheaper prices; None where there are too few. An unbounded end is None."""
    sold = [Sold(date.fromisoformat(step.at[:10]), step.price) for step in steps if step.price]
    found = fall(ever_cheaper(sold))
    if found is None:
        return None
    factors = {"factor": found.factor, "low": found.low, "high": found.high}
    kept = {name: round(value, 3) if math.isfinite(value) else None for name, value in factors.items()}
    return {**kept, "n": found.n, "span_days": found.span_days}
