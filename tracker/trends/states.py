"""The state of a gap, snapshot by snapshot, from what was known at each.

    tied, overtaken     open is within the noise, or ahead beyond it
    reopened            closed is ahead beyond the noise again, after tied or overtaken
    closing, widening   the direction of the last confirmed event; of several in one snapshot, of their sum
    steady              180 days without an event
    not enough data     no gap, no noise, or no event in a record of less than 180 days

A label lasts at least 14 days, unless the event that brought it is retracted: then what was said before it
counts again. Beyond the noise and within it a gap may go to and fro, so from `tied` or `overtaken` to
anything else, and from `reopened` back to them, it goes only where an event since the label explains it, or
what is seen instead has been seen for 7 days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain import Standing
from tracker.trends.events import HOLD, Event

QUIET = timedelta(days=180)
LASTS = timedelta(days=14)
UNKNOWN = "not enough data"
LEVEL = ("tied", "overtaken")
NEAR = (*LEVEL, "reopened")


@dataclass(frozen=True, slots=True)
class Reading:
    """The gap (closed minus open) and its noise in a snapshot, None where unknown."""

    on: date
    gap: float | None
    noise: float | None
    capture: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """From a snapshot on, a gap is said to be so."""

    on: date
    state: str
    capture: int


def labels(readings: Sequence[Reading], events: Sequence[Event]) -> list[Label]:
    """Where the state of a gap changes, by readings in order of date and the events found in them."""
    machine = _Machine(events)
    found: list[Label] = []
    for reading in readings:
        state = machine.read(reading)
        if not found or state != found[-1].state:
            found.append(Label(reading.on, state, reading.capture))
    return found


def compared(gap: float | None, noise: float | None) -> str:
    """What one snapshot says: `tied`, `overtaken`, `behind`, or `not enough data`."""
    if gap is None or noise is None:
        return UNKNOWN
    if gap < -noise:
        return "overtaken"
    return "tied" if gap <= noise else "behind"


class _Known:
    """The events that captures read so far tell of: undecided, confirmed by date, retracted."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.open: list[Event] = []
        self.sure: list[Event] = []
        self.retracted: list[Event] = []
        self._found: dict[int, list[Event]] = defaultdict(list)
        self._judged: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            self._found[event.capture].append(event)
            if event.judged_by is not None:
                self._judged[event.judged_by].append(event)

    def read(self, capture: int) -> None:
        """Learn what a capture shows and decides."""
        self.open += self._found.pop(capture, [])
        for event in self._judged.pop(capture, []):
            self.open.remove(event)
            (self.sure if event.standing is Standing.CONFIRMED else self.retracted).append(event)
            self.sure.sort(key=lambda sure: sure.on)

    def since(self, on: date) -> bool:
        """Whether an event later than a day stands so far."""
        return any(event.on > on for event in (*self.open, *self.sure[-1:]))


class _Machine:
    """What is said so far, since when, and by which event."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._known = _Known(events)
        self._state = self._before = ""
        self._since: date | None = None  # the last change; the first label is none
        self._event: Event | None = None  # undecided, and behind the label
        self._first: date | None = None  # known gap and noise
        self._crossed: date | None = None  # beyond the noise again
        self._seen = ("", date.min)  # what the readings say, and since when

    def read(self, reading: Reading) -> str:
        """The state after one more reading."""
        self._known.read(reading.capture)
        taken_back = self._event in self._known.retracted
        if taken_back:
            self._state, self._event, self._crossed = self._before, None, None
        shown = self._shown(reading)
        if shown != self._seen[0]:
            self._seen = shown, reading.on
        if shown != self._state and (taken_back or self._may_change(shown, reading.on)):
            self._change(shown, reading.on)
        elif taken_back:
            self._since = reading.on
        return self._state

    def _change(self, state: str, on: date) -> None:
        self._since = on if self._state else None
        self._before, self._state = self._state, state
        self._event = self._known.open[-1] if self._known.open and state in NEAR else None
        if state not in NEAR:
            self._crossed = None

    def _may_change(self, shown: str, on: date) -> bool:
        if self._since is not None and on - self._since < LASTS:
            return False
        nearby = shown in LEVEL if self._state == "reopened" else self._state in LEVEL and shown != UNKNOWN
        return not nearby or on - self._seen[1] >= HOLD or self._known.since(self._since or date.min)

    def _shown(self, reading: Reading) -> str:
        """What would be said if nothing had to last."""
        seen = compared(reading.gap, reading.noise)
        if seen == UNKNOWN:
            return seen
        self._first = self._first or reading.on
        if seen in LEVEL:
            self._crossed = None
            return seen
        if self._state in LEVEL:
            self._crossed = self._crossed or reading.on
        return self._directed(reading.on)

    def _directed(self, on: date) -> str:
        """Closed is ahead: since a tie, or by the last confirmed event."""
        last = self._known.sure[-1] if self._known.sure else None
        since = last.on if last else self._first or on
        if self._crossed and since <= self._crossed:
            return "reopened" if on - self._crossed <= QUIET else "steady"
        if last and on - last.on <= QUIET:
            net = sum(e.after - e.before for e in self._known.sure if e.on == last.on)
            return "closing" if net < 0 else "widening"
        return "steady" if on - since > QUIET else UNKNOWN
