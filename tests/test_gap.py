"""The gap under each of its named definitions: named situations, laws, and a slow oracle that must agree.

The published facts: LMArena at the end of January 2025 had its best closed model at 1382 and its best open
one at 1357, which is 25 points, 1.8 % and a win probability of 0.536.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.oracle import Entry, Told, board, closed, expected, measured, open_
from tracker.domain import LicenceClass, Metric, Weights
from tracker.trends import published
from tracker.trends.frontier import CLASSES, in_class
from tracker.trends.gap import measure
from tracker.trends.lags import kaplan_meier
from tracker.trends.scores import frontier, standard_errors

ELO = Metric("elo", "Arena", "Arena", "chat", "points", "elo")
SHARE = Metric("share", "Test", "Test", "coding", "%", "percent", questions=225)
RATE = replace(SHARE, id="rate", higher_is_better=False, questions=None)
DAY = date(2025, 1, 31)


def unknown(value: float, model: str = "unknown") -> Entry:
    return Entry(model, value, Weights.UNKNOWN)


# The gap of one snapshot


def test_the_published_gap_of_january_2025() -> None:
    gap = measured([closed(1382), open_(1357), open_(1340, "other")], ELO, DAY)
    assert gap.difference == 25
    assert gap.percent == pytest.approx(1.8, abs=0.05)
    assert gap.win_probability == pytest.approx(0.536, abs=0.0005)


@pytest.mark.parametrize(
    ("entries", "metric", "difference", "percent"),
    [
        pytest.param([closed(1400), open_(1400)], ELO, 0, 0, id="level"),
        pytest.param([closed(1350), open_(1400)], ELO, -50, -3.571, id="open-leads"),
        pytest.param([closed(80), open_(60)], SHARE, 20, 33.333, id="a-share"),
        pytest.param([closed(2), open_(3)], RATE, 1, 50, id="lower-is-better-and-open-is-behind"),
        pytest.param([closed(3), open_(2)], RATE, -1, -33.333, id="lower-is-better-and-open-leads"),
        pytest.param([closed(3), open_(0)], RATE, -3, -100, id="a-rate-of-zero-in-the-open"),
        pytest.param([closed(0), open_(3)], RATE, 3, None, id="no-percentage-of-zero"),
        pytest.param([closed(0), open_(0)], SHARE, 0, None, id="nothing-solved-by-anybody"),
        pytest.param([closed(100), open_(100)], SHARE, 0, 0, id="everything-solved-by-both"),
        pytest.param([closed(1400), closed(1500, "x"), open_(1400)], ELO, 100, 7.143, id="best-of-a-side"),
        pytest.param([closed(1400), open_(1300), unknown(1390)], ELO, 100, 7.692, id="unknown-is-no-side"),
    ],
)
def test_a_gap_is_closed_minus_open_and_positive_where_open_is_behind(
    entries: list[Entry], metric: Metric, difference: float, percent: float | None
) -> None:
    gap = measured(entries, metric, DAY)
    assert gap.difference == pytest.approx(difference)
    assert gap.percent == (pytest.approx(percent, abs=0.001) if percent is not None else None)


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([], id="an-empty-board"),
        pytest.param([closed(1400)], id="no-open-model"),
        pytest.param([open_(1400)], id="no-closed-model"),
        pytest.param([closed(1400), unknown(1500)], id="only-unknown-beside"),
        pytest.param([closed(math.nan), open_(math.nan)], id="nobody-is-listed-any-more"),
    ],
)
def test_without_both_sides_there_is_no_figure(entries: list[Entry]) -> None:
    gap = measured(entries, ELO, DAY)
    assert (*gap[2:9], gap.area) == (None,) * 8


def test_sides_are_counted_and_the_unknown_apart() -> None:
    gap = measured([closed(1), closed(2, "c"), open_(1), unknown(1), unknown(2, "v")], ELO, DAY)
    assert (gap.n_closed, gap.n_open, gap.n_unknown) == (2, 1, 2)


@pytest.mark.parametrize(
    ("licence", "classes"),
    [
        (LicenceClass.PERMISSIVE, {"any", "commercial", "permissive"}),
        (LicenceClass.RESTRICTED, {"any", "commercial"}),
        (LicenceClass.NON_COMMERCIAL, {"any"}),
        (LicenceClass.UNKNOWN, {"any"}),
    ],
)
def test_a_licence_decides_for_whom_a_model_is_open(licence: LicenceClass, classes: set[str]) -> None:
    assert {name for name in CLASSES if in_class(Weights.OPEN, licence, name)} == classes


@pytest.mark.parametrize("name", CLASSES)
def test_unknown_weights_are_open_in_no_class(name: str) -> None:
    assert not in_class(Weights.UNKNOWN, LicenceClass.PERMISSIVE, name)


def test_a_win_probability_is_claimed_on_elo_scales_only() -> None:
    assert measured([closed(80), open_(60)], SHARE, DAY).win_probability is None


def test_among_equals_the_surest_leads_and_then_the_first_by_name() -> None:
    vague, sure = closed(1400, "a", low=1380.0, high=1420.0), closed(1400, "z", low=1399.0, high=1401.0)
    assert measured([vague, sure], ELO, DAY).closed == "z"
    assert measured([closed(1400, "b"), closed(1400, "a")], ELO, DAY).closed == "a"


# Noise


@pytest.mark.parametrize(
    ("entry", "metric", "expected"),
    [
        pytest.param(closed(1400, low=1394.12, high=1405.88), ELO, 3.0, id="95-percent-interval"),
        pytest.param(closed(1400), ELO, math.inf, id="no-interval"),
        pytest.param(closed(1400, low=1400.0, high=1400.0), ELO, math.inf, id="an-interval-of-nothing"),
        pytest.param(closed(1400, low=1390.0), ELO, math.inf, id="half-an-interval"),
        pytest.param(closed(50), SHARE, 3.333, id="binomial-of-225-questions"),
        pytest.param(closed(0), SHARE, 0.4415, id="nothing-solved-is-not-without-noise"),
        pytest.param(closed(100), SHARE, 0.4415, id="nor-is-everything"),
        pytest.param(closed(101), SHARE, math.inf, id="no-share"),
        pytest.param(closed(50), RATE, math.inf, id="questions-unknown"),
        pytest.param(closed(50, n=100), RATE, 5.0, id="questions-in-the-row"),
        pytest.param(closed(1400, n=5000), ELO, math.inf, id="votes-are-no-questions"),
    ],
)
def test_a_standard_error_comes_from_the_interval_or_the_questions(
    entry: Entry, metric: Metric, expected: float
) -> None:
    figures = (entry.value, entry.low, entry.high, entry.n)
    value, low, high, n = (np.array([math.nan if one is None else one]) for one in figures)
    assert standard_errors(value, (low, high), n, metric)[0] == pytest.approx(expected, abs=0.001)


def test_the_noise_of_a_gap_is_1_645_errors_of_the_difference() -> None:
    ours, theirs = open_(1, low=-3 * 1.96, high=3 * 1.96), closed(1, low=-4 * 1.96, high=4 * 1.96)
    assert measured([ours, theirs], ELO, DAY).noise == pytest.approx(1.645 * 5)


def test_where_one_side_has_no_interval_the_noise_is_unknown() -> None:
    assert measured([open_(1), closed(1, low=0.0, high=2.0)], ELO, DAY).noise is None


# Lags, by release date: (day, score) of both sides, on 31 January 2025

Side = list[tuple[str, float]]


def two(closeds: Side, opens: Side, half: float | None = None) -> Told:
    """The gap of a board of both sides, each score with an interval of plus and minus `half`."""
    sides = ((closed, closeds), (open_, opens))
    return measured(
        [
            make(value, f"{make.__name__} {day}", released=day, **bounds(value, half))
            for make, side in sides
            for day, value in side
        ],
        ELO,
        DAY,
    )


def bounds(value: float, half: float | None) -> dict[str, Any]:
    return {} if half is None else {"low": value - half, "high": value + half}


@pytest.mark.parametrize(
    ("opens", "closeds", "expected"),
    [
        pytest.param([("2025-01-20", 1357)], [("2024-05-13", 1345), ("2024-09-12", 1360)], 141, id="reached"),
        pytest.param([("2025-01-20", 1357)], [("2024-09-12", 1357)], 141, id="reached-exactly"),
        pytest.param([("2025-01-20", 1357)], [("2024-09-12", 1300)], None, id="open-leads"),
        pytest.param([("2025-01-20", 1357)], [("", 1400)], None, id="the-closed-one-is-undated"),
        pytest.param([("", 1357)], [("2024-09-12", 1400)], None, id="the-open-one-is-undated"),
        pytest.param([("2025-02", 1357), ("2024-07", 1200)], [("2024-07-01", 1250)], 214, id="not-yet-out"),
        pytest.param([("2024-12", 1357)], [("2024-09", 1400)], 152, id="months-count-from-their-first"),
        pytest.param([("2024-12-01", 1300)], [("2024-13-77", 1400)], None, id="a-day-that-is-none"),
        pytest.param([], [("2024-09-12", 1400)], None, id="no-open-model"),
    ],
)
def test_strictly_open_is_behind_since_closed_first_reached_its_frontier(
    opens: Side, closeds: Side, expected: float | None
) -> None:
    assert two(closeds, opens).strict == expected


THREE: Side = [("2024-03-01", 1290), ("2024-06-01", 1305), ("2024-09-01", 1330)]


@pytest.mark.parametrize(
    ("closeds", "opens", "half", "expected"),
    [
        pytest.param(THREE, [("2024-12-01", 1300)], 5, 152, id="the-second-is-within-the-noise"),
        pytest.param(THREE, [("2024-12-01", 1300)], 2, 244, id="nothing-is"),
        pytest.param(THREE, [("2024-12-01", 1328)], 5, 0, id="tied"),
        pytest.param(THREE, [("2024-12-01", 1340)], 5, 0, id="open-leads"),
        pytest.param(THREE, [("2024-12-01", 1200)], 5, 336, id="since-the-first-closed-one"),
        pytest.param(THREE, [("2024-12-01", 1300)], None, None, id="noise-unknown"),
        pytest.param(THREE, [("2024-12-01", 1340)], None, None, id="open-leads-and-noise-unknown"),
        pytest.param(THREE, [], 5, None, id="no-open-model"),
        pytest.param([], [("2024-12-01", 1300)], 5, None, id="no-closed-model"),
    ],
)
def test_open_is_tied_until_closed_is_significantly_better(
    closeds: Side, opens: Side, half: float | None, expected: float | None
) -> None:
    assert two(closeds, opens, half).tied == expected


def test_a_closed_model_of_unknown_noise_decides_no_tie() -> None:
    known = [open_(1300, released="2024-12-01", **bounds(1300, 5)), closed(1330, released="2024-06-01")]
    assert measured(known, ELO, DAY).tied is None
    surely = [*known, closed(1302, "later", released="2024-09-01", **bounds(1302, 5))]
    assert measured(surely, ELO, DAY).tied is None  # 1302 is no record


@pytest.mark.parametrize(
    ("closeds", "opens", "half", "median", "matched", "censored"),
    [
        pytest.param(THREE, [("2024-04-01", 1295)], None, None, 1, 2, id="two-of-three-still-wait"),
        pytest.param(THREE, [("2024-10-01", 1310)], None, 214, 2, 1, id="half-are-matched-by-then"),
        pytest.param(THREE, [("2024-12-01", 1340)], None, 183, 3, 0, id="all-by-one-model"),
        pytest.param(THREE, [("2024-12-01", 1326)], None, 183, 2, 1, id="four-points-short"),
        pytest.param(THREE, [("2024-12-01", 1326)], 5, 183, 3, 0, id="short-within-the-noise"),
        pytest.param(THREE, [("2023-12-01", 1288)], 5, None, 1, 2, id="matched-by-one-that-was-there"),
        pytest.param(THREE, [("2023-12-01", 1300)], None, None, 0, 2, id="a-record-below-open-is-none"),
        pytest.param(THREE, [("2023-12-01", 1400)], None, None, 0, 0, id="open-always-led"),
        pytest.param(THREE, [], None, None, 0, 3, id="nobody-could"),
        pytest.param([], [("2024-12-01", 1300)], None, None, 0, 0, id="nothing-to-match"),
    ],
)
def test_records_wait_for_their_match_and_the_unmatched_are_censored(
    closeds: Side, opens: Side, half: float | None, median: float | None, matched: int, censored: int
) -> None:
    gap = two(closeds, opens, half)
    assert (gap.matched, gap.matched_n, gap.censored_n) == (median, matched, censored)


@pytest.mark.parametrize(
    ("waits", "median"),
    [
        pytest.param([], None, id="none"),
        pytest.param([(5, 1)], 5, id="one"),
        pytest.param([(5, 0)], None, id="one-censored"),
        pytest.param([(1, 1), (2, 1), (3, 1), (4, 1)], 2, id="exactly-half"),
        pytest.param([(3, 1), (3, 0)], 3, id="censored-at-the-same-time-is-at-risk"),
        pytest.param([(1, 1), (2, 0), (3, 0), (4, 1)], 4, id="the-last-one-at-risk"),
        pytest.param([(1, 1), (2, 0), (3, 0), (4, 0)], None, id="the-median-is-not-reached"),
        # Freireich's remission times of 6-mercaptopurine, 1963: the published median is 23 weeks.
        pytest.param(
            [(6, 1)] * 3
            + [(6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0)]
            + [(20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)],
            23,
            id="freireich-1963",
        ),
    ],
)
def test_the_median_wait_is_that_of_kaplan_and_meier(
    waits: list[tuple[int, int]], median: float | None
) -> None:
    times, events = np.array([w[0] for w in waits], int), np.array([w[1] for w in waits], bool)
    (found,) = kaplan_meier(np.zeros(len(waits), int), times, events, 1)
    assert found == median if median is not None else math.isnan(found)


@pytest.mark.parametrize(
    ("closeds", "opens", "expected"),
    [
        # 1290 to 1305: open came on 1 December, closed on 1 June, 183 days before.
        pytest.param(THREE, [("2024-01-01", 1200), ("2024-12-01", 1305)], 183, id="one-step"),
        # 1290 to 1305: 61 days; 1305 to 1315: 1 December after 1 September, 91 days.
        pytest.param(
            THREE,
            [("2024-01-01", 1200), ("2024-08-01", 1305), ("2024-12-01", 1315)],
            (61 * 15 + 91 * 10) / 25,
            id="two-steps",
        ),
        pytest.param(
            THREE,
            [("2024-01-01", 1200), ("2024-05-01", 1400)],
            (-31 * 15 - 123 * 25) / 40,
            id="open-was-earlier",
        ),
        pytest.param(THREE, [("2024-12-01", 1300)], None, id="one-open-score-is-no-range"),
        pytest.param(THREE, [("2024-01-01", 1100), ("2024-12-01", 1280)], None, id="nothing-in-common"),
        pytest.param(THREE, [], None, id="no-open-model"),
    ],
)
def test_the_area_between_both_curves_over_what_both_have_passed(
    closeds: Side, opens: Side, expected: float | None
) -> None:
    assert two(closeds, opens).area == (pytest.approx(expected) if expected is not None else None)


@pytest.mark.parametrize(
    ("history", "target", "expected"),
    [
        pytest.param(
            [("2024-06-01", 1280), ("2024-09-01", 1340), ("2025-01-01", 1360)], 1330, 152, id="first"
        ),
        pytest.param(
            [("2024-06-01", 1280), ("2024-09-01", 1340), ("2025-01-01", 1320)], 1340, 152, id="lost"
        ),
        pytest.param([("2024-06-01", 1280), ("2025-01-31", 1340)], 1330, 0, id="today"),
        pytest.param([("2024-06-01", 1280), ("2025-01-01", 1320)], 1330, None, id="never"),
        pytest.param([("2024-06-01", 1340), ("2025-01-01", 1360)], 1330, None, id="before-the-record-began"),
        pytest.param([], 1330, None, id="nothing-known"),
    ],
)
def test_as_published_the_lag_counts_snapshots_back_then(
    history: list[tuple[str, float]], target: float, expected: float | None
) -> None:
    assert published.lag(history, "2025-01-31", target) == expected


# Laws


@st.composite
def boards(draw: st.DrawFn, metric: Metric) -> list[Entry]:
    """Up to fourteen rows: ties, missing intervals, undated models, equal dates, scores of 0 and 100."""
    scale = st.integers(0, 100) if metric.scale == "percent" else st.integers(1300, 1340)
    rows = []
    for name in range(draw(st.integers(0, 14))):
        value, half = draw(scale), draw(st.sampled_from([None, 0, 2, 5, 20]))
        day = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 40)) * 11)  # some after the snapshot
        weights, licence = draw(st.sampled_from([*Weights])), draw(st.sampled_from([*LicenceClass]))
        when = draw(st.sampled_from([day.isoformat(), day.isoformat(), day.isoformat()[:7], ""]))
        row = Entry(f"m{name:02}", float(value), weights, licence, released=when, **bounds(value, half))
        rows.append(replace(row, n=draw(st.sampled_from([None, None, 50]))))
    return rows


METRICS = {"elo": ELO, "share": SHARE, "rate": RATE}
a_board = st.sampled_from([*METRICS.values()]).flatmap(lambda m: st.tuples(st.just(m), boards(m)))
an_arena = boards(ELO)
licences = st.sampled_from(CLASSES)
law = settings(deadline=None)


def same(one: Told, other: Told) -> bool:
    return all(
        a == b or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, abs_tol=1e-6))
        for a, b in zip(one, other, strict=True)
    )


@law
@given(a_board, licences)
def test_the_arrays_agree_with_the_definitions_word_for_word(
    rows: tuple[Metric, list[Entry]], licence: str
) -> None:
    metric, entries = rows
    found, wanted = measured(entries, metric, DAY, licence), expected(entries, metric, DAY, licence)
    assert same(found, wanted), (found, wanted)


@law
@given(an_arena, st.randoms(use_true_random=False), licences)
def test_the_order_of_rows_does_not_matter(entries: list[Entry], chance: Any, licence: str) -> None:
    assert measured(chance.sample(entries, len(entries)), ELO, DAY, licence) == measured(
        entries, ELO, DAY, licence
    )


@law
@given(an_arena, st.integers(-300, 300), licences)
def test_a_drift_of_the_whole_board_moves_only_the_percentage(
    entries: list[Entry], by: int, licence: str
) -> None:
    drifted = [
        replace(
            e,
            value=e.value + by,
            low=None if e.low is None else e.low + by,
            high=None if e.high is None else e.high + by,
        )
        for e in entries
    ]
    still, moved = measured(entries, ELO, DAY, licence), measured(drifted, ELO, DAY, licence)
    assert same(still._replace(percent=None), moved._replace(percent=None))


@law
@given(an_arena)
def test_swapping_the_sides_negates_the_gap(entries: list[Entry]) -> None:
    swap = {Weights.OPEN: Weights.CLOSED, Weights.CLOSED: Weights.OPEN, Weights.UNKNOWN: Weights.UNKNOWN}
    there = measured(entries, ELO, DAY)
    back = measured([replace(e, weights=swap[e.weights]) for e in entries], ELO, DAY)
    assert (there.open, there.closed) == (back.closed, back.open)
    for one, other in ((there.difference, back.difference), (there.area, back.area)):
        assert (one is None) == (other is None)
        assert one is None or other is None or one == pytest.approx(-other)
    if there.win_probability is not None and back.win_probability is not None:
        assert there.win_probability + back.win_probability == pytest.approx(1)
    assert there.noise == back.noise


@law
@given(a_board, licences)
def test_lags_are_days_and_a_tie_ends_no_earlier_than_closed_got_there(
    rows: tuple[Metric, list[Entry]], licence: str
) -> None:
    metric, entries = rows
    gap = measured(entries, metric, DAY, licence)
    assert all(lag is None or lag >= 0 for lag in (gap.strict, gap.tied, gap.matched))
    assert gap.tied is None or gap.strict is None or gap.tied <= gap.strict
    assert gap.matched is None or gap.matched_n > 0


@law
@given(a_board, licences)
def test_no_record_above_the_open_frontier_is_dropped(rows: tuple[Metric, list[Entry]], licence: str) -> None:
    metric, entries = rows
    gap = measured(entries, metric, DAY, licence)
    _, matrix = board(entries, metric, DAY)
    ours, theirs = (frontier(matrix, m) for m in (matrix.entries.open[licence], matrix.entries.closed))
    above = 0
    for column in np.flatnonzero(theirs.records[0]):
        there = ours.best[0][ours.days <= theirs.days[column]].max()
        above += bool(theirs.best[0][column] > there)
    assert gap.matched_n + gap.censored_n == above


@law
@given(a_board)
def test_the_running_best_only_improves(rows: tuple[Metric, list[Entry]]) -> None:
    _, matrix = board(rows[1], rows[0], DAY)
    line = frontier(matrix, matrix.entries.closed)
    assert all(a < b for a, b in pairwise(line.days))
    assert all(a <= b for a, b in pairwise(line.best[0]))
    rose = np.concatenate([[False], line.best[0][1:] > line.best[0][:-1]])
    assert (line.records[0] == rose).all()


@law
@given(st.lists(boards(ELO), min_size=1, max_size=5))
def test_many_snapshots_at_once_give_what_each_gives_alone(history: list[list[Entry]]) -> None:
    """A model that is absent, or of which less is known, in one snapshot leaves nothing in the next."""
    names = sorted({e.model for rows in history for e in rows})
    known = {e.model: e for rows in history for e in rows}
    alike = [
        [replace(e, weights=known[e.model].weights, licence_class=known[e.model].licence_class,
                 released=known[e.model].released) for e in rows]
        for rows in history
    ]  # fmt: skip
    whole = [
        [*rows, *(replace(known[m], value=math.nan) for m in names if m not in {e.model for e in rows})]
        for rows in alike
    ]
    parts = [board(rows, ELO, DAY + timedelta(days=n))[1] for n, rows in enumerate(whole)]
    joined = replace(
        parts[0],
        days=np.concatenate([part.days for part in parts]),
        goodness=np.vstack([part.goodness for part in parts]),
        errors=np.vstack([part.errors for part in parts]),
    )
    for gaps in measure(joined, ELO):
        for number, rows in enumerate(alike):
            alone = measured(rows, ELO, DAY + timedelta(days=number), gaps.licence_class)
            together = (gaps.lag_strict, gaps.lag_tied, gaps.lag_matched.median, gaps.lag_area)
            for found, wanted in zip(
                together, (alone.strict, alone.tied, alone.matched, alone.area), strict=True
            ):
                assert math.isnan(found[number]) if wanted is None else found[number] == pytest.approx(wanted)
            assert gaps.lag_matched.matched[number] == alone.matched_n
