"""`price` and `speed` at a capability, in time, by tier, by licence and by bill, on a small real database."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.database import BOARD, OVERALL, PRICES, Built, fact, offer, place, renamed, score
from tracker.cli import cli
from tracker.cli.price_tables import by_kind
from tracker.domain import Kind, Observation, Record
from tracker.store.query.levels import Level

NOW = "2025-06-30"
OTHER = renamed(PRICES, "otherlist")
SPEEDS = place("bench", Kind.SPEED, title="A Bench")
AIDER = renamed(BOARD, "aider_polyglot")
LICENCES = {
    "gpt-4o": "Proprietary",
    "o1": "Proprietary",
    "deepseek-r1": "MIT",
    "llama-3.1-405b-instruct": "Llama 3.1 Community",
}
SCORES = {"gpt-4o": "1365", "o1": "1350", "deepseek-r1": "1358", "llama-3.1-405b-instruct": "1305"}
LEVEL = f"{OVERALL}>=1340"
HOSTED = {"2025-01-10": ("0.8", "2.4"), "2025-02-10": ("0.4", "1.2"), "2025-04-01": ("0.2", "0.6")}


def listed(r1: tuple[str, str] = ("0.6", "1.8"), o1: tuple[str, str] = ("15", "60")) -> list[Record]:
    """A price list: R1 at its lab and two hosts, Llama at one, two closed models, a trial and a reseller."""
    return [
        *offer("deepseek-r1", "deepseek", "0.6", "1.8"),
        *offer("deepseek-r1", "togetherai", *r1),
        fact("deepseek-r1", "quantisation", "FP8", "togetherai"),
        *offer("deepseek-r1", "azure", "0", "0", "free"),
        *offer("llama-3.1-405b-instruct", "togetherai", "0.1", "0.1"),
        *offer("gpt-4o", "openai", "2.5", "10"),
        *offer("gpt-4o", "aihubmix", "0.02", "0.02"),
        *offer("o1", "openai", *o1),
    ]


def speed(subject: str, provider: str, tokens: str, ttft: str) -> list[Observation]:
    said = (("speed.throughput", tokens), ("speed.ttft", ttft))
    return [Observation(subject, metric, Decimal(value), provider, "p50") for metric, value in said if value]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year: R1 gets cheaper at a host twice, once for three days; o1 falls; a second list is begun."""
    path = tmp_path_factory.mktemp("prices") / "gapwatch.db"
    board = [score(name, value) for name, value in SCORES.items()]
    facts = [fact(name, "licence", words) for name, words in LICENCES.items()]
    bill = [
        *run("deepseek-r1", "56.9", "5.42", "2000000", "1000000"),
        *run("o1", "61.7", "186.5"),
        *run("gpt-4o", "23", "7"),
    ]
    with Built(path, (BOARD, PRICES, OTHER, SPEEDS, AIDER)) as built:
        built.captured(BOARD, "2025-01-05", [*board, *facts])
        built.captured(AIDER, "2025-02-01", [*bill, *facts])
        for day, r1 in HOSTED.items():
            built.captured(PRICES, day, listed(r1))
        built.captured(PRICES, "2025-04-04", listed(("0.4", "1.2")))
        built.captured(OTHER, "2025-05-01", offer("deepseek-r1", "fireworks", "0.3", "0.9"))
        built.captured(PRICES, "2025-06-27", listed(("0.4", "1.2"), ("2", "8")))
        built.seen_again(PRICES, "2025-06-29")
        built.captured(BOARD, "2025-06-28", [*board, *facts])
        fast = [*speed("gpt-4o", "openai", "120", "0.5"), *speed("o1", "openai", "300", "9")]
        fast += [*speed("deepseek-r1", "groq", "250", "0.9"), *speed("deepseek-r1", "togetherai", "", "0.2")]
        built.captured(SPEEDS, "2025-06-20", [*fast, *speed("llama-3.1-405b-instruct", "groq", "999", "0.1")])
    return path


def run(subject: str, share: str, cost: str, read: str = "", written: str = "") -> list[Observation]:
    """A run of Aider's polyglot benchmark."""
    said = {"": share, ".cost": cost, ".tokens_in": read, ".tokens_out": written}
    return [
        Observation(subject, f"aider.polyglot{end}", Decimal(value)) for end, value in said.items() if value
    ]


def ask(db: Path, *words: str, now: str = NOW) -> Result:
    return CliRunner().invoke(cli, ["--db", str(db), "--now", now, *words], prog_name="gapwatch")


def answer(db: Path, *words: str) -> list[dict[str, Any]]:
    done = ask(db, *words, "--json")
    assert done.exit_code == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout, parse_float=Decimal)
    return rows


