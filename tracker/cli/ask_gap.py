"""`gapwatch gap`: open against closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from tracker.cli.asking import Answer, Asked, asking, of_licence
from tracker.cli.output import Column, Row, as_table, number, wrapped
from tracker.store.query import gaps, shown

# Name of a definition -> (heading, where it stands in an answer, decimal places).
DEFINITIONS: dict[str, tuple[str, Callable[[Row], float | None], int]] = {
    "difference": ("Gap", lambda row: row["difference"], 1),
    "percent": ("Gap %", lambda row: row["percent"], 1),
    "win_probability": ("Wins", lambda row: row["win_probability"], 2),
    "lag.strict": ("Days", lambda row: row["lag"]["strict"], 0),
    "lag.tied": ("Days", lambda row: row["lag"]["tied"], 0),
    "lag.matched": ("Days", lambda row: row["lag"]["matched"], 0),
    "lag.area": ("Days", lambda row: row["lag"]["area"], 0),
    "lag.published": ("Days", lambda row: row["lag"]["published"], 0),
}


@click.command()
@click.argument("name", nargs=-1, metavar="[METRIC or TASK]")
@of_licence
@click.option(
    "--definition",
    type=click.Choice(list(DEFINITIONS)),
    help="One definition of the gap: `value`, instead of the usual two.",
)
@click.option("--forecast", is_flag=True, help="The gap in 4, 13 and 26 weeks, where that can be told.")
@asking
def gap(asked: Asked, name: tuple[str, ...], licence: str, definition: str | None, forecast: bool) -> Answer:
    """Tell how far the best open model is behind the best closed one, by metric.

    A positive gap means that open is behind. Without a name every metric is told as it stands; with
    --since each becomes a series. A gap within the boards' own noise is a tie.

    \b
    gapwatch gap
    gapwatch gap coding --licence permissive
    gapwatch gap lmarena.text.overall --since 180d --csv
    gapwatch gap --on 2025-06-30 --json
    gapwatch gap maths --definition lag.matched
    gapwatch gap chat --forecast
    """
    metrics = gaps.metrics_named(asked.connection, " ".join(name))
    published = definition == "lag.published"
    ask = gaps.Ask(asked.on, licence, asked.since[:10], asked.until[:10], published)
    nothing = f"{' '.join(name) or 'gap'}: nothing is known of that time; `gapwatch run` polls the boards"
    if forecast:
        from tracker.cli import ask_forecast

        return ask_forecast.answer(asked, metrics, ask, nothing)
    rows = gaps.gaps(asked.connection, metrics, ask)
    if definition and rows:
        nothing = f"{' '.join(name) or 'gap'}: {definition} says nothing of that time, see docs/methods.md"
        rows = [row for row in _defined(rows, definition) if row["value"] is not None or _matched(row)]
    columns = _columns(definition, ask)
    return Answer(
        rows,
        columns,
        nothing,
        text=None if ask.series else lambda rows: _board(rows, columns),
        newest_last=ask.series,
    )


def _defined(rows: Sequence[Row], definition: str) -> list[Row]:
    value = DEFINITIONS[definition][1]
    return [{**row, "definition": definition, "value": value(row)} for row in rows]


def _matched(row: Row) -> str:
    """`7 of 9`: how many closed records open models have matched; "" where there are none to match."""
    if row.get("definition") != "lag.matched":
        return ""
    matched, censored = row["lag"]["matched_n"], row["lag"]["censored_n"]
    return f"{matched} of {matched + censored}" if matched + censored else ""


def _board(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """The table, and below it which rows lack a side because nobody says whether weights are open."""
    told = [
        f"{row['metric_name']}: "
        + ("1 model is" if row["n_unknown"] == 1 else f"{row['n_unknown']:,} models are")
        + " left out, since it is unknown whether weights are open."
        for row in rows
        if row["n_unknown"] and not (row["open"] and row["closed"])
    ]
    notes = [line for one in told for line in wrapped(one)]
    last = {row["task"]: row["metric"] for row in rows}

    def below(row: Row) -> str:
        """What the metrics of a task say together, below the last of them."""
        return str(row["agreement"]["said"]) if last[row["task"]] == row["metric"] else ""

    table = as_table(rows, columns, group=_heading, below=below)
    return "\n".join([table, *([""] if notes else []), *notes])


def _heading(row: Row) -> str:
    """`coding: LMArena on 2026-05-29`, over its metrics."""
    return f"{row['task']}: {row['board']} on {row['date']}"


def _columns(definition: str | None, ask: gaps.Ask) -> Sequence[Column]:
    shown = [definition] if definition else ["difference", "lag.strict"]
    return (
        *([Column("Date", lambda row: row["date"], firm=True)] if ask.series else []),
        Column("Metric", lambda row: row["metric_name"] if ask.series else _short(row)),
        Column("Best open", lambda row: _leader(row["open"]), name=True),
        Column("Best closed", lambda row: _leader(row["closed"]), name=True),
        *(_figure(name) for name in shown),
        *([Column("Matched", _matched, right=True)] if definition == "lag.matched" else []),
        Column("State", lambda row: row["state"] + ("?" if row["standing"] == "provisional" else "")),
    )


def _short(row: Row) -> str:
    """The metric's name without its board's, which stands over it."""
    return str(row["metric_name"]).removeprefix(row["board"]).strip() or str(row["metric_name"])


def _figure(name: str) -> Column:
    heading, value, places = DEFINITIONS[name]
    return Column(heading, lambda row: number(value(row), places), right=True)


def _leader(side: Row | None) -> str:
    return shown(side["name"], side["variant"]) if side else "none listed"
