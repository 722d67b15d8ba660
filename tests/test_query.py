"""What questions answer, on small real databases written by the real writer."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import (
    BOARD,
    CODING,
    NEWS,
    OTHER_NEWS,
    OVERALL,
    PRICES,
    SILENT,
    Built,
    fact,
    offer,
    place,
    score,
    story,
)
from tracker.catalog.metrics import METRICS
from tracker.domain import Kind, Outcome, Record
from tracker.errors import NothingFound, UsageError
from tracker.store.query import evidence, fold, gaps, happened, identity, places, prices, series
from tracker.store.query.scores import scores
from tracker.store.reading import reading

ARCHIVE = place("archive", Kind.LEADERBOARD, title="Shipped record", archive=True, listing=False)
LATER = "2025-12-31T23:59:59Z"
LICENCES = {
    "gpt-4o": "Proprietary",
    "llama-3.1-405b-instruct": "Llama 3.1 Community",
    "deepseek-r1": "MIT",
}


def table(**listed: str) -> list[Record]:
    """A snapshot of the board: `gpt_4o="1365"` and so on, with intervals of 5 points."""
    names = {"gpt_4o": "gpt-4o", "llama": "llama-3.1-405b-instruct", "r1": "deepseek-r1"}
    rows = [(names[short], value) for short, value in listed.items()]
    return [
        record
        for name, value in rows
        for record in (score(name, value), fact(name, "licence", LICENCES[name]))
    ]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A winter: an open model arrives and closes a gap, prices fall, one place goes silent."""
    path = tmp_path_factory.mktemp("query") / "gapwatch.db"
    with Built(path, (BOARD, PRICES, NEWS, OTHER_NEWS, SILENT, ARCHIVE)) as built:
        built.captured(ARCHIVE, "2025-01-10", table(gpt_4o="1300", llama="1290"), origin="bundled")
        built.captured(BOARD, "2025-01-10T09:00", table(gpt_4o="1365", llama="1305"))
        built.captured(BOARD, "2025-01-24", [*table(gpt_4o="1366", llama="1305", r1="1357"), *coding("41.5")])
        built.captured(BOARD, "2025-02-02", [*table(gpt_4o="1366", llama="1305", r1="1358"), *coding("42.5")])
        built.captured(BOARD, "2025-04-20", [*table(gpt_4o="1380", r1="1358"), *coding("42.5")])
        built.seen_again(BOARD, "2025-05-01")
        built.captured(PRICES, "2025-01-25", price_list(r1=("0.55", "2.19")))
        built.captured(PRICES, "2025-02-25", price_list(r1=("0.14", "0.28")))
        built.captured(PRICES, "2025-03-25", price_list(r1=("0.0014", "0.0028")))
        news = [story("a", "A model that reasons in the open", "2025-01-20", models=("deepseek-r1",))]
        built.captured(NEWS, "2025-01-21", [*news, story("b", "Release notes", "2025-01-21")])
        told = story("z", "A model that reasons in the open", "2025-01-22", topics=("release",))
        built.captured(OTHER_NEWS, "2025-01-22", [told, story("y", "Release notes", "")])
        built.captured(PRICES, "2025-03-26", [], outcome=Outcome.SUSPECT, note="empty")
    return path


def coding(value: str) -> list[Record]:
    """Scores without intervals."""
    return [
        score("gpt-4o", "50", half="", metric=CODING),
        score("deepseek-r1", value, half="", metric=CODING),
    ]


def price_list(r1: tuple[str, str]) -> list[Record]:
    return [
        *offer("deepseek-r1", "deepseek", *r1),
        *offer("deepseek/deepseek-r1", "togetherai", "3", "7"),
        *offer("deepseek-r1", "azure", "0", "0", "free"),
        *offer("gpt-4o", "openai", "2.5", "10"),
        *offer("gpt-4o", "openai", "5", "20", "over 200k"),
        *offer("gpt-4o", "github-copilot", "0.01", "0.01"),
        *offer("gpt-4o", "aihubmix", "0.02", "0.02"),
        *offer("gpt-4o", "azure", "0.03", "0.03"),
        *offer("mystery-model-9", "somebody", "1", "1"),
    ]


@pytest.fixture
def asked(db: Path) -> Iterator[sqlite3.Connection]:
    with reading(db) as connection:
        yield connection


def gap(
    connection: sqlite3.Connection, on: str, metric: str = OVERALL, **more: Any
) -> list[dict[str, object]]:
    return gaps.gaps(connection, [metric], gaps.Ask(on, **more))


def measuring(task: str) -> list[str]:
    return [metric.id for metric in METRICS if metric.task == task]


