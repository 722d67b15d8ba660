"""The daemon: every week's slot once whatever the clock does, one daemon a database, and a clean end.

Slots and locks are real rows and real locks; daemons are real processes. The tables of summer time are
those where schedulers were seen to fire twice or never: Berlin's repeated 02:00 on 2026-10-25, Santiago's
missing midnight of 2026-09-06.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.arrivals import arrival, at, board, register, score
from tracker import config
from tracker.daemon import PUBLISH, Daemon, Jobs, Pace, alone, due_week
from tracker.domain import Outcome
from tracker.errors import StoreError
from tracker.store import database, health, writer

ROOT = Path(__file__).resolve().parent.parent

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Pacific/Kiritimati"]


@pytest.mark.parametrize(
    ("now", "zone", "day", "hour", "expected"),
    [
        pytest.param("2026-05-31T23:00", "UTC", "monday", 6, "2026-W21", id="the-week-is-not-over"),
        pytest.param("2026-06-01T05:59", "UTC", "monday", 6, "2026-W21", id="over-but-not-yet-time"),
        pytest.param("2026-06-01T06:00", "UTC", "monday", 6, "2026-W22", id="time"),
        pytest.param("2026-06-07T12:00", "UTC", "monday", 6, "2026-W22", id="days-late"),
        pytest.param("2026-06-01T00:00", "UTC", "monday", 0, "2026-W22", id="the-very-end-of-the-week"),
        pytest.param("2026-06-06T09:00", "UTC", "saturday", 9, "2026-W22", id="another-day"),
        pytest.param("2026-06-05T09:00", "UTC", "saturday", 9, "2026-W21", id="another-day-not-yet"),
        pytest.param("2026-06-01T03:59", "Europe/Berlin", "monday", 6, "2026-W21", id="berlin-05:59"),
        pytest.param("2026-06-01T04:00", "Europe/Berlin", "monday", 6, "2026-W22", id="berlin-06:00"),
        pytest.param("2027-01-04T06:00", "UTC", "monday", 6, "2026-W53", id="the-53rd-week"),
        pytest.param("2027-01-03T06:00", "UTC", "sunday", 6, "2026-W52", id="new-year-belongs-to-w53"),
        # Santiago's Sunday 2026-09-06 begins at 01:00, which is 04:00 UTC.
        pytest.param("2026-09-06T03:59", "America/Santiago", "sunday", 0, "2026-W34", id="missing-not-yet"),
        pytest.param("2026-09-06T04:00", "America/Santiago", "sunday", 0, "2026-W35", id="missing-midnight"),
        # Berlin's Sunday 2026-10-25 has 02:00 twice: at 00:00 and at 01:00 UTC.
        pytest.param("2026-10-25T00:00", "Europe/Berlin", "sunday", 2, "2026-W42", id="repeated-first"),
        pytest.param("2026-10-25T01:00", "Europe/Berlin", "sunday", 2, "2026-W42", id="repeated-second"),
    ],
)
def test_a_week_is_due_at_its_publishing_time_in_the_users_zone(
    now: str, zone: str, day: str, hour: int, expected: str
) -> None:
    assert due_week("", at(now), ZoneInfo(zone), day, hour) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param("2026-W22", None, id="published"),
        pytest.param("2026-W23", None, id="clock-was-set-back"),
        pytest.param("2026-W21", "2026-W22", id="one-behind"),
        pytest.param("2026-W10", "2026-W22", id="months-behind-is-caught-up-with-as-one"),
        pytest.param("2025-W52", "2026-W22", id="across-a-new-year"),
    ],
)
def test_what_was_published_is_not_due_again(last: str, expected: str | None) -> None:
    assert due_week(last, at("2026-06-03"), ZoneInfo("UTC"), "monday", 6) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("day", "hour"), [("sunday", 0), ("sunday", 2), ("monday", 6)])
def test_a_year_of_half_hours_publishes_every_week_once(
    tmp_path: Path, zone: str, day: str, hour: int
) -> None:
    """With two hours back and forth at each change of the month, as clocks do that are set by hand."""
    taken: Counter[str] = Counter()
    with database.writing(tmp_path / "gapwatch.db") as connection:
        for now in jumping_clock(at("2026-01-12"), at("2027-01-12")):
            last = max(taken, default="2026-W01")
            week = due_week(last, now, ZoneInfo(zone), day, hour)
            if week and health.take_slot(connection, PUBLISH, week, now):
                taken[week] += 1
    assert set(taken.values()) == {1}
    assert [int(week[-2:]) for week in sorted(taken)] == [
        *range(2, 54),
        *([1] if "2027-W01" in taken else []),
    ]


def jumping_clock(start: datetime, end: datetime) -> Iterator[datetime]:
    now, jump = start, timedelta(0)
    while now < end:
        if (now + timedelta(minutes=30)).month != now.month:
            jump = timedelta(hours=-2) if jump >= timedelta(0) else timedelta(hours=2)
        yield now + jump
        now += timedelta(minutes=30)


def test_a_slot_has_one_taker_among_many(tmp_path: Path) -> None:
    db = tmp_path / "gapwatch.db"
    with database.writing(db):
        pass
    ready, takers = threading.Barrier(6), list[bool]()

    def take() -> None:
        with database.writing(db) as connection:
            ready.wait()
            takers.append(health.take_slot(connection, PUBLISH, "2026-W22", at("2026-06-01")))

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(takers) == [False] * 5 + [True]


def watched(folder: Path, observed: str = "2026-05-30") -> config.Settings:
    """Settings of a database that was polled once; it is Monday, and the week is to be published."""
    settings = config.load(db=folder / "gapwatch.db", now="2026-06-01T07:00:00Z", environ={})
    with database.writing(settings.db) as connection:
        place = board()
        register(connection, place)
        writer.store(connection, arrival(place, at(observed), [score("a", "1400")]))
    return settings


def test_a_week_that_failed_is_given_back_and_published_by_a_later_beat(tmp_path: Path) -> None:
    attempts: list[str] = []

    def publish(week: str, now: datetime) -> None:
        attempts.append(week)
        if len(attempts) == 1:
            raise StoreError("the disk is full")

    settings = watched(tmp_path)
    jobs = Jobs(poll_due=lambda now: "", publish=publish)
    daemon = Daemon(settings, jobs, Pace(retry=timedelta(0), rest=timedelta(0)))
    for _ in range(4):
        daemon.beat()
    assert attempts == ["2026-W22", "2026-W22"]


def test_a_week_in_which_nothing_was_watched_is_not_published(tmp_path: Path) -> None:
    """Someone who installs on a Wednesday is not mailed a digest of the week before."""
    published: list[str] = []
    settings = watched(tmp_path, observed="2026-06-01T01:00")
    jobs = Jobs(poll_due=lambda now: "", publish=lambda week, now: published.append(week))
    Daemon(settings, jobs).beat()
    assert published == []


def test_a_beat_polls_at_the_start_and_then_only_what_is_due(tmp_path: Path) -> None:
    passes: list[datetime] = []

    def poll(now: datetime) -> str:
        passes.append(now)
        with database.writing(settings.db) as connection:
            health.report(connection, health.Report("board", Outcome.NEW, now))
        return ""

    settings = watched(tmp_path)
    daemon = Daemon(settings, Jobs(poll, lambda week, now: None), Pace(rest=timedelta(0)))
    for _ in range(3):
        daemon.beat()
    assert len(passes) == 1
    with database.writing(settings.db) as connection:
        late = health.Report("board", Outcome.FAILED, at("2026-05-30"))
        health.report(connection, late)
    daemon.beat()
    assert len(passes) == 2


def test_a_long_pass_is_no_scheduler_that_died(tmp_path: Path) -> None:
    settings = watched(tmp_path)
    seen: list[float] = []

    def poll(now: datetime) -> str:
        time.sleep(0.5)
        seen.append(one.silent())
        return ""

    one = Daemon(settings, Jobs(poll, lambda week, now: None))
    one.beat()
    assert seen == [0.0]
    assert one.silent() < 0.25


def test_a_failing_pass_ends_neither_the_daemon_nor_the_publishing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def poll(now: datetime) -> str:
        raise ValueError("a defect")

    published: list[str] = []
    daemon = Daemon(watched(tmp_path), Jobs(poll, lambda week, now: published.append(week)))
    daemon.beat()
    assert published == ["2026-W22"]
    assert "poll failed: ValueError: a defect" in capsys.readouterr().err


CHILD = """
import sys, time
from datetime import timedelta
from pathlib import Path
from tracker import config
from tracker.daemon import Daemon, Jobs, Pace
from tracker.errors import GapwatchError

