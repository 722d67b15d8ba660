"""`gapwatch sources list` and `show`: the watched places and their health."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.lazy import printable
from tracker.cli.output import Column, Row, as_table, noted
from tracker.config import Settings
from tracker.domain import Kind
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
    rows = _rows(asked)
    shown = [row for row in rows if asked.within(row["last_success"])]
    nothing = "no source was heard from in that time; `gapwatch run` polls them"
    return Answer(shown, _COLUMNS, nothing, text=_list)


@click.command()
@click.argument("name")
@asking
def show(asked: Asked, name: str) -> Answer:
    """Tell one watched place: its licence, its health, its last captures (--limit of them).

    \b
    gapwatch sources show lmarena
    gapwatch sources show modelsdev --json --limit 3
    """
    rows = _rows(asked)
    found = [row for row in rows if row["name"] == name]
    if not found:
        raise NothingFound(f"{name}: no such source{close_to(name, [row['name'] for row in rows])}")
    captures = places.captures(asked.connection, name, asked.on, asked.limit or CAPTURES)
    told = [capture for capture in captures if asked.within(capture["observed"])]
    return Answer([{**found[0], "captures": told}], text=_text)


def _rows(asked: Asked) -> list[Row]:
    """The watched places; as of today also those that cannot be loaded, and which replace shipped ones."""
    rows = places.sources(asked.connection, asked.on, past=asked.past)
    if asked.past:
        return rows
    from tracker.collect import registry  # 60 ms, and what is on disk is what is asked about

    settings: Settings = click.get_current_context().find_root().obj
    found = registry.find(settings.sources)
    known = {row["name"] for row in rows}
    rows += [places.unread(name) for name in found.broken if name not in known]
    said = [
        {**row, "broken": found.broken.get(row["name"]), "replaces": row["name"] in found.replaced}
        for row in rows
    ]
    return sorted(said, key=lambda row: str(row["name"]))


_COLUMNS = (
    Column("Source", lambda row: row["name"], firm=True),
    Column("State", lambda row: _state(row), firm=True),
    Column("Rows", lambda row: f"{row['rows']:,}" if row["last_success"] else "", right=True),
    Column("Heard", lambda row: _heard(row), firm=True),
)
_CAPTURES = (
    Column("Capture", lambda row: row["capture"], firm=True),
    Column("Observed", lambda row: row["observed"], firm=True),
    Column("Until", lambda row: row["until"], firm=True),
    Column("Outcome", lambda row: row["outcome"]),
    Column("Rows", lambda row: f"{row['rows']:,}", right=True),
    Column("Note", lambda row: row["note"]),
)


def _state(row: Row) -> str:
    """The outcome of the last visit, or why there was none that counts."""
    if row.get("broken"):
        return "broken"
    if row["removed"]:
        return "removed"
    if row["paused"]:
        return "paused"
    return (row["outcome"] or "never read") if row["seen_live"] else "never seen live"


def _heard(row: Row) -> str:
    """When the place last answered well, as people say it."""
    days = row["silent_days"]
    if days is None:
        return ""
    return f"{days} days ago" if days > 1 else "yesterday" if days else "today"


def _note(row: Row) -> str:
    """The last visit's note, and how a place that was known from documentation alone first looked."""
    unlike = row["first_look"] if row["first_look"].startswith("not ") else ""
    tried = row["outcome"] if not row["seen_live"] and row["outcome"] else ""
    replaces = "replaces the shipped one" if row.get("replaces") else ""
    said = row.get("broken") or " ".join(filter(None, (tried, row["note"])))
    return "; ".join(filter(None, (said, unlike, replaces)))


def _list(rows: Sequence[Row]) -> str:
    """By kind, a line a place, and below it what went wrong there."""
    ordered = sorted(rows, key=lambda row: (row["kind"], row["name"]))
    return noted(ordered, _COLUMNS, _note, lambda row: str(row["kind"]))


def _due(row: Row) -> str:
    if row["removed"]:
        return f"never: removed on {row['removed'][:10]}; its history stays"
    if row.get("broken"):
        return "when it can be loaded"
    if not row["cadence_hours"]:
        return "when you ask for it"
    return f"{row['next_due'] or 'now'}; every {row['cadence_hours']:g} hours"


def _text(rows: Sequence[Row]) -> str:
    return "\n\n".join(_place(row) for row in rows)


def _live(row: Row) -> str:
    if not row["seen_live"]:
        return "never seen live: written from documentation alone"
    first = f"; its first payload was {row['first_look']}" if row["first_look"] else ""
    first += "; it replaces the shipped one" if row.get("replaces") else ""
    state = _state(row) if row["removed"] or row.get("broken") else ""
    return f"{state or ('paused by you' if row['paused'] else 'watched')}{first}"


def _quoted(row: Row) -> tuple[str, str]:
    """What of it may stand in published output."""
    if row["kind"] == Kind.NEWS:
        return "News", "titles and links may be quoted" if row["publishable"] else "for one's own use"
    return "Figures", "may be published" if row["publishable"] else "for one's own use"


def _place(row: Row) -> str:
    heard = f"{row['last_success']}, {_heard(row)}" if row["last_success"] else "never"
    lines = (
        ("Source", f"{row['title']} ({row['name']}, {row['kind']})"),
        ("Page", row["url"] or ("shipped with Gapwatch" if row["cadence_hours"] else "what you name")),
        ("Licence", f"{row['licence']}; {row['credit']}"),
        _quoted(row),
        (
            "Outcome",
            row.get("broken") or " ".join(filter(None, (row["outcome"] or "never read", row["note"]))),
        ),
        ("Live", _live(row)),
        ("Heard", heard),
        ("Next due", _due(row)),
    )
    told = "\n".join(f"{click.style(f'{name:<9}', bold=True)}{printable(text)}" for name, text in lines)
    return f"{told}\n\n{as_table(row['captures'], _CAPTURES)}" if row["captures"] else told
