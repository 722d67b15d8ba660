"""The command line: `gapwatch`, its groups and its global options.

A command is one line in a table below; its module is imported only when it is called, so that
`--help` and `--version` cost no more than click. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in
part, 4 nothing found, 130 interrupted.
"""

from __future__ import annotations

import atexit
import gc
import os

import click

from tracker import __version__
from tracker.cli.lazy import LazyGroup, Root, Sections

SOURCES: Sections = {
    "": {
        "list": ("tracker.cli.ask_sources:list_", "Every watched place and how it is doing."),
        "show": ("tracker.cli.ask_sources:show", "One place: its licence, its health, its last captures."),
        "poll": ("tracker.cli.keep_sources:poll", "One pass over what is due, or over the named places."),
        "test": ("tracker.cli.keep_sources:check", "What a place reads; nothing is stored."),
        "add": ("tracker.cli.keep_places:add", "Watch a feed or a table of your own."),
        "remove": ("tracker.cli.keep_places:remove", "Watch a place of your own no longer."),
        "pause": ("tracker.cli.keep_places:pause", "Leave places alone until told otherwise."),
        "import-opml": ("tracker.cli.keep_places:import_opml", "Watch the feeds of an OPML file."),
        "export-opml": ("tracker.cli.keep_places:export_opml", "The watched feeds as OPML."),
    },
}


@click.group(cls=LazyGroup, sections=SOURCES)
def sources() -> None:
    """The watched places and their health."""


DB: Sections = {
    "": {
        "backfill": ("tracker.cli.keep_db:backfill", "Store the past of the watched places."),
        "reparse": ("tracker.cli.keep_db:reparse", "Read the kept bytes again; show what differs."),
        "quarantine": ("tracker.cli.keep_quarantine:quarantine", "What is held, and why."),
    },
}


@click.group("db", cls=LazyGroup, sections=DB)
def database() -> None:
    """The database: its past, its upkeep, what is held."""


COMMANDS: Sections = {
    "Ask": {
        "gap": ("tracker.cli.ask_gap:gap", "Open against closed, now or as a series."),
        "price": (
            "tracker.cli.ask_price:price",
            "What a model costs, where, and the cheapest at a capability.",
        ),
        "speed": (
            "tracker.cli.ask_speed:speed_",
            "How fast models are served, and where; measure it yourself.",
        ),
        "history": ("tracker.cli.ask_history:history", "One series as spans of time."),
        "changes": ("tracker.cli.ask_changes:changes", "What moved."),
        "news": ("tracker.cli.ask_news:news", "What vendors announced, one line a story."),
        "models": ("tracker.cli.ask_models:models", "Models: spellings, weights, licence, where they stand."),
        "explain": ("tracker.cli.ask_explain:explain", "Where a figure comes from, back to the bytes."),
    },
    "Do": {
        "run": ("tracker.cli.do_run:run", "Poll what is due, compare, write the digest, say where."),
        "digest": ("tracker.cli.do_digest:digest", "This week as a preview, a past week as it was frozen."),
        "daemon": ("tracker.cli.do_daemon:daemon", "Poll and publish on schedule until told to stop."),
    },
    "Keep": {
        "sources": ("tracker.cli:sources", "The watched places, and those of your own."),
        "db": ("tracker.cli:database", "History and upkeep: backfill, reparse, quarantine."),
        "subscribers": (
            "tracker.cli.keep_subscribers:subscribers",
            "Who gets the mail, who left; back again.",
        ),
        "alerts": ("tracker.cli.keep_alerts:alerts", "Rules of alerts: what they see, what they told."),
        "doctor": ("tracker.cli.keep_doctor:doctor", "What is wrong and how to mend it."),
    },
}


@click.group(cls=Root, sections=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=click.Path(dir_okay=False), metavar="PATH", help="The database.")
@click.option("--config", type=click.Path(dir_okay=False), metavar="FILE", help="gapwatch.toml.")
@click.option("--now", metavar="WHEN", help="The clock, for replays: a day or an RFC 3339 time.")
@click.option("--quiet", is_flag=True, help="Say nothing on standard error but errors.")
@click.option("--verbose", is_flag=True, help="Show the traceback of an error.")
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR is honoured too.")
@click.version_option(__version__, prog_name="gapwatch")
@click.pass_context
def cli(
    context: click.Context,
    db: str | None,
    config: str | None,
    now: str | None,
    quiet: bool,
    verbose: bool,
    no_color: bool,
) -> None:
    """Has an open-weight model caught up at your task, what does it cost, and who serves it?

    Answers go to standard output, talk to standard error. Settings are read from gapwatch.toml, then
    GAPWATCH_DB and its like, then these options.
    """
    from pathlib import Path  # neither is needed for --help and --version

    from tracker.config import load

    context.obj = load(db=Path(db) if db else None, config=Path(config) if config else None, now=now)


def main() -> None:
    """Run the command line of this process."""
    gc.set_threshold(10_000)  # what is imported stays: looking for rubbish in it costs 15 ms
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads cost 20 ms and would find no work
    atexit.register(gc.freeze)  # what is left at the end goes with the process, unlooked at
    cli(prog_name="gapwatch")
