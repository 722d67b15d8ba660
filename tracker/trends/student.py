"""Quantiles of Student's t distribution, exact for whole degrees of freedom.

The probability that |t| stays below a value is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4), so
that an interval needs no library of statistics.
"""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin, sqrt, tan

HALVINGS = 100  # of the quarter turn in which the angle lies: far below a float's last digit


def within(angle: float, freedom: int) -> float:
    """P(|t| <= sqrt(freedom) x tan(angle)), the angle in radians from 0 to a quarter turn."""
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for power in range(1 if odd else 0, freedom - 1, 2):
        total += term
        term *= (power + 1) / (power + 2) * cos(angle) ** 2
    total *= sin(angle)
    return (angle + total) * 2 / pi if odd else total


@cache
def quantile(coverage: float, freedom: int) -> float:
    """The t that |t| does not exceed with a probability: 2.353 for 0.9 and 3 degrees of freedom.

    ValueError unless 0 < coverage < 1 and there is at least one degree of freedom.
    """
    if not 0 < coverage < 1 or freedom < 1:
        raise ValueError(f"no t covers {coverage} with {freedom} degrees of freedom")
    low, high = 0.0, pi / 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < coverage else (low, middle)
    return sqrt(freedom) * tan(low)
