"""`gapwatch digest`: this week as a preview, a past week as it was frozen; to a file or to its readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.config import Settings
from tracker.digest.editions import Edition
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.deliver.parcel import Delivery

FORMS = ("text", "html", "md", "json", "eml", "atom", "jsonfeed")


@click.command()
@click.option("--week", "week", metavar="2026-W21", help="An ISO week; this one unless given.")
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="What to print.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--publish", is_flag=True, help="Freeze the week; it must be over.")
@click.option("--send", is_flag=True, help="Freeze the week and deliver it to whoever is configured.")
@click.option(
    "--site", type=click.Path(path_type=Path, file_okay=False), help="Write the site into a folder."
)
@click.pass_obj
def digest(
    settings: Settings,
    week: str | None,
    form: str,
    output: Path | None,
    publish: bool,
    send: bool,
    site: Path | None,
) -> None:
    """Print this week's digest as a preview, or a past week's as it was frozen.

    The formats atom and jsonfeed give all frozen digests; --site writes them and every figure as pages.

    \b
    gapwatch digest
    gapwatch digest --week 2026-W21 --format html -o may.html
    gapwatch digest --week 2026-W21 --send
    gapwatch digest --site ~/public/gapwatch
    """
    from tracker.digest import editions, forms
    from tracker.digest.weeks import parse_week, week_of

    chosen = parse_week(week, settings.zone) if week else week_of(settings.clock(), settings.zone)
    made: Edition | None = None
    if publish or send:
        made = editions.publish(settings, chosen)
    elif form not in forms.ALL and (output or not site):
        made = editions.edition(settings, chosen)
    if site:
        _build(settings, site)
    if output or not (send or site):
        _give(_in_form(settings, made, form), output)
    if send and made and not deliver(settings, made):
        sys.exit(1)


def _in_form(settings: Settings, made: Edition | None, form: str) -> str:
    """An edition in a form; without one, or in a feed's form, all frozen ones."""
    from tracker.digest import forms

    if made is None or form in forms.ALL:
        return forms.all_of_them(settings, form)
    return _mail(settings, made) if form == "eml" else forms.one(settings, made, form)


def _give(content: str, output: Path | None) -> None:
    """Print what was asked for, or write it to a file."""
    from tracker.digest.editions import write_whole

    if output:
        write_whole(output, content)
    else:
        click.echo(content, nl=not content.endswith("\n"))


def _mail(settings: Settings, made: Edition) -> str:
    """The edition as the mail that a reader without wishes gets, to its own sender."""
    from tracker.deliver import files, weekly
    from tracker.outlets import Reader

    return files.written(weekly.parcels(settings, made)(Reader()), "eml", settings.mail)


def _build(settings: Settings, folder: Path) -> None:
    """Write the site, and say how much of it is new."""
    from tracker.digest.site import build

    done = build(settings, folder)
    told = f"{done.written} pages written, {done.kept} unchanged, {done.removed} removed"
    click.echo(f"gapwatch: {folder / 'index.html'}: {told}", err=True)


def deliver(settings: Settings, made: Edition, *, forced: bool = True) -> bool:
    """Hand a frozen edition to those who do not have it yet; True where nothing failed.

    A person who asks does not wait for the next try: `forced`.
    """
    from tracker.deliver import rounds, weekly

    if not settings.mail.everyone and not settings.deliver:
        raise UsageError("nobody to send to: set `to` under [mail] in the configuration, or a [[deliver]]")
    before = len(rounds.missing(settings, made.week))
    said = rounds.deliver(settings, made.week, weekly.parcels(settings, made), forced=forced)
    tell(made.week, said)
    if others := before - len(said):
        click.echo(f"gapwatch: {others} left: later, or being sent by another process", err=True)
    return not rounds.missing(settings, made.week)


def tell(what: str, said: Sequence[Delivery]) -> None:
    """Say on standard error what could not be delivered and why, and how many could."""
    for one in said:
        if not one.ok:
            line = f"not sent to {one.recipient}: {one.note}; it is tried again later"
            click.echo(f"gapwatch: {line}", err=True)
    sent = sum(one.ok for one in said)
    click.echo(f"{what}: sent to {sent}, not sent to {len(said) - sent}", err=True)
