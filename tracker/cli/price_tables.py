"""The tables of `gapwatch price`: offers, the cheapest at a capability, its steps in time, and bills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click

from tracker.cli.output import Column, Row, as_table, number, wrapped
from tracker.store.query.levels import Level
from tracker.trends.price import open_discount

EACH = 12  # lines of each kind of weights, unless --limit says otherwise
KINDS = {"open": "Open weights", "closed": "Closed", "unknown": "Weights not known"}
PAIR = ("open", "closed")
ALIKE = " They cost about the same."
SIDES = {"open": "open", "closed": "closed", "any": "any weights"}


def model(row: Row) -> str:
    """A model as people name it, with its variant."""
    return str(row["name"] or "nobody") + (f" ({row['variant']})" if row["variant"] else "")


def money(heading: str, part: str) -> Column:
    """A column of prices or of other exact figures."""

    def show(row: dict[str, Any]) -> str:
        return readable(row[part])

    return Column(heading, show, right=True)


def readable(price: Decimal | None) -> str:
    """A price to six significant figures; JSON and CSV have all of them."""
    if price is None or len(str(price)) <= 8:
        return number(price)
    return number(Decimal(f"{price:.6g}"))


def _rounded(price: Decimal | None) -> str:
    """A sum to four significant figures."""
    return number(None if price is None else Decimal(f"{price:.4g}"))


def _dollars(price: Decimal) -> str:
    """A price in a sentence: `$0.10`, `$0.2625`."""
    return f"${price:.2f}" if price == round(price, 2) else f"${readable(price)}"


def times(heading: str, part: str) -> Column:
    """A column of multiples: `2.4x`."""
    return Column(heading, lambda row: _times(row[part]), right=True)


def _times(value: float | None) -> str:
    """Two significant figures, as far as they are before the point: `0.14x`, `2.4x`, `27x`."""
    if value is None:
        return ""
    return f"{value:,.0f}x" if value >= 9.95 else f"{value:.2g}x"


MODEL = Column("Model", model, name=True)
PROVIDER = Column("Provider", lambda row: row["provider_name"] or "", name=True)
IN, OUT, BLENDED = money("In", "input"), money("Out", "output"), money("Blended", "blended")
HOSTED = times("Lab/host", "host_discount")


def by_kind(rows: Sequence[Row], level: Level, *, every: bool) -> str:
    """The cheapest of each model that reaches a level, open and closed apart, under one line of summary."""
    columns = (MODEL, money("Score", "score"), PROVIDER, IN, OUT, BLENDED, HOSTED)
    tables = [_summary(rows, level)]
    for kind, heading in KINDS.items():
        if found := [row for row in rows if row["weights"] == kind]:
            shown = found if every else found[:EACH]
            more = f"\n{len(found) - len(shown):,} more; --limit N shows them" if found[len(shown) :] else ""
            tables.append(f"{click.style(heading, bold=True)}\n{as_table(shown, columns)}{more}")
    return "\n\n".join(tables)


def _summary(rows: Sequence[Row], level: Level) -> str:
    """Which open and which closed model is cheapest, and how they compare."""
    leaders = {kind: next((row for row in rows if row["weights"] == kind), None) for kind in PAIR}
    told = [
        f"the cheapest {kind} model is {model(row)} at {row['provider_name']}, {_dollars(row['blended'])}"
        if row
        else f"no {kind} model that is sold reaches it"
        for kind, row in leaders.items()
    ]
    prices = (row["blended"] if row else None for row in (leaders["closed"], leaders["open"]))
    ratio = _compared(open_discount(*prices))
    text = f"{level.metric} {level.sign} {level.value}: {'; '.join(told)}.{ratio}"
    return "\n".join(wrapped(text))


def _compared(discount: float | None) -> str:
    if discount is None or discount == 1:
        return "" if discount is None else " They cost the same."
    by = _times(max(discount, 1 / discount))
    return f" {'Open' if discount > 1 else 'Closed'} is {by} cheaper." if by != "1x" else ALIKE


def steps(rows: Sequence[Row]) -> str:
    """The steps of each tier and side, oldest first, and how fast its price falls."""
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: list(SIDES).index(row["side"])):
        parts.setdefault((_tier(row), row["side"]), []).append(row)
    if any("tier" in row for row in rows) and all(len(part) == 1 for part in parts.values()):
        return as_table(rows, (_SIDE, *(column for column in _STEP if column != _BEFORE)), group=_tier)
    told = []
    for (tier, side), part in parts.items():
        heading = click.style(f"{tier}, {side}" if tier else SIDES[side].capitalize(), bold=True)
        trend = "\n".join(wrapped(fall(part[-1]["fall"])))
        told.append(f"{heading}\n{as_table(part, _STEP)}\n{trend}")
    return "\n\n".join(told)


def _tier(row: Row) -> str:
    """`GPT-4o, the best closed model of May 2024 (1346 points)`."""
    if "tier" not in row:
        return ""
    tier = row["tier"]
    when = f"{date.fromisoformat(tier['led']):%B %Y}"
    return f"{tier['name']}, the best closed model of {when} ({tier['score']:.0f} points)"


def fall(line: Row | None) -> str:
    """How fast a price falls, never without its n and span."""
    if line is None:
        return "Not enough data for a trend: fewer than four ever cheaper prices."
    factor, low, high = (_factor(line[name]) for name in ("factor", "low", "high"))
    return (
        f"Its ever cheaper prices fall by a factor of {factor} a year (90 %: {low} to {high};"
        f" {line['n']} prices over {line['span_days']:,} days)."
    )


def _factor(value: float | None) -> str:
    """Three significant figures: `0.247`, `42.2`, `7,210`; None is more than a float holds."""
    return "unbounded" if value is None else f"{Decimal(f'{value:.3g}'):,f}"


_SIDE = Column("", lambda row: SIDES[row["side"]])
_BEFORE = money("Before", "before")
_STEP = (
    Column("Since", lambda row: row["at"][:10], firm=True),
    MODEL,
    PROVIDER,
    _BEFORE,
    BLENDED,
    times("Closed/open", "open_discount"),
    Column("", lambda row: _sure(row), firm=True),
)


def _sure(row: Row) -> str:
    """What keeps a step from being a move of the market, or from being sure."""
    if row["standing"] != "confirmed":
        return str(row["standing"])
    return "" if row["moved"] else "first seen"


BILLS = (
    MODEL,
    money("Score", "score"),
    PROVIDER,
    BLENDED,
    times("x least", "list_times"),
    Column("Bill", lambda row: _rounded(row["cost"]), right=True),
    times("x least", "cost_times"),
    Column("At list", lambda row: _rounded(row["cost_at_list"]), right=True),
)


def side(name: str) -> Column:
    """What the list at one end says, and which it is."""
    return Column(
        name.capitalize(),
        lambda row: (
            f"{readable(row[f'{name}_input'])}/{readable(row[f'{name}_output'])} {row[f'{name}_source']}"
        ),
    )


APART = (
    MODEL,
    PROVIDER,
    Column("Terms", lambda row: row["condition"]),
    side("low"),
    side("high"),
    Column("Times", lambda row: "" if row["ratio"] is None else number(row["ratio"]), right=True),
)
