"""What all asking commands share: their options, the connection, and how an answer is given.

@click.command()
@click.argument("name")
@asking
def models(asked: Asked, name: str) -> Answer: ...
"""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Concatenate, NamedTuple, ParamSpec

import click

from tracker.cli.output import Column, Row, as_csv, as_json, as_table, talk
from tracker.config import YEARS, Settings, parse_since, parse_when
from tracker.errors import NothingFound
from tracker.store.reading import reading
from tracker.store.times import stamp
from tracker.trends.frontier import CLASSES

P = ParamSpec("P")
MOST_LINES = 40  # of a table, unless --limit says otherwise
UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Asked(NamedTuple):
    """A question's frame: the connection, the span of time asked about, and how to answer.

    `on` is the end of what may be known; `past` whether the user chose it. `since` and `until` are times
    in RFC 3339, "" where not given.
    """

    connection: sqlite3.Connection
    on: str
    past: bool = False
    since: str = ""
    until: str = ""
    limit: int | None = None
    form: str = "table"

    @property
    def most(self) -> int | None:
        """How many answers are shown; None for all."""
        return self.limit or (MOST_LINES if self.form == "table" else None)

    def within(self, at: str | None) -> bool:
        """Whether a time or day lies in the span asked about; what is undated lies in no span."""
        if not at:
            return not (self.since or self.until)
        return self.since[: len(at)] <= at and (not self.until or at <= self.until)


class Answer(NamedTuple):
    """Rows for scripts, columns for people; `text` instead of a table where one would not do.

    `total` is how many rows there are, where only those to be shown were made.
    `one` is True where JSON is the single object. `newest_last`: a limit keeps the end of the rows.
    `nothing` says what was not found, where there are no rows.
    """

    rows: Sequence[Row]
    columns: Sequence[Column] = ()
    nothing: str = "nothing found"
    text: Callable[[Sequence[Row]], str] | None = None
    one: bool = False
    newest_last: bool = False
    total: int = 0


_OPTIONS = (
    click.option("--json", "form", flag_value="json", help="Answer in JSON."),
    click.option("--csv", "form", flag_value="csv", help="Answer in CSV."),
    click.option("--since", metavar="30d|DATE", help="From this day on, or so long ago (d, w, m, y)."),
    click.option("--until", metavar="DATE", help="Up to the end of this day."),
    click.option("--on", metavar="DATE", help="As it was known at the end of this day."),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many answers."),
)


of_licence = click.option(
    "--licence",
    type=click.Choice(CLASSES),
    default="any",
    show_default=True,
    help="Which open models count: by what their licence allows.",
)


def asking(command: Callable[Concatenate[Asked, P], Answer]) -> Callable[..., None]:
    """Give a command the shared options; it is called with `Asked` and its answer is printed."""

    @click.pass_obj
    @functools.wraps(command)
    def answered(
        settings: Settings,
        /,
        form: str | None,
        since: str | None,
        until: str | None,
        on: str | None,
        limit: int | None,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        known = parse_when(on, "--on") if on else settings.clock()
        with reading(settings.db) as connection:
            asked = Asked(
                connection,
                stamp(known),
                past=on is not None,
                since=_since(since, known) if since else "",
                until=stamp(parse_when(until, "--until")) if until else "",
                limit=limit,
                form=form or "table",
            )
            give(command(asked, *args, **kwargs), asked)

    wrapped: Callable[..., None] = answered
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _since(text: str, now: datetime) -> str:
    """The beginning of a span: `30d` before now, or the first moment of a day."""
    if length := re.fullmatch(r"(\d{1,5})([dwmy])", text.strip()):
        days = min(int(length[1]) * UNITS[length[2]], now.toordinal() - date(YEARS[0], 1, 1).toordinal())
        return stamp(now - timedelta(days=days))
    return stamp(parse_since(text, "--since"))


def give(answer: Answer, asked: Asked) -> None:
    """Print an answer in the form asked for; NothingFound where it is empty."""
    rows = _limited(answer, asked)
    if not rows and asked.form != "json":
        raise NothingFound(answer.nothing)
    if asked.form == "json":
        click.echo(as_json(rows[0] if answer.one and rows else rows))
        if not rows:
            raise NothingFound(answer.nothing)
    elif asked.form == "csv":
        click.echo(as_csv(rows), nl=False)
    else:
        click.echo(answer.text(rows) if answer.text else as_table(rows, answer.columns))
        if len(rows) < (total := answer.total or len(answer.rows)):
            talk(f"{len(rows):,} of {total:,} shown; --limit N shows more")


def _limited(answer: Answer, asked: Asked) -> list[Row]:
    most = asked.limit or (MOST_LINES if asked.form == "table" and not answer.text else len(answer.rows))
    rows = list(answer.rows)
    return rows[-most:] if answer.newest_last and most else rows[:most]
