"""The hosts of a model beside its own lab: how much cheaper they are, and in how many bits they serve."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tracker.store.query import Row, dated
from tracker.trends.price import SELLERS, host_discount
from tracker.trends.validity import State

_BITS = re.compile(r"\b(?:(?:fp|bf|int)\d+|awq|gptq)\b")
_SAID = (
    "SELECT s.source, s.subject, coalesce(l.model, s.subject), coalesce(v.id, nullif(s.provider, ''),"
    " w.vendor), p.value FROM series s JOIN source w ON w.name = s.source JOIN point p ON p.id ="
    " (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
    " LEFT JOIN provider v ON v.spelling = s.provider LEFT JOIN spelling l ON l.source = s.source"
    " AND l.subject = s.subject WHERE s.metric = 'fact.quantisation' AND p.value IS NOT NULL"
)
_Bits = dict[tuple[str, ...], set[str]]


def hosted(connection: sqlite3.Connection, rows: Iterable[Row], on: str) -> list[Row]:
    """The rows with `quantisation` (None: not said) and, for hosts of open weights, `host_discount`.

    That is the price of the model's own lab over this one; both in force, at the base condition, and of the
    same dated snapshot of the weights.
    """
    found = list(rows)
    said = _said(connection, on)
    own = _own(found)
    return [{**row, "quantisation": _bits(row, said), "host_discount": _discount(row, own)} for row in found]


def _said(connection: sqlite3.Connection, on: str) -> _Bits:
    """What lists say of the bits of a spelling at a seller; and, of any spelling, of a model at a seller."""
    found: _Bits = defaultdict(set)
    for source, subject, model, provider, bits in connection.execute(_SAID, (on,)):
        found[source, subject, provider].add(bits.lower())
        found[model, provider].add(bits.lower())
    return found


def _bits(row: Row, said: _Bits) -> str | None:
    """The bits in the offer's own words, else what its list says, else what all others agree on."""
    if named := _BITS.search(f"{row['condition']} {row['variant']}".replace("-", " ")):
        return named[0]
    for key in ((row["source"], row["spelling"], row["provider"]), (row["model"], row["provider"])):
        if len(bits := said.get(key, set())) == 1:
            return next(iter(bits))
    return None


def _own(rows: Sequence[Row]) -> Mapping[tuple[str, str], Decimal]:
    """What the lab itself asks for each snapshot of a model's weights, at its cheapest."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        if row["role"] == "lab" and _plain(row):
            key = _weights(row)
            found[key] = min(found.get(key, row["blended"]), row["blended"])
    return found


def _discount(row: Row, own: Mapping[tuple[str, str], Decimal]) -> float | None:
    if row["weights"] != "open" or row["role"] == "lab" or row["role"] not in SELLERS or not _plain(row):
        return None
    found = host_discount(own.get(_weights(row)), [row["blended"]])
    return None if found is None else round(found, 3)


def _weights(row: Row) -> tuple[str, str]:
    return row["model"], dated(row["variant"])


def _plain(row: Row) -> bool:
    """Whether it is paid by the token, now, for any call."""
    return bool(row["blended"]) and not row["condition"] and row["state"] == State.IN_FORCE
