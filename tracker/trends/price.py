"""What tokens cost: the blended price, what a job costs, and by how much one price is below another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

MIX = (3, 1)  # input to output tokens, unless the user gives another
SELLERS = ("lab", "host", "cloud")  # what resellers and subscriptions ask says little of what serving costs
ODD = Decimal("0.2")
MILLION = 1_000_000

Offer = TypeVar("Offer")


def blended(price_in: Decimal, price_out: Decimal, mix: tuple[int, int] = MIX) -> Decimal:
    """USD per million tokens at a mix of input to output tokens (3:1, as the price lists' readers use)."""
    return (price_in * mix[0] + price_out * mix[1]) / sum(mix)


def cost(tokens_in: Decimal, tokens_out: Decimal, price_in: Decimal, price_out: Decimal) -> Decimal:
    """USD that a job costs: its tokens at list prices in USD per million."""
    return (tokens_in * price_in + tokens_out * price_out) / MILLION


def times(high: Decimal, low: Decimal) -> float | None:
    """How many times `low` goes into `high`; None where `low` is free."""
    return float(high / low) if low > 0 else None


def open_discount(closed: Decimal | None, open_: Decimal | None) -> float | None:
    """The cheapest closed price over the cheapest open one at equal capability; None where a side is missing.

    Above 1 open is cheaper. At no price at all (0) nothing can be compared.
    """
    return times(closed, open_) if closed and open_ else None


def host_discount(own: Decimal | None, hosts: Iterable[Decimal]) -> float | None:
    """A lab's own price over that of the cheapest host of the same weights; None where a side is missing."""
    paid = [price for price in hosts if price > 0]
    return times(own, min(paid)) if own and paid else None


def least_believed(prices: Iterable[Decimal]) -> Decimal:
    """The price below which an offer is not believed without a second list: a fifth of the median.

    A lab's own price is believed whatever others ask. ValueError where there are no prices.
    """
    ordered = sorted(prices)
    if not ordered:
        raise ValueError("no prices")
    middle = len(ordered) // 2
    return ODD * (ordered[middle] + ordered[-middle - 1]) / 2


def believed(
    same: Sequence[Offer], price: Callable[[Offer], Decimal], own: Callable[[Offer], bool]
) -> list[Offer]:
    """The offers of one model without those far below what others ask, unless its lab asks that itself."""
    least = least_believed(map(price, same)) if same else Decimal(0)
    return [offer for offer in same if own(offer) or price(offer) >= least]
