"""`gapwatch news`: what vendors announced."""

from __future__ import annotations

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column
from tracker.errors import NothingFound
from tracker.store.query import fold, happened, identity


@click.command()
@click.option("--vendor", metavar="V", help="Only of this vendor.")
@click.option("--topic", metavar="T", help="Only on this topic.")
@click.option("--model", metavar="M", help="Only what names this model.")
@asking
def news(asked: Asked, vendor: str | None, topic: str | None, model: str | None) -> Answer:
    """Tell what vendors announced, newest first, one line a story.

    \b
    gapwatch news --since 7d
    gapwatch news --vendor mistral --json
    gapwatch news --model deepseek-r1 --limit 5
    """
    rows = happened.news(asked.connection, asked.since, asked.until, asked.on)
    if vendor:
        rows = [row for row in rows if fold(row["vendor"]) == fold(vendor)]
    if topic:
        rows = [row for row in rows if fold(topic) in map(fold, row["topics"])]
    if model:
        names = _names(asked, model)
        rows = [row for row in rows if happened.about(row, names)]
    return Answer(rows, _COLUMNS, "no news of that in that time")


def _names(asked: Asked, model: str) -> set[str]:
    """The name itself and the ids that it leads to; news may name a model that no list has yet."""
    try:
        found = identity.resolve(asked.connection, model)
    except NothingFound:
        found = set()
    return {fold(model), *map(fold, found)}


_COLUMNS = (
    Column("Day", lambda row: (row["published"] or row["observed"])[:10], firm=True),
    Column("Vendor", lambda row: row["vendor"]),
    Column("Topic", lambda row: ", ".join(row["topics"])),
    Column("Title", lambda row: row["title"]),
    Column("Also in", lambda row: ", ".join(row["also"])),
    Column("Id", lambda row: row["id"], firm=True),
)
