"""What the detector said snapshot by snapshot, each confirmed event held against the truth.

A confirmed event is *true* where its model is a true step of its side that came at most 90 days before; *not
judged* where the model's lead never settled on record; else *false*. A true step is *found* where an event of
its model is true, and *missed* otherwise. Delays count snapshots; the first that lists the model is 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bench.backtest.boards import Boards, Shot
from bench.backtest.truth import Settled, Truth, truth
from tracker.domain import Standing
from tracker.trends import events
from tracker.trends.events import Event
from tracker.trends.vintage import own

LATE = timedelta(days=90)
HIT, MISS, FALSE, OPEN = "true", "missed", "false", "not judged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One event or one missed step: `release` is what clusters are made of.

    `found` and `confirmed` are the snapshots, counted from the newcomer's first, in which that was known.
    """

    metric: str
    on: date
    side: str
    release: str
    verdict: str
    move: float = 0.0
    settled: Settled | None = None
    noise: float | None = None
    found: int = 0
    confirmed: int = 0
    restart: bool = False


@dataclass(slots=True)
class Told:
    """An event as it was told over time: in which snapshot first, and in which its standing."""

    event: Event
    found: int
    settled: int


def replay(shots: Sequence[Shot]) -> list[Told]:
    """Every event that was ever told, snapshot by snapshot, with its final standing."""
    told: list[Told] = []
    for start, end in _vintages(shots):
        seen = [shot.seen for shot in shots[start:end]]
        known: dict[tuple[date, str, str], Told] = {}
        for place in range(len(seen)):
            for event in events.find(seen[: place + 1]):
                now = known.setdefault(
                    (event.on, event.side, event.model), Told(event, start + place, start + place)
                )
                if now.event.standing is not event.standing:
                    now.event, now.settled = event, start + place
        told += known.values()
    return told


def _vintages(shots: Sequence[Shot]) -> Iterator[tuple[int, int]]:
    places = range(len(shots))
    for _, group in groupby(places, key=lambda place: own(shots[place].vintage)):
        found = list(group)
        yield found[0], found[-1] + 1


def judge(metric: str, shots: Sequence[Shot]) -> list[Verdict]:
    """Every confirmed event and every missed step of a metric."""
    real, told = truth(shots), replay(shots)
    sure = [one for one in told if one.event.standing is Standing.CONFIRMED]
    verdicts, hit = [], set[tuple[str, str]]()
    for one in sorted(sure, key=lambda one: one.found):
        verdict = _verdict(metric, shots, one, real, hit)
        verdicts.append(verdict)
        if verdict.verdict == HIT:
            hit.add((verdict.side, verdict.release))
    return verdicts + list(_missed(metric, shots, real, hit))


def _verdict(
    metric: str, shots: Sequence[Shot], told: Told, real: Truth, hit: set[tuple[str, str]]
) -> Verdict:
    event, name = told.event, (told.event.side, told.event.model)
    said = real.get(name)
    first = said.first if said else told.found
    late = said is not None and event.on - shots[first].on > LATE
    if name in real and said is None:
        verdict = OPEN
    else:
        verdict = HIT if said and said.step and not late and name not in hit else FALSE
    noise = shots[told.found].seen.noise
    counted = told.found - first + 1, told.settled - first + 1
    return Verdict(metric, event.on, event.side, event.model, verdict, event.move, said, noise, *counted)


def _missed(metric: str, shots: Sequence[Shot], real: Truth, hit: set[tuple[str, str]]) -> Iterator[Verdict]:
    found = {(side, said.first) for side, name in hit if (said := real[side, name])}
    for (side, name), said in real.items():
        if said and said.best and (side, said.first) not in found:
            shot = shots[said.first]
            yield Verdict(
                metric, shot.on, side, name, MISS, 0.0, said, shot.seen.noise, restart=not said.counted
            )


def judged(boards: Boards) -> list[Verdict]:
    """The verdicts of every metric whose noise is known."""
    return [
        verdict
        for metric, shots in boards.items()
        if any(shot.seen.noise is not None for shot in shots)
        for verdict in judge(metric, shots)
    ]


def of(verdicts: Iterable[Verdict], *kinds: str) -> list[Verdict]:
    """The verdicts of some kinds; steps at the start of a vintage are never missed."""
    return [one for one in verdicts if one.verdict in kinds and not one.restart]
