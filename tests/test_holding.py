"""Holding: what is not believed stays out of the figures until something speaks for it, and is shown."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.support.arrivals import arrival, at, board
from tests.support.smallweb import SmallWeb
from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import quarantine
from tracker.collect.fetch import Fetcher
from tracker.collect.poll import Pass, poll
from tracker.domain import Kind, Observation, Record, Standing
from tracker.errors import UsageError
from tracker.source import Payload, Source
from tracker.store import database, health, holding, reading, weekly, writer
from tracker.store.settle import settle
from tracker.store.times import stamp
from tracker.trends import belief
from tracker.trends.belief import Prices, Step, Verdict, decide

MODEL, PROVIDER = "deepseek-r1", "together"
LIST, OTHER = (replace(board(name), kind=Kind.PRICES) for name in ("list", "other"))
FIRST = at("2026-01-05T09:00")


# The pure decider


def steps(*prices: str) -> list[Step]:
    """`3/15` as input and output; a day each; `3/15!` with a person's word for it."""
    found = []
    for day, text in enumerate(prices):
        both = text.rstrip("!").split("/")
        known: Prices = {
            part: None if price == "-" else Decimal(price)
            for part, price in zip(("input", "output"), both, strict=True)
        }
        found.append(Step(f"2026-01-{day + 1:02}", known, "release" if text.endswith("!") else ""))
    return found


def nobody(before: Prices, said: Prices, start: str, end: str) -> tuple[str, bool] | None:
    return None


HISTORIES: dict[str, tuple[list[Step], str]] = {
    "it falls by half": (steps("3/15", "1.5/7.5"), "++"),
    "ninefold is no wild move": (steps("3/15", "27/135"), "++"),
    "a decimal point moved is one": (steps("3/15", "30/150", "3/15"), "+c+"),
    "a slip mended back": (steps("3/15", "3000/15000", "3/15"), "+c+"),
    "a slip mended to within one per cent": (steps("3/15", "3000/15000", "3.02/15.1"), "+c+"),
    "a slip that stays": (steps("3/15", "3000/15000"), "+?"),
    "a slip that moves on": (steps("3/15", "3000/15000", "3100/15000"), "+??"),
    "one part alone is wild": (steps("3/15", "3/1500"), "+?"),
    "suddenly free": (steps("3/15", "0/0"), "+?"),
    "after a slip a true price": (steps("3/15", "3000/15000", "2/10"), "+?+"),
    "gone, and back at another price": (steps("3/15", "-/-", "4/20"), "+++"),
    "gone, and back a thousandfold": (steps("3/15", "-/-", "3000/15000"), "++?"),
    "a person believes it": (steps("3/15", "0.1/0.5!", "0.11/0.5"), "+++"),
    "what a person believed is mended back": (steps("3/15", "3000/15000!", "3/15"), "++c"),
}
SIGNS = {Standing.CONFIRMED: "+", Standing.UNCONFIRMED: "?", Standing.CORRECTED: "c"}


@pytest.mark.parametrize(("said", "signs"), HISTORIES.values(), ids=HISTORIES.keys())
def test_a_wild_price_is_held_until_something_speaks_for_it(said: list[Step], signs: str) -> None:
    assert "".join(SIGNS[verdict.standing] for verdict in decide(said, nobody)) == signs


def test_a_cache_price_alone_makes_no_offer_doubtful() -> None:
    """DeepSeek V4 Pro in May 2026: a quarter of the price, and a fortieth of it for what is cached."""
    prices = ({"input": "1.74", "cache_read": "0.145"}, {"input": "0.435", "cache_read": "0.003625"})
    said = [
        Step(str(day), {part: Decimal(p) for part, p in state.items()}) for day, state in enumerate(prices)
    ]
    assert decide(said, nobody)[1] == Verdict(True)


def test_another_list_that_agrees_confirms_and_one_that_always_did_corrects() -> None:
    said = steps("3/15", "0.2/1")

    def moved(*_: object) -> tuple[str, bool]:
        return "2026-01-09", False

    def always(*_: object) -> tuple[str, bool]:
        return "2026-01-02", True

    assert decide(said, moved)[1] == Verdict(True, True, Standing.CONFIRMED, "2026-01-09")
    assert decide(said, always)[1] == Verdict(True, True, Standing.CORRECTED, "2026-01-02")


