"""`gapwatch gap --forecast`: where the gap may stand in 4, 13 and 26 weeks, or why that is not told."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.cli.asking import Answer, Asked
from tracker.cli.output import Column, Row, as_table, number, wrapped
from tracker.store.query import forecasts
from tracker.store.query.gaps import Ask

COLUMNS = (
    Column("Metric", lambda row: row["metric"]),
    Column("Gap", lambda row: number(row["difference"], 1), right=True),
    Column("In weeks", lambda row: str(row["weeks"]), right=True),
    Column("Forecast", lambda row: number(row["gap"], 1), right=True),
    Column("80 % within", lambda row: f"{number(row['low'], 1)} to {number(row['high'], 1)}"),
    Column("Open level or ahead", lambda row: number(row["crossing"], 2), right=True),
)


def answer(asked: Asked, metrics: list[str], ask: Ask, nothing: str) -> Answer:
    """The forecasts of these metrics; below them one sentence on the horizons that have none."""
    rows = forecasts.forecasts(asked.connection, metrics, ask)
    return Answer(rows, COLUMNS, nothing, text=_told)


def _told(rows: Sequence[Row]) -> str:
    shown = [row for row in rows if row["shown"]]
    without = {row["weeks"]: row for row in rows if not row["shown"]}
    table = [as_table(shown, COLUMNS)] if shown else []
    return "\n".join([*table, *(line for one in _none(without) for line in wrapped(one))])


def _none(without: dict[int, Row]) -> list[str]:
    """Why some horizons have no forecast: one line, and one for each of them."""
    if not without:
        return []
    lead = "No forecast is told that does not beat leaving the gap as it is. Errors, in usual gaps:"
    return [lead, *(_why(row) for _, row in sorted(without.items()))]


def _why(row: Row) -> str:
    """`4 weeks: 0.62 forecast, 0.56 as it is (29 independent windows, p = 1.00)`."""
    score, weeks = row["score"], row["weeks"]
    if row["reason"] == forecasts.TOO_LITTLE:
        return f"{weeks} weeks: not enough data"
    return (
        f"{weeks} weeks: {score['error']:.2f} forecast, {score['persistence']:.2f} as it is"
        f" ({score['independent']} independent windows, p = {score['p']:.2f})"
    )
