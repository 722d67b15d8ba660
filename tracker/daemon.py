"""The daemon: a heartbeat wakes it, the database decides what is due.

Each beat asks the database: is a source due, has a week's publishing time passed without its slot being
taken, is something to be delivered that failed before? A slot is a unique row, so a week is published once,
however often the clock jumps, the machine sleeps or the daemon is killed; weeks that were slept through are
caught up with as one.

    SIGTERM, SIGINT   the pass at work is finished, for at most `patience`; then the daemon leaves with 0
    kill -9           nothing half stored; the slot at work is taken again at the next start
    a second daemon   leaves at once, by a lock that the system clears when its holder dies
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tracker.config import DAYS, Settings
from tracker.digest.weeks import parse_week
from tracker.errors import GapwatchError, StoreError
from tracker.store import database, health, weekly
from tracker.store.reading import reading
from tracker.store.times import stamp

PUBLISH = "digest"  # the job whose slots are weeks


@dataclass(frozen=True, slots=True)
class Jobs:
    """The daemon's work: visit what is due, and say what came of it; freeze and send a week ("2026-W22").

    `send_again` tries what could not be delivered; `beside` is held open as long as the daemon runs.
    """

    poll_due: Callable[[datetime], str]
    publish: Callable[[str, datetime], object]
    send_again: Callable[[datetime], object] = lambda now: None
    beside: Callable[[], AbstractContextManager[object]] = nullcontext


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the daemon wakes, how long it rests after a pass, and how long it waits for work to end."""

    beat: timedelta = timedelta(seconds=30)
    rest: timedelta = timedelta(minutes=5)  # shorter than any source's back-off; longer than off-line noise
    retry: timedelta = timedelta(minutes=15)  # after something that failed
    patience: timedelta = timedelta(seconds=20)


def due_week(last: str, now: datetime, zone: ZoneInfo, day: str, hour: int) -> str | None:
    """The newest week whose publishing time has passed, or None where `last` is that week or newer.

    A week ends with its Sunday in `zone`, and is published at the first `day` at `hour` o'clock after
    that. An hour that summer time leaves out counts as the one after it, a repeated one the first time.
    """
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    for begun in (monday, monday - timedelta(days=7)):
        on = begun + timedelta(days=DAYS.index(day))
        time_to = datetime(on.year, on.month, on.day, hour, tzinfo=zone).astimezone(UTC)
        if time_to <= now:
            year, week, _ = (begun - timedelta(days=1)).isocalendar()
            name = f"{year}-W{week:02d}"
            return name if name > last else None
    return None


@contextmanager
def alone(db: Path) -> Iterator[None]:
    """Hold the lock beside a database; StoreError where another daemon holds it."""
    import fcntl  # not on Windows, where there is no daemon

    path = Path(f"{db}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+", encoding="ascii")  # noqa: SIM115 (open as long as the daemon runs)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another --db") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StoreError(f"{db}: a daemon is at work on it (process {holder}); stop it first") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


