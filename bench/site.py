"""The static site of 100 weeks and 600 models: a database for it, and the least that writing it can be.

python bench/site.py make FILE         a database with its panel, and a frozen digest a week
python bench/site.py bare FROM TO      copy a site file by file: prints the seconds
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from bench.make_board import make as make_board
from bench.make_database import LAST
from tracker.config import load
from tracker.digest.build import build
from tracker.digest.weeks import week_of
from tracker.store import database, measures, panel
from tracker.store.listing import Listings
from tracker.store.reading import reading
from tracker.store.times import stamp

WEEKS, MODELS = 100, 600


def make(path: Path) -> int:
    """Fill a new database; returns how many points it holds."""
    points = make_board(path, WEEKS, MODELS)
    with database.writing(path) as connection, connection.begin():
        captures = connection.exec_driver_sql("SELECT id, source FROM capture ORDER BY observed").fetchall()
        news = panel.News([(row[0], row[1]) for row in captures], [])
        panel.update(connection, news, measures.load(connection), Listings(connection), set())
    _freeze(path)
    return points


def _freeze(path: Path) -> None:
    """A digest for every week but the last: what the last one says, under their names."""
    settings = load(db=path, now=stamp(LAST), environ={})
    with reading(path) as connection:
        digest = build(connection, week_of(LAST, settings.zone), LAST, preview=False)
    weeks = [week_of(LAST - timedelta(weeks=back), settings.zone) for back in range(1, WEEKS)]
    rows = [
        (week.name, stamp(week.end), json.dumps(asdict(replace(digest, week=week.name, title=week.title))))
        for week in weeks
    ]
    with closing(sqlite3.connect(path)) as writing, writing:
        writing.executemany(
            "INSERT INTO digest (week, published, content, html, text) VALUES (?, ?, ?, '', '')", rows
        )


def bare(source: Path, target: Path) -> float:
    """Seconds that it takes to read and write as many files of the same size."""
    started = time.perf_counter()
    for file in source.rglob("*"):
        if file.is_file():
            there = target / file.relative_to(source)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, there)
    return time.perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1] == "make":
        print(make(Path(sys.argv[2])))
    else:
        print(bare(Path(sys.argv[2]), Path(sys.argv[3])))