@given(st.lists(st.decimals("0.01", "1000", places=2), min_size=1, max_size=12))
def test_what_is_in_force_never_moves_wildly_of_itself(prices: list[Decimal]) -> None:
    said = [Step(f"{day:03}", {"input": price}) for day, price in enumerate(prices)]
    kept = [step.prices for step, verdict in zip(said, decide(said, nobody), strict=True) if verdict.believed]
    assert kept[0] == said[0].prices
    assert not any(belief.wild(a, b) for a, b in itertools.pairwise(kept))


# Through the store


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "gapwatch.db"


@pytest.fixture
def connection(db: Path) -> Iterator[Connection]:
    with database.writing(db) as connection:
        health.register(connection, [LIST, OTHER], METRICS, providers(load_reference()))
        yield connection


def offer(price: str, subject: str = MODEL, provider: str = PROVIDER) -> list[Record]:
    """`3/15` as the input and output price of an offer."""
    parts = zip(("input", "output"), price.split("/"), strict=True)
    return [Observation(subject, f"price.{part}", Decimal(value), provider) for part, value in parts]


def tell(connection: Connection, source: Source, day: int, *prices: str) -> None:
    rows = [
        row for n, price in enumerate(prices) for row in offer(price, MODEL if n == 0 else "gpt-4o", PROVIDER)
    ]
    writer.store(connection, arrival(source, FIRST + timedelta(days=day), rows))
    settle(connection, {LIST.name: LIST, OTHER.name: OTHER}, load_reference())


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    found = [tuple(row) for row in connection.exec_driver_sql(sql).fetchall()]
    connection.rollback()
    return found


def in_force(connection: Connection, source: Source = LIST) -> list[str]:
    """`day: value` of every believed input price of the model."""
    found = rows(
        connection,
        "SELECT substr(p.at, 9, 2), p.value FROM point p JOIN series s ON s.id = p.series WHERE s.metric ="
        f" 'price.input' AND s.subject = '{MODEL}' AND s.source = '{source.name}' ORDER BY p.at",
    )
    return [f"{day}: {value}" for day, value in found]


def moves(connection: Connection) -> list[tuple[str, str, str]]:
    return [
        (row[0], row[1], row[2])
        for row in rows(
            connection, "SELECT substr(at, 9, 2), kind, standing FROM change ORDER BY at, kind, source"
        )
    ]


def test_a_wild_offer_is_held_and_the_rest_of_the_list_stored(connection: Connection, db: Path) -> None:
    tell(connection, LIST, 0, "3/15", "2/8")
    tell(connection, LIST, 1, "3000/15000", "1/4")
    assert in_force(connection) == ["05: 3"]
    assert moves(connection) == [("06", "price down", "confirmed"), ("06", "price up", "unconfirmed")]
    with reading.reading(db) as known:
        (held,) = holding.quarantine(known)
        digest = weekly.held(known, "2026-01-01T00:00:00Z", "2026-01-31T00:00:00Z")
    assert (held.source, held.rows) == ("list", 2)
    assert held.reason == "deepseek-r1 at together: input 3 to 3000, output 15 to 15000"
    assert digest == [held]


def test_a_slip_that_is_mended_was_a_correction_and_no_price_cut(connection: Connection, db: Path) -> None:
    for day, price in enumerate(("3/15", "3000/15000", "3000/15000", "3/15")):
        tell(connection, LIST, day, price)
    assert in_force(connection) == ["05: 3"]
    assert moves(connection) == [("06", "price up", "corrected")]
    with reading.reading(db) as known:
        assert holding.quarantine(known) == []
        assert [held.observed[8:10] for held in holding.quarantine(known, "2026-01-07T00:00:00Z")] == ["06"]


