"""Many simulated boards, judged against what is true of them, and the power of the detector."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.backtest import pipeline
from bench.backtest.baselines import Alarm
from bench.backtest.pipeline import Judged
from bench.backtest.simulate import (
    FIRST_ERROR,
    SETTLES,
    WEEKS,
    WORLDS,
    Simulated,
    Step,
    World,
    simulate,
)
from tracker.domain import Standing
from tracker.trends.events import Event
from tracker.trends.scores import Z90

CLEAR = 2.0  # steps of at least so many times the noise are those that must be found
LASTS = 2  # weeks that a step has to stand as the best before it is asked for


@dataclass(slots=True)
class Tally:
    """Counts over boards: confirmed events true and false, steps found of those there are, by clearness."""

    boards: int = 0
    true: int = 0
    false: int = 0
    found: int = 0
    steps: int = 0
    clear_found: int = 0
    clear: int = 0
    retracted: int = 0


def trial(name: str, boards: int, first_seed: int = 0) -> Tally:
    """So many boards of a world, with seeds from the first on."""
    tally = Tally()
    for seed in range(first_seed, first_seed + boards):
        board = simulate(WORLDS[name], seed)
        judged = pipeline.snapshots(board.pages)
        _count(tally, board, judged, pipeline.found(judged))
    return tally


def _count(tally: Tally, board: Simulated, judged: Sequence[Judged], told: Sequence[Event]) -> None:
    sure = [event for event in told if event.standing is Standing.CONFIRMED]
    right = [event for event in sure if is_true(event, board)]
    tally.true += len(right)
    tally.false += len(sure) - len(right)
    tally.retracted += sum(event.standing is Standing.RETRACTED for event in told)
    _recall(tally, board, judged, {event.model for event in right})


def _recall(tally: Tally, board: Simulated, judged: Sequence[Judged], known: Collection[str]) -> None:
    tally.boards += 1
    noise = {one.week: one.seen.noise for one in judged}
    starts = {one.week for before, one in pairwise(judged) if before.vintage != one.vintage}
    for step in _asked(board.steps, starts):
        clear = step.size >= CLEAR * (noise.get(step.week) or step.size)
        tally.steps += 1
        tally.found += step.model in known
        tally.clear += clear
        tally.clear_found += clear and step.model in known


def is_true(event: Event, board: Simulated) -> bool:
    """Whether the event's model really stood above the one it replaced, and stayed."""
    seen = board.pages[event.capture]
    earlier = next(
        p[event.replaced] for p in reversed(board.pages[: event.capture + 1]) if event.replaced in p
    )
    above = seen[event.model].skill > earlier.skill
    return event.model not in board.flukes and above == (event.move > 0)


def _asked(steps: Sequence[Step], starts: set[int]) -> list[Step]:
    """The steps that could be found: not where a vintage began, nor passed by the next, nor at the end."""
    return [
        step
        for step in steps
        if step.week not in starts and step.week < WEEKS - LASTS
        if not any(s.side == step.side and 0 < s.week - step.week < LASTS for s in steps)
    ]


def alarms(name: str, boards: int, rule: Callable[[Sequence[Judged]], list[Alarm]], back: int) -> Tally:
    """The same boards and a plain rule: true where a step of its direction came in the weeks before."""
    tally = Tally()
    for seed in range(boards):
        board = simulate(WORLDS[name], seed)
        judged = pipeline.snapshots(board.pages)
        hits, told = set[str](), rule(judged)
        for place, sign in told:
            near = [s for s in board.steps if 0 <= judged[place].week - s.week <= back and _sign(s) == sign]
            hits |= {step.model for step in near}
            tally.true, tally.false = tally.true + bool(near), tally.false + (not near)
        _recall(tally, board, judged, hits)
    return tally


def _sign(step: Step) -> int:
    return 1 if step.side == "closed" else -1


NOISE = Z90 * math.hypot(
    FIRST_ERROR, FIRST_ERROR / math.sqrt(SETTLES)
)  # of a newcomer against who is settled


def power(size: float, boards: int, looks: Sequence[int], first_seed: int = 0) -> list[float]:
    """How often a newcomer so many times the noise above the best is confirmed, by weeks that one waits."""
    world, hits = World("one newcomer", lambda chance: size * NOISE, once=8), [0] * len(looks)
    for seed in range(first_seed, first_seed + boards):
        judged = pipeline.snapshots(simulate(world, seed).pages[: world.once + max(looks) + 1])
        for place, weeks in enumerate(looks):
            told = pipeline.found([one for one in judged if one.week <= world.once + weeks])
            sure = [event.model for event in told if event.standing is Standing.CONFIRMED]
            hits[place] += f"open-{world.once}" in sure
    return [hit / boards for hit in hits]
