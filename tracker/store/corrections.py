"""Telling a list's own correction from a move of the market, for prices that moved within reason.

A wild move is decided in belief.py; any other one is confirmed, unless other lists show that nothing moved.
What is told of a model is judged anew whenever something is said of its prices, so that the order of arrival
does not matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from tracker.domain import Standing
from tracker.store.moves import LISTED
from tracker.store.witnesses import Place, said_of
from tracker.trends.belief import DECISIVE, Prices, Step
from tracker.trends.witness import mended, words


def judge(connection: Connection, captures: Sequence[int]) -> None:
    """Judge the price changes of every model of which the captures say a price. Needs a second list."""
    lists = connection.exec_driver_sql(
        "SELECT count(*) FROM source WHERE EXISTS (SELECT 1 FROM series WHERE source = source.name"
        " AND metric = 'price.input' LIMIT 1)"
    ).scalar_one()
    if lists < 2:
        return
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT x.id, x.at, x.source, x.model, x.variant, x.provider, x.detail, x.standing"
        f" FROM change x WHERE x.metric = 'price' AND x.judged = '' AND x.standing IN (?, ?) AND x.model IN"
        " (SELECT coalesce(l.model, s.subject) FROM point p JOIN series s ON s.id = p.series"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        f" WHERE p.capture IN {LISTED} AND s.metric LIKE 'price.%')",
        (str(Standing.CONFIRMED), str(Standing.CORRECTED), json.dumps(captures)),
    ).fetchall()
    by_offer: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        by_offer[row.model, row.detail].append(row)
    for (model, condition), told in by_offer.items():
        offers = said_of(connection, condition, model=model)
        for row in told:
            standing = Standing.CORRECTED if _is_correction(row, offers) else Standing.CONFIRMED
            if standing != row.standing:
                connection.exec_driver_sql(
                    "UPDATE change SET standing = ? WHERE id = ?", (str(standing), row.id)
                )


def _is_correction(row: Any, offers: dict[Place, list[Step]]) -> bool:
    mine = [
        (place, steps)
        for place, steps in offers.items()
        if (place.source, place.provider, place.variant) == (row.source, row.provider, row.variant)
    ]
    for place, steps in mine:
        same = [
            word
            for other, said in offers.items()
            if (other.seller, other.variant) == (place.seller, place.variant) and other.source != place.source
            for word in words(other.source, other.seller, said)
        ]
        if (moved := _move(steps, row.at)) and mended(*moved, row.at, same):
            return True
    return False


def _move(steps: Sequence[Step], at: str) -> tuple[Prices, Prices, str] | None:
    """What an offer said before a time and at it, and since when it had said the former."""
    now = next((step for step in steps if step.at == at), None)
    earlier = [step for step in steps if step.at < at]
    if now is None or not earlier:
        return None
    before, since = _decisive(earlier[-1].prices), earlier[-1].at
    for step in reversed(earlier):
        if _decisive(step.prices) != before:
            break
        since = step.at
    return before, _decisive(now.prices), since


def _decisive(prices: Prices) -> Prices:
    return {part: prices.get(part) for part in DECISIVE}
