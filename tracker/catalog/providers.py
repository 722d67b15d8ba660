"""Who sells a model's tokens: the lab itself, a host of open weights, a cloud, a reseller or a plan.

The role decides what a provider's word is worth: a lab speaks for its own models; nobody else's flag says
whether weights are open. An aggregator's price is that of a host behind it; a plan's is no price per token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tracker.catalog.reference import Reference

ROLES = ("lab", "host", "cloud", "aggregator", "plan")


class Provider(NamedTuple):
    """A seller of tokens as one price list spells it; `id` is the same in every list.

    A lab's id is that of its organisation. `role` is one of ROLES, or "unknown". It is a row of the table
    of providers as it stands.
    """

    spelling: str
    id: str
    name: str
    role: str


def read_providers(tables: Mapping[str, Mapping[str, list[str]]]) -> dict[str, Provider]:
    """Providers by spelling (the id and the name are two), from tables role -> id -> [name, others...]."""
    return {
        spelling: Provider(spelling, id, names[0], role)
        for role in ROLES
        for id, names in tables[role].items()
        for spelling in (id, *names)
    }


def provider(spelling: str, known: Mapping[str, Provider]) -> Provider:
    """The provider of a spelling; one that nobody has reviewed is itself, in the role "unknown"."""
    return known.get(spelling) or Provider(spelling, spelling, spelling, "unknown")


def providers(reference: Reference) -> tuple[Provider, ...]:
    """Every reviewed spelling of every provider."""
    return tuple(reference.providers.values())
