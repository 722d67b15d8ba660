"""The week's news in the digest and in `gapwatch news`: each story once, in its week, what matters first."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.database import BOARD, NEWS, OTHER_NEWS, PRICES, Built, at, offer, score, story
from tests.support.stories import told
from tracker.cli import cli
from tracker.digest.evidence import Evidence
from tracker.digest.mentions import index
from tracker.digest.model import VendorNews
from tracker.digest.news import MOVED, Week, by_vendor, learnt, of_the_week, rank, weight
from tracker.domain import Record
from tracker.store import weekly
from tracker.store.query import happened, identity
from tracker.store.reading import reading
from tracker.store.times import stamp

NAMES = index([("opus-5", "Opus 5"), ("small-3", "Small 3"), ("large-9", "Large 9")])
WEEK = Week("2026-05-18T00:00:00Z", "2026-05-24T23:59:59Z", leading={"small-3"}, moved={"large-9"})

# Weightier first. `lab` is nobody that the catalogue knows; `openai` is.
ORDERED = {
    "what moved a gap, whatever is said of it": ["A walk with Large 9 in the park", "Introducing Opus 5"],
    "what leads a board before what does not": ["Introducing Small 3 again", "Introducing Opus 5 again"],
    "a known model before none": ["Introducing Opus 5 today", "Introducing our office game"],
    "a price before a launch": ["Lower prices for everybody", "Introducing our game"],
    "a launch before money": ["Introducing our game", "Lab raises $5B Series Z"],
}


@pytest.mark.parametrize("titles", ORDERED.values(), ids=ORDERED.keys())
def test_stories_are_ranked_by_what_they_mean_to_a_reader(titles: list[str]) -> None:
    found = rank(([told(title)] for title in reversed(titles)), WEEK, NAMES)
    assert [one[0].title for one in found] == titles


def test_a_story_of_a_model_that_moved_outweighs_everything_else_together() -> None:
    most = [told("Small 3 open weights at lower prices", f"feed{n}", vendor="openai") for n in range(9)]
    assert weight(most, WEEK, NAMES) < MOVED
    assert weight([told("On Large 9, at length and without a topic")], WEEK, NAMES) >= MOVED


def test_of_equal_weight_the_latest_goes_first_and_more_feeds_weigh_more() -> None:
    older, newer = [told("One", day="2026-05-19")], [told("Two", day="2026-05-20")]
    assert rank([older, newer], WEEK, NAMES) == [newer, older]
    older.append(told("One", "wire", "2026-05-19"))
    assert rank([newer, older], WEEK, NAMES) == [older, newer]


LEARNT = {
    "told and seen in one day": (told("A", day="2026-05-20"), "2026-05-20T10"),
    "told on Sunday, seen on Monday": (told("A", day="2026-05-17", seen="2026-05-18"), "2026-05-18T10"),
    "seen long after it was told": (told("A", day="2026-05-01", seen="2026-05-18"), "2026-05-01T09"),
    "told earlier, but its feed is new here": (
        told("A", day="2026-05-17", seen="2026-05-18", at_first=True),
        "2026-05-17T09",
    ),
    "told ahead of its day": (told("A", day="2026-05-21", seen="2026-05-20"), "2026-05-21T09"),
    "undated, in a feed that is read for long": (told("A", day="", seen="2026-05-20"), "2026-05-20T10"),
    "undated, in a feed that is new here": (told("A", day="", at_first=True), ""),
}


@pytest.mark.parametrize(("row", "when"), LEARNT.values(), ids=LEARNT.keys())
def test_a_story_is_news_at(row: Any, when: str) -> None:
    assert learnt([row])[:13] == when


PAGE = "https://openai.com/index/large-9"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two feeds from January on; in the week of 20 January the price of R1 falls and GPT-4o is told of."""
    path = tmp_path_factory.mktemp("news") / "g.db"
    with Built(path, (BOARD, PRICES, NEWS, OTHER_NEWS)) as built:
        built.captured(BOARD, "2025-01-02", [score("gpt-4o", "1365"), score("deepseek-r1", "1357")])
        built.captured(NEWS, "2025-01-02", [story("old", "Something old", "2024-12-20")])
        built.captured(OTHER_NEWS, "2025-01-02", [])
        built.captured(PRICES, "2025-01-10", r1("0.55", "2.19"))
        built.captured(PRICES, "2025-01-21", r1("0.27", "1.10"))
        first = story(PAGE, "Introducing our Large 9", "2025-01-14", url=PAGE)
        built.captured(NEWS, "2025-01-14", [first])
        redated = story(f"{PAGE}/", "Large 9", "2025-01-22", url=f"{PAGE}/")
        offsite = story("o", "An office game with much to say", "2025-01-22")
        r1_news = story("r", "A note on DeepSeek R1 and its friends", "2025-01-21")
        built.captured(NEWS, "2025-01-22", [redated, offsite, r1_news])
        wire = [
            story("w", "An office game with much to say", "2025-01-22"),
            story("s", "Late word", "2025-01-19"),
            story("r2", "A note on DeepSeek R1 and its friends", "2025-01-21"),
        ]
        built.captured(OTHER_NEWS, "2025-01-22", wire)
    return path


