"""Price at a capability: the cheapest price at which any model of a group reaches a threshold, by date.

The capability is that of one snapshot of a board, so that a drift of its scale moves no price; the dates are
those of the prices. What comes out is a series of steps, from each until the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tracker.domain import Standing
from tracker.trends.price import believed
from tracker.trends.validity import NEVER

HOLD = timedelta(days=7)  # as long a move must hold to be confirmed


@dataclass(frozen=True, slots=True)
class Span:
    """An offer's price (USD per million tokens) from `start` to `end`, which no longer counts (RFC 3339).

    `own` says that the model's own lab asks it, `found` that it was there when its list was first read;
    `offer` is whatever the caller tells offers apart by.
    """

    start: str
    end: str
    price: Decimal
    model: str
    seller: str = ""
    own: bool = False
    found: bool = False
    offer: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What is cheapest from `at` on; None: nobody sells what reaches the threshold."""

    at: str
    span: Span | None

    @property
    def what(self) -> tuple[object, ...] | None:
        """What tells a step from the one before it: another price, model or seller."""
        return (self.span.price, self.span.model, self.span.seller) if self.span else None

    @property
    def found(self) -> bool:
        """Whether the price had held before it was seen: no move, and of no known beginning."""
        return self.span is not None and self.span.found and self.at == self.span.start

    @property
    def price(self) -> Decimal | None:
        """The price, where there is one."""
        return self.span.price if self.span else None


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the cheapest price, from that of the last one that was not taken back.

    Provisional at once, confirmed where it holds in what was seen seven days later, retracted where not.
    None is no price: a threshold that is newly reached, or that nobody offers any more.
    """

    step: Step
    before: Decimal | None
    after: Decimal | None
    standing: Standing


def cheapest(spans: Iterable[Span]) -> list[Step]:
    """The steps of the cheapest price; of each model only what is believed at the time, and nothing free.

    Who is cheapest stays so until another is cheaper. A hole between prices is a step to None.
    """
    by_model: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        if span.price > 0 and span.start < span.end:
            by_model[span.model].append(span)
    return _sweep([span for same in by_model.values() for span in _of_model(same)], sift=False)


def _of_model(same: Sequence[Span]) -> list[Span]:
    """The spans of one model as those of its cheapest believed offer."""
    steps = _sweep(same, sift=True) if len(same) > 1 else [Step(span.start, span) for span in same]
    ends = [*(step.at for step in steps[1:]), max(span.end for span in same)]
    return [
        replace(step.span, start=step.at, end=end) for step, end in zip(steps, ends, strict=True) if step.span
    ]


def _sweep(spans: Sequence[Span], *, sift: bool) -> list[Step]:
    """Through time from boundary to boundary, with what is in force between them."""
    begin, finish = _by(spans, "start"), _by(spans, "end")
    steps: list[Step] = []
    active: dict[int, Span] = {}
    for at in sorted(begin.keys() | finish.keys()):
        for number in finish.get(at, ()):
            active.pop(number, None)
        active |= {number: spans[number] for number in begin.get(at, ())}
        last = steps[-1].span if steps else None
        step = Step(at, _least(list(active.values()), last, sift=sift))
        if not steps or step.what != steps[-1].what:
            steps.append(step)
    return steps[:-1] if steps and steps[-1].span is None and steps[-1].at >= NEVER else steps


def _by(spans: Sequence[Span], moment: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, span in enumerate(spans):
        found[getattr(span, moment)].append(number)
    return found


def _least(active: Sequence[Span], last: Span | None, *, sift: bool) -> Span | None:
    """The cheapest of what is in force; among equals the one that was it before."""
    fit = believed(active, lambda span: span.price, lambda span: span.own) if sift else active
    return min(fit, key=lambda span: (span.price, span is not last, span.model, span.offer), default=None)


def moves(steps: Sequence[Step], heard: str) -> list[Move]:
    """The moves of a series of steps; what was there when its list was first read did not move.

    `heard` is when prices were last seen: what has not been looked at since cannot be confirmed.
    """
    found: list[Move] = []
    anchor: Decimal | None = None
    for step in steps:
        if step.price == anchor or step.found:
            anchor = step.price
            continue
        standing = _standing(steps, step, anchor, heard)
        found.append(Move(step, anchor, step.price, standing))
        if standing is not Standing.RETRACTED:
            anchor = step.price
    return found


def _standing(steps: Sequence[Step], step: Step, before: Decimal | None, heard: str) -> Standing:
    judged = f"{datetime.fromisoformat(step.at) + HOLD:%Y-%m-%dT%H:%M:%SZ}"
    if judged > heard:
        return Standing.PROVISIONAL
    then = [one for one in steps if one.at <= judged][-1].price
    return Standing.CONFIRMED if _holds(then, before, step.price) else Standing.RETRACTED


def _holds(then: Decimal | None, before: Decimal | None, after: Decimal | None) -> bool:
    """Whether a later price is as far from the earlier one as the move went, or farther."""
    if after is None or then is None:
        return after is then
    return then <= after if before is None or after < before else then >= after


def since_found(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps from the last price on that had held before it was seen: what went before was too dear."""
    return steps[max((place for place, step in enumerate(steps) if step.found), default=0) :]
