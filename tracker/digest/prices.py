"""The price board: the cheapest offers at a capability, and the offers whose price moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import PriceMove, Tier
from tracker.digest.weeks import day
from tracker.store.weekly import ChangeRow, ModelRow, Offer
from tracker.trends.price import blended, times

SELLERS = ("lab", "host", "cloud")  # resellers' lists and subscriptions say little of what serving costs
AGES = ((0, "today"), (182, "half a year ago"), (365, "a year ago"), (730, "two years ago"))
ODD = Decimal("0.2")  # an offer below this share of the model's median is not believed without a second list
SHOWN = 8


def tiers(
    scores: Mapping[str, float],
    models: Mapping[str, ModelRow],
    offers: Sequence[Offer],
    on: date,
    evidence: Evidence,
) -> tuple[Tier, ...]:
    """The cheapest open and closed offers at the level of the best closed model of each age.

    The level is that model's score today; ages count by release date. A level that only one side
    reaches shows the other as unreached.
    """
    believed = _believed(offers)
    found: dict[str, Tier] = {}
    for age, words_of_age in AGES:
        anchor = _leader(scores, models, (on - timedelta(days=age)).isoformat())
        if anchor and anchor.id not in found:
            reaching = [o for o in believed if scores.get(o.model, float("-inf")) >= scores[anchor.id]]
            name = f"the level of {anchor.name}, the best proprietary model of {words_of_age}"
            if tier := _tier(name.replace(" of today", " today"), reaching, evidence):
                found[anchor.id] = tier
    return tuple(found.values())


def _leader(scores: Mapping[str, float], models: Mapping[str, ModelRow], by: str) -> ModelRow | None:
    """The closed model, released by a day, that scores best today."""
    candidates = [
        m for m in models.values() if m.id in scores and m.weights == "closed" and "" < m.released <= by
    ]
    return max(candidates, key=lambda m: (scores[m.id], m.id), default=None)


def _believed(offers: Sequence[Offer]) -> list[Offer]:
    """Offers of those who serve, without those far below what others ask for the same model."""
    by_model: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.role in SELLERS:
            by_model[offer.model].append(offer)
    return [
        offer
        for same in by_model.values()
        for offer in same
        if _price(offer) >= ODD * Decimal(str(median(_price(other) for other in same)))
    ]


def _price(offer: Offer) -> Decimal:
    return blended(offer.input, offer.output)


def _tier(name: str, reaching: Sequence[Offer], evidence: Evidence) -> Tier | None:
    open_ = min((o for o in reaching if o.weights == "open"), key=_order, default=None)
    closed = min((o for o in reaching if o.weights == "closed"), key=_order, default=None)
    if closed is None:
        return None
    ratio = times(_price(closed), _price(open_)) if open_ else None
    return Tier(
        name,
        *((open_.name, words.money(_price(open_)), open_.provider_name) if open_ else ("", "", "")),
        *(closed.name, words.money(_price(closed)), closed.provider_name),
        _ratio(ratio),
        evidence(*(offer.capture for offer in (open_, closed) if offer)),
    )


def _order(offer: Offer) -> tuple[Decimal, str, str]:
    return _price(offer), offer.name, offer.provider_name


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return "no open model reaches it"
    return (
        f"open is {words.times(ratio)} cheaper"
        if ratio >= 1
        else f"closed is {words.times(1 / ratio)} cheaper"
    )


def moves(changes: Sequence[ChangeRow], on: date, evidence: Evidence) -> tuple[tuple[PriceMove, ...], int]:
    """The offers whose price moved, one of each model and provider, and how many more there were."""
    found: dict[tuple[str, str], ChangeRow] = {}
    for change in changes:
        if change.kind.startswith("price") and change.provider_role in SELLERS and not change.detail:
            found.setdefault((change.model, change.provider_name), change)
    shown = sorted(found.values(), key=lambda c: (-c.importance, c.model_name, c.provider_name))
    return tuple(_move(c, on, evidence) for c in shown[:SHOWN]), max(0, len(shown) - SHOWN)


def _move(change: ChangeRow, on: date, evidence: Evidence) -> PriceMove:
    return PriceMove(
        change.model_name,
        change.provider_name,
        pair(change.before),
        pair(change.after),
        _share(change),
        day(change.at, on),
        evidence(change.capture),
        change.standing,
    )


def pair(text: str) -> str:
    """`$0.55 in, $2.19 out` of the change's "input 0.55, output 2.19"."""
    sides = (part.split(" ", 1) for part in text.split(", "))
    return ", ".join(
        f"{words.money(Decimal(price))} {'in' if kind == 'input' else 'out'}" for kind, price in sides
    )


def _share(change: ChangeRow) -> str:
    """`-50 %`, by the mean of the prices that moved."""
    before, after = (
        sum(Decimal(part.split(" ")[1]) for part in text.split(", "))
        for text in (change.before, change.after)
    )
    return f"{(after / before - 1) * 100:+.0f} %".replace("-", "−") if before else "was free"
