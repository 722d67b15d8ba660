"""How much a change matters, from 0 to 1: what it is, how large it is for its kind, how far it reaches.

    importance = KIND x sqrt(size x reach) x BELIEF(standing)

Size and reach are shares from 0 to 1, so that nothing large about a model that nobody uses, and nothing tiny
about one that all use, comes first. Everything is of the day of the change: what came later does not count.
The weights, with the reason for each, are in docs/methods.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import MappingProxyType

from tracker.domain import Standing

# What a change of the greatest size and reach is worth. A lead within the noise is `tied`.
KIND = MappingProxyType(
    {
        "gap": 1.0,
        "price up": 0.75,
        "price down": 0.75,
        "leader": 0.6,
        "listed": 0.5,
        "tied": 0.3,
        "gone": 0.2,
        "score": 0.2,
        "rescale": 0.2,
        "listing": 0.15,
    }
)
# A week's own steps are provisional and must not lose much; what is doubtful or taken back comes last.
BELIEF = MappingProxyType(
    {
        Standing.CONFIRMED: 1.0,
        Standing.PROVISIONAL: 0.8,
        Standing.UNCONFIRMED: 0.1,
        Standing.CORRECTED: 0.1,
        Standing.RETRACTED: 0.05,
    }
)
NOTABLE = 0.2  # from here on a change is worth a line of its own
DOUBLED = math.log10(2)  # a price doubled or halved is half of the greatest size
UNKNOWN = 0.1  # the size of a lead of which nobody can tell whether it is noise
FURTHER = 0.6  # the reach of a metric that is not the first to speak for its task
BEHIND = 10  # places behind the best of its side at which a model reaches half as far
HOSTS = 32  # sellers of a model that all use
SERVED = 0.3  # the share of its sellers in how many a price concerns; the rest is how far up it stands
SELLER = MappingProxyType({"own": 1.0, "cloud": 0.6, "lab": 0.4, "host": 0.4, "aggregator": 0.15})
ANY_SELLER = 0.1
ASIDE = 0.3  # the reach of a price that holds under a condition (batch, long context) beside the plain one


def weight(kind: str, size: float, reach: float) -> float:
    """What a change is worth if it is believed, 0 to 1; it grows with size and with reach."""
    return KIND[kind] * math.sqrt(_share(size) * _share(reach))


def importance(worth: float, standing: str) -> float:
    """A weight, given how far the change is believed (0 to 1)."""
    return round(worth * BELIEF[Standing(standing)], 3)


def together(largest: float, more: int) -> float:
    """The importance of one thing that `more` further tasks show, too: each takes some of what is missing."""
    return round(largest + (1 - largest) * largest * more / (more + 4), 3)


def of_step(move: float, noise: float | None, earlier: Sequence[float] = ()) -> float:
    """The size of a step against its noise and the upper median of the metric's earlier steps (same unit).

    A half where it is as large as is usual. UNKNOWN where the noise is.
    """
    if not noise:
        return UNKNOWN
    usual = max(noise, sorted(map(abs, earlier))[len(earlier) // 2]) if earlier else noise
    return abs(move) / (abs(move) + usual)


def of_price(ratio: float, earlier: Sequence[float] = ()) -> float:
    """The size of a price's move (`ratio`: after / before), against what the offer moved before (ratios).

    A half where it doubled or halved. Each of an offer's earlier moves takes from it: what goes to and fro
    says little. A price from or to nothing is as large as can be.
    """
    if ratio <= 0:
        return 1.0
    move = abs(math.log10(ratio))
    return move / (move + DOUBLED + sum(abs(math.log10(one)) for one in earlier))


def place(rank: int, models: int) -> float:
    """How far up a model of rank 1..`models` of its side stands: 1 for the best, little for the last."""
    return (1 - (rank - 1) / models) / (1 + (rank - 1) / BEHIND)


def standing(places: Sequence[float]) -> float:
    """How far up a model stands by its places on the boards that list it.

    The mean of its places and of nothing, as if it were last on one more board: a place on few says less.
    """
    return sum(places) / (len(places) + 1)


def served(stands: float, sellers: int) -> float:
    """How many a model's price concerns: by how far up it stands, and by how many sell it."""
    sold = math.log2(1 + min(sellers, HOSTS - 1)) / math.log2(HOSTS)
    return (1 - SERVED) * stands + SERVED * sold


def of_seller(role: str, *, own: bool, plain: bool) -> float:
    """The share of a model's reach that a seller's price has: its own lab's most, a reseller's little."""
    return (1.0 if plain else ASIDE) * SELLER.get("own" if own else role, ANY_SELLER)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
