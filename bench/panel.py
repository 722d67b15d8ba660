"""The gap panel: computed anew from every point of a board, or for its last week alone.

    python bench/panel.py rebuild FILE     every snapshot
    python bench/panel.py week FILE        the last one
    python bench/panel.py read FILE        the least that a rebuild can be: reading the figures
    python bench/panel.py read-week FILE   the least for the last snapshot

Prints the seconds; nothing is kept. FILE is made by make_board.py.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tracker.store import database, measures, panel
from tracker.store.listing import Listings

READ = (
    "SELECT s.metric, p.series, p.at, p.value, p.low, p.high, p.n FROM series s JOIN point p"
    " ON p.series = s.id JOIN metric k ON k.id = s.metric WHERE s.source = 'board'"
)


def computed(path: Path, last: int) -> float:
    """Seconds for the last so many snapshots, numpy's import included; 0 is all."""
    with database.writing(path) as connection, connection.begin() as transaction:
        captures = connection.exec_driver_sql("SELECT id, source FROM capture ORDER BY observed").fetchall()
        news = panel.News([(row[0], row[1]) for row in captures[-last:]], [])
        known, listings = measures.load(connection), Listings(connection)
        started = time.perf_counter()
        panel.update(connection, news, known, listings, set())
        took = time.perf_counter() - started
        transaction.rollback()
    return took


def read(path: Path, where: str = "") -> float:
    """Seconds for the figures as rows, one after another."""
    with closing(sqlite3.connect(path)) as connection:
        started = time.perf_counter()
        for _ in connection.execute(READ + where):
            pass
        return time.perf_counter() - started


WAYS: dict[str, Callable[[Path], float]] = {
    "rebuild": lambda path: computed(path, 0),
    "week": lambda path: computed(path, 1),
    "read": read,
    "read-week": lambda path: read(path, " AND p.capture = (SELECT max(id) FROM capture)"),
}

if __name__ == "__main__":
    print(WAYS[sys.argv[1]](Path(sys.argv[2])))
