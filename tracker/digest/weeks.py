"""ISO weeks in the user's time zone, and dates as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.config import check_year
from tracker.digest import style
from tracker.errors import UsageError


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week: Monday to Sunday, `start` to `end` as aware datetimes (`end` is the next Monday)."""

    year: int
    number: int
    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """`2026-W22`."""
        return f"{self.year}-W{self.number:02d}"

    @property
    def title(self) -> str:
        """`week 22 of 2026`."""
        return f"week {self.number} of {self.year}"

    @property
    def span(self) -> str:
        """`25 to 31 May`."""
        return style.span(self.start.date(), (self.end - timedelta(days=1)).date())


def week_of(when: datetime, zone: ZoneInfo) -> Week:
    """The week that a moment lies in."""
    year, number, _ = when.astimezone(zone).isocalendar()
    return _week(year, number, zone)


def parse_week(text: str, zone: ZoneInfo) -> Week:
    """The week of `2026-W21`; UsageError where there is no such week, or nobody can have watched in it."""
    match = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip(), re.IGNORECASE)
    try:
        if match:
            check_year(int(match[1]), text, "--week")
            return _week(int(match[1]), int(match[2]), zone)
    except ValueError:
        pass
    raise UsageError(f"--week: {text!r} is no ISO week; write one like 2026-W21")


def _week(year: int, number: int, zone: ZoneInfo) -> Week:
    monday = date.fromisocalendar(year, number, 1)
    following = monday + timedelta(days=7)
    return Week(
        year,
        number,
        datetime(monday.year, monday.month, monday.day, tzinfo=zone),
        datetime(following.year, following.month, following.day, tzinfo=zone),
    )


def day(text: str, beside: date | None = None) -> str:
    """`24 January` of an ISO day or stamp; with the year where it is another than that of `beside`."""
    when = date.fromisoformat(text[:10])
    return style.day(when, year=not (beside and beside.year == when.year))
