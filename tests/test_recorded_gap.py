"""Published figures found again: on LMArena's record, without style control, and on Epoch AI's table.

Reads the recorded pages themselves; skips where they are not beside the project. On LMArena models count from
their first day in the record, which knows no release dates.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.support.oracle import Entry, Told, measured, waited
from tests.support.record import open_library
from tests.support.recorded import FOLDER
from tracker.catalog.metrics import BY_ID
from tracker.domain import Metric, Weights
from tracker.trends import published
from tracker.trends.lags import kaplan_meier

Rows = list[list[Any]]
NAME, LICENCE, RATING, LOW, HIGH, CATEGORY, PUBLISHED = 0, 2, 3, 4, 5, 9, 10
METRIC = BY_ID["lmarena.text.overall"]
WITHDRAWN = "maverick-03-26-experimental"


@pytest.fixture(scope="module")
def record() -> dict[str, list[Entry]]:
    """What the board listed on each day of the record; a licence that a day leaves out is the last stated."""
    pack = open_library().datasets["lmarena-ai/leaderboard-dataset"].packs["text"]
    days: dict[str, Rows] = {}
    for version in range(len(pack.stamps)):
        rows = [row for row in json.loads(pack.body(version)) if row[CATEGORY] == "overall"]
        days[rows[0][PUBLISHED]] = rows
    licences = {row[NAME]: row[LICENCE] for day in sorted(days) for row in days[day] if row[LICENCE]}
    first = {row[NAME]: day for day in sorted(days, reverse=True) for row in days[day]}
    return {day: [entry(row, licences, first) for row in rows] for day, rows in sorted(days.items())}


def entry(row: list[Any], licences: dict[str, str], first: dict[str, str]) -> Entry:
    licence = licences.get(row[NAME], "")
    weights = Weights.CLOSED if licence.startswith("Propr") else Weights.OPEN if licence else Weights.UNKNOWN
    return Entry(row[NAME], row[RATING], weights, low=row[LOW], high=row[HIGH], released=first[row[NAME]])


def gap(record: dict[str, list[Entry]], day: str) -> Told:
    return measured(record[day], METRIC, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        # AI Index 2025: 1.70 % in February 2025.
        pytest.param("2025-02-06", 1.70, id="february-2025"),
        pytest.param("2025-02-16", 1.70, id="february-2025-another-record"),
        # An experimental Llama 4 Maverick came on 6 April 2025 and was taken off within a week.
        pytest.param("2025-04-05", 5.1, id="before-llama-4-maverick"),
        pytest.param("2025-04-06", 1.55, id="with-it"),
        pytest.param("2025-04-13", 4.9, id="without-it-again"),
    ],
)
def test_the_percentage_of_the_ai_index(record: dict[str, list[Entry]], day: str, percent: float) -> None:
    assert gap(record, day).percent == pytest.approx(percent, abs=0.05)


def test_as_published_open_was_357_days_behind_and_169_rescored(record: dict[str, list[Entry]]) -> None:
    last = max(record)
    now = gap(record, last)
    history = [(day, best(record[day], Weights.CLOSED)) for day in record]
    assert published.lag(history, last, best(record[last], Weights.OPEN)) == 357
    assert now.strict == 169
    assert now.tied is not None
    assert now.tied <= 169


def test_the_best_listed_and_the_best_ever_listed_are_two_things(record: dict[str, list[Entry]]) -> None:
    """A board's scores drift down as well, so the running best of what was published is nobody's."""
    ever = {Weights.OPEN: 0.0, Weights.CLOSED: 0.0}
    apart = []
    for rows in record.values():
        listed = {side: best([e for e in rows if WITHDRAWN not in e.model], side) for side in ever}
        ever = {side: max(listed[side], ever[side]) for side in ever}
        apart.append(max(ever[side] - listed[side] for side in ever))
    print(sum(by > 0 for by in apart), "of", len(apart), "dates, by up to", max(apart))
    assert sum(by > 0 for by in apart) / len(apart) > 0.75
    assert max(apart) >= 17


def best(rows: list[Entry], side: Weights) -> float:
    return max(e.value for e in rows if e.weights is side)


# Epoch AI, "How far behind are open models?", November 2024: 13 closed records matched, about 15 months.

EPOCH = FOLDER.parent / "corpus" / "epoch_lag" / "benchmarks_with_model_accessibility.csv"
BENCHMARKS = ("MMLU", "GPQA", "BBH")
ASKED = date(2024, 11, 4)


def test_epochs_records_were_matched_thirteen_times_after_fifteen_months() -> None:
    """All three benchmarks together, an exact match each, the unmatched censored."""
    if not EPOCH.is_file():
        pytest.skip("Epoch AI's table is not beside this checkout")
    with EPOCH.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Date"]]
    waits: list[tuple[int, bool]] = []
    counted = np.zeros(2, int)
    for name in BENCHMARKS:
        metric = Metric(name, name, name, "reasoning", "%", "percent")
        listed = [epoch_entry(row, row[name]) for row in rows if row[name]]
        gap = measured(listed, metric, ASKED)
        counted += (gap.matched_n, gap.censored_n)
        closeds, opens = ([e for e in listed if e.weights is w] for w in (Weights.CLOSED, Weights.OPEN))
        waits += waited(closeds, opens, metric, ASKED)
    assert counted.tolist() == [13, 6]
    times, events = (np.array(column) for column in zip(*waits, strict=True))
    (median,) = kaplan_meier(np.zeros(len(waits), int), times, events.astype(bool), 1)
    assert round(median / 30.44) == 15


def epoch_entry(row: dict[str, str], share: str) -> Entry:
    weights = {"Open": Weights.OPEN, "Closed": Weights.CLOSED}[row["Open/Closed"]]
    return Entry(row["System"], 100 * float(share), weights, released=row["Date"])
