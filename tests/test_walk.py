"""Which pages a visit reads: those that it begins with, those that they lead to, those of before a move."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tracker.collect.shape import first_look
from tracker.collect.walk import walk
from tracker.domain import Follow, Kind, ModelFact
from tracker.errors import ParseError, Refused
from tracker.source import Parsed, Payload, Source
from tracker.store.writer import KeptPage

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NEW, OLD, NEXT = (f"https://a.example/{name}" for name in ("v2", "v1", "v2?page=2"))


def parse(payload: Payload) -> Parsed:
    """Yield the model that a page names, and where the next page is if it says so."""
    name, _, following = payload.text().partition(" ")
    yield ModelFact(name, "name", name)
    if following:
        yield Follow(following)


MOVED = Source(Kind.CATALOGUE, parse, "ours", "us", (NEW,), name="a", formerly=(OLD,), documented=("name",))


def web(pages: dict[str, str], *, missing: int) -> Callable[[str], KeptPage]:
    """A web of so many pages, which answers for any other address with a status."""

    def get(url: str) -> KeptPage:
        if url not in pages:
            raise Refused(f"{url} answered {missing}", missing)
        body = pages[url].encode()
        return KeptPage(url, hashlib.sha256(body).hexdigest(), body)

    return get


@pytest.mark.parametrize(
    ("pages", "missing", "read"),
    [
        pytest.param({NEW: "alpha", OLD: "beta"}, 404, [NEW], id="both addresses answer"),
        pytest.param({OLD: "beta"}, 404, [OLD], id="it has not moved yet"),
        pytest.param({OLD: "beta"}, 410, [OLD], id="it is gone from there"),
        pytest.param({NEW: f"alpha {NEXT}", NEXT: "gamma", OLD: "beta"}, 404, [NEW, NEXT], id="two pages"),
        pytest.param({NEW: f"alpha {NEXT}", OLD: "beta"}, 404, [NEW], id="only a further page is missing"),
        pytest.param({NEW: f"alpha {NEXT}", OLD: "beta"}, 410, [NEW], id="only a further page is gone"),
    ],
)
def test_a_place_that_moved_is_looked_for_where_it_was(
    pages: dict[str, str], missing: int, read: list[str]
) -> None:
    assert [page.url for page in walk(MOVED, NOW, web(pages, missing=missing)).pages] == read


@pytest.mark.parametrize(
    ("pages", "missing"),
    [
        pytest.param({OLD: "beta"}, 401, id="a page that is refused is there"),
        pytest.param({}, 404, id="it is nowhere"),
    ],
)
def test_a_place_that_is_not_to_be_had_has_failed(pages: dict[str, str], missing: int) -> None:
    with pytest.raises(Refused) as refusal:
        walk(MOVED, NOW, web(pages, missing=missing))
    assert refusal.value.status == missing


def test_pages_without_end_are_no_place_that_could_be_stored_in_part() -> None:
    with pytest.raises(ParseError, match="leads to more than 200 pages"):
        walk(MOVED, NOW, web({NEW: f"alpha {NEW}"}, missing=404))


def test_the_documentation_is_not_held_against_an_address_of_before() -> None:
    page = Payload(OLD, b"beta", NOW)
    assert first_look(MOVED, [page]) == ""
    assert first_look(MOVED, [page, Payload(NEW, b"alpha", NOW)]).startswith("not as documented")
