"""The lag between frontiers as they were published, which a drifting scale makes longer or shorter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate


def lag(history: Sequence[tuple[str, float]], on: str, target: float) -> float | None:
    """`lag.published`: days since the closed frontier, as published back then, first reached `target`.

    `history` has the closed frontier's goodness by ISO day in the snapshots of one vintage up to `on`, in
    order. None where none of them had reached it, or the first one had already: since when is not known.
    """
    reached = _running(score for _, score in history)
    first = bisect_left(reached, target)
    if first in (0, len(reached)):
        return None
    return float((date.fromisoformat(on) - date.fromisoformat(history[first][0])).days)


def _running(scores: Iterable[float]) -> list[float]:
    return list(accumulate(scores, max))
