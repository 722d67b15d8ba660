"""The stored panel: every definition from the figures in force, for the snapshots that news concern."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from tests.support.database import BOARD, CODING, OVERALL, PRICES, Built, at, fact, offer, place, score
from tests.support.oracle import Entry, Told, expected
from tracker.catalog.metrics import BY_ID
from tracker.catalog.reference import load_reference
from tracker.cli import cli
from tracker.cli.ask_gap import DEFINITIONS
from tracker.domain import Kind, LicenceClass, Record, Weights
from tracker.store import database, panel
from tracker.store.reading import reading
from tracker.store.settle import settle

LIST = place("list", Kind.PRICES, title="A List", authority=True)
RELEASED = {
    "gpt-4o": ("2024-05-13", "Proprietary"),
    "o1-preview": ("2024-09-12", "Proprietary"),
    "llama-3.1-405b-instruct": ("2024-07-23", "Llama 3.1 Community"),
    "deepseek-r1": ("2025-01-20", "MIT"),
}
NAMES = {"o1": "o1-preview", "gpt": "gpt-4o", "llama": "llama-3.1-405b-instruct", "r1": "deepseek-r1"}


def table(metric: str = OVERALL, vintage: str = "", half: str = "5", **listed: str) -> list[Record]:
    """A snapshot of a board with what licences it states: `gpt="1345"` and so on."""
    rows: list[Record] = []
    for short, value in listed.items():
        rows.append(score(NAMES[short], value, metric=metric, vintage=vintage, half=half))
        rows.append(fact(NAMES[short], "licence", RELEASED[NAMES[short]][1]))
    return rows


def dates(*names: str) -> list[Record]:
    return [fact(name, "released", RELEASED[name][0]) for name in names or RELEASED]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("panel") / "gapwatch.db"
    with Built(path, (BOARD, LIST)) as built:
        built.captured(LIST, "2024-10-01", dates())
        built.captured(BOARD, "2024-10-10", table(gpt="1345", o1="1340", llama="1267"))
        built.captured(BOARD, "2024-12-10", table(gpt="1343", o1="1366", llama="1268"))
        built.captured(BOARD, "2025-01-24", table(gpt="1345", o1="1366", llama="1268", r1="1357"))
        built.captured(BOARD, "2025-02-10", table(gpt="1345", o1="1366", r1="1361"))
    return path


def gap(db: Path, *words: str) -> list[Any]:
    done = CliRunner().invoke(cli, ["--db", str(db), "--now", "2025-03-01", "gap", *words, "--json"])
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


def entries(half: float = 5.0, **listed: float) -> list[Entry]:
    about = {
        "Proprietary": (Weights.CLOSED, LicenceClass.UNKNOWN),
        "MIT": (Weights.OPEN, LicenceClass.PERMISSIVE),
        "Llama 3.1 Community": (Weights.OPEN, LicenceClass.RESTRICTED),
    }
    return [
        Entry(
            NAMES[short],
            value,
            *about[RELEASED[NAMES[short]][1]],
            low=value - half,
            high=value + half,
            released=RELEASED[NAMES[short]][0],
        )
        for short, value in listed.items()
    ]


def told(row: Any) -> list[float | None]:
    lag = row["lag"]
    return [
        *(row[name] for name in ("difference", "percent", "win_probability", "noise")),
        *(lag[name] for name in ("strict", "tied", "matched", "matched_n", "censored_n", "area")),
    ]


def wanted(gap: Told) -> list[float | None]:
    return [*gap[2:8], *gap[8:12]]


BOARDS = {
    "2024-10-10": {"gpt": 1345, "o1": 1340, "llama": 1267},
    "2024-12-10": {"gpt": 1343, "o1": 1366, "llama": 1268},
    "2025-01-24": {"gpt": 1345, "o1": 1366, "llama": 1268, "r1": 1357},
    "2025-02-10": {"gpt": 1345, "o1": 1366, "r1": 1361},
}


@pytest.mark.parametrize("licence", ["any", "commercial", "permissive"])
def test_the_series_of_a_class_is_what_the_definitions_say_of_each_snapshot(db: Path, licence: str) -> None:
    rows = gap(db, OVERALL, "--since", "2024-01-01", "--licence", licence)
    assert [row["date"] for row in rows] == list(BOARDS)
    for row in rows:
        on = at(row["date"]).date()
        there = expected(entries(**BOARDS[row["date"]]), BY_ID[OVERALL], on, licence)
        assert (row["open"] and row["open"]["model"], row["closed"]["model"]) == (there.open, there.closed)
        for found, right in zip(told(row), wanted(there), strict=True):
            assert found == (None if right is None else pytest.approx(right))


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("difference", 5),
        ("percent", 0.367),
        ("win_probability", 0.507),
        ("lag.strict", 151),  # o1-preview came on 12 September 2024, the snapshot is of 10 February
        ("lag.tied", 0),
        ("lag.matched", 130),  # o1-preview waited until 20 January; GPT-4o 252 days
        ("lag.area", None),  # the board lists one open model
        ("lag.published", 62),  # on 10 December o1-preview stood at 1366
    ],
)
def test_every_definition_can_be_asked_for(db: Path, definition: str, value: float | None) -> None:
    done = CliRunner().invoke(
        cli, ["--db", str(db), "--now", "2025-03-01", "gap", OVERALL, "--definition", definition, "--json"]
    )
    assert set(DEFINITIONS) >= {definition}
    if value is None:
        assert done.exit_code == 4
        return
    (row,) = json.loads(done.stdout)
    assert (row["definition"], row["value"]) == (definition, pytest.approx(value, abs=0.001))


def test_on_a_date_the_panel_is_what_was_known_then(db: Path) -> None:
    (row,) = gap(db, OVERALL, "--on", "2025-01-01", "--definition", "lag.matched")
    assert (row["date"], row["value"], row["lag"]["censored_n"]) == ("2024-12-10", None, 2)


def test_how_many_records_were_matched_is_told_where_the_median_is_not_reached(db: Path) -> None:
    words = ["--db", str(db), "--now", "2025-01-01", "gap", OVERALL, "--definition", "lag.matched"]
    assert "0 of 2" in CliRunner().invoke(cli, words).stdout


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_table_of_any_definition_fits_80_columns(db: Path, definition: str) -> None:
    for words in ([], ["--since", "2024-01-01"]):
        asked = ["--db", str(db), "--now", "2025-01-30", "gap", "chat", "--definition", definition, *words]
        done = CliRunner().invoke(cli, asked)
        assert done.exit_code == (4 if definition == "lag.published" and not done.stdout else 0), done.output
        assert max(map(len, done.stdout.splitlines()), default=0) <= 80


# What news concern


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Llama is listed in the first two of four snapshots, r1 in the last two; no dates are known yet."""
    path = tmp_path / "gapwatch.db"
    coding = table(CODING, gpt="50", o1="60")
    with Built(path, (BOARD, LIST)) as building:
        building.captured(BOARD, "2024-10-10", [*table(gpt="1345", llama="1267"), *coding])
        building.captured(BOARD, "2024-12-10", [*table(gpt="1345", o1="1366", llama="1268"), *coding])
        building.captured(BOARD, "2025-01-24", [*table(gpt="1345", o1="1366", r1="1357"), *coding])
        building.captured(BOARD, "2025-02-10", [*table(gpt="1345", o1="1366", r1="1361"), *coding])
    return path


