"""Stretches of the recorded web, captured version by version: one go or week by week is the same history.

The captures are read from the record itself, by the sources' own parsers. Skips where the recorded web is not
beside the project.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.recorded import FOLDER
from tests.test_history_order import QUESTIONS, told
from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import Reference, load_reference
from tracker.collect import registry
from tracker.collect.guards import as_of
from tracker.collect.walk import walk
from tracker.domain import Observation
from tracker.source import Source
from tracker.store import database, health, writer
from tracker.store.settle import settle
from tracker.store.times import moment
from tracker.store.writer import Arrival, KeptPage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SOURCES = registry.find().sources
LMARENA = SOURCES["lmarena"]
TEXT = replace(LMARENA, urls=LMARENA.urls[:1])
GENAI, MODELSDEV = SOURCES["genai_prices"], SOURCES["modelsdev"]
EXPERIMENTAL = "llama-4-maverick-03-26-experimental"


@pytest.fixture(scope="module")
def library() -> Any:
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Library  # type: ignore[import-not-found, unused-ignore]

    return Library(FOLDER / "data")


def versions(library: Any, source: Source, since: str, until: str) -> list[str]:
    """When the record of a source has a new version."""
    if source.name == "lmarena":
        packs = library.datasets["lmarena-ai/leaderboard-dataset"].packs
        configs = {url: "text_style_control" if "style_control" in url else "text" for url in source.urls}
        found = [packs[config] for config in configs.values()]
    else:
        found = [library.packs[url] for url in source.urls]
    return sorted({at for pack in found for at in pack.stamps if since <= at <= until})


def captures(library: Any, source: Source, since: str, until: str, *metrics: str) -> list[Arrival]:
    """Every version as a visit at its time would have brought it, or what it says of some metrics."""
    return [_capture(library, source, moment(at), metrics) for at in versions(library, source, since, until)]


def _capture(library: Any, source: Source, at: datetime, metrics: Sequence[str]) -> Arrival:
    def get(url: str) -> KeptPage:
        body = library.page(url, at, {}).body
        return KeptPage(url, hashlib.sha256(body).hexdigest(), body)

    pages, records, *_ = walk(source, at, get)
    said = [r for r in records if not metrics or not isinstance(r, Observation) or r.metric in metrics]
    return Arrival(source, at, at, pages, said, as_of=as_of(said))


def lived(
    folder: Path, seen: Iterable[Arrival], weeks: int, reference: Reference | None = None
) -> dict[str, list[Any]]:
    """What a database holds after these captures, settled whenever so many weeks are over, and at last."""
    folder.mkdir()
    known = reference or load_reference()
    with database.writing(folder / "gapwatch.db") as connection:
        health.register(connection, SOURCES.values(), METRICS, providers(known))
        last = None
        for arrival in seen:
            week = arrival.observed.toordinal() // (7 * weeks) if weeks else arrival.observed.toordinal()
            if last is not None and week != last:
                settle(connection, SOURCES, known)
            writer.store(connection, arrival)
            last = week
        settle(connection, SOURCES, known)
        return {name: told(connection, sql) for name, sql in QUESTIONS.items()}


# source, from, until, what it is about
STRETCHES: dict[str, list[tuple[Source, str, str]]] = {
    "LMArena, spring 2025: an entry withdrawn, style control begins, two records side by side": [
        (LMARENA, "2025-03-14", "2025-05-24"),
    ],
    "price lists, December 2025: a gateway's prices to nothing, times a million, and back": [
        (MODELSDEV, "2025-12-04", "2025-12-25"),
        (GENAI, "2025-11-20", "2026-01-20"),
    ],
}


@pytest.mark.parametrize("stretch", STRETCHES.values(), ids=STRETCHES.keys())
def test_in_one_go_or_week_by_week_it_is_the_same_history(
    library: Any, stretch: list[tuple[Source, str, str]], tmp_path: Path
) -> None:
    seen = [arrival for part in stretch for arrival in captures(library, *part)]
    seen.sort(key=lambda arrival: arrival.observed)
    once = lived(tmp_path / "once", seen, 999)
    print(len(seen), "captures", {name: len(rows) for name, rows in once.items()})
    assert once["changes"]

    assert lived(tmp_path / "weekly", seen, 1) == once
    assert lived(tmp_path / "late", [*seen[1::2], *seen[::2]], 999) == once


@pytest.fixture(scope="module")
def as_of_then() -> Reference:
    """The reference data without what was ruled on the entry later: it stood under an open licence."""
    reference = load_reference()
    rulings = {model: ruling for model, ruling in reference.rulings.items() if model != EXPERIMENTAL}
    assert len(rulings) < len(reference.rulings)
    return replace(reference, rulings=rulings, fingerprint="April 2025")


@pytest.mark.parametrize("weeks", [0, 1, 999], ids=["daily", "weekly", "once"])
def test_an_experimental_entry_is_provisional_and_then_retracted(
    library: Any, as_of_then: Reference, weeks: int, tmp_path: Path
) -> None:
    """LMArena, 6 to 13 April 2025: the gap fell from 70 to 22 points with an entry that was withdrawn."""
    metric = "lmarena.text.overall"
    until = {"first": "2025-04-07", "held": "2025-04-12", "after": "2025-05-06"}
    seen = captures(library, TEXT, "2025-03-26", "2025-05-07", metric)

    stood = {
        name: events(lived(tmp_path / name, (a for a in seen if str(a.observed) < day), weeks, as_of_then))
        for name, day in until.items()
    }

    assert stood["first"][EXPERIMENTAL] == ("70.00", "22.00", "provisional", "")
    assert stood["held"][EXPERIMENTAL] == ("70.00", "22.00", "provisional", "")
    assert stood["after"][EXPERIMENTAL] == ("70.00", "22.00", "retracted", "2025-04-13")


def events(history: Mapping[str, list[Any]]) -> dict[str, tuple[str, str, str, str]]:
    """{model: (gap before, after, standing, the day it was judged)} of a history's events."""
    rows = [row for row in history["changes"] if row[1] == "gap"]
    return {row[4]: (row[5], row[6], row[8], row[9][:10]) for row in rows}


def test_a_change_of_what_a_board_lists_is_one_change(library: Any, tmp_path: Path) -> None:
    """LMArena dropped 29 old models in February 2025; its record changed in March, November and February."""
    overall = ("lmarena.text.overall", "lmarena.style.overall")
    seen = captures(library, TEXT, "2025-02-10", "2025-03-04", *overall)
    seen += captures(library, LMARENA, "2025-03-07T20", "2026-03-07", *overall)
    changes = lived(tmp_path / "db", seen, 999)["changes"]

    listings = [(row[0][:10], row[7]) for row in changes if row[1] == "listing"]
    assert [day for day, _ in listings] == ["2025-02-16", "2025-03-07", "2025-11-06", "2026-02-26"]
    singly: dict[str, int] = {}
    for row in changes:
        if row[1] in ("listed", "gone"):
            singly[row[0][:10]] = singly.get(row[0][:10], 0) + 1
    print(listings, singly)
    assert not singly.keys() & {day for day, _ in listings}
    assert max(singly.values()) <= 20
