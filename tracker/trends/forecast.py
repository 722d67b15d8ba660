"""Where a gap may stand in some weeks, scored on the past, and shown only where it beats "as it is now".

The gap moves in steps. Closed releases widen it by about the same each time, open ones close a part of
it, so that it is pulled towards a level. In units of u, a metric's mean absolute gap so far, the move over h
weeks is expected to be a + b x gap. a and b are least squares over the windows of *all* metrics that had
ended by then, shrunk towards 0 as by `SHRINK` windows without any move; with both at 0 it is persistence.

Scores are mean absolute errors in units of u by rolling origin, a week apart. Metrics move together and
windows overlap, so that the test uses origins h weeks apart, the mean over all metrics at each being one
observation: whether persistence's error exceeds the model's is tested by flipping signs (one-sided).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from random import Random

HORIZONS = (4, 13, 26)  # weeks
FRESH = timedelta(days=28)  # how old a snapshot may be that speaks of a day
MEMORY = timedelta(days=182)  # what the straight line is drawn through
SHRINK = 200  # windows
WARM = 8  # origins whose windows have to be over before anything is forecast
WITHIN = 0.8  # the share of outcomes that an interval is to hold
LEVEL = 0.05  # of the test
EXACT, DRAWS = 12, 4095  # flip all signs up to so many observations, else so many at random


@dataclass(frozen=True, slots=True)
class Series:
    """The gaps of one metric in one vintage: days, ascending, and closed minus open on each."""

    metric: str
    vintage: str
    days: Sequence[date]
    gaps: Sequence[float]


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a gap on a day: its size, the metric's unit, and the slope of its line a day."""

    metric: str
    day: date
    gap: float
    unit: float
    slope: float


@dataclass(frozen=True, slots=True)
class Window:
    """An origin, and the gap that came of it."""

    origin: Origin
    end: date
    later: float


@dataclass(slots=True)
class Pull:
    """The pooled regression of moves on gaps, both in units; windows are added as they end."""

    n: float = SHRINK
    x: float = 0.0
    xx: float = SHRINK
    y: float = 0.0
    xy: float = 0.0

    def add(self, window: Window) -> None:
        """Learn from a window that is over."""
        at, move = _scaled(window)
        self.n, self.x, self.xx = self.n + 1, self.x + at, self.xx + at * at
        self.y, self.xy = self.y + move, self.xy + at * move

    def forecast(self, origin: Origin) -> float:
        """The gap that is expected of an origin."""
        det = self.n * self.xx - self.x**2
        a = (self.y * self.xx - self.xy * self.x) / det
        b = (self.n * self.xy - self.x * self.y) / det
        return origin.gap + (a + b * origin.gap / origin.unit) * origin.unit


def _scaled(window: Window) -> tuple[float, float]:
    at = window.origin
    return at.gap / at.unit, (window.later - at.gap) / at.unit


@dataclass(frozen=True, slots=True)
class Score:
    """How forecasts of one horizon did: mean absolute errors in units of a metric's mean gap.

    `independent` is the number of origins a whole horizon apart; `p` the one-sided test over those; `held`
    the share of outcomes within the interval, None where there was none yet.
    """

    weeks: int
    windows: int = 0
    independent: int = 0
    model: float = 0.0
    persistence: float = 0.0
    line: float = 0.0
    p: float = 1.0
    held: float | None = None

    @property
    def skill(self) -> float:
        """The share of persistence's error that the model avoids."""
        return 1 - self.model / self.persistence if self.persistence else 0.0

    @property
    def shown(self) -> bool:
        """Whether the model may be believed at this horizon."""
        return self.skill > 0 and self.p < LEVEL


@dataclass(frozen=True, slots=True)
class Outlook:
    """The gap expected in some weeks, an interval for it, and the chance that open is level or ahead."""

    gap: float
    low: float
    high: float
    crossing: float


