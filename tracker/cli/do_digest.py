"""`gapwatch digest`: this week as a preview, a past week as it was frozen; to a file or by mail."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from tracker.config import Settings
from tracker.digest.editions import Edition
from tracker.errors import UsageError

FORMS = ("text", "html", "json")


@click.command()
@click.option("--week", "week", metavar="2026-W21", help="An ISO week; this one unless given.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="What to print.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--publish", is_flag=True, help="Freeze the week; it must be over.")
@click.option("--send", is_flag=True, help="Freeze the week and mail it to the configured recipients.")
@click.pass_obj
def digest(
    settings: Settings, week: str | None, form: str, output: Path | None, publish: bool, send: bool
) -> None:
    """Print this week's digest as a preview, or a past week's as it was frozen.

    \b
    gapwatch digest
    gapwatch digest --week 2026-W21 --format html -o may.html
    gapwatch digest --week 2026-W21 --send
    """
    from tracker.digest import editions
    from tracker.digest.weeks import parse_week, week_of

    chosen = parse_week(week, settings.zone) if week else week_of(settings.clock(), settings.zone)
    made = editions.publish(settings, chosen) if publish or send else editions.edition(settings, chosen)
    content = {"text": made.text, "html": made.html, "json": _indented(made.content)}[form]
    if output:
        editions.write_whole(output, content)
    elif not send:
        click.echo(content, nl=not content.endswith("\n"))
    if send and not deliver(settings, made):
        sys.exit(1)


def _indented(content: str) -> str:
    return json.dumps(json.loads(content), indent=2, ensure_ascii=False) + "\n"


def deliver(settings: Settings, made: Edition) -> bool:
    """Mail a frozen edition to those who do not have it yet; True where everybody has it now."""
    from tracker.digest import editions, mail
    from tracker.digest.render import render
    from tracker.store import database, ledger
    from tracker.store.reading import reading

    if not settings.mail.to:
        raise UsageError("nobody to send to: set `to` under [mail] in the configuration")
    with reading(settings.db) as connection:
        done = ledger.delivered(connection, made.week)
    waiting = [recipient for recipient in settings.mail.to if recipient not in done]
    kept = editions.load(made.content)
    page = render(kept, "mail", settings.templates)
    messages = [mail.compose(kept, page, made.text, settings.mail, recipient) for recipient in waiting]
    results = mail.send(messages, settings.mail, mail.password(settings.mail)) if messages else []
    with database.writing(settings.db) as writing:
        for recipient, message, result in zip(waiting, messages, results, strict=True):
            said = ledger.Said(recipient, message["Message-ID"], result.ok, result.note)
            ledger.note_delivery(writing, made.week, said, settings.clock())
    for recipient, result in zip(waiting, results, strict=True):
        if not result.ok:
            line = f"not sent to {recipient}: {result.note}; `gapwatch digest --send` tries again"
            click.echo(f"gapwatch: {line}", err=True)
    sent = sum(result.ok for result in results)
    click.echo(f"{made.week}: sent to {sent}, already had it: {len(done)}", err=True)
    return sent == len(waiting)