@pytest.mark.parametrize(
    ("captures", "models", "concerned"),
    [
        pytest.param([], [], {}, id="nothing"),
        pytest.param([4], [], {OVERALL: {4}, CODING: {4}}, id="a-new-capture"),
        pytest.param([], ["llama-3.1-405b-instruct"], {OVERALL: {1, 2}}, id="a-model-until-it-is-not-listed"),
        pytest.param([], ["deepseek-r1"], {OVERALL: {3, 4}}, id="a-model-since-it-is-listed"),
        pytest.param([4], ["deepseek-r1"], {OVERALL: {3, 4}, CODING: {4}}, id="both"),
        pytest.param([], ["o1-preview"], {OVERALL: {2, 3, 4}, CODING: {1, 2, 3, 4}}, id="in-two-metrics"),
        pytest.param([], ["nobody"], {}, id="a-model-that-no-board-lists"),
    ],
)
def test_news_concern_the_snapshots_that_list_what_they_are_of(
    built: Path, captures: list[int], models: list[str], concerned: dict[str, set[int]]
) -> None:
    with database.writing(built) as connection, connection.begin():
        news = panel.News([(capture, "board") for capture in captures], models)
        found = {
            source: {k: set(v) for k, v in work.items()}
            for source, work in panel.concerned(connection, news).items()
        }
    assert found == ({"board": concerned} if concerned else {})


