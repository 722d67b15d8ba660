"""Believing prices: from all that a list said to the points that are in force.

What is not believed moves from `point` to `held`, and back before anything is decided anew or stored, so
that the outcome is the same whatever came first. See trends/belief.py for the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.store.spans import GONE, Value
from tracker.store.witnesses import Offer, witnesses
from tracker.trends import belief
from tracker.trends.belief import Step, Verdict

SAID = ", ".join(Value._fields)
MARKS = ", ".join("?" * len(Value._fields))


class Said(NamedTuple):
    """One part's value from a time on, and the capture that said it."""

    series: int
    at: str
    value: Value
    capture: int


Parts = dict[str, list[Said]]  # part -> everything it said, in order of time


class Ledger(NamedTuple):
    """One row of `held`."""

    said: Said
    kind: str
    reason: str = ""
    standing: str = ""
    judged: str = ""
    ruling: str = ""


def restore(connection: Connection, source: str | None = None) -> None:
    """Put everything that a source (or any) has said back into its points; rulings stay."""
    mine = "series IN (SELECT id FROM series WHERE source = ?)" if source else "1"
    values = (source,) if source else ()
    if not connection.exec_driver_sql(f"SELECT 1 FROM held WHERE {mine} LIMIT 1", values).first():
        return
    connection.exec_driver_sql(
        "DELETE FROM point WHERE (series, at) IN"
        f" (SELECT series, at FROM held WHERE kind = 'added' AND {mine})",
        values,
    )
    connection.exec_driver_sql(
        f"INSERT OR IGNORE INTO point (series, at, {SAID}, capture) SELECT series, at, {SAID}, capture"
        f" FROM held WHERE kind IN ('held', 'same') AND {mine}",
        values,
    )
    connection.exec_driver_sql(f"UPDATE held SET kind = '' WHERE {mine}", values)


def believe(connection: Connection) -> set[int]:
    """Decide every offer that was doubtful or has moved; returns the captures that it changed."""
    old = {(row[0], row[1]): row for row in connection.exec_driver_sql("SELECT * FROM held").fetchall()}
    restore(connection)
    rulings = {key: row.ruling for key, row in old.items() if row.ruling}
    connection.exec_driver_sql("DELETE FROM held")
    new: dict[tuple[int, str], Ledger] = {}
    for offer, parts in _doubtful(connection, {series for series, _ in old}).items():
        for row in _decide(connection, offer, parts, rulings):
            new[row.said.series, row.said.at] = row
    _keep(connection, new.values())
    then = {key: (row.capture, row.kind, row.value, row.standing, row.judged) for key, row in old.items()}
    now = {
        key: (row.said.capture, row.kind, row.said.value.value, row.standing, row.judged)
        for key, row in new.items()
    }
    differ = [key for key in then.keys() | now.keys() if then.get(key) != now.get(key)]
    told = {row[0] for key in differ for row in (then.get(key), now.get(key)) if row}
    moved = {series for series, _ in differ}  # what is held later is told against what is believed before
    told |= {row.said.capture for (series, _), row in new.items() if series in moved}
    return told | _following(connection, differ)


def _following(connection: Connection, moved: Iterable[tuple[int, str]]) -> set[int]:
    """The captures whose own change began at a point that came or went: each series' next point."""
    query = "SELECT capture FROM point WHERE series = ? AND at > ? ORDER BY at LIMIT 1"
    rows = (connection.exec_driver_sql(query, key).first() for key in moved)
    return {row[0] for row in rows if row}


