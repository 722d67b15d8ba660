"""What a source file is made of: `Source`, and the `Payload` that its `parse` reads.

A source file holds a record card (its docstring), a pure `parse(payload)` and one line
`source = Source(...)`. The engine does all input and output; a parser only reads what it is given.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from tracker.domain import Announcement, Follow, Kind, Metric, ModelFact, Observation, Unread
from tracker.errors import ParseError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

MOST_MEMBERS = 100
LARGEST_MEMBER = 32 * 1024 * 1024  # of a file in an archive, which may say little and be much

Parsed = Iterable[Observation | ModelFact | Announcement | Follow | Unread]


@dataclass(frozen=True, slots=True)
class Payload:
    """One page as it came: its bytes, where from, and when the world showed it.

    `earlier` are the pages already read in this visit, in order, for a place that spreads one table
    over several files.
    """

    url: str
    body: bytes
    observed: datetime
    media_type: str = ""
    earlier: tuple[Payload, ...] = ()

    @property
    def day(self) -> date:
        """The day, in UTC, on which the world showed it."""
        return self.observed.astimezone(UTC).date()

    def text(self) -> str:
        """The body as UTF-8; ParseError where it is not."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(f"{self.url} is not UTF-8 at byte {error.start}") from error

    def json(self) -> Any:
        """The body as JSON, numbers with a fraction as exact decimals; ParseError where it is not."""
        try:
            return json.loads(self.text(), parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise ParseError(f"{self.url} is not JSON: {str(error)[:120]}") from error

    def yaml(self) -> Any:
        """The body as YAML, numbers with a fraction as exact decimals; ParseError where it is not."""
        import yaml  # 20 ms, so only where a page is read

        loader: Any = type("Exact", (getattr(yaml, "CSafeLoader", yaml.SafeLoader),), {})
        loader.add_constructor("tag:yaml.org,2002:float", lambda found, node: _exact(node.value))
        try:
            if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(self.text(), Loader=loader)):
                raise ParseError(f"{self.url} repeats itself by YAML aliases, which no data file needs")
            return yaml.load(self.text(), Loader=loader)  # noqa: S506  # a safe loader, made above
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise ParseError(f"{self.url} is not YAML: {' '.join(str(error).split())[:120]}") from error

    def rows(self) -> list[dict[str, str]]:
        """The body as CSV with a header line; ParseError where it is not."""
        try:
            return list(_rows(self.text()))
        except csv.Error as error:
            raise ParseError(f"{self.url} is not CSV: {error}") from error

    def member(self, name: str) -> Payload:
        """A file of the body, which is a ZIP archive; ParseError where it is none, lacks it or swells."""
        import zipfile  # 10 ms, so only where a page is read
        import zlib

        broken = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, RuntimeError, OSError)
        try:
            with zipfile.ZipFile(io.BytesIO(self.body)) as archive, archive.open(name) as opened:
                body = opened.read(LARGEST_MEMBER + 1)
        except broken as error:
            raise ParseError(f"{self.url} has no file {name} to read: {str(error)[:120]}") from error
        if len(body) > LARGEST_MEMBER:
            raise ParseError(f"{name} in {self.url} is larger than {LARGEST_MEMBER:,} bytes")
        return Payload(f"{self.url}#{name}", body, self.observed, earlier=self.earlier)

    def members(self) -> Iterator[Payload]:
        """The files of the body where it is a ZIP archive, one after the other; of any other body none."""
        import zipfile

        if not zipfile.is_zipfile(io.BytesIO(self.body)):
            return
        with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
        yield from (self.member(name) for name in names[:MOST_MEMBERS])

    def html(self) -> BeautifulSoup:
        """The body as an HTML tree; the parser takes its encoding from the page."""
        from bs4 import BeautifulSoup  # 100 ms, so only where a page is read

        return BeautifulSoup(self.body, "lxml")


@lru_cache(maxsize=1)  # a page is looked through for more than one thing
def _rows(text: str) -> tuple[dict[str, str], ...]:
    lines = csv.reader(io.StringIO(text), strict=True)
    names = next(lines, [])
    return tuple(_row(names, line) for line in lines if line)


