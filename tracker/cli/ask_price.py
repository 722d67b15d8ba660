"""`gapwatch price`: what a model costs, where, and the cheapest at a capability."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column, Row, number
from tracker.errors import UsageError
from tracker.store.query import disagreements, gaps, identity, prices
from tracker.store.query.scores import better_sign, scores


class Threshold(NamedTuple):
    """A capability asked for: a metric, and the score that a model must reach."""

    metric: str
    sign: str
    value: Decimal

    def reached(self, score: Decimal) -> bool:
        """Whether a score is at least as good."""
        return score >= self.value if self.sign == ">=" else score <= self.value


@click.command()
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--at-least", "threshold", metavar="METRIC>=X", help="The cheapest of each model that reaches a score."
)
@click.option("--mix", default="3:1", show_default=True, metavar="IN:OUT", help="Input to output tokens.")
@click.option("--provider", metavar="NAME", help="Only at this provider.")
@click.option(
    "--disagreements", "contradictions", is_flag=True, help="Where price lists contradict each other."
)
@asking
def price(
    asked: Asked,
    models: tuple[str, ...],
    threshold: str | None,
    mix: str,
    provider: str | None,
    contradictions: bool,
) -> Answer:
    """Tell what models cost in US dollars per million tokens, cheapest first.

    MODEL is any spelling of a model, but for case and dashes. Told are the prices in force, those that
    are announced, and announcements that were cancelled. With --since it is the history since then, as it
    is known now; with --on what was known on that day. Free trials, promotions, subscriptions and
    resellers never count as the cheapest.

    \b
    gapwatch price deepseek-r1
    gapwatch price "Claude Sonnet 4" --since 2025-01-01
    gapwatch price --at-least "lmarena.text.overall>=1400" --mix 10:1
    gapwatch price --provider groq --csv
    gapwatch price --disagreements
    """
    connection = asked.connection
    wanted = {one for name in models for one in identity.resolve(connection, name)}
    level = _threshold(connection, threshold) if threshold else None
    reached = _reached(connection, level, asked.on) if level else {}
    if level:
        wanted = wanted & reached.keys() if models else set(reached)
    ask = prices.Ask(
        asked.on,
        sorted(wanted),
        identity.provider_named(connection, provider) if provider else "",
        _mix(mix),
        asked.since,
        asked.until,
    )
    if contradictions:
        apart = disagreements.disagreements(connection, ask)
        return Answer(apart, _SIDES, "no price lists contradict each other there")
    rows = prices.offers(connection, ask) if wanted or not level else []
    if level:
        rows = [
            {**row, "metric": level.metric, "score": reached[row["model"]]} for row in prices.cheapest(rows)
        ]
    return Answer(rows, _columns(asked, level, rows), _nothing(models, threshold))


def _nothing(models: Sequence[str], threshold: str | None) -> str:
    what = f"no price of {' or '.join(models)}" if models else "no price"
    return f"{what}{f' at {threshold}' if threshold else ''} is known in that time and place"


def _mix(text: str) -> tuple[int, int]:
    parts = re.fullmatch(r"(\d{1,6}):(\d{1,6})", text)
    if not parts or not any(map(int, parts.groups())):
        raise UsageError(f"--mix: {text!r} is no mix; write input to output tokens like 3:1")
    return int(parts[1]), int(parts[2])


def _threshold(connection: sqlite3.Connection, text: str) -> Threshold:
    """The threshold in words as a value; UsageError where it is none, or points the wrong way."""
    parts = re.fullmatch(r"\s*(.+?)\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)\s*", text)
    if not parts:
        raise UsageError(f"--at-least: {text!r} is no threshold; write it like 'lmarena.text.overall>=1400'")
    metric, *others = gaps.metrics_named(connection, parts[1])
    if others:
        raise UsageError(f"--at-least: {parts[1]} is measured by {', '.join([metric, *others])}; choose one")
    if parts[2] != better_sign(connection, metric):
        raise UsageError(f"--at-least: in {metric} {parts[2]} is at most, not at least; turn the sign")
    return Threshold(metric, parts[2], Decimal(parts[3]))


def _reached(connection: sqlite3.Connection, level: Threshold, on: str) -> dict[str, Decimal]:
    return {
        model: score for model, score in scores(connection, level.metric, on).items() if level.reached(score)
    }


def _columns(asked: Asked, level: Threshold | None, rows: Sequence[Row]) -> Sequence[Column]:
    ends = asked.since or any(row["effective_to"] for row in rows)
    return (
        Column("Model", lambda row: row["name"] + (f" ({row['variant']})" if row["variant"] else "")),
        *((Column("Weights", lambda row: row["weights"]), _money("Score", "score")) if level else ()),
        Column("Provider", lambda row: row["provider_name"] or ""),
        Column("Terms", _terms),
        _money("In", "input"),
        _money("Out", "output"),
        *(() if asked.since else (_money("Blended", "blended"),)),
        Column("From" if asked.since else "Since", _begin, firm=True),
        *(
            [Column("Until", _end, firm=True)]
            if ends
            else []
            if level
            else [Column("List", lambda row: row["source"])]
        ),
    )


def _money(heading: str, part: str) -> Column:
    def show(row: dict[str, Any]) -> str:
        return _readable(row[part])

    return Column(heading, show, right=True)


def _readable(price: Decimal | None) -> str:
    """A price to six significant figures; JSON and CSV have all of them."""
    if price is None or len(str(price)) <= 8:
        return number(price)
    return number(Decimal(f"{price:.6g}"))


def _begin(row: Row) -> str:
    """The day from which a price holds: as the list says, else when it was seen, unless it was past then."""
    first: str = row["effective_from"] or row["observed"][:10]
    return "unknown" if row["effective_to"] and row["effective_to"] < first else first


def _end(row: Row) -> str:
    """The last day where the list says it, else when another price was seen; "now" while it holds."""
    if row["state"] == "cancelled":
        return row["effective_to"] or ""
    ends = [end[:10] for end in (row["effective_to"], row["until"]) if end]
    return min(ends, default="" if row["state"] == "announced" else "now")


def _terms(row: Row) -> str:
    """The condition of an offer, and what is doubtful of it."""
    role = "subscription" if row["role"] == "plan" else ""
    doubt = row["standing"] if row["standing"] != "confirmed" else ""
    state = row["state"] if row["state"] not in ("in force", "past") else doubt
    return ", ".join(filter(None, (row["condition"], role, state)))


def _side(name: str) -> Column:
    """What the list at one end says, and which it is."""
    return Column(
        name.capitalize(),
        lambda row: (
            f"{_readable(row[f'{name}_input'])}/{_readable(row[f'{name}_output'])} {row[f'{name}_source']}"
        ),
    )


_SIDES = (
    Column("Model", lambda row: row["name"] + (f" ({row['variant']})" if row["variant"] else "")),
    Column("Provider", lambda row: row["provider_name"] or ""),
    Column("Terms", lambda row: row["condition"]),
    _side("low"),
    _side("high"),
    Column("Times", lambda row: "" if row["ratio"] is None else number(row["ratio"]), right=True),
)
