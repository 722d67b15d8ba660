"""What is said of a gap from snapshot to snapshot, and what the measures of a task say together.

Situations as lines `day gap noise`; laws that hold for any board. Days count from the first snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.simulated import Simulated, simulated
from tracker.domain import Standing
from tracker.trends.agreement import Measure, agreement, sentence
from tracker.trends.events import Event, Snapshot, find
from tracker.trends.states import LASTS, Label, Reading, labels

DAY = date(2025, 1, 1)
QUIET = 181


def readings(*lines: str) -> list[Reading]:
    """`0 50 10` is a gap of 50 with a noise of 10 on the first day, in capture 0; `-` is unknown."""
    return [_reading(*line.split()) for line in lines]


def _reading(day: str, gap: str, noise: str = "10") -> Reading:
    size, most = (None if text == "-" else float(text) for text in (gap, noise))
    return Reading(DAY + timedelta(days=int(day)), size, most, int(day))


def event(day: int, move: float, standing: str = "confirmed", judged: int | None = None) -> Event:
    """A step of the gap by so much: downwards by an open model, upwards by a closed one."""
    on, side = DAY + timedelta(days=day), "open" if move < 0 else "closed"
    judge = day + 7 if judged is None else judged
    decided = None if standing == "provisional" else judge
    return Event(on, side, "m", "n", abs(move), 0, move, Standing(standing), day, decided, noise=10)


SITUATIONS: dict[str, tuple[list[str], list[Event], list[str]]] = {
    "nothing known": (["0 - -", "9 - -"], [], ["0 not enough data"]),
    "a gap without noise": (["0 50 -", "200 50 -"], [], ["0 not enough data"]),
    "a short record without an event": (["0 50", "180 50"], [], ["0 not enough data"]),
    "half a year without an event": (["0 50", "181 50"], [], ["0 not enough data", "181 steady"]),
    "a provisional event says nothing yet": (
        ["0 50", "7 30"],
        [event(7, -20, "provisional")],
        ["0 not enough data"],
    ),
    "a confirmed one from the day that confirmed it": (
        ["0 50", "7 30", "14 30"],
        [event(7, -20)],
        ["0 not enough data", "14 closing"],
    ),
    "the last one counts": (
        ["0 50", "7 30", "14 30", "30 60", "40 60"],
        [event(7, -20), event(30, 30, judged=40)],
        ["0 not enough data", "14 closing", "40 widening"],
    ),
    "but not within 14 days of the label": (
        ["0 50", "7 30", "14 30", "17 60", "24 60", "27 60", "28 60"],
        [event(7, -20), event(17, 30)],
        ["0 not enough data", "14 closing", "28 widening"],
    ),
    "two steps in one snapshot count together": (
        ["0 50", "7 45", "14 45"],
        [event(7, 30), event(7, -35)],
        ["0 not enough data", "14 closing"],
    ),
    "half a year after the last event": (
        ["0 50", "7 30", "14 30", f"{7 + QUIET} 30"],
        [event(7, -20)],
        ["0 not enough data", "14 closing", f"{7 + QUIET} steady"],
    ),
    "within the noise": (["0 10"], [], ["0 tied"]),
    "open ahead within the noise": (["0 -10"], [], ["0 tied"]),
    "open ahead beyond it": (["0 -11"], [], ["0 overtaken"]),
    "a tie ends with a release": (
        ["0 5", "20 40", "27 40"],
        [event(20, 35)],
        ["0 tied", "20 reopened"],
    ),
    "the next event ends the reopening": (
        ["0 5", "20 40", "27 40", "40 20", "47 20"],
        [event(20, 35), event(40, -20)],
        ["0 tied", "20 reopened", "47 closing"],
    ),
    "overtaken, then behind again": (
        ["0 -30", "20 40", "27 40"],
        [event(20, 70)],
        ["0 overtaken", "20 reopened"],
    ),
    "to and fro at the noise is a tie": (
        ["0 9", "20 11", "23 9", "40 11", "43 9"],
        [],
        ["0 tied"],
    ),
    "a week beyond it is none": (["0 9", "20 11", "27 11"], [], ["0 tied", "27 reopened"]),
    "reopened for half a year": (
        ["0 9", "20 11", "27 11", f"{20 + QUIET} 11"],
        [],
        ["0 tied", "27 reopened", f"{20 + QUIET} steady"],
    ),
    "an experimental entry ties and is withdrawn": (
        ["0 50", "7 30", "14 30", "40 5", "47 30", "54 30"],
        [event(7, -20), event(40, -25, "retracted")],
        ["0 not enough data", "14 closing", "40 tied", "47 closing"],
    ),
    "what a retracted event made is no tie that could reopen": (
        ["0 50", "181 50", "200 -40", "207 50", "230 50"],
        [event(200, -90, "retracted")],
        ["0 not enough data", "181 steady", "200 overtaken", "207 steady"],
    ),
    "one snapshot without noise, right after a change": (
        ["0 5", "20 40", "24 40 -", "30 40"],
        [event(20, 35)],
        ["0 tied", "20 reopened"],
    ),
    "two snapshots of one day": (["0 50", "0 5", "0 5"], [], ["0 not enough data", "0 tied"]),
}


@pytest.mark.parametrize(("lines", "events", "expected"), SITUATIONS.values(), ids=SITUATIONS.keys())
def test_the_state(lines: list[str], events: list[Event], expected: list[str]) -> None:
    assert [
        f"{(label.on - DAY).days} {label.state}" for label in labels(readings(*lines), events)
    ] == expected


def test_no_snapshot_has_no_state() -> None:
    assert labels([], []) == []


# Laws, on simulated boards


def of(shots: Sequence[Snapshot]) -> list[Reading]:
    return [Reading(shot.on, shot.gap, shot.noise, shot.capture) for shot in shots]


def flips(found: Sequence[Label], events: Sequence[Event]) -> list[Label]:
    """The labels that follow a change of less than 14 days before, and on no retraction."""
    taken_back = {event.judged_by for event in events if event.standing is Standing.RETRACTED}
    return [
        later
        for label, later in pairwise(found[1:])
        if later.on - label.on < LASTS and later.capture not in taken_back
    ]


def story(events: Sequence[Event]) -> list[tuple[object, ...]]:
    return [(e.on, e.side, e.model, e.replaced, round(e.move, 6), e.capture) for e in events]


@given(simulated())
@settings(deadline=None)
def test_no_label_changes_twice_within_14_days_unless_its_event_is_retracted(board: Simulated) -> None:
    shots = board.snapshots()
    events = find(shots)
    assert flips(labels(of(shots), events), events) == []


@given(simulated())
@settings(deadline=None)
def test_what_was_known_then_is_what_is_told_of_then(board: Simulated) -> None:
    """Replayed day by day an event is only ever decided, never made, moved or lost; a label never changes."""
    shots = board.snapshots()
    last = find(shots)
    for known in range(1, len(shots)):
        then, captures = find(shots[:known]), {shot.capture for shot in shots[:known]}
        assert story(then) == story([event for event in last if event.capture in captures])
        for event in then:
            (later,) = [e for e in last if (e.capture, e.side) == (event.capture, event.side)]
            assert event.standing in (later.standing, Standing.PROVISIONAL)
        told = labels(of(shots), last)
        assert labels(of(shots[:known]), then) == [label for label in told if label.capture in captures]


@given(simulated(), st.lists(st.integers(-300, 300), min_size=40, max_size=40))
@settings(deadline=None)
def test_a_board_that_shifts_as_a_whole_changes_no_event(board: Simulated, shifts: list[int]) -> None:
    assert story(find(board.snapshots(shifts))) == story(find(board.snapshots()))


@given(simulated())
@settings(deadline=None)
def test_a_retracted_event_never_stays_in_a_state(board: Simulated) -> None:
    """Without the events that were retracted the last state is the same once labels have had their time."""
    shots = board.snapshots()
    end = shots[-1]
    quiet = [Reading(end.on + timedelta(days=30 * n), end.gap, end.noise, 1000 + n) for n in range(1, 20)]
    events = find(shots)
    sure = [event for event in events if event.standing is Standing.CONFIRMED]
    if all(event.standing is not Standing.PROVISIONAL for event in events):
        assert labels([*of(shots), *quiet], events)[-1].state == labels([*of(shots), *quiet], sure)[-1].state


# What the measures of a task say together


def measure(name: str, model: str, gap: float | None, noise: float | None = 10, ago: int = 0) -> Measure:
    return Measure(name, DAY - timedelta(days=ago), model, gap, noise)


TOGETHER: dict[str, tuple[list[Measure], str]] = {
    "no measure": ([], "No fresh measure tells its noise, so where open stands is not sure."),
    "one": ([measure("a", "R1", 30)], "One measure only: open is behind on 1 (R1)."),
    "all behind": (
        [measure("a", "R1", 30), measure("b", "R1", 20)],
        "Measures agree: open is behind on 2 (R1).",
    ),
    "tied here, behind there": (
        [measure("a", "R1", 30), measure("b", "V3", -3)],
        "Measures disagree: open is tied on 1 (V3), behind on 1 (R1).",
    ),
    "ahead, with others that say nothing": (
        [measure("a", "R1", -30), measure("b", "V3", 9, None), measure("c", "V3", 99, ago=61)],
        "One measure only: open is ahead on 1 (R1); 1 without noise, 1 over 60 days old.",
    ),
    "none tells its noise": (
        [measure("a", "R1", 30, None), measure("b", "R1", None)],
        "No fresh measure tells its noise, so where open stands is not sure.",
    ),
    "all of them old": (
        [measure("a", "R1", 30, ago=90)],
        "No fresh measure tells its noise, so where open stands is not sure; 1 over 60 days old.",
    ),
}


@pytest.mark.parametrize(("measures", "said"), TOGETHER.values(), ids=TOGETHER.keys())
def test_measures_of_a_task(measures: list[Measure], said: str) -> None:
    assert sentence(agreement(measures, DAY)) == said
