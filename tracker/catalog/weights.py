"""What is known of a model, from the claims of sources: weights, licence, release day.

Rank says what a claim is worth: 0 a board's licence column or a URL of the weights, 1 a lab's own list (on
its own models alone), 9 a reseller, whose word on weights never counts. The best rank that speaks decides;
where it contradicts itself, the answer is "unknown" until someone writes a ruling (licences.toml).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.catalog.identity import derive
from tracker.catalog.licences import licence_class, licence_name, weights_of
from tracker.catalog.reference import Reference
from tracker.domain import LicenceClass, Model, Weights

BOARD, LAB, RESELLER = 0, 1, 9
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_STRICTNESS = list(LicenceClass)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of one spelling; `field` as in domain.ModelFact."""

    field: str
    value: str
    source: str
    provider: str
    subject: str
    rank: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims on one model that cannot all be true; `counts` tells whether any of them is authoritative."""

    model: str
    field: str
    claims: tuple[tuple[str, str], ...]
    counts: bool


def judge(model: Model, claims: Iterable[Claim], reference: Reference) -> Model:
    """The model with what the claims say of it; what they are silent on stays as it was."""
    said = [_ranked(claim, model, reference) for claim in claims]
    ruling = reference.rulings.get(model.id)
    weights = ruling.weights if ruling else _weights(model, said, reference)
    licence = ruling.licence if ruling else _licence(model, said, weights, reference)
    kind = licence_class(licence, reference)
    if weights is not Weights.OPEN:
        kind = LicenceClass.PROPRIETARY if weights is Weights.CLOSED else LicenceClass.UNKNOWN
    return replace(
        model,
        name=model.name or _first(said, "name"),
        organisation=model.organisation or _organisation(said, reference),
        weights=weights,
        licence=licence_name(licence, reference),
        licence_class=kind,
        released=_released(said) or model.released,
    )


def conflicts(model: Model, claims: Iterable[Claim], reference: Reference) -> tuple[Conflict, ...]:
    """Where claims disagree: on weights, resellers' flags included, or on the class of the licence."""
    said = [_ranked(claim, model, reference) for claim in claims]
    opinions = [(claim, weights) for claim in said for weights in _says(claim, model, reference)]
    found = []
    if len({weights for _, weights in opinions}) > 1:
        authorities = {weights for claim, weights in opinions if claim.rank < RESELLER}
        listed = tuple((place(claim), str(weights)) for claim, weights in opinions)
        found.append(Conflict(model.id, "weights", listed, len(authorities) > 1))
    licences = {c.value: licence_class(c.value, reference) for c in said if c.field == "licence"}
    if len(set(licences.values()) - {LicenceClass.UNKNOWN}) > 1:
        listed = tuple((place(claim), claim.value) for claim in said if claim.field == "licence")
        found.append(Conflict(model.id, "licence", listed, True))
    return tuple(found)


def place(claim: Claim) -> str:
    """Where a claim stands: source, provider and spelling."""
    return "/".join(filter(None, (claim.source, claim.provider, claim.subject)))


def _ranked(claim: Claim, model: Model, reference: Reference) -> Claim:
    """The claim, as a reseller's where a lab speaks of another's model."""
    if claim.rank == LAB and reference.provider(claim.provider).id != model.organisation:
        return replace(claim, rank=RESELLER)
    return claim


def _says(claim: Claim, model: Model, reference: Reference) -> Iterator[Weights]:
    """What a claim says of the weights, if anything."""
    if claim.field == "licence":
        found = weights_of(claim.value, reference)
    elif claim.field == "weights" and claim.value in ("open", "closed"):
        found = Weights(claim.value)
    elif claim.field == "weights_url" and derive(claim.value, reference)[0] == model.id:
        found = Weights.OPEN  # a URL that names another model (a base, a tokenizer) says nothing of this one
    else:
        return
    if found is not Weights.UNKNOWN:
        yield found


def _weights(model: Model, said: list[Claim], reference: Reference) -> Weights:
    opinions = [
        (claim.rank, weights)
        for claim in said
        if claim.rank < RESELLER
        for weights in _says(claim, model, reference)
    ]
    if not opinions:
        return model.weights
    best = min(rank for rank, _ in opinions)
    answers = {weights for rank, weights in opinions if rank == best}
    return answers.pop() if len(answers) == 1 else Weights.UNKNOWN


def _licence(model: Model, said: list[Claim], weights: Weights, reference: Reference) -> str:
    """The strictest licence that any delivery of the model was given, among those that fit its weights."""
    fitting = [
        claim.value
        for claim in said
        if claim.field == "licence" and claim.rank < RESELLER
        if weights_of(claim.value, reference) is weights
    ]
    if not fitting or weights is Weights.UNKNOWN:
        return model.licence if model.weights is weights else ""
    most = Counter(fitting)
    return max(most, key=lambda text: (_STRICTNESS.index(licence_class(text, reference)), most[text], text))


def _organisation(said: list[Claim], reference: Reference) -> str:
    named = _first([claim for claim in said if claim.rank < RESELLER], "organisation")
    return reference.organisation(named) if named else ""


def _released(said: list[Claim]) -> str:
    """The first day that the lab gives for any delivery; without its word, the day that most others give."""
    dated = [claim for claim in said if claim.field == "released" and _is_day(claim.value)]
    own = [claim.value for claim in dated if claim.rank < RESELLER]
    most = Counter(claim.value for claim in dated)
    return min(own) if own else min(most, key=lambda day: (-most[day], day), default="")


def _is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, which lists sometimes mistype: `2026-02-30` is none."""
    try:
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _first(said: list[Claim], field: str) -> str:
    """The value of the best-ranked claim on a field."""
    values = sorted((claim.rank, claim.source, claim.value) for claim in said if claim.field == field)
    return values[0][2] if values else ""
