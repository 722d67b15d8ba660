"""Who was not heard: what fails in one way is one line, as far as the figures of a digest depend on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tracker.digest.model import Silence
from tracker.digest.silent import silences
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
    assert silences([row("a", note=note, kind="prices")], NOW, {"a"}) == ((Silence("A", reason, ""),), "")


def test_what_fails_in_one_way_is_one_line() -> None:
    many = [
        row(f"list{n:02}", note=f"list{n:02}.example: connection refused", kind="prices") for n in range(60)
    ]
    (told,), others = silences(many, NOW, {one.name for one in many})
    assert (told.title, told.reason, others) == ("60 sources", "connection refused", "")


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
    assert silences([replace(place, kind="prices")], NOW, {"a"}) == (told, "")


OTHERS = "{} silent that no figure above rests on: `gapwatch sources list`."


@pytest.mark.parametrize(
    ("places", "told", "others"),
    [
        pytest.param([], 0, "", id="nobody"),
        pytest.param([row("a", kind="prices")], 1, "", id="a list whose figures are told"),
        pytest.param([row("b", kind="prices")], 0, OTHERS.format("1 place is"), id="another list"),
        pytest.param([row("a")], 0, OTHERS.format("1 place is"), id="a feed"),
        pytest.param(
            [row("a", kind="prices"), row("b", kind="prices"), row("c")],
            1,
            OTHERS.format("2 places are"),
            id="all of them",
        ),
    ],
)
def test_a_silence_matters_where_figures_rest_on_it(places: list[SourceRow], told: int, others: str) -> None:
    lines, rest = silences(places, NOW, {"a"})
    assert (len(lines), rest) == (told, others)
