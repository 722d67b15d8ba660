"""Repositories of data files: a file at GitHub with its past, and the two kinds of `Tree` that sources need.

`Pages` holds files that are pages of the place as they are, `Layers` TOML files that build on one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from posixpath import dirname, join, normpath
from typing import Any

import tomli  # as tomllib, but compiled: a history holds tens of thousands of files

from tracker.domain import ModelFact, Observation
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # the engine knows when a commit was
DEEPEST = 5  # a file on top of a file, and so on

FACT = "fact:"  # before the subject in the name of a part

Table = dict[str, Any]
Facts = Mapping[str, tuple[tuple[str, str], ...]]  # subject -> fields with what is said of them


def github_file(repository: str, path: str, branch: str = "main") -> dict[str, Any]:
    """The `urls` and the `history` of a place that is one file of a repository at GitHub ("owner/name")."""
    url = f"https://raw.githubusercontent.com/{repository}/{branch}/{path}"
    past = History("git", (f"https://github.com/{repository}",), paths=(path,))
    return {"urls": (url,), "history": (past,)}


class Pages:
    """Files that are pages, JSON or CSV.

    `part` names what a file is read as a part of (all of them as one, if not told), `read` gives what the
    pages of a part say, the newest page last. `facts` gives what all pages say of models, by subject: that
    hardly ever changes, so each subject's is a part of its own.
    """

    def __init__(
        self,
        read: Callable[[list[Payload]], Parsed],
        part: Callable[[str], str] = lambda path: "",
        facts: Callable[[list[Payload]], Facts] = lambda pages: {},
    ) -> None:
        self._read, self._part, self._facts = read, part, facts
        self._pages: dict[str, Payload] = {}
        self._told: Facts = {}

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in a file; ParseError where it is no page."""
        page = None if body is None else Payload(path, body, UNDATED)
        if page:
            page.json() if path.endswith(".json") else page.rows()
        self._pages.pop(path, None)
        if page:
            self._pages[path] = page
        before, self._told = self._told, self._facts(list(self._pages.values())) if self._pages else {}
        moved = (subject for subject, _ in before.items() ^ self._told.items())
        return dict.fromkeys((self._part(path), *(FACT + subject for subject in sorted(moved))))

    def read(self, part: str) -> Iterable[Observation | ModelFact]:
        """What the part's pages say; nothing where there are none."""
        if part.startswith(FACT):
            subject = part.removeprefix(FACT)
            return (ModelFact(subject, field, value) for field, value in self._told.get(subject, ()))
        pages = [page for path, page in self._pages.items() if self._part(path) == part]
        said = self._read(pages) if pages else ()
        return (record for record in said if isinstance(record, Observation | ModelFact))


class Layers:
    """TOML files that are tables of their own, on top of another's, or symbolic links to another.

    `base` gives the path of the file that a table builds on, and which dotted keys of it are left out ("" and
    none: it stands alone); `read` what a whole table says. What builds on a missing file says nothing.
    """

    def __init__(
        self, base: Callable[[Table], tuple[str, list[str]]], read: Callable[[str, Table], Parsed]
    ) -> None:
        self._base, self._read = base, read
        self._tables: dict[str, Table] = {}
        self._bases: dict[str, tuple[str, list[str]]] = {}
        self._heirs: dict[str, set[str]] = {}

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in a file; it and all that build on it read differently. ParseError where it is not valid."""
        table, base, omitted = ({}, "", []) if body is None else self._layer(path, body)
        before, _ = self._bases.pop(path, ("", []))
        self._heirs.get(before, set()).discard(path)
        if body is None:
            self._tables.pop(path, None)
        else:
            self._tables[path] = table
        if base:
            self._bases[path] = base, omitted
            self._heirs.setdefault(base, set()).add(path)
        return self._family(path)

    def _layer(self, path: str, body: bytes) -> tuple[Table, str, list[str]]:
        """A file's own table and what it builds on. Git keeps a symbolic link as the path it leads to."""
        try:
            text = body.decode()
            if text.endswith(".toml") and "\n" not in text:
                return {}, normpath(join(dirname(path), text)), []
            table = tomli.loads(text, parse_float=Decimal)
            return table, *self._base(table)
        except (ValueError, AttributeError, RecursionError) as error:
            raise ParseError(f"{path} is not valid TOML: {str(error)[:120]}") from error

    def _family(self, path: str) -> list[str]:
        found = [path]
        for one in found:
            found += [heir for heir in self._heirs.get(one, ()) if heir not in found]
        return found

    def read(self, path: str) -> Iterable[Observation | ModelFact]:
        """What the file says with all that it builds on."""
        table = self._whole(path)
        said = self._read(path, table) if table else ()
        return (record for record in said if isinstance(record, Observation | ModelFact))

    def _whole(self, path: str, depth: int = 0) -> Table:
        table, (base, omitted) = self._tables.get(path, {}), self._bases.get(path, ("", []))
        if not base or depth > DEEPEST:
            return table
        below = self._whole(base, depth + 1)
        return _over(_without(below, omitted), table) if below else {}


def _over(below: Table, own: Table) -> Table:
    """A table on top of another, key by key."""
    merged = dict(below)
    for key, value in own.items():
        under = merged.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[key] = _over(merged[key], value) if both else value
    return merged


def _without(table: Table, omitted: list[str]) -> Table:
    """The table without dotted keys."""
    for dotted in omitted:
        key, _, rest = dotted.partition(".")
        kept = {name: value for name, value in table.items() if name != key}
        if rest and isinstance(table.get(key), dict):
            kept[key] = _without(table[key], [rest])
        table = kept
    return table
