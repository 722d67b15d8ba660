"""Which of an offer's prices are to be believed: a pure decider over everything it ever said.

- A price that moves tenfold or more, or from or to nothing, is wild and held: the last believed price stays
  in force, and the move is `unconfirmed`. (Typos in a decimal point are exactly tenfold; no true price of
  the record moved so.)
- A witness releases it, as does a person: see witness.py. Where the old price was the slip, the move is this
  list's own correction.
- A price that comes back to where it is tame again makes what lay between `corrected`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain import Standing

WILD = 10
NEAR = Decimal("0.01")
DECISIVE = ("input", "output")  # cache prices fall fortyfold in earnest

Prices = Mapping[str, Decimal | None]  # part ("input", ...) -> price; None: not listed


@dataclass(frozen=True, slots=True)
class Step:
    """What an offer says from a time on, all parts of it; `ruling` is a person's word on it."""

    at: str
    prices: Prices
    ruling: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a step is believed, and how its move stands; `judged` is when that was decided."""

    believed: bool
    wild: bool = False
    standing: Standing = Standing.CONFIRMED
    judged: str = ""


# (prices before, prices said, from, until) -> (when it was spoken for, whether the old price was a slip)
Witness = Callable[[Prices, Prices, str, str], tuple[str, bool] | None]


def silent(before: Prices, said: Prices, start: str, end: str) -> None:
    """The witness that speaks for nothing."""


def decide(steps: Sequence[Step], witness: Witness) -> list[Verdict]:
    """A verdict on every step, in order of time."""
    verdicts: list[Verdict] = []
    believed: dict[str, Decimal] = {}
    tame: dict[str, Decimal] | None = None  # what was believed before the last wild move that is
    for place, step in enumerate(steps):
        verdict = Verdict(True)
        if wild(believed, step.prices):
            verdict = _of_wild(place, steps, believed, tame, witness)
            tame = believed if verdict.believed else tame
        if verdict.believed:
            believed = believed | {part: price for part, price in step.prices.items() if price is not None}
        verdicts.append(verdict)
    return verdicts


def wild(before: Prices, now: Prices) -> bool:
    """Whether the input or the output price moved tenfold or more, or from or to nothing."""
    return any(_wild(before.get(part), now.get(part)) for part in DECISIVE)


def _wild(before: Decimal | None, now: Decimal | None) -> bool:
    if before is None or now is None or before == now:
        return False
    return min(before, now) <= 0 or max(before, now) >= WILD * min(before, now)


def near(one: Prices, other: Prices) -> bool:
    """Whether two states agree within 1 % in every part that both have, and have one in common."""
    both = [(a, b) for part, a in one.items() if a is not None and (b := other.get(part)) is not None]
    return bool(both) and all(abs(a - b) <= NEAR * max(abs(a), abs(b)) for a, b in both)


def _of_wild(
    place: int, steps: Sequence[Step], believed: Prices, tame: Prices | None, witness: Witness
) -> Verdict:
    step = steps[place]
    if step.ruling == "release":
        return Verdict(True, True)
    if tame is not None and near(tame, step.prices):
        return Verdict(True, True, Standing.CORRECTED, step.at)
    until = steps[place + 1].at if place + 1 < len(steps) else "9999"
    if step.ruling != "discard" and (found := witness(believed, step.prices, step.at, until)):
        return Verdict(True, True, Standing.CORRECTED if found[1] else Standing.CONFIRMED, found[0])
    mended = next((later for later in steps[place + 1 :] if not wild(believed, later.prices)), None)
    if mended and near(believed, mended.prices):
        return Verdict(False, True, Standing.CORRECTED, mended.at)
    return Verdict(False, True, Standing.UNCONFIRMED)
