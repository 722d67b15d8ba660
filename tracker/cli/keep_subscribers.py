"""`gapwatch subscribers`: who gets the digest by mail and who has left, and taking somebody back."""

from __future__ import annotations

import click

from tracker.cli.output import Column, Row, as_json, as_table
from tracker.config import Settings
from tracker.errors import NothingFound


@click.command()
@click.option("--restore", metavar="ADDRESS", help="Send to an address again that had unsubscribed.")
@click.option("--json", "form", flag_value="json", help="Answer in JSON.")
@click.pass_obj
def subscribers(settings: Settings, restore: str | None, form: str | None) -> None:
    """List the readers of the mail, and those who left by its link, with the day.

    Whom the configuration names gets mail until they leave. Only restore who asks for it; from then on they
    get digests and alerts, if the configuration still names them.

    \b
    gapwatch subscribers
    gapwatch subscribers --restore ann@example.org
    """
    if restore is not None:
        _restore(settings, restore)
    rows = _rows(settings)
    if form == "json":
        click.echo(as_json(rows))
    elif rows:
        click.echo(as_table(rows, _COLUMNS))
    if not rows and restore is None:
        raise NothingFound("no readers: set `to` under [mail] in the configuration")


def _restore(settings: Settings, address: str) -> None:
    """Take an address off the list of those who left; NothingFound where it is not on it."""
    from tracker.deliver.unsubscribe import bare
    from tracker.store import database, ledger

    with database.writing(settings.db) as connection:
        done = ledger.resubscribe(connection, bare(address))
    if not done:
        raise NothingFound(f"{address} has not left; `gapwatch subscribers` lists who has")
    click.echo(f"gapwatch: {bare(address)} gets mail again", err=True)
    if bare(address) not in {bare(one.address) for one in settings.mail.everyone}:
        click.echo("gapwatch: but no [mail] `to` or recipient in the configuration names it", err=True)


def _rows(settings: Settings) -> list[Row]:
    """The configured readers, then those who left and are configured no more."""
    from tracker.deliver.unsubscribe import bare
    from tracker.store import ledger
    from tracker.store.reading import reading

    with reading(settings.db) as connection:
        left = ledger.unsubscribed(connection)
    named = {bare(one.address): one.address for one in settings.mail.everyone}
    return [
        {"address": shown, "configured": bare_ in named, "left": left.get(bare_)}
        for bare_, shown in (named | {gone: named.get(gone, gone) for gone in left}).items()
    ]


def _state(row: Row) -> str:
    if row["left"]:
        return f"left on {row['left'][:10]}"
    return "gets mail"


_COLUMNS = (
    Column("Address", lambda row: row["address"]),
    Column("State", _state, firm=True),
    Column("Configured", lambda row: "yes" if row["configured"] else "no", firm=True),
)
