"""Where a board's scale becomes another one: a new vintage, nothing compared across, one line."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from tests.support.arrivals import arrival, at, board, register, score
from tracker.catalog.reference import load_reference
from tracker.digest.build import build
from tracker.digest.weeks import parse_week
from tracker.domain import ModelFact, Record
from tracker.store import database, reading, writer
from tracker.store.settle import settle
from tracker.trends.vintage import Score, Shift, name, own, rescaled, shift

BOARD = replace(board(), authority=True)
FIRST = at("2026-01-05T09:00")


def scored(*moves: float, half: float | None = 5, models: int = 20) -> dict[str, Score]:
    """A board of models ten points apart, each moved by its entry of `moves` (the last for all others)."""
    given = {n: moves[min(n, len(moves) - 1)] for n in range(models)}
    return {f"m{n}": Score(1500 - 10 * n + given[n], half) for n in range(models)}


CASES: dict[str, tuple[Mapping[str, Score], Mapping[str, Score], float | None]] = {
    "the same": (scored(0), scored(0), None),
    "all up by four half-widths": (scored(0), scored(20), 20),
    "all down": (scored(0), scored(-20), -20),
    "all up within their intervals": (scored(0), scored(4), None),
    "one model far up": (scored(0), scored(90, 0), None),
    "half of them up, half down": (scored(0), scored(*([20, -20] * 10)), None),
    "half of them up, half still": (scored(0), scored(*([20, 0] * 10)), None),
    "together, not by the same": (scored(0), scored(*range(10, 30)), 19.5),
    "nine models in common": (scored(0, models=9), scored(20, models=9), None),
    "other models listed": (scored(0), {f"x{m}": s for m, s in scored(20).items()}, None),
    "without intervals, far in the spread": (scored(0, half=None), scored(60, half=None), 60),
    "without intervals, little in the spread": (scored(0, half=None), scored(5, half=None), None),
}


@pytest.mark.parametrize(("before", "now", "by"), CASES.values(), ids=CASES.keys())
def test_a_scale_is_another_one_where_most_models_move_together_and_far(
    before: Mapping[str, Score], now: Mapping[str, Score], by: float | None
) -> None:
    found = shift(before, now)
    assert (found.by if found else None) == by


def test_slow_drift_is_seen_against_the_first_snapshot_of_the_vintage() -> None:
    weeks = [scored(2 * week) for week in range(5)]
    assert [rescaled(before, weeks[0], now) for before, now in itertools.pairwise(weeks)] == [
        None,
        None,
        Shift(6, 20, slow=True),
        Shift(8, 20, slow=True),
    ]


def test_noise_within_the_intervals_never_makes_a_vintage() -> None:
    chance = random.Random(7)
    first = scored(0, models=60)
    boards = [scored(*(chance.gauss(0, 2.5) for _ in range(60)), models=60) for _ in range(300)]
    assert not [now for now in boards if rescaled(first, first, now)]


def test_the_panel_names_the_sources_vintage_and_the_engines_count() -> None:
    assert [own(name("2026-01-08", 0)), name("2026-01-08", 2), own(name("", 3))] == [
        "2026-01-08",
        "2026-01-08~2",
        "",
    ]


# Through the store


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database.writing(tmp_path / "gapwatch.db") as connection:
        register(connection, BOARD)
        yield connection


def week(up: int, *, leader: int = 0, without: Sequence[int] = ()) -> list[Record]:
    """Thirty models of one board, all moved `up`; every third open, the best of them a `leader` more."""
    rows: list[Record] = []
    for n in set(range(30)) - set(without):
        points = 1500 - 8 * n + up + (leader if n == 3 else 0)
        rows.append(score(f"model-{n}", str(points), half="4"))
        rows.append(ModelFact(f"model-{n}", "licence", "MIT" if n % 3 == 0 and n else "Proprietary"))
    return rows


def history(connection: Connection, *weeks: list[Record]) -> None:
    for number, rows in enumerate(weeks):
        writer.store(connection, arrival(BOARD, FIRST + timedelta(weeks=number), rows))
    settle(connection, {BOARD.name: BOARD}, load_reference())


def changes(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.exec_driver_sql(
        "SELECT kind, substr(at, 1, 10), detail FROM change ORDER BY at, kind"
    ).fetchall()
    connection.rollback()
    return [(row[0], row[1], row[2]) for row in rows]


def test_a_rescale_is_one_line_and_a_new_vintage(connection: Connection) -> None:
    history(connection, week(0), week(0), week(40), week(40))
    assert changes(connection) == [("rescale", "2026-01-19", "30 models moved together by +40.00 at once")]
    rows = connection.exec_driver_sql(
        "SELECT vintage, difference FROM gap WHERE licence_class = 'any' ORDER BY date"
    ).fetchall()
    assert [row[0] for row in rows] == ["", "", "~1", "~1"]
    assert {row[1] for row in rows} == {24}


def test_the_digest_says_in_a_line_what_is_no_news_of_models(connection: Connection, tmp_path: Path) -> None:
    history(connection, week(0), week(0), week(0, without=range(12, 30)), week(40), week(40))
    with reading.reading(tmp_path / "gapwatch.db") as known:
        told = [
            [item.text for item in build(known, parse_week(name, ZoneInfo("UTC")), FIRST + days).corrections]
            for name, days in (("2026-W04", timedelta(days=20)), ("2026-W05", timedelta(days=27)))
        ]
    assert told == [
        ["Board changed what it lists (18 models gone): that is no news of those models."],
        [
            "Board changed what it lists (18 models listed): that is no news of those models.",
            "The scale of LMArena text became another one (12 models moved together by +40.00 at once):"
            " nothing is compared across it.",
        ],
    ]


def test_a_leader_that_moves_with_the_scale_makes_no_event(connection: Connection) -> None:
    history(connection, week(0), week(0), week(40, leader=30), week(40, leader=30), week(40, leader=30))
    assert [kind for kind, _, _ in changes(connection)] == ["rescale"]


def test_a_leader_that_is_no_longer_listed_and_comes_back_makes_no_event(connection: Connection) -> None:
    history(connection, week(0), week(0), week(0, without=[3]), week(0, without=[3]), week(0), week(0))
    assert "gap" not in [kind for kind, _, _ in changes(connection)]


def test_a_board_that_lists_others_is_one_change_not_models_coming_and_going(connection: Connection) -> None:
    history(connection, week(0), week(0, without=range(12, 30)))
    assert [(kind, detail) for kind, _, detail in changes(connection)] == [("listing", "18 models gone")]
