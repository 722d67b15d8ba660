"""Trends as pure functions: named situations with the figures that must come out, and laws that always hold.

The gap itself is in test_gap.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import Change, Standing
from tracker.trends import leads
from tracker.trends.changes import Figure, Move, Setting, decide
from tracker.trends.events import Side, Snapshot, direction, find
from tracker.trends.price import blended, times

DAY = date(2025, 1, 31)


# Prices


@pytest.mark.parametrize(
    ("given_in", "out", "mix", "expected"),
    [
        ("3", "15", (3, 1), "6"),
        ("0.55", "2.19", (3, 1), "0.96"),
        ("1", "3", (1, 1), "2"),
        ("0", "0", (3, 1), "0"),
    ],
)
def test_a_blended_price_is_exact(given_in: str, out: str, mix: tuple[int, int], expected: str) -> None:
    assert blended(Decimal(given_in), Decimal(out), mix) == Decimal(expected)


def test_nothing_goes_into_a_price_of_nothing() -> None:
    assert times(Decimal(3), Decimal(2)) == 1.5
    assert times(Decimal(3), Decimal(0)) is None


# Changes of one capture

SETTING = Setting("board", "2026-05-31T08:00:00Z", 2, (2, 1))


def figure(value: str | None, half: str = "") -> Figure | None:
    if value is None:
        return None
    number = Decimal(value)
    return Figure(number, number - Decimal(half), number + Decimal(half)) if half else Figure(number)


def moved(metric: str, before: str | None, after: str | None, subject: str = "m", half: str = "") -> Move:
    return Move(metric, subject, "acme", "", figure(before, half), figure(after, half))


def offer(before: tuple[str, str], after: tuple[str, str]) -> list[Move]:
    """An offer of which only what moved has arrived."""
    parts = zip(("price.input", "price.output"), before, after, strict=True)
    return [moved(part, b, a) for part, b, a in parts if b != a]


def told(found: Sequence[Change]) -> list[str]:
    return [f"{change.kind} {change.standing}" for change in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(("3", "15"), ("1.5", "7.5"), ["price down confirmed"], id="halved"),
        pytest.param(("3", "15"), ("3", "20"), ["price up confirmed"], id="output-only"),
        pytest.param(("3", "15"), ("5", "14"), ["price up confirmed"], id="up-and-down-count-blended"),
        pytest.param(("3", "15"), ("2", "16"), ["price down confirmed"], id="down-and-up-count-blended"),
        pytest.param(("3", "15"), ("3000", "15000"), ["price up unconfirmed"], id="unit-slip"),
        pytest.param(("3", "15"), ("0.31", "15"), ["price down confirmed"], id="less-than-tenfold"),
        pytest.param(("3", "15"), ("0.3", "15"), ["price down unconfirmed"], id="a-decimal-point"),
        pytest.param(("3", "15"), ("0", "0"), ["price down unconfirmed"], id="to-nothing"),
        pytest.param(("0", "0"), ("3", "15"), ["price up unconfirmed"], id="from-nothing"),
        pytest.param(("3", "15"), ("3", "15"), [], id="unchanged"),
    ],
)
def test_an_offer_has_one_price_change_and_a_wild_one_is_unconfirmed(
    before: tuple[str, str], after: tuple[str, str], expected: list[str]
) -> None:
    assert told(decide(offer(before, after), SETTING)) == expected


def test_a_price_change_says_both_prices_as_published() -> None:
    (change,) = decide(offer(("0.55", "2.19"), ("0.28", "1.1")), SETTING)
    assert (change.before, change.after) == ("input 0.55, output 2.19", "input 0.28, output 1.1")
    assert change.evidence == (2, 1)


def test_an_offer_that_comes_or_goes_is_no_price_change() -> None:
    coming = [moved("price.input", None, "3"), moved("price.output", None, "15")]
    assert decide(coming, SETTING) == []
    assert decide([m._replace(before=m.after, after=None) for m in coming], SETTING) == []


@pytest.mark.parametrize(
    ("before", "after", "half", "expected"),
    [
        pytest.param("1400", "1403", "5", [], id="within-its-interval"),
        pytest.param("1400", "1405", "5", [], id="at-its-edge"),
        pytest.param("1400", "1406", "5", ["score confirmed"], id="beyond-it"),
        pytest.param("80", "80.1", "", ["score confirmed"], id="no-interval"),
        pytest.param("80", "80", "", [], id="unmoved"),
    ],
)
def test_a_score_is_revised_when_it_leaves_its_interval(
    before: str, after: str, half: str, expected: list[str]
) -> None:
    assert told(decide([moved("arena", before, after, half=half)], SETTING)) == expected


DIGITS = {
    "more digits": ("57.3", "57.2727", 0),
    "fewer digits": ("57.2727", "57.3", 0),
    "a figure that lost its closing zero": ("57", "57.04", 0),
    "other figures": ("57.3", "57.4727", 12),
}


@pytest.mark.parametrize(("before", "after", "revised"), DIGITS.values(), ids=DIGITS.keys())
def test_a_board_that_shows_other_digits_than_before_revised_nothing(
    before: str, after: str, revised: int
) -> None:
    rows = [moved("share", before, after, f"m{n}") for n in range(12)]
    assert len(decide(rows, SETTING)) == revised


def test_what_was_revised_among_figures_with_more_digits_is_still_told() -> None:
    rows = [moved("share", "57.3", "57.2727", f"m{n}") for n in range(12)]
    rows += [moved("share", "50.0", "51.25", "up"), moved("other", "57.3", "57.2727", "alone")]
    assert [(c.metric, c.model) for c in decide(rows, SETTING)] == [("share", "up"), ("other", "alone")]


def board(*ranges: range, snapshot: str = "") -> frozenset[tuple[str, str]]:
    return frozenset((f"m{n}", snapshot) for some in ranges for n in some)


LISTINGS: dict[str, tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]], list[str]]] = {
    "the same": (board(range(200)), board(range(200)), []),
    "one comes": (board(range(200)), board(range(201)), ["listed m200"]),
    "one comes, one goes": (board(range(200)), board(range(1, 201)), ["listed m200", "gone m0"]),
    "a new snapshot of a model": (
        board(range(2)),
        board(range(2)) | board(range(1), snapshot="0528"),
        ["listed m0 0528"],
    ),
    "ten come to a small board": (
        board(range(20)),
        board(range(30)),
        [f"listed m{n}" for n in range(20, 30)],
    ),
    "eleven come to a small board": (board(range(20)), board(range(31)), ["listing: 11 models listed"]),
    "a tenth comes to a large one": (
        board(range(180)),
        board(range(200)),
        sorted(f"listed m{n}" for n in range(180, 200)),
    ),
    "a sixth goes": (board(range(180)), board(range(150)), ["listing: 30 models gone"]),
    "a twentieth goes, as many come": (
        board(range(200)),
        board(range(15, 220)),
        ["listing: 20 models listed, 15 models gone"],
    ),
    "one goes, a fifth comes": (
        board(range(100)),
        board(range(1, 125)),
        ["listing: 25 models listed, 1 model gone"],
    ),
}


@pytest.mark.parametrize(("before", "now", "expected"), LISTINGS.values(), ids=LISTINGS.keys())
def test_models_come_and_go_singly_or_the_board_lists_others(
    before: frozenset[tuple[str, str]], now: frozenset[tuple[str, str]], expected: list[str]
) -> None:
    found = decide([], replace(SETTING, before=before, now=now))
    words = [
        f"{c.kind}: {c.detail}" if c.kind == "listing" else f"{c.kind} {c.model} {c.variant}".strip()
        for c in found
    ]
    assert words == expected


def test_a_change_has_the_same_id_whenever_it_is_computed() -> None:
    rows = offer(("3", "15"), ("1.5", "7.5"))
    once, again = decide(rows, SETTING), decide(rows, replace(SETTING, capture=9, evidence=(9, 8)))
    assert [c.id for c in once] == [c.id for c in again]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["price.input", "price.output", "arena"]),
            st.sampled_from(["m", "n"]),
            st.one_of(st.none(), st.decimals(0, 100, places=2)),
            st.one_of(st.none(), st.decimals(0, 100, places=2)),
        ),
        max_size=8,
    )
)
def test_whatever_moves_ids_are_distinct_and_importance_is_a_share(
    rows: list[tuple[str, str, Decimal | None, Decimal | None]],
) -> None:
    unique = {(metric, subject): (before, after) for metric, subject, before, after in rows}
    found = decide(
        [
            moved(metric, None if b is None else str(b), None if a is None else str(a), subject)
            for (metric, subject), (b, a) in unique.items()
            if (b, a) != (None, None)
        ],
        SETTING,
    )
    assert len({change.id for change in found}) == len(found)
    assert all(0 <= change.importance <= 1 for change in found)


# Events: steps of the gap


def shots(*rows: str, noise: float | None = 10) -> list[Snapshot]:
    """Snapshots of `day; open board; closed board`, like `0; r1 1357; gpt 1382 o1 1350`; the best lead."""
    return [shot(row, number, noise) for number, row in enumerate(rows, 1)]


def shot(row: str, capture: int, noise: float | None) -> Snapshot:
    day, *sides = (part.strip() for part in row.split(";"))
    boards = []
    for side in sides:
        words = side.split()
        boards.append({name: float(value) for name, value in zip(words[::2], words[1::2], strict=True)})
    listed = boards[0] | boards[1]
    leaders = [max(scores, key=lambda name: scores[name]) for scores in boards]
    open_side, closed_side = (Side(name, listed[name], listed) for name in leaders)
    return Snapshot(DAY + timedelta(days=int(day)), open_side, closed_side, noise, capture)


START = "0; a 1300; x 1400"
# What is listed, a week after START unless it says from the first day; and the events.
EVENTS: dict[str, tuple[list[str], list[str]]] = {
    "nothing moves": (["7; a 1300; x 1400"], []),
    "an open model arrives": (["7; a 1300 b 1350; x 1400"], ["7 open b over a closing 100->50 provisional"]),
    "and holds for a week": (
        ["7; a 1300 b 1350; x 1400", "14; a 1300 b 1350; x 1400"],
        ["7 open b over a closing 100->50 confirmed"],
    ),
    "withdrawn within a week nothing is decided": (
        ["7; a 1300 b 1350; x 1400", "13; a 1300; x 1400"],
        ["7 open b over a closing 100->50 provisional"],
    ),
    "and a week later it is": (
        ["7; a 1300 b 1350; x 1400", "13; a 1300; x 1400", "20; a 1300; x 1400"],
        ["7 open b over a closing 100->50 retracted"],
    ),
    "an experimental entry is withdrawn": (
        ["7; a 1300 b 1350; x 1400", "14; a 1300; x 1400"],
        ["7 open b over a closing 100->50 retracted"],
    ),
    "another model's smaller step bears nothing out": (
        ["7; a 1300 b 1350; x 1400", "14; a 1300 c 1315; x 1400"],
        ["7 open b over a closing 100->50 retracted", "14 open c over a closing 100->85 provisional"],
    ),
    "a newcomer as good bears nothing out either": (
        ["7; a 1300 b 1350; x 1400", "14; a 1300 c 1360; x 1400"],
        ["7 open b over a closing 100->50 retracted", "14 open c over a closing 100->40 provisional"],
    ),
    "replaced by one as good that was there: the step was that one's": (
        ["7; a 1300 b 1350 c 1349; x 1400", "14; a 1300 c 1349; x 1400"],
        ["7 open b over a closing 100->50 retracted", "14 open c over a closing 100->51 provisional"],
    ),
    "a preview becomes the product": (
        ["7; a 1300; x 1400 y@05 1450", "14; a 1300; x 1400 y@06 1451"],
        ["7 closed y@05 over x widening 100->150 confirmed"],
    ),
    "settled and overtaken it still holds": (
        ["7; a 1300 b 1350; x 1400", "14; a 1300 b 1330 c 1345; x 1400"],
        ["7 open b over a closing 100->50 confirmed", "14 open c over b closing 70->55 provisional"],
    ),
    "a closed model arrives": (
        ["7; a 1300; x 1400 y 1450", "14; a 1300; x 1400 y 1450"],
        ["7 closed y over x widening 100->150 confirmed"],
    ),
    "a new leader within the noise": (["7; a 1300 b 1305; x 1400", "14; a 1300 b 1305; x 1400"], []),
    "the whole board drifts": (["7; a 1360; x 1460", "14; a 1330; x 1430"], []),
    "a leader's own score settles": (["0; a 1300; x 1450", "7; a 1300; x 1420", "14; a 1300; x 1400"], []),
    "small steps add up to an event": (
        ["7; a 1300 b 1306; x 1400", "14; a 1300 b 1306 c 1312; x 1400"],
        ["14 open c over a closing 100->88 provisional"],
    ),
    "a leader leaves the board": (
        ["0; a 1300 b 1290; x 1400", "7; b 1270; x 1400", "14; b 1270; x 1400"],
        [],
    ),
    "both sides in one snapshot": (
        ["7; a 1300 b 1350; x 1400 y 1450", "14; a 1300 b 1350; x 1400 y 1450"],
        ["7 closed y over x widening 50->100 confirmed", "7 open b over a closing 150->100 confirmed"],
    ),
}


@pytest.mark.parametrize(("rows", "expected"), EVENTS.values(), ids=EVENTS.keys())
def test_events_are_steps_of_a_side_beyond_the_noise(rows: list[str], expected: list[str]) -> None:
    listed = rows if rows[0].startswith("0;") else [START, *rows]
    assert [
        f"{(e.on - DAY).days} {e.side} {e.model} over {e.replaced} {direction(e)}"
        f" {e.before:.0f}->{e.after:.0f} {e.standing}"
        for e in find(shots(*listed))
    ] == expected


def test_where_the_noise_is_unknown_no_event_is_claimed() -> None:
    assert find(shots("0; a 1300; x 1400", "7; a 1300 b 1390; x 1400", noise=None)) == []


def test_no_snapshot_and_one_snapshot_have_no_events() -> None:
    assert find([]) == []
    assert find(shots("0; a 1300; x 1400")) == []


def test_a_confirmation_names_the_snapshot_that_gave_it() -> None:
    (event,) = find(shots("0; a 1; x 99", "7; b 50 a 1; x 99", "9; b 50 a 1; x 99", "15; b 50 a 1; x 99"))
    assert (event.capture, event.judged_by) == (2, 4)


def test_after_a_retraction_the_next_true_event_is_found() -> None:
    """Llama 4 Maverick Experimental, April 2025: listed, withdrawn; then another model stays."""
    found = find(
        shots(
            "0; a 1300; x 1400",
            "7; a 1300 e 1390; x 1400",
            "14; a 1300; x 1400",
            "21; a 1300 b 1340; x 1400",
            "28; a 1300 b 1340; x 1400",
        )
    )
    assert [(e.model, e.standing) for e in found] == [
        ("e", Standing.RETRACTED),
        ("b", Standing.CONFIRMED),
    ]


LEADS: dict[str, tuple[list[str], float | None, list[str]]] = {
    "a new leader": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400"],
        10,
        ["3 open b over a sure provisional"],
    ),
    "still there after a week": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400", "9; b 1350; x 1400", "10; a 1300 b 1340; x 1400"],
        10,
        ["3 open b over a sure confirmed by 4"],
    ),
    "withdrawn within it": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400", "10; a 1300; x 1400"],
        10,
        ["3 open b over a sure retracted by 3"],
    ),
    "overtaken, but still before the old one": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400", "10; a 1300 b 1350 c 1360; x 1400"],
        10,
        ["3 open b over a sure confirmed by 3", "10 open c over b provisional"],
    ),
    "settled within the noise": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400", "10; a 1300 b 1305; x 1400"],
        10,
        ["3 open b over a sure provisional"],
    ),
    "within the noise from the first": (
        ["0; a 1300; x 1400", "3; a 1300 b 1305; x 1400", "10; a 1300 b 1306; x 1400"],
        10,
        ["3 open b over a provisional"],
    ),
    "behind again": (
        ["0; a 1300; x 1400", "3; a 1300 b 1305; x 1400", "10; a 1304 b 1300; x 1400"],
        10,
        ["3 open b over a retracted by 3", "10 open a over b provisional"],
    ),
    "an open model leads overall": (
        ["0; a 1300; x 1400", "3; a 1300 b 1450; x 1400"],
        10,
        ["3 open b over a overall sure provisional"],
    ),
    "the old leader is not listed any more": (["0; a 1300 b 1290; x 1400", "3; b 1290; x 1400"], 10, []),
    "the noise unknown": (
        ["0; a 1300; x 1400", "3; a 1300 b 1350; x 1400", "10; a 1300 b 1350; x 1400"],
        None,
        ["3 open b over a provisional"],
    ),
}


@pytest.mark.parametrize(("rows", "noise", "expected"), LEADS.values(), ids=LEADS.keys())
def test_a_lead_is_provisional_until_it_has_lasted_a_week(
    rows: list[str], noise: float | None, expected: list[str]
) -> None:
    found = [
        f"{(lead.shot.on - DAY).days} {lead.side} {lead.model} over {lead.replaced}"
        f"{' overall' * lead.overall}{' sure' * lead.sure} {lead.standing}"
        f"{f' by {lead.judge.capture}' if lead.judge else ''}"
        for lead in leads.find(shots(*rows, noise=noise))
    ]
    assert found == expected


boards = st.lists(st.tuples(st.integers(1, 9), st.sampled_from("abc"), st.sampled_from("xyz")), max_size=12)


@given(boards, st.integers(-500, 500))
def test_events_do_not_see_a_drift_of_the_scale(rows: list[tuple[int, str, str]], drift: int) -> None:
    """The same leaders on a scale that moves a little more in each snapshot give the same events."""

    def told(step: int) -> list[tuple[object, ...]]:
        day, lines = 0, []
        base = {"a": 1300, "b": 1340, "c": 1390, "x": 1400, "y": 1450, "z": 1460}
        for number, (days, o, c) in enumerate(rows):
            day += days
            worth = {name: value + number * step + 1000 for name, value in base.items()}
            lines.append(f"{day}; {o} {worth[o]}; {c} {worth[c]}")
        snapshots = [
            replace(s, open=replace(s.open, scores=all_), closed=replace(s.closed, scores=all_))
            for number, s in enumerate(shots(*lines))
            for all_ in [{name: float(v + number * step + 1000) for name, v in base.items()}]
        ]
        return [(e.on, e.side, e.model, e.replaced, round(e.move, 6), e.standing) for e in find(snapshots)]

    assert told(drift) == told(0)


@given(boards)
def test_an_event_is_beyond_the_noise_and_explains_the_gap_it_made(rows: list[tuple[int, str, str]]) -> None:
    base = {"a": 1300, "b": 1340, "c": 1390, "x": 1400, "y": 1450, "z": 1460}
    day, lines = 0, []
    for days, o, c in rows:
        day += days
        lines.append(f"{day}; {o} {base[o]}; {c} {base[c]}")
    for event in find(shots(*lines)):
        assert abs(event.move) > 10
        sign = -1 if event.side == "open" else 1
        assert event.after - event.before == pytest.approx(sign * event.move)
        assert (direction(event) == "widening") == (event.after > event.before)
        assert (event.judged_by is None) == (event.standing is Standing.PROVISIONAL)