def told(rows: Sequence[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


PROMISED = {"model", "provider", "input", "output", "cache_read", "blended", "currency", "unit"}
PROMISED |= {"effective_from", "effective_to", "observed", "source", "standing"}
ANSWERS = {
    "at a level": ["--at-least", LEVEL],
    "in time": ["--at-least", LEVEL, "--since", "1y"],
    "tiers": ["--tiers"],
    "bills": ["--effective", "aider.polyglot"],
}


@pytest.mark.parametrize("words", ANSWERS.values(), ids=ANSWERS.keys())
def test_every_answer_has_the_fields_that_scripts_rely_on(db: Path, words: list[str]) -> None:
    rows = answer(db, "price", *words)
    assert rows
    assert all(row.keys() >= PROMISED for row in rows)


CHEAPEST = {
    "now": (
        [LEVEL],
        [("deepseek-r1", "fireworks", "0.45"), ("o1", "openai", "3.5"), ("gpt-4o", "openai", "4.375")],
    ),
    "on a day before": (
        [LEVEL, "--on", "2025-01-20"],
        [("deepseek-r1", "deepseek", "0.9"), ("gpt-4o", "openai", "4.375"), ("o1", "openai", "26.25")],
    ),
    "at another mix": (
        [LEVEL, "--mix", "1:1"],
        [("deepseek-r1", "fireworks", "0.6"), ("o1", "openai", "5"), ("gpt-4o", "openai", "6.25")],
    ),
    "at a provider": (
        [LEVEL, "--provider", "openai"],
        [("o1", "openai", "3.5"), ("gpt-4o", "openai", "4.375")],
    ),
    "of open models that may be sold": (
        [f"{OVERALL}>=1300", "--licence", "commercial"],
        [
            ("llama-3.1-405b-instruct", "together", "0.1"),
            ("deepseek-r1", "fireworks", "0.45"),
            ("o1", "openai", "3.5"),
            ("gpt-4o", "openai", "4.375"),
        ],
    ),
    "of open models that may be used for anything": (
        [f"{OVERALL}>=1300", "--licence", "permissive"],
        [("deepseek-r1", "fireworks", "0.45"), ("o1", "openai", "3.5"), ("gpt-4o", "openai", "4.375")],
    ),
}


@pytest.mark.parametrize(("words", "expected"), CHEAPEST.values(), ids=CHEAPEST.keys())
def test_the_cheapest_at_a_level(db: Path, words: list[str], expected: list[tuple[str, str, str]]) -> None:
    rows = answer(db, "price", "--at-least", *words)
    assert told(rows, "model", "provider", "blended") == [(m, p, Decimal(b)) for m, p, b in expected]


def test_discounts_stand_beside_the_cheapest(db: Path) -> None:
    r1, o1, _ = answer(db, "price", "--at-least", LEVEL)
    assert float(r1["open_discount"]) == pytest.approx(3.5 / 0.45)
    assert r1["host_discount"] == 2
    assert (o1["open_discount"], o1["host_discount"]) == (None, None)


def test_hosts_say_their_discount_and_in_how_many_bits_they_serve(db: Path) -> None:
    rows = answer(db, "price", "deepseek-r1")
    assert told(rows, "provider", "host_discount", "quantisation") == [
        ("azure", None, None),
        ("fireworks", 2, None),
        ("together", 1.5, "fp8"),
        ("deepseek", None, None),
    ]
    assert re.search(
        r"Together AI\s+fp8\s+0\.4\s+1\.2\s+0\.6\s+1\.5x", ask(db, "price", "deepseek-r1").stdout
    )


def test_the_cheapest_price_moves_in_time(db: Path) -> None:
    """What was taken back in three days is retracted, a list's beginning no move, the latest provisional."""
    rows = answer(db, "price", "--at-least", LEVEL, "--since", "2025-01-01")
    sides = [row for row in rows if row["side"] != "any"]
    found = told(sides, "side", "at", "provider", "blended", "before", "moved", "standing")
    assert [(s, at[:10], *rest) for s, at, *rest in found] == [
        ("open", "2025-01-10", "deepseek", Decimal("0.9"), None, False, "confirmed"),
        ("closed", "2025-01-10", "openai", Decimal("4.375"), None, False, "confirmed"),
        ("open", "2025-02-10", "together", Decimal("0.6"), Decimal("0.9"), True, "confirmed"),
        ("open", "2025-04-01", "together", Decimal("0.3"), Decimal("0.6"), True, "retracted"),
        ("open", "2025-04-04", "together", Decimal("0.6"), None, False, "confirmed"),
        ("open", "2025-05-01", "fireworks", Decimal("0.45"), None, False, "confirmed"),
        ("closed", "2025-06-27", "openai", Decimal("3.5"), Decimal("4.375"), True, "provisional"),
    ]


@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-30"])
def test_a_price_that_ends_with_the_calendar_has_no_end(tmp_path: Path, last: str) -> None:
    listed_ = [
        replace(one, effective_to=date.fromisoformat(last)) for one in offer("o1", "openai", "15", "60")
    ]
    with Built(tmp_path / "g.db", (PRICES,)) as built:
        built.captured(PRICES, "2025-01-05", [*listed_, fact("o1", "licence", "Proprietary")])
        built.captured(PRICES, "2025-02-05", listed_)
    (row,) = answer(tmp_path / "g.db", "price", "--provider", "openai")
    assert (row["input"], row["effective_to"]) == (15, last)


def test_a_later_beginning_tells_what_held_then(db: Path) -> None:
    rows = answer(db, "price", "--at-least", LEVEL, "--since", "2025-03-01", "--until", "2025-04-02")
    assert told([row for row in rows if row["side"] == "open"], "blended", "until") == [
        (Decimal("0.6"), "2025-04-01T12:00:00Z"),
        (Decimal("0.3"), "2025-04-04T12:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("closed", "open_", "said"),
    [
        ("3", "1", "Open is 3x cheaper."),
        ("1", "3", "Closed is 3x cheaper."),
        ("1.1", "1", "Open is 1.1x cheaper."),
        ("1.02", "1", "They cost about the same."),
        ("1", "1.02", "They cost about the same."),
        ("1", "1", "They cost the same."),
    ],
)
def test_what_is_told_of_the_cheapest_is_no_multiple_of_one(closed: str, open_: str, said: str) -> None:
    priced = (("open", Decimal(open_)), ("closed", Decimal(closed)))
    rows = [{"name": "m", "variant": "", "weights": side, "blended": price} for side, price in priced]
    offered = dict.fromkeys(("score", "input", "output", "host_discount"))
    told_ = by_kind(
        [{**offered, "provider_name": "h", **row} for row in rows],
        Level(OVERALL, ">=", Decimal(1340)),
        every=False,
    )
    assert said in " ".join(told_.split())


def test_a_trend_is_told_with_n_and_span_or_not_at_all(db: Path) -> None:
    rows = answer(db, "price", "--at-least", LEVEL, "--since", "2025-01-01")
    falls = {row["side"]: row["fall"] for row in rows}
    assert falls["closed"] is None
    told_ = ask(db, "price", "--at-least", LEVEL, "--since", "2025-01-01").stdout
    assert "Not enough data for a trend: fewer than four ever cheaper prices." in told_


def test_a_tier_is_the_level_of_who_led_then(db: Path) -> None:
    rows = answer(db, "price", "--tiers")
    assert {row["tier"]["model"] for row in rows} == {"gpt-4o"}
    assert told(rows, "side", "model", "blended") == [("closed", "gpt-4o", Decimal("4.375"))]


def test_list_price_and_bill_stand_side_by_side(db: Path) -> None:
    """R1's run cost 34 times less than o1's; at list price the difference is another one."""
    rows = answer(db, "price", "--effective", "aider.polyglot", "--on", "2025-06-01")
    names = ("model", "score", "blended", "cost", "cost_times", "cost_at_list")
    assert told(rows, *names) == [
        ("deepseek-r1", Decimal("56.9"), Decimal("0.45"), Decimal("5.42"), 1, Decimal("1.5")),
        ("gpt-4o", 23, Decimal("4.375"), 7, Decimal("1.29"), None),
        ("o1", Decimal("61.7"), Decimal("26.25"), Decimal("186.5"), Decimal("34.41"), None),
    ]
    assert rows[2]["list_times"] == Decimal("58.33")
    assert all(row["run_source"] == "aider_polyglot" and row["run_evidence"] for row in rows)


FASTEST = {
    "of those that reach it": ([LEVEL], ["o1", "deepseek-r1", "gpt-4o", "deepseek-r1"]),
    "of what may be used for anything": (
        [f"{OVERALL}>=1300", "--licence", "permissive"],
        ["o1", "deepseek-r1", "gpt-4o", "deepseek-r1"],
    ),
    "of all": (
        [f"{OVERALL}>=1300"],
        ["llama-3.1-405b-instruct", "o1", "deepseek-r1", "gpt-4o", "deepseek-r1"],
    ),
}


@pytest.mark.parametrize(("words", "expected"), FASTEST.values(), ids=FASTEST.keys())
def test_the_fastest_at_a_level(db: Path, words: list[str], expected: list[str]) -> None:
    rows = answer(db, "speed", "--at-least", *words)
    assert [row["model"] for row in rows] == expected
    assert all(row["score"] >= 1300 for row in rows)


def test_who_writes_fastest_and_who_answers_first_is_said_of_both_sides(db: Path) -> None:
    said = " ".join(ask(db, "speed", "--at-least", LEVEL).stdout.split("\n\n")[0].split())
    assert said == (
        f"{LEVEL}. Fastest: open DeepSeek R1 at Groq (250.0 tokens/s), closed o1 at OpenAI (300.0 tokens/s);"
        " first to answer: open DeepSeek R1 at Together AI (0.20 s), closed GPT-4o at OpenAI (0.50 s)."
    )


def test_a_month_later_no_speed_is_fresh(db: Path) -> None:
    done = ask(db, "speed", "--at-least", LEVEL, now="2025-08-01")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "the last was measured on 2025-06-20" in done.stderr


PLACES = [
    ["price", "--at-least", LEVEL],
    ["price", "--at-least", LEVEL, "--since", "1y"],
    ["price", "--tiers"],
    ["price", "--tiers", "--since", "1y"],
    ["price", "--effective", "aider.polyglot"],
    ["price", "deepseek-r1"],
    ["speed", "--at-least", LEVEL],
]


@pytest.mark.parametrize("words", PLACES, ids=" ".join)
def test_people_get_80_columns(db: Path, words: list[str]) -> None:
    lines = ask(db, *words).stdout.splitlines()
    assert lines
    assert max(map(len, lines)) <= 80


WRONG = {
    "no threshold": (["price", "--at-least", "1400"], 2, "is no threshold"),
    "at most": (["price", "--at-least", f"{OVERALL}<=1400"], 2, "turn the sign"),
    "a metric that nobody knows": (["price", "--at-least", "nonsense>=1"], 2, "no such metric"),
    "a level that nobody reaches": (["price", "--at-least", f"{OVERALL}>=9999"], 4, "is known in that time"),
    "nor in time": (["price", "--at-least", f"{OVERALL}>=9999", "--since", "1y"], 4, "is known"),
    "a level of a speed": (["speed", "--at-least", f"{OVERALL}>=9999"], 4, "no speed at"),
    "a board without bills": (["price", "--effective", OVERALL], 4, "tells neither what a run costs"),
    "two questions at once": (["price", "--tiers", "--at-least", LEVEL], 2, "questions of their own"),
    "a price that is none of tokens": (["price", "--at-least", "sold.minute>=1"], 2, "no such metric"),
    "before anything was known": (
        ["price", "--tiers", "--on", "2020-01-01"],
        4,
        "no price at an earlier level",
    ),
}


@pytest.mark.parametrize(("words", "code", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_answered(db: Path, words: list[str], code: int, said: str) -> None:
    done = ask(db, *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


Listing = tuple[str, tuple[str, str], tuple[str, str] | None]
DOUBTFUL: dict[str, tuple[list[Listing], list[tuple[str, str]]]] = {
    "a fall that every list has": (
        [("2025-01-10", ("10", "40"), ("10", "40")), ("2025-03-01", ("5", "20"), ("5", "20"))],
        [("2025-01-10", "17.5"), ("2025-03-01", "8.75")],
    ),
    "a price that its list put right: the other had the new one all the while": (
        [("2025-01-10", ("5", "20"), ("10", "40")), ("2025-03-01", ("10", "40"), ("10", "40"))],
        [("2025-01-10", "17.5")],
    ),
    "a wild price that nobody confirms": (
        [("2025-01-10", ("10", "40"), ("10", "40")), ("2025-03-01", ("0.1", "0.4"), ("10", "40"))],
        [("2025-01-10", "17.5")],
    ),
    "a model that is listed no more, and again": (
        [
            ("2025-01-10", ("10", "40"), None),
            ("2025-03-01", ("", ""), None),
            ("2025-05-01", ("5", "20"), None),
        ],
        [("2025-01-10", "17.5"), ("2025-03-01", ""), ("2025-05-01", "8.75")],
    ),
    "a model with one side alone has no blended price": (
        [("2025-01-10", ("10", "40"), None), ("2025-03-01", ("5", ""), None)],
        [("2025-01-10", "17.5"), ("2025-03-01", "")],
    ),
}


@pytest.mark.parametrize(("said", "expected"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_what_is_doubtful_makes_no_step(
    tmp_path: Path, said: list[Listing], expected: list[tuple[str, str]]
) -> None:
    path = tmp_path / "g.db"
    with Built(path, (BOARD, PRICES, OTHER)) as built:
        built.captured(BOARD, "2025-01-05", [score("o1", "1350"), fact("o1", "licence", "Proprietary")])
        for day, one, other in said:
            built.captured(PRICES, day, [*offer("gpt-4o", "openai", "1", "1"), *_sides("o1", *one)])
            if other:
                built.captured(OTHER, day, [*offer("gpt-4o", "openai", "1", "1"), *_sides("o1", *other)])
    rows = answer(path, "price", "o1", "--at-least", LEVEL, "--since", "2025-01-01")
    told_ = [(row["at"][:10], str(row["blended"] or "")) for row in rows if row["side"] == "closed"]
    assert told_ == expected


def _sides(subject: str, price_in: str, price_out: str) -> list[Observation]:
    """An offer of which a side may be missing ("")."""
    sides = (("input", price_in), ("output", price_out))
    return [Observation(subject, f"price.{part}", Decimal(p), "openai") for part, p in sides if p]


@pytest.mark.parametrize(
    ("released", "moved"),
    [
        pytest.param("2025-02-20", True, id="a model of these days is news"),
        pytest.param("2024-12-05", False, id="one that its lab had long sold is not"),
        pytest.param("", True, id="of which nobody knows the day"),
    ],
)
def test_a_list_that_grows_is_no_market_that_moves(tmp_path: Path, released: str, moved: bool) -> None:
    path = tmp_path / "g.db"
    facts = [fact("o1", "licence", "Proprietary"), fact("gpt-4o", "licence", "Proprietary")]
    facts += [fact("o1", "released", released)] if released else []
    with Built(path, (BOARD, PRICES)) as built:
        built.captured(BOARD, "2025-01-05", [score("o1", "1350"), score("gpt-4o", "1365"), *facts])
        dear = offer("gpt-4o", "openai", "2", "10")
        built.captured(PRICES, "2025-01-10", dear)
        built.captured(PRICES, "2025-03-01", [*dear, *offer("o1", "openai", "1", "1")])
    rows = answer(path, "price", "--at-least", LEVEL, "--since", "2025-02-01")
    assert told([row for row in rows if row["side"] == "closed"], "model", "moved") == [
        ("gpt-4o", False),
        ("o1", moved),
    ]


HALVED = {"2024-01-10": "16", "2024-03-23": "8", "2024-06-04": "4", "2024-08-16": "2"}


def test_a_trend_is_told_with_its_interval_n_and_span(tmp_path: Path) -> None:
    """A price that halves every 73 days falls 32-fold a year, whatever a seller took back in between."""
    path = tmp_path / "g.db"
    with Built(path, (BOARD, PRICES)) as built:
        built.captured(BOARD, "2024-01-05", [score("o1", "1350"), fact("o1", "licence", "Proprietary")])
        for day, price in {
            "2024-01-10": "16",
            "2024-03-23": "8",
            "2024-06-04": "4",
            "2024-08-16": "2",
        }.items():
            built.captured(PRICES, day, offer("o1", "openai", price, price))
        built.captured(PRICES, "2024-04-01", offer("o1", "openai", "3", "3"))
        built.captured(PRICES, "2024-04-03", offer("o1", "openai", "8", "8"))
    words = ("price", "--at-least", LEVEL, "--since", "2024-01-01")
    fall = answer(path, *words)[-1]["fall"]
    assert {name: round(value) for name, value in fall.items()} == {
        "factor": 32,
        "low": 32,
        "high": 32,
        "n": 4,
        "span_days": 219,
    }
    said = " ".join(ask(path, *words).stdout.split())
    assert "fall by a factor of 32 a year (90 %: 32 to 32; 4 prices over 219 days)." in said


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        pytest.param("2025-01-12", "unconfirmed", id="before another list agreed"),
        pytest.param("2025-01-20", "confirmed", id="since"),
    ],
)
def test_a_price_is_as_sure_as_it_was_on_the_day_asked_about(tmp_path: Path, day: str, standing: str) -> None:
    path = tmp_path / "gapwatch.db"
    with Built(path, (BOARD, PRICES, OTHER)) as built:
        for place, when, price in (
            (PRICES, "2025-01-01", ("3", "15")),
            (OTHER, "2025-01-01", ("3", "15")),
            (PRICES, "2025-01-10", ("0.2", "1")),
            (OTHER, "2025-01-15", ("0.2", "1")),
        ):
            built.captured(place, when, offer("deepseek-r1", "togetherai", *price))
    rows = answer(path, "price", "deepseek-r1", "--on", day)
    assert {(row["source"], row["standing"]) for row in rows} >= {("pricelist", standing)}
