"""Make a database of a million points in the real schema, through bulk inserts.

    python bench/make_database.py FILE [POINTS]

Half are scores: every board metric, 300 models, a snapshot a week; half are prices of 5,000 offers. The
gap panel, events and price changes are filled in as `settle` would leave them.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.catalog.metrics import METRICS
from tracker.domain import Kind
from tracker.source import Source
from tracker.store import database, health, schema
from tracker.store.times import stamp

MODELS = 300
OFFERS = 5_000
LAST = datetime(2026, 5, 31, 8, tzinfo=UTC)
BOARD = [metric for metric in METRICS if metric.scale == "elo"]
CLASSES = ("any", "commercial", "permissive")


def source(name: str, kind: Kind) -> Source:
    """A source that is only ever given its rows."""
    return Source(kind=kind, parse=lambda payload: [], licence="MIT", credit=name, name=name, title=name)


def make(path: Path, points: int = 1_000_000) -> int:
    """Fill a new database; returns how many points it holds."""
    with database.writing(path) as writing:
        places = [source("board", Kind.LEADERBOARD), source("list", Kind.PRICES)]
        hosts = [f"host-{number}" for number in range(OFFERS // MODELS + 1)]
        health.register(writing, places, METRICS, [(host, host, host.title(), "host") for host in hosts])
    weeks = points // 2 // (len(BOARD) * MODELS) + 1
    days = points // 2 // (OFFERS * 2) + 1
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        _models(connection)
        _captures(connection, weeks, days)
        _scores(connection, weeks)
        _prices(connection, weeks, days)
        _panel(connection, weeks)
        _changes(connection, weeks, days)
        connection.execute("ANALYZE")
        return int(connection.execute("SELECT count(*) FROM point").fetchone()[0])


def insert(connection: sqlite3.Connection, table: str, names: str, rows: Iterable[Sequence[Any]]) -> None:
    known = {column.name for column in schema.metadata.tables[table].columns}
    assert set(names.split()) <= known, f"{table} has no {set(names.split()) - known}"
    marks = ", ".join("?" * len(names.split()))
    connection.executemany(f"INSERT INTO {table} ({', '.join(names.split())}) VALUES ({marks})", rows)


def _models(connection: sqlite3.Connection) -> None:
    rows = [
        (f"model-{n}", f"Model {n}", "acme", "open" if n % 2 else "closed", "MIT", "permissive", "2025-01-01")
        for n in range(MODELS)
    ]
    insert(connection, "model", "id name organisation weights licence licence_class released", rows)
    spellings = [(place, row[0], row[0], "", "exact") for row in rows for place in ("board", "list")]
    insert(connection, "spelling", "source subject model variant rule", spellings)


def _at(place: str, back: int) -> str:
    """When the snapshot was taken that lies so many snapshots back."""
    return stamp(LAST - timedelta(days=(7 if place == "board" else 1) * back))


def _captures(connection: sqlite3.Connection, weeks: int, days: int) -> None:
    """The board's are 1 to `weeks`, the list's follow."""
    rows: list[tuple[Any, ...]] = []
    for place, number in (("board", weeks), ("list", days)):
        for back in reversed(range(number)):
            at = _at(place, back)
            rows.append((len(rows) + 1, place, at, at, at, "new", "poll", MODELS, 1))
    insert(connection, "capture", "id source observed until fetched outcome origin rows settled", rows)


def _scores(connection: sqlite3.Connection, weeks: int) -> None:
    series = [(metric.id, f"model-{model}") for metric in BOARD for model in range(MODELS)]
    _series(connection, "board", 1, [(metric, subject, "") for metric, subject in series])

    def points() -> Iterator[tuple[Any, ...]]:
        for number in range(len(series)):
            for week in range(weeks):
                value = 1000 + number % MODELS + week % 7
                at = _at("board", weeks - 1 - week)
                yield number + 1, at, str(value), str(value - 6), str(value + 6), 900, week + 1

    insert(connection, "point", "series at value low high n capture", points())


def _prices(connection: sqlite3.Connection, weeks: int, days: int) -> None:
    first = len(BOARD) * MODELS + 1
    parts = ("price.input", "price.output")
    series = [
        (part, f"model-{offer % MODELS}", f"host-{offer // MODELS}")
        for offer in range(OFFERS)
        for part in parts
    ]
    _series(connection, "list", first, series)

    def points() -> Iterator[tuple[Any, ...]]:
        for number in range(len(series)):
            for day in range(days):
                price = f"{1 + number % 40}.{10 + (number + day) % 80}"
                yield first + number, _at("list", days - 1 - day), price, weeks + day + 1

    insert(connection, "point", "series at value capture", points())


def _series(
    connection: sqlite3.Connection, place: str, first: int, rows: Sequence[tuple[str, str, str]]
) -> None:
    numbered = [(first + n, place, *row) for n, row in enumerate(rows)]
    insert(connection, "series", "id source metric subject provider", numbered)


def _panel(connection: sqlite3.Connection, weeks: int) -> None:
    names = (
        "capture metric vintage licence_class source date open_model open_value open_low open_high open_point"
        " closed_model closed_value closed_low closed_high closed_point difference percent win_probability"
        " noise lag_strict n_open n_closed n_unknown"
    )
    rows = [
        (
            *(week + 1, metric.id, "", name, "board", _at("board", weeks - 1 - week)[:10]),
            *("model-299", 1299.0, 1293.0, 1305.0, 1, "model-298", 1320.0 + week % 9, 1314.0, 1326.0, 1),
            *(21.0 + week % 9, 1.6, 0.53, 7.1, 140.0, MODELS // 2, MODELS // 2, 0),
        )
        for week in range(weeks)
        for metric in BOARD
        for name in CLASSES
    ]
    insert(connection, "gap", names, rows)


def _changes(connection: sqlite3.Connection, weeks: int, days: int) -> None:
    names = "id at kind source metric model provider before after detail importance standing evidence capture"
    events = [
        (
            *(f"xg{week}{metric.id}", _at("board", weeks - 1 - week), "gap", "board", metric.id, "model-299"),
            *(
                "",
                "40.00",
                "21.00",
                "closing by open, over model-297",
                0.6,
                "confirmed",
                str(week + 1),
                week + 1,
            ),
        )
        for week in range(4, weeks, 12)
        for metric in BOARD
    ]
    moves = [
        (
            *(
                f"xp{number}",
                _at("list", number % days),
                "price down",
                "list",
                "price",
                f"model-{number % 300}",
            ),
            *(
                f"host-{number // MODELS}",
                "input 3, output 15",
                "input 1.5, output 7.5",
                "",
                0.3,
                "confirmed",
            ),
            *(f"{weeks + 1}", weeks + days - number % days),
        )
        for number in range(OFFERS)
    ]
    insert(connection, "change", names, [*events, *moves])


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), *map(int, sys.argv[2:])))
