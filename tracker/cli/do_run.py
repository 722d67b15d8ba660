"""`gapwatch run`: poll what is due, compare, write the digest, say where; and the daemon's two jobs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tracker.config import Settings
from tracker.digest.words import plural
from tracker.domain import Outcome
from tracker.errors import NothingFound
from tracker.store.health import Report

WELL = (Outcome.NEW, Outcome.UNCHANGED, Outcome.PAUSED)
NAMED = 6


@click.command()
@click.option("--all", "everything", is_flag=True, help="Visit every source, due or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes, changes and digest as JSON.")
@click.pass_obj
def run(settings: Settings, everything: bool, as_json: bool) -> None:
    """Poll what is due, compare, write this week's digest and say where it is.

    \b
    gapwatch run
    gapwatch --now 2026-05-31 run --json
    """
    reports = visit(settings, everything=everything)
    from tracker.digest import editions
    from tracker.digest.weeks import week_of

    made = editions.edition(settings, week_of(settings.clock(), settings.zone))
    files = editions.write(settings, made)
    alert(settings)
    if as_json:
        click.echo(json.dumps(_as_json(settings, reports, files), indent=2))
    else:
        for line in story(reports, json.loads(made.content), files):
            click.echo(line)
    if any(report.outcome not in WELL for report in reports):
        sys.exit(3)


def visit(settings: Settings, names: Sequence[str] = (), *, everything: bool = False) -> list[Report]:
    """One pass, with a progress bar where somebody is watching."""
    from tracker.collect import passes

    watched = sys.stderr.isatty()
    with click.progressbar(length=0, label="polling", file=sys.stderr, hidden=not watched) as bar:

        def planned(count: int) -> None:
            bar.length = count

        return passes.run(
            settings, names, everything=everything, progress=lambda report: bar.update(1), planned=planned
        )


def story(reports: Sequence[Report], digest: dict[str, Any], files: tuple[Path, Path]) -> list[str]:
    """What a run saw, what it could not reach and where the digest is, in about ten lines."""
    counts = Counter(report.outcome for report in reports)
    rows = sum(report.rows for report in reports)
    changed = sum(report.changed for report in reports)
    lines = [
        f"Visited {len(reports)} sources: "
        + (", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "none was due")
        + ".",
        f"Read {rows:,} records, {changed:,} of them new or changed.",
    ]
    lines += _trouble(reports)
    lines += ["", f"{digest['title'].capitalize()} ({digest['span']}), {digest['edition']} edition:"]
    lines += [f"  {digest['headline']}"]
    happened, measured = len(digest["happened"]), sum(bool(row["metric"]) for row in digest["board"])
    ways = ("event of the record", "events of the record")
    if digest["edition"] != "catch-up":
        ways = ("thing that happened", "things that happened")
    lines += [f"  Inside: {plural(happened, *ways)}, {plural(measured, 'measured task')}."]
    return [*lines, "", f"Digest: {files[0]}", f"        {files[1]}"]


def _trouble(reports: Sequence[Report]) -> list[str]:
    """What could not be reached, one line a kind of trouble."""
    lines = []
    for outcome in (Outcome.OFFLINE, Outcome.FAILED, Outcome.BLOCKED, Outcome.SUSPECT, Outcome.PAUSED):
        these = [report for report in reports if report.outcome is outcome]
        if not these:
            continue
        names = ", ".join(report.source for report in these[:NAMED])
        more = f" and {len(these) - NAMED} more" if len(these) > NAMED else ""
        lines.append(f"{str(outcome).capitalize()}: {names}{more}. {' '.join(these[0].note.split())[:160]}")
    return lines


def _as_json(settings: Settings, reports: Sequence[Report], files: tuple[Path, Path]) -> dict[str, Any]:
    from tracker.digest.weeks import week_of
    from tracker.store import weekly
    from tracker.store.reading import reading
    from tracker.store.times import stamp

    week = week_of(settings.clock(), settings.zone)
    with reading(settings.db) as connection:
        changes = weekly.changes(connection, stamp(week.start), stamp(settings.clock()))
    return {
        "outcomes": [outcome_row(report) for report in reports],
        "changes": [asdict(change) for change in changes],
        "digest": {"week": week.name, "html": str(files[0]), "text": str(files[1])},
    }


def outcome_row(report: Report) -> dict[str, Any]:
    """A report as scripts read it."""
    return {
        "name": report.source,
        "outcome": str(report.outcome),
        "rows": report.rows,
        "changed": report.changed,
        "seconds": round(report.seconds, 3),
        "note": report.note,
    }


def poll_due(settings: Settings) -> list[Report]:
    """The daemon's pass: visit what is due and write the preview of this week."""
    from tracker.digest import editions
    from tracker.digest.weeks import week_of

    reports = visit(settings)
    if reports:
        made = editions.edition(settings, week_of(settings.clock(), settings.zone))
        editions.write(settings, made)
    alert(settings)
    return reports


def alert(settings: Settings) -> None:
    """After a pass: what the rules of alerts have to tell goes out."""
    if not settings.alerts.rules:
        return
    from tracker.cli.do_digest import tell
    from tracker.deliver import alerting

    if said := alerting.after_pass(settings):
        tell("alerts", said)


def send_again(settings: Settings) -> None:
    """The daemon's third job: try again what is due of the weeks that were published."""
    from tracker.cli.do_digest import tell
    from tracker.deliver import again

    if said := again.deliver_due(settings):
        tell("tried again", said)


def publish_week(settings: Settings, week: str) -> None:
    """The daemon's slot: freeze a week and send it to whoever is configured."""
    from tracker.cli.do_digest import deliver
    from tracker.digest import editions
    from tracker.digest.weeks import parse_week

    try:
        made = editions.publish(settings, parse_week(week, settings.zone))
    except NothingFound as error:
        click.echo(f"gapwatch: {error}", err=True)
        return
    editions.write(settings, made)
    if settings.mail.everyone or settings.deliver:
        deliver(settings, made, forced=False)