def _doubtful(connection: Connection, before: Iterable[int]) -> dict[Offer, Parts]:
    """The offers with a doubtful price until now, or with an unsettled move: everything they said."""
    rows = connection.exec_driver_sql(
        "WITH touched AS (SELECT DISTINCT p.series FROM capture c JOIN point p ON p.capture = c.id"
        " WHERE c.settled = 0 AND c.outcome = 'new'"
        " AND EXISTS (SELECT 1 FROM point q WHERE q.series = p.series AND q.at <> p.at)"
        f" UNION SELECT value FROM json_each('[{','.join(map(str, sorted(set(before))))}]')),"
        " offer AS (SELECT DISTINCT s.source, s.subject, s.provider, s.condition FROM touched t JOIN series s"
        " ON s.id = t.series WHERE s.metric IN"
        " ('price.input', 'price.output', 'price.cache_read', 'price.cache_write'))"
        " SELECT o.source, o.subject, o.provider, o.condition, substr(s.metric, 7), s.id, p.at,"
        f" {SAID}, p.capture FROM offer o JOIN series s ON s.source = o.source AND s.metric IN"
        " ('price.input', 'price.output', 'price.cache_read', 'price.cache_write') AND s.subject = o.subject"
        " AND s.provider = o.provider AND s.condition = o.condition"
        " JOIN point p ON p.series = s.id ORDER BY p.at"
    )
    found: dict[Offer, Parts] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[Offer(*row[:4])][row[4]].append(Said(row[5], row[6], Value(*row[7:-1]), row[-1]))
    return found


def _decide(
    connection: Connection, offer: Offer, parts: Parts, rulings: Mapping[tuple[int, str], str]
) -> list[Ledger]:
    """The rows of the ledger that one offer needs: none where it never moved wildly."""
    steps = _steps(parts, rulings)
    if not any(belief.wild(a.prices, b.prices) for a, b in _listed_pairs(steps)):
        return []
    verdicts = belief.decide(steps, witnesses(connection, offer))
    return [row for part in parts.values() for row in _of_part(part, parts, steps, verdicts)]


def _steps(parts: Parts, rulings: Mapping[tuple[int, str], str]) -> list[Step]:
    prices: dict[str, Decimal | None] = {}
    steps = []
    for at in sorted({said.at for saids in parts.values() for said in saids}):
        here = {part: said for part, saids in parts.items() for said in saids if said.at == at}
        prices = prices | {part: _price(said.value) for part, said in here.items()}
        ruling = next((rulings[s.series, at] for s in here.values() if (s.series, at) in rulings), "")
        steps.append(Step(at, prices, ruling))
    return steps


def _listed_pairs(steps: Iterable[Step]) -> Iterable[tuple[Step, Step]]:
    """Every step with what was last known of each part before it."""
    known: dict[str, Decimal | None] = {}
    for step in steps:
        yield Step("", known), step
        known = known | {part: price for part, price in step.prices.items() if price is not None}


def _price(value: Value) -> Decimal | None:
    return None if value.value is None else Decimal(value.value)


def _of_part(part: list[Said], parts: Parts, steps: list[Step], verdicts: list[Verdict]) -> list[Ledger]:
    """One part's rows: what it said without being believed, and what must stand in `point` instead."""
    rows = []
    by_at = {said.at: said for said in part}
    said, stands = Said(part[0].series, "", GONE, 0), GONE
    for step, verdict in zip(steps, verdicts, strict=True):
        here = by_at.get(step.at)
        said = here or said
        about = (str(verdict.standing), verdict.judged, step.ruling)
        if not verdict.believed:
            if here:
                reason = f"{stands.value or 'not listed'} to {here.value.value or 'not listed'}"
                rows.append(Ledger(here, "held", reason, *about))
        elif said.value == stands:
            rows += [Ledger(here, "same")] if here else []
        else:
            stands = said.value
            if here is None:
                capture = next(s.capture for saids in parts.values() for s in saids if s.at == step.at)
                rows.append(Ledger(Said(said.series, step.at, said.value, capture), "added"))
            elif verdict.wild:
                rows.append(Ledger(here, "released", "", *about))
    return rows


def _keep(connection: Connection, rows: Iterable[Ledger]) -> None:
    for said, kind, *about in rows:
        if kind in ("held", "same"):
            connection.exec_driver_sql(
                "DELETE FROM point WHERE series = ? AND at = ?", (said.series, said.at)
            )
        elif kind == "added":
            connection.exec_driver_sql(
                f"INSERT INTO point (series, at, {SAID}, capture) VALUES (?, ?, {MARKS}, ?)",
                (said.series, said.at, *said.value, said.capture),
            )
        connection.exec_driver_sql(
            f"INSERT INTO held (series, at, kind, {SAID}, capture, reason, standing, judged, ruling)"
            f" VALUES (?, ?, ?, {MARKS}, ?, ?, ?, ?, ?)",
            (said.series, said.at, kind, *said.value, said.capture, *about),
        )
