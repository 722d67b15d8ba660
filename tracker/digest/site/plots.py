"""Charts to scale: days across, values up; zero in view where the value is a difference.

The paths are in a space of their own that is stretched to the page's width, and the marks are placed by
percent, so that a chart fills any width while its text and marks keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.digest.site.page import Line, Mark, Plot
from tracker.digest.weeks import day

WIDTH, HEIGHT = 1000, 260
TOP, BOTTOM = 14.0, 226.0  # pixels between which values stand
SIDE = 1.5  # percent on each side that no mark stands in
TICKS = 4
EDGE = 95.0  # percent, from which the middle of a label cannot stand without leaving a phone's window
LEAST = 0.02  # of the largest value


@dataclass(frozen=True, slots=True)
class Value:
    """A value on a day (ISO), in words, with its evidence, and the page that it leads to."""

    day: str
    value: float
    said: str
    evidence: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The values of one line in order of time; `joined` as steps: a value holds until the next."""

    name: str
    tone: str
    values: tuple[Value, ...]
    joined: bool = True


def plot(
    id: str, title: str, courses: Sequence[Course], *, zero: bool = False, unit: str = ""
) -> Plot | None:
    """The chart of some courses; None where there are not two days to draw between."""
    values = [value for course in courses for value in course.values if math.isfinite(value.value)]
    days = sorted({date.fromisoformat(value.day).toordinal() for value in values})
    if len(days) < 2:
        return None
    frame = _Frame(days[0], days[-1], *_range([value.value for value in values], zero))
    return Plot(
        id,
        title,
        _described(courses),
        WIDTH,
        HEIGHT,
        tuple(frame.across()),
        tuple((frame.y(tick), f"{_number(tick, frame.step)}{unit}") for tick in frame.ticks()),
        frame.y(0.0) if zero else None,
        tuple(_line(course, frame) for course in courses if course.values),
        "Day" if any(course.joined for course in courses) else "Released",
    )


def _range(values: Sequence[float], zero: bool) -> tuple[float, float]:
    """What is in view: never less than LEAST of the values themselves, so that a small step looks small."""
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = max((high - low) * 0.06, (LEAST * max(abs(low), abs(high)) - (high - low)) / 2) or 1.0
    return (low if zero and low == 0 else low - room), (high if zero and low < high == 0 else high + room)


class _Frame:
    """Where days and values stand."""

    def __init__(self, first: int, last: int, low: float, high: float) -> None:
        self.first, self.last, self.low, self.high = first, last, low, high
        rough = (high - low) / TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        self.step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)

    def x(self, ordinal: float) -> float:
        """Percent of the width."""
        return round(SIDE + (ordinal - self.first) / (self.last - self.first) * (100 - 2 * SIDE), 2)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return round(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)

    def ticks(self) -> Iterator[float]:
        """Round values in view."""
        for times in range(math.ceil(self.low / self.step), math.floor(self.high / self.step) + 1):
            yield times * self.step

    def across(self) -> list[tuple[float, str]]:
        """Firsts of months, as far apart as there is room for, and none but a lone one at the right edge."""
        found = list(self._months())
        return found[:-1] if len(found) > 1 and found[-1][0] > EDGE else found

    def _months(self) -> Iterator[tuple[float, str]]:
        months = max(1, round((self.last - self.first) / 30.44))
        every = next((n for n in (1, 2, 3, 6, 12) if months / n <= TICKS), -(-months // (12 * TICKS)) * 12)
        start = date.fromordinal(self.first)
        for number in range(start.year * 12 + start.month, start.year * 12 + start.month + months + 1):
            year, month = divmod(number, 12)
            when = date(year, month + 1, 1)
            if number % every == 0 and self.first <= when.toordinal() <= self.last:
                yield self.x(when.toordinal()), f"{when:%b} {when.year}"


def _number(value: float, step: float) -> str:
    places = max(0, -math.floor(math.log10(step)))
    return f"{0.0 if abs(value) < step / 2 else value:,.{places}f}"


def _line(course: Course, frame: _Frame) -> Line:
    marks = [
        Mark(
            frame.x(date.fromisoformat(value.day).toordinal()),
            frame.y(value.value),
            day(value.day),
            value.said,
            value.evidence,
            value.href,
        )
        for value in course.values
        if math.isfinite(value.value)
    ]
    path = _steps(marks) if course.joined and len(marks) > 1 else ""
    return Line(course.name, course.tone, path, tuple(marks))


def _steps(marks: Sequence[Mark]) -> str:
    """A path that holds each value until the next, in the paths' own space."""
    across = [f"{mark.x * WIDTH / 100:g}" for mark in marks]
    first = f"M{across[0]} {marks[0].y:g}"
    return first + "".join(f"H{x}V{mark.y:g}" for x, mark in zip(across[1:], marks[1:], strict=True))


def _described(courses: Sequence[Course]) -> str:
    """The chart in words: how each line begins and ends, or what its marks are."""
    said = []
    for course in courses:
        if course.values and course.joined:
            first, last = course.values[0], course.values[-1]
            said.append(f"{course.name}: {first.said} on {day(first.day)}, {last.said} on {day(last.day)}")
        elif course.values:
            said.append(f"{course.name}: {len(course.values)}")
    return "; ".join(said) + "."
