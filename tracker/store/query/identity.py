"""Identity: which models a name means, how each place spells them, and which spellings mean none yet."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection

from tracker.catalog.metrics import COMPARED
from tracker.catalog.modality import TEXT, makes
from tracker.errors import NothingFound, UsageError
from tracker.store.query import Row, close_to, fold, marks

_FOLDED = "replace(replace(lower({0}), '_', '-'), ' ', '-') = ?"


def resolve(connection: sqlite3.Connection, name: str) -> set[str]:
    """The ids that a name means: a model's id, its name, or a spelling of it, but for case and dashes.

    A spelling that leads to no model means itself. NothingFound, with near names, where none is known.
    """
    found = connection.execute(
        f"SELECT id FROM model WHERE {_FOLDED.format('id')} OR {_FOLDED.format('name')}"
        f" UNION SELECT coalesce(model, subject) FROM spelling WHERE {_FOLDED.format('subject')}",
        (fold(name),) * 3,
    ).fetchall()
    if found:
        return {row[0] for row in found}
    names = connection.execute(
        "SELECT id FROM model UNION SELECT name FROM model UNION SELECT subject FROM spelling"
    )
    raise NothingFound(f"{name}: no such model{close_to(name, [row[0] for row in names])}")


def names(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """(id, name) of every model, and (id, id)."""
    return connection.execute("SELECT id, name FROM model UNION SELECT id, id FROM model").fetchall()


def provider_named(connection: sqlite3.Connection, name: str) -> str:
    """The id of the provider that a name means; UsageError, with near names, where none is known."""
    rows = connection.execute(
        "SELECT spelling, id, name FROM provider UNION SELECT provider, provider, provider FROM series"
        " WHERE metric IN ('price.input', 'speed.throughput') AND provider <> ''"
        " AND provider NOT IN (SELECT spelling FROM provider)"
        " UNION SELECT vendor, vendor, vendor FROM source WHERE vendor <> ''"
    ).fetchall()
    for row in rows:
        if fold(name) in map(fold, row):
            return str(row[1])
    raise UsageError(f"{name}: no such provider{close_to(name, sorted({row[1] for row in rows}))}")


def models(connection: sqlite3.Connection, on: str, wanted: Collection[str] = ()) -> list[Row]:
    """The models (all, or those wanted), how each place spells them, and where they are scored and served.

    A spelling is told where it had been seen by `on`; a model without any had not been either.
    """
    spelt = _spelt(connection, on, wanted)
    rows = connection.execute(
        "SELECT id, name, organisation, weights, licence, licence_class, released FROM model ORDER BY id"
    )
    return [
        {
            "model": row[0],
            "name": row[1],
            "organisation": row[2],
            "weights": row[3],
            "licence": row[4],
            "licence_class": row[5],
            "released": row[6] or None,
            "spellings": list(spelt[row[0]].values()),
            "scored": sorted({metric for one in spelt[row[0]].values() for metric in one["scored"]}),
            "served": sorted({host for one in spelt[row[0]].values() for host in one["served"]}),
        }
        for row in rows
        if row[0] in spelt
    ]


_Spelt = dict[str, dict[tuple[str, str], Row]]


def _spelt(connection: sqlite3.Connection, on: str, wanted: Collection[str]) -> _Spelt:
    """{model: {(source, subject): spelling}}, each with the metrics and providers that have it."""
    rows = connection.execute(
        "SELECT l.model, l.source, l.subject, l.variant, l.rule, s.metric,"
        " coalesce(v.id, nullif(s.provider, ''), w.vendor), min(p.capture)"
        " FROM spelling l JOIN source w ON w.name = l.source JOIN series s ON s.source = l.source"
        " AND s.subject = l.subject JOIN point p ON p.id = (SELECT id FROM point WHERE series = s.id AND"
        " at <= ?"
        " ORDER BY at DESC LIMIT 1) LEFT JOIN provider v ON v.spelling = s.provider WHERE l.model"
        f" {f'IN ({marks(wanted)})' if wanted else 'IS NOT NULL'}"
        " GROUP BY 1, 2, 3, 6, 7 ORDER BY 1, 2, 3, 6",
        (on, *wanted),
    )
    found: _Spelt = defaultdict(dict)
    for model, source, subject, variant, rule, metric, provider, capture in rows:
        spelling = found[model].setdefault(
            (source, subject), _spelling(source, subject, variant, rule, capture)
        )
        if metric == "price.input" and provider not in spelling["served"]:
            spelling["served"].append(provider)
        elif not metric.startswith(("price.", "fact.", "speed.")) and metric not in spelling["scored"]:
            spelling["scored"].append(metric)
    return found


def _spelling(source: str, subject: str, variant: str, rule: str, capture: int) -> Row:
    return {
        "source": source,
        "subject": subject,
        "variant": variant,
        "rule": rule,
        "evidence": f"c{capture}",
        "scored": [],
        "served": [],
    }


_IN_FORCE = "(SELECT id FROM point WHERE series = s.id AND at <= :on ORDER BY at DESC LIMIT 1)"
_UNLED = (
    "SELECT s.metric FROM spelling l JOIN series s ON +s.source = l.source AND s.subject = l.subject"
    f" JOIN metric k ON k.id = s.metric AND k.scale IN {COMPARED} WHERE l.model IS NULL"
)
_RANKED = (
    "SELECT subject, min(place) FROM (SELECT l.model, s.subject, rank() OVER (PARTITION BY s.source,"
    " s.metric, s.vintage ORDER BY CAST(p.value AS REAL) * CASE m.higher_is_better WHEN 1 THEN -1 ELSE 1 END)"
    f" AS place FROM series s JOIN point p ON p.id = {_IN_FORCE} JOIN metric m ON m.id = s.metric"
    " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    f" WHERE p.value IS NOT NULL AND s.metric IN ({_UNLED})) WHERE model IS NULL GROUP BY subject"
)
_OFFERED = (
    "SELECT s.subject, count(DISTINCT s.source || ' ' || s.provider) FROM spelling l JOIN series s"
    " ON +s.source = l.source AND s.subject = l.subject AND s.metric IN ('price.input', 'price.output')"
    f" JOIN point p ON p.id = {_IN_FORCE} LEFT JOIN provider v ON v.spelling = s.provider"
    " WHERE l.model IS NULL AND CAST(p.value AS REAL) > 0 AND coalesce(v.role, '') <> 'plan'"
    " GROUP BY s.subject"
)


def unresolved(connection: sqlite3.Connection, on: str) -> list[Row]:
    """The spellings that lead to no model, by how much they matter.

    First those on boards by their best rank, then those with most paid offers; what makes no text
    (embeddings, speech, images, ...) comes after all that does.
    """
    ranks = dict(connection.execute(_RANKED, {"on": on}).fetchall())
    offers = dict(connection.execute(_OFFERED, {"on": on}).fetchall())
    rows = connection.execute(
        "SELECT l.subject, group_concat(DISTINCT l.source), count(DISTINCT s.id), min(p.capture)"
        " FROM spelling l JOIN series s ON +s.source = l.source AND s.subject = l.subject"
        " JOIN point p ON p.series = s.id AND p.at <= ? WHERE l.model IS NULL GROUP BY l.subject",
        (on,),
    )
    found = [
        {
            "spelling": row[0],
            "makes": makes(row[0]),
            "rank": ranks.get(row[0]),
            "offers": offers.get(row[0], 0),
            "sources": sorted(row[1].split(",")),
            "series": row[2],
            "evidence": [f"c{row[3]}"],
        }
        for row in rows
    ]
    return sorted(found, key=_weight)


def _weight(row: Row) -> tuple[bool, bool, int, int, int, str]:
    rank = row["rank"]
    return (row["makes"] != TEXT, rank is None, rank or 0, -row["offers"], -row["series"], row["spelling"])
