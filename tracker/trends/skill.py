"""How well forecasts of gaps have done, and whether that is better than "as it is now".

Scores are mean absolute errors in units of u by rolling origin, a week apart. Metrics move together and
windows overlap, so a test takes origins h weeks apart, the mean over all metrics at each being one
observation, and asks by flipping signs whether persistence's error exceeds the model's (one-sided). There are
h such sets of origins; twice the mean of their p is a p whatever their dependence (Rueschendorf 1982).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random

from tracker.trends.forecast import Experience, Outlook, Pull, Series, Window, windows

LEVEL = 0.05  # of the test
EXACT, DRAWS = 12, 4095  # flip all signs up to so many observations, else so many at random


@dataclass(frozen=True, slots=True)
class Score:
    """How forecasts of one horizon did: mean absolute errors in units of a metric's mean gap.

    `independent` is the number of origins a whole horizon apart; `sets` are the p of each set; `held`
    the share of outcomes within the interval, None where there was none yet.
    """

    weeks: int
    windows: int = 0
    independent: int = 0
    model: float = 0.0
    persistence: float = 0.0
    line: float = 0.0
    sets: tuple[float, ...] = ()
    held: float | None = None

    @property
    def skill(self) -> float:
        """The share of persistence's error that the model avoids."""
        return 1 - self.model / self.persistence if self.persistence else 0.0

    @property
    def p(self) -> float:
        """One p of those of all sets of origins."""
        return min(1.0, 2 * sum(self.sets) / len(self.sets)) if self.sets else 1.0

    @property
    def shown(self) -> bool:
        """Whether the model may be believed at this horizon."""
        return self.skill > 0 and self.p < LEVEL


def score(series: Iterable[Series], weeks: int, until: date) -> tuple[Score, Experience]:
    """How forecasts had done by a day, and what has been learnt from all windows that are over."""
    past = sorted(
        (window for one in series for window in windows(one, weeks, until)),
        key=lambda window: (window.end, window.origin.metric),
    )
    known, waiting = Experience(Pull(weeks)), 0
    done: list[float] = []
    errors: list[tuple[Window, float, Outlook | None]] = []
    for window in past:  # by end, hence by origin too: all windows are as long
        while past[waiting].end <= window.origin.day:
            known.learn(past[waiting], done[waiting])
            waiting += 1
        done.append(known.pull.forecast(window.origin))
        if known.warm:
            errors.append((window, done[-1], known.outlook(window.origin)))
    for place in range(waiting, len(past)):
        known.learn(past[place], done[place])
    return _score(errors, weeks, until), known


def _score(errors: Sequence[tuple[Window, float, Outlook | None]], weeks: int, until: date) -> Score:
    if not errors:
        return Score(weeks)
    apart: dict[int, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    model, persistence, line = 0.0, 0.0, 0.0
    for window, said, _ in errors:
        at = window.origin
        ours, same = abs(window.later - said) / at.unit, abs(window.later - at.gap) / at.unit
        straight = at.gap + at.slope * 7 * weeks
        model, persistence = model + ours, persistence + same
        line += abs(window.later - straight) / at.unit
        apart[(until - at.day).days // 7 % weeks][at.day].append(same - ours)
    told = [o.low <= w.later <= o.high for w, _, o in errors if o]
    n, most = len(errors), max(map(len, apart.values()))
    held = sum(told) / len(told) if told else None
    return Score(
        weeks,
        n,
        most,
        model / n,
        persistence / n,
        line / n,
        tuple(_tested(apart[place]) for place in sorted(apart)),
        held,
    )


def _tested(gains: Mapping[date, Sequence[float]]) -> float:
    """The p of one set of origins, given what was gained on each metric at each."""
    return flipped([sum(found) / len(found) for _, found in sorted(gains.items())])


def flipped(gains: Sequence[float]) -> float:
    """The one-sided p of independent gains: how often a sum with random signs is as large as theirs."""
    if not gains:
        return 1.0
    total, n = sum(gains) - 1e-12, len(gains)
    if n <= EXACT:
        sums = [sum(s * g for s, g in zip(signs, gains, strict=True)) for signs in product((1, -1), repeat=n)]
        return sum(one >= total for one in sums) / len(sums)
    chance = Random(n)  # noqa: S311 - the test has to come out the same each time
    hits = sum(sum(g if chance.random() < 0.5 else -g for g in gains) >= total for _ in range(DRAWS))
    return (hits + 1) / (DRAWS + 1)
