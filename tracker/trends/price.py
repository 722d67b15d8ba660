"""What tokens cost: the blended price, and by how much one price is below another."""

from __future__ import annotations

from decimal import Decimal

MIX = (3, 1)  # input to output tokens, unless the user gives another


def blended(price_in: Decimal, price_out: Decimal, mix: tuple[int, int] = MIX) -> Decimal:
    """USD per million tokens at a mix of input to output tokens (3:1, as the price lists' readers use)."""
    return (price_in * mix[0] + price_out * mix[1]) / sum(mix)


def times(high: Decimal, low: Decimal) -> float | None:
    """How many times `low` goes into `high`; None where `low` is free."""
    return float(high / low) if low > 0 else None
