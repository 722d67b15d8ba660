"""Who speaks for a price that moved wildly: other lists on the same offer, and what other sellers ask.

- The same seller on another list, within 1 %, releases it. If no other list ever had the old price, the move
  was this list's own correction: that the market moved is only known where a list had both.
- What at least three other sellers of the model ask, in the middle, is its *level*. Two prices more than
  tenfold apart cannot both lie within a factor of the root of ten from it: where the new one does, the old
  one was the slip. It also was where it does not lie there itself and the new one is exactly what another
  seller asks. Neither counts once another list had the old price of that seller, for then it was no slip.

Other sellers are heard only on what they say without a wild move of their own: lists copy from each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from statistics import median
from typing import NamedTuple

from tracker.trends.belief import DECISIVE, Prices, Step, decide, near, silent, wild

SELLERS = 3  # the least number of other sellers that make a level
REACH = Decimal(10).sqrt()  # how far from the level a price is usual: half of what is wild, on a log scale


class Word(NamedTuple):
    """What one offer said from a time until another, on which list and by which seller."""

    source: str
    seller: str
    start: str
    end: str
    prices: Prices


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The words of the same seller on other lists, and of other sellers of the same model."""

    same: Sequence[Word] = ()
    others: Sequence[Word] = ()

    def __call__(self, before: Prices, said: Prices, start: str, end: str) -> tuple[str, bool] | None:
        """When the new price was first spoken for while it stood there; whether the old one was a slip."""
        vouched = min((word.start for word in self.same if near(before, word.prices)), default=end)
        agreed = [max(w.start, start) for w in self._agreeing(said, start, end)]
        corrected = (
            time for time in self._times(start, min(vouched, end)) if self._shows(before, said, time)
        )
        first = min([*agreed, *islice(corrected, 1)], default=None)
        return None if first is None else (first, first < vouched)

    def _agreeing(self, said: Prices, start: str, end: str) -> list[Word]:
        return [w for w in self.same if w.start < end and w.end > start and near(said, w.prices)]

    def _times(self, start: str, end: str) -> list[str]:
        """When what others ask may have become another thing."""
        times = {start, *(word.start for word in self.others if word.start > start)}
        return sorted(time for time in times if time < end)

    def _shows(self, before: Prices, said: Prices, time: str) -> bool:
        """Whether other sellers show at a time that the old price was the slip."""
        return _was_slip(before, said, [w for w in self.others if w.start <= time < w.end])


def mended(before: Prices, said: Prices, since: str, at: str, same: Sequence[Word]) -> bool:
    """Whether a move at a time was no move of the market but a list's own correction.

    So it was where another list had the new price all the while that this one had the old, from `since` on,
    and none had the old one until then. A list that began later may have begun with a price that had just
    moved.
    """
    known = [word for word in same if word.start < at]
    steady = any(w.start <= since and w.end >= at and near(said, w.prices) for w in known)
    return steady and not any(near(before, word.prices) for word in known)


def words(source: str, seller: str, steps: Sequence[Step]) -> list[Word]:
    """Everything that an offer said."""
    ends = [step.at for step in steps[1:]] + ["9999"]
    return [Word(source, seller, s.at, end, s.prices) for s, end in zip(steps, ends, strict=True)]


def tame(source: str, seller: str, steps: Sequence[Step]) -> list[Word]:
    """What an offer said, without what it came to by a wild move."""
    verdicts = decide(steps, silent)
    return [w for w, v in zip(words(source, seller, steps), verdicts, strict=True) if v.believed]


def _was_slip(before: Prices, said: Prices, asked: Sequence[Word]) -> bool:
    """Whether the old price is far from what others ask, and the new one is usual or just what one asks."""
    now = {part: price for part in DECISIVE if (price := said.get(part)) is not None}
    moved = {part: price for part, price in now.items() if price != before.get(part)}
    level = _level(asked)
    leapt = (part for part in moved if part in level and wild({part: before.get(part)}, moved))
    if all(_usual(before.get(part), level[part]) for part in leapt):
        return False
    usual = all(part in level and _usual(price, level[part]) for part, price in moved.items())
    return usual or any(_same(moved, word.prices) for word in asked)


def _level(asked: Sequence[Word]) -> Mapping[str, Decimal]:
    """What the model costs in the middle, a part at a time: each seller counts once."""
    said: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for word in asked:
        for part in DECISIVE:
            if (price := word.prices.get(part)) is not None:
                said[part][word.seller].append(price)
    return {
        part: median(median(prices) for prices in sellers.values())
        for part, sellers in said.items()
        if len(sellers) >= SELLERS
    }


def _usual(price: Decimal | None, level: Decimal) -> bool:
    """Whether a price is within reach of the level."""
    if price is None or price == level:
        return True
    return min(price, level) > 0 and max(price, level) <= REACH * min(price, level)


def _same(moved: Prices, other: Prices) -> bool:
    """Whether another seller asks just this, in every part that moved."""
    return all(other.get(part) is not None for part in moved) and near(moved, other)
