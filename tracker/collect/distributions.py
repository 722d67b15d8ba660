"""What tells a slip from news: pure tests on the figures of two snapshots, never on single cases.

Each takes figures before and now under the same keys, and answers for what they have in common.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from statistics import median
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

MANY = 10  # the least number of figures in common from which a distribution is spoken of
MOST = 0.5
FEW = 4  # so many that all do what none should are enough


def pairs(before: Mapping[K, float], now: Mapping[K, float]) -> list[tuple[float, float]]:
    """The figures that both snapshots have, as (before, now)."""
    return [(figure, now[key]) for key, figure in before.items() if key in now]


def common_factor(both: Sequence[tuple[float, float]]) -> tuple[float, int]:
    """The factor by which most figures moved together, and how many did: (1, 0) where there is none.

    A unit slip is exact, so factors count as the same where they agree to three digits.
    """
    factors = Counter(f"{now / before:.2e}" for before, now in both if before > 0 and now > 0)
    if sum(factors.values()) < MANY:
        return 1.0, 0
    text, rows = factors.most_common(1)[0]
    return (float(text), rows) if rows > MOST * factors.total() else (1.0, 0)


def to_zero(both: Sequence[tuple[float, float]]) -> int:
    """How many figures fell to zero, where most did; otherwise 0."""
    positive = [now for before, now in both if before > 0]
    fallen = sum(now == 0 for now in positive)
    return fallen if len(positive) >= MANY and fallen > MOST * len(positive) else 0


def apart(both: Sequence[tuple[float, float]]) -> bool:
    """Whether the figures lie where they never lay: the middle of each snapshot outside the other's range."""
    if len(both) < MANY:
        return False
    before, now = ([*side] for side in zip(*both, strict=True))
    return not (min(before) <= median(now) <= max(before) or min(now) <= median(before) <= max(now))


def inverted(
    first: Mapping[K, float],
    second: Mapping[K, float],
    first_now: Mapping[K, float],
    second_now: Mapping[K, float],
) -> int:
    """How many rows had the first figure below the second and have it above now, or the reverse; 0 if few."""
    keys = first.keys() & second.keys() & first_now.keys() & second_now.keys()
    unequal = [key for key in keys if first[key] != second[key]]
    turned = sum((first[k] - second[k]) * (first_now[k] - second_now[k]) < 0 for k in unequal)
    most = turned > MOST * len(unequal) if len(unequal) >= MANY else turned == len(unequal) >= FEW
    return turned if most else 0


def taken(first: Mapping[K, float], second: Mapping[K, float], first_now: Mapping[K, float]) -> int:
    """How many rows show under the first name what stood under the second; 0 where they are few."""
    keys = first.keys() & second.keys() & first_now.keys()
    unequal = [key for key in keys if first[key] != second[key]]
    moved = sum(first_now[key] == second[key] for key in unequal)
    return moved if len(unequal) >= MANY and moved > MOST * len(unequal) else 0


def order_kept(both: Sequence[tuple[float, float]]) -> float:
    """The rank correlation of two snapshots: 1 where the order is the same, about 0 where it is another."""
    if len(both) < MANY:
        return 1.0
    before, now = (_ranks([*side]) for side in zip(*both, strict=True))
    middle = (len(both) - 1) / 2
    product = sum((b - middle) * (n - middle) for b, n in zip(before, now, strict=True))
    spread = (sum((b - middle) ** 2 for b in before) * sum((n - middle) ** 2 for n in now)) ** 0.5
    return product / spread if spread else 1.0


def _ranks(figures: Sequence[float]) -> list[float]:
    """The place of each figure in their order; equal ones share the mean of their places."""
    places: dict[float, list[int]] = {}
    for place, figure in enumerate(sorted(figures)):
        places.setdefault(figure, []).append(place)
    return [sum(places[figure]) / len(places[figure]) for figure in figures]
