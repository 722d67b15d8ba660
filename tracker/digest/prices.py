"""The price board: the cheapest offers at a capability, and the offers whose price moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.catalog.modality import TEXT, makes
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import PriceMove, Tier
from tracker.digest.style import month
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.rows import ChangeRow, Offer, PanelRow
from tracker.trends.changes import priced
from tracker.trends.price import SELLERS, believed, blended, times
from tracker.trends.tiers import Tier as Level

PAIRS = 1  # pairs of leaders, of the first tasks
SHOWN = 4
NEAR = 1.5  # times; nearer prices are told apart by a percentage
HOSTS = 2  # named beside the cheapest
WAS_FREE, NOBODY = "was free", "no open model reaches it"
TASKS = 2  # of leaders, named


def leaders(rows: Sequence[PanelRow], offers: Sequence[Offer], evidence: Evidence) -> tuple[Tier, ...]:
    """What the best open and the best closed model of a task cost at their cheapest; one row a pair."""
    pairs: dict[tuple[str, str], list[PanelRow]] = defaultdict(list)
    for row in rows:
        pairs[row.open_model, row.closed_model].append(row)
    found = []
    for (open_, closed), same in [*pairs.items()][:PAIRS]:
        more = [f"{len(same) - 1} more tasks"] if len(same) > TASKS else []
        tasks = words.listed([row.task for row in same][: 1 if more else TASKS] + more)
        tier = _tier(f"the leaders in {tasks}", [o for o in offers if o.model in (open_, closed)], evidence)
        found += [tier] if tier and tier.open_model else []
    return tuple(found)


def tiers(
    scores: Mapping[str, float],
    levels: Sequence[Level[float]],
    names: Mapping[str, str],
    offers: Sequence[Offer],
    evidence: Evidence,
) -> tuple[Tier, ...]:
    """The cheapest open and closed offers at the level of the best closed model of each age.

    `levels` are those of trends/tiers.py, `names` the models' names.
    """
    found = []
    for level in levels:
        reaching = [offer for offer in offers if scores.get(offer.model, float("-inf")) >= level.score]
        when = month(date.fromisoformat(level.day))
        name = f"level of {names[level.model]} ({when})"
        found += [tier] if (tier := _tier(name, reaching, evidence)) else []
    return tuple(found)


def hosts_once(rows: Sequence[Tier]) -> tuple[Tier, ...]:
    """The rows with a model's further hosts where it is named first, in the order of reading."""
    first = {row.open_model: place for place, row in reversed([*enumerate(rows)])}
    return tuple(
        row if first[row.open_model] == place else replace(row, also="") for place, row in enumerate(rows)
    )


def credible(offers: Sequence[Offer]) -> list[Offer]:
    """Offers of those who serve, without those far below what others ask for the same model."""
    by_model: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.role in SELLERS:
            by_model[offer.model].append(offer)
    return [
        offer
        for same in by_model.values()
        for offer in believed(same, price, lambda offer: offer.role == "lab")
    ]


def price(offer: Offer) -> Decimal:
    """What an offer costs, three parts input to one part output."""
    return blended(offer.input, offer.output)


def _tier(name: str, reaching: Sequence[Offer], evidence: Evidence) -> Tier | None:
    open_ = min((o for o in reaching if o.weights == "open"), key=_order, default=None)
    closed = min((o for o in reaching if o.weights == "closed"), key=_order, default=None)
    if closed is None:
        return None
    ratio = times(price(closed), price(open_)) if open_ else None
    return Tier(
        name,
        *((open_.name, words.money(price(open_)), open_.provider_name) if open_ else ("", "", "")),
        *(closed.name, words.money(price(closed)), closed.provider_name),
        _ratio(ratio),
        evidence(*(offer.capture for offer in (open_, closed) if offer)),
        _also(open_, reaching) if open_ else "",
    )


def _also(best: Offer, offers: Sequence[Offer]) -> str:
    """`DeepInfra $1.05, Together AI $1.10 and 4 more`: who else serves the same model, the cheapest first."""
    hosts: dict[str, Offer] = {}
    for offer in sorted(offers, key=_order):
        if offer.model == best.model and offer.provider != best.provider:
            hosts.setdefault(offer.provider, offer)
    named = [f"{offer.provider_name} {words.money(price(offer))}" for offer in [*hosts.values()][:HOSTS]]
    return words.listed([*named, *([f"{len(hosts) - HOSTS} more"] if len(hosts) > HOSTS else [])])


def _order(offer: Offer) -> tuple[Decimal, str, str]:
    return price(offer), offer.name, offer.provider_name


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return NOBODY
    side, by = ("open", ratio) if ratio >= 1 else ("proprietary", 1 / ratio)
    if by < NEAR:
        share = words.percent(round((1 - 1 / by) * 100))
        return f"{side} is {share} cheaper" if by > 1 else "both cost the same"
    return f"{side} is {words.times(by)} cheaper"


def moves(changes: Sequence[ChangeRow], on: date, evidence: Evidence) -> tuple[tuple[PriceMove, ...], int]:
    """The price steps of the week, and how many more there are.

    One row for the same step at several sellers, or of several models at one; what a list mended was no step.
    """
    sold: dict[tuple[str, str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if is_step(change):
            sold[change.model, change.before, change.after].append(change)
    steps: dict[tuple[str, ...], list[ChangeRow]] = defaultdict(list)
    for step in sold.values():
        steps[step[0].before, step[0].after, *sellers(step)] += step
    ordered = sorted(steps.values(), key=lambda step: (-step[0].importance, step[0].model_name))
    first = {change.model: place for place, step in reversed([*enumerate(ordered)]) for change in step}
    shown = sorted(ordered, key=lambda step: first[step[0].model])  # a model's steps stand together
    return tuple(_move(step, on, evidence) for step in shown[:SHOWN]), max(0, len(shown) - SHOWN)


def is_step(change: ChangeRow) -> bool:
    """Whether a change is a price of text that a lab, host or cloud moved, for any call."""
    told = change.provider_role in SELLERS and change.standing != Standing.CORRECTED
    return change.kind.startswith("price") and told and not change.detail and makes(change.model) == TEXT


def _move(step: Sequence[ChangeRow], on: date, evidence: Evidence) -> PriceMove:
    first = step[0]
    return PriceMove(
        words.listed(list(dict.fromkeys(change.model_name for change in step))),
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
    """`-50 %`, by the blended price."""
    before, after = priced(change.before), priced(change.after)
    if not before:
        return WAS_FREE
    return f"{(after / before - 1) * 100:+.0f}{words.PER_CENT}".replace("-", "−")
