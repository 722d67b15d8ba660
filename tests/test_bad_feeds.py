"""A feed that comes spoiled has an outcome and a hint that people can read, and nothing is lost by it.

Each situation is lived through with the command itself: a good feed, then the spoiled one, then a good one
with one item more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.smallweb import SmallWeb
from tracker.cli import cli

FIRST, SPOILED, LAST = "2026-05-10", "2026-05-11", "2026-05-12"
ITEM = (
    '<item><guid isPermaLink="false">id-{n}</guid><title>News {n}</title>'
    "<pubDate>Sat, 02 May 2026 {hour:02}:{minute:02}:00 GMT</pubDate></item>"
)


def feed(count: int, encoding: str = "utf-8") -> bytes:
    """An RSS feed of so many items, oldest first, one a minute."""
    items = "".join(ITEM.format(n=n, hour=n // 60 % 24, minute=n % 60) for n in range(count))
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Lab</title>'
    return f"{head}{items}</channel></rss>".encode(encoding)


WHOLE = feed(5)

SPOILT = {
    "a web page": (
        b"<!DOCTYPE html><html><body><p>We have moved.</p></body></html>",
        "failed",
        "is a web page, not a feed: has the feed another address now?",
    ),
    "a challenge": (
        b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>",
        "blocked",
        "answered with a challenge page",
    ),
    "another JSON": (b'{"error": "gone"}', "failed", "is JSON, but not a JSON Feed"),
    "half a JSON": (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "failed", "is not JSON"),
    "half an item": (WHOLE[: WHOLE.rindex(b"News 4") + 3], "failed", "stops in the middle"),
    "items without an end": (WHOLE.removesuffix(b"</channel></rss>"), "failed", "stops in the middle"),
    "nested to absurdity": (
        b"<rss><channel>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</channel></rss>",
        "failed",
        "no feed needs that",
    ),
    "a bomb of entities": (
        b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss/>',
        "failed",
        "declares the entity b by another one",
    ),
    "nothing": (b"", "failed", "is empty"),
    "something else": (b"PK\x03\x04 a package", "failed", "is not an RSS, Atom or JSON feed"),
    "no item": (
        b'<rss version="2.0"><channel><title>Lab</title></channel></rss>',
        "suspect",
        "empty: 0 rows",
    ),
    "another charset, declared": (feed(5, "utf-16"), "new", ""),
    "another charset, undeclared": (
        WHOLE.decode().replace('encoding="utf-8"', 'encoding="iso-8859-1"').encode("utf-16"),
        "new",
        "",
    ),
}


ENTRY = """[[feed]]
name = "lab_{number}"
title = "News of lab {number}"
url = "https://lab.example/{number}/feed"
vendor = "lab-{number}"
licence = "none stated"
credit = "A lab"
"""


class Desk:
    """One user's Gapwatch, with a feed of their own for each situation."""

    def __init__(self, folder: Path, web: SmallWeb) -> None:
        self.folder, self.web = folder, web
        (folder / "sources").mkdir()
        entries = [ENTRY.format(number=number) for number in range(len(SPOILT) + 1)]
        (folder / "sources" / "feeds.toml").write_text("".join(entries))
        (folder / "gapwatch.toml").write_text(f'sources = "{folder / "sources"}"\n')

    def run(self, *words: str) -> Any:
        """A command at the end of the web's day."""
        places = ("--config", str(self.folder / "gapwatch.toml"), "--db", str(self.folder / "g.db"))
        done = CliRunner().invoke(cli, [*places, "--now", self.web.day, *words], env=self.web.env)
        assert done.exit_code in (0, 3), done.output
        return done

    def poll(self, number: int, day: str, body: bytes) -> dict[str, Any]:
        """The outcome of a visit on a day on which the feed is this."""
        self.web.day, self.web.pages = day, {f"https://lab.example/{number}/feed": {day: body}}
        told = json.loads(self.run("sources", "poll", f"lab_{number}", "--json").stdout)
        outcome: dict[str, Any] = told[0]
        return outcome

    def titles(self, number: int) -> list[str]:
        """The news of a lab that the database has, newest first."""
        told = json.loads(self.run("news", "--vendor", f"lab-{number}", "--since", "60d", "--json").stdout)
        return [row["title"] for row in told]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with SmallWeb({}, FIRST) as web:
        yield Desk(tmp_path_factory.mktemp("desk"), web)


@pytest.mark.parametrize("situation", SPOILT)
def test_a_spoiled_feed_has_an_outcome_and_a_hint_and_loses_nothing(situation: str, desk: Desk) -> None:
    body, outcome, hint = SPOILT[situation]
    number = list(SPOILT).index(situation)
    assert desk.poll(number, FIRST, feed(4))["outcome"] == "new"
    before = desk.titles(number)
    seen = desk.poll(number, SPOILED, body)
    assert (seen["outcome"], hint in seen["note"]) == (outcome, True)
    listed = desk.run("sources", "list").stdout
    assert hint in " ".join(listed.split())
    assert f" {outcome} " in next(line for line in listed.splitlines() if line.startswith(f"lab_{number} "))
    assert desk.titles(number)[-4:] == before
    assert desk.poll(number, LAST, feed(6))["outcome"] == "new"
    assert desk.titles(number) == [f"News {n}" for n in (5, 4, 3, 2, 1, 0)]


def test_of_ten_thousand_items_the_newest_thousand_are_kept_and_it_is_said(desk: Desk) -> None:
    number, many = len(SPOILT), feed(10_000)
    assert desk.poll(number, FIRST, feed(3))["outcome"] == "new"
    seen = desk.poll(number, SPOILED, many)
    assert (seen["outcome"], seen["rows"]) == ("new", 1000)
    assert f"9,000 items of https://lab.example/{number}/feed older than its newest" in seen["note"]
    assert desk.poll(number, LAST, many)["outcome"] == "unchanged"