NAMES = {
    "an id": (OVERALL, [OVERALL]),
    "a metric's name, whatever its case": ("LMArena TEXT", [OVERALL]),
    "a task, its metrics in the order of the table": ("maths", measuring("maths")),
    "a task of several words": ("agentic coding", measuring("agentic coding")),
    "a board": ("bfcl", ["bfcl.overall"]),
}


@pytest.mark.parametrize(("name", "metrics"), NAMES.values(), ids=NAMES.keys())
def test_a_metric_is_asked_for_by(asked: sqlite3.Connection, name: str, metrics: list[str]) -> None:
    assert gaps.metrics_named(asked, name) == metrics


def test_an_unknown_metric_is_wrong_usage_and_near_names_are_suggested(asked: sqlite3.Connection) -> None:
    with pytest.raises(
        UsageError, match=r"lmarena\.text\.overal: no such metric.*did you mean lmarena\.text\.ov"
    ):
        gaps.metrics_named(asked, "lmarena.text.overal")


def test_a_task_that_nothing_measures_says_so(asked: sqlite3.Connection) -> None:
    fewer = sqlite3.connect(":memory:")
    asked.backup(fewer)
    fewer.execute("DELETE FROM metric WHERE task = 'vision'")
    with pytest.raises(NothingFound, match="no public measure"):
        gaps.metrics_named(fewer, "vision")
    fewer.close()


GAPS = {
    "before the arrival": ("2025-01-20T00:00:00Z", 60.0, "not enough data", "confirmed", None),
    "in its first days": ("2025-01-26T00:00:00Z", 9.0, "not enough data", "provisional", "provisional"),
    "once it has held": ("2025-02-03T00:00:00Z", 8.0, "closing", "confirmed", "confirmed"),
}


@pytest.mark.parametrize(("on", "size", "state", "standing", "event"), GAPS.values(), ids=GAPS.keys())
def test_a_gap_is_told_as_it_was_known(
    asked: sqlite3.Connection, on: str, size: float, state: str, standing: str, event: str | None
) -> None:
    (row,) = gap(asked, on)
    assert (row["difference"], row["state"], row["standing"]) == (size, state, standing)
    told = row["event"]
    assert (told["standing"] if isinstance(told, dict) else None) == event


def test_the_event_names_the_side_that_moved_and_what_it_passed(asked: sqlite3.Connection) -> None:
    (row,) = gap(asked, LATER)
    assert isinstance(row["event"], dict)
    assert row["event"]["model"] == "deepseek-r1"
    assert row["event"]["side"] == "open"
    assert row["event"]["move"] == -52
    assert evidence.explain(asked, row["event"]["id"], LATER)["capture"] == "c3"


def test_the_boards_own_snapshot_counts_before_a_shipped_archives(asked: sqlite3.Connection) -> None:
    (row,) = gap(asked, "2025-01-10T23:00:00Z")
    assert (row["source"], row["difference"]) == ("board", 60.0)


def test_a_series_has_one_row_a_day_oldest_first(asked: sqlite3.Connection) -> None:
    rows = gap(asked, LATER, since="2025-01-01", until="2025-02-28")
    assert [row["date"] for row in rows] == ["2025-01-10", "2025-01-24", "2025-02-02"]
    assert [row["difference"] for row in rows] == [60, 9, 8]


def test_changes_over_months_compare_with_what_was_in_force_then(asked: sqlite3.Connection) -> None:
    (row,) = gap(asked, LATER)
    assert (row["date"], row["difference"], row["span_days"]) == ("2025-04-20", 22, 100)
    assert row["change_3m"] == 22 - 60  # in force on 19 January
    assert row["change_12m"] is None  # nothing is known of that time


def test_without_published_noise_no_state_is_claimed(asked: sqlite3.Connection) -> None:
    (row,) = gap(asked, LATER, CODING)
    assert (row["state"], row["event"], row["noise"]) == ("not enough data", None, None)


def test_a_narrower_licence_class_has_its_own_leader_and_claims_no_event(asked: sqlite3.Connection) -> None:
    (row,) = gap(asked, "2025-01-20T00:00:00Z", licence="permissive")
    assert row["open"] is None
    (row,) = gap(asked, LATER, licence="permissive")
    assert isinstance(row["open"], dict)
    assert row["open"]["model"] == "deepseek-r1"
    assert (row["event"], row["state"]) == (None, "not enough data")


SPELLINGS = {
    "its id": "deepseek-r1",
    "its name": "DeepSeek R1",
    "any place's spelling": "deepseek/deepseek-r1",
    "underscores and case": "DeepSeek_R1",
}


