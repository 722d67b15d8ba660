"""Events: a change of leader that moves a gap beyond its noise.

The gap moves in steps, when a model arrives, and stays; slope tests on such a series are spurious. So
an event compares the present leader of a side with the leader at the side's last event (its *anchor*),
in the same snapshot: what the whole board drifts, and a leader whose own score settles, cancels out.

- The step over the anchor is beyond the noise. Or a leader is new, the side moved beyond the noise against
  the other side's leader since the anchor last led, and the step is at least half of that: the rest is
  scores that settle. Where it is less, the leader merely changed its name, and the side did nothing.
- Provisional at once; in the first snapshot at least 7 days later confirmed where it still holds, else
  retracted. It holds while its own model is beyond the noise over the anchor; or the side's leader stands as
  far, and the model is still ahead. One that is not listed any more is borne out by the same product under
  another date alone: what another model moved is that one's event.
- A leader no longer listed, or listed again, moves nothing; where a scale becomes another one, only a model
  that was not listed before does.
- Where the noise is unknown no test is claimed: no events.

Snapshots are read once, in order: of an event the same is told whether later ones are known or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain import Standing

HOLD = timedelta(days=7)
MOST = 0.5  # the least share of a side's move that the change of its leader makes up
SIDES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class Side:
    """The leader of one side in a snapshot, and what that snapshot says of models that lead at any time."""

    model: str
    value: float
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One row of the panel as events need it; values are goodness (more is better)."""

    on: date
    open: Side
    closed: Side
    noise: float | None
    capture: int
    vintage: str = ""

    @property
    def gap(self) -> float:
        """Closed minus open."""
        return self.closed.value - self.open.value


@dataclass(frozen=True, slots=True)
class Event:
    """A step of the gap: which side moved, with which model, by how much, and how far it is believed.

    `noise` is what it exceeded, `seen` the day of the snapshot before, `judged_by` the capture that decided.
    """

    on: date
    side: str
    model: str
    replaced: str
    move: float
    before: float
    after: float
    standing: Standing
    capture: int
    judged_by: int | None = None
    noise: float = 0.0
    seen: date | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """An earlier leader of a side, in the last snapshot that listed it."""

    model: str
    value: float
    shot: Snapshot


def find(snapshots: Sequence[Snapshot]) -> list[Event]:
    """The events of one metric's snapshots, in order of date. Later snapshots decide their standing."""
    if not snapshots:
        return []
    events = [event for side in SIDES for event in _Watch(side, snapshots[0]).over(snapshots)]
    return sorted(events, key=lambda event: (event.on, event.side))


