"""Reparse: after a parser is mended, the database is the one that had the right parser all along.

The sources are files in a user's folder, the bytes are kept by real backfills and real writes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.histories import repository
from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import registry
from tracker.collect.again import reparse
from tracker.collect.backfill import backfill
from tracker.collect.parse import read
from tracker.config import Settings
from tracker.source import Payload
from tracker.store import database, health, writer
from tracker.store.settle import settle
from tracker.store.writer import Arrival, KeptPage

ROOT = Path(__file__).resolve().parent.parent

SOURCE = '''"""A board of a test: [{{"model": ..., "score": ...}}]."""

from collections.abc import Iterable
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.source import History, Payload, Source


def parse(payload):
    for row in payload.json():
        yield Observation({subject}, "lmarena.text.overall", Decimal({value}))


class Board:
    def change(self, path, body):
        self.body = body
        return ("board",)

    def read(self, part):
        return parse(Payload("https://board.example/", self.body, None)) if self.body else ()


source = Source(
    Kind.LEADERBOARD, parse, "MIT", "A board", urls=("https://board.example/",), authority=True,
    history=(History("git", ("https://git.example/board",), ("board.json",), Board),),
)
'''
RIGHT = SOURCE.format(subject='row["model"]', value='row["score"]')
WRONG_VALUE = SOURCE.format(subject='row["model"]', value='row["score"] * 2')
WRONG_NAME = SOURCE.format(subject='row["model"].partition("-")[0] + "-99"', value='row["score"]')

BOARDS = {
    "2026-03-01T08:00:00Z": {"gpt-9": 1300, "kimi-k9": 1250},
    "2026-03-02T08:00:00Z": {"gpt-9": 1310, "kimi-k9": 1250},
    "2026-03-03T08:00:00Z": {"gpt-9": 1310, "kimi-k9": 1330, "qwen-9": 1200},
    "2026-03-04T08:00:00Z": {"gpt-9": 1310, "kimi-k9": 1330},
}


def settings(folder: Path, parser: str) -> Settings:
    """A configuration whose one board has this parser."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True, parents=True)
    (sources / "board.py").write_text(parser)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return Settings(db=folder / "g.db", out=folder, sources=sources, now=now)


def body(day: str) -> str:
    return json.dumps([{"model": name, "score": score} for name, score in BOARDS[day].items()])


def poll(using: Settings, days: Iterable[str] = BOARDS) -> None:
    """Store what polls would have found, and settle it."""
    found = registry.find(using.sources).sources
    reference = load_reference()
    with database.writing(using.db) as connection:
        health.register(connection, found.values(), METRICS, providers(reference))
        for day in days:
            when, text = datetime.fromisoformat(day), body(day).encode()
            records = read(found["board"], Payload("https://board.example/", text, when)).records
            page = KeptPage("https://board.example/", hashlib.sha256(text).hexdigest(), text)
            writer.store(connection, Arrival(found["board"], when, when, [page], records))
        settle(connection, found, reference)


def fill(using: Settings) -> None:
    """Store the same from a git history."""
    place = using.db.parent / "board.git"
    if not place.exists():
        repository(place, [(day, {"board.json": body(day)}) for day in BOARDS])
    backfill(using, ["board"], place=str(place))


ALL = {
    "points": "SELECT s.source, s.metric, s.subject, s.vintage, p.at, p.value, c.observed FROM series s"
    " JOIN point p ON p.series = s.id JOIN capture c ON c.id = p.capture ORDER BY 1, 2, 3, 4, 5",
    "series": "SELECT source, metric, subject, vintage FROM series ORDER BY 1, 2, 3, 4",
    "links": "SELECT source, subject, model, variant, rule FROM spelling ORDER BY 1, 2",
    "models": "SELECT id, organisation, weights, licence_class FROM model ORDER BY 1",
    "panel": "SELECT date, metric, licence_class, open_model, closed_model, difference, n_unknown FROM gap"
    " ORDER BY 1, 2, 3",
    "changes": "SELECT id, at, kind, model, before, after, standing FROM change ORDER BY 1",
    "captures": "SELECT source, observed, until, outcome, origin, rows, settled FROM capture ORDER BY 1, 2",
}


def content(db: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(db)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in ALL.items()}


@pytest.mark.parametrize("arrive", [poll, fill], ids=["polled", "from a git history"])
@pytest.mark.parametrize("wrong", [WRONG_VALUE, WRONG_NAME], ids=["a wrong figure", "a wrong name"])
def test_a_mended_parser_makes_the_database_that_was_right_all_along(
    tmp_path: Path, arrive: object, wrong: str
) -> None:
    assert callable(arrive)
    arrive(settings(tmp_path / "right", RIGHT))
    arrive(settings(tmp_path / "mended", wrong))
    assert content(tmp_path / "mended/g.db") != content(tmp_path / "right/g.db")
    reparse(settings(tmp_path / "mended", RIGHT), "board")
    assert content(tmp_path / "mended/g.db") == content(tmp_path / "right/g.db")


def test_it_says_what_differs(tmp_path: Path) -> None:
    poll(settings(tmp_path, WRONG_VALUE))
    value = reparse(settings(tmp_path, RIGHT), "board")[0]
    assert (value.captures, value.added, value.removed, value.changed, value.relinked) == (4, 0, 0, 5, 0)
    name = reparse(settings(tmp_path, WRONG_NAME), "board")[0]
    assert (name.added, name.removed, name.changed) == (6, 6, 0)
    assert name.relinked == 3


def test_with_today_s_own_parser_nothing_differs(tmp_path: Path) -> None:
    using = settings(tmp_path, RIGHT)
    poll(using, list(BOARDS)[::2])
    fill(using)
    before = content(using.db)
    said = reparse(using)
    assert [(d.added, d.removed, d.changed, d.relinked) for d in said] == [(0, 0, 0, 0)] * len(said)
    assert content(using.db) == before


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    poll(settings(tmp_path, WRONG_VALUE))
    before = content(tmp_path / "g.db")
    said = reparse(settings(tmp_path, RIGHT), "board", dry_run=True)[0]
    assert said.changed == 5
    assert content(tmp_path / "g.db") == before


@pytest.mark.parametrize(
    ("arrive", "told"), [(poll, "board: "), (fill, "board cannot")], ids=["polled", "from a git history"]
)
def test_a_capture_that_today_s_parser_cannot_read_is_named(
    tmp_path: Path, arrive: object, told: str
) -> None:
    assert callable(arrive)
    arrive(settings(tmp_path, RIGHT))
    strict = RIGHT.replace("def parse(payload):", "def parse(payload):\n    assert len(payload.json()) < 3")
    said = reparse(settings(tmp_path, strict), "board")[0]
    assert len(said.unread) == 1
    assert said.unread[0].startswith(f"2026-03-03T08:00:00Z: {told}")


def test_the_command_shows_it(tmp_path: Path) -> None:
    poll(settings(tmp_path, WRONG_VALUE))
    settings(tmp_path, RIGHT)
    config = tmp_path / "gapwatch.toml"
    config.write_text(f'sources = "{tmp_path / "sources"}"\n')
    command = [sys.executable, "-m", "tracker", "--db", str(tmp_path / "g.db"), "--config", str(config)]
    said = subprocess.run(
        [*command, "db", "reparse", "board", "--json"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    row = json.loads(said.stdout)[0]
    assert (said.returncode, said.stderr) == (0, "")
    assert (row["source"], row["captures"], row["changed"]) == ("board", 4, 5)
