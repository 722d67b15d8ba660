"""Who was not heard: what fails in one way is one line, with what figures depend on named first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.digest.model import Silence
from tracker.digest.silent import MOST, few, silences
from tracker.store.rows import SourceRow

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)


def row(name: str, outcome: str = "failed", note: str = "", heard: str = "", kind: str = "news") -> SourceRow:
    url = f"https://{name}.example/feed"
    tried = "2026-05-31T10:00:00Z"
    return SourceRow(name, kind, name.title(), url, "", "", "", True, outcome, note, heard or None, tried)


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        pytest.param("a.example: connection refused", "connection refused", id="a host"),
        pytest.param("a-b.example:8443: reset", "reset", id="a host and port"),
        pytest.param(
            "https://a.example/x?y=... answered 404 Not Found", "answered 404 Not Found", id="a page"
        ),
        pytest.param("a: https://a.example/x is not JSON: x", "is not JSON: x", id="a source and its page"),
        pytest.param(
            "empty: 0 rows, at least 1 expected", "empty: 0 rows, at least 1 expected", id="no place"
        ),
        pytest.param("", "last visit: failed", id="nothing said"),
    ],
)
def test_a_reason_is_told_without_the_place_where_it_arose(note: str, reason: str) -> None:
    assert silences([row("a", note=note)], NOW) == (Silence("A", reason, ""),)


def test_what_fails_in_one_way_is_one_line_and_boards_come_first() -> None:
    many = [row(f"feed{n:02}", note=f"feed{n:02}.example: connection refused") for n in range(60)]
    board = row("zeta", note="zeta.example: connection refused", kind="leaderboard")
    (told,) = silences([*many, board], NOW)
    assert told.title == "61 sources (1 of them gives figures)"
    assert told.reason == "connection refused"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        pytest.param(row("a", "new", heard="2026-05-31T10:00:00Z"), (), id="well"),
        pytest.param(
            row("a", "new", heard="2026-05-20T10:00:00Z"),
            (Silence("A", "last visit: new", "20 May"),),
            id="late",
        ),
        pytest.param(
            row("a", "offline", "whatever", "2026-05-31T10:00:00Z"),
            (Silence("A", "no website answered", "31 May"),),
            id="off line",
        ),
    ],
)
def test_a_place_is_silent_where_it_failed_or_is_late(place: SourceRow, told: tuple[Silence, ...]) -> None:
    assert silences([place], NOW) == told


@pytest.mark.parametrize(("reasons", "told"), [(0, 0), (MOST, MOST), (MOST + 1, MOST + 1), (9, MOST + 1)])
def test_a_few_reasons_are_told_and_where_the_others_are(reasons: int, told: int) -> None:
    silent = [Silence(f"Place {n}", "no answer", "") for n in range(reasons)]
    shown = few(silent)
    assert len(shown) == told
    assert (
        (shown[-1].reason == "`gapwatch sources list` tells all")
        if reasons > MOST
        else shown == tuple(silent)
    )
