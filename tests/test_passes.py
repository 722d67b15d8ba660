"""A pass over some of the places: what is known of the others stays as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.smallweb import SmallWeb
from tracker.collect import passes
from tracker.config import Settings

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
PLACE = '''"""A place for this test."""
from decimal import Decimal
from tracker.domain import Kind, Observation
from tracker.source import Source

def parse(payload):
    for line in payload.text().splitlines():
        subject, *values = line.split()
        for metric, value in zip({metrics}, values):
            yield Observation(subject, metric, Decimal(value), provider={provider!r})

source = Source(Kind.{kind}, parse, "mine", "me", ("https://{name}.example/",), authority={authority})
'''
METRICS = {"board": ("lmarena.text.overall",), "list": ("price.input", "price.output")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two dropped-in places: a board that ranks models, and a reseller's list."""
    (tmp_path / "sources").mkdir()
    for name, kind, provider in (("board", "LEADERBOARD", ""), ("list", "PRICES", "somebody")):
        words = {"metrics": METRICS[name], "kind": kind, "provider": provider, "authority": name == "board"}
        (tmp_path / "sources" / f"my_{name}.py").write_text(PLACE.format(name=name, **words))
    return tmp_path


def run(folder: Path, web: SmallWeb, day: int, *names: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in web.env.items():
            patched.setenv(name, value)
        now = FIRST + timedelta(days=day)
        settings = Settings(folder / "g.db", folder, sources=folder / "sources", now=now)
        assert {str(report.outcome) for report in passes.run(settings, names)} == {"new"}


def models(folder: Path) -> dict[tuple[str, str], str | None]:
    with closing(sqlite3.connect(folder / "g.db")) as connection:
        rows = connection.execute("SELECT source, subject, model FROM spelling")
        return {(row[0], row[1]): row[2] for row in rows}


def test_a_board_that_is_not_visited_keeps_its_authority(folder: Path) -> None:
    pages = {
        "https://board.example/": {"2026-01-01": b"zeta-9 1300\n"},
        "https://list.example/": {"2026-01-01": b"zeta-9 1 2\n"},
    }
    with SmallWeb(pages, "2026-03-01") as web:
        run(folder, web, 0, "my_board", "my_list")
        pages["https://list.example/"] = {"2026-01-01": b"zeta-9 1 2\nZeta-9 2 3\n"}
        run(folder, web, 1, "my_list")
    assert models(folder) == {
        ("my_board", "zeta-9"): "zeta-9",
        ("my_list", "zeta-9"): "zeta-9",
        ("my_list", "Zeta-9"): "zeta-9",
    }


LEADING = '''"""A place whose first page leads to others, for this test."""
from decimal import Decimal
from tracker.domain import Follow, Kind, Observation
from tracker.source import Source

def parse(payload):
    for line in payload.text().splitlines():
        if line.startswith("https:"):
            yield Follow(line)
        else:
            yield Observation(line, "lmarena.text.overall", Decimal(1300))

source = Source(Kind.LEADERBOARD, parse, "mine", "me", ("https://lead.example/",), authority=True)
'''


def test_a_further_page_that_is_gone_is_told_whether_or_not_the_first_one_changed(folder: Path) -> None:
    (folder / "sources" / "my_lead.py").write_text(LEADING)
    pages = {
        "https://lead.example/": {"2026-01-01": b"https://lead.example/1\nhttps://lead.example/2\n"},
        "https://lead.example/1": {"2026-01-01": b"zeta-9\n"},
        "https://lead.example/2": {"2026-01-01": b"eta-9\n"},
    }
    with SmallWeb(pages, "2026-03-01") as web:
        run(folder, web, 0, "my_lead")
        del pages["https://lead.example/2"]
        run(folder, web, 1, "my_lead")
    with closing(sqlite3.connect(folder / "g.db")) as connection:
        (note,) = connection.execute("SELECT note FROM source WHERE name = 'my_lead'").fetchone()
    assert note == "no page at https://lead.example/2"
