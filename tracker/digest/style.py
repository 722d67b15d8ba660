"""How a reader writes figures and dates. It holds for a block, as `decimal.localcontext` does:

    with styled(Style("1.234,5", "2025-01-24")):
        build(...)          # every figure and date in every sentence is written so

The words stay English. A style is named by its example: `1,234.5` and `24 January` unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

NARROW = "\u202f"  # a space that keeps a figure on one line


@dataclass(frozen=True, slots=True)
class Style:
    """`numbers` and `dates` by example, of those in outlets.py."""

    numbers: str = "1,234.5"
    dates: str = "24 January"

    @property
    def name(self) -> str:
        """`1.234,5 · Jan 24`: under which an edition is kept; "" for the usual one."""
        return "" if self == Style() else f"{self.numbers} · {self.dates}"


_CURRENT: ContextVar[Style] = ContextVar("style", default=Style())  # noqa: B039 (it is frozen)


@contextmanager
def styled(style: Style) -> Iterator[None]:
    """Write figures and dates in a style until the end of the block."""
    token = _CURRENT.set(style)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def figure(text: str) -> str:
    """A figure like `1,234.5` as the reader writes it; signs and digits stay."""
    example = _CURRENT.get().numbers
    if example == "1,234.5":
        return text
    group = {" ": NARROW, "2": ""}.get(example[1], example[1])
    return text.translate({ord(","): group, ord("."): example[-2]})


def day(when: date, *, year: bool) -> str:
    """`24 January`, `Jan 24`, `2025-01-24`; with the year where asked for, or where the style has it."""
    written = {
        "24 January": f"{when.day} {when:%B}",
        "January 24": f"{when:%B} {when.day}",
        "Jan 24": f"{when:%b} {when.day}",
        "2025-01-24": when.isoformat(),
    }[_CURRENT.get().dates]
    comma = "" if written[0].isdigit() else ","
    return f"{written}{comma} {when.year}" if year and "-" not in written else written


def month(when: date) -> str:
    """`January 2025`, `Jan 2025`, `2025-01`."""
    form = {"Jan 24": "%b %Y", "2025-01-24": "%Y-%m"}.get(_CURRENT.get().dates, "%B %Y")
    return f"{when:{form}}"


def span(first: date, last: date) -> str:
    """`25 to 31 May`, `30 March to 5 April`, `May 25 to 31`, `2026-05-25 to 2026-05-31`."""
    begin, end = day(first, year=False), day(last, year=False)
    if first.month == last.month and "-" not in begin:
        if begin[0].isdigit():
            begin = str(first.day)
        else:
            end = str(last.day)
    return f"{begin} to {end}"
