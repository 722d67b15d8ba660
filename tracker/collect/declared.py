"""A place without a source file: a table on the web, told column by column in the user's `tables.toml`.

    [[table]]
    name = "my_board"                      # title, licence, credit, cadence_hours, publishable as for a feed
    url = "https://example.org/board.csv"
    format = "csv"                         # or "json", "html", "markdown"
    rows = ""                              # JSON: where the records are, like "data[]" or "models{}"
    model = "Model"                        # the column that names the model
    [table.scores."my_board.score"]        # a leaderboard; or [table.prices] input = "Input" and so on
    column = "Score"                       # and, where published, low, high and n
    task = "coding"                        # also: name, higher_is_better, questions
    scale = "percent"                      # or "elo", "index"

What a board says of a model stands in [table.facts]: licence, organisation. Prices are in US dollars for
`per` tokens (a million unless told), by `provider`, or by the one in the column `host`. Columns of JSON
records are dotted paths.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from tracker.catalog.metrics import TASKS, UNITS
from tracker.domain import Kind, Metric, ModelFact, Observation, Unread
from tracker.errors import ParseError, UsageError
from tracker.source import Payload, Source
from tracker.tables import dollars, html_tables, markdown_tables, tables_with

FORMATS = ("csv", "json", "html", "markdown")
PARTS = ("input", "output", "cache_read", "cache_write")
FACTS = ("licence", "organisation")
NEEDED = ("name", "url", "format", "model")
ALLOWED: dict[str, type] = {
    **dict.fromkeys((*NEEDED, "title", "rows", "host", "provider", "licence", "credit"), str),
    "per": int,
    "cadence_hours": int,
    "publishable": bool,
    **dict.fromkeys(("scores", "prices", "facts"), dict),
}
OF_SCORE: dict[str, type] = {
    **dict.fromkeys(("column", "task", "scale", "name", "low", "high", "n"), str),
    "higher_is_better": bool,
    "questions": int,
}
KINDS: dict[type, str] = {str: "text", int: "number above 0", bool: "true or false", dict: "table"}
MILLION = 1_000_000
FIGURE = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?) ?%?")

NAME = "(name)"

Row = dict[str, str]


def source(entry: Mapping[str, Any]) -> Source:
    """The source that an entry of tables.toml declares; UsageError where it is not as above."""
    name = entry.get("name") or "an entry"
    for key in NEEDED:
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise UsageError(f"tables.toml: {name} needs a {key}")
    _only(entry, ALLOWED, name)
    scores, prices = entry.get("scores") or {}, entry.get("prices") or {}
    if entry["format"] not in FORMATS:
        raise UsageError(
            f"tables.toml: {name} has format {entry['format']!r}; known are {', '.join(FORMATS)}"
        )
    if bool(scores) == bool(prices):
        raise UsageError(f"tables.toml: {name} needs either scores, or prices of {', '.join(PARTS)}")
    _only(prices, dict.fromkeys(PARTS, str), f"{name}, prices")
    _only(entry.get("facts", {}), dict.fromkeys(FACTS, str), f"{name}, facts")
    return Source(
        kind=Kind.PRICES if prices else Kind.LEADERBOARD,
        parse=partial(parse, entry=entry),
        licence=entry.get("licence", "none stated"),
        credit=entry.get("credit", entry.get("title", name)),
        urls=(entry["url"],),
        name=name,
        title=entry.get("title", name.replace("_", " ")),
        cadence=timedelta(hours=entry.get("cadence_hours", 24)),
        publishable=entry.get("publishable", True),
        authority=bool(scores),
        metrics=tuple(_metric(id, about, entry) for id, about in scores.items()),
    )


def _only(table: Mapping[str, Any], allowed: Mapping[str, type], whose: str) -> None:
    """Refuse a key that means nothing here, or whose value is of another type."""
    for key, value in table.items():
        if key not in allowed:
            raise UsageError(f"tables.toml: {whose} has {key}; known are {', '.join(allowed)}")
        fits = isinstance(value, allowed[key])
        if not fits or (key in ("per", "questions") and value < 1):
            raise UsageError(f"tables.toml: {whose} has {key} = {value!r}, which is no {KINDS[allowed[key]]}")


def _metric(id: str, about: Any, entry: Mapping[str, Any]) -> Metric:
    whose = f"{entry['name']}, the score {id}"
    if not isinstance(about, Mapping) or not isinstance(about.get("column"), str):
        raise UsageError(f"tables.toml: {whose} needs a column")
    _only(about, OF_SCORE, whose)
    scale, task, title = about.get("scale", "percent"), about.get("task", ""), entry.get("title")
    for word, given, known in (("scale", scale, tuple(UNITS)), ("task", task, TASKS)):
        if given not in known:
            raise UsageError(f"tables.toml: {whose} has the {word} {given!r}; known are {', '.join(known)}")
    title, up = title or entry["name"].replace("_", " "), about.get("higher_is_better", True)
    name, questions = about.get("name", f"{title} {about['column']}"), about.get("questions")
    return Metric(id, name, title, task, UNITS[scale], scale, up, questions)


def parse(payload: Payload, entry: Mapping[str, Any]) -> Iterator[Observation | ModelFact | Unread]:
    """Yield the figures of every row that names a model; what is no figure is told."""
    wanted = [entry["model"], *entry.get("prices", {}).values()]
    wanted += [about["column"] for about in entry.get("scores", {}).values()]
    found = 0
    for row in records(payload, entry["format"], entry.get("rows", ""), wanted):
        if subject := row.get(entry["model"], "").strip():
            found += 1
            yield from _scores(subject, row, entry)
            yield from _prices(subject, row, entry)
            for field, column in entry.get("facts", {}).items():
                if field in FACTS and (said := (row.get(column) or "").strip()):
                    yield ModelFact(subject, field, said)
    if not found:
        raise ParseError(f"{payload.url} has no row with a model under {entry['model']!r}")


def _scores(subject: str, row: Row, entry: Mapping[str, Any]) -> Iterator[Observation | Unread]:
    for metric, about in entry.get("scores", {}).items():
        text = row.get(about["column"], "").strip()
        value = figure(text)
        if value is None:
            if text:
                yield Unread(f"{subject}, {about['column']}: {text[:40]!r} is no figure")
            continue
        low, high, n = (figure(row.get(about.get(key, ""), "")) for key in ("low", "high", "n"))
        yield Observation(subject, metric, value, low=low, high=high, n=None if n is None else int(n))


def _prices(subject: str, row: Row, entry: Mapping[str, Any]) -> Iterator[Observation | Unread]:
    provider = row.get(entry.get("host", ""), "").strip() or entry.get("provider", "")
    for part, column in entry.get("prices", {}).items():
        try:
            price = dollars(row.get(column, ""))
        except ParseError as error:
            yield Unread(f"{subject}, {column}: {error}")
            continue
        if price is not None:
            yield Observation(subject, f"price.{part}", price * MILLION / entry.get("per", MILLION), provider)


def figure(text: str) -> Decimal | None:
    """The number that a cell is, also with thousands set apart or a percent sign; None for anything else."""
    if not (found := FIGURE.fullmatch(text.strip())):
        return None
    with suppress(InvalidOperation):
        return Decimal(found[1].replace(",", ""))
    return None


def records(payload: Payload, form: str, rows: str, wanted: list[str]) -> Iterator[Row]:
    """The rows of a page, by column; of a page with tables, of those that have the wanted columns."""
    if form == "json":
        yield from (flat(record) for record in at(payload.json(), rows))
    elif form == "csv":
        yield from separated(payload)
    else:
        tables = html_tables(payload.body) if form == "html" else markdown_tables(payload.text())
        for table in tables_with(tables, *dict.fromkeys(wanted)):
            yield from table.rows


def separated(payload: Payload) -> Iterator[Row]:
    """The rows of a CSV, whatever stands between its columns and at the ends of its lines. ParseError."""
    text = payload.text()
    lines = io.StringIO(text, newline=None)
    try:
        yield from csv.DictReader(lines, delimiter=delimiter(text), restval="")
    except csv.Error as error:
        raise ParseError(f"{payload.url} is not CSV: {error}") from error


def delimiter(text: str) -> str:
    """What stands between the columns of a CSV: the sign that its first line has most of."""
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def at(document: Any, path: str) -> Iterator[dict[str, Any]]:
    """The records at a path: names, `[]` for the items of a list, `{}` for the values of an object.

    A value's own name in an object stands in its record under NAME.
    """
    nodes: list[tuple[str, Any]] = [("", document)]
    for step in re.findall(r"\[\]|\{\}|[^.\[\]{}]+", path):
        if step == "[]":
            nodes = [("", item) for _, node in nodes if isinstance(node, list) for item in node]
        elif step == "{}":
            nodes = [pair for _, node in nodes if isinstance(node, dict) for pair in node.items()]
        else:
            nodes = [("", node[step]) for _, node in nodes if isinstance(node, dict) and step in node]
    for name, node in nodes:
        if isinstance(node, dict):
            yield {NAME: name, **node} if name else node


def flat(record: Mapping[str, Any], before: str = "", deep: int = 0) -> dict[str, str]:
    """A record's values as text by dotted path; lists are left out."""
    found: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and deep < 4:
            found |= flat(value, f"{before}{name}.", deep + 1)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            found[f"{before}{name}"] = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return found
