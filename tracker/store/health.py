"""How the watched places are doing, which hosts asked for a pause, and which slots of work are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.domain import Metric, Outcome
from tracker.source import Source
from tracker.store import measures
from tracker.store.database import transaction
from tracker.store.times import stamp

FIRST_RETRY = timedelta(minutes=15)
SLOWEST = timedelta(days=1)
BLOCKED = timedelta(days=1)
SLOWEST_BLOCKED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Report:
    """What a visit came to, as it is kept on the source's row."""

    source: str
    outcome: Outcome
    at: datetime
    note: str = ""
    rows: int = 0
    changed: int = 0
    seconds: float = 0.0
    retry_after: float | None = None
    first_look: str = ""
    fingerprint: str = ""


def register(
    connection: Connection,
    sources: Iterable[Source],
    metrics: Iterable[Metric],
    providers: Iterable[tuple[str, str, str, str]],
) -> None:
    """Bring the tables of sources, metrics and providers up to what is installed; history stays.

    A source may bring metrics of its own, but none under the id of a shipped one.
    """
    listed = list(sources)
    with transaction(connection):
        enlist(connection, listed)
        measures.keep(connection, [*(own for source in listed for own in source.metrics), *metrics])
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO provider (spelling, id, name, role) VALUES (?, ?, ?, ?)", list(providers)
        )


def enlist(connection: Connection, sources: Iterable[Source]) -> None:
    """Bring the table of sources up to what is installed; who comes back is no longer removed."""
    with transaction(connection):
        connection.exec_driver_sql(
            "INSERT INTO source (name, kind, title, url, vendor, licence, credit, publishable,"
            " cadence_seconds, documented) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET kind = excluded.kind,"
            " title = excluded.title, url = excluded.url, vendor = excluded.vendor,"
            " licence = excluded.licence, credit = excluded.credit, publishable = excluded.publishable,"
            " cadence_seconds = excluded.cadence_seconds, documented = excluded.documented,"
            " removed = NULL",
            [_source_row(source) for source in sources],
        )


def part(connection: Connection, installed: Collection[str], now: datetime) -> None:
    """Note since when places are no longer installed. What is only read on demand is no file, and stays."""
    with transaction(connection):
        rows = connection.exec_driver_sql(
            "SELECT name FROM source WHERE removed IS NULL AND cadence_seconds > 0"
        ).fetchall()
        gone = [(stamp(now), row[0]) for row in rows if row[0] not in installed]
        if gone:
            connection.exec_driver_sql("UPDATE source SET removed = ? WHERE name = ?", gone)


def _source_row(source: Source) -> tuple[object, ...]:
    return (
        source.name,
        str(source.kind),
        source.title or source.name,
        source.urls[0] if source.urls else "",
        source.vendor,
        source.licence,
        source.credit,
        source.publishable,
        int(source.cadence.total_seconds()),
        source.documented is not None,
    )


def report(connection: Connection, said: Report) -> None:
    """Keep what a visit came to, and decide when the next one is due."""
    with transaction(connection):
        cadence, failures = connection.exec_driver_sql(
            "SELECT cadence_seconds, failures FROM source WHERE name = ?", (said.source,)
        ).one()
        good = said.outcome in (Outcome.NEW, Outcome.UNCHANGED)
        failures = 0 if good else failures + (said.outcome not in (Outcome.OFFLINE, Outcome.PAUSED))
        due = said.at + next_pause(said, timedelta(seconds=cadence), failures)
        connection.exec_driver_sql(
            "UPDATE source SET outcome = ?, note = ?, last_attempt = ?, next_due = ?, seconds = ?,"
            " failures = ?, changed = ?, rows = CASE WHEN ? THEN ? ELSE rows END,"
            " last_success = CASE WHEN ? THEN ? ELSE last_success END,"
            " first_look = coalesce(nullif(?, ''), first_look),"
            " fingerprint = CASE WHEN ? THEN ? ELSE fingerprint END WHERE name = ?",
            (
                *(str(said.outcome), said.note, stamp(said.at), stamp(due), round(said.seconds, 3), failures),
                *(said.changed, said.outcome is Outcome.NEW, said.rows, good, stamp(said.at)),
                *(said.first_look, good, said.fingerprint, said.source),
            ),
        )


