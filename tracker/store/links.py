"""Leading spellings to models, and models to their weights and licence.

What a pass touches, it does from scratch: every spelling of a model that has a new spelling or a new fact
is linked again, and the model judged by all that was ever said of it. So it does not matter in which order
captures arrive, and a pass costs what it touches. Other reference data touch everything.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.catalog.identity import REGISTERED, describe, is_published
from tracker.catalog.identity import link as resolve
from tracker.catalog.reference import Reference
from tracker.catalog.weights import BOARD, LAB, RESELLER, Claim, judge
from tracker.domain import LicenceClass, Link, Model, Weights
from tracker.source import Source

_JOB = "identity"  # its one slot names the reference data by which all links were made


class Spelling(NamedTuple):
    """A source's name for a model, whether the source is a board, and the labs on whose list it stands."""

    source: str
    subject: str
    board: bool
    labs: tuple[str, ...]


def link(
    connection: Connection, sources: Mapping[str, Source], reference: Reference, *, everything: bool = False
) -> list[str]:
    """Link the spellings of unsettled captures and judge the models they touch; `everything` does all anew.

    Returns the models of which more, or something else, is known now than before.
    """
    everything = _is_new(connection, reference) or everything
    spellings = _spellings(connection, sources, reference, "" if everything else "WHERE l.model IS NULL")
    known = {row[0] for row in connection.exec_driver_sql("SELECT id FROM model")}
    touched = known if everything else _touched(connection, spellings, known, reference)
    if not everything:
        where = "WHERE l.model IN (SELECT value FROM json_each(?))"
        spellings += _spellings(connection, sources, reference, where, touched)
    links, models = link_all(spellings, known - touched, reference)
    before = _stored(connection)
    _keep_models(connection, [model for model in models.values() if model.id not in before])
    _keep_links(connection, links)
    claims = _claims(connection, sources, reference, models)
    judged = [judge(model, claims.get(model.id, ()), reference) for model in models.values()]
    _keep_models(connection, [model for model in judged if before.get(model.id) != model])
    return [m.id for m in judged if _standing(m) != _standing(before.get(m.id, Model(m.id, "")))]


def _is_new(connection: Connection, reference: Reference) -> bool:
    """Whether other reference data were used the last time; notes these."""
    slot = (_JOB, reference.fingerprint)
    connection.exec_driver_sql("DELETE FROM slot WHERE job = ? AND slot <> ?", slot)
    sql = "INSERT INTO slot (job, slot, started) VALUES (?, ?, '') ON CONFLICT DO NOTHING"
    return connection.exec_driver_sql(sql, slot).rowcount > 0


def link_all(
    spellings: Iterable[Spelling], known: Iterable[str], reference: Reference
) -> tuple[list[tuple[Spelling, Link]], dict[str, Model]]:
    """Where spellings lead, given models `known` beside them, and the models that they found.

    First come those whose word suffices (a board, a lab on its own model, a publisher, the catalogue), then
    all others: what one leads to does not depend on its place in the list.
    """
    models: dict[str, Model] = {}
    founders: dict[Spelling, Link] = {}
    ordered = sorted(
        spellings, key=lambda s: (not s.board, not s.labs, not is_published(s.subject, reference), s)
    )
    for spelling in ordered:
        found = _on_its_own_word(spelling, reference)
        if found.model and found.model not in models:
            models[found.model] = describe(found.model, spelling.subject, reference)
            founders[spelling] = found
    ids = {*known, *models}
    return [(s, founders.get(s) or resolve(s.subject, ids, reference=reference)) for s in ordered], models


def _on_its_own_word(spelling: Spelling, reference: Reference) -> Link:
    """Where a spelling leads if nothing else is known: a lab speaks for its own models alone.

    A bare name of no known family is its own: others' models stand on its list under their makers' names.
    """
    authority = spelling.board or bool(spelling.labs)
    found = resolve(spelling.subject, (), authority=authority, reference=reference)
    if spelling.board or found.rule != REGISTERED:
        return found
    maker = describe(found.model, spelling.subject, reference).organisation
    if maker in spelling.labs or not (maker or "/" in spelling.subject):
        return found
    return resolve(spelling.subject, (), reference=reference)