def test_a_release_date_learnt_later_gives_what_it_would_have_given_at_once(
    built: Path, tmp_path: Path
) -> None:
    sources = {source.name: source for source in (BOARD, LIST)}
    for number in range(len(RELEASED)):
        with Built(built, (BOARD, LIST)) as building:
            building.captured(LIST, f"2025-02-{20 + number}", dates(*list(RELEASED)[: number + 1]))
    stepwise = rows(built)
    with database.writing(built) as connection:
        with connection.begin():
            connection.exec_driver_sql("DELETE FROM gap")
            connection.exec_driver_sql("UPDATE capture SET settled = 0")
        settle(connection, sources, load_reference())
    assert rows(built) == stepwise
    assert any(row["lag_strict"] is not None for row in stepwise)


def test_a_database_of_an_older_schema_has_its_lags_with_the_next_settling(built: Path) -> None:
    with Built(built, (BOARD, LIST)) as building:
        building.captured(LIST, "2025-02-20", dates())
    known = rows(built)
    made_older(built, "0003")
    with Built(built, (BOARD, LIST)):
        pass
    assert rows(built) == known
    assert any(row["lag_tied"] is not None for row in known)


def made_older(path: Path, revision: str) -> None:
    """The database as the schema of an earlier revision could hold it."""
    old = path.with_suffix(".old")
    with create_engine(f"sqlite:///{old}").begin() as making:
        database.upgrade(making, revision)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("ATTACH ? AS newer", (str(path),))
        tables = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table != "alembic_version":
                columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
                rows = f"SELECT {columns} FROM newer.{table}"
                connection.execute(f"INSERT INTO main.{table} ({columns}) {rows}")
        application = connection.execute("PRAGMA newer.application_id").fetchone()[0]
        connection.execute(f"PRAGMA main.application_id = {application}")
    old.replace(path)


def rows(path: Path) -> Sequence[dict[str, Any]]:
    with reading(path) as connection, closing(connection.execute("SELECT * FROM gap")) as found:
        names = [column[0] for column in found.description]
        return sorted((dict(zip(names, row, strict=True)) for row in found), key=str)


def test_of_two_vintages_the_newest_is_current_once_it_has_begun(tmp_path: Path) -> None:
    path = tmp_path / "gapwatch.db"
    with Built(path, (BOARD,)) as building:
        building.captured(BOARD, "2024-10-10", table(vintage="v1", gpt="1345", llama="1267"))
        building.captured(BOARD, "2024-12-10", table(vintage="v2", gpt="1445", llama="1367", r1="1400"))
        building.captured(BOARD, "2024-12-20", table(vintage="v2", gpt="1446", llama="1367", r1="1400"))
    found = [(r["capture"], r["vintage"], r["open_value"]) for r in rows(path) if r["licence_class"] == "any"]
    assert sorted(found) == [(1, "v1", 1267.0), (2, "v2", 1400.0), (3, "v2", 1400.0)]


def test_a_source_of_prices_has_no_panel(tmp_path: Path) -> None:
    path = tmp_path / "gapwatch.db"
    with Built(path, (PRICES,)) as building:
        building.captured(PRICES, "2024-10-10", offer("gpt-4o", "openai", "2.5", "10"))
    assert rows(path) == []


def test_no_row_holds_a_figure_that_is_none(db: Path) -> None:
    for row in rows(db):
        assert not any(isinstance(cell, float) and not math.isfinite(cell) for cell in row.values())
