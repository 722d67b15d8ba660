"""What tokens cost: the blended price, and by how much one price is below another."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

MIX = (3, 1)  # input to output tokens, unless the user gives another
SELLERS = ("lab", "host", "cloud")  # what resellers and subscriptions ask says little of what serving costs
ODD = Decimal("0.2")


def blended(price_in: Decimal, price_out: Decimal, mix: tuple[int, int] = MIX) -> Decimal:
    """USD per million tokens at a mix of input to output tokens (3:1, as the price lists' readers use)."""
    return (price_in * mix[0] + price_out * mix[1]) / sum(mix)


def times(high: Decimal, low: Decimal) -> float | None:
    """How many times `low` goes into `high`; None where `low` is free."""
    return float(high / low) if low > 0 else None


def least_believed(prices: Iterable[Decimal]) -> Decimal:
    """The price below which an offer is not believed without a second list: a fifth of the median.

    A lab's own price is believed whatever others ask.
    """
    ordered = sorted(prices)
    middle = len(ordered) // 2
    return ODD * (ordered[middle] + ordered[-middle - 1]) / 2
