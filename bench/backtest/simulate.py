"""Boards whose truth is known, page by page: what may look like a step, and what is one.

A model has a skill; its published score is that skill, the board's scale, and the error of its votes, which
shrinks from `FIRST_ERROR` as votes come in over `SETTLES` weeks and then stays. Newcomers arrive once in two
weeks, on either side. `WORLDS` says what else happens.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

WEEKS, ARRIVAL = 52, 0.5
FIRST_ERROR, SETTLES = 5.0, 4  # standard error in points with the first votes; weeks until they stop
OLD = 12  # models a side at the start, 8 points apart
TOP = {"open": 1300.0, "closed": 1340.0}
START = datetime(2024, 1, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class Contender:
    """A model: its true skill week by week, when it is listed, and the mean error of its votes so far."""

    side: str
    skill: float
    first: int
    last: int = WEEKS
    errors: list[float] = field(default_factory=list)
    wide: float = 1.0

    def vote(self, chance: Random) -> None:
        """One more week of votes, while they come."""
        if len(self.errors) < SETTLES:
            self.errors.append(chance.gauss(0, FIRST_ERROR * (self.wide if not self.errors else 1)))

    @property
    def error(self) -> float:
        """How far the score is from the skill."""
        return sum(self.errors) / len(self.errors)

    @property
    def spread(self) -> float:
        """The standard error that the board publishes."""
        votes = len(self.errors)
        return FIRST_ERROR * math.sqrt(self.wide**2 + votes - 1) / votes


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a model: score, standard error and side; and its skill, which no page says."""

    score: float
    error: float
    side: str
    skill: float


Page = dict[str, Shown]


@dataclass(frozen=True, slots=True)
class Step:
    """A true step: the newcomer, its side, the week, and how far it is above its side's best."""

    model: str
    side: str
    week: int
    size: float


@dataclass(slots=True)
class Simulated:
    """The pages of a board in order of time, the true steps in it, and models that are no step at all."""

    pages: list[Page]
    steps: list[Step]
    flukes: set[str]


@dataclass(frozen=True, slots=True)
class World:
    """What happens on a board.

    `lead` draws a newcomer's lead over its side's best; `scale` maps a skill in a week to the board's scale;
    `wide` is how much wider a newcomer's first interval is; `lost` draws the share of a page's rows that are
    missing; `relisted` is the week in which a third of the list is another; `walk` are the points a week by
    which each skill wanders by itself, `common` those by which the scale does. `flukes` is the share of
    newcomers that seem 20 to 50 points above the best and are gone a week later. Where `once` is a week, one
    open newcomer comes then, and no other at all.
    """

    what: str
    lead: Callable[[Random], float]
    scale: Callable[[float, int], float] = lambda skill, week: skill
    wide: float = 1.0
    lost: Callable[[Random], float] = lambda chance: 0.0
    relisted: int = 0
    walk: float = 0.0
    common: float = 0.0
    flukes: float = 0.0
    once: int = 0


def stepping(chance: Random) -> float:
    """A newcomer's lead where there are steps: most are below the best, some near it, three in ten above."""
    kind = chance.random()
    if kind < 0.55:
        return -abs(chance.gauss(40, 20))
    return chance.uniform(-10, 0) if kind < 0.7 else chance.uniform(5, 60)


def still(chance: Random) -> float:
    """A newcomer's lead where there are none: half of them are within ten points below the best."""
    return chance.uniform(-10, 0) if chance.random() < 0.5 else -abs(chance.gauss(40, 20))


def _stretched(skill: float, week: int) -> float:
    return skill if week < WEEKS // 2 else 1250 + 1.3 * (skill - 1200)


WORLDS: Mapping[str, World] = {
    "steps": World("newcomers, three in ten of them 5 to 60 points above the best", stepping),
    "no steps": World("newcomers, none above the best, half within 10 points of it", still),
    "random walks": World("no steps; every skill wanders 0.5 a week, the board 4", still, walk=0.5, common=4),
    "rescale": World("steps; in the middle the scale is stretched and shifted", stepping, _stretched),
    "slow drift": World("steps; all scores rise by 16 points in the year, as LMArena's did", stepping,
                        lambda skill, week: skill + 16 * week / WEEKS),
    "fast drift": World("steps; all scores rise by 1 a week", stepping, lambda skill, week: skill + week),
    "withdrawn": World("steps; a tenth of the newcomers seem 20 to 50 points above the best, gone in a week",
                       stepping, flukes=0.1),
    "partial pages": World("steps; one page in ten lacks half of its rows, one in ten a fifth", stepping,
                           lost=lambda chance: chance.choice((0.5, 0.2, *[0.0] * 8))),
    "few votes": World("no steps; newcomers' first intervals are three times as wide", still, wide=3),
    "another list": World("steps; in the middle a third of the list is replaced", stepping,
                          relisted=WEEKS // 2),
}  # fmt: skip


def simulate(world: World, seed: int) -> Simulated:
    """One board over a year, a page a week. The same seed gives the same board."""
    chance = Random(seed)
    models = _old()
    board, shift = Simulated([], [], set()), 0.0
    for week in range(WEEKS):
        shift += chance.gauss(0, world.common) if world.common else 0.0
        for model in models.values():
            model.skill += chance.gauss(0, world.walk) if world.walk else 0.0
        if week == world.relisted and week:
            _relist(models, week, chance)
        if week == world.once if world.once else week and chance.random() < ARRIVAL:
            _arrive(models, world, week, chance, board)
        board.pages.append(_page(models, world, week, shift, chance))
    return board


def _old() -> dict[str, Contender]:
    """The models at the start, whose votes are in: their scores are as sure as they get."""
    settled = [0.0] * SETTLES
    return {
        f"{side}-old-{n}": Contender(side, top - 8 * n, 0, errors=list(settled))
        for side, top in TOP.items()
        for n in range(OLD)
    }


def _listed(models: Mapping[str, Contender], week: int) -> dict[str, Contender]:
    return {name: model for name, model in models.items() if model.first <= week < model.last}


def _arrive(models: dict[str, Contender], world: World, week: int, chance: Random, board: Simulated) -> None:
    side = "open" if world.once else chance.choice(("open", "closed"))
    fluke = world.flukes > 0 and chance.random() < world.flukes
    lead = chance.uniform(20, 50) if fluke else world.lead(chance)
    best = max(m.skill for m in _listed(models, week).values() if m.side == side)
    name, last = f"{side}-{week}", week + 1 if fluke else WEEKS
    models[name] = Contender(side, best + lead, week, last, wide=world.wide)
    if fluke:
        board.flukes.add(name)
    elif lead > 0:
        board.steps.append(Step(name, side, week, lead))


def _relist(models: dict[str, Contender], week: int, chance: Random) -> None:
    """A third of the list gives way to models that had not been listed, as good as those that go."""
    for name, model in sorted(_listed(models, week).items()):
        if chance.random() < 1 / 3:
            model.last = week
            models[f"{name}-instead"] = Contender(model.side, model.skill - 8, week, errors=[0.0] * SETTLES)


def _page(models: Mapping[str, Contender], world: World, week: int, shift: float, chance: Random) -> Page:
    lost = world.lost(chance)
    page = {}
    for name, model in _listed(models, week).items():
        model.vote(chance)
        score = world.scale(model.skill + model.error, week) + shift
        if chance.random() >= lost:
            page[name] = Shown(score, model.spread, model.side, model.skill)
    return page


def day(week: int) -> datetime:
    """When the page of a week was seen."""
    return START + timedelta(weeks=week)
