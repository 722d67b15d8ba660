"""Simulated pages through the product's own decisions, in the order in which a pass makes them.

page -> guards (is it sane?) -> vintage (is it the same scale?) -> gap and noise -> events, for each vintage
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.backtest.simulate import Page, day
from tracker.catalog.metrics import BY_ID
from tracker.collect import guards
from tracker.domain import Kind, Observation, Weights
from tracker.source import Source
from tracker.store.holding import Snapshot as Believed
from tracker.store.spans import figures
from tracker.trends import events, vintage
from tracker.trends.events import Event, Side, Snapshot
from tracker.trends.frontier import Entry
from tracker.trends.gap import measure
from tracker.trends.vintage import Board, Score

METRIC = BY_ID["lmarena.text.overall"]
BOARD = Source(
    kind=Kind.LEADERBOARD, parse=lambda payload: [], licence="", credit="", name="board", title="Board"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A believed page as the detector sees it, and the vintage it belongs to."""

    week: int
    vintage: int
    seen: Snapshot


def observations(page: Page) -> list[Observation]:
    """What a board's parser would yield, with 95 % intervals, to two decimals."""
    return [
        Observation(
            name,
            METRIC.id,
            _told(shown.score),
            low=_told(shown.score - 1.96 * shown.error),
            high=_told(shown.score + 1.96 * shown.error),
        )
        for name, shown in page.items()
    ]


def _told(value: float) -> Decimal:
    return round(Decimal(value), 2)


def believed(pages: Sequence[Page]) -> Iterator[tuple[int, Page]]:
    """The pages that pass the guards against the last good one, each with its week."""
    before = Believed()
    for week, page in enumerate(pages):
        said = observations(page)
        if not guards.judge(BOARD, list(said), before, day(week)):
            before = Believed(figures(said), {name: shown.side for name, shown in page.items()})
            yield week, page


def snapshots(pages: Sequence[Page]) -> list[Judged]:
    """The believed pages as the panel has them, by vintage."""
    found: list[Judged] = []
    count, anchor, before = 0, dict[str, Score](), dict[str, Score]()
    for week, page in believed(pages):
        now = {name: Score(shown.score, 1.96 * shown.error) for name, shown in page.items()}
        if before and vintage.rescaled(before, anchor, now):
            count, anchor = count + 1, now
        anchor, before = anchor or now, now
        found.append(Judged(week, count, _snapshot(week, page, now)))
    return found


def _snapshot(week: int, page: Page, board: Board) -> Snapshot:
    entries = [
        Entry(
            name, shown.score, Weights(shown.side), low=b.value - (b.half or 0), high=b.value + (b.half or 0)
        )
        for name, shown in page.items()
        for b in (board[name],)
    ]
    gap = measure(entries, METRIC, "any", day(week).date())
    scores = {name: shown.score for name, shown in page.items()}
    assert gap.open
    assert gap.closed
    opens, closeds = (Side(side.model, side.value, scores) for side in (gap.open, gap.closed))
    return Snapshot(day(week).date(), opens, closeds, gap.noise, week)


def found(judged: Sequence[Judged]) -> list[Event]:
    """The events of each vintage."""
    by_vintage: dict[int, list[Snapshot]] = defaultdict(list)
    for one in judged:
        by_vintage[one.vintage].append(one.seen)
    return [event for shots in by_vintage.values() for event in events.find(shots)]