class Daemon:
    """Wakes on a heartbeat and does what the database says is due, one thing at a time."""

    def __init__(self, settings: Settings, jobs: Jobs, pace: Pace | None = None) -> None:
        self._settings = settings
        self._jobs = jobs
        self._pace = pace or Pace()
        self._stop = threading.Event()
        self._working = threading.Lock()
        self._polled = False
        self._not_before: dict[str, float] = {}  # job -> monotonic time
        self._beaten = time.monotonic()  # when the last heartbeat was done

    def run(self) -> int:
        """Work until told to stop; the exit code. StoreError where another daemon is at work."""
        with alone(self._settings.db), self._jobs.beside():
            self._take_back()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda signum, frame: self._stop.set())
            say(f"watching, database {self._settings.db}")
            self._wait(_scheduler(self.beat, self._pace.beat))
            if not self._working.acquire(timeout=self._pace.patience.total_seconds()):
                say("left in the middle of a pass; what is missing is due at the next start")
                os._exit(0)  # a worker thread would hold the process; every capture is whole or absent
            self._working.release()
            say("stopped")
            return 0

    def _take_back(self) -> None:
        """Give back the slots of a daemon that was killed at work."""
        with database.writing(self._settings.db) as connection:
            for slot in health.release_slots(connection, PUBLISH):
                say(f"{slot} was not finished by the last daemon; it is published again")

    def _wait(self, scheduler: Any) -> None:
        """Until told to stop; a clock that was set back lets the scheduler sleep until it is woken here."""
        scheduler.start()
        beat = self._pace.beat.total_seconds()
        while not self._stop.wait(beat):
            if (late := self.silent()) > 20 * beat:
                raise GapwatchError("the scheduler does not wake any more; restart the daemon")
            if late > 3 * beat:
                say("no heartbeat; waking the scheduler")
                scheduler.modify_job("heartbeat", next_run_time=datetime.now(UTC))
        scheduler.shutdown(wait=False)

    def silent(self) -> float:
        """Seconds since the last heartbeat was done; 0 while one is at work, however long that takes."""
        return 0.0 if self._working.locked() else time.monotonic() - self._beaten

    def beat(self) -> None:
        """Do what is due. What goes wrong is said and tried again later; it never ends the daemon."""
        with self._working:
            self._attempt("poll", self._poll)
            self._attempt(PUBLISH, self._publish)
            self._attempt("send", self._send)
            self._beaten = time.monotonic()

    def _attempt(self, job: str, work: Callable[[datetime], timedelta]) -> None:
        """Do a job unless it rests; it says how long it wants to rest afterwards."""
        if self._stop.is_set() or time.monotonic() < self._not_before.get(job, 0.0):
            return
        try:
            rest = work(self._settings.clock())
        except Exception as error:
            text = str(error) if isinstance(error, GapwatchError) else f"{type(error).__name__}: {error}"
            say(f"{job} failed: {text}")
            rest = self._pace.retry
        self._not_before[job] = time.monotonic() + rest.total_seconds()

    def _poll(self, now: datetime) -> timedelta:
        """One pass if a source is due, and one at the start: sources may be new or have left."""
        with database.writing(self._settings.db) as connection:
            if self._polled and not health.due(connection, now):
                return timedelta(0)
        self._polled = True
        started = time.monotonic()
        said = self._jobs.poll_due(now)
        say(f"polled in {time.monotonic() - started:.1f} s: {said}")
        return self._pace.rest

    def _publish(self, now: datetime) -> timedelta:
        """Publish the newest week that is over, unless it is, or nothing was watched in it."""
        db = self._settings.db
        with database.writing(db) as connection:
            last = health.last_slot(connection, PUBLISH)
            week = self._due(last, now)
            if week is None or not health.take_slot(connection, PUBLISH, week, now):
                return timedelta(0)
        try:
            self._jobs.publish(week, now)
        except BaseException:
            with database.writing(db) as connection:
                health.release_slots(connection, PUBLISH)
            raise
        with database.writing(db) as connection:
            health.finish_slot(connection, PUBLISH, week, self._settings.clock())
        say(f"published {week}")
        return timedelta(0)

    def _send(self, now: datetime) -> timedelta:
        """Try again what could not be delivered and is due."""
        self._jobs.send_again(now)
        return timedelta(0)

    def _due(self, last: str, now: datetime) -> str | None:
        settings = self._settings
        name = due_week(last, now, settings.zone, settings.publish_day, settings.publish_hour)
        if name is None:
            return None
        with reading(settings.db) as known:
            watched = weekly.watched_before(known, stamp(parse_week(name, settings.zone).end))
        return name if watched else None


def _scheduler(beat: Callable[[], None], every: timedelta) -> Any:
    """A scheduler that beats at once and then at intervals; a late beat counts, several late ones as one."""
    from apscheduler.schedulers.background import BackgroundScheduler

    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat during a pass is skipped: no news
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        beat,
        "interval",
        seconds=every.total_seconds(),
        id="heartbeat",
        next_run_time=datetime.now(UTC),
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    return scheduler


def say(text: str) -> None:
    """A line to standard error, with the time."""
    print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}", file=sys.stderr, flush=True)
