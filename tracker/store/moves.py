"""From stored points to changes: what a capture says that the one before it did not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.domain import Change, Standing
from tracker.store.listing import Listings
from tracker.store.packed import packed, unpacked
from tracker.trends import changes
from tracker.trends.changes import Figure, Move, Rescale, Setting

AT_ONCE = 50  # captures
UNDOUBTED = (None, "")  # standing, and since when, of what was never held
LISTED = "(SELECT value FROM json_each(?))"
# What a change can be told of: scores and prices of tokens.
MOVES = f"(s.metric LIKE 'price.%' OR s.metric IN (SELECT id FROM metric WHERE scale IN {COMPARED}))"


def derive(
    connection: Connection, captures: Sequence[int], archives: Collection[str], listings: Listings
) -> None:
    """The changes of captures, each against the one before it of its source. A first one changes nothing."""
    wanted = json.dumps(captures)
    connection.exec_driver_sql(f"DELETE FROM change WHERE capture IN {LISTED} AND kind <> 'gap'", (wanted,))
    settings, rescales = _settings(connection, wanted, archives), _rescales(connection, wanted)
    sources = {setting.source for setting in settings.values()}
    names = {source: _models(connection, source) for source in sources}
    for capture, moves in _by_capture(connection, list(settings)):
        setting = settings[capture]
        told = _listed(setting, moves, listings)
        found = changes.decide(moves, told, rescales.get(capture, ()))
        write(connection, [_named(change, names[setting.source]) for change in found])


def _by_capture(connection: Connection, captures: Sequence[int]) -> Iterator[tuple[int, list[Move]]]:
    """What moved in each capture; a few are read at a time, since a wide board moves thousands in each."""
    for start in range(0, len(captures), AT_ONCE):
        some = captures[start : start + AT_ONCE]
        moves = _moves(connection, some)
        yield from ((capture, moves.get(capture, [])) for capture in some)


def _settings(connection: Connection, wanted: str, archives: Collection[str]) -> dict[int, Setting]:
    """The captures that have one before them, with what a change needs to know of them."""
    rows = connection.exec_driver_sql(
        "SELECT c.id, c.source, c.observed, b.id, b.observed FROM capture c JOIN capture b ON b.id ="
        " (SELECT id FROM capture WHERE source = c.source AND outcome = 'new' AND observed < c.observed"
        f" ORDER BY observed DESC LIMIT 1) WHERE c.id IN {LISTED} ORDER BY c.observed",
        (wanted,),
    )
    return {
        id: Setting(source, at, id, (id, before), since=since)
        for id, source, at, before, since in rows
        if source not in archives
    }


def _listed(setting: Setting, moves: Sequence[Move], listings: Listings) -> Setting:
    """The setting with what the board listed before and now, where series came or went."""
    if all(m.before and m.after for m in moves if not m.metric.startswith("price.")):
        return setting
    before, now = (listings.at(setting.source, at) for at in (setting.since, setting.at))
    return replace(setting, before=before, now=now)


# The series that captures changed, with their points from before the first of these to the last, packed.
_SPANS = (
    "WITH touched AS (SELECT series AS id, min(at) AS since, max(at) AS until FROM point"
    f" WHERE capture IN {LISTED} GROUP BY series) SELECT s.id, s.metric, s.subject, s.provider, s.condition,"
    f" (SELECT {packed('at', 'capture', 'value', 'low', 'high')} FROM point WHERE series = t.id AND at >="
    " coalesce((SELECT max(at) FROM point WHERE series = t.id AND at < t.since), '') AND at <= t.until)"
    f" FROM touched t JOIN series s ON s.id = t.id WHERE {MOVES} ORDER BY 2, 3, 4, 5"
)


def _moves(connection: Connection, captures: Sequence[int]) -> dict[int, list[Move]]:
    """Every series that captures changed, with what it said before. New series began unlisted."""
    wanted = json.dumps(captures)
    numbers = {str(capture): capture for capture in captures}
    released, found = _released(connection, wanted), _held(connection, wanted)
    figure = cache(_figure)  # few figures are new
    for id, metric, subject, provider, condition, points in connection.exec_driver_sql(_SPANS, (wanted,)):
        series, before = (metric, subject, provider, condition), None
        for at, capture, *said in unpacked(points):
            after = figure(*said)
            if number := numbers.get(capture):
                found[number].append(Move(*series, before, after, *released.get((id, at), UNDOUBTED)))
            before = after
    _add_unmoved(connection, wanted, found)
    return found


# Of every input or output price that moved, what the other one of its offer said then.
_OTHERS = (
    "SELECT t.capture, o.metric, o.subject, o.provider, o.condition,"
    " (SELECT value FROM point WHERE series = o.id AND at <= t.at ORDER BY at DESC LIMIT 1)"
    f" FROM (SELECT capture, series, at FROM point WHERE capture IN {LISTED}"
    f" UNION ALL SELECT capture, series, at FROM held WHERE capture IN {LISTED} AND kind = 'held') t"
    " JOIN series s ON s.id = t.series JOIN series o ON o.source = s.source AND o.metric ="
    " CASE s.metric WHEN 'price.input' THEN 'price.output' WHEN 'price.output' THEN 'price.input' END"
    " AND o.subject = s.subject AND o.provider = s.provider AND o.condition = s.condition"
    " AND o.vintage = s.vintage"
)


def _add_unmoved(connection: Connection, wanted: str, found: dict[int, list[Move]]) -> None:
    """Beside a price of an offer that moved alone, the other one: what a call costs is told by both."""
    moved = {
        (capture, *move[:4])
        for capture, moves in found.items()
        for move in moves
        if move.metric.startswith("price.")
    }
    if not moved:
        return
    for capture, *series, value in connection.exec_driver_sql(_OTHERS, (wanted, wanted)):
        if value is not None and (capture, *series) not in moved:
            metric, subject, provider, condition = series
            said = _figure(value, None, None)
            found[capture].append(Move(metric, subject, provider, condition, said, said))


def _released(connection: Connection, wanted: str) -> dict[tuple[int, str], tuple[Standing | None, str]]:
    """How far wild prices that were let go are believed, and since when that is decided."""
    rows = connection.exec_driver_sql(
        "SELECT p.series, p.at, h.standing, h.judged FROM held h JOIN point p ON p.series = h.series"
        f" AND p.at = h.at WHERE h.kind = 'released' AND p.capture IN {LISTED}",
        (wanted,),
    )
    return {(series, at): (Standing(standing), judged) for series, at, standing, judged in rows}


def _held(connection: Connection, wanted: str) -> dict[int, list[Move]]:
    """The moves that wild prices would be, which are held."""
    rows = connection.exec_driver_sql(
        "SELECT h.capture, s.metric, s.subject, s.provider, s.condition, b.value, b.low, b.high,"
        " h.value, h.low, h.high, h.standing, h.judged"
        " FROM held h JOIN series s ON s.id = h.series LEFT JOIN point b ON b.id ="
        " (SELECT id FROM point WHERE series = s.id AND at < h.at ORDER BY at DESC LIMIT 1)"
        f" WHERE h.capture IN {LISTED} AND h.kind = 'held' AND {MOVES} ORDER BY 2, 3, 4, 5",
        (wanted,),
    )
    found: dict[int, list[Move]] = defaultdict(list)
    for capture, metric, subject, provider, condition, *said, standing, judged in rows:
        both = _figure(*said[:3]), _figure(*said[3:])
        standing = Standing(standing) if standing else None
        found[capture].append(Move(metric, subject, provider, condition, *both, standing, judged))
    return found


def _rescales(connection: Connection, wanted: str) -> dict[int, list[Rescale]]:
    """Where a scale became another one in captures."""
    rows = connection.exec_driver_sql(
        f"SELECT capture, metric, shift, models, slow FROM rescale WHERE capture IN {LISTED} ORDER BY metric",
        (wanted,),
    )
    found: dict[int, list[Rescale]] = defaultdict(list)
    for capture, metric, shift, models, slow in rows:
        found[capture].append(Rescale(metric, shift, models, bool(slow)))
    return found


def _figure(value: str | None, low: str | None, high: str | None) -> Figure | None:
    if not value:
        return None
    return Figure(Decimal(value), Decimal(low) if low else None, Decimal(high) if high else None)


def _models(connection: Connection, source: str) -> dict[str, tuple[str, str]]:
    """Where a source's spellings lead: model and variant."""
    rows = connection.exec_driver_sql(
        "SELECT subject, model, variant FROM spelling WHERE source = ? AND model IS NOT NULL", (source,)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _named(change: Change, names: Mapping[str, tuple[str, str]]) -> Change:
    """The change of a spelling as one of the model and variant that it leads to."""
    if change.kind in changes.OF_MODELS:
        return change
    model, variant = names.get(change.model, (change.model, change.variant))
    return replace(change, model=model, variant=variant)


def write(connection: Connection, found: Iterable[Change]) -> None:
    rows = [
        (
            c.id,
            c.at,
            c.kind,
            c.source,
            c.metric,
            c.model,
            c.variant,
            c.provider,
            c.before,
            c.after,
            c.detail,
            c.importance,
            str(c.standing),
            c.judged,
            " ".join(map(str, c.evidence)),
            c.capture,
        )
        for c in found
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO change (id, at, kind, source, metric, model, variant, provider, before,"
            " after, detail, importance, standing, judged, evidence, capture)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
