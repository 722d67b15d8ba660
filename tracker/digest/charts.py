"""The gap over a year, drawn: as a step line for SVG, as bars for text. Zero (level) is always in view.

The gap moves when a model arrives and then stays, so the line is a step line, to scale in time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from tracker.digest.model import Spark

BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart's geometry in its own pixels: two paths, where the line ends, and where level is."""

    width: int
    height: int
    line: str
    area: str
    end_x: float
    end_y: float
    level: float


def curve(spark: Spark, width: int = 96, height: int = 28, margin: float = 3.0) -> Curve | None:
    """The step line of a gap, or None where there are not two days to draw it between."""
    points = _points(spark)
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return None
    low, high = _range(points)
    days = points[-1][0] - points[0][0]

    def x(day: int) -> float:
        return round(margin + (day - points[0][0]) / days * (width - 2 * margin), 1)

    def y(value: float) -> float:
        return round(margin + (high - value) / (high - low) * (height - 2 * margin), 1)

    steps = "".join(f"H{x(day):g}V{y(value):g}" for day, value in points[1:])
    line = f"M{x(points[0][0]):g} {y(points[0][1]):g}{steps}"
    area = f"{line}V{y(0):g}H{x(points[0][0]):g}Z"
    return Curve(width, height, line, area, x(points[-1][0]), y(points[-1][1]), y(0))


def bars(spark: Spark, count: int = 12) -> str:
    """`▇▇▆▅▅▃▂`: the gap at the end of each of `count` equal spans of time; "" where there is no line."""
    points = _points(spark)
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return ""
    low, high = _range(points)
    first, last = points[0][0], points[-1][0]
    ends = (first + (last - first) * (i + 1) / count for i in range(count))
    values = ([value for day, value in points if day <= end][-1] for end in ends)
    return "".join(BARS[round((value - low) / (high - low) * (len(BARS) - 1))] for value in values)


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
    """The days that have a finite gap, in order."""
    return sorted(
        (date.fromisoformat(day[:10]).toordinal(), v) for day, v in spark.points if math.isfinite(v)
    )


def _range(points: list[tuple[int, float]]) -> tuple[float, float]:
    low, high = min(0.0, *(v for _, v in points)), max(0.0, *(v for _, v in points))
    return (low, high) if high > low else (low, low + 1)
