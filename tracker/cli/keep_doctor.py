"""`gapwatch doctor`: what is wrong and how to mend it. It changes nothing and prints no secret."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import click

from tracker.cli.lazy import printable
from tracker.config import Settings
from tracker.errors import GapwatchError, StoreError

LEAST_FREE = 200_000_000  # bytes; a year of polling every shipped source takes about as much
OVERDUE = 3  # cadences without a word
LEAST_SILENCE = timedelta(days=2)
RESTORE = "restore a backup (docs/operations.md), or move the file away and begin anew"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: fine or not, and what to do."""

    check: str
    fine: bool
    text: str
    remedy: str = ""


Check = Callable[[Settings], Iterator[Finding]]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Check the database, the sources, the clock, the disk and the mail settings.

    Exit code 0 when all is fine, 1 otherwise.

    \b
    gapwatch doctor
    gapwatch doctor --json
    """
    found = examine(settings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    for finding in () if as_json else found:
        click.echo(
            f"{'fine ' if finding.fine else 'WRONG'}  {finding.check + ':':<10} {printable(finding.text)}"
        )
        if finding.remedy:
            click.echo(f"                  -> {finding.remedy}")
    if not all(finding.fine for finding in found):
        sys.exit(1)


def examine(settings: Settings) -> list[Finding]:
    """Every check's findings. Of a database that cannot be opened, nothing more is asked."""
    inside: tuple[tuple[str, Check], ...] = (
        ("schema", _schema),
        ("integrity", _integrity),
        ("payloads", _payloads),
        ("clock", _clock),
        ("sources", _sources),
    )
    outside: tuple[tuple[str, Check], ...] = (
        ("files", _files),
        ("disk", _disk),
        ("mail", _mail),
        ("keys", _keys),
    )
    found = _attempt("database", _database, settings)
    for name, check in (*(inside if found[0].fine else ()), *outside):
        found += _attempt(name, check, settings)
    return found


