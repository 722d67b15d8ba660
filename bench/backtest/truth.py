"""Which steps of a gap were true, by rules that never look at what the detector says.

The rules, stated before any result (docs/backtest.md repeats them):

1. A newcomer is a model at a date (`deepseek-r1@0528`) in the first snapshot of a metric that lists it.
2. Its *settled lead* is its score minus that of its side's *top*, both in the same snapshot: the median over
   the snapshots 28 to 90 days later that list both; where there is none, the first one within 180 days, or
   the last one at least 7 days later. The noise there is 1.645 standard errors of that difference (median).
3. The top is at first the side's leader; a newcomer whose settled lead exceeds the noise there is a *true
   step* and the new top. Where the top is gone when the newcomer comes, the best that is still listed is it.
4. Newcomers of one side and snapshot that are steps are one step: any of them finds it, the best is the top.
5. A newcomer without a settled lead is not judged, and neither is what is said of it. A newcomer in the first
   snapshot of a vintage becomes top like any other but is not counted as missed: there nothing is compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from bench.backtest.boards import Shot
from tracker.trends.scores import Z90

LEAST, FROM, TO, HOLE = (timedelta(days=days) for days in (7, 28, 90, 180))
Name = tuple[str, str]  # side, model at a date


@dataclass(frozen=True, slots=True)
class Settled:
    """A newcomer's lead over its side's top as it settled, and the noise there."""

    first: int
    lead: float
    noise: float
    step: bool = False
    best: bool = False
    counted: bool = True


Truth = dict[Name, Settled | None]  # None: not judged


def truth(shots: Sequence[Shot]) -> Truth:
    """Every newcomer of a metric's record, with its settled lead."""
    found: Truth = {}
    for side in ("open", "closed"):
        found |= {(side, name): said for name, said in _of_side(shots, side).items()}
    return found


def _of_side(shots: Sequence[Shot], side: str) -> dict[str, Settled | None]:
    found: dict[str, Settled | None] = {}
    earlier = _names(shots[0], side)
    top = getattr(shots[0].seen, side).model
    for first, shot in enumerate(shots[1:], 1):
        here = _names(shot, side)
        if top not in here:
            top = max(here & earlier, key=lambda name: shot.listed[name].score, default=top)
        settled = {name: _settled(shots, first, name, top) for name in sorted(here - earlier)}
        steps = {name: said for name, said in settled.items() if said and said.lead > said.noise}
        if steps:
            top = max(steps, key=lambda name: steps[name].lead)
            counted = shot.vintage == shots[first - 1].vintage
            settled |= {n: replace(s, step=True, best=n == top, counted=counted) for n, s in steps.items()}
        found |= settled
        earlier |= here
    return found


def _names(shot: Shot, side: str) -> set[str]:
    return {name for name, shown in shot.listed.items() if shown.side == side}


def _settled(shots: Sequence[Shot], first: int, name: str, top: str) -> Settled | None:
    """The newcomer's settled lead, or None where no later snapshot tells it."""
    both = [shot for shot in shots[first + 1 :] if name in shot.listed and top in shot.listed]
    told = [lead for shot in _later(both, shots[first].on) if (lead := _lead(shot, name, top))]
    if not told:
        return None
    return Settled(first, median(lead for lead, _ in told), median(noise for _, noise in told))


def _later(both: Sequence[Shot], day: date) -> Sequence[Shot]:
    """Of the snapshots that list two models, those in which the newcomer of a day has settled."""
    after = [shot for shot in both if FROM <= shot.on - day <= HOLE]
    within = [shot for shot in after if shot.on - day <= TO]
    return within or after[:1] or [shot for shot in both if shot.on - day >= LEAST][-1:]


def _lead(shot: Shot, name: str, top: str) -> tuple[float, float] | None:
    """(lead, noise) of one over the other in a snapshot; None where no noise is known."""
    own, other = shot.listed[name], shot.listed[top]
    if own.error is None or other.error is None:
        return None
    return own.score - other.score, Z90 * math.hypot(own.error, other.error)
