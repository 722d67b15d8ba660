"""The price board: the cheapest offers at a capability, and the offers whose price moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import PriceMove, Tier
from tracker.digest.style import month
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.query.tiers import Leader
from tracker.store.rows import ChangeRow, Offer, PanelRow
from tracker.trends.price import SELLERS, believed, blended, times
from tracker.trends.tiers import tiers as earlier

PAIRS = 3
SHOWN = 8


def leaders(rows: Sequence[PanelRow], offers: Sequence[Offer], evidence: Evidence) -> tuple[Tier, ...]:
    """What the best open and the best closed model of a task cost at their cheapest; one row a pair."""
    sound = credible(offers)
    pairs: dict[tuple[str, str], list[PanelRow]] = defaultdict(list)
    for row in rows:
        pairs[row.open_model, row.closed_model].append(row)
    found = []
    for (open_, closed), same in pairs.items():
        tasks = words.listed([row.task for row in same])
        tier = _tier(f"the leaders in {tasks}", [o for o in sound if o.model in (open_, closed)], evidence)
        found += [tier] if tier and tier.open_model else []
    return tuple(found[:PAIRS])


def tiers(
    scores: Mapping[str, float],
    led: Sequence[Leader],
    offers: Sequence[Offer],
    on: date,
    evidence: Evidence,
) -> tuple[Tier, ...]:
    """The cheapest open and closed offers at the level of the best closed model of each age.

    `led` are the leaders in chat, day by day; which levels those are says trends/tiers.py.
    """
    sound = credible(offers)
    names = {one.model: one.name for one in led}
    found = []
    for level in earlier([(one.day, one.model) for one in led], scores, on):
        reaching = [offer for offer in sound if scores.get(offer.model, float("-inf")) >= level.score]
        when = month(date.fromisoformat(level.day))
        name = f"{names[level.model]}, the best proprietary model of {when}"
        found += [tier] if (tier := _tier(name, reaching, evidence)) else []
    return tuple(found)


def credible(offers: Sequence[Offer]) -> list[Offer]:
    """Offers of those who serve, without those far below what others ask for the same model."""
    by_model: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.role in SELLERS:
            by_model[offer.model].append(offer)
    return [
        offer
        for same in by_model.values()
        for offer in believed(same, _price, lambda offer: offer.role == "lab")
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
    """The price steps of the week, one row for the same step at several sellers, and how many more.

    What a list mended was no step.
    """
    steps: dict[tuple[str, str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        told = change.provider_role in SELLERS and change.standing != Standing.CORRECTED
        if change.kind.startswith("price") and told and not change.detail:
            steps[change.model, change.before, change.after].append(change)
    shown = sorted(steps.values(), key=lambda step: (-step[0].importance, step[0].model_name))
    return tuple(_move(step, on, evidence) for step in shown[:SHOWN]), max(0, len(shown) - SHOWN)


def _move(step: Sequence[ChangeRow], on: date, evidence: Evidence) -> PriceMove:
    first = step[0]
    return PriceMove(
        first.model_name,
        words.listed(sellers(step)),
        pair(first.before),
        pair(first.after),
        share(first),
        day(first.at, on),
        evidence(*dict.fromkeys(change.capture for change in step)),
        first.standing,
    )


def sellers(step: Sequence[ChangeRow]) -> list[str]:
    """Who made the step, the model's own lab first; at most three by name."""
    ordered = sorted(step, key=lambda c: (not c.own, SELLERS.index(c.provider_role), c.provider_name))
    names = list(dict.fromkeys(change.provider_name for change in ordered))
    return names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]


def pair(text: str) -> str:
    """`$0.55 in, $2.19 out` of the change's "input 0.55, output 2.19"."""
    sides = (part.split(" ", 1) for part in text.split(", "))
    return ", ".join(
        f"{words.money(Decimal(price))} {'in' if kind == 'input' else 'out'}" for kind, price in sides
    )


def share(change: ChangeRow) -> str:
    """`-50 %`, by the mean of the prices that moved."""
    before, after = (
        sum(Decimal(part.split(" ")[1]) for part in text.split(", "))
        for text in (change.before, change.after)
    )
    if not before:
        return "was free"
    return f"{(after / before - 1) * 100:+.0f}{words.NBSP}%".replace("-", "−")