@pytest.mark.parametrize("first", [LIST, OTHER], ids=["held-first", "witness-first"])
def test_another_list_releases_it_whichever_comes_first(connection: Connection, first: Source) -> None:
    tell(connection, LIST, 0, "3/15")
    tell(connection, OTHER, 0, "3/15")
    second = OTHER if first is LIST else LIST
    tell(connection, first, 1, "0.2/1")
    assert in_force(connection, first) == ["05: 3"]
    tell(connection, second, 2, "0.201/1")
    assert in_force(connection, first) == ["05: 3", "06: 0.2"]
    assert in_force(connection, second) == ["05: 3", "07: 0.201"]
    assert {(kind, standing) for _, kind, standing in moves(connection)} == {("price down", "confirmed")}


@pytest.mark.parametrize(
    "then", ["3000/15000", "30000/15000", "2/8", ""], ids=["stays", "wilder", "tame", "gone"]
)
def test_a_held_price_waits_as_long_as_its_list_says_nothing_else(
    connection: Connection, db: Path, then: str
) -> None:
    tell(connection, LIST, 0, "3/15", "2/8")
    tell(connection, LIST, 1, "3000/15000", "2/8")
    rest = offer("2/8.1", "gpt-4o")
    rows = [*offer(then), *rest] if then else rest
    writer.store(connection, arrival(LIST, FIRST + timedelta(days=2), rows))
    settle(connection, {LIST.name: LIST, OTHER.name: OTHER}, load_reference())
    with reading.reading(db) as known:
        waits = [(held.observed[8:10], held.rows) for held in holding.quarantine(known)]
        before = [held.observed[8:10] for held in holding.quarantine(known, "2026-01-06T20:00:00Z")]
    assert waits == {"3000/15000": [("06", 2)], "30000/15000": [("06", 1), ("07", 1)]}.get(then, [])
    assert before == ["06"]


def test_where_the_other_list_never_had_the_old_price_it_was_a_correction(connection: Connection) -> None:
    tell(connection, OTHER, 0, "0.3/1.5")
    tell(connection, LIST, 0, "300/1500")
    tell(connection, LIST, 5, "0.3/1.5")
    assert in_force(connection) == ["05: 300", "10: 0.3"]
    assert moves(connection) == [("10", "price down", "corrected")]


@pytest.mark.parametrize("mended_first", [True, False], ids=["mended-first", "witnesses-first"])
def test_other_sellers_show_that_the_old_price_was_the_slip(
    connection: Connection, mended_first: bool
) -> None:
    """Helicone's Mistral Small, listed at a thousand times its price for months, and mended in May 2026."""
    tell(connection, LIST, 0, "75/200")
    sellers = (("groq", "0.1/0.3"), ("deepinfra", "0.15/0.2"), ("fireworks-ai", "0.2/0.6"))
    asked = [row for seller, price in sellers for row in offer(price, provider=seller)]
    if not mended_first:
        writer.store(connection, arrival(OTHER, FIRST + timedelta(days=1), asked))
    tell(connection, LIST, 5, "0.075/0.2")
    if mended_first:
        assert (in_force(connection), moves(connection)) == (
            ["05: 75"],
            [("10", "price down", "unconfirmed")],
        )
        writer.store(connection, arrival(OTHER, FIRST + timedelta(days=1), asked))
        settle(connection, {LIST.name: LIST, OTHER.name: OTHER}, load_reference())
    assert in_force(connection) == ["05: 75", "10: 0.075"]
    assert moves(connection) == [("10", "price down", "corrected")]


def test_another_provider_or_a_disagreeing_list_releases_nothing(connection: Connection) -> None:
    tell(connection, LIST, 0, "3/15")
    tell(connection, LIST, 1, "0.2/1")
    writer.store(connection, arrival(OTHER, FIRST, offer("0.2/1", provider="groq")))
    settle(connection, {LIST.name: LIST, OTHER.name: OTHER}, load_reference())
    tell(connection, OTHER, 2, "0.25/1")
    assert in_force(connection) == ["05: 3"]


@pytest.mark.parametrize(
    ("release", "left"), [(True, ["05: 3", "06: 3000"]), (False, ["05: 3"])], ids=["release", "discard"]
)
def test_a_held_price_is_decided_by_hand_and_stays_so(
    connection: Connection, db: Path, release: bool, left: list[str]
) -> None:
    tell(connection, LIST, 0, "3/15", "2/8")
    tell(connection, LIST, 1, "3000/15000", "2/8")
    decide_by_hand(connection, db, release=release)
    assert in_force(connection) == left
    tell(connection, LIST, 2, "3000/15000", "1/4")
    assert in_force(connection) == left
    with reading.reading(db) as known:
        assert holding.quarantine(known) == []


