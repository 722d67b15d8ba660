"""Is this payload sane? What looks wrong is kept and held, and its last good figures stay.

`judge` answers with a reason in words, or "" where the snapshot may be believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tracker.domain import Kind, Observation, Record
from tracker.source import Source

LEAST = 0.7  # the share of last time's rows below which a page is not believed
FEW = 4  # groups smaller than this may come and go
FREE = 0.9  # the share of prices at zero above which a price list is not believed

Groups = Mapping[tuple[str, str], int]


def counts(records: Iterable[Record]) -> dict[tuple[str, str], int]:
    """Rows per metric and vintage, as `store` counts them."""
    return dict(Counter((r.metric, r.vintage) for r in records if isinstance(r, Observation)))


def judge(source: Source, records: list[Record], before: Groups) -> str:
    """Why a snapshot cannot be believed, or ""."""
    if source.archive:
        return "" if records else "empty: no row could be read"
    if len(records) < source.minimum_rows:
        return f"empty: {len(records)} rows, at least {source.minimum_rows} expected"
    return _shrunken(counts(records), before) or _worthless(source, records)


def _shrunken(now: Groups, before: Groups) -> str:
    """A group of figures that vanished, or lost more than 30 % of its rows. A new vintage starts anew."""
    metrics = {metric for metric, _ in now}
    for (metric, vintage), rows in sorted(before.items()):
        left = now.get((metric, vintage), 0)
        renewed = left == 0 and metric in metrics
        if rows >= FEW and left < LEAST * rows and not renewed:
            return f"shrunken: {metric} has {left} rows, {rows} last time"
    return ""


def _worthless(source: Source, records: Iterable[Record]) -> str:
    """A price list on which nearly everything is suddenly free."""
    if source.kind is not Kind.PRICES:
        return ""
    prices = [r.value for r in records if isinstance(r, Observation) and r.metric.startswith("price.")]
    free = sum(price == 0 for price in prices)
    return f"zero: {free} of {len(prices)} prices are 0" if prices and free > FREE * len(prices) else ""
