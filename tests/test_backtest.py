"""The detector on boards whose truth is known, and the judge's own rules on boards that one can follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from bench.backtest import baselines, boards, pipeline, record, recorded, stored, trials
from bench.backtest.boards import Listed, Shot
from bench.backtest.judge import FALSE, HIT, MISS, OPEN, judge, of
from bench.backtest.shares import share, wilson
from bench.backtest.simulate import WORLDS, simulate
from bench.backtest.truth import truth
from tracker.trends.events import Side, Snapshot
from tracker.trends.scores import Z90

STEPPING = [name for name, world in WORLDS.items() if world.what.startswith(("steps", "newcomers, three"))]
STILL = [name for name in WORLDS if name not in STEPPING]


@pytest.mark.parametrize("world", STEPPING)
def test_where_there_are_steps_what_is_confirmed_is_one(world: str) -> None:
    tally = trials.trial(world, 10)
    assert tally.true >= 0.95 * (tally.true + tally.false)


@pytest.mark.parametrize("world", [name for name in STEPPING if name != "fast drift"])
def test_clear_steps_are_found(world: str) -> None:
    tally = trials.trial(world, 10)
    assert tally.clear >= 30
    assert tally.clear_found >= 0.9 * tally.clear


@pytest.mark.parametrize("world", STILL)
def test_where_there_are_none_hardly_anything_is_confirmed(world: str) -> None:
    """About 25 newcomers a board, half of them close to the best: fewer than one board in three is wrong."""
    tally = trials.trial(world, 10)
    assert tally.steps == 0
    assert tally.false <= 3


def test_power_rises_from_the_level_of_false_alarms_to_certainty() -> None:
    rates = [trials.power(size, 60, (26,))[0] for size in (0, 1, 2)]
    assert rates == sorted(rates)
    assert rates[0] <= 0.05
    assert rates[2] >= 0.95


@pytest.mark.parametrize("world", ["rescale", "partial pages", "withdrawn"])
def test_a_real_database_tells_what_the_pure_functions_tell(world: str, tmp_path: Path) -> None:
    pages = simulate(WORLDS[world], 5).pages
    told = pipeline.found(pipeline.snapshots(pages))
    assert told
    assert stored.events(tmp_path / "gapwatch.db", pages) == {
        (str(event.on), event.model, str(event.standing)) for event in told
    }


def test_half_a_page_is_held_and_a_stretched_scale_is_another_vintage() -> None:
    partial, whole = simulate(WORLDS["partial pages"], 3).pages, simulate(WORLDS["rescale"], 3).pages
    assert len(list(pipeline.believed(partial))) < len(partial)
    assert len(list(pipeline.believed(whole))) == len(whole)
    assert {one.vintage for one in pipeline.snapshots(whole)} >= {0, 1}


# The truth: two models that stay, and newcomers that come on the third of weekly snapshots.

Score = float | None
ERROR = 2.0
NOISE = Z90 * ERROR * 2**0.5  # 4.65


def shots(*newcomers: Sequence[Score], vintages: str = "") -> list[Shot]:
    """Weekly snapshots of `open-a` at 100, `closed-a` at 150, and open newcomers scoring as given by week."""
    weeks = len(newcomers[0])
    return [
        _shot(week, [scores[week] for scores in newcomers], vintages[week : week + 1])
        for week in range(weeks)
    ]


def _shot(week: int, scores: Sequence[Score], vintage: str) -> Shot:
    listed: Mapping[str, Listed] = {
        "open-a": Listed("open", 100, ERROR),
        "closed-a": Listed("closed", 150, ERROR),
        **{f"new-{n}": Listed("open", s, ERROR) for n, s in enumerate(scores) if s is not None},
    }
    said = {name: shown.score for name, shown in listed.items()}
    leader = max((name for name in listed if listed[name].side == "open"), key=lambda name: said[name])
    sides = Side(leader, said[leader], said), Side("closed-a", 150, said)
    on = date(2025, 1, 6) + timedelta(weeks=week)
    return Shot(Snapshot(on, *sides, NOISE, week), vintage, listed)


def from_third(*scores: Score) -> list[Score]:
    """Not listed twice, then the scores, the last of them until the tenth snapshot."""
    return [None, None, *scores, *[scores[-1]] * (8 - len(scores))]


CASES: dict[str, tuple[list[Shot], list[str]]] = {
    "a step that lasts": (shots(from_third(120)), [HIT]),
    "settles within the noise": (shots(from_third(120, 120, 104)), [FALSE]),
    "never above the noise": (shots(from_third(104)), []),
    "gone within a week": (shots(from_third(120, None)), []),
    "gone after two, never settled": (shots(from_third(120, 120, None)), [HIT]),
    "two at once are one step": (shots(from_third(120), from_third(130)), [HIT]),
    "rises after it came": (shots(from_third(104, 104, 104, 104, 120)), [HIT]),
    "settled as a step, told too late to confirm": (shots([*[None] * 4, *[104] * 5, 120]), [MISS]),
    "with the first page of a vintage": (shots(from_third(120), vintages="aabbbbbbbb"), []),
}


@pytest.mark.parametrize(("board", "verdicts"), CASES.values(), ids=CASES.keys())
def test_the_verdict_on(board: list[Shot], verdicts: list[str]) -> None:
    assert [one.verdict for one in of(judge("m", board), HIT, FALSE, MISS, OPEN)] == verdicts


def test_a_lead_settles_over_the_weeks_that_list_both() -> None:
    said = truth(shots(from_third(120, 120, 120, 120, 108, 108, 108, 109)))["open", "new-0"]
    assert said
    assert (said.first, said.lead, round(said.noise, 2), said.step) == (2, 108 - 100, 4.65, True)


def test_who_never_settled_is_not_judged() -> None:
    assert truth(shots(from_third(120, None))) == {("open", "new-0"): None}


# Shares and the plain rules


def test_wilson_as_in_his_tables() -> None:
    assert [round(end, 4) for end in wilson(0.5, 10)] == [0.2366, 0.7634]
    assert [round(end, 4) for end in wilson(1.0, 20)] == [0.8389, 1.0]
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_release_that_moves_ten_categories_counts_once() -> None:
    one = share([*[("r1", True)] * 10, ("v3", True), ("llama", False)])
    assert (one.k, one.n, one.clusters) == (11, 12, 3)
    assert (one.low, one.high) == wilson(2 / 3, 3)
    assert str(share([])) == "none"


def test_the_slope_of_pairs_and_its_interval() -> None:
    days, chance = np.arange(12.0), np.random.default_rng(1)
    line = 3 * days + np.array([0, 40, *[0] * 10])  # one outlier moves no median
    assert baselines.theil_sen(days, line[None])[0] == pytest.approx(3)
    assert baselines.interval(days, np.full(12, 7.0), chance) == (0, 0)
    low, high = baselines.interval(days, 3 * days + chance.normal(0, 1, 12), chance)
    assert 2 < low < 3.2
    assert 2.8 < high < 4


def test_a_threshold_knows_no_return() -> None:
    """An entry that is gone within a week is two alarms, and no event."""
    board = shots(from_third(120, None))
    assert baselines.jumps(board) == [(2, -1), (3, 1)]
    assert of(judge("m", board), HIT, FALSE) == []


def test_the_recorded_board_of_two_years(tmp_path: Path) -> None:
    """LMArena's overall table as a stranger kept it: nothing false, three known releases at once."""
    if not record.is_there():
        pytest.skip("the recorded histories are not beside this checkout")
    every = boards.read(record.kept(tmp_path))
    board = every[recorded.OVERALL]
    told = {one.release: one for one in judge(recorded.OVERALL, board) if one.verdict in (HIT, FALSE)}
    assert [one for one in told.values() if one.verdict == FALSE] == []
    assert [told[name].found for name in ("deepseek-v3@", "deepseek-r1@", "deepseek-r1@0528")] == [1, 1, 1]
    assert recorded.contradictions(every, boards.stored(tmp_path / "kept.db"))[1:] == (0, 0)
