"""Looking at a page to see what it is: a feed, or a table, and which of its columns names the models.

What is found is a proposal in the words of declared.py; a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.catalog import grammar
from tracker.catalog.metrics import TASKS
from tracker.catalog.reference import load_reference
from tracker.catalog.spelling import words
from tracker.collect.declared import FACTS, PARTS, Row, at, delimiter, figure, flat, records
from tracker.collect.feed import feed_title, parse_feed
from tracker.domain import Observation, Record
from tracker.errors import ParseError, UsageError
from tracker.source import Payload, Source
from tracker.tables import dollars, fold, html_tables, markdown_tables

LEAST = 3  # rows from which something is a table
MOST = 0.6  # the share of a column's cells that make it one of figures, or of models
DEEPEST = 6
ONE_TOKEN = Decimal("0.001")  # US dollars: more than any token costs
NAMED = re.compile(r"model|name|system|llm|\bid\b", re.IGNORECASE)
PRICED = {
    "input": re.compile(r"input|prompt|\bin\b", re.IGNORECASE),
    "output": re.compile(r"output|completion|generat|\bout\b", re.IGNORECASE),
    "cache_read": re.compile(r"cache", re.IGNORECASE),
}
SCORED = re.compile(r"score|average|overall|accuracy|rating|elo|pass|rate|resolved|win", re.IGNORECASE)
TOLD = {
    "licence": re.compile(r"^licen[cs]e$", re.IGNORECASE),
    "organisation": re.compile(r"^organi[sz]ation$|^creator$|^developer$|^company$", re.IGNORECASE),
}
MONEY = re.compile(r"price|pricing|cost|\$|usd", re.IGNORECASE)
TOKENS = re.compile(r"input|output|prompt|completion", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is: "feed" with its title, or a format of tables, and which columns seem to be what.

    `roles` leads from "model", "score", "input", "output", "cache_read" to a column; `samples` shows the
    first cells of each column.
    """

    form: str
    title: str = ""
    rows: str = ""
    count: int = 0
    roles: dict[str, str] | None = None
    samples: dict[str, list[str]] | None = None


def look(payload: Payload) -> Look:
    """See what a page is. ParseError where it is neither a feed nor has a table of models."""
    if not payload.body.strip():
        raise ParseError(f"{payload.url} is empty")
    if items := _feed(payload):
        return Look("feed", feed_title(payload), count=items)
    found = [one for one in _tables(payload) if len(one[2]) >= LEAST]
    best = max(found, key=lambda one: (_models(one[2])[1] >= MOST, len(one[2])), default=None)
    if best is None or not (column := _models(best[2])[0]):
        raise ParseError(f"{payload.url} is no feed, and no table of models was found by looking")
    form, path, rows = best
    roles = {"model": column, **_figures(rows, column), **_facts(rows)}
    samples = {name: [row.get(name, "") for row in rows[:3]] for name in _columns(rows)}
    return Look(form, "", path, len(rows), roles, samples)


def _feed(payload: Payload) -> int:
    try:
        return sum(1 for _ in parse_feed(payload, "me"))
    except ParseError:
        return 0


def _tables(payload: Payload) -> Iterator[tuple[str, str, list[Row]]]:
    """(format, rows, the rows) of everything on the page that is a table."""
    body = payload.body.lstrip()
    if body[:1] in b"[{" and body:
        document = payload.json()
        for path in _lists(document):
            yield "json", path, [flat(record) for record in at(document, path)]
    elif body.startswith(b"<"):
        yield from (("html", "", list(table.rows)) for table in html_tables(payload.body))
    else:
        text = payload.text()
        marked = [("markdown", "", list(table.rows)) for table in markdown_tables(text)]
        yield from marked
        if not marked and delimiter(text) in text.split("\n", 1)[0]:
            yield "csv", "", list(records(payload, "csv", "", []))


def _lists(node: Any, path: str = "", deep: int = 0) -> Iterator[str]:
    """The paths at which several records stand."""
    if isinstance(node, list):
        if sum(isinstance(item, dict) for item in node) >= LEAST:
            yield f"{path}[]"
        node = {"[]": node[0]} if node and isinstance(node[0], list) else {}
    if isinstance(node, dict) and deep < DEEPEST:
        if sum(isinstance(value, dict) for value in node.values()) >= LEAST:
            yield f"{path}{{}}"
        for name, value in node.items():
            if re.fullmatch(r"[\w-]+", name):
                yield from _lists(value, f"{path}.{name}" if path else name, deep + 1)


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows[:50] for name in row if name is not None))


def _models(rows: Sequence[Row]) -> tuple[str, float]:
    """The column whose cells are most often names of known families, and their share."""
    shares = {name: _share(rows, name, _is_model) for name in _columns(rows)}
    ranked = ((share >= MOST, bool(NAMED.search(name)), share, name) for name, share in shares.items())
    best = max(ranked, default=(False, False, 0.0, ""))[3]
    known = best and (shares[best] >= MOST or NAMED.search(best))
    return (best, shares[best]) if known else ("", 0.0)