class _Watch:
    """One side of a board, followed from snapshot to snapshot."""

    def __init__(self, side: str, first: Snapshot) -> None:
        self._side = side
        self._anchor = led(first, side)
        self._led = first  # the last snapshot that the anchor led
        self._events: list[Event] = []
        self._open: dict[int, tuple[Anchor, Side]] = {}  # undecided: held against what, and as first seen
        self._unlisted: set[str] = set()

    def over(self, snapshots: Sequence[Snapshot]) -> list[Event]:
        """The events of the side."""
        for at in range(1, len(snapshots)):
            shot = snapshots[at]
            for place in [place for place in self._open if self._is_due(place, shot)]:
                if (base := worth(self._open[place][0], shot, self._side)) is not None:
                    self._judge(place, shot, base)
            self._look(snapshots[at - 1], shot)
        return self._events

    def _is_due(self, place: int, shot: Snapshot) -> bool:
        return shot.noise is not None and shot.on >= self._events[place].on + HOLD

    def _judge(self, place: int, shot: Snapshot, worth: float) -> None:
        """Confirm or retract an event; what was built on a retracted one stands on what that stood on."""
        event, (base, then) = self._events[place], self._open.pop(place)
        held = holds(then, event.move, worth, side_of(shot, self._side), shot.noise)
        standing = Standing.CONFIRMED if held else Standing.RETRACTED
        self._events[place] = replace(event, standing=standing, judged_by=shot.capture)
        if held:
            return
        if self._anchor.model == event.model:
            self._anchor, self._led = base, base.shot
        for other, (under, seen) in self._open.items():
            if under.model == event.model:
                self._open[other] = base, seen

    def _look(self, earlier: Snapshot, shot: Snapshot) -> None:
        """Compare the leader with the anchor, and take the leader for the next one where that is due."""
        leader, anchor = side_of(shot, self._side), self._anchor
        if leader.model == anchor.model:
            self._take(shot)
            return
        listed = leader.scores.get(anchor.model)
        if self._is_new_scale(earlier, shot, listed) or leader.model in self._unlisted:
            self._unlisted.add(anchor.model)
            self._take(shot)
        elif (move := self._move(earlier, shot)) is not None:
            self._add(earlier, shot, move)
        elif listed is None:
            self._unlisted.add(anchor.model)
            self._take(shot)
        else:
            self._anchor = Anchor(anchor.model, listed, shot)

    def _is_new_scale(self, earlier: Snapshot, shot: Snapshot, listed: float | None) -> bool:
        """Whether a scale begins with this snapshot and the change of leader may be its doing."""
        leader = side_of(shot, self._side)
        return shot.vintage != earlier.vintage and (
            listed is None or leader.model in side_of(earlier, self._side).scores
        )

    def _move(self, earlier: Snapshot, shot: Snapshot) -> float | None:
        """How far the new leader moved the gap, where that is beyond the noise."""
        base = worth(self._anchor, shot, self._side)
        if base is None or shot.noise is None:
            return None
        step = side_of(shot, self._side).value - base
        if step > shot.noise:
            return step
        if side_of(earlier, self._side).model == side_of(shot, self._side).model:
            return None
        moved = _moved(self._led, shot, self._side)
        return moved if moved is not None and moved > shot.noise and step >= MOST * moved else None

    def _add(self, earlier: Snapshot, shot: Snapshot, move: float) -> None:
        who = self._side, side_of(shot, self._side).model, self._anchor.model
        before = shot.gap + (move if self._side == "open" else -move)
        size, noise = (move, before, shot.gap), shot.noise or 0.0
        self._open[len(self._events)] = self._anchor, side_of(shot, self._side)
        self._events.append(
            Event(shot.on, *who, *size, Standing.PROVISIONAL, shot.capture, None, noise, earlier.on)
        )
        self._take(shot)

    def _take(self, shot: Snapshot) -> None:
        """The leader of a snapshot is what later ones are held against."""
        self._anchor, self._led = led(shot, self._side), shot


def _moved(before: Snapshot, shot: Snapshot, side: str) -> float | None:
    """How far a side moved since a snapshot, against the other side's leader then."""
    old, new, other = side_of(before, side), side_of(shot, side), side_of(before, _other(side))
    against = new.scores.get(other.model) if before.vintage == shot.vintage else None
    return None if against is None else (new.value - old.value) - (against - other.value)


def worth(anchor: Anchor, shot: Snapshot, side: str) -> float | None:
    """An anchor's score in a snapshot; where it is not listed, its last one, with what the scale drifted.

    The drift is told by a leader that both snapshots list; None where there is none.
    """
    now, then = side_of(shot, side), side_of(anchor.shot, side)
    if (listed := now.scores.get(anchor.model)) is not None:
        return listed
    others = side_of(anchor.shot, _other(side)).model, side_of(shot, _other(side)).model
    for model in (*others, now.model):
        if model in now.scores and model in then.scores:
            return anchor.value + now.scores[model] - then.scores[model]
    return None


def holds(then: Side, move: float, base: float, now: Side, noise: float | None) -> bool:
    """Whether a later snapshot of a side bears out the move that its leader `then` made over `base`."""
    if noise is None:
        return False
    own = now.scores.get(then.model)
    if own is not None and own - base > noise:
        return True
    goes_on = product(now) == product(then) if own is None else own > base
    return goes_on and now.value - base > max(noise, move - noise)


def product(side: Side) -> str:
    """The leader without the date in its name: a model goes on under another one."""
    return side.model.partition("@")[0]


def since(snapshots: Sequence[Snapshot], start: int, day: date) -> int:
    """The index of the first snapshot from `start` on that is of that day or later, or the length."""
    return next((i for i in range(start, len(snapshots)) if snapshots[i].on >= day), len(snapshots))


def side_of(shot: Snapshot, side: str) -> Side:
    """One side of a snapshot."""
    return shot.open if side == "open" else shot.closed


def led(shot: Snapshot, side: str) -> Anchor:
    """The leader of a side as one that later ones are held against."""
    leader = side_of(shot, side)
    return Anchor(leader.model, leader.value, shot)


def _other(side: str) -> str:
    return "closed" if side == "open" else "open"


def direction(event: Event) -> str:
    """Whether an event closed the gap or widened it: the side that moved and which way."""
    return "closing" if (event.side == "open") == (event.move > 0) else "widening"
