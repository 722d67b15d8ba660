"""Price at a capability as a series: what was cheapest from when on, how it moved and how fast it falls."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tracker.domain import Standing
from tracker.store.query import Row
from tracker.store.query.prices import Ask, Offer, Quote, mixed, quotes, told
from tracker.trends.capability import Move, Span, Step, cheapest, moves, since_found
from tracker.trends.price import open_discount
from tracker.trends.price_fall import Sold, ever_cheaper, fall
from tracker.trends.validity import ALWAYS, NEVER, State

SIDES = ("any", "open", "closed")  # "any" holds unknown weights as well
EVER = "0001-01-01T00:00:00Z"
LATE = 30  # days after its release at which a lab had been selling a model before a list told so


def series(
    connection: sqlite3.Connection, ask: Ask, sides: Sequence[str] = SIDES, without: Collection[str] = ()
) -> list[Row]:
    """The steps of the cheapest price of the models asked for, by side, from `since` to `until`.

    Each row is the offer that is cheapest from `at` on (its fields None where there is none); whether that is
    a move of the price, from which one `before` and how sure; the open discount then; the side's `fall`.
    """
    found = [
        quote
        for quote in _known(connection, ask)
        if quote.whose.model not in without or quote.whose.weights != "open"
    ]
    heard = _heard(connection, ask.on)
    spans = list(_spans(found, ask, _before(connection)))
    by_side = {
        side: cheapest(s for s in spans if side in ("any", found[s.offer].whose.weights)) for side in SIDES
    }
    rows = [row for side in sides for row in _side(side, by_side, found, ask, heard)]
    return sorted(rows, key=lambda row: row["at"])


def compared(rows: Sequence[Row]) -> list[Row]:
    """Offers, cheapest first, each open one with its `open_discount`: the cheapest closed one over it."""
    closed = next((row["blended"] for row in rows if row["weights"] == "closed"), None)
    return [
        {**row, "open_discount": open_discount(closed, row["blended"]) if row["weights"] == "open" else None}
        for row in rows
    ]


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


def _spans(found: Sequence[Quote], ask: Ask, before: Callable[[Quote], bool]) -> Iterator[Span]:
    offers = set[Offer]()
    for number, quote in enumerate(found):
        price, whose, one = mixed(quote, ask.mix), quote.whose, quote.held
        there = quote.offer not in offers and before(quote)
        offers.add(quote.offer)
        if price:
            own = whose.role == "lab"
            yield Span(one.start, one.end, price, whose.model, whose.provider, own, there, number)


def _before(connection: sqlite3.Connection) -> Callable[[Quote], bool]:
    """Whether an offer's first price had held before we saw it.

    So it had where its list was read for the first time, and where a lab's own price stands on a list long
    after the model's release.
    """
    rows = connection.execute("SELECT source, min(observed) FROM capture WHERE outcome = 'new' GROUP BY 1")
    read = dict(rows.fetchall())
    released = dict(connection.execute("SELECT id, released FROM model WHERE released <> ''").fetchall())

    def before(quote: Quote) -> bool:
        start, day = quote.held.start, released.get(quote.whose.model, "")
        late = quote.whose.role == "lab" and len(day) == 10 and _days(day, start) > LATE
        return late or start == read.get(quote.offer.source)

    return before


def _days(day: str, moment: str) -> int:
    return (date.fromisoformat(moment[:10]) - date.fromisoformat(day)).days


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
    steps = by_side[side]
    asked = [
        (step, end)
        for step, end in zip(steps, [*(step.at for step in steps[1:]), NEVER], strict=False)
        if end > ask.since and step.at <= (ask.until or ask.on)
    ]
    moved = {move.step.at: move for move in moves(steps, heard)}
    stayed = (step for step, _ in asked if not _taken_back(moved.get(step.at)))
    line = _fall(list(stayed))
    for step, end in asked:
        offer = told(found[step.span.offer if step.span else 0], ask.mix)
        times = (_at(by_side[kind], step.at) for kind in ("closed", "open"))
        yield {
            "at": step.at,
            "side": side,
            **(offer if step.span else dict.fromkeys(offer)),
            "until": end if end <= ask.on else None,
            **_moved(moved.get(step.at)),
            "open_discount": open_discount(*times),
            "fall": line,
        }


def _moved(move: Move | None) -> Row:
    """Whether the price moved, from what, and how sure that is; what is no move is sure to be none."""
    if move is None:
        return {"moved": False, "before": None, "standing": str(Standing.CONFIRMED)}
    return {"moved": True, "before": move.before, "standing": str(move.standing)}


def _taken_back(move: Move | None) -> bool:
    return move is not None and move.standing is Standing.RETRACTED


def _at(steps: Sequence[Step], at: str) -> Decimal | None:
    return next((step.price for step in reversed(steps) if step.at <= at), None)


def _fall(steps: Sequence[Step]) -> Row | None:
    """The fall of a side's ever cheaper prices; None where there are too few. An unbounded end is None."""
    known = since_found(steps)
    sold = [Sold(date.fromisoformat(step.at[:10]), step.price) for step in known if step.price]
    found = fall(ever_cheaper(sold))
    if found is None:
        return None
    factors = {"factor": found.factor, "low": found.low, "high": found.high}
    kept = {name: round(value, 3) if math.isfinite(value) else None for name, value in factors.items()}
    return {**kept, "n": found.n, "span_days": found.span_days}
