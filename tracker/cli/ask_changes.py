"""`gapwatch changes`: what moved."""

from __future__ import annotations

import re

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column, Row
from tracker.domain import Standing
from tracker.store.query import happened, shown


@click.command()
@click.option("--kind", type=click.Choice(happened.KINDS), help='One kind; "price" is up and down.')
@click.option("--standing", type=click.Choice([str(one) for one in Standing]), help="How far it is believed.")
@asking
def changes(asked: Asked, kind: str | None, standing: str | None) -> Answer:
    """Tell what moved, newest first: models listed and gone, prices, scores, leaders, gaps.

    \b
    gapwatch changes --since 30d
    gapwatch changes --kind gap --standing confirmed
    gapwatch changes --kind price --since 2026-05-01 --until 2026-05-31 --csv
    """
    rows = happened.changes(
        asked.connection, asked.since, asked.until, asked.on, kind=kind or "", standing=standing or ""
    )
    if asked.form == "json":
        rows = _caused(asked, rows[: asked.most])
    return Answer(rows, _COLUMNS, "nothing moved in that time")


def _caused(asked: Asked, rows: list[Row]) -> list[Row]:
    """The changes with the announcements that explain them."""
    from tracker.digest.causes import Causes  # a table does not show them, and they take 50 ms

    found = Causes(asked.connection, asked.on).of(row["id"] for row in rows)
    return [{**row, "causes": found.get(row["id"], [])} for row in rows]


_COLUMNS = (
    Column("Day", lambda row: row["at"][:10], firm=True),
    Column("What", lambda row: row["kind"], firm=True),
    Column("Model", lambda row: shown(row["name"], row["variant"]), name=True),
    Column("Where", lambda row: row["provider_name"] or row["metric"] or row["source"]),
    Column("Detail", lambda row: _detail(row)),
    Column("Id", lambda row: row["id"], firm=True),
)


def _detail(row: Row) -> str:
    """`0.55/2.19 → 0.14/0.28`; `61.00 → 9.00, closing by open, over gpt-4o`; what is doubtful first."""
    doubt = row["standing"] if row["standing"] != Standing.CONFIRMED else ""
    moved = f"{_short(row['before'])} → {_short(row['after'])}" if row["before"] or row["after"] else ""
    return ", ".join(filter(None, (doubt, moved, row["detail"])))


def _short(text: str | None) -> str:
    """Both prices of an offer as `0.55/2.19`; anything else as it is."""
    both = re.fullmatch(r"input ([\d.]+), output ([\d.]+)", text or "")
    return f"{both[1]}/{both[2]}" if both else text or "none"
