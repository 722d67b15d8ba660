"""Events: a leader's change that moves a gap beyond its noise; and the state that follows from them.

The gap moves in steps, when a model arrives, and stays; slope tests on such a series are spurious. So
an event compares the present leader of a side with the leader at the side's last event (its *anchor*),
in the same snapshot: what the whole board drifts, and a leader whose own score settles, cancels out.

- provisional at once; confirmed when it still holds in a snapshot at least 7 days later; retracted
  when it does not. It holds while its own model is beyond the noise, or, where that is no longer listed,
  while the side's leader has moved the gap as far: a smaller step of another model is no proof of it.
- A leader that is merely no longer listed, or listed again, moves nothing.
- A tie at 90 % is a difference within the noise; overtaken is open ahead beyond it.
- Where the noise is unknown no test is claimed, and so there are no events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain import Standing

HOLD = timedelta(days=7)
QUIET = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Side:
    """The leader of one side in a snapshot, and what the side's earlier leaders score there."""

    model: str
    value: float
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One row of the panel as events need it; values are goodness (more is better)."""

    on: date
    open: Side
    closed: Side
    noise: float | None
    capture: int

    @property
    def gap(self) -> float:
        """Closed minus open."""
        return self.closed.value - self.open.value


@dataclass(frozen=True, slots=True)
class Event:
    """A step of the gap: which side moved, with which model, by how much, and how far it is believed."""

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


def find(snapshots: Sequence[Snapshot]) -> list[Event]:
    """The events of one metric's snapshots, in order of date. Later snapshots decide their standing."""
    if not snapshots:
        return []
    events = [e for side in ("open", "closed") for e in _of_side(side, snapshots)]
    return sorted(events, key=lambda e: (e.on, e.side))


def _of_side(side: str, snapshots: Sequence[Snapshot]) -> list[Event]:
    events: list[Event] = []
    anchor = side_of(snapshots[0], side)
    unlisted: set[str] = set()
    at = 1
    while at < len(snapshots):
        shot, leader = snapshots[at], side_of(snapshots[at], side)
        move = _move(leader, anchor, shot)
        if _unlisted(leader, anchor, move) or leader.model in unlisted:
            unlisted.add(anchor.model)
            anchor, move = leader, None
        if move is None:
            if leader.model == anchor.model:
                anchor = leader
            at += 1
            continue
        event = _judge(side, snapshots, at, anchor, move)
        events.append(event)
        if event.standing is Standing.RETRACTED:
            at = since(snapshots, at, shot.on + HOLD)
        else:
            anchor = leader
            at += 1
    return events


def _move(leader: Side, anchor: Side, shot: Snapshot) -> float | None:
    """How far the leader stands from the anchor in this snapshot, where that is beyond the noise."""
    if leader.model == anchor.model or shot.noise is None:
        return None
    move = leader.value - leader.scores.get(anchor.model, anchor.value)
    return move if abs(move) > shot.noise else None


def _unlisted(leader: Side, anchor: Side, move: float | None) -> bool:
    """Whether the leader fell behind only because the board does not list the earlier one any more."""
    return move is not None and move < 0 and anchor.model not in leader.scores


def _judge(side: str, snapshots: Sequence[Snapshot], at: int, anchor: Side, move: float) -> Event:
    """The event at `at`, with the standing that the first snapshot a week later gives it."""
    shot, leader = snapshots[at], side_of(snapshots[at], side)
    standing, witness = Standing.PROVISIONAL, None
    later = since(snapshots, at, shot.on + HOLD)
    if later < len(snapshots):
        borne = holds(leader.model, move, anchor, side_of(snapshots[later], side), snapshots[later].noise)
        standing = Standing.CONFIRMED if borne else Standing.RETRACTED
        witness = snapshots[later].capture
    sign = -1 if side == "open" else 1
    before = shot.gap - sign * move
    return Event(
        shot.on, side, leader.model, anchor.model, move, before, shot.gap, standing, shot.capture, witness
    )


def holds(model: str, move: float, anchor: Side, now: Side, noise: float | None) -> bool:
    """Whether a later snapshot of the side bears out the move that a model had made over the anchor."""
    if noise is None:
        return False
    listed = model in now.scores
    left = now.scores.get(model, now.value) - now.scores.get(anchor.model, anchor.value)
    return left * move > 0 and abs(left) > (noise if listed else max(noise, abs(move) - noise))


def since(snapshots: Sequence[Snapshot], start: int, day: date) -> int:
    """The index of the first snapshot from `start` on that is of that day or later, or the length."""
    return next((i for i in range(start, len(snapshots)) if snapshots[i].on >= day), len(snapshots))


def side_of(shot: Snapshot, side: str) -> Side:
    """The open or the closed side of a snapshot."""
    return shot.open if side == "open" else shot.closed


def direction(event: Event) -> str:
    """Whether an event closed the gap or widened it: the side that moved and which way."""
    return "closing" if (event.side == "open") == (event.move > 0) else "widening"


def state(steps: Sequence[tuple[date, str]], gap: float | None, noise: float | None, on: date) -> str:
    """Where a gap stands: tied, overtaken, closing, widening, steady, or not enough data.

    `steps` are the confirmed events, as (day, direction), in order; `gap` is closed minus open and
    `noise` what is within a tie, in the snapshot of `on`.
    """
    if gap is None or noise is None:
        return "not enough data"
    if gap < -noise:
        return "overtaken"
    if abs(gap) <= noise:
        return "tied"
    if not steps or on - steps[-1][0] > QUIET:
        return "steady"
    return steps[-1][1]
