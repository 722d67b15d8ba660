"""The gap over a year, drawn: as a step line for SVG, as bars for text. Zero (level) is always in view.

The gap moves when a model arrives and then stays, so the line is a step line, to scale in time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.digest.model import Spark

BARS = "▁▂▃▄▅▆▇█"
YEAR = 365  # days; every chart shows as many, so that charts can be compared
LEAST = 1.0  # a gap that stays within one point is not drawn as if it were large


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart's geometry in its own pixels: paths, where the line ends, and where level is.

    `behind` is the area where proprietary models lead, `ahead` the one where open models do.
    """

    width: int
    height: int
    line: str
    behind: str
    ahead: str
    end_x: float
    end_y: float
    level: float


def curve(spark: Spark, width: int = 120, height: int = 32, margin: float = 3.0) -> Curve | None:
    """The step line of a gap, or None where there are not two days to draw it between."""
    points = drawn(spark)
    if not points:
        return None
    low, high = _range(points)
    start = points[-1][0] - YEAR

    def x(day: int) -> float:
        return round(margin + (day - start) / YEAR * (width - 2 * margin), 1)

    def y(value: float) -> float:
        return round(margin + (high - value) / (high - low) * (height - 2 * margin), 1)

    line, behind, ahead = (
        _steps([(x(day), y(bound(value, 0.0))) for day, value in points]) for bound in (_itself, max, min)
    )
    close = f"V{y(0):g}H{x(points[0][0]):g}Z"
    return Curve(width, height, line, behind + close, ahead + close, x(points[-1][0]), y(points[-1][1]), y(0))


def _itself(value: float, _: float) -> float:
    return value


def _steps(places: Sequence[tuple[float, float]]) -> str:
    """A path that holds each height until the next place."""
    return f"M{places[0][0]:g} {places[0][1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y in places[1:])


def bars(spark: Spark, count: int = 12) -> str:
    """`··▇▆▅▅▃▂`: the gap at the end of each month of the year, a dot where it was not yet known."""
    points = drawn(spark)
    if not points:
        return ""
    low, high = _range(points)
    ends = (points[-1][0] - YEAR + YEAR * (i + 1) / count for i in range(count))
    known = ([value for day, value in points if day <= end] for end in ends)
    return "".join(BARS[round((k[-1] - low) / (high - low) * (len(BARS) - 1))] if k else "·" for k in known)


def described(spark: Spark) -> str:
    """The chart in words, for those who do not see it."""
    points = _points(spark)
    if spark.label or not points:
        return f"The gap over twelve months: {spark.label}" if spark.label else ""
    first, last = points[0], points[-1]
    return (
        f"The gap over twelve months: {first[1]:g} on {date.fromordinal(first[0])}, "
        f"{last[1]:g} on {date.fromordinal(last[0])}"
    )


def _points(spark: Spark) -> list[tuple[int, float]]:
    """The days that have a finite gap, in order; the year opens with the last gap known before it."""
    days = sorted(
        (date.fromisoformat(day[:10]).toordinal(), v) for day, v in spark.points if math.isfinite(v)
    )
    start = days[-1][0] - YEAR if days else 0
    before = [(start, value) for day, value in days if day < start]
    return before[-1:] + [point for point in days if point[0] >= start]


def drawn(spark: Spark) -> list[tuple[int, float]]:
    """(day as an ordinal, gap) of what a chart shows; empty where there are not two days to draw between."""
    points = _points(spark)
    return points if _drawable(points) else []


def _drawable(points: Sequence[tuple[int, float]]) -> bool:
    return len(points) > 1 and points[0][0] < points[-1][0]


def _range(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    low, high = min(0.0, *(v for _, v in points)), max(0.0, *(v for _, v in points))
    return low, max(high, low + LEAST)
