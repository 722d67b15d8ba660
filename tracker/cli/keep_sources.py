"""`gapwatch sources poll` and `gapwatch sources test`: visiting places by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.do_run import WELL, outcome_row, visit
from tracker.cli.output import Column, noted, talk
from tracker.config import Settings
from tracker.errors import GapwatchError, UsageError
from tracker.source import Payload, Source
from tracker.store.health import Report

if TYPE_CHECKING:
    from tracker.collect.walk import Walk


@click.command("poll")
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Visit every source, due or not.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcomes as JSON.")
@click.pass_obj
def poll(settings: Settings, names: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Visit what is due, the named sources, or all of them: one pass, without a digest.

    \b
    gapwatch sources poll
    gapwatch sources poll lmarena modelsdev
    """
    reports = visit(settings, names, everything=everything)
    if not reports:
        talk("nothing is due; --all visits every place, due or not")
    if as_json:
        click.echo(json.dumps([outcome_row(report) for report in reports], indent=2))
    elif reports:
        click.echo(_table(reports))
    if any(report.outcome not in WELL for report in reports):
        sys.exit(3)


_COLUMNS = (
    Column("Source", lambda row: row["name"], firm=True),
    Column("Outcome", lambda row: row["outcome"], firm=True),
    Column("Rows", lambda row: f"{row['rows']:,}" if row["rows"] else "", right=True),
    Column("Changed", lambda row: f"{row['changed']:,}" if row["rows"] else "", right=True),
    Column("Seconds", lambda row: f"{row['seconds']:.1f}", right=True),
)


def _table(reports: Sequence[Report]) -> str:
    """A line a place, and below it what there is to say; of what is unchanged no rows are told."""
    rows = [outcome_row(report) for report in reports]
    return noted(rows, _COLUMNS, lambda row: str(row["note"]))


@click.command("test")
@click.argument("name")
@click.argument("payload", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def check(settings: Settings, name: str, payload: Path | None) -> None:
    """Show what a source reads, from its pages or from a saved one; nothing is stored.

    NAME is a source or a source file; PAYLOAD is a saved page. Exit code 1 where nothing is read.

    \b
    gapwatch sources test xai_models
    gapwatch sources test ./my_board.py saved.json
    """
    from tracker.cli.told import told

    source = _source(settings, name)
    read = _read(source, payload) if payload else _fetch(settings, source)
    for line in told(read, source):
        click.echo(line)
    if not read.records:
        raise GapwatchError(f"{source.name} reads nothing")


def _source(settings: Settings, name: str) -> Source:
    from tracker.collect import registry

    if name.endswith(".py"):
        return registry.load_file(Path(name))
    found = registry.find(settings.sources)
    if name in found.broken:
        raise UsageError(found.broken[name])
    if name not in found.sources and found.installed is None:
        raise UsageError("; ".join(why for file, why in found.broken.items() if "." in file))
    if name not in found.sources:
        raise UsageError(f"no source named {name}; see `gapwatch sources list`")
    return found.sources[name]


def _read(source: Source, path: Path) -> Walk:
    """What is on a saved page, as if it were the first of the source's."""
    from tracker.collect.parse import read
    from tracker.collect.walk import Walk

    url = source.urls[0] if source.urls else path.resolve().as_uri()
    page = read(source, Payload(url, path.read_bytes(), datetime.now(UTC)))
    return Walk([], page.records, page.unread, [])


def _fetch(settings: Settings, source: Source) -> Walk:
    from tracker.collect import passes

    return passes.preview(settings, source)
