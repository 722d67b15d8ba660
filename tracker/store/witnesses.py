"""What all lists say of a model, for judging one of its prices that moved wildly (trends/witness.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.trends.belief import Prices, Step
from tracker.trends.witness import Witnesses, Word, tame, words

PLAN = "plan"  # a subscription's token prices mean nothing


class Offer(NamedTuple):
    """What tells offers apart within the store."""

    source: str
    subject: str
    provider: str
    condition: str


class Place(NamedTuple):
    """Where an offer of the model stands: its list, spelling and variant, and its seller."""

    source: str
    subject: str
    provider: str
    variant: str
    seller: str
    role: str


def witnesses(connection: Connection, offer: Offer) -> Witnesses:
    """What is said of the same model under the same condition: by the same seller, and by others.

    The same seller counts on other lists and for the same variant; another one for any, on any list.
    """
    offers = _offers(connection, offer)
    mine = next((place for place in offers if place[:3] == offer[:3]), None)
    if mine is None:
        return Witnesses()
    same: list[Word] = []
    others: list[Word] = []
    for place, steps in sorted(offers.items()):
        if place.seller != mine.seller:
            others += tame(place.source, place.seller, steps) if place.role != PLAN else ()
        elif place.source != mine.source and place.variant == mine.variant:
            same += words(place.source, place.seller, steps)
    return Witnesses(same, others)


def _offers(connection: Connection, offer: Offer) -> dict[Place, list[Step]]:
    """Everything that was said of the offer's model under its condition."""
    model = connection.exec_driver_sql(
        "SELECT model FROM spelling WHERE source = ? AND subject = ?", (offer.source, offer.subject)
    ).scalar()
    return said_of(connection, offer.condition, model=model or "", subject=offer.subject)


def said_of(
    connection: Connection, condition: str, *, model: str, subject: str = ""
) -> dict[Place, list[Step]]:
    """Everything that was said of a model, or of a spelling without one, by offer, in order of time.

    The plus makes SQLite look series up by their subject, not all of a source for each spelling.
    """
    spelt, name = ("l.model = ?", model) if model else ("l.subject = ?", subject)
    rows = connection.exec_driver_sql(
        "SELECT s.source, s.subject, s.provider, l.variant, coalesce(v.id, nullif(s.provider, ''), w.vendor),"
        " coalesce(v.role, ''), substr(s.metric, 7), p.at, p.value FROM spelling l"
        " JOIN series s ON +s.source = l.source AND s.subject = l.subject AND s.condition = ?"
        " AND s.metric LIKE 'price.%' JOIN source w ON w.name = s.source"
        " LEFT JOIN provider v ON v.spelling = s.provider JOIN point p ON p.series = s.id"
        f" WHERE {spelt} ORDER BY p.at",
        (condition, name),
    )
    said: dict[Place, list[tuple[str, str, str | None]]] = defaultdict(list)
    for row in rows:
        said[Place(*row[:6])].append((row[6], row[7], row[8]))
    return {place: _steps(told) for place, told in said.items()}


def _steps(told: Iterable[tuple[str, str, str | None]]) -> list[Step]:
    """Parts and their prices at times, in order of time, as the states of the offer."""
    steps: list[Step] = []
    prices: Prices = {}
    for part, at, value in told:
        prices = {**prices, part: Decimal(value) if value is not None else None}
        if steps and steps[-1].at == at:
            steps.pop()
        steps.append(Step(at, prices))
    return steps
