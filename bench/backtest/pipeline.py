"""Simulated pages through the product's own decisions, in the order in which a pass makes them.

page -> guards (is it sane?) -> vintage (is it the same scale?) -> gap and noise -> events, for each vintage
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from bench.backtest.simulate import Page, day
from tracker.catalog.metrics import BY_ID
from tracker.collect import guards
from tracker.domain import Kind, LicenceClass, Observation, Weights
from tracker.source import Source
from tracker.store.holding import Snapshot as Believed
from tracker.store.spans import figures
from tracker.trends import events, vintage
from tracker.trends.events import Event, Side, Snapshot
from tracker.trends.gap import measure
from tracker.trends.scores import Scores, describe, scores
from tracker.trends.vintage import Score

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
    """The believed pages as the panel has them, with how often the scale had become another one."""
    shown = list(believed(pages))
    names = sorted({name for _, page in shown for name in page})
    gaps = next(measure(_scores(shown, names), METRIC))
    leaders = zip(gaps.open.tolist(), gaps.closed.tolist(), gaps.noise.tolist(), strict=True)
    found = []
    for (week, page), count, (opens, closeds, noise) in zip(shown, _vintages(shown), leaders, strict=True):
        said = {name: row.score for name, row in page.items()}
        open_, closed = (Side(names[at], said[names[at]], said) for at in (opens, closeds))
        seen = Snapshot(day(week).date(), open_, closed, noise, week, vintage.name("", count))
        found.append(Judged(week, count, seen))
    return found


def _vintages(shown: Sequence[tuple[int, Page]]) -> Iterator[int]:
    """How often the scale had changed by each page, held against its neighbour and its anchor."""
    count, anchor, before = 0, dict[str, Score](), dict[str, Score]()
    for _, page in shown:
        now = {name: Score(row.score, 1.96 * row.error) for name, row in page.items()}
        if before and vintage.rescaled(before, anchor, now):
            count, anchor = count + 1, now
        anchor, before = anchor or now, now
        yield count


def _scores(shown: Sequence[tuple[int, Page]], names: Sequence[str]) -> Scores:
    """The pages as the matrices that a panel is measured on; NaN is not listed."""
    sides = {name: row.side for _, page in shown for name, row in page.items()}
    known = describe([(Weights(sides[name]), LicenceClass.UNKNOWN, "") for name in names])
    rows = [
        [(r.score, r.error) if (r := page.get(name)) else (np.nan, np.nan) for name in names]
        for _, page in shown
    ]
    values, errors = np.array(rows, float).reshape(len(shown), len(names), 2).transpose(2, 0, 1)
    days = np.array([day(week).toordinal() for week, _ in shown])
    bounds = values - 1.96 * errors, values + 1.96 * errors
    return scores(days, values, bounds, np.full(values.shape, np.nan), known, METRIC)


def found(judged: Sequence[Judged]) -> list[Event]:
    """The events of a board."""
    return events.find([one.seen for one in judged])
