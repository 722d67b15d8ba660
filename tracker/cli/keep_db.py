"""`gapwatch db backfill` and `gapwatch db reparse`: the past, stored once more or for the first time."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tracker.config import Settings, parse_since, parse_when

if TYPE_CHECKING:
    from tracker.collect.backfill import Backfilled
    from tracker.store.reparse import Difference


@click.command("backfill")
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--from", "place", default="", metavar="PLACE", help="A repository's URL, folder or bundle.")
@click.option("--since", metavar="DATE", help="Leave out what is older.")
@click.option("--until", metavar="DATE", help="Leave out what is newer.")
@click.option("--json", "as_json", is_flag=True, help="Print what was stored as JSON.")
@click.pass_obj
def backfill(
    settings: Settings,
    names: tuple[str, ...],
    place: str,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Store the past of the named sources, or of all whose history is known.

    What is stored equals what polling at those dates would have stored. A run that was cut short goes on
    where it ended; a second one adds nothing.

    \b
    gapwatch db backfill
    gapwatch db backfill modelsdev --from ./models.dev.bundle --since 2026-01-01
    """
    from tracker.collect.backfill import backfill as fill

    start = parse_since(since, "--since") if since else None
    end = parse_when(until, "--until") if until else None
    watched = sys.stderr.isatty()
    with click.progressbar(
        length=0, label="reading", file=sys.stderr, hidden=not watched, show_eta=False
    ) as bar:

        def progress(source: str, versions: int) -> None:
            bar.label = f"{source}: {versions:,} versions"
            bar.update(1)

        reports = fill(settings, names, place=place, since=start, until=end, progress=progress)
    if as_json:
        click.echo(json.dumps([_row(report) for report in reports], indent=2))
    for report in () if as_json else reports:
        click.echo(_line(report))
    for report in reports:
        for reason in _trouble(report):
            click.echo(f"gapwatch: {report.source}: {reason}", err=True)
    if any(report.failed for report in reports):
        sys.exit(3)


def _row(report: Backfilled) -> dict[str, Any]:
    return {
        "source": report.source,
        "versions": report.versions,
        "observations": report.observations,
        "from": report.first,
        "to": report.last,
        "held": report.held,
        "skipped": len(report.skipped),
        "error": report.failed,
    }


def _line(report: Backfilled) -> str:
    if not report.versions:
        return f"{report.source:<20} nothing new"
    span = f"{report.first[:10]} to {report.last[:10]}"
    held = f", {report.held} held" if report.held else ""
    return (
        f"{report.source:<20} {report.versions:>6,} versions {report.observations:>8,} points  {span}{held}"
    )


def _trouble(report: Backfilled) -> list[str]:
    from tracker.collect.past import listed

    left = f"{len(report.skipped)} left out: {listed(report.skipped)}"
    return [*([left] if report.skipped else []), *([report.failed] if report.failed else [])]


@click.command("reparse")
@click.argument("name", metavar="[SOURCE]", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would differ; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what differs as JSON.")
@click.pass_obj
def reparse(settings: Settings, name: str | None, dry_run: bool, as_json: bool) -> None:
    """Read the kept bytes again with today's parsers and rules, and show what differs.

    Points, links, gap panel and changes are rebuilt in one transaction.

    \b
    gapwatch db reparse --dry-run
    gapwatch db reparse modelsdev
    """
    from tracker.collect.again import reparse as again

    differences = again(settings, name or "", dry_run=dry_run)
    if as_json:
        click.echo(json.dumps([_difference(found) for found in differences], indent=2))
    for found in () if as_json else differences:
        click.echo(
            f"{found.source:<20} {found.captures:>6,} captures: {found.added:,} points added,"
            f" {found.removed:,} removed, {found.changed:,} changed; {found.relinked:,} spellings relinked"
        )
    for found in differences:
        for reason in found.unread:
            click.echo(f"gapwatch: {found.source}: {reason}", err=True)
    if any(found.unread for found in differences):
        sys.exit(3)


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "source": found.source,
        "captures": found.captures,
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
        "relinked": found.relinked,
        "unread": found.unread,
    }
