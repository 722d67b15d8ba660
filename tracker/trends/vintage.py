"""Where a board's scale becomes another one: most common models move together, far over their intervals.

A new index version, another rating method or slow drift is no news about models. From such a snapshot on
the metric has a new vintage, and nothing is compared across. A snapshot is held against its neighbour and,
since drift is slow, against the first one of its vintage, the *anchor*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles

LEAST = 10  # models in common, below which a board's scale is not spoken of
TOGETHER = 0.8  # the share of them that goes along, at least half of the way
FAR = 1.0  # the median shift in half-widths of a 95 % interval; for the median of ten models that is much
MARK = "~"  # between a source's own vintage and the engine's count


@dataclass(frozen=True, slots=True)
class Score:
    """A figure and the half-width of its interval, where published."""

    value: float
    half: float | None = None


Board = Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Shift:
    """How far the common models moved in the middle, how many they are, and whether slowly."""

    by: float
    models: int
    slow: bool = False


def shift(before: Board, now: Board) -> Shift | None:
    """The shift of the common models where they moved together and far; None where they did not."""
    common = before.keys() & now.keys()
    if len(common) < LEAST:
        return None
    moves = [now[model].value - before[model].value for model in common]
    by = median(moves)
    along = sum(abs(move) >= abs(by) / 2 and move * by > 0 for move in moves)
    if not by or along < TOGETHER * len(common) or abs(by) <= FAR * _measure(before, now):
        return None
    return Shift(by, len(common))


def rescaled(before: Board, anchor: Board, now: Board) -> Shift | None:
    """Whether a new vintage begins with a snapshot, given its neighbour and the first of the vintage."""
    if sudden := shift(before, now):
        return sudden
    drift = shift(anchor, now)
    return Shift(drift.by, drift.models, slow=True) if drift else None


def _measure(before: Board, now: Board) -> float:
    """What counts as far: the usual half-width; without intervals, a quarter of the middle half's width."""
    common = before.keys() & now.keys()
    halves = [score.half for board in (before, now) for model in common if (score := board[model]).half]
    if halves:
        return median(halves)
    first, _, third = quantiles([before[model].value for model in common], n=4)
    return (third - first) / 4


def name(own: str, count: int) -> str:
    """The vintage of the panel: the source's own, and how often the engine saw its scale change."""
    return f"{own}{MARK}{count}" if count else own


def own(vintage: str) -> str:
    """The source's own vintage in the name of a panel's."""
    return vintage.partition(MARK)[0]