def _spellings(
    connection: Connection,
    sources: Mapping[str, Source],
    reference: Reference,
    where: str,
    models: Iterable[str] | None = None,
) -> list[Spelling]:
    """The spellings in the store that `where` chooses, with the labs on whose lists they stand."""
    rows = connection.exec_driver_sql(
        "SELECT s.source, s.subject, group_concat(DISTINCT s.provider) FROM series s LEFT JOIN spelling l"
        f" ON l.source = s.source AND l.subject = s.subject {where} GROUP BY s.source, s.subject",
        () if models is None else (json.dumps(sorted(models)),),
    )
    return [
        Spelling(source, subject, _is_authority(sources, source), _labs(providers or "", reference))
        for source, subject, providers in rows
    ]


def _touched(
    connection: Connection, spellings: Iterable[Spelling], known: Iterable[str], reference: Reference
) -> set[str]:
    """The known models that a spelling without a link leads to, or of which unsettled captures tell facts."""
    ids = frozenset(known)
    led = {resolve(spelling.subject, ids, reference=reference).model for spelling in spellings}
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT l.model FROM capture c JOIN point p ON p.capture = c.id"
        " JOIN series s ON s.id = p.series JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " WHERE c.settled = 0 AND (s.metric LIKE 'fact.%' OR s.provider <> '') AND l.model IS NOT NULL"
    )
    return (led | {row[0] for row in rows}) & ids


def _labs(providers: str, reference: Reference) -> tuple[str, ...]:
    sellers = (reference.provider(name) for name in providers.split(",") if name)
    return tuple(sorted({seller.id for seller in sellers if seller.role == "lab"}))


def _is_authority(sources: Mapping[str, Source], name: str) -> bool:
    return name in sources and sources[name].authority


def _stored(connection: Connection) -> dict[str, Model]:
    return {
        row[0]: Model(row[0], row[1], row[2], Weights(row[3]), row[4], LicenceClass(row[5]), row[6])
        for row in connection.exec_driver_sql(
            "SELECT id, name, organisation, weights, licence, licence_class, released FROM model"
        )
    }


def _keep_models(connection: Connection, models: Iterable[Model]) -> None:
    rows = [
        (m.id, m.name, m.organisation, str(m.weights), m.licence, str(m.licence_class), m.released)
        for m in models
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO model (id, name, organisation, weights, licence, licence_class, released)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
            " organisation = excluded.organisation, weights = excluded.weights, licence = excluded.licence,"
            " licence_class = excluded.licence_class, released = excluded.released",
            rows,
        )


def _standing(model: Model) -> tuple[str, str, str]:
    return model.weights, model.licence_class, model.released


def _keep_links(connection: Connection, links: Iterable[tuple[Spelling, Link]]) -> None:
    values = [(s.source, s.subject, found.model or None, found.variant, found.rule) for s, found in links]
    if values:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO spelling (source, subject, model, variant, rule) VALUES (?, ?, ?, ?, ?)",
            values,
        )


def _claims(
    connection: Connection, sources: Mapping[str, Source], reference: Reference, models: Iterable[str]
) -> dict[str, list[Claim]]:
    """The last word of each source on each of the models; what is no longer listed has had its last word.

    The plus makes SQLite look series up by their subject, not all of a source for each spelling.
    """
    rows = connection.exec_driver_sql(
        "SELECT l.model, s.metric, p.value, s.source, s.provider, s.subject FROM spelling l JOIN series s"
        " ON +s.source = l.source AND s.subject = l.subject JOIN point p ON p.id = (SELECT id FROM point"
        " WHERE series = s.id AND value IS NOT NULL ORDER BY at DESC LIMIT 1)"
        " WHERE s.metric LIKE 'fact.%' AND l.model IN (SELECT value FROM json_each(?))"
        " ORDER BY s.source, s.subject, s.provider",
        (json.dumps(sorted(models)),),
    )
    found: dict[str, list[Claim]] = defaultdict(list)
    for model, metric, value, source, provider, subject in rows:
        rank = _rank(sources, source, provider, metric, reference)
        found[model].append(Claim(metric.removeprefix("fact."), value, source, provider, subject, rank))
    return found


def _rank(
    sources: Mapping[str, Source], source: str, provider: str, metric: str, reference: Reference
) -> int:
    """How much a claim is worth: a board's or a lab's own word, or a reseller's."""
    if _is_authority(sources, source) or metric == "fact.weights_url":
        return BOARD
    return LAB if provider and reference.provider(provider).role == "lab" else RESELLER
