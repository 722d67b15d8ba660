"""The reviewed alias file: spellings that rules cannot settle, each with the model it means and why.

An alias is refused where it would make two models one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.errors import GapwatchError


class BadReference(GapwatchError):
    """The reference data contradicts itself or cannot be read."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What a spelling means where rules would not find it; model "" is no one model."""

    spelling: str
    model: str
    variant: str
    reason: str


def read_aliases(entries: Iterable[Mapping[str, Any]]) -> dict[str, Alias]:
    """Aliases by lower-case spelling. BadReference where two entries disagree or one gives no reason."""
    found: dict[str, Alias] = {}
    for entry in entries:
        variant, reason = entry.get("variant", ""), entry.get("reason", "")
        pairs = entry.get("models") or dict.fromkeys(entry["spellings"], entry["model"])
        if not reason:
            raise BadReference(f"the alias of {', '.join(pairs)} has no reason; say why it is the same model")
        for spelling, model in pairs.items():
            alias = Alias(spelling.lower(), model, variant, reason)
            other = found.setdefault(alias.spelling, alias)
            if (other.model, other.variant) != (model, variant):
                raise BadReference(
                    f"{spelling!r} cannot be both {other.model!r} and {model!r}; keep one alias"
                )
    return found


def check(aliases: Mapping[str, Alias], models: Collection[str], forms: Mapping[str, str]) -> None:
    """BadReference where an alias leads to another alias, or takes the name of a reviewed model away.

    `forms` are the catalogue's names that may miss words (fullnames.py).
    """
    for alias in aliases.values():
        onward = aliases[alias.model].model if alias.model in aliases else forms.get(alias.model, alias.model)
        if onward != alias.model:
            raise BadReference(f"{alias.spelling!r} leads to {alias.model}, an alias of {onward}; name that")
        known = forms.get(alias.spelling, alias.spelling if alias.spelling in models else alias.model)
        if known != alias.model:
            raise BadReference(
                f"the alias {alias.spelling!r} makes it and {alias.model!r} one model, but it is reviewed"
                " as a model of its own (catalogue, own names or rulings); keep one of the two"
            )
