"""Shares with intervals that respect that one release moves many categories at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """k of n, and a 95 % Wilson interval of the mean share over `clusters`, each counting once."""

    k: int
    n: int
    clusters: int
    low: float
    high: float

    def __str__(self) -> str:
        if not self.n:
            return "none"
        return (
            f"{self.k / self.n:.2f} ({self.k} of {self.n}; {self.low:.2f} to {self.high:.2f},"
            f" n = {self.clusters})"
        )


def share(trials: Iterable[tuple[str, bool]]) -> Share:
    """The share of trials that were right; each has the name of its cluster, the release it is about."""
    by_cluster: dict[str, list[bool]] = defaultdict(list)
    for cluster, right in trials:
        by_cluster[cluster].append(right)
    every = [right for rights in by_cluster.values() for right in rights]
    means = [sum(rights) / len(rights) for rights in by_cluster.values()]
    mean = sum(means) / len(means) if means else 0.0
    return Share(sum(every), len(every), len(means), *wilson(mean, len(means)))


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share of n."""
    if not n:
        return 0.0, 1.0
    middle = share + Z95**2 / (2 * n)
    spread = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    whole = 1 + Z95**2 / n
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
