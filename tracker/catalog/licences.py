"""What a licence lets a business do, from the words that a board or a lab uses for it.

The table is `db/licences.toml`, each entry with its reason; words that nobody has reviewed are "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.domain import LicenceClass, Weights

if TYPE_CHECKING:
    from tracker.catalog.reference import Reference

_FILLER = re.compile(r"\b(?:the|licen[cs]e|agreement|v)\b|[^a-z0-9.]+")
_CLASSES = {str(value): value for value in LicenceClass}


@dataclass(frozen=True, slots=True)
class Licence:
    """A reviewed licence: its class and why."""

    words: str
    licence_class: LicenceClass
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A reviewed decision on one model where authorities disagree or err."""

    model: str
    weights: Weights
    licence: str
    reason: str


def key(licence: str) -> str:
    """A licence's words without case, punctuation and fillers: "Apache-2.0 License" is "apache 2.0"."""
    return " ".join(_FILLER.sub(" ", licence.lower()).split())


def read_licences(entries: Iterable[Mapping[str, Any]]) -> dict[str, Licence]:
    """Licences by key, from entries of class, words (a list; of those with one key the first) and reason."""
    return {
        key(words): Licence(words, _CLASSES[entry["class"]], entry["reason"])
        for entry in entries
        for words in reversed(entry["words"])
    }


def read_rulings(entries: Iterable[Mapping[str, Any]]) -> dict[str, Ruling]:
    """Rulings by model, from entries of models (a list), weights, licence and reason."""
    return {
        model: Ruling(model, Weights(entry["weights"]), entry.get("licence", ""), entry["reason"])
        for entry in entries
        for model in entry["models"]
    }


def licence_name(licence: str, reference: Reference) -> str:
    """A licence as the table writes it, "Apache 2.0" for "apache-2.0"; words that it lacks as they are."""
    known = reference.licences.get(key(licence))
    return known.words if known else licence


def licence_class(licence: str, reference: Reference) -> LicenceClass:
    """The class of a licence; UNKNOWN for no words, "Other" and words that nobody has reviewed."""
    known = reference.licences.get(key(licence))
    return known.licence_class if known else LicenceClass.UNKNOWN


def weights_of(licence: str, reference: Reference) -> Weights:
    """What a licence says of the weights: only published weights have one that is not proprietary."""
    found = licence_class(licence, reference)
    if found is LicenceClass.UNKNOWN:
        return Weights.UNKNOWN
    return Weights.CLOSED if found is LicenceClass.PROPRIETARY else Weights.OPEN