def read_as(connection: Connection, sources: Iterable[Source]) -> None:
    """Note that everything kept of the sources has been read as their files are now."""
    rows = [(source.fingerprint, source.name) for source in sources]
    with transaction(connection):
        connection.exec_driver_sql("UPDATE source SET fingerprint = ? WHERE name = ?", rows)


def next_pause(said: Report, cadence: timedelta, failures: int) -> timedelta:
    """How long to leave the source alone: its cadence when well, a doubling back-off when not.

    Being off line ourselves is nobody's failure: the source stays due. Nor is a pause, which its user may end
    at any time. Retry-After is the least.
    """
    if said.outcome in (Outcome.NEW, Outcome.UNCHANGED, Outcome.PAUSED):
        return cadence
    if said.outcome is Outcome.OFFLINE:
        return timedelta(0)
    first, slowest = (BLOCKED, SLOWEST_BLOCKED) if said.outcome is Outcome.BLOCKED else (FIRST_RETRY, SLOWEST)
    pause = min(first * 2 ** min(failures - 1, 12), slowest) if failures else first
    return max(pause, timedelta(seconds=said.retry_after or 0))


def due(connection: Connection, now: datetime) -> set[str]:
    """The names of the sources whose visit is due; what has no cadence never is."""
    rows = connection.exec_driver_sql(
        "SELECT name FROM source WHERE NOT paused AND cadence_seconds > 0"
        " AND (next_due IS NULL OR next_due <= ?)",
        (stamp(now),),
    ).fetchall()
    connection.rollback()
    return {row[0] for row in rows}


def keyless(connection: Connection) -> set[str]:
    """The names of the sources that wait for a key."""
    rows = connection.exec_driver_sql("SELECT name FROM source WHERE outcome = 'paused'").fetchall()
    connection.rollback()
    return {row[0] for row in rows}


HostRow = tuple[str, str, str | None, str | None]  # name, paused_until, robots, robots_fetched


def hosts(connection: Connection) -> list[HostRow]:
    """What is remembered of every host."""
    rows = connection.exec_driver_sql(
        "SELECT name, paused_until, robots, robots_fetched FROM host"
    ).fetchall()
    connection.rollback()
    return [tuple(row) for row in rows]


def remember_hosts(connection: Connection, rows: list[HostRow]) -> None:
    """Keep what was learnt of hosts, so that it survives a restart."""
    if rows:
        with transaction(connection):
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO host (name, paused_until, robots, robots_fetched)"
                " VALUES (?, ?, ?, ?)",
                rows,
            )


def take_slot(connection: Connection, job: str, slot: str, now: datetime) -> bool:
    """Take a slot of work. True for exactly one taker, ever: the row is unique."""
    with transaction(connection):
        return (
            connection.exec_driver_sql(
                "INSERT INTO slot (job, slot, started) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (job, slot, stamp(now)),
            ).rowcount
            == 1
        )


def finish_slot(connection: Connection, job: str, slot: str, now: datetime, note: str = "") -> None:
    """Write down that the work of a slot is done."""
    with transaction(connection):
        connection.exec_driver_sql(
            "UPDATE slot SET finished = ?, note = ? WHERE job = ? AND slot = ?", (stamp(now), note, job, slot)
        )


def release_slots(connection: Connection, job: str) -> list[str]:
    """Give back the slots of a job whose work did not come to an end; returns which they were."""
    with transaction(connection):
        rows = connection.exec_driver_sql(
            "DELETE FROM slot WHERE job = ? AND finished IS NULL RETURNING slot", (job,)
        ).fetchall()
    return sorted(row[0] for row in rows)


def last_slot(connection: Connection, job: str) -> str:
    """The newest slot of a job that was taken, or ""."""
    found = connection.exec_driver_sql(
        "SELECT coalesce(max(slot), '') FROM slot WHERE job = ?", (job,)
    ).scalar_one()
    connection.rollback()
    return str(found)


def pause(connection: Connection, name: str, *, paused: bool) -> bool:
    """Leave a place alone, or no longer; False where it is not known."""
    with transaction(connection):
        return (
            connection.exec_driver_sql("UPDATE source SET paused = ? WHERE name = ?", (paused, name)).rowcount
            == 1
        )


def left_alone(connection: Connection) -> set[str]:
    """The places that the user has paused."""
    rows = connection.exec_driver_sql("SELECT name FROM source WHERE paused").fetchall()
    connection.rollback()
    return {row[0] for row in rows}