def decide_by_hand(connection: Connection, db: Path, *, release: bool) -> None:
    with reading.reading(db) as known:
        (held,) = holding.quarantine(known)
    sources = {LIST.name: LIST, OTHER.name: OTHER, PAGES.name: PAGES}
    quarantine.decide(connection, db, held.id, sources, load_reference(), FIRST, release=release)


@pytest.mark.parametrize("late", [False, True], ids=["as it came", "the other list arrives late"])
def test_a_price_that_another_list_never_saw_is_this_lists_correction(
    connection: Connection, late: bool
) -> None:
    """GPT-5.5 Pro in May 2026: one list had it at twice its price for a month, another never."""
    told = [(OTHER, 0, "30/180"), (LIST, 1, "60/360"), (LIST, 2, "30/180"), (OTHER, 3, "20/120")]
    for source, day, price in [*told[1:], told[0]] if late else told:
        tell(connection, source, day, price)
    assert moves(connection) == [("07", "price down", "corrected"), ("08", "price down", "confirmed")]


# Pages


def parse(payload: Payload) -> Iterator[Record]:
    for name, value in payload.json().items():
        category, _, subject = name.rpartition(" ")
        yield Observation(subject, f"lmarena.text.{category or 'overall'}", Decimal(value))


PAGES = replace(board("pages"), parse=parse)


def body(models: int, up: int = 0, maths: int = 0) -> bytes:
    rows = {f"m{n}": 1500 - n + up for n in range(models)}
    return json.dumps(rows | {f"math m{n}": 1400 - n + up for n in range(maths)}).encode()


class Desk:
    """A place on the web that shows what it is told to, and visits to it."""

    def __init__(self, connection: Connection, db: Path, web: SmallWeb) -> None:
        self.connection, self.db, self.web = connection, db, web

    def visit(self, day: int, content: bytes, place: Source = PAGES) -> str:
        """The outcome of a pass on a day on which the place shows this, with the first word of its note."""
        now = FIRST + timedelta(days=day)
        assert isinstance(self.web.pages, dict)
        self.web.pages[PAGES.urls[0]] = {"2026-01-01": content}
        with Fetcher(contact="test", clock=lambda: now, environ=self.web.env) as fetcher:
            world = Pass(self.db, self.connection, fetcher, load_reference(), {place.name: place}, now)
            (report,) = poll([place], {}, world)
        return f"{report.outcome} {report.note.partition(':')[0].partition(' ')[0]}".strip()

    def held(self) -> list[tuple[str, int]]:
        """(day, rows) of what is held."""
        with reading.reading(self.db) as known:
            return [(row.observed[8:10], row.rows) for row in holding.quarantine(known)]

    def visits(self) -> list[int]:
        return [
            row[0] for row in rows(self.connection, "SELECT visits FROM capture WHERE outcome = 'suspect'")
        ]

    def listed(self) -> int:
        with reading.reading(self.db) as known:
            return len(holding.snapshot(known, PAGES.name).figures)


@pytest.fixture
def desk(connection: Connection, db: Path) -> Iterator[Desk]:
    health.register(connection, [PAGES], METRICS, [("acme", "acme", "Acme", "host")])
    with SmallWeb({}, "2026-02-01") as web:
        yield Desk(connection, db, web)


def test_a_suspect_page_is_held_and_released_by_the_next_good_one(desk: Desk) -> None:
    assert desk.visit(0, body(20)) == "new"
    assert desk.visit(1, body(10)) == "suspect shrunken"
    assert (desk.held(), desk.listed()) == ([("06", 10)], 20)
    assert desk.visit(2, body(21)) == "new"
    assert (desk.held(), desk.listed()) == ([], 21)


