"""Who leads a side of a board: a new leader is provisional, and confirmed or retracted a week later.

A lead beyond the noise over the earlier leader is `sure`. In the first snapshot at least 7 days later it is
confirmed where it still is beyond the noise, retracted where nothing of it is left, and else it stays
provisional: two models within the noise share a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain import Standing
from tracker.trends.events import HOLD, SIDES, Snapshot, holds, led, product, side_of, since, worth


@dataclass(frozen=True, slots=True)
class Lead:
    """A change of leader: in which snapshot, after which one, on which side; `overall` of both sides.

    `by` is how far it is ahead of the earlier leader, `sure` whether that is beyond the noise.
    """

    shot: Snapshot
    earlier: Snapshot
    side: str
    model: str
    replaced: str
    by: float
    sure: bool
    overall: bool
    standing: Standing
    judge: Snapshot | None


def find(shots: Sequence[Snapshot]) -> list[Lead]:
    """Every change of leader in one metric's snapshots, in order of date."""
    found = []
    for place, (earlier, shot) in enumerate(pairwise(shots), 1):
        if earlier.vintage != shot.vintage:
            continue  # the scale became another one: who leads on it now is no news of models
        for side in SIDES:
            old, new = side_of(earlier, side), side_of(shot, side)
            base = worth(led(earlier, side), shot, side)
            lead = -1.0 if base is None else new.value - base
            kept = old.model in new.scores
            if product(old) == product(new) or lead < 0 or (kept and lead == 0):
                continue  # the leader is merely no longer listed, or shares its place
            sure = shot.noise is not None and lead > shot.noise
            overall = (shot.gap < 0) == (side == "open")
            judged = _judged(shots, place, side, lead)
            found.append(Lead(shot, earlier, side, new.model, old.model, lead, sure, overall, *judged))
    return found


def _judged(
    shots: Sequence[Snapshot], place: int, side: str, lead: float
) -> tuple[Standing, Snapshot | None]:
    """The standing of a lead, and the snapshot a week later that gave it."""
    new = side_of(shots[place], side)
    later = since(shots, place, shots[place].on + HOLD)
    if later == len(shots):
        return Standing.PROVISIONAL, None
    judge = shots[later]
    now, old = side_of(judge, side), worth(led(shots[place - 1], side), judge, side)
    if old is None:
        return Standing.PROVISIONAL, None
    if holds(new, lead, old, now, judge.noise):
        return Standing.CONFIRMED, judge
    left = now.scores.get(new.model, float("-inf")) - old
    return (Standing.PROVISIONAL, None) if left >= 0 else (Standing.RETRACTED, judge)
