"""Events, states and standings as they are kept and asked for: by licence class, and as known on a day.

Small databases through the real writer; then the recorded histories, which skip where they are not beside the
project.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import BOARD, CODING, OVERALL, Built, fact, score
from tracker.collect.backfill import backfill
from tracker.config import Settings, parse_when
from tracker.domain import Record
from tracker.store.query import gaps
from tracker.store.query.evidence import explain
from tracker.store.reading import reading
from tracker.trends.states import LASTS

LATER = "2026-12-31T00:00:00Z"
HISTORY = Path(__file__).resolve().parents[2] / "shared" / "history"
LICENCES = {"gpt-4o": "Proprietary", "llama-3.1-405b-instruct": "Llama 3.1 Community", "deepseek-r1": "MIT"}


def listed(metric: str = OVERALL, n: int | None = None, **values: str) -> list[Record]:
    """A board's rows, by short names."""
    names = {"gpt": "gpt-4o", "llama": "llama-3.1-405b-instruct", "r1": "deepseek-r1"}
    rows: list[Record] = [score(names[name], value, metric=metric, n=n) for name, value in values.items()]
    return rows + [fact(names[name], "licence", LICENCES[names[name]]) for name in values]


@pytest.fixture(scope="module")
def arrival(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A permissive model arrives beside a restricted one, and stays."""
    path = tmp_path_factory.mktemp("happenings") / "gapwatch.db"
    with Built(path, (BOARD,)) as built:
        built.captured(BOARD, "2025-01-01", [*listed(gpt="1400", llama="1350"), *listed(CODING, gpt="1400")])
        built.captured(BOARD, "2025-01-08", listed(gpt="1400", llama="1350", r1="1380", n=700))
        built.captured(BOARD, "2025-01-15", listed(gpt="1400", llama="1350", r1="1381"))
        built.captured(BOARD, "2025-02-20", listed(gpt="1401", llama="1350", r1="1381"))
    return path


@pytest.fixture
def asked(arrival: Path) -> Iterator[sqlite3.Connection]:
    with reading(arrival) as connection:
        yield connection


def told(
    connection: sqlite3.Connection, on: str, licence: str = "any", metric: str = OVERALL
) -> dict[str, Any]:
    (row,) = gaps.gaps(connection, [metric], gaps.Ask(on, licence))
    return row


def test_an_event_says_what_it_is_made_of(asked: sqlite3.Connection) -> None:
    event = told(asked, LATER)["event"]
    figures = {
        key: event[key] for key in ("at", "model", "side", "direction", "over", "n", "votes", "span_days")
    }
    assert figures == {
        "at": "2025-01-08",
        "model": "deepseek-r1",
        "side": "open",
        "direction": "closing",
        "over": "llama-3.1-405b-instruct",
        "n": 3,
        "votes": 700,
        "span_days": 43,
    }
    assert (event["before"], event["after"], event["move"]) == (50, 20, -30)
    assert event["noise"] == pytest.approx(1.645 * (2 * (5 / 1.96) ** 2) ** 0.5, abs=1e-6)


ON_DAYS = {
    "before": ("2025-01-02T00:00:00Z", "not enough data", "confirmed", None),
    "at once": ("2025-01-09T00:00:00Z", "not enough data", "provisional", "provisional"),
    "a week later": ("2025-01-16T00:00:00Z", "closing", "confirmed", "confirmed"),
}


@pytest.mark.parametrize(("on", "state", "standing", "event"), ON_DAYS.values(), ids=ON_DAYS.keys())
def test_as_known_on_a_day(
    asked: sqlite3.Connection, on: str, state: str, standing: str, event: str | None
) -> None:
    row = told(asked, on)
    assert (row["state"], row["standing"]) == (state, standing)
    assert (row["event"] or {}).get("standing") == event


def test_a_class_without_an_earlier_model_has_no_event(asked: sqlite3.Connection) -> None:
    """Among permissive ones R1 is the first: nothing was passed, and nothing is told to have moved."""
    row = told(asked, LATER, "permissive")
    assert (row["difference"], row["event"], row["state"]) == (20, None, "not enough data")


def test_each_class_has_its_own_event_that_can_be_explained(asked: sqlite3.Connection) -> None:
    any_, commercial = (told(asked, LATER, licence)["event"] for licence in ("any", "commercial"))
    assert (any_["model"], commercial["model"]) == ("deepseek-r1", "deepseek-r1")
    assert any_["id"] != commercial["id"]
    assert {explain(asked, event["id"], LATER)["capture"] for event in (any_, commercial)} == {"c2"}


def test_changes_tell_of_the_widest_class_alone(asked: sqlite3.Connection) -> None:
    told = asked.execute("SELECT id, detail FROM change WHERE kind = 'gap'").fetchall()
    kept = asked.execute("SELECT id FROM event WHERE licence_class = 'any'").fetchall()
    assert [row[0] for row in told] == [row[0] for row in kept]
    assert told[0][1] == "closing by open, over llama-3.1-405b-instruct"


def test_a_side_without_a_model_is_no_state(asked: sqlite3.Connection) -> None:
    row = told(asked, LATER, metric=CODING)
    assert (row["open"], row["difference"], row["state"], row["event"]) == (
        None,
        None,
        "not enough data",
        None,
    )


def test_a_metric_alone_is_one_measure(asked: sqlite3.Connection) -> None:
    row = told(asked, "2025-03-01T00:00:00Z")
    assert row["agreement"]["said"] == "One measure only: open is behind on 1 (DeepSeek R1)."
    assert told(asked, "2026-03-01T00:00:00Z")["agreement"]["stale"] == [OVERALL]


def test_a_licence_that_is_learnt_later_makes_the_events_anew(tmp_path: Path) -> None:
    """A model without a licence counts as neither open nor closed, until the board says what it is."""
    path = tmp_path / "gapwatch.db"
    strange = [score("zeta-9", "1380")]
    with Built(path, (BOARD,)) as built:
        built.captured(BOARD, "2025-01-01", listed(gpt="1400", llama="1350"))
        built.captured(BOARD, "2025-01-08", [*listed(gpt="1400", llama="1350"), *strange])
        built.captured(BOARD, "2025-01-15", [*listed(gpt="1400", llama="1350"), *strange])
    with reading(path) as connection:
        assert told(connection, LATER)["event"] is None
    with Built(path, (BOARD,)) as built:
        known = fact("zeta-9", "licence", "MIT")
        built.captured(BOARD, "2025-01-22", [*listed(gpt="1400", llama="1351"), *strange, known])
    with reading(path) as connection:
        row = told(connection, LATER)
        assert (row["event"]["model"], row["event"]["at"], row["state"]) == (
            "zeta-9",
            "2025-01-08",
            "closing",
        )


# The recorded histories


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LMArena's tables of 2024 and 2025 and Aider's, backfilled."""
    return recorded(tmp_path_factory.mktemp("record"), "2026-06-05")


def recorded(folder: Path, until: str) -> Path:
    if not HISTORY.is_dir():
        pytest.skip("the recorded histories are not beside this checkout")
    settings = Settings(folder / "gapwatch.db", folder, now=parse_when("2026-06-05"))
    bundles = {"lmarena": "llm-leaderboard-csv", "aider_polyglot": "aider"}
    for source, bundle in bundles.items():
        place = str(HISTORY / f"{bundle}.bundle")
        (report,) = backfill(settings, [source], place=place, until=parse_when(until))
        assert not report.failed
    return settings.db


KNOWN = {
    "DeepSeek V3": ("2024-12-31", "deepseek-v3", ""),
    "DeepSeek R1": ("2025-01-24", "deepseek-r1", ""),
    "DeepSeek R1 0528": ("2025-06-17", "deepseek-r1", "0528"),
    "GLM-4.5": ("2025-08-06", "glm-4.5", ""),
}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("day", "model", "variant"), KNOWN.values(), ids=KNOWN.keys())
def test_a_closing_is_found_in_the_first_snapshot_that_lists_the_model(
    record: Path, day: str, model: str, variant: str
) -> None:
    with reading(record) as connection:
        event = told(connection, f"{day}T23:59:59Z")["event"]
    said = tuple(event[key] for key in ("at", "model", "variant", "side", "direction", "standing"))
    assert said == (day, model, variant, "open", "closing", "provisional")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_lead_of_few_votes_is_taken_back(record: Path) -> None:
    """o1-preview came 19 points ahead in September 2024, and was 3 ahead nine days later."""
    with reading(record) as connection:
        events = connection.execute(
            "SELECT model, judged FROM event WHERE metric = ? AND licence_class = 'any'"
            " AND standing = 'retracted'",
            (OVERALL,),
        ).fetchall()
    assert ("o1-preview", "2024-09-28") in [(model, judged[:10]) for model, judged in events]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_recorded_label_changes_twice_within_14_days_unless_its_event_is_retracted(record: Path) -> None:
    with reading(record) as connection:
        rows = connection.execute(
            "SELECT metric, licence_class, vintage, date, at FROM state ORDER BY 1, 2, 3, date, at"
        ).fetchall()
        retracted = set(
            connection.execute(
                "SELECT metric, licence_class, vintage, judged FROM event WHERE standing = 'retracted'"
            )
        )
    changes = [(before, row) for before, row in pairwise(rows) if before[:3] == row[:3]]
    changed = [(a[1], b[1]) for a, b in pairwise(changes) if a[1] is b[0]]
    assert len(changed) > 20
    for earlier, later in changed:
        lasted = date.fromisoformat(later[3]) - date.fromisoformat(earlier[3])
        assert lasted >= LASTS or (*later[:3], later[4]) in retracted


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("day", ["2024-09-20", "2025-01-24", "2025-04-13", "2025-06-17"])
def test_what_was_known_on_a_day_is_what_a_database_of_that_day_says(
    record: Path, day: str, tmp_path: Path
) -> None:
    on = f"{day}T23:59:59Z"
    with reading(record) as now, reading(recorded(tmp_path, day)) as then:
        metrics = gaps.metrics_named(now, "")
        for licence in ("any", "commercial", "permissive"):
            ask = gaps.Ask(on, licence)
            was, said = ([_essence(row) for row in gaps.gaps(c, metrics, ask)] for c in (then, now))
            assert said == was
    assert any(row[1] for row in was)


def _essence(row: dict[str, Any]) -> tuple[object, ...]:
    event = row["event"] or {}
    said = tuple(
        event.get(key) for key in ("at", "model", "variant", "side", "move", "standing", "span_days")
    )
    return row["metric"], row["state"], row["standing"], row["difference"], *said
