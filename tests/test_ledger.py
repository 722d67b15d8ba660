"""The price ledger: what a list says and when, and which price therefore held on which day.

Every situation is stored through the real writer into a real file, and asked as `gapwatch price` asks. A
visit is a day and what the list said on it: prices like "3", "1 @batch aside from 2026-06-01" or "2 to
2026-06-30 announced 2026-05-02"; "" says that the list no longer has the model.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.database import PRICES, Built
from tests.support.recorded import FOLDER, recorded_web
from tracker.cli import cli
from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.conditions import condition, dated, looked, settled, undated
from tracker.domain import Observation, Record
from tracker.source import Payload
from tracker.store.query import prices
from tracker.store.reading import reading

Visit = tuple[str, str]
EVER = "2024-01-01T00:00:00Z"


def said(text: str) -> Observation:
    """An input price in the words above; `aside` is one that is not in force on the day of the visit."""
    parts = re.fullmatch(
        r"(?P<price>[\d.]+)(?: @(?P<words>[^;]*?))?(?P<aside> aside)?"
        r"(?: from (?P<start>\S+))?(?: to (?P<end>\S+))?(?: announced (?P<made>\S+))?",
        text,
    )
    assert parts, text
    start, end, made = (date.fromisoformat(parts[n]) if parts[n] else None for n in ("start", "end", "made"))
    tag = f"from {start}" if start else f"until {end}"
    words = condition(parts["words"] or "", tag if parts["aside"] else "")
    return Observation(
        "gpt-4o",
        "price.input",
        Decimal(parts["price"]),
        "openai",
        words,
        announced=made,
        effective_from=start,
        effective_to=end,
    )


def listed(text: str) -> list[Record]:
    """Everything that the list says on a visit, and another model, so that it is never empty."""
    other = Observation("gpt-4", "price.input", Decimal(30), "openai")
    return [other, *(said(part.strip()) for part in text.split(";") if part.strip())]


def built(path: Path, visits: Iterable[Visit]) -> Path:
    with Built(path / "gapwatch.db") as database:
        for day, text in visits:
            database.captured(PRICES, day, listed(text))
    return path / "gapwatch.db"


def told(db: Path, on: str, since: str = "", until: str = "") -> list[dict[str, Any]]:
    with reading(db) as connection:
        return prices.offers(
            connection, prices.Ask(f"{on}T23:59:59Z", ["gpt-4o"], "openai", since=since, until=until)
        )


def line(row: dict[str, Any]) -> str:
    """A row in one line: price, condition, state, days."""
    words = f" {row['condition']}" if row["condition"] else ""
    days = "".join(
        f" {word} {row[key]}"
        for word, key in (("from", "effective_from"), ("to", "effective_to"), ("made known", "announced"))
        if row[key]
    )
    gone = f", gone {row['cancelled'][:10]}" if row["cancelled"] else ""
    return f"{row['input']}{words} {row['state']}{days}, seen {row['observed'][:10]}{gone}"


PROMOTION: list[Visit] = [("2026-05-01", "4"), ("2026-05-20", "3 to 2026-05-31; 4 aside from 2026-06-01")]
ANNOUNCED: list[Visit] = [("2026-05-01", "4"), ("2026-05-10", "4 to 2026-05-31; 6 aside from 2026-06-01")]
TAKEN_BACK: list[Visit] = [*ANNOUNCED, ("2026-05-20", "4")]
CUT: list[Visit] = [("2026-04-01", "6"), ("2026-05-10", "2 from 2026-05-01; 6 aside to 2026-04-30")]

SITUATIONS: dict[str, tuple[Sequence[Visit], str, list[str]]] = {
    "a price without a date counts from when it was seen": (
        [("2026-05-01", "4"), ("2026-05-10", "3")],
        "2026-05-09",
        ["4 in force, seen 2026-05-01"],
    ),
    "nothing is known before the first visit": ([("2026-05-01", "4")], "2026-04-30", []),
    "an announced price is told, and is not in force": (
        ANNOUNCED,
        "2026-05-15",
        ["4 in force to 2026-05-31, seen 2026-05-01", "6 announced from 2026-06-01, seen 2026-05-10"],
    ),
    "an announced price was not known before": (
        ANNOUNCED,
        "2026-05-09",
        ["4 in force, seen 2026-05-01"],
    ),
    "an announced price is in force on its day, though nobody looked since": (
        ANNOUNCED,
        "2026-06-01",
        ["6 in force from 2026-06-01, seen 2026-05-10"],
    ),
    "an announced price that the list then has is told once": (
        [*ANNOUNCED, ("2026-06-03", "6 from 2026-06-01; 4 aside to 2026-05-31")],
        "2026-06-04",
        ["6 in force from 2026-06-01, seen 2026-05-10"],
    ),
    "a cancelled announcement stays visible until its day": (
        TAKEN_BACK,
        "2026-05-21",
        ["4 in force, seen 2026-05-01", "6 cancelled from 2026-06-01, seen 2026-05-10, gone 2026-05-20"],
    ),
    "a cancelled announcement was announced until it was cancelled": (
        TAKEN_BACK,
        "2026-05-19",
        ["4 in force to 2026-05-31, seen 2026-05-01", "6 announced from 2026-06-01, seen 2026-05-10"],
    ),
    "a cancelled announcement is never in force": (TAKEN_BACK, "2026-06-02", ["4 in force, seen 2026-05-01"]),
    "an announcement that the list drops after its day without keeping it is over": (
        [("2026-05-01", "4"), ("2026-05-10", "4; 6 aside from 2026-06-01"), ("2026-06-05", "4")],
        "2026-06-06",
        ["4 in force, seen 2026-05-01"],
    ),
    "an announcement that is put off is cancelled for the one day and announced for the other": (
        [*ANNOUNCED, ("2026-05-20", "4 to 2026-06-30; 6 aside from 2026-07-01")],
        "2026-05-21",
        [
            "4 in force to 2026-06-30, seen 2026-05-01",
            "6 announced from 2026-07-01, seen 2026-05-20",
            "6 cancelled from 2026-06-01, seen 2026-05-10, gone 2026-05-20",
        ],
    ),
    "an announcement that says another price cancels the one before": (
        [*ANNOUNCED, ("2026-05-20", "4 to 2026-05-31; 5 aside from 2026-06-01")],
        "2026-05-21",
        [
            "4 in force to 2026-05-31, seen 2026-05-01",
            "5 announced from 2026-06-01, seen 2026-05-20",
            "6 cancelled from 2026-06-01, seen 2026-05-10, gone 2026-05-20",
        ],
    ),
    "an announcement outlives a change of today's price": (
        [*ANNOUNCED, ("2026-05-20", "3 to 2026-05-31; 6 aside from 2026-06-01")],
        "2026-05-21",
        ["3 in force to 2026-05-31, seen 2026-05-20", "6 announced from 2026-06-01, seen 2026-05-10"],
    ),
    "a promotion says its last day": (
        PROMOTION,
        "2026-05-31",
        ["3 in force to 2026-05-31, seen 2026-05-20", "4 announced from 2026-06-01, seen 2026-05-20"],
    ),
    "after a promotion the price is what was said to follow it": (
        PROMOTION,
        "2026-06-01",
        ["4 in force from 2026-06-01, seen 2026-05-20"],
    ),
    "after an offer's last day nothing is in force": (
        [("2026-05-01", "3 to 2026-05-31")],
        "2026-06-01",
        [],
    ),
    "an offer that is listed after its last day goes on": (
        [("2026-06-05", "3 to 2026-05-31")],
        "2026-06-06",
        ["3 in force to 2026-05-31, seen 2026-06-05"],
    ),
    "an offer that is gone has no price": ([("2026-05-01", "3"), ("2026-05-02", "")], "2026-05-03", []),
    "a context band appears beside the base": (
        [("2026-05-01", "3"), ("2026-05-10", "3; 6 @over 200k")],
        "2026-05-11",
        ["3 in force, seen 2026-05-01", "6 over 200k in force, seen 2026-05-10"],
    ),
    "hours of the day stand beside the base": (
        [("2026-05-01", "3; 6 @00:30-16:30 UTC")],
        "2026-05-02",
        ["3 in force, seen 2026-05-01", "6 00:30-16:30 UTC in force, seen 2026-05-01"],
    ),
    "an announced batch price leaves the base alone": (
        [("2026-05-01", "3; 1.5 @batch; 1 @batch aside from 2026-06-01")],
        "2026-06-02",
        ["3 in force, seen 2026-05-01", "1 batch in force from 2026-06-01, seen 2026-05-01"],
    ),
    "a day on which an editor looked dates nothing": (
        [("2026-05-10", "3 announced 2026-05-02")],
        "2026-05-10",
        ["3 in force made known 2026-05-02, seen 2026-05-10"],
    ),
}


@pytest.mark.parametrize(("visits", "on", "expected"), SITUATIONS.values(), ids=SITUATIONS.keys())
def test_the_prices_of_a_day(tmp_path: Path, visits: Sequence[Visit], on: str, expected: list[str]) -> None:
    assert [line(row) for row in told(built(tmp_path, visits), on)] == expected


@pytest.mark.parametrize(("visits", "on", "expected"), SITUATIONS.values(), ids=SITUATIONS.keys())
def test_the_prices_of_a_day_are_the_same_in_any_order_of_arrival(
    tmp_path: Path, visits: Sequence[Visit], on: str, expected: list[str]
) -> None:
    for number, order in enumerate(itertools.permutations(visits)):
        (place := tmp_path / str(number)).mkdir()
        assert [line(row) for row in told(built(place, order), on)] == expected, order


HISTORIES: dict[str, tuple[Sequence[Visit], list[str]]] = {
    "a cut counts from its own day, not from when it was seen": (
        CUT,
        ["6 past to 2026-04-30, seen 2026-04-01", "2 in force from 2026-05-01, seen 2026-05-10"],
    ),
    "what a list says of the time before it was watched is history, too": (
        [("2026-05-10", "2 from 2026-05-01; 4 aside from 2026-03-01 to 2026-04-30; 6 aside to 2026-02-28")],
        [
            "6 past to 2026-02-28, seen 2026-05-10",
            "4 past from 2026-03-01 to 2026-04-30, seen 2026-05-10",
            "2 in force from 2026-05-01, seen 2026-05-10",
        ],
    ),
    "an end that is put off, and then taken back, stays in the history": (
        [
            ("2026-03-26", "0.1 @free to 2026-03-31"),
            ("2026-03-31", "0.1 @free to 2026-04-10"),
            ("2026-04-03", "0.1 @free"),
        ],
        [
            "0.1 free cancelled to 2026-03-31, seen 2026-03-26, gone 2026-03-31",
            "0.1 free cancelled to 2026-04-10, seen 2026-03-31, gone 2026-04-03",
            "0.1 free in force, seen 2026-03-26",
        ],
    ),
    "a price that another one dates itself over was corrected": (
        [("2026-05-03", "20"), ("2026-05-05", "12 from 2026-05-01")],
        [
            "20 corrected, seen 2026-05-03",
            "12 in force from 2026-05-01, seen 2026-05-05",
        ],
    ),
    "a context band ended on its own day, not when it was missed": (
        [
            ("2026-03-01", "3; 6 @over 200k"),
            ("2026-03-20", "3 from 2026-03-13; 3 aside to 2026-03-12; 6 @over 200k aside to 2026-03-12"),
        ],
        ["3 in force, seen 2026-03-01", "6 over 200k past to 2026-03-12, seen 2026-03-01"],
    ),
    "a cancelled announcement stays in the history": (
        TAKEN_BACK,
        ["6 cancelled from 2026-06-01, seen 2026-05-10, gone 2026-05-20", "4 in force, seen 2026-05-01"],
    ),
    "the same price under another start is one price": (
        [("2026-05-10", "3 from 2026-03-13; 3 aside to 2026-03-12; 6 @over 200k aside to 2026-03-12")],
        ["3 in force, seen 2026-05-10", "6 over 200k past to 2026-03-12, seen 2026-05-10"],
    ),
    "a past price whose end nobody knows lasts until another was seen": (
        [("2026-05-10", "2; 4 aside from 2026-03-01")],
        ["4 past from 2026-03-01, seen 2026-05-10", "2 in force, seen 2026-05-10"],
    ),
}


@pytest.mark.parametrize(("visits", "expected"), HISTORIES.values(), ids=HISTORIES.keys())
def test_the_history_is_told_by_the_days_on_which_prices_held(
    tmp_path: Path, visits: Sequence[Visit], expected: list[str]
) -> None:
    assert [line(row) for row in told(built(tmp_path, visits), "2026-05-30", EVER)] == expected


def test_the_history_of_a_past_day_is_told_as_it_is_known_now(tmp_path: Path) -> None:
    db = built(tmp_path, CUT)
    assert [line(row) for row in told(db, "2026-05-05")] == ["6 in force, seen 2026-04-01"]
    known_now = told(db, "2026-05-30", "2026-05-05T00:00:00Z", "2026-05-05T23:59:59Z")
    assert [line(row) for row in known_now] == ["2 in force from 2026-05-01, seen 2026-05-10"]


STANDINGS = {
    "announced": (ANNOUNCED, "2026-05-15", {"in force": "confirmed", "announced": "provisional"}),
    "cancelled": (TAKEN_BACK, "2026-05-21", {"in force": "confirmed", "cancelled": "retracted"}),
}


@pytest.mark.parametrize(("visits", "on", "expected"), STANDINGS.values(), ids=STANDINGS.keys())
def test_the_standing_says_what_became_of_a_price(
    tmp_path: Path, visits: Sequence[Visit], on: str, expected: dict[str, str]
) -> None:
    assert {row["state"]: row["standing"] for row in told(built(tmp_path, visits), on)} == expected


def both(price: str) -> list[Observation]:
    """Input and output at one price."""
    one = said(price)
    return [one, replace(one, metric="price.output")]


NEVER_CHEAPEST = {
    "free": "0.5 @free",
    "a promotion": "0.5 @promotion to 2026-12-31",
    "batch": "0.5 @batch",
    "announced": "0.5 aside from 2026-12-01",
    "past": "0.5 aside to 2026-04-30",
}


@pytest.mark.parametrize("cheap", NEVER_CHEAPEST.values(), ids=NEVER_CHEAPEST.keys())
def test_only_the_price_that_any_call_costs_now_can_be_the_cheapest(tmp_path: Path, cheap: str) -> None:
    path = tmp_path / "gapwatch.db"
    with Built(path) as database:
        database.captured(PRICES, "2026-05-01", [*both("3"), *both(cheap)])
    (row,) = prices.cheapest(told(path, "2026-05-02"))
    assert row["blended"] == 3


COMBINED = {
    "the order is canonical": (("over 200k", "batch"), "batch, over 200k"),
    "a day comes last": (("from 2027-01-01", "region eu", "free"), "free, region eu, from 2027-01-01"),
    "what is sold comes before when": (
        ("over 200k", "cache 1h", "audio", "flex"),
        "flex, audio, cache 1h, over 200k",
    ),
    "hours of some days are hours": (
        ("region us", "weekdays 01:00-04:00 UTC", "fp8"),
        "fp8, region us, weekdays 01:00-04:00 UTC",
    ),
    "a combination may be combined": (("over 200k, batch", "00:30-16:30 UTC"), None),
    "nothing is nothing": (("", ""), ""),
}


@pytest.mark.parametrize(("parts", "expected"), COMBINED.values(), ids=COMBINED.keys())
def test_a_combination_of_conditions_is_written_in_one_way(
    parts: tuple[str, ...], expected: str | None
) -> None:
    wanted = "batch, 00:30-16:30 UTC, over 200k" if expected is None else expected
    assert {condition(*order) for order in itertools.permutations(parts)} == {wanted}


def test_the_day_is_no_part_of_what_tells_offers_apart() -> None:
    assert undated("batch, over 200k, from 2027-01-01") == "batch, over 200k"
    assert undated("until 2026-05-31") == ""


def test_an_offer_of_which_two_things_are_said_is_left_out() -> None:
    said = [("input", 1), ("output", 4), ("input", 2), ("output", 4), ("input", 1)]
    assert settled(said) == ({"output": 4}, ["input"])


TODAY = date(2026, 5, 10)
PAST, LOOKED, AHEAD = date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 1)

CHAINS: dict[str, tuple[list[date | None], list[tuple[int, str, str]]]] = {
    "one price without a date": ([None], [(0, "", "")]),
    "a dated price ends the one before": (
        [None, PAST],
        [(0, "until 2026-02-28", "to 2026-02-28"), (1, "", "from 2026-03-01")],
    ),
    "a day on which an editor looked is announced, and what ended on it is left out": (
        [None, LOOKED],
        [(1, "", "announced 2026-04-01")],
    ),
    "what began on a known day is kept, though its end is not known": (
        [None, PAST, LOOKED],
        [
            (0, "until 2026-02-28", "to 2026-02-28"),
            (1, "from 2026-03-01", "from 2026-03-01"),
            (2, "", "announced 2026-04-01"),
        ],
    ),
    "the first start is where the list begins": ([PAST], [(0, "", "announced 2026-03-01")]),
    "a price ahead is announced, even where it is the first": (
        [AHEAD],
        [(0, "from 2026-06-01", "from 2026-06-01")],
    ),
    "a price ahead ends the one in force": (
        [None, AHEAD],
        [(0, "", "to 2026-05-31"), (1, "from 2026-06-01", "from 2026-06-01")],
    ),
    "of two from one day the last counts": ([None, None], [(1, "", "")]),
}


@pytest.mark.parametrize(("starts", "expected"), CHAINS.values(), ids=CHAINS.keys())
def test_start_dates_become_days_only_where_they_are_sure(
    starts: list[date | None], expected: list[tuple[int, str, str]]
) -> None:
    names = {"announced": "announced", "effective_from": "from", "effective_to": "to"}
    found = [
        (place, when, " ".join(f"{names[key]} {day}" for key, day in days.items() if day))
        for place, when, days in dated(starts, TODAY, {LOOKED})
    ]
    assert found == expected


SHARED = {
    "five models of several providers": ([("a", 3), ("b", 2)], False),
    "six models of several providers": ([("a", 3), ("b", 3)], True),
    "twelve models of one provider": ([("a", 12)], False),
    "thirteen models of one provider": ([("a", 13)], True),
}


@pytest.mark.parametrize(("sharing", "expected"), SHARED.values(), ids=SHARED.keys())
def test_a_start_date_of_very_many_models_is_the_day_an_editor_looked(
    sharing: list[tuple[str, int]], expected: bool
) -> None:
    starts = [(PAST, provider, model) for provider, count in sharing for model in range(count)]
    assert (PAST in looked(starts)) is expected


def test_the_shipped_package_tells_prices_of_before_it_was_read(tmp_path: Path) -> None:
    source = find().sources["genai_prices"]
    assert source.bundled is not None
    payload = source.bundled()
    path = tmp_path / "gapwatch.db"
    with Built(path, [source]) as database:
        at = payload.observed.strftime("%Y-%m-%dT%H:%M")
        database.captured(source, at, read(source, payload)[0], origin="bundled")
    with reading(path) as connection:
        ask = prices.Ask("2027-06-01T00:00:00Z", ["grok-4.20"], "xai", since=EVER)
        rows = [row for row in prices.offers(connection, ask) if row["condition"] == ""]
    first, second = (
        (str(r["input"]), str(r["output"]), r["effective_from"], r["effective_to"]) for r in rows
    )
    assert first == ("2", "6", None, "2026-04-29")
    assert second == ("1.25", "2.5", "2026-04-30", None)


def test_what_a_dated_list_says_before_and_after_a_start_comes_to_one_history(tmp_path: Path) -> None:
    source = find().sources["genai_prices"]
    chain = [
        {"prices": {"input_mtok": 4}},
        {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 6}},
    ]
    body = json.dumps([{"id": "openai", "models": [{"id": "gpt-4o", "prices": chain}]}]).encode()
    found = []
    for number, days in enumerate((["2026-05-20"], ["2026-06-20"], ["2026-05-20", "2026-06-20"])):
        (place := tmp_path / str(number)).mkdir()
        with Built(place / "gapwatch.db", [source]) as database:
            for day in days:
                payload = Payload(
                    source.urls[0], body, datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
                )
                database.captured(source, day, read(source, payload)[0])
        rows = told(place / "gapwatch.db", "2026-06-30", EVER)
        found.append([(int(row["input"]), row["effective_from"], row["effective_to"]) for row in rows])
    assert found[0] == found[1] == found[2] == [(4, None, "2026-05-31"), (6, "2026-06-01", None)]


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_in_the_record_the_end_of_a_free_offer_was_put_off_twice_and_then_taken_back(tmp_path: Path) -> None:
    source = find().sources["openrouter"]
    path = tmp_path / "gapwatch.db"
    with recorded_web("2026-04-04"), Built(path, [source]) as database:
        from replay import Library  # type: ignore[import-not-found, unused-ignore]

        pages = Library(FOLDER / "data").packs[source.urls[0]]
        for number, stamp in enumerate(pages.stamps):
            page = Payload(source.urls[0], pages.body(number), datetime.fromisoformat(stamp))
            database.captured(source, stamp[:16], read(source, page)[0], body=stamp)
    with reading(path) as connection:
        name = "arcee-ai/trinity-large-preview:free"
        rows = prices.offers(connection, prices.Ask("2026-04-05T00:00:00Z", [name], since=EVER))
    ends = [(row["effective_to"], row["cancelled"][:10]) for row in rows if row["state"] == "cancelled"]
    assert ends == [("2026-03-31", "2026-03-31"), ("2026-04-03", "2026-04-01"), ("2026-04-10", "2026-04-03")]
    assert [(row["condition"], row["effective_to"]) for row in rows if row["state"] == "in force"] == [
        ("free", None)
    ]


TABLES = {
    "what is announced is told beside what is in force": (
        ["--on", "2026-05-15"],
        ["4 2026-05-01 2026-05-31", "announced 6 2026-06-01"],
    ),
    "what was cancelled says so": (
        ["--on", "2026-05-21"],
        ["4 2026-05-01 pricelist", "cancelled 6 2026-06-01 pricelist"],
    ),
    "a history says from when until when": (
        ["--since", "2026-01-01"],
        ["cancelled 6 2026-06-01", "4 2026-05-01 now"],
    ),
}


@pytest.mark.parametrize(("words", "expected"), TABLES.values(), ids=TABLES.keys())
def test_the_table_of_eighty_columns_says_the_days(
    tmp_path: Path, words: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    db = built(tmp_path, TAKEN_BACK)
    monkeypatch.setenv("COLUMNS", "80")
    done = CliRunner().invoke(
        cli, ["--db", str(db), "--now", "2026-05-22", "price", "gpt-4o", *words], prog_name="gapwatch"
    )
    assert done.exit_code == 0, done.stderr
    _, *lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [" ".join(one.split()).removeprefix("OpenAI ") for one in lines] == expected
