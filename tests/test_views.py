"""One frozen week as each reader has it: their tasks, their figures and dates, their zone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import digests
from tests.support.post import PostOffice, body, parsed, serving
from tests.support.published import WEEK, asked, recorded, settings
from tracker.deliver import rounds, weekly
from tracker.digest import editions, style, words
from tracker.digest.style import NARROW, Style, styled
from tracker.digest.views import view
from tracker.digest.weeks import day, parse_week
from tracker.outlets import DATES, NUMBERS, Reader

SEPARATORS = {
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": (NARROW, ","),
    "1'234.5": ("'", "."),
    "1234.5": ("", "."),
    "1234,5": ("", ","),
}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (
            "1,234.5",
            [
                "1,357",
                "62.4\u00a0%",
                "25 points",
                "3.2 points",
                "$0.55",
                "$1,234",
                "1.4 times",
                "2,000 models",
            ],
        ),
        (
            "1.234,5",
            [
                "1.357",
                "62,4\u00a0%",
                "25 points",
                "3,2 points",
                "$0,55",
                "$1.234",
                "1,4 times",
                "2.000 models",
            ],
        ),
        (
            "1 234,5",
            [
                "1\u202f357",
                "62,4\u00a0%",
                "25 points",
                "3,2 points",
                "$0,55",
                "$1\u202f234",
                "1,4 times",
                "2\u202f000 models",
            ],
        ),
        (
            "1'234.5",
            [
                "1'357",
                "62.4\u00a0%",
                "25 points",
                "3.2 points",
                "$0.55",
                "$1'234",
                "1.4 times",
                "2'000 models",
            ],
        ),
        (
            "1234.5",
            ["1357", "62.4\u00a0%", "25 points", "3.2 points", "$0.55", "$1234", "1.4 times", "2000 models"],
        ),
        (
            "1234,5",
            ["1357", "62,4\u00a0%", "25 points", "3,2 points", "$0,55", "$1234", "1,4 times", "2000 models"],
        ),
    ],
)
def test_every_figure_is_written_as_its_example_is(numbers: str, expected: list[str]) -> None:
    from decimal import Decimal

    with styled(Style(numbers)):
        written = [
            words.score(1357, "elo"),
            words.score(62.4, "percent"),
            words.points(25, "elo"),
            words.points(3.2, "percent"),
            words.money(Decimal("0.55")),
            words.money(Decimal(1234)),
            words.times(1.4),
            words.plural(2000, "model"),
        ]
    assert written == expected
    assert words.score(1357, "elo") == "1,357"  # afterwards as before


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(NUMBERS))
def test_a_figure_can_be_read_back(value: object, numbers: str) -> None:
    with styled(Style(numbers)):
        written = style.figure(f"{value:,}")
    group, point = SEPARATORS[numbers]
    assert written.replace(group, "").replace(point, ".") == str(value)


@pytest.mark.parametrize(
    ("dates", "with_year", "without", "week", "turn", "month"),
    [
        (
            "24 January",
            "24 January 2025",
            "24 January",
            "20 to 26 January",
            "27 January to 2 February",
            "January 2025",
        ),
        (
            "January 24",
            "January 24, 2025",
            "January 24",
            "January 20 to 26",
            "January 27 to February 2",
            "January 2025",
        ),
        ("Jan 24", "Jan 24, 2025", "Jan 24", "Jan 20 to 26", "Jan 27 to Feb 2", "Jan 2025"),
        (
            "2025-01-24",
            "2025-01-24",
            "2025-01-24",
            "2025-01-20 to 2025-01-26",
            "2025-01-27 to 2025-02-02",
            "2025-01",
        ),
    ],
)
def test_every_date_is_written_as_its_example_is(
    dates: str, with_year: str, without: str, week: str, turn: str, month: str
) -> None:
    beside = date(2025, 1, 30)
    with styled(Style(dates=dates)):
        assert day("2025-01-24T08:00:00Z") == with_year
        assert day("2025-01-24", beside) == without
        assert style.span(date(2025, 1, 20), date(2025, 1, 26)) == week
        assert style.span(date(2025, 1, 27), date(2025, 2, 2)) == turn
        assert style.month(date(2025, 1, 24)) == month


def test_every_style_that_can_be_chosen_is_tested() -> None:
    assert set(SEPARATORS) == set(NUMBERS)
    assert len(DATES) == 4


def test_who_has_no_wishes_has_the_digest_itself() -> None:
    assert view(digests.RICH, Reader()) == digests.RICH


def test_tasks_choose_rows_and_what_happened_at_them_and_keep_what_concerns_everybody() -> None:
    chat, coding, *rest = digests.RICH.happened
    told = (replace(chat, tasks=("chat", "maths")), replace(coding, tasks=("coding",)), *rest)
    seen = view(replace(digests.RICH, happened=told), Reader(tasks=("Coding",)))
    assert [row.task for row in seen.board] == ["coding"]
    assert seen.happened == told[1:]
    assert (seen.headline, seen.moves, seen.news) == (
        digests.RICH.headline,
        digests.RICH.moves,
        digests.RICH.news,
    )
    numbers = [reference.number for reference in seen.references]
    assert numbers == [1, 3, 4, 5, 6, 8, 9]  # 2 and 7 had spoken for chat and summarising alone


def test_a_task_that_is_none_is_told_and_nothing_else_breaks() -> None:
    seen = view(digests.RICH, Reader(tasks=("chat", "codign")))
    assert [row.task for row in seen.board] == ["chat"]
    assert seen.unknown[-1] == "You asked for the task codign, which this digest does not have."


def test_a_zone_tells_the_digests_moments_and_makes_no_other_week() -> None:
    seen = view(digests.RICH, Reader(zone="America/New_York"))
    assert seen.generated == "2025-01-27T01:00:00-05:00"
    assert (seen.week, seen.span, seen.board) == (digests.RICH.week, digests.RICH.span, digests.RICH.board)


TOML = """
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
to = ["ann@example.org"]
[[mail.recipients]]
address = "ben@example.org"
tasks = ["chat"]
zone = "Europe/Berlin"
numbers = "1.234,5"
dates = "2025-01-24"
"""


def test_each_recipient_of_one_frozen_week_reads_it_in_their_own_way(tmp_path: Path) -> None:
    recorded(tmp_path)
    office = PostOffice()
    with serving(office) as port:
        chosen = settings(tmp_path, TOML.format(port=port))
        made = editions.publish(chosen, parse_week(WEEK, chosen.zone))
        said = rounds.deliver(chosen, WEEK, weekly.parcels(chosen, made))
    assert [one.ok for one in said] == [True, True]
    ann, ben = (parsed(office.taken[f"{name}@example.org"]) for name in ("ann", "ben"))
    usual, own = body(ann, "plain"), body(ben, "plain")
    assert usual == made.text
    assert "1,357" in usual
    assert "24 January" in usual
    assert "1.357" in own
    assert "1,357" not in own
    assert "20 to 26 January" not in own
    assert "2025-01-20 to 2025-01-26" in own
    assert "January" not in own
    assert "1.357" in body(ben, "html")
    assert ben["Date"].datetime.isoformat() == "2025-01-27T08:00:00+01:00"
    assert ann["Date"].datetime == ben["Date"].datetime
    kept = asked(chosen.db, "SELECT style, content FROM digest_style")
    assert [name for name, _ in kept] == ["1.234,5 · 2025-01-24"]
    assert _digits(json.loads(kept[0][1])["board"]) == _digits(json.loads(made.content)["board"])


def _digits(board: list[dict[str, object]]) -> list[str]:
    """The figures of a board without what separates their digits, which is all that a style may change."""
    sides = [row[name] for row in board for name in ("open", "closed") if row[name]]
    return [str(side["value"]).replace(".", "").replace(",", "") for side in sides]  # type: ignore[index]


def test_a_style_that_came_later_begins_with_the_next_week(tmp_path: Path) -> None:
    recorded(tmp_path)
    before = settings(tmp_path)
    made = editions.publish(before, parse_week(WEEK, before.zone))
    office = PostOffice()
    with serving(office) as port:
        chosen = settings(tmp_path, TOML.format(port=port))
        rounds.deliver(chosen, WEEK, weekly.parcels(chosen, made))
    own = body(parsed(office.taken["ben@example.org"]), "plain")
    assert "1,357" in own
    assert "2025-01-20" not in own