def _is_model(text: str) -> bool:
    named = words(text)
    return bool(named) and grammar.place(named, load_reference())[0] is not None


def _share(rows: Sequence[Row], column: str, test: Any) -> float:
    cells = [row.get(column) or "" for row in rows]
    return float(sum(bool(cell.strip()) and test(cell) for cell in cells) / len(cells))


def _figures(rows: Sequence[Row], model: str) -> Mapping[str, str]:
    """Prices where the columns speak of money, else the score: the column that is named so, or the first."""
    numbers = [name for name in _columns(rows) if name != model and _share(rows, name, _is_figure) >= MOST]
    money = [name for name in numbers if MONEY.search(name)] or list(filter(TOKENS.search, numbers))
    found: dict[str, str] = {}
    for part in ("cache_read", "input", "output"):
        column = next((n for n in money if PRICED[part].search(n) and n not in found.values()), None)
        if column is not None:
            found[part] = column
    if "input" in found and "output" in found:
        return found
    scores = [name for name in numbers if SCORED.search(name)] or numbers
    return {"score": scores[0]} if scores else {}


def _facts(rows: Sequence[Row]) -> dict[str, str]:
    """The columns that tell licence and organisation."""
    names = _columns(rows)
    found = {fact: next((name for name in names if said.search(name)), "") for fact, said in TOLD.items()}
    return {fact: name for fact, name in found.items() if name}


def _is_figure(text: str) -> bool:
    if figure(text) is not None:
        return True
    try:
        return isinstance(dollars(text), Decimal)
    except ParseError:
        return False


def entry(seen: Look, roles: Mapping[str, str], words: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of tables.toml for what was seen, corrected by `roles`; UsageError else.

    `words` are name, url, title, task, scale, provider and per, "" or None where not given.
    """
    chosen, name = {**(seen.roles or {}), **_columns_of(seen, roles)}, words["name"]
    made: dict[str, Any] = {"name": name, "title": words["title"] or name.replace("_", " ")}
    made |= {"url": words["url"], "format": seen.form, "rows": seen.rows, "model": chosen["model"]}
    prices = {part: chosen[part] for part in PARTS if part in chosen}
    if prices and "score" not in roles:
        given = {"provider": words["provider"], "host": chosen.get("host")}
        given["per"] = words["per"] or _per(seen, prices)
        return made | {key: value for key, value in given.items() if value} | {"prices": prices}
    facts = {fact: chosen[fact] for fact in FACTS if fact in chosen}
    if "score" not in chosen:
        raise UsageError(f"no column of figures was found; {_where(seen)}")
    if words["task"] not in TASKS:
        asked = f"{words['task']!r} is none of the tasks" if words["task"] else "which task does it measure?"
        raise UsageError(f"{asked}; give --task with one of: {', '.join(TASKS)}")
    score = {"column": chosen["score"], "task": words["task"], "scale": words["scale"]}
    score |= {role: chosen[role] for role in ("low", "high", "n") if role in chosen}
    return made | ({"facts": facts} if facts else {}) | {"scores": {f"{name}.score": score}}


def _columns_of(seen: Look, roles: Mapping[str, str]) -> dict[str, str]:
    """The roles with the columns as the page writes them; UsageError for one that is not there."""
    there = {fold(column): column for column in seen.samples or {}}
    if lacking := [column for column in roles.values() if fold(column) not in there]:
        raise UsageError(f"there is no column {lacking[0]!r}; the columns are {', '.join(there.values())}")
    return {role: there[fold(column)] for role, column in roles.items()}


def _where(seen: Look) -> str:
    """Which columns with digits in them could be meant; where there is none, what else could be done."""
    cells = (seen.samples or {}).items()
    figures = [name for name, shown in cells if any(map(str.isdigit, "".join(shown)))]
    others = [name for name in figures if name != (seen.roles or {}).get("model")]
    if not others:
        return "what stands deeper, in lists for one, a source file can read: docs/sources.md"
    return f"name one: {', '.join(f'--column score={name!r}' for name in others[:6])}"


def refuse_misfit(records: Iterable[Record], source: Source) -> None:
    """UsageError where nothing is read, or figures are no shares of a hundred though their scale says so."""
    figures = [record for record in records if isinstance(record, Observation)]
    if not figures:
        raise UsageError("nothing would be read of it: correct that with --column, or write a source file")
    for metric in source.metrics:
        values = [record.value for record in figures if record.metric == metric.id]
        if metric.scale == "percent" and values and not 0 <= min(values) <= max(values) <= 100:
            span = f"from {min(values):f} to {max(values):f}"
            raise UsageError(f"its scores go {span}, which are no percentages: give --scale elo or index")


def _per(seen: Look, prices: Mapping[str, str]) -> int | None:
    """1 where prices are so small that they must be those of one token; a million is taken for granted."""
    cells = [figure(cell) for cell in (seen.samples or {}).get(prices.get("input", ""), [])]
    paid = [cell for cell in cells if cell]
    return 1 if paid and max(paid) < ONE_TOKEN else None
