"""What is known of each host: its turn, its pause, its robots.txt; and whether we are off line at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tracker.collect.robots import Rules
from tracker.errors import DeadlineExceeded, FetchError, Refused, Unreachable

LONGEST_PAUSE = timedelta(hours=24)
ROBOTS_LIFE = timedelta(hours=24)
REST = 60.0  # seconds in which a host that let us wait in vain is not waited for again
MOST_HANGS = 2
OFFLINE_HOSTS = 3


@dataclass(slots=True)
class HostState:
    """What the caller keeps of a host over restarts.

    `paused_until` comes from Retry-After; `robots` is the text of robots.txt ("" allows everything, None
    was never fetched), `robots_fetched` when.
    """

    paused_until: datetime | None = None
    robots: str | None = None
    robots_fetched: datetime | None = None

    def pause_left(self, now: datetime) -> timedelta:
        """How long the host is still to be left alone. A time out of reach is the fault of a clock."""
        left = (self.paused_until or now) - now
        return left if timedelta(0) < left <= LONGEST_PAUSE else timedelta(0)

    def robots_fresh(self, now: datetime) -> bool:
        """Whether the robots.txt need not be asked for again."""
        fetched = self.robots_fetched
        return self.robots is not None and fetched is not None and abs(now - fetched) < ROBOTS_LIFE


@dataclass(slots=True)
class Gate:
    """The way to one host: a request at a time, none while it is paused, and Crawl-delay between two."""

    host: str
    state: HostState
    learning: threading.Lock = field(default_factory=threading.Lock)  # of robots.txt, by one thread
    rules: Rules = field(default_factory=lambda: Rules(""))
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _last: float = float("-inf")
    _hangs: int = 0
    _rests_until: float = float("-inf")
    _why: str = ""

    @contextmanager
    def turn(self, clock: Callable[[], datetime]) -> Iterator[None]:
        """Wait for the host's turn; Refused while it is paused, Unreachable while it is given a rest."""
        self.check(clock())
        with self._turn:
            self.check(clock())
            time.sleep(max(0.0, self._last + self.rules.delay - time.monotonic()))
            try:
                yield
            finally:
                self._last = time.monotonic()

    def check(self, now: datetime) -> None:
        """Refused or Unreachable where no request may be made now."""
        left = self.state.pause_left(now)
        if left:
            until = f"{self.state.paused_until:%Y-%m-%d %H:%M:%S}"
            raise Refused(f"{self.host} asked for a pause until {until} UTC", 429, left.total_seconds())
        if time.monotonic() < self._rests_until:
            raise Unreachable(f"{self._why} (a moment ago; not waited for again)")

    def pause(self, until: datetime) -> None:
        """Leave the host alone until then."""
        self.state.paused_until = until

    def answered(self) -> None:
        """The host has answered, with whatever status."""
        self._hangs = 0

    def failed(self, error: FetchError, seconds: float, connect_timeout: float) -> None:
        """The host has not answered; one that costs a timeout each time is given a rest."""
        self._hangs += isinstance(error, DeadlineExceeded)
        dropped = isinstance(error, Unreachable) and seconds > 0.9 * connect_timeout
        if dropped or self._hangs >= MOST_HANGS:
            self._rests_until, self._why = time.monotonic() + REST, str(error)


class Reach:
    """The one off-line verdict: three hosts were unreachable, and none has answered.

    Hosts that are just being asked when the third one fails may still answer, so they are awaited.
    """

    def __init__(self) -> None:
        self.offline = False
        self._lock = threading.Lock()
        self._answered = False
        self._unreachable: set[str] = set()
        self._asking: set[str] = set()
        self._awaited: set[str] | None = None

    def check(self) -> None:
        """Unreachable once the verdict is spoken."""
        if self.offline:
            raise Unreachable(f"off line: {OFFLINE_HOSTS} hosts could not be reached and none has answered")

    def asking(self, host: str) -> None:
        """A request to the host begins."""
        self.check()
        with self._lock:
            self._asking.add(host)

    def done(self, host: str, *, answered: bool, unreachable: bool = False) -> None:
        """The request has ended, and how."""
        with self._lock:
            self._asking.discard(host)
            self._answered |= answered
            if unreachable:
                self._unreachable.add(host)
            if self._awaited is None and len(self._unreachable) >= OFFLINE_HOSTS:
                self._awaited = set(self._asking)
            if self._awaited is not None:
                self._awaited.discard(host)
                self.offline = not self._answered and not self._awaited
