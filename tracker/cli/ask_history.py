"""`gapwatch history`: one series as spans of time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column, Row, as_table, number, sparkline
from tracker.store.query import series

MOST_BLOCKS = 60


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="SERIES")
@asking
def history(asked: Asked, words: tuple[str, ...]) -> Answer:
    """Tell one series as spans: what it said, from when to when, and which capture says so.

    SERIES is METRIC MODEL [PROVIDER]; or SOURCE METRIC SPELLING [PROVIDER]; or a series' number. A model
    may have several: one for each place, spelling and condition.

    \b
    gapwatch history lmarena.text.overall deepseek-r1
    gapwatch history price.input "Claude Sonnet 4" anthropic --since 365d
    gapwatch history modelsdev price.output gpt-5 openai --json
    """
    spans = [span for number in series.find(asked.connection, words) for span in _told(asked, number)]
    return Answer(
        spans, nothing=f"{' '.join(words)}: nothing was listed in that time", text=_text, newest_last=True
    )


def _told(asked: Asked, number: int) -> list[Row]:
    """The spans of a series that reach into the time asked about."""
    return [
        span
        for span in series.spans(asked.connection, number, asked.on)
        if span["last_seen"] >= asked.since and (not asked.until or span["first_seen"] <= asked.until)
    ]


_COLUMNS = (
    Column("First seen", lambda row: row["first_seen"][:10], firm=True),
    Column("Last seen", lambda row: row["last_seen"][:10], firm=True),
    Column(
        "Value",
        lambda row: row["value"] if isinstance(row["value"], str) else number(row["value"]),
        right=True,
    ),
    Column("95 % from", lambda row: number(row["low"]), right=True),
    Column("to", lambda row: number(row["high"]), right=True),
    Column("n", lambda row: number(row["n"], 0), right=True),
    Column("Capture", lambda row: row["capture"], firm=True),
    Column("Point", lambda row: row["point"], firm=True),
)


def _text(rows: Sequence[Row]) -> str:
    """A title, on a terminal a sparkline, and a table, for each series."""
    groups = (list(group) for _, group in groupby(rows, key=lambda row: row["series"]))
    return "\n\n".join("\n".join([*_head(spans), as_table(spans, _COLUMNS)]) for spans in groups)


def _head(spans: Sequence[Row]) -> list[str]:
    first = spans[0]
    where = filter(None, (first["provider"], first["condition"], first["vintage"]))
    title = " ".join((f"{first['series']}:", first["source"], first["metric"], first["subject"], *where))
    values = [float(span["value"]) for span in spans[-MOST_BLOCKS:] if not isinstance(span["value"], str)]
    drawn = [sparkline(values)] if len(values) > 1 and sys.stdout.isatty() else []
    return [title, *drawn]
