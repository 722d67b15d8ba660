"""Two plain rules beside the detector: a threshold on the gap's moves, and a test of its slope.

- threshold: an alarm where the published gap differs from the snapshot before by more than `POINTS` (Elo,
  index) or `PERCENT` points (per cent).
- slope: an alarm where the Theil-Sen slope of the last `WINDOW` days (at least `LEAST` snapshots) differs
  from 0 at 90 %, by a bootstrap of its residuals in blocks of `BLOCK` snapshots, `DRAWS` draws; alarms of one
  direction that follow each other are one.

Both are helped as far as is fair: they need not name a model, and an alarm is true where any true step of its
direction came within the span that the rule looks back over, and 28 days more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.backtest.boards import Shot
from bench.backtest.judge import FALSE, HIT, MISS, Verdict
from bench.backtest.truth import Truth, truth
from tracker.catalog.metrics import BY_ID
from tracker.trends.events import Snapshot

POINTS, PERCENT = 10.0, 5.0
WINDOW, LEAST, BLOCK, DRAWS, SEED = timedelta(days=90), 8, 3, 199, 20260531
GRACE = timedelta(days=28)
Array = NDArray[np.float64]
Alarm = tuple[int, int]  # snapshot, direction of the gap: -1 closing, 1 widening


class Seen(Protocol):
    """A snapshot as a rule sees it: what the detector is given, and the vintage."""

    @property
    def seen(self) -> Snapshot: ...

    @property
    def vintage(self) -> object: ...


def jumps(shots: Sequence[Seen], most: float = POINTS) -> list[Alarm]:
    """The threshold rule's alarms."""
    return [
        (place, 1 if now.seen.gap > before.seen.gap else -1)
        for place, (before, now) in enumerate(pairwise(shots), 1)
        if before.vintage == now.vintage and abs(now.seen.gap - before.seen.gap) > most
    ]


def slopes(shots: Sequence[Seen]) -> list[Alarm]:
    """The slope test's alarms."""
    chance = np.random.default_rng(SEED)
    signs = [_sign(shots, place, chance) for place in range(len(shots))]
    runs = groupby(range(len(shots)), key=lambda place: (signs[place], shots[place].vintage))
    return [(next(iter(places)), sign) for (sign, _), places in runs if sign]


def threshold(metric: str, shots: Sequence[Shot]) -> list[Verdict]:
    """The threshold rule's alarms on a recorded board, judged."""
    most = PERCENT if BY_ID[metric].scale == "percent" else POINTS
    return list(_judged(metric, shots, jumps(shots, most), GRACE))


def slope(metric: str, shots: Sequence[Shot]) -> list[Verdict]:
    """The slope test's alarms on a recorded board, judged."""
    return list(_judged(metric, shots, slopes(shots), WINDOW + GRACE))


def _sign(shots: Sequence[Seen], place: int, chance: np.random.Generator) -> int:
    """The direction in which the gap has moved up to a snapshot, 0 where the test does not tell."""
    here = shots[place]
    span = [s.seen for s in shots[: place + 1] if s.vintage == here.vintage]
    seen = list({shot.on: shot for shot in span if here.seen.on - shot.on <= WINDOW}.values())
    if len(seen) < LEAST:
        return 0
    days = np.array([(shot.on - seen[0].on).days for shot in seen], float)
    low, high = interval(days, np.array([shot.gap for shot in seen]), chance)
    return 1 if low > 0 else -1 if high < 0 else 0


def interval(days: Array, gaps: Array, chance: np.random.Generator) -> tuple[float, float]:
    """The 90 % interval of the Theil-Sen slope, by residuals in blocks."""
    tilt = float(theil_sen(days, gaps[None])[0])
    level = float(np.median(gaps - tilt * days))
    left = gaps - level - tilt * days
    starts = chance.integers(0, len(gaps), (DRAWS, -(-len(gaps) // BLOCK)))
    picks = ((starts[:, :, None] + np.arange(BLOCK)) % len(gaps)).reshape(DRAWS, -1)[:, : len(gaps)]
    low, high = np.quantile(theil_sen(days, level + tilt * days + left[picks]), [0.05, 0.95])
    return float(low), float(high)


def theil_sen(days: Array, gaps: Array) -> Array:
    """The median slope of all pairs, for each row of gaps."""
    first, second = np.triu_indices(len(days), 1)
    return np.asarray(np.median((gaps[:, second] - gaps[:, first]) / (days[second] - days[first]), axis=1))


def _judged(
    metric: str, shots: Sequence[Shot], alarms: Sequence[Alarm], back: timedelta
) -> Iterator[Verdict]:
    real, hit = truth(shots), set[tuple[str, int]]()
    for place, sign in alarms:
        day = shots[place].on
        near = [
            (name, said)
            for name, said in real.items()
            if said and said.step and timedelta(0) <= day - shots[said.first].on <= back
            if (name[0] == "closed") == (sign > 0)
        ]
        hit |= {(name[0], said.first) for name, said in near}
        release = near[-1][0][1] if near else f"{metric} {day}"
        yield Verdict(metric, day, "", release, HIT if near else FALSE, sign)
    yield from _missed(metric, shots, real, hit)


def _missed(metric: str, shots: Sequence[Shot], real: Truth, hit: set[tuple[str, int]]) -> Iterator[Verdict]:
    for (side, name), said in real.items():
        if said and said.best and said.counted and (side, said.first) not in hit:
            on: date = shots[said.first].on
            yield Verdict(metric, on, side, name, MISS, 0.0, said)
