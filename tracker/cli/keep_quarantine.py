"""`gapwatch db quarantine`: what is held, why, and a word on it by hand."""

from __future__ import annotations

import json

import click

from tracker.cli.output import Column, as_table
from tracker.config import Settings
from tracker.errors import UsageError


@click.command("quarantine")
@click.option("--release", metavar="ID", help="Believe it after all, as of when it was seen.")
@click.option("--discard", metavar="ID", help="Let it go; its bytes are kept.")
@click.option("--json", "as_json", is_flag=True, help="Print what is held as JSON.")
@click.pass_obj
def quarantine(settings: Settings, release: str | None, discard: str | None, as_json: bool) -> None:
    """List what is held: pages that look wrong and prices that moved wildly, with the reason.

    A held page is released by the next good one, a held price by the vendor's page or another list that
    agrees; either by hand.

    \b
    gapwatch db quarantine
    gapwatch db quarantine --release 12
    gapwatch db quarantine --discard 12.345
    """
    from tracker.store import holding
    from tracker.store.reading import reading

    if release and discard:
        raise UsageError("--release and --discard exclude each other")
    if number := release or discard:
        _decide(settings, number, release=bool(release))
    with reading(settings.db) as connection:
        rows = holding.quarantine(connection)
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
    else:
        click.echo(as_table([row._asdict() for row in rows], COLUMNS) if rows else "Nothing is held.")


def _decide(settings: Settings, number: str, *, release: bool) -> None:
    from tracker.catalog.reference import load_reference
    from tracker.collect import registry
    from tracker.collect.quarantine import decide
    from tracker.store import database

    sources = registry.find(settings.sources).sources
    with database.writing(settings.db) as connection:
        decide(connection, settings.db, number, sources, load_reference(), settings.clock(), release=release)


COLUMNS = (
    Column("Id", lambda row: row["id"]),
    Column("Source", lambda row: row["source"]),
    Column("Observed", lambda row: row["observed"][:16].replace("T", " "), firm=True),
    Column("Rows", lambda row: str(row["rows"]), right=True),
    Column("Reason", lambda row: row["reason"]),
)
