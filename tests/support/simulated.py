"""Simulated boards: models arrive, scores settle, entries are withdrawn, rows are missing, weeks skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tracker.trends.events import Side, Snapshot

DAY = date(2025, 1, 1)


class Page(NamedTuple):
    """A snapshot: days since the one before, the scores of open and closed models, the noise."""

    days: int
    open: dict[str, int]
    closed: dict[str, int]
    noise: float | None


class Simulated(NamedTuple):
    """A board over time."""

    pages: list[Page]

    def snapshots(self, shifts: Sequence[int] = ()) -> list[Snapshot]:
        """The board's snapshots; with `shifts` the whole board moved by so much in each of them."""
        found, on = [], DAY
        for place, page in enumerate(self.pages):
            on += timedelta(days=page.days)
            by = shifts[place] if shifts else 0
            listed = {name: float(value + by) for name, value in {**page.open, **page.closed}.items()}
            sides = _best(page.open, listed), _best(page.closed, listed)
            found.append(Snapshot(on, *sides, page.noise, place))
        return found


def _best(scores: dict[str, int], listed: dict[str, float]) -> Side:
    name = max(scores, key=lambda model: scores[model])
    return Side(name, listed[name], listed)


def simulated() -> st.SearchStrategy[Simulated]:
    """Boards of one to 40 snapshots; a side always has its first model, so that there is a gap."""

    def side(names: str) -> st.SearchStrategy[dict[str, int]]:
        score = st.integers(1280, 1400)
        more = st.dictionaries(st.sampled_from(names[1:]), score, max_size=3)
        return st.builds(lambda first, others: {names[0]: first, **others}, st.integers(1280, 1320), more)

    noise = st.one_of(st.just(10.0), st.just(10.0), st.sampled_from([3.0, 40.0, None]))
    page = st.builds(Page, st.sampled_from([0, 1, 3, 7, 8, 15, 40, 200]), side("abcd"), side("wxyz"), noise)
    return st.builds(Simulated, st.lists(page, min_size=1, max_size=40))