def r1(price_in: str, price_out: str) -> list[Record]:
    return list(offer("deepseek-r1", "deepseek", price_in, price_out))


def digest(db: Path, monday: str, sunday: str) -> tuple[VendorNews, ...]:
    with reading(db) as known:
        week = Week(stamp(at(f"{monday}T00:00")), stamp(at(f"{sunday}T23:59")), set(), {"deepseek-r1"})
        ranked = of_the_week(happened.news(known, week.until), week, index(identity.names(known)))
        return by_vendor(ranked, date.fromisoformat(sunday), Evidence(known, weekly.sources(known)))


def test_the_digest_tells_each_story_once_in_its_week(db: Path) -> None:
    (before,) = digest(db, "2025-01-13", "2025-01-19")
    assert [one.title for one in before.stories] == ["Introducing our Large 9"]
    first, wire = digest(db, "2025-01-20", "2025-01-26")
    assert [(one.title, one.also) for one in first.stories] == [
        ("A note on DeepSeek R1 and its friends", ("The Wire",)),
    ]  # and not of an office game
    assert [(one.title, one.when) for one in wire.stories] == [("Late word", "19 January")]
    assert all(one.refs for vendor in (first, wire) for one in vendor.stories)


def ask(db: Path, *words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, ["--db", str(db), "--now", "2025-02-01", "news", *words, "--json"])
    assert done.exit_code in (0, 4), done.stderr
    return list(json.loads(done.stdout))


ASKED = {
    "everything": ((), 5),
    "since a day: what is told again is not new": (("--since", "2025-01-20"), 2),
    "since the first of all days": (("--since", "9999y"), 5),
    "until a day": (("--until", "2025-01-14"), 2),
    "a vendor": (("--vendor", "WIRE"), 3),
    "a topic": (("--topic", "Launch"), 3),
    "what feeds say of themselves leads to its topic": (("--topic", "release"), 3),
    "a topic that nothing is on": (("--topic", "incident"), 0),
    "a model that a title names": (("--model", "DeepSeek-R1"), 1),
    "a model that no list has": (("--model", "large 12"), 0),
    "as it was known": (("--on", "2025-01-15"), 2),
}


@pytest.mark.parametrize(("words", "count"), ASKED.values(), ids=ASKED.keys())
def test_news_answers(db: Path, words: tuple[str, ...], count: int) -> None:
    assert len(ask(db, *words)) == count


def test_a_story_tells_where_else_it_stood_and_keeps_its_cluster(db: Path) -> None:
    (game,) = [row for row in ask(db) if "game" in row["title"]]
    assert (game["also"], game["vendor"], len(game["evidence"])) == (["The Wire"], "openai", 2)
    (large,) = [row for row in ask(db) if "Large" in row["title"]]
    assert (large["title"], large["published"][:10], large["also"]) == (
        "Introducing our Large 9",
        "2025-01-14",
        [],
    )
    assert large["cluster"] == large["id"]
    assert {row["cluster"] for row in ask(db, "--on", "2025-01-15")} <= {row["cluster"] for row in ask(db)}