def _attempt(name: str, check: Check, settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except GapwatchError as error:
        return [Finding(name, fine=False, text=str(error))]


def _database(settings: Settings) -> Iterator[Finding]:
    from tracker.store import database

    if not settings.db.exists():
        raise StoreError(f"{settings.db}: no database yet; `gapwatch run` makes one")
    database.check(settings.db)
    yield Finding("database", fine=True, text=f"{settings.db}, {_megabytes(settings.db.stat().st_size)}")


def _schema(settings: Settings) -> Iterator[Finding]:
    from tracker.store import checkup, database
    from tracker.store.reading import reading

    with reading(settings.db) as connection:
        revision = checkup.revision(connection)
    newest = revision == database.revisions()[-1]
    after = "" if newest else "; the next `gapwatch run` upgrades it"
    yield Finding("schema", fine=True, text=f"revision {revision}{after}")


def _integrity(settings: Settings) -> Iterator[Finding]:
    from tracker.store import checkup
    from tracker.store.reading import reading

    with reading(settings.db) as connection:
        faults, lost = checkup.faults(connection), checkup.broken_links(connection)
    if faults:
        yield Finding("integrity", fine=False, text=f"the file is damaged: {faults[0]}", remedy=RESTORE)
    if lost:
        told = ", ".join(f"{number} of {table}" for table, number in sorted(lost.items()))
        yield Finding(
            "integrity", fine=False, text=f"rows refer to what is not there: {told}", remedy=RESTORE
        )
    if not faults and not lost:
        yield Finding("integrity", fine=True, text="the file is whole")


def _payloads(settings: Settings) -> Iterator[Finding]:
    from tracker.store import checkup
    from tracker.store.reading import reading

    with reading(settings.db) as connection:
        number, damaged = checkup.payloads(connection)
    if damaged:
        text = f"{len(damaged)} of {number:,} are not what was fetched: {damaged[0][:12]}"
        yield Finding("payloads", fine=False, text=text, remedy=RESTORE)
    else:
        yield Finding("payloads", fine=True, text=f"{number:,} kept, every one as it was fetched")


def _clock(settings: Settings) -> Iterator[Finding]:
    from tracker.store import checkup
    from tracker.store.reading import reading
    from tracker.store.times import stamp

    with reading(settings.db) as connection:
        last = checkup.newest(connection)
    now = stamp(settings.clock())
    if last > now:
        text = f"it is {now} here, and the last capture is of {last}"
        yield Finding(
            "clock", fine=False, text=text, remedy="set the clock, or leave --now and GAPWATCH_NOW out"
        )
    else:
        yield Finding("clock", fine=True, text=f"{now}, last capture {last or 'never'}")


def _sources(settings: Settings) -> Iterator[Finding]:
    from tracker.store.query import places
    from tracker.store.reading import reading
    from tracker.store.times import moment, stamp

    now = settings.clock()
    with reading(settings.db) as connection:
        rows = places.sources(connection, stamp(now))
    rows = [row for row in rows if not row["removed"]]
    silent, paused = 0, [row["name"] for row in rows if row["outcome"] == "paused" or row["paused"]]
    waiting = [row["name"] for row in rows if not row["outcome"] and row["cadence_hours"]]
    for row in rows:
        if not row["cadence_hours"] or row["name"] in {*paused, *waiting}:
            continue
        bearable = max(OVERDUE * timedelta(hours=row["cadence_hours"]), LEAST_SILENCE)
        if row["last_success"] and now - moment(row["last_success"]) <= bearable:
            continue
        silent += 1
        since = f"silent since {row['last_success']}" if row["last_success"] else "never heard from"
        why = f" ({row['outcome']}: {row['note']})" if row["note"] else ""
        remedy = f"gapwatch sources test {row['name']}"
        yield Finding("sources", fine=False, text=f"{row['name']} {since}{why}", remedy=remedy)
    if not rows:
        yield Finding("sources", fine=False, text="none has been visited", remedy="gapwatch run")
    elif not silent:
        yield Finding("sources", fine=True, text=f"{len(rows)} watched, none silent")
    if rows and waiting:
        text = f"{len(waiting)} not polled yet; `gapwatch run` visits what is due"
        yield Finding("sources", fine=True, text=text)
    if paused:
        yield Finding("sources", fine=True, text=f"paused: {', '.join(paused)}; see gapwatch sources list")


def _files(settings: Settings) -> Iterator[Finding]:
    from tracker.collect import registry

    found = registry.find(settings.sources)
    for name, why in sorted(found.broken.items()):
        yield Finding("files", fine=False, text=f"source {name} is broken: {why}", remedy="mend its file")
    if found.replaced:
        text = f"in the stead of shipped sources: {', '.join(sorted(found.replaced))}"
        yield Finding("files", fine=True, text=text)
    if not found.broken:
        yield Finding("files", fine=True, text=f"{len(found.sources)} sources can be read")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.db.parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        text = f"only {_megabytes(free)} are free in {folder}"
        yield Finding("disk", fine=False, text=text, remedy="make room, or choose another --db")
    else:
        yield Finding("disk", fine=True, text=f"{_megabytes(free)} free")


def _mail(settings: Settings) -> Iterator[Finding]:
    """How digests are delivered, and whether the secrets for it are there; nothing is sent."""
    from tracker.deliver import smtp, unsubscribe
    from tracker.digest import words

    mail, everyone = settings.mail, settings.mail.everyone
    if not everyone and not settings.deliver:
        yield Finding("mail", fine=True, text="not configured; digests are files only")
    if everyone:
        smtp.password(mail)  # UsageError where there is none
        if mail.unsubscribe_url:
            unsubscribe.key(mail)
        text = f"{mail.host}:{mail.port} ({mail.security}), {words.plural(len(everyone), 'recipient')}"
        yield Finding("mail", fine=True, text=text)
    for outlet in settings.deliver:
        if outlet.kind in ("webhook", "apprise"):
            outlet.address()  # UsageError where there is none
        yield Finding("mail", fine=True, text=f"{outlet.name} ({outlet.kind})")


def _keys(settings: Settings) -> Iterator[Finding]:
    """What the configuration says of keys must lead to some; without it there is nothing to check."""
    for name in settings.keys:
        settings.key(name)  # UsageError where its file is no secret
    if settings.keys:
        yield Finding("keys", fine=True, text=f"{', '.join(settings.keys)} can be read, by you alone")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
