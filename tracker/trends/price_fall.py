"""How fast the price of a capability falls: Epoch AI's procedure of March 2025.

Thresholds are the scores of each running best model. For one of them: walk by date over what reaches it, keep
what is strictly cheaper than all before, and fit log10(price) to days by least squares. A short walk
inflates the factor (their 21 correlate by -0.81 with the span), so a `Fall` always has its n and span.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.trends.student import quantile

LEAST = 4  # points of a fit
COVERAGE = 0.9
YEAR = 365
TOP = Decimal(100)  # a share: a model that solves everything is measured no more


@dataclass(frozen=True, slots=True)
class Sold:
    """A model at a price from a day on: USD per million tokens; the score in its metric's unit."""

    day: date
    price: Decimal
    score: Decimal = Decimal(0)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """By which factor a price falls in a year, with its 90 % interval, n, days and share explained.

    A factor below 1 cannot be: only ever cheaper prices are kept. An end of the interval may be infinite.
    """

    factor: float
    low: float
    high: float
    n: int
    first: date
    last: date
    r_squared: float

    @property
    def span_days(self) -> int:
        """From the first price to the last, in days."""
        return (self.last - self.first).days


def thresholds(sold: Iterable[Sold], least: Decimal = Decimal(0)) -> list[Sold]:
    """Each model that scored better than all before it, by date; scores below `least` (guessing) left out."""
    best: list[Sold] = []
    for one in sorted(sold, key=lambda one: one.day):
        if one.score > (best[-1].score if best else Decimal("-Infinity")):
            best.append(one)
    return [one for one in best if one.score >= least]


def reaching(sold: Iterable[Sold], threshold: Decimal, top: Decimal | None = TOP) -> list[Sold]:
    """What reaches a threshold and is under the top of its scale (None: a scale without one)."""
    return [one for one in sold if threshold <= one.score and (top is None or one.score < top)]


def ever_cheaper(sold: Iterable[Sold]) -> list[Sold]:
    """What was strictly cheaper than all before it, by date, one a day. What is free is no price."""
    kept: dict[date, Sold] = {}
    for one in sorted((one for one in sold if one.price > 0), key=lambda one: one.day):
        if not kept or one.price < next(reversed(kept.values())).price:
            kept[one.day] = one
    return list(kept.values())


def fall(kept: Sequence[Sold]) -> Fall | None:
    """The least-squares line of log10(price) on days as a factor a year; None below four points.

    factor = 10^(-slope x 365), the interval by Student's t with n - 2 degrees of freedom. ValueError where
    all points lie on one day.
    """
    if len(kept) < LEAST:
        return None
    days = [one.day.toordinal() for one in kept]
    logs = [math.log10(one.price) for one in kept]
    day, log = sum(days) / len(days), sum(logs) / len(logs)
    spread = sum((x - day) ** 2 for x in days)
    if not spread:
        raise ValueError("prices of one day have no slope")
    slope = sum((x - day) * (y - log) for x, y in zip(days, logs, strict=True)) / spread
    left = sum((y - log - slope * (x - day)) ** 2 for x, y in zip(days, logs, strict=True))
    wide = quantile(COVERAGE, len(kept) - 2) * math.sqrt(left / (len(kept) - 2) / spread)
    total = sum((y - log) ** 2 for y in logs)
    factor, low, high = (_a_year(slope + by) for by in (0, wide, -wide))
    explained = 1 - left / total if total else 0.0
    return Fall(factor, low, high, len(kept), kept[0].day, kept[-1].day, explained)


def _a_year(slope: float) -> float:
    """The factor of a slope in powers of ten a day; infinite where no float holds it."""
    power = -slope * YEAR
    return 10.0**power if power < 308 else math.inf
