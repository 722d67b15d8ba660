"""How fast a model is served: what one answer shows, which of several speaks for a host, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil, log, sqrt
from statistics import geometric_mean, stdev
from typing import TypeVar

from tracker.trends.student import quantile

Measured = TypeVar("Measured")

FRESH = timedelta(days=30)  # hosts change their machines; an older speed says little of today's
NOTABLE = 1.2  # times: a speed that moves less is the weather of a shared machine
LEAST = 4  # measurements from which a record tells its own noise
SURE = 0.999  # of what a record foretells: hundreds of speeds are asked each week


def throughput(tokens: int, first: float, last: float) -> float | None:
    """Output tokens per second after the first one: (tokens - 1) / (last - first), times in seconds.

    None where it cannot be known: a single token, or tokens that all came at once.
    """
    return (tokens - 1) / (last - first) if tokens > 1 and last > first else None


def percentile(values: Sequence[Decimal], share: int) -> Decimal:
    """The nearest-rank percentile: the least value that `share` per cent of the values do not exceed.

    It is one of the values, never between two. ValueError where there are none.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[max(1, ceil(len(ordered) * share / 100)) - 1]


def fresh(seen: str, on: str) -> bool:
    """Whether what was seen at a time (RFC 3339) still speaks for a host at another."""
    return datetime.fromisoformat(on) - datetime.fromisoformat(seen) <= FRESH


def fastest(
    measured: Iterable[Measured], of: Callable[[Measured], Decimal | None], *, least: bool = False
) -> Measured | None:
    """The one with the highest speed, or the least wait; the first of equals, None where none is measured."""
    best: tuple[Decimal, Measured] | None = None
    for one in measured:
        value = of(one)
        if value is not None and (best is None or (value < best[0] if least else value > best[0])):
            best = value, one
    return best[1] if best else None


def pace(tokens_per_second: Decimal | None, ttft: Decimal | None) -> tuple[bool, Decimal, bool, Decimal]:
    """What sorts the fastest first: output speed, then the time to the first token; unknown ones last."""
    return tokens_per_second is None, -(tokens_per_second or Decimal(0)), ttft is None, ttft or Decimal(0)


def moved(before: Sequence[float], now: Sequence[float]) -> tuple[float, float] | None:
    """The usual speed before and now (geometric means), where they differ beyond the record's own noise.

    Both are positive, in one unit. Now has to lie outside the 99.9 % prediction interval that the logarithms
    of the record give for the mean of as many values, t x s x sqrt(1/n + 1/m), and to differ by a fifth.
    None where nothing moved, or where fewer than four measurements before cannot tell.
    """
    if len(before) < LEAST or not now:
        return None
    logs, usual, today = [log(value) for value in before], geometric_mean(before), geometric_mean(now)
    reach = quantile(SURE, len(before) - 1) * stdev(logs) * sqrt(1 / len(before) + 1 / len(now))
    return (usual, today) if abs(log(today / usual)) >= max(log(NOTABLE), reach) else None