@pytest.mark.parametrize("name", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_model_is_asked_for_by(asked: sqlite3.Connection, name: str) -> None:
    assert identity.resolve(asked, name) == {"deepseek-r1"}


def test_a_name_that_is_only_near_is_never_taken_but_suggested(asked: sqlite3.Connection) -> None:
    with pytest.raises(NothingFound, match=r"deepseek-r2: no such model; did you mean .*deepseek-r1"):
        identity.resolve(asked, "deepseek-r2")


def test_a_spelling_without_a_model_still_has_its_prices(asked: sqlite3.Connection) -> None:
    wanted = identity.resolve(asked, "Mystery Model 9")
    (row,) = prices.offers(asked, prices.Ask(LATER, wanted))
    assert (row["model"], row["weights"], row["blended"]) == ("mystery-model-9", "unknown", 1)


def test_prices_are_exact_cheapest_first_and_say_their_terms(asked: sqlite3.Connection) -> None:
    rows = prices.offers(asked, prices.Ask(LATER, ["gpt-4o"]))
    told = [(row["provider"], row["condition"], row["role"], row["input"], row["blended"]) for row in rows]
    assert told == [
        ("github-copilot", "", "plan", Decimal("0.01"), Decimal("0.01")),
        ("aihubmix", "", "aggregator", Decimal("0.02"), Decimal("0.02")),
        ("azure", "", "cloud", Decimal("0.03"), Decimal("0.03")),
        ("openai", "", "lab", Decimal("2.5"), Decimal("4.375")),
        ("openai", "over 200k", "lab", Decimal("5"), Decimal("8.75")),
    ]


def test_a_history_of_prices_begins_with_the_one_in_force(asked: sqlite3.Connection) -> None:
    ask = prices.Ask(LATER, ["deepseek-r1"], "deepseek", since="2025-02-01T00:00:00Z")
    rows = prices.offers(asked, ask)
    assert [(str(row["input"]), row["observed"][:10], (row["until"] or "")[:10]) for row in rows] == [
        ("0.55", "2025-01-25", "2025-02-25"),
        ("0.14", "2025-02-25", ""),
    ]


def test_a_wild_price_is_held_and_the_last_believed_one_stays(asked: sqlite3.Connection) -> None:
    (row,) = prices.offers(asked, prices.Ask(LATER, ["deepseek-r1"], "deepseek"))
    assert (row["input"], row["standing"]) == (Decimal("0.14"), "confirmed")


CHEAPEST = {
    "neither a trial, a subscription, a reseller, an odd host nor a held price wins": (
        LATER,
        {"deepseek-r1": 0.175, "gpt-4o": 4.375},
    ),
    "a lab's own price counts, however low": (
        "2025-03-01T00:00:00Z",
        {"deepseek-r1": 0.175, "gpt-4o": 4.375},
    ),
}


@pytest.mark.parametrize(("on", "expected"), CHEAPEST.values(), ids=CHEAPEST.keys())
def test_the_cheapest(asked: sqlite3.Connection, on: str, expected: dict[str, float]) -> None:
    rows = prices.cheapest(prices.offers(asked, prices.Ask(on, ["deepseek-r1", "gpt-4o"])))
    assert {row["model"]: float(row["blended"]) for row in rows} == expected


def test_the_mix_of_tokens_is_the_users(asked: sqlite3.Connection) -> None:
    rows = prices.offers(asked, prices.Ask(LATER, ["gpt-4o"], "openai", mix=(0, 1)))
    assert [row["blended"] for row in rows] == [10, 20]


def test_scores_are_those_of_the_latest_snapshot(asked: sqlite3.Connection) -> None:
    assert scores(asked, OVERALL, LATER) == {"gpt-4o": 1380, "deepseek-r1": 1358}
    assert scores(asked, OVERALL, "2025-01-12T00:00:00Z") == {"gpt-4o": 1365, "llama-3.1-405b-instruct": 1305}


def told(rows: list[dict[str, object]]) -> list[tuple[str, str, str]]:
    return [(str(row["value"]), str(row["first_seen"])[:10], str(row["last_seen"])[:10]) for row in rows]


SPANS = {
    "the last one lasts as long as the source is heard": (
        ["board", OVERALL, "gpt-4o"],
        [
            ("1365", "2025-01-10", "2025-01-10"),
            ("1366", "2025-01-24", "2025-02-02"),
            ("1380", "2025-04-20", "2025-05-01"),
        ],
    ),
    "one that is no longer listed ends": (
        ["board", OVERALL, "llama-3.1-405b-instruct"],
        [("1305", "2025-01-10", "2025-02-02")],
    ),
    "a fact is a series too": (
        ["board", "fact.licence", "gpt-4o"],
        [("Proprietary", "2025-01-10", "2025-05-01")],
    ),
    "a price at one provider, by model": (
        ["price.output", "gpt-4o", "github-copilot"],
        [("0.01", "2025-01-25", "2025-03-25")],
    ),
}


@pytest.mark.parametrize(("words", "expected"), SPANS.values(), ids=SPANS.keys())
def test_spans(asked: sqlite3.Connection, words: list[str], expected: list[tuple[str, str, str]]) -> None:
    (number,) = series.find(asked, words)
    assert told(series.spans(asked, number, LATER)) == expected


def test_a_span_as_known_earlier_ends_then(asked: sqlite3.Connection) -> None:
    (number,) = series.find(asked, ["board", OVERALL, "gpt-4o"])
    assert told(series.spans(asked, number, "2025-04-25T00:00:00Z"))[-1] == (
        "1380",
        "2025-04-20",
        "2025-04-25",
    )


def test_a_newer_vintage_ends_the_older_one(tmp_path: Path) -> None:
    with Built(tmp_path / "v.db") as built:
        built.captured(BOARD, "2025-01-10", [score("gpt-4o", "50", vintage="2024-11")])
        built.captured(BOARD, "2025-02-10", [score("gpt-4o", "40", vintage="2025-02")])
        built.captured(BOARD, "2025-03-10", [score("gpt-4o", "41", vintage="2025-02")])
    with reading(tmp_path / "v.db") as connection:
        spans = [series.spans(connection, n, LATER) for n in series.find(connection, [OVERALL, "gpt-4o"])]
    assert [told(one) for one in spans] == [
        [("50", "2025-01-10", "2025-01-10")],
        [("40", "2025-02-10", "2025-02-10"), ("41", "2025-03-10", "2025-03-10")],
    ]


def test_changes_are_told_newest_first_and_price_is_both_directions(asked: sqlite3.Connection) -> None:
    rows = happened.changes(asked, "", "", LATER, kind="price")
    assert [(row["at"][:10], row["kind"], row["standing"]) for row in rows] == [
        ("2025-03-25", "price down", "unconfirmed"),
        ("2025-02-25", "price down", "confirmed"),
    ]
    assert rows[1]["before"] == "input 0.55, output 2.19"
    assert all(one.startswith("c") for one in rows[0]["evidence"])


def test_an_event_judged_later_was_provisional_then(asked: sqlite3.Connection) -> None:
    def standings(on: str) -> set[str]:
        return {row["standing"] for row in happened.changes(asked, "", "", on, kind="gap")}

    assert standings("2025-01-26T00:00:00Z") == {"provisional"}
    assert standings(LATER) == {"confirmed"}


def test_news_is_every_announcement_with_its_feed_and_whether_it_stood_there_at_first(
    asked: sqlite3.Connection,
) -> None:
    rows = happened.news(asked, LATER)
    assert [(row.title, row.source_title, row.at[:10], row.old) for row in rows] == [
        ("A model that reasons in the open", "A Blog", "2025-01-20", False),
        ("Release notes", "A Blog", "2025-01-21", False),
        ("A model that reasons in the open", "The Wire", "2025-01-22", False),
        ("Release notes", "The Wire", "2025-01-22", True),
    ]
    assert all(row.at_first for row in rows)
    assert len(happened.news(asked, "2025-01-21T12:00:00Z")) == 2


def test_models_tell_how_each_place_spells_them(asked: sqlite3.Connection) -> None:
    (row,) = identity.models(asked, LATER, {"deepseek-r1"})
    assert (row["weights"], row["licence_class"]) == ("open", "permissive")
    assert {one["subject"] for one in row["spellings"]} == {"deepseek-r1", "deepseek/deepseek-r1"}
    assert row["scored"] == [CODING, OVERALL]
    assert len(row["served"]) == 3
    assert identity.models(asked, "2025-01-12T00:00:00Z", {"deepseek-r1"}) == []


def test_unresolved_spellings_are_those_most_used_first(asked: sqlite3.Connection) -> None:
    (row,) = identity.unresolved(asked, LATER)
    assert (row["spelling"], row["sources"], row["series"]) == ("mystery-model-9", ["pricelist"], 2)


PLACES = {
    "one that is heard": ("board", "new", "2025-05-01", 9),
    "one whose last page is held": ("pricelist", "suspect", "2025-03-25", 46),
    "one never heard": ("silent", None, None, None),
}


@pytest.mark.parametrize(("name", "outcome", "heard", "silent"), PLACES.values(), ids=PLACES.keys())
def test_the_health_of(
    asked: sqlite3.Connection, name: str, outcome: str | None, heard: str | None, silent: int | None
) -> None:
    (row,) = [r for r in places.sources(asked, "2025-05-10T23:00:00Z", past=True) if r["name"] == name]
    assert (row["outcome"], row["last_success"] and row["last_success"][:10], row["silent_days"]) == (
        outcome,
        heard,
        silent,
    )


ROW = '{"model": "%s", "category": "%s", "rating": %s}'
PAGE = ",\n".join(
    [
        *(ROW % (f"model-{n}", "overall", 1000 + n) for n in range(40)),
        ROW % ("gpt-4o", "maths", "1299.50"),
        ROW % ("gpt-4o-mini", "overall", "1290"),
        *(ROW % (f"model-{n}", "coding", 1100 + n) for n in range(40)),
        ROW % ("gpt-4o", "overall", "1285.10"),
    ]
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "kept.db"
    with Built(path) as built:
        found = [score("gpt-4o", "1285.1"), score("gpt-4o", "1299.5", metric="lmarena.text.math")]
        built.captured(BOARD, "2025-01-10", found, PAGE)
        built.captured(
            NEWS, "2025-01-10", [story("k", "R&D <b>news</b>", "2025-01-09")], "<title>R&amp;D &lt;b&gt;news"
        )
    return path


EXCERPTS = {
    "the row with this figure, not the first of the subject": ("p1", "overall", '"rating": 1285.10'),
    "another figure of the same subject": ("p2", "maths", '"rating": 1299.50'),
    "a title as the page escapes it": ("n1", "", "R&amp;D &lt;b&gt;news"),
    "a capture: how its page begins": ("c1", "overall", "model-0"),
}


@pytest.mark.parametrize(("name", "category", "place"), EXCERPTS.values(), ids=EXCERPTS.keys())
def test_a_figure_leads_to_its_place_in_the_bytes(kept: Path, name: str, category: str, place: str) -> None:
    with reading(kept) as connection:
        told = evidence.explain(connection, name, LATER)
    assert place in told["excerpt"]
    assert category in told["excerpt"]
    assert len(told["excerpt"]) < 500
    assert len(told["sha256"]) == 64
    assert told["licence"] == "CC BY 4.0"


LISTS = {
    name: {
        "id": name,
        "models": {"deepseek-r1": {"notes": "x" * 500, "cost": {"input": cost, "output": 2.19}}},
    }
    for name, cost in (("reseller", 0.55), ("deepseek", 0.55), ("later", 0.55))
}


def test_a_price_leads_to_its_providers_part_of_the_page_and_shows_the_figure(tmp_path: Path) -> None:
    with Built(tmp_path / "p.db") as built:
        built.captured(
            PRICES, "2025-01-10", offer("deepseek-r1", "deepseek", "0.55", "2.19"), json.dumps(LISTS)
        )
    with reading(tmp_path / "p.db") as connection:
        excerpt = evidence.explain(connection, "p1", LATER)["excerpt"]
    assert '"deepseek": {"id": "deepseek"' in excerpt
    assert '"input": 0.55' in excerpt
    assert "later" not in excerpt.partition('"input": 0.55')[0]


NO_IDS = {
    "no id at all": ("what", UsageError),
    "a number too long": ("c" + "9" * 30, UsageError),
    "a capture that is not there": ("c999", NothingFound),
    "a figure that is not there": ("p999", NothingFound),
    "a change that is not there": ("x0123456789", NothingFound),
}


@pytest.mark.parametrize(("name", "error"), NO_IDS.values(), ids=NO_IDS.keys())
def test_what_leads_nowhere(kept: Path, name: str, error: type[Exception]) -> None:
    with reading(kept) as connection, pytest.raises(error, match=name):
        evidence.explain(connection, name, LATER)


def test_folding_forgets_case_and_dashes_and_nothing_else() -> None:
    assert fold("GPT_4o  mini") == fold("gpt-4o-mini")
    assert fold("gpt-4.1") != fold("gpt-41")


def test_asking_imports_nothing_heavy() -> None:
    """SQLAlchemy alone costs 200 ms, more than a question may."""
    code = (
        "import sys, json, tracker.cli.ask_gap, tracker.cli.ask_price, tracker.cli.ask_history, "
        "tracker.cli.ask_changes, tracker.cli.ask_news, tracker.cli.ask_models, tracker.cli.ask_explain, "
        "tracker.cli.ask_sources; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {
        "sqlalchemy",
        "httpx",
        "numpy",
        "jinja2",
        "bs4",
        "alembic",
        "feedparser",
        "pydantic",
        "rich",
    }
