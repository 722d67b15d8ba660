"""Storing: figures as points, bytes once, one transaction a capture, and any order of arrival the same.

A real database file; the truth to hold it against is a dictionary that replays the snapshots in order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.support.arrivals import arrival, at, board, register, score
from tracker.catalog.reference import load_reference
from tracker.domain import Announcement, ModelFact, Outcome, Record
from tracker.errors import ParseError
from tracker.source import Source
from tracker.store import database, health, reading, spans, writer
from tracker.store.health import Report, next_pause
from tracker.store.settle import settle
from tracker.store.times import stamp


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "gapwatch.db"


@pytest.fixture
def connection(db: Path) -> Iterator[Connection]:
    with database.writing(db) as connection:
        register(connection, board())
        yield connection


def points(connection: Connection, source: str = "board") -> list[tuple[Any, ...]]:
    """(subject, vintage, at, value, observed of its capture) of every point, in order."""
    rows = connection.exec_driver_sql(
        "SELECT s.subject, s.vintage, p.at, p.value, c.observed FROM point p JOIN series s ON s.id = p.series"
        " JOIN capture c ON c.id = p.capture WHERE s.source = ? ORDER BY 1, 2, 3",
        (source,),
    ).fetchall()
    connection.rollback()
    return [tuple(row) for row in rows]


def one(connection: Connection, sql: str) -> Any:
    found = connection.exec_driver_sql(sql).scalar()
    connection.rollback()
    return found


# What a figure is


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("-0.0", "0"),
        ("0.10000000000000000000001", "0.10000000000000000000001"),
        ("-2.50", "-2.5"),
    ],
)
def test_a_figure_is_kept_exactly_and_written_in_one_way(number: str, text: str) -> None:
    assert spans.canonical(Decimal(number)) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_figure_is_refused(number: str) -> None:
    with pytest.raises(ParseError):
        spans.canonical(Decimal(number))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_the_text_of_a_figure_is_the_figure(number: Decimal) -> None:
    text = spans.canonical(number)
    assert Decimal(text) == number
    assert spans.canonical(Decimal(text)) == text


def test_of_a_row_listed_twice_the_first_counts() -> None:
    found = spans.figures([score("a", "1"), score("a", "2")])
    assert [value.value for value in found.values()] == ["1"]


# What becomes a point

A, B = at("2026-05-01"), at("2026-05-02")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(["a 1"], ["a 1"], ["a@1=1"], id="unchanged"),
        pytest.param(["a 1"], ["a 2"], ["a@1=1", "a@2=2"], id="changed"),
        pytest.param(["a 1"], ["a 1", "b 5"], ["a@1=1", "b@2=5"], id="listed"),
        pytest.param(["a 1", "b 5"], ["a 1"], ["a@1=1", "b@1=5", "b@2=None"], id="gone"),
        pytest.param(["a 1"], ["a 1.00"], ["a@1=1"], id="the-same-figure-written-otherwise"),
        pytest.param(["a 1 v1"], ["a 3 v2"], ["a@1=1", "a@2=3"], id="a-new-vintage-unlists-nothing"),
    ],
)
def test_a_snapshot_becomes_points_where_it_says_something_new(
    connection: Connection, first: list[str], second: list[str], expected: list[str]
) -> None:
    for when, rows in ((A, first), (B, second)):
        writer.store(connection, arrival(board(), when, [parsed(row) for row in rows]))
    assert [f"{p[0]}@{p[2][9]}={p[3]}" for p in points(connection)] == expected


def parsed(row: str) -> Record:
    """`a 1` or `a 1 v1` as an observation."""
    subject, value, *vintage = row.split()
    return score(subject, value, vintage=vintage[0] if vintage else "")


def test_what_is_no_listing_says_nothing_by_leaving_out(connection: Connection) -> None:
    place = board(listing=False)
    writer.store(connection, arrival(place, A, [score("a", "1"), score("b", "1")]))
    writer.store(connection, arrival(place, B, [score("a", "1")]))
    assert [p[3] for p in points(connection)] == ["1", "1"]


def test_facts_are_series_like_figures(connection: Connection) -> None:
    for when, weights in ((A, "closed"), (B, "open")):
        fact = ModelFact("a", "weights", weights)
        writer.store(connection, arrival(board(), when, [score("a", "1"), fact]))
    kept = connection.exec_driver_sql(
        "SELECT value FROM point JOIN series ON series.id = series WHERE metric = 'fact.weights' ORDER BY at"
    ).fetchall()
    assert [row[0] for row in kept] == ["closed", "open"]


# Any order of arrival

SUBJECTS = ["a", "b", "c"]
Snapshot = dict[tuple[str, str], str]  # (subject, vintage) -> value
snapshots = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(SUBJECTS), st.just("")),
        st.sampled_from(["1", "2", "3"]),
        min_size=1,
    ),
    min_size=1,
    max_size=6,
)
number = count()


def replayed(shots: Sequence[Snapshot]) -> list[Snapshot]:
    """What is in force after each snapshot, by the plainest means: a listing says everything it lists."""
    states: list[Snapshot] = []
    for shot in shots:
        spoken = {vintage for _, vintage in shot}
        kept = {key: value for key, value in (states[-1] if states else {}).items() if key[1] not in spoken}
        states.append(kept | shot)
    return states


def day(index: int) -> datetime:
    return at("2026-01-01") + timedelta(days=index)


def arrive(connection: Connection, source: Source, index: int, shot: Snapshot) -> None:
    records = [score(subject, value, vintage=vintage) for (subject, vintage), value in shot.items()]
    writer.store(connection, arrival(source, day(index), records))


def answers(connection: Connection, source: str, length: int) -> list[Snapshot]:
    """What the database says is in force at each day."""
    found: list[Snapshot] = [{} for _ in range(length)]
    for subject, vintage, since, value, _ in points(connection, source):
        for index in range(length):
            if since <= stamp(day(index)):
                found[index][subject, vintage] = value
    return [{key: value for key, value in state.items() if value is not None} for state in found]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), shots=snapshots)
def test_any_order_of_the_same_snapshots_gives_the_same_points(
    connection: Connection, data: st.DataObject, shots: list[Snapshot]
) -> None:
    order = data.draw(st.permutations(range(len(shots))))
    straight, shuffled = board(f"straight{next(number)}"), board(f"shuffled{next(number)}")
    register(connection, straight, shuffled)
    for index, shot in enumerate(shots):
        arrive(connection, straight, index, shot)
    for index in order:
        arrive(connection, shuffled, index, shots[index])
    assert points(connection, shuffled.name) == points(connection, straight.name)
    assert answers(connection, shuffled.name, len(shots)) == replayed(shots)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), shots=snapshots)
def test_what_is_stored_twice_is_stored_once(
    connection: Connection, data: st.DataObject, shots: list[Snapshot]
) -> None:
    source = board(f"twice{next(number)}")
    register(connection, source)
    for index, shot in enumerate(shots):
        arrive(connection, source, index, shot)
    before = points(connection, source.name)
    again = data.draw(st.integers(0, len(shots) - 1))
    arrive(connection, source, again, shots[again])
    assert points(connection, source.name) == before


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shots=snapshots)
def test_points_are_only_where_something_changes(connection: Connection, shots: list[Snapshot]) -> None:
    source = board(f"lean{next(number)}")
    register(connection, source)
    for index, shot in enumerate(shots):
        arrive(connection, source, index, shot)
    for earlier, later in pairwise(points(connection, source.name)):
        assert earlier[:2] != later[:2] or earlier[3] != later[3]


def test_a_snapshot_that_arrives_within_the_span_of_another_parts_it(connection: Connection) -> None:
    """Seen on days 1 and 9; then an archive says that on day 5 it was otherwise."""
    place = board()
    register(connection, place)
    arrive(connection, place, 1, {("a", ""): "1"})
    writer.seen_again(connection, "board", day(9))
    arrive(connection, place, 5, {("a", ""): "2"})
    assert [state.get(("a", "")) for state in answers(connection, "board", 11)] == [
        None,
        *["1"] * 4,
        *["2"] * 4,
        *["1"] * 2,
    ]


# Captures and bytes


def test_the_same_bytes_are_kept_once(connection: Connection) -> None:
    for when in (A, B):
        writer.store(connection, arrival(board(), when, [score("a", "1")], body=b"same"))
    assert one(connection, "SELECT count(*) FROM payload") == 1
    assert one(connection, "SELECT count(*) FROM capture") == 2


def test_the_bytes_come_back_as_they_were(connection: Connection, db: Path) -> None:
    sent = arrival(board(), A, [score("a", "1")], body=bytes(range(256)) * 40)
    writer.store(connection, sent)
    with reading.reading(db) as known:
        assert reading.body(known, sent.pages[0].sha256) == sent.pages[0].body


def test_a_thousand_unchanged_visits_add_no_row(connection: Connection) -> None:
    writer.store(connection, arrival(board(), A, [score("a", "1")]))
    for hours in range(1000):
        writer.seen_again(connection, "board", A + timedelta(hours=hours))
    assert one(connection, "SELECT count(*) FROM capture") == 1
    assert one(connection, "SELECT until FROM capture") == stamp(A + timedelta(hours=999))


def test_seeing_it_again_earlier_does_not_shorten_the_span(connection: Connection) -> None:
    writer.store(connection, arrival(board(), A, [score("a", "1")]))
    writer.seen_again(connection, "board", A + timedelta(days=3))
    writer.seen_again(connection, "board", A + timedelta(days=1))
    assert one(connection, "SELECT until FROM capture") == stamp(A + timedelta(days=3))


def test_a_suspect_page_is_kept_and_its_figures_are_held(connection: Connection) -> None:
    writer.store(connection, arrival(board(), A, [score("a", "1")]))
    stored = writer.store(connection, arrival(board(), B, [score("a", "1000")], outcome=Outcome.SUSPECT))
    assert stored.changed == 0
    assert [p[3] for p in points(connection)] == ["1"]
    assert one(connection, "SELECT count(*) FROM payload") == 2


def test_a_suspect_page_is_asked_for_whole_again(connection: Connection, db: Path) -> None:
    good = arrival(board(), A, [score("a", "1")], body=b"good")
    writer.store(connection, good)
    writer.store(connection, arrival(board(), B, [score("a", "9")], body=b"bad", outcome=Outcome.SUSPECT))
    with reading.reading(db) as known:
        assert [page.sha256 for page in reading.known_pages(known, "board")] == [good.pages[0].sha256]


def test_an_arrival_is_stored_whole_or_not_at_all(connection: Connection) -> None:
    """The second row is no figure: not even the bytes of the visit stay."""
    with pytest.raises(ParseError):
        writer.store(connection, arrival(board(), A, [score("a", "1"), score("b", "NaN")]))
    for table in ("payload", "capture", "capture_page", "page", "series", "point"):
        assert one(connection, f"SELECT count(*) FROM {table}") == 0


def test_every_point_leads_to_its_bytes(connection: Connection) -> None:
    for index in range(5):
        arrive(connection, board(), index, {("a", ""): str(index % 2), ("b", ""): "7"})
    assert one(connection, "SELECT count(*) FROM pragma_foreign_key_check") == 0
    lost = (
        "SELECT count(*) FROM point p LEFT JOIN capture_page c ON c.capture = p.capture"
        " LEFT JOIN payload ON payload.sha256 = c.sha256 WHERE payload.sha256 IS NULL"
    )
    assert one(connection, lost) == 0


def item(key: str, title: str = "News", published: datetime | None = A) -> Announcement:
    return Announcement(key, f"https://lab.example/{key}", title, "lab", published)


def test_an_announcement_is_news_once_whatever_its_date_says_later(connection: Connection) -> None:
    """Feeds give undated pages a new pubDate at each run."""
    writer.store(connection, arrival(board(), A, [item("x")]))
    stored = writer.store(connection, arrival(board(), B, [item("x", "Retitled", B), item("y")]))
    assert stored.changed == 1
    assert one(connection, "SELECT title FROM announcement WHERE key = 'x'") == "News"


def test_an_announcement_that_an_archive_knew_earlier_is_older(connection: Connection) -> None:
    writer.store(connection, arrival(board(), B, [item("x")]))
    writer.store(connection, arrival(board(), A, [item("x")]))
    assert one(connection, "SELECT first_seen FROM announcement") == stamp(A)


def test_reading_goes_on_while_a_capture_is_written(connection: Connection, db: Path) -> None:
    writer.store(connection, arrival(board(), A, [score("a", "1")]))
    with connection.begin(), closing(sqlite3.connect(db, timeout=0)) as reader:
        connection.exec_driver_sql("DELETE FROM point")
        assert reader.execute("SELECT count(*) FROM point").fetchone()[0] == 1


# How the places are doing

DUE_AFTER = timedelta(hours=12)


@pytest.mark.parametrize(
    ("outcome", "failures", "retry_after", "pause"),
    [
        pytest.param(Outcome.NEW, 0, None, timedelta(hours=12), id="well"),
        pytest.param(Outcome.UNCHANGED, 0, None, timedelta(hours=12), id="unchanged"),
        pytest.param(Outcome.FAILED, 1, None, timedelta(minutes=15), id="first-failure"),
        pytest.param(Outcome.FAILED, 3, None, timedelta(hours=1), id="third-failure"),
        pytest.param(Outcome.FAILED, 99, None, timedelta(days=1), id="never-given-up"),
        pytest.param(Outcome.FAILED, 1, 7200.0, timedelta(hours=2), id="retry-after"),
        pytest.param(Outcome.SUSPECT, 1, None, timedelta(minutes=15), id="suspect"),
        pytest.param(Outcome.BLOCKED, 1, None, timedelta(days=1), id="blocked"),
        pytest.param(Outcome.BLOCKED, 99, None, timedelta(days=7), id="blocked-for-long"),
        pytest.param(Outcome.OFFLINE, 0, None, timedelta(0), id="we-are-off-line"),
    ],
)
def test_a_place_is_left_alone_as_long_as_its_outcome_says(
    outcome: Outcome, failures: int, retry_after: float | None, pause: timedelta
) -> None:
    said = Report("board", outcome, A, retry_after=retry_after)
    assert next_pause(said, DUE_AFTER, failures) == pause


def test_failures_add_up_until_a_good_visit(connection: Connection) -> None:
    for outcome, failures in (
        (Outcome.FAILED, 1),
        (Outcome.OFFLINE, 1),
        (Outcome.SUSPECT, 2),
        (Outcome.UNCHANGED, 0),
    ):
        health.report(connection, Report("board", outcome, A))
        assert one(connection, "SELECT failures FROM source") == failures


def test_a_place_is_due_at_first_and_then_by_its_cadence(connection: Connection) -> None:
    assert health.due(connection, A) == {"board"}
    health.report(connection, Report("board", Outcome.NEW, A, rows=40))
    assert health.due(connection, A + timedelta(hours=11, minutes=59)) == set()
    assert health.due(connection, A + timedelta(hours=12)) == {"board"}


def test_a_failed_visit_leaves_what_was_known_of_the_last_good_one(connection: Connection) -> None:
    health.report(connection, Report("board", Outcome.NEW, A, rows=40))
    health.report(connection, Report("board", Outcome.FAILED, B, note="refused"))
    row = connection.exec_driver_sql("SELECT rows, last_success, last_attempt, note FROM source").one()
    assert tuple(row) == (40, stamp(A), stamp(B), "refused")


def test_an_upgrade_keeps_the_health_of_a_place(connection: Connection) -> None:
    health.report(connection, Report("board", Outcome.NEW, A, rows=40))
    register(connection, board())
    assert one(connection, "SELECT rows FROM source") == 40


def test_a_hosts_pause_survives_a_restart(db: Path) -> None:
    row = ("slow.example", stamp(B), "User-agent: *", stamp(A))
    with database.writing(db) as connection:
        health.remember_hosts(connection, [row])
    with database.writing(db) as connection:
        assert health.hosts(connection) == [row]


def test_an_unfinished_slot_can_be_given_back_and_a_finished_one_cannot(connection: Connection) -> None:
    for slot in ("2026-W20", "2026-W21"):
        assert health.take_slot(connection, "digest", slot, A)
    health.finish_slot(connection, "digest", "2026-W20", B)
    assert health.last_slot(connection, "digest") == "2026-W21"
    assert health.release_slots(connection, "digest") == ["2026-W21"]
    assert not health.take_slot(connection, "digest", "2026-W20", B)
    assert health.take_slot(connection, "digest", "2026-W21", B)


def test_settling_writes_to_the_captures_that_it_settled_alone(connection: Connection) -> None:
    writer.store(connection, arrival(board(), A, [score("a", "1")]))
    settle(connection, {"board": board()}, load_reference())
    with database.transaction(connection):
        connection.exec_driver_sql("CREATE TEMP TABLE written (id INTEGER)")
        connection.exec_driver_sql(
            "CREATE TEMP TRIGGER told AFTER UPDATE ON capture BEGIN INSERT INTO written VALUES (new.id); END"
        )
    stored = writer.store(connection, arrival(board(), B, [score("a", "2")]))
    settle(connection, {"board": board()}, load_reference())
    assert connection.exec_driver_sql("SELECT id FROM written").scalars().all() == [stored.capture]
