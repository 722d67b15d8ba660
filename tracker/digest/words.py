"""Figures as people write them: rounded to what their noise supports, with their unit and grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from tracker.digest.style import figure
from tracker.store.rows import ChangeRow, PanelRow

NBSP = "\u00a0"  # a figure and its unit stay on one line
PER_CENT = f"{NBSP}%"  # behind every share, in every form


def points(size: float, scale: str) -> str:
    """`25 points` on a rating scale, `3.2 points` of a percentage."""
    size = abs(size)
    number = f"{size:.0f}" if scale == "elo" or size >= 20 else f"{size:.1f}"
    return f"{figure(number)} {'point' if number in ('1', '1.0') else 'points'}"


def score(value: float, scale: str) -> str:
    """A score as a board shows it: `1,357`, `62.4 %`; points of a board's own index as `57.2`."""
    if scale == "elo":
        return figure(f"{value:,.0f}")
    return figure(f"{value:.1f}{PER_CENT}" if scale == "percent" else f"{value:,.1f}")


def percent(value: float) -> str:
    """`1.8 %`, `12 %`."""
    return figure(f"{value:.{1 if abs(value) < 10 else 0}f}{PER_CENT}")


def lag(days: float | None) -> str:
    """`3 weeks`, `5 months`, `1.2 years` of a number of days; "" where unknown."""
    if days is None:
        return ""
    if days < 60:
        return plural(max(round(days / 7), 0), "week") if days >= 7 else plural(round(days), "day")
    return plural(round(days / 30.44), "month")


def plural(number: int, noun: str, many: str = "") -> str:
    """`1 model`, `2 models`."""
    return f"{figure(f'{number:,}')} {noun if number == 1 else many or noun + 's'}"


def money(price: Decimal) -> str:
    """Dollars to two significant figures above a cent: `$0.12`, `$3.75`, `$60`; smaller ones as they are."""
    if price == 0:
        return "free"
    if price >= 10:
        whole = price == price.to_integral() or price >= 100
        return figure(f"${price:,.0f}" if whole else f"${price:,.1f}")
    return figure(f"${price:.2f}" if price >= Decimal("0.01") else f"${price.normalize():f}")


def times(ratio: float) -> str:
    """`27 times`, `1.4 times`."""
    return figure(f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}") + " times"


def rate(speed: Decimal) -> str:
    """Output speed to three significant figures: `2,100 tokens a second`, `48 tokens a second`."""
    return figure(f"{round(speed, -1) if speed >= 1000 else speed:,.0f}") + " tokens a second"


def seconds(time: Decimal) -> str:
    """`0.16 seconds`, `1.3 seconds`, `12 seconds`."""
    places = 2 if time < 1 else 1 if time < 10 else 0
    return figure(f"{round(time, places).normalize():f}") + " seconds"


def listed(things: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(things[:-1]), things[-1]] if len(things) > 1 else list(things))


def standing(row: PanelRow, state: str) -> str:
    """A gap in words: `25 points behind (1.8 %)`, `tied`, `12 points ahead`, `behind, noise unknown`."""
    if state == "tied":
        return "tied"
    if row.difference < 0:
        sure = row.noise is not None and -row.difference > row.noise
        return f"{points(row.difference, row.scale)} ahead" + ("" if sure else ", within the noise")
    share = f" ({percent(row.percent)})" if row.percent is not None and row.scale == "elo" else ""
    return f"{points(row.difference, row.scale)} behind{share}"


def named(change: ChangeRow) -> str:
    """The model, with its licence where it is open: `DeepSeek R1 (MIT licence)`."""
    return change.shown + (licensed(change.licence) if change.weights == "open" else "")


def over(change: ChangeRow) -> str:
    """` over DeepSeek V3`: the leader that a step is told against, on the same day's scores."""
    return f" over {change.over}" if change.over else ""


def licensed(licence: str) -> str:
    """` (MIT licence)`, to stand after a model; "" where none is known. Some say the word themselves."""
    plain = re.sub(r"\s*licen[sc]e$", "", licence, flags=re.IGNORECASE)
    return f" ({plain} licence)" if plain else ""


def left(gap: float, scale: str) -> str:
    """A gap as what is left of it: `25 points`; `12 points ahead` where open leads."""
    return points(gap, scale) + (" ahead" if gap < 0 else "")


def sentence(text: str) -> str:
    """The text with a capital and a full stop; a name with digits begins as it is written (`o3`)."""
    text = text.strip()
    begin = text[:1].upper() if text.partition(" ")[0].rstrip(",:;").isalpha() else text[:1]
    return begin + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
