"""`gapwatch sources list` and `show`: the watched places and their health."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.lazy import printable
from tracker.cli.output import Column, Row, as_table
from tracker.errors import NothingFound
from tracker.store.query import close_to, places

CAPTURES = 10


@click.command("list")
@asking
def list_(asked: Asked) -> Answer:
    """Tell every watched place and how it is doing. --since and --until go by the last success.

    \b
    gapwatch sources list
    gapwatch sources list --on 2026-05-01 --json
    """
    rows = places.sources(asked.connection, asked.on, past=asked.past)
    shown = [row for row in rows if asked.within(row["last_success"])]
    return Answer(shown, _COLUMNS, "no source was heard from in that time; `gapwatch run` polls them")


@click.command()
@click.argument("name")
@asking
def show(asked: Asked, name: str) -> Answer:
    """Tell one watched place: its licence, its health, its last captures (--limit of them).

    \b
    gapwatch sources show lmarena
    gapwatch sources show modelsdev --json --limit 3
    """
    rows = places.sources(asked.connection, asked.on, past=asked.past)
    found = [row for row in rows if row["name"] == name]
    if not found:
        raise NothingFound(f"{name}: no such source{close_to(name, [row['name'] for row in rows])}")
    captures = places.captures(asked.connection, name, asked.on, asked.limit or CAPTURES)
    told = [capture for capture in captures if asked.within(capture["observed"])]
    return Answer([{**found[0], "captures": told}], text=_text)


_COLUMNS = (
    Column("Source", lambda row: row["name"]),
    Column("Kind", lambda row: row["kind"]),
    Column("Outcome", lambda row: row["outcome"] or "never read"),
    Column("Rows", lambda row: f"{row['rows']:,}", right=True),
    Column("Last success", lambda row: (row["last_success"] or "")[:16].replace("T", " "), firm=True),
    Column("Silent, days", lambda row: _days(row), right=True),
    Column("Note", lambda row: row["note"]),
)
_CAPTURES = (
    Column("Capture", lambda row: row["capture"], firm=True),
    Column("Observed", lambda row: row["observed"], firm=True),
    Column("Until", lambda row: row["until"], firm=True),
    Column("Outcome", lambda row: row["outcome"]),
    Column("Rows", lambda row: f"{row['rows']:,}", right=True),
    Column("Note", lambda row: row["note"]),
)


def _days(row: Row) -> str:
    return "" if row["silent_days"] is None else str(row["silent_days"])


def _due(row: Row) -> str:
    if not row["cadence_hours"]:
        return "when you ask for it"
    return f"{row['next_due'] or 'now'}; every {row['cadence_hours']:g} hours"


def _text(rows: Sequence[Row]) -> str:
    return "\n\n".join(_place(row) for row in rows)


def _place(row: Row) -> str:
    heard = f"{row['last_success']}, {_days(row)} days ago" if row["last_success"] else "never"
    lines = (
        ("Source", f"{row['title']} ({row['name']}, {row['kind']})"),
        ("Page", row["url"] or ("shipped with Gapwatch" if row["cadence_hours"] else "what you name")),
        ("Licence", f"{row['licence']}; {row['credit']}"),
        ("Figures", "may be published" if row["publishable"] else "for one's own use"),
        ("Outcome", " ".join(filter(None, (row["outcome"] or "never read", row["note"])))),
        ("Heard", heard),
        ("Next due", _due(row)),
    )
    told = "\n".join(f"{click.style(f'{name:<9}', bold=True)}{printable(text)}" for name, text in lines)
    return f"{told}\n\n{as_table(row['captures'], _CAPTURES)}" if row["captures"] else told
