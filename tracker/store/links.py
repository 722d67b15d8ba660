"""Leading spellings to models, and models to their weights and licence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.catalog.identity import REGISTERED, describe
from tracker.catalog.identity import link as resolve
from tracker.catalog.reference import Reference
from tracker.catalog.weights import Claim, judge
from tracker.domain import LicenceClass, Link, Model, Weights
from tracker.source import Source

BOARD, LAB, RESELLER = 0, 1, 9


class Spelling(NamedTuple):
    """A source's name for a model, whether the source is a board, and the labs on whose list it stands."""

    source: str
    subject: str
    board: bool
    labs: tuple[str, ...]


def link(connection: Connection, sources: Mapping[str, Source], reference: Reference) -> list[str]:
    """Link every spelling that is new or unresolved, then judge the models that facts speak of anew.

    Authoritative places come first, since only they register models. Returns the models whose weights
    or licence class were unknown and are known now.
    """
    known = {row[0] for row in connection.exec_driver_sql("SELECT id FROM model")}
    spellings = sorted(_unlinked(connection, sources, reference), key=lambda s: (not s.board, not s.labs, s))
    fresh: dict[str, Model] = {}
    rows = []
    for spelling in spellings:
        found, model = _resolved(spelling, known, reference)
        if model:
            known.add(model.id)
            fresh[model.id] = model
        rows.append((spelling.source, spelling.subject, found))
    _keep_models(connection, fresh.values())
    _keep_links(connection, rows)
    return _judge(connection, sources, reference)


def _resolved(spelling: Spelling, known: Set[str], reference: Reference) -> tuple[Link, Model | None]:
    """The link of a spelling, and the model that it registers: a board's row, or a lab's own model."""
    authority = spelling.board or bool(spelling.labs)
    found = resolve(spelling.subject, known, authority=authority, reference=reference)
    if not found.model or found.model in known:
        return found, None
    model = describe(found.model, spelling.subject, reference)
    if spelling.board or found.rule != REGISTERED or model.organisation in spelling.labs:
        return found, model
    return resolve(spelling.subject, known, reference=reference), None


def _unlinked(connection: Connection, sources: Mapping[str, Source], reference: Reference) -> list[Spelling]:
    """Every spelling without a model."""
    rows = connection.exec_driver_sql(
        "SELECT s.source, s.subject, group_concat(DISTINCT s.provider) FROM series s LEFT JOIN spelling l"
        " ON l.source = s.source AND l.subject = s.subject WHERE l.model IS NULL GROUP BY s.source, s.subject"
    )
    return [
        Spelling(source, subject, _is_authority(sources, source), _labs(providers or "", reference))
        for source, subject, providers in rows
    ]


def _labs(providers: str, reference: Reference) -> tuple[str, ...]:
    sellers = (reference.provider(name) for name in providers.split(",") if name)
    return tuple(sorted({seller.id for seller in sellers if seller.role == "lab"}))


def _is_authority(sources: Mapping[str, Source], name: str) -> bool:
    return name in sources and sources[name].authority


def _keep_models(connection: Connection, models: Iterable[Model]) -> None:
    rows = [(m.id, m.name, m.organisation) for m in models]
    if rows:
        connection.exec_driver_sql("INSERT INTO model (id, name, organisation) VALUES (?, ?, ?)", rows)


def _keep_links(connection: Connection, rows: Iterable[tuple[str, str, Link]]) -> None:
    values = [
        (source, subject, found.model or None, found.variant, found.rule) for source, subject, found in rows
    ]
    if values:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO spelling (source, subject, model, variant, rule) VALUES (?, ?, ?, ?, ?)",
            values,
        )


def _judge(connection: Connection, sources: Mapping[str, Source], reference: Reference) -> list[str]:
    """Judge every model by the facts in force; returns those that became known."""
    claims = _claims(connection, sources, reference)
    learnt, rows = [], []
    for row in connection.exec_driver_sql(
        "SELECT id, name, organisation, weights, licence, licence_class, released FROM model"
    ).fetchall():
        old = Model(row[0], row[1], row[2], Weights(row[3]), row[4], LicenceClass(row[5]), row[6])
        new = judge(old, claims.get(old.id, ()), reference)
        if new == old:
            continue
        rows.append(
            (
                new.name,
                new.organisation,
                str(new.weights),
                new.licence,
                str(new.licence_class),
                new.released,
                new.id,
            )
        )
        if (old.weights, old.licence_class) != (
            new.weights,
            new.licence_class,
        ) or old.released != new.released:
            learnt.append(old.id)
    if rows:
        connection.exec_driver_sql(
            "UPDATE model SET name = ?, organisation = ?, weights = ?, licence = ?, licence_class = ?,"
            " released = ? WHERE id = ?",
            rows,
        )
    return learnt


def _claims(
    connection: Connection, sources: Mapping[str, Source], reference: Reference
) -> dict[str, list[Claim]]:
    """What the sources say of each model, as far as it is in force."""
    rows = connection.exec_driver_sql(
        "SELECT l.model, s.metric, p.value, s.source, s.provider, s.subject FROM series s JOIN spelling l"
        " ON l.source = s.source AND l.subject = s.subject JOIN point p ON p.id = (SELECT id FROM point"
        " WHERE series = s.id ORDER BY at DESC LIMIT 1)"
        " WHERE s.metric LIKE 'fact.%' AND l.model IS NOT NULL AND p.value IS NOT NULL"
        " ORDER BY s.source, s.subject, s.provider"
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
