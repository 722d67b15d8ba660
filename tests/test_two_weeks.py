"""The whole line, from the sockets to the page: the weeks of early 2025 from small saved payloads.

The suite proves here that Gapwatch does its main job in any clone. The figures are LMArena's own
(CC BY 4.0): on 24 January 2025 DeepSeek R1 entered at 1357, 25 points behind Gemini 2.0 Flash Thinking.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.smallweb import SmallWeb

PAYLOADS = Path(__file__).parent / "payloads"
DAYS = ("2025-01-17", "2025-01-24", "2025-01-31", "2025-02-07")
LAST = DAYS[-1]
FEED = "https://raw.githubusercontent.com/Olshansk/rss-feeds/main/feeds/feed_ollama.xml"
ENTRY = (
    "<item><title>{title}</title><link>https://ollama.example/blog/{day}</link>"
    "<guid>https://ollama.example/blog/{day}</guid><pubDate>{when}</pubDate></item>"
)


def feed(*entries: tuple[str, str, str]) -> bytes:
    """An RSS feed in the shape of the recorded one, with invented items."""
    items = "".join(ENTRY.format(title=title, day=day, when=when) for title, day, when in entries)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'
    ).encode()


OLD = ("Structured outputs", "2024-12-06", "Fri, 06 Dec 2024 00:00:00 +0000")
NEW = ("A reasoning model to run at home", "2025-01-22", "Wed, 22 Jan 2025 00:00:00 +0000")


@pytest.fixture(scope="module")
def web() -> Iterator[SmallWeb]:
    """LMArena's board on four days, and one feed that gains an item."""
    pages: dict[str, dict[str, bytes]] = {FEED: {"2025-01-04": feed(OLD), "2025-01-22": feed(NEW, OLD)}}
    for day in DAYS:
        listing = json.loads((PAYLOADS / "lmarena" / f"{day}.pages.json").read_text())["pages"]
        for file, url in listing.items():
            pages.setdefault(url, {})[day] = (PAYLOADS / "lmarena" / file).read_bytes()
    with SmallWeb(pages, DAYS[0]) as small:
        yield small


class Desk:
    """One user's Gapwatch: a database, and commands run as processes inside the small web."""

    def __init__(self, folder: Path, web: SmallWeb) -> None:
        self.db, self.web = folder / "gapwatch.db", web

    def run(self, day: str, *words: str) -> subprocess.CompletedProcess[str]:
        self.web.day = day
        return subprocess.run(
            [sys.executable, "-m", "tracker", "--db", str(self.db), "--now", f"{day}T12:00:00Z", *words],
            capture_output=True,
            text=True,
            env={"PATH": "", "HOME": str(self.db.parent), **self.web.env},
            cwd=Path(__file__).parents[1],
            timeout=100,
        )

    def json(self, day: str, *words: str) -> Any:
        done = self.run(day, *words, "--json")
        assert done.returncode in (0, 3), done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def desk(web: SmallWeb, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that has run on four Fridays, once a week."""
    desk = Desk(tmp_path_factory.mktemp("desk"), web)
    for day in DAYS:
        done = desk.run(day, "run", "--all")
        assert done.returncode == 3, done.stderr  # most sources have no page in this small web
        assert "Digest:" in done.stdout
        heard = [
            row for row in desk.json(day, "sources", "list") if row["name"] in ("lmarena", "ollama_blog")
        ]
        assert {row["outcome"] for row in heard} <= {"new", "unchanged"}, heard
    return desk


def gap(desk: Desk, day: str, *words: str) -> dict[str, Any]:
    rows = desk.json(LAST, "gap", "lmarena.text.overall", "--on", day, *words)
    return dict(rows[-1])


def test_each_week_has_the_gap_that_the_board_published(desk: Desk) -> None:
    before, after = gap(desk, "2025-01-18"), gap(desk, "2025-01-25")
    assert (before["closed"]["value"], before["open"]["value"], before["difference"]) == (1374, 1319, 55)
    assert (after["closed"]["value"], after["open"]["value"], after["difference"]) == (1382, 1357, 25)
    assert after["open"]["model"] == "deepseek-r1"
    assert round(after["percent"], 1) == 1.8
    assert round(after["win_probability"], 2) == 0.54


def test_the_arrival_is_provisional_at_first_and_confirmed_a_week_later(desk: Desk) -> None:
    def arrivals(day: str) -> list[dict[str, Any]]:
        found = desk.json(LAST, "changes", "--kind", "gap", "--on", day)
        return [c for c in found if c["metric"] == "lmarena.text.overall" and c["model"] == "deepseek-r1"]

    assert [c["standing"] for c in arrivals("2025-01-24")] == ["provisional"]
    assert [c["standing"] for c in arrivals("2025-01-31")] == ["provisional"]  # the board is of the 29th
    assert [c["standing"] for c in arrivals("2025-02-07")] == ["confirmed"]


def test_the_digest_of_the_week_leads_with_it(desk: Desk) -> None:
    done = desk.run(LAST, "digest", "--week", "2025-W04")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "DeepSeek R1 (MIT licence)" in text
    assert "25 points" in text
    assert "A reasoning model to run at home" in text
    assert "Structured outputs" not in text


def test_a_second_run_at_the_same_date_changes_nothing_and_is_answered_by_304(desk: Desk) -> None:
    before = desk.json(LAST, "changes", "--limit", "1000")
    desk.web.requests.clear()
    again = desk.json(LAST, "run", "--all")
    known = [row for row in again["outcomes"] if row["name"] in ("lmarena", "ollama_blog")]
    assert [row["outcome"] for row in known] == ["unchanged", "unchanged"]
    pages = [asked for asked in desk.web.requests if asked.url in desk.web.pages]
    assert {asked.status for asked in pages} == {304}
    assert desk.json(LAST, "changes", "--limit", "1000") == before


def test_a_figure_leads_back_to_its_bytes(desk: Desk) -> None:
    change = next(
        c
        for c in desk.json(LAST, "changes", "--kind", "gap")
        if c["metric"] == "lmarena.text.overall" and c["model"] == "deepseek-r1"
    )
    told = desk.json(LAST, "explain", change["evidence"][0])
    assert told["source"] == "lmarena"
    assert told["url"].startswith("https://datasets-server.huggingface.co/filter")
    assert told["observed"] == "2025-01-24T12:00:00Z"
    assert len(told["sha256"]) == 64
