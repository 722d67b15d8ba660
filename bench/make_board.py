"""Make a database of one board's history in the real schema: weeks x metrics x models, as boards grow.

    python bench/make_board.py FILE [WEEKS [MODELS]]

Models come one by one over the whole time and are listed from their release on, each a little better than
those before and with a score that wavers; half of them are open. By default three years, a million points.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.make_database import BOARD, LAST, insert, source
from tracker.catalog.metrics import METRICS
from tracker.domain import Kind
from tracker.store import database, health
from tracker.store.times import stamp

WEEKS, MODELS = 157, 380
LICENCES = ("permissive", "permissive", "restricted commercial", "non-commercial")


def make(path: Path, weeks: int = WEEKS, models: int = MODELS) -> int:
    """Fill a new database, nothing of it settled; returns how many points it holds."""
    with database.writing(path) as writing:
        health.register(
            writing, [source("board", Kind.LEADERBOARD)], METRICS, [("acme", "acme", "Acme", "host")]
        )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        _models(connection, models)
        captures = [(n + 1, "board", *[_at(weeks, n)] * 3, "new", "poll", models) for n in range(weeks)]
        insert(connection, "capture", "id source observed until fetched outcome origin rows", captures)
        insert(connection, "series", "id source metric subject", _series(models))
        insert(connection, "point", "series at value low high n capture", _points(weeks, models))
        connection.execute("ANALYZE")
        return int(connection.execute("SELECT count(*) FROM point").fetchone()[0])


def _at(weeks: int, week: int) -> str:
    return stamp(LAST - timedelta(weeks=weeks - 1 - week))


def _released(model: int, models: int) -> int:
    """How many weeks before the last snapshot; some were there before the first of three years."""
    return WEEKS + 20 - (WEEKS + 20) * model // models


def _models(connection: sqlite3.Connection, models: int) -> None:
    rows = []
    for n in range(models):
        about = ("open", LICENCES[n // 2 % 4]) if n % 2 else ("closed", "unknown")
        released = (LAST - timedelta(weeks=_released(n, models))).date().isoformat()
        rows.append((f"model-{n}", f"Model {n}", *about, released))
    insert(connection, "model", "id name weights licence_class released", rows)
    spellings = [("board", row[0], row[0], "", "exact") for row in rows]
    insert(connection, "spelling", "source subject model variant rule", spellings)


def _series(models: int) -> Iterator[tuple[Any, ...]]:
    for place, metric in enumerate(BOARD):
        for model in range(models):
            yield place * models + model + 1, "board", metric.id, f"model-{model}"


def _points(weeks: int, models: int) -> Iterator[tuple[Any, ...]]:
    for place in range(len(BOARD)):
        for model in range(models):
            for week in range(max(0, weeks - 1 - _released(model, models)), weeks):
                value = 1100 + model + 7 * place % 40 + (model * 37 + week * 11 + place) % 6
                number = place * models + model + 1
                yield number, _at(weeks, week), str(value), str(value - 6), str(value + 6), 900, week + 1


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), *map(int, sys.argv[2:])))