def _row(names: list[str], line: list[str]) -> dict[str, str]:
    """A line by its columns, as csv.DictReader has it in three times the time.

    What a short line lacks is None; what a long one has too much stands under None.
    """
    row: dict[Any, Any] = dict(zip(names, line, strict=False))
    if len(line) < len(names):
        row |= dict.fromkeys(names[len(line) :])
    elif over := line[len(names) :]:
        row[None] = over
    return row


def _no_constant(word: str) -> Any:
    """NaN and the infinities, which Python reads and JSON does not know."""
    raise ValueError(f"{word} is no value")


def _exact(text: str) -> Decimal | float:
    """A YAML float as a decimal; its infinities and odd bases stay floats, which no figure may be."""
    try:
        return Decimal(text.replace("_", ""))
    except ArithmeticError:
        return float("nan")


def midnight(day: str) -> datetime:
    """The start of a day such as "2026-05-31" in UTC; ValueError where it is none."""
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)


class Tree(Protocol):
    """A repository's data files as they stand: what a git history is read into, file by file.

    A *part* is what is read as one: an offer, a table.
    """

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in a changed file (None: it is gone); which parts read differently now.

        ParseError where the file is not valid: it then stands as it was.
        """

    def read(self, part: str) -> Iterable[Observation | ModelFact]:
        """What a part says now; nothing where it is gone."""


@dataclass(frozen=True, slots=True)
class History:
    """Where a place's past is kept.

    `kind` is "git" (a repository; `paths` are git's pathspecs, `tree` reads its files; without one a path is
    the very file that the place shows, and `parse` reads it), "rows" (a Hugging Face dataset: what a page
    of `urls` asks for, but of every date in the column `dated`; `files` are the same tables as parquet, of
    which the rows count whose column `only` has one of the values) or "cdx" (the Internet Archive's
    snapshots of `urls`).
    """

    kind: str
    urls: tuple[str, ...]
    paths: tuple[str, ...] = ()
    tree: Callable[[], Tree] | None = None
    dated: str = ""
    files: tuple[str, ...] = ()
    only: tuple[str, tuple[str, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a place wants of its user: the variable that holds it, and the header that it goes into.

    `page` is where people get one; `prefix` stands before it in the header ("Bearer ").
    """

    variable: str
    header: str
    page: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A watched place.

    `urls` are the pages a visit begins with; further ones come from `Follow`. `cadence` is how often a
    visit is due; 0 is never. `publishable` says whether its figures may stand in published output (its
    licence and `credit` are printed with them). `vendor` is the id of the lab or host that speaks in it: on
    a lab's own place, facts about its models are authoritative. `listing` is True where each visit shows
    everything that the place lists, so that absence means gone. `archive` is True where one payload
    holds many dates: records are then stored under their own `at`. `bundled` gives bytes shipped with
    Gapwatch or its libraries, read while the place itself has never answered. `history` says where its past
    is kept, for `gapwatch db backfill`. `formerly` are the addresses that `urls` took the place of: a visit
    begins with them where the first of `urls` is not there. `documented` names the fields that its
    documentation promises, where no payload of it was ever seen: dotted paths in JSON
    ("data[].pricing.prompt", "*.models.*.cost"), columns in CSV and in the tables of pages; empty for a
    format that needs none (a feed), None where its payloads are known. `metrics` are its own, beside those
    of the shipped table (catalog/metrics.py). `key` is the user's, where it takes one; without it the
    source is paused. `fingerprint` is set where it is loaded, and differs when the file or entry does.
    """

    kind: Kind
    parse: Callable[[Payload], Parsed]
    licence: str
    credit: str
    urls: tuple[str, ...] = ()
    name: str = ""
    title: str = ""
    cadence: timedelta = timedelta(hours=12)
    vendor: str = ""
    publishable: bool = True
    listing: bool = True
    archive: bool = False
    authority: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    bundled: Callable[[], Payload] | None = None
    minimum_rows: int = 1
    history: tuple[History, ...] = ()
    formerly: tuple[str, ...] = ()
    documented: tuple[str, ...] | None = None
    metrics: tuple[Metric, ...] = ()
    key: Key | None = None
    fingerprint: str = ""
