"""The forecast of a gap: what it is told from, how it is scored, and when it is shown at all."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.support.database import BOARD, Built, fact, score
from tracker.cli import cli
from tracker.trends import forecast, skill
from tracker.trends.forecast import HORIZONS, Series, origin, windows
from tracker.trends.skill import Score, flipped

UNTIL = date(2026, 5, 31)
START = UNTIL - timedelta(weeks=150)


def weekly(metric: str, gaps: list[float], start: date = START) -> Series:
    """A gap a week."""
    return Series(metric, "", [start + timedelta(weeks=n) for n in range(len(gaps))], gaps)


def pulled(metric: str, seed: int, pull: float, weeks: int = 151) -> Series:
    """A gap that each week goes a share of the way back to 40, and somewhere by chance."""
    chance, gaps = random.Random(seed), [40.0]
    for _ in range(weeks - 1):
        gaps.append(gaps[-1] + pull * (40 - gaps[-1]) + chance.gauss(0, 4))
    return weekly(metric, gaps)


NOTHING: dict[str, list[Series]] = {
    "no series": [],
    "an empty one": [Series("m", "", [], [])],
    "one point": [weekly("m", [30.0])],
    "a week of days": [Series("m", "", [UNTIL - timedelta(days=n) for n in range(7, 0, -1)], [30.0] * 7)],
    "a hole of months": [Series("m", "", [START, UNTIL], [30.0, 20.0])],
    "always nothing": [weekly("m", [0.0] * 151)],
    "in the future": [weekly("m", [30.0] * 30, UNTIL + timedelta(weeks=1))],
}


@pytest.mark.parametrize("weeks", HORIZONS)
@pytest.mark.parametrize("series", NOTHING.values(), ids=NOTHING.keys())
def test_not_enough_data(series: list[Series], weeks: int) -> None:
    said, known = skill.score(series, weeks, UNTIL)
    assert (said, said.shown, said.skill) == (Score(weeks), False, 0.0)
    assert not known.warm


@pytest.mark.parametrize("weeks", HORIZONS)
def test_a_constant_gap_is_forecast_as_it_is_and_shown_by_nobody(weeks: int) -> None:
    said, known = skill.score([weekly("m", [30.0] * 151)], weeks, UNTIL)
    assert (said.model, said.persistence, said.line) == pytest.approx((0, 0, 0))
    assert not said.shown
    start = origin(weekly("m", [30.0] * 151), UNTIL)
    assert start
    assert (outlook := known.outlook(start))
    assert (outlook.gap, outlook.low, outlook.high, outlook.crossing) == pytest.approx((30, 30, 30, 0))


def test_a_gap_that_is_pulled_back_is_forecast_and_the_interval_holds() -> None:
    series = [pulled(f"m{n}", n, 0.25) for n in range(8)]
    said, known = skill.score(series, 4, UNTIL)
    assert said.shown
    assert said.skill > 0.1
    assert said.held == pytest.approx(0.8, abs=0.05)
    high, low = (origin(weekly("m", [40.0] * 150 + [gap]), UNTIL) for gap in (70.0, 10.0))
    assert high
    assert low
    assert known.pull.forecast(high) < 60
    assert known.pull.forecast(low) > 20


def test_a_gap_that_goes_nowhere_is_hardly_ever_forecast() -> None:
    shown = sum(
        skill.score([pulled(f"m{n}", 100 * run + n, 0.0) for n in range(3)], 13, UNTIL)[0].shown
        for run in range(20)
    )
    assert shown <= 3


def test_a_gap_that_falls_for_good_crosses() -> None:
    series = weekly("m", [60 - 0.35 * week for week in range(151)])
    start = origin(series, UNTIL)
    assert start
    assert start.slope == pytest.approx(-0.05)
    outlook = skill.score([series], 26, UNTIL)[1].outlook(start)
    assert outlook
    assert outlook.crossing > 0.5


gaps = st.lists(st.floats(-50, 50).map(lambda gap: round(gap, 1)), min_size=20, max_size=60)


@given(gaps, st.sampled_from(HORIZONS))
def test_later_snapshots_change_nothing_that_was_known(values: list[float], weeks: int) -> None:
    series = weekly("m", values)
    until = START + timedelta(weeks=len(values) // 2)
    count = sum(day <= until for day in series.days)
    then = Series("m", "", series.days[:count], series.gaps[:count])
    assert list(windows(series, weeks, until)) == list(windows(then, weeks, until))
    assert origin(series, until) == origin(then, until)


@given(gaps, st.sampled_from(HORIZONS), st.sampled_from([0.25, 2.0, 8.0]))
def test_scores_do_not_depend_on_the_unit(values: list[float], weeks: int, factor: float) -> None:
    end = START + timedelta(weeks=len(values))
    one, other = (skill.score([weekly("m", [f * v for v in values])], weeks, end)[0] for f in (1, factor))
    assert (other.windows, other.independent) == (one.windows, one.independent)
    assert (other.model, other.persistence, other.line) == pytest.approx(
        (one.model, one.persistence, one.line)
    )


@given(gaps, st.sampled_from(HORIZONS))
def test_windows_are_over_and_of_one_length(values: list[float], weeks: int) -> None:
    end = START + timedelta(weeks=len(values))
    for window in windows(weekly("m", values), weeks, end):
        assert window.end - window.origin.day == timedelta(weeks=weeks)
        assert START <= window.origin.day < window.end <= end


def test_independent_windows_do_not_overlap() -> None:
    said = skill.score([weekly("m", [30.0 + n % 3 for n in range(151)])], 13, UNTIL)[0]
    assert (said.windows, said.independent) == (151 - 13 - 13 - forecast.WARM + 1, 10)


@pytest.mark.parametrize(
    ("gains", "p"),
    [([], 1.0), ([1.0], 0.5), ([1.0, 1.0, 1.0], 1 / 8), ([-1.0, -1.0], 1.0), ([2.0, 1.0, -1.0], 3 / 8)],
    ids=["none", "one", "three alike", "only losses", "mixed"],
)
def test_signs_flipped(gains: list[float], p: float) -> None:
    assert flipped(gains) == p


def test_many_signs_are_drawn_and_come_out_the_same() -> None:
    gains = [1.0, -0.5] * 20
    assert flipped(gains) == flipped(gains)
    assert 0 < flipped(gains) < 0.05


def test_the_command_says_why_nothing_is_forecast(tmp_path: Path) -> None:
    db = tmp_path / "gapwatch.db"
    licences = [fact("gpt-4o", "licence", "Proprietary"), fact("deepseek-r1", "licence", "MIT")]
    with Built(db, (BOARD,)) as built:
        for day, r1 in (("2025-01-10", "1300"), ("2025-01-24", "1357")):
            built.captured(BOARD, day, [score("gpt-4o", "1365"), score("deepseek-r1", r1), *licences])
    asked = ["--db", str(db), "--now", "2025-03-01", "gap", "chat", "--forecast"]
    said = CliRunner().invoke(cli, asked)
    assert (said.exit_code, " ".join(said.output.split())) == (
        0,
        "No forecast is told that does not beat leaving the gap as it is. Errors, in usual gaps:"
        " 4 weeks: not enough data 13 weeks: not enough data 26 weeks: not enough data",
    )
    rows = CliRunner().invoke(cli, [*asked, "--json"]).output
    assert '"shown": false' in rows
    assert '"reason": "not enough data"' in rows
