"""What a payload looks like, and how that differs from what a source's documentation promises.

A source that was written from documentation alone is `never seen live` until it answers for the first
time; then its pages are held against the fields that it names (see `Source.documented`), and the difference
is told.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from tracker.source import Payload, Source
from tracker.tables import html_tables, markdown_tables

NAMED = 4  # fields that are told by name
MOST = 200  # nodes of a list or of a table of any names that are looked at


def first_look(source: Source, pages: Sequence[Payload]) -> str:
    """How the first pages of a place differ from its documentation; "as documented" where they do not.

    "" where it only answered at an address of before, of which the documentation no longer speaks.
    """
    pages = [page for page in pages if page.url not in source.formerly]
    if not pages:
        return ""
    promised = source.documented or ()
    lacking = list(promised)
    for page in pages:
        for part in chain([page], page.members()):
            lacking = [field for field in lacking if not _has(part, field)]
    if not lacking:
        return "as documented"
    more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
    return f"not as documented: lacks {', '.join(lacking[:NAMED])}{more} of {len(promised)} fields"


def _has(page: Payload, field: str) -> bool:
    document = _document(page)
    if document is not None:
        return any(True for _ in _walk([document], field.replace("[]", ".[]").split(".")))
    return field in _columns(page)


def _document(page: Payload) -> Any:
    try:
        return json.loads(page.body)
    except (ValueError, RecursionError):
        return None


def _walk(nodes: Iterable[Any], path: Sequence[str]) -> Iterator[Any]:
    """The nodes that a path leads to: a name, `[]` for every item of a list, `*` under whatever name."""
    if not path:
        yield from nodes
        return
    step, rest = path[0], path[1:]
    for node in nodes:
        if step == "[]" and isinstance(node, list):
            yield from _walk(node[:MOST], rest)
        elif step == "*" and isinstance(node, dict):
            yield from _walk(list(node.values())[:MOST], rest)
        elif step == "" or (isinstance(node, dict) and step in node):
            yield from _walk([node if step == "" else node[step]], rest)


def _columns(page: Payload) -> set[str]:
    """The headings of a page's tables, or of the one table that a CSV is."""
    body = page.body.lstrip()
    if body.startswith(b"<"):
        return {column for table in html_tables(page.body) for column in table.columns}
    text = page.body.decode("utf-8-sig", "replace")
    tables = markdown_tables(text)
    if tables:
        return {column for table in tables for column in table.columns}
    return set(next(csv.reader(io.StringIO(text[:100_000], newline=None)), []))
