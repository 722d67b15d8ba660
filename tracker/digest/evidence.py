"""Numbering the evidence: each capture that a figure rests on is one reference."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tracker.catalog.metrics import PAGES
from tracker.digest.model import Credit, Reference, Refs
from tracker.store import weekly
from tracker.store.rows import SourceRow


class Evidence:
    """Collects references while a digest is built; the same capture keeps its number."""

    def __init__(self, connection: sqlite3.Connection, sources: dict[str, SourceRow]) -> None:
        self._connection = connection
        self._sources = sources
        self._found: dict[tuple[int, str], Reference] = {}

    def __call__(self, *captures: int, board: str = "") -> Refs:
        """The reference numbers of captures, in the order given, each once.

        `board` names the board whose figures are meant, where a capture shows several.
        """
        return tuple(dict.fromkeys(self._number(capture, board) for capture in captures))

    def _number(self, capture: int, board: str) -> int:
        name, observed, page = weekly.capture(self._connection, capture)
        source = self._sources[name]
        board = "" if board == source.title else board
        title = f"{board}, {source.title}" if board and board not in source.title else source.title
        before = self._found.get((capture, title))
        if before and (not board or before.url == PAGES.get(board, before.url)):
            return before.number
        url = PAGES.get(board or source.title) or (page if page.startswith("http") else source.url)
        number = before.number if before else len(self._found) + 1
        self._found[capture, title] = Reference(number, name, title, url, f"c{capture}", observed)
        return number

    def references(self) -> tuple[Reference, ...]:
        """All references, in order of their numbers."""
        return tuple(self._found.values())

    def credits(self, cited: Iterable[Reference]) -> tuple[Credit, ...]:
        """Whose figures these are: one line a source of what is cited."""
        rows = [self._sources[name] for name in sorted({reference.source for reference in cited})]
        return tuple(Credit(row.title, row.credit, row.licence, row.url, row.name) for row in rows)
