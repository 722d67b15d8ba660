"""Where a gap may stand in some weeks: what a step process expects, learnt from all metrics together.

The gap moves in steps. Closed releases widen it by about the same each time, open ones close a part of
it, so that it is pulled towards a level. In units of u, a metric's mean absolute gap so far, the move over h
weeks is expected to be a + b x gap. a and b are least squares over the windows of *all* metrics that had
ended by then, shrunk towards no move at all as by `SHRINK` independent windows. Whether that is worth
showing, `skill.py` tells.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

HORIZONS = (4, 13, 26)  # weeks
FRESH = timedelta(days=28)  # how old a snapshot may be that speaks of a day
MEMORY = timedelta(days=182)  # what the straight line is drawn through
SHRINK = 10  # independent windows
TINY = 1e-9  # of the spread of gaps, below which they are all alike
WARM = 8  # origins whose windows have to be over before anything is forecast
WITHIN = 0.8  # the share of outcomes that an interval is to hold


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

    weeks: int
    origins: set[date] = field(default_factory=set)
    n: int = 0
    x: float = 0.0
    xx: float = 0.0
    y: float = 0.0
    xy: float = 0.0

    def add(self, window: Window) -> None:
        """Learn from a window that is over."""
        at, move = _scaled(window)
        self.origins.add(window.origin.day)
        self.n, self.x, self.xx = self.n + 1, self.x + at, self.xx + at * at
        self.y, self.xy = self.y + move, self.xy + at * move

    def forecast(self, origin: Origin) -> float:
        """The gap that is expected of an origin."""
        if not self.n:
            return origin.gap
        spread, tilt = self.n * self.xx - self.x**2, self.n * self.xy - self.x * self.y
        b = tilt / spread if spread > TINY * self.n * self.xx else 0.0
        move = self.y / self.n + b * (origin.gap / origin.unit - self.x / self.n)
        independent = len(self.origins) / self.weeks
        return origin.gap + independent / (independent + SHRINK) * move * origin.unit


def _scaled(window: Window) -> tuple[float, float]:
    at = window.origin
    return at.gap / at.unit, (window.later - at.gap) / at.unit


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

    pull: Pull
    off: list[float] = field(default_factory=list)

    @property
    def warm(self) -> bool:
        """Whether enough is over to forecast."""
        return len(self.pull.origins) >= WARM

    def learn(self, window: Window, said: float) -> None:
        """Take in a window that is over, of which a forecast had been made."""
        if self.warm:
            insort(self.off, (window.later - said) / window.origin.unit)
        self.pull.add(window)

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
