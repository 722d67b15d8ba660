"""`gapwatch sources poll` and `gapwatch sources test`: visiting places by hand."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.cli.do_run import WELL, outcome_row, visit
from tracker.config import Settings
from tracker.domain import Observation, Record
from tracker.errors import UsageError
from tracker.source import Payload, Source
from tracker.store.health import Report

SHOWN = 5


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
    if as_json:
        click.echo(json.dumps([outcome_row(report) for report in reports], indent=2))
    for report in () if as_json else reports:
        click.echo(_line(report))
    if any(report.outcome not in WELL for report in reports):
        sys.exit(3)


def _line(report: Report) -> str:
    figures = f"{report.rows:>6} rows {report.changed:>6} changed {report.seconds:>6.1f} s"
    note = " ".join(report.note.split())
    return f"{report.source:<20} {report.outcome:<9} {figures}  {note}".rstrip()


@click.command("test")
@click.argument("name")
@click.argument("payload", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def check(settings: Settings, name: str, payload: Path | None) -> None:
    """Show what a source reads, from its pages or from a saved one; nothing is stored.

    NAME is a source or a source file; PAYLOAD is a saved page.

    \b
    gapwatch sources test xai_models
    gapwatch sources test ./my_board.py saved.json
    """
    source = _source(settings, name)
    records = _read(source, payload) if payload else _fetch(settings, source)
    kinds = Counter(r.metric if isinstance(r, Observation) else type(r).__name__ for r in records)
    for kind, count in sorted(kinds.items()):
        click.echo(f"{count:>7} {kind}")
    for record in records[:SHOWN]:
        click.echo(f"  {record}")


def _source(settings: Settings, name: str) -> Source:
    from tracker.collect import registry

    if name.endswith(".py"):
        return registry.load_file(Path(name))
    found = registry.find(settings.sources)
    if name in found.broken:
        raise UsageError(found.broken[name])
    if name not in found.sources:
        raise UsageError(f"no source named {name}; see `gapwatch sources list`")
    return found.sources[name]


def _read(source: Source, path: Path) -> list[Record]:
    from tracker.collect.parse import read

    url = source.urls[0] if source.urls else path.resolve().as_uri()
    return read(source, Payload(url, path.read_bytes(), datetime.now(UTC)))[0]


def _fetch(settings: Settings, source: Source) -> list[Record]:
    from tracker.collect import passes

    return passes.preview(settings, source)