@dataclass(slots=True)
class Experience:
    """What had been learnt by a day: the pull, and how far forecasts had been off, in units, ascending."""

    pull: Pull = field(default_factory=Pull)
    off: list[float] = field(default_factory=list)
    origins: set[date] = field(default_factory=set)

    @property
    def warm(self) -> bool:
        """Whether enough is over to forecast."""
        return len(self.origins) >= WARM

    def outlook(self, origin: Origin) -> Outlook | None:
        """The forecast of an origin; None while there is too little experience."""
        if not self.warm or len(self.off) < WARM:
            return None
        centre = self.pull.forecast(origin)
        low, high = (
            centre + _quantile(self.off, q) * origin.unit for q in ((1 - WITHIN) / 2, (1 + WITHIN) / 2)
        )
        crossing = bisect_right(self.off, -centre / origin.unit) / len(self.off)
        return Outlook(centre, low, high, crossing)


def origin(series: Series, day: date) -> Origin | None:
    """What is known of a series on a day; None before it begins, in a hole, or where the gap was ever 0."""
    count = bisect_right(series.days, day)
    if not count or day - series.days[count - 1] > FRESH:
        return None
    gaps = series.gaps[:count]
    unit = sum(map(abs, gaps)) / count
    start = bisect_right(series.days, day - MEMORY, hi=count)
    slope = _slope([(d - day).days for d in series.days[start:count]], gaps[start:])
    return Origin(series.metric, day, gaps[-1], unit, slope) if unit else None


def windows(series: Series, weeks: int, until: date) -> Iterator[Window]:
    """The windows of a series that are over by a day, their origins a week apart counted back from it."""
    day, length = until - timedelta(weeks=weeks), timedelta(weeks=weeks)
    while series.days and day >= series.days[0]:
        found, later = origin(series, day), origin(series, day + length)
        news = bisect_right(series.days, day + length) > bisect_right(series.days, day)
        if found and later and news:
            yield Window(found, day + length, later.gap)
        day -= timedelta(weeks=1)


def score(series: Iterable[Series], weeks: int, until: date) -> tuple[Score, Experience]:
    """How forecasts had done by a day, and what has been learnt from all windows that are over."""
    past = sorted(
        (window for one in series for window in windows(one, weeks, until)),
        key=lambda window: (window.end, window.origin.metric),
    )
    known, waiting = Experience(), 0
    done: list[float] = []
    errors: list[tuple[Window, float, Outlook | None]] = []
    for window in past:  # by end, hence by origin too: all windows are as long
        while past[waiting].end <= window.origin.day:
            _learn(known, past[waiting], done[waiting])
            waiting += 1
        done.append(known.pull.forecast(window.origin))
        if known.warm:
            errors.append((window, done[-1], known.outlook(window.origin)))
    for place in range(waiting, len(past)):
        _learn(known, past[place], done[place])
    return _score(errors, weeks, until), known


def _learn(known: Experience, window: Window, said: float) -> None:
    if known.warm:
        insort(known.off, (window.later - said) / window.origin.unit)
    known.pull.add(window)
    known.origins.add(window.origin.day)


def _score(errors: Sequence[tuple[Window, float, Outlook | None]], weeks: int, until: date) -> Score:
    if not errors:
        return Score(weeks)
    apart: dict[date, list[float]] = defaultdict(list)
    model, persistence, line = 0.0, 0.0, 0.0
    for window, said, _ in errors:
        at = window.origin
        ours, same = abs(window.later - said) / at.unit, abs(window.later - at.gap) / at.unit
        straight = at.gap + at.slope * 7 * weeks
        model, persistence = model + ours, persistence + same
        line += abs(window.later - straight) / at.unit
        if (until - at.day).days % (7 * weeks) == 0:
            apart[at.day].append(same - ours)
    told = [o.low <= w.later <= o.high for w, _, o in errors if o]
    n, means = len(errors), [sum(gains) / len(gains) for _, gains in sorted(apart.items())]
    held = sum(told) / len(told) if told else None
    return Score(weeks, n, len(means), model / n, persistence / n, line / n, flipped(means), held)


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


def _slope(days: Sequence[int], gaps: Sequence[float]) -> float:
    """Least squares of the gap on days; 0 where no line can be drawn."""
    n = len(days)
    if n < 3:
        return 0.0
    middle, level = sum(days) / n, sum(gaps) / n
    spread = sum((d - middle) ** 2 for d in days)
    return (
        sum((d - middle) * (g - level) for d, g in zip(days, gaps, strict=True)) / spread if spread else 0.0
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank of an ascending list."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