folder, polling, publishing = Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
settings = config.load(db=folder / "gapwatch.db", now="2026-06-01T07:00:00Z", environ={})

def poll(now):
    time.sleep(polling)
    return "one source"

def publish(week, now):
    with open(folder / "published", "a") as file:
        file.write(week + " begun\\n")
    time.sleep(publishing)
    with open(folder / "published", "a") as file:
        file.write(week + " done\\n")

try:
    pace = Pace(beat=timedelta(seconds=0.2), rest=timedelta(seconds=0.2), patience=timedelta(seconds=2))
    sys.exit(Daemon(settings, Jobs(poll, publish), pace).run())
except GapwatchError as error:
    print(f"gapwatch: {error}", file=sys.stderr)
    sys.exit(error.exit_code)
"""


@contextmanager
def daemon(folder: Path, *, polling: float = 0.0, publishing: float = 0.0) -> Iterator[subprocess.Popen[str]]:
    """A daemon in a process of its own, whose passes and publishing take so many seconds."""
    with open(folder / "log", "w") as log:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(folder), str(polling), str(publishing)],
            stderr=log,
            text=True,
            cwd=ROOT,
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()


def until(folder: Path, text: str, file: str = "log", seconds: float = 20) -> str:
    """What stands in a file, once it holds `text`."""
    path, end = folder / file, time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and text in (said := path.read_text()):
            return said
        time.sleep(0.05)
    raise AssertionError(f"no {text!r} in {file}: {path.read_text() if path.exists() else 'no such file'}")


def test_it_works_and_leaves_cleanly_when_told_to(tmp_path: Path) -> None:
    watched(tmp_path)
    with daemon(tmp_path) as child:
        until(tmp_path, "published 2026-W22")
        time.sleep(0.6)  # some beats later it has not been published again
        child.send_signal(signal.SIGTERM)
        assert child.wait(5) == 0
    log = until(tmp_path, "stopped")
    assert log.count("published") == 1
    assert "polled in 0.0 s: one source" in log


def test_a_pass_at_work_is_finished_before_it_leaves(tmp_path: Path) -> None:
    watched(tmp_path)
    with daemon(tmp_path, publishing=1.2) as child:
        until(tmp_path, "begun", "published")
        child.send_signal(signal.SIGINT)
        assert child.wait(5) == 0
    assert (tmp_path / "published").read_text() == "2026-W22 begun\n2026-W22 done\n"


def test_a_pass_that_does_not_end_is_left_after_a_while(tmp_path: Path) -> None:
    watched(tmp_path)
    with daemon(tmp_path, publishing=60) as child:
        until(tmp_path, "begun", "published")
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    until(tmp_path, "left in the middle of a pass")
    with daemon(tmp_path):
        until(tmp_path, "2026-W22 was not finished by the last daemon")
        until(tmp_path, "2026-W22 done", "published")


def test_a_second_daemon_leaves_with_one_clear_line(tmp_path: Path) -> None:
    watched(tmp_path)
    with daemon(tmp_path, polling=30) as first:
        until(tmp_path, "watching")
        second = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path), "0", "0"],
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            timeout=30,
            check=False,
        )
        assert second.returncode == 1
        assert second.stderr == (
            f"gapwatch: {tmp_path / 'gapwatch.db'}: a daemon is at work on it (process {first.pid});"
            " stop it first\n"
        )


def test_after_kill_9_the_next_daemon_takes_the_slot_again(tmp_path: Path) -> None:
    watched(tmp_path)
    with daemon(tmp_path, publishing=60) as child:
        until(tmp_path, "begun", "published")
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    with daemon(tmp_path) as child:
        until(tmp_path, "2026-W22 done", "published")
        until(tmp_path, "published 2026-W22")
        child.terminate()
        assert child.wait(5) == 0


def test_a_lock_whose_holder_died_is_no_hindrance(tmp_path: Path) -> None:
    db = tmp_path / "gapwatch.db"
    Path(f"{db}.lock").write_text("999999\n")
    with alone(db):
        assert Path(f"{db}.lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_that_cannot_be_written_is_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"), alone(tmp_path / "file" / "gapwatch.db"):
        raise AssertionError("the lock was held")