def test_a_page_that_is_as_it_was_before_releases_it_too(desk: Desk) -> None:
    assert [desk.visit(0, body(20)), desk.visit(1, body(10)), desk.visit(2, body(20))] == [
        "new",
        "suspect shrunken",
        "unchanged",
    ]
    assert desk.held() == []


def test_the_same_suspect_page_again_extends_the_first(desk: Desk) -> None:
    for day, content in enumerate((body(20), body(10), body(10), body(10))):
        desk.visit(day, content)
    assert (desk.held(), desk.visits()) == ([("06", 10)], [3])


PATIENCE: dict[str, tuple[list[tuple[int, bytes]], list[str]]] = {
    "the same for eight days": (
        [(1, body(10)), (5, body(10)), (9, body(10))],
        ["suspect shrunken", "suspect shrunken", "new believed"],
    ),
    "much the same for eight days": (
        [(1, body(10)), (5, body(11)), (9, body(9))],
        ["suspect shrunken", "suspect shrunken", "new believed"],
    ),
    "three visits in three days": (
        [(1, body(10)), (2, body(10)), (3, body(10))],
        ["suspect shrunken"] * 3,
    ),
    "two visits in nine days": ([(1, body(10)), (10, body(10))], ["suspect shrunken"] * 2),
    "ever smaller": (
        [(1, body(12)), (5, body(8)), (9, body(4))],
        ["suspect shrunken"] * 3,
    ),
    "never believed: dated or empty": ([(1, b"{}"), (5, b"{}"), (9, b"{}")], ["suspect empty"] * 3),
}


@pytest.mark.parametrize(("visits", "outcomes"), PATIENCE.values(), ids=PATIENCE.keys())
def test_a_board_that_truly_shrank_is_believed_after_three_visits_and_seven_days(
    desk: Desk, visits: list[tuple[int, bytes]], outcomes: list[str]
) -> None:
    desk.visit(0, body(20))
    assert [desk.visit(day, content) for day, content in visits] == outcomes


def test_what_is_held_and_cannot_be_read_any_more_is_no_reason_to_fail(desk: Desk) -> None:
    desk.visit(0, body(20))
    for day in (1, 5):
        desk.visit(day, body(10, up=day))

    def strict(payload: Payload) -> Iterator[Record]:
        assert payload.json()["m0"] >= 1509  # which pages of the tenth day on have
        return parse(payload)

    edited = replace(PAGES, parse=strict)
    assert desk.visit(10, body(10, up=10), edited) == "suspect shrunken"


def test_what_the_last_good_page_did_not_show_is_not_missed(desk: Desk) -> None:
    """LMArena's record of 2025 has days with the overall table alone: held for a week, then believed."""
    assert desk.visit(0, body(20, maths=20)) == "new"
    partial = [desk.visit(day, body(20, up=day)) for day in (1, 5, 9)]
    assert partial == ["suspect shrunken", "suspect shrunken", "new believed"]
    assert [desk.visit(11, body(21)), desk.visit(12, body(21, maths=20))] == ["new", "new"]
    assert desk.visit(13, body(22)) == "suspect shrunken"
    assert desk.visit(14, body(10, maths=20)) == "suspect shrunken"


def test_a_held_page_is_released_by_hand_at_the_time_it_was_seen(desk: Desk) -> None:
    desk.visit(0, body(20))
    desk.visit(1, body(10, up=1))
    decide_by_hand(desk.connection, desk.db, release=True)
    assert (desk.held(), desk.listed()) == ([], 10)
    last = "SELECT observed, origin FROM capture WHERE outcome = 'new' ORDER BY observed DESC LIMIT 1"
    assert rows(desk.connection, last) == [(stamp(FIRST + timedelta(days=1)), "release")]


def test_what_is_discarded_is_asked_about_no_more(desk: Desk) -> None:
    desk.visit(0, body(20))
    desk.visit(1, body(10))
    decide_by_hand(desk.connection, desk.db, release=False)
    assert (desk.held(), desk.listed()) == ([], 20)


def test_an_unknown_number_is_refused(connection: Connection, db: Path) -> None:
    with pytest.raises(UsageError, match="nothing is held under 99"):
        quarantine.decide(connection, db, "99", {}, load_reference(), FIRST, release=True)
