"""From moved figures to changes worth a line: a pure decider, old and new in, changes out.

- An offer (model at a provider) has one price change, not one per kind of token; its direction is that
  of the blended price. A move of ten times or more, or from or to nothing, is `unconfirmed`.
- A board of which more than a tenth of the models come or go at once, and more than ten, has changed what
  it lists: one change `listing`, not models coming and going.
- A price that came back to what it was after a wild move makes that move `corrected` (see belief.py).
- A metric whose scale became another one has one change `rescale`, and no revised scores.
- How much a change matters is asked once all are known (importance.py).
- A score is revised when it moves beyond its own interval; re-estimation within it is no change. Nor is it
  one that a board shows more, or fewer, digits than before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tracker.domain import Change, Standing
from tracker.trends.belief import wild
from tracker.trends.price import blended

RELISTED, SOME = 0.1, 10  # the share of a board's models that comes or goes at once, and their number
MANY = 10  # scores that are only written otherwise; fewer may be revised by chance so

OF_MODELS = ("listed", "gone", "listing")  # kinds that are told of models, not of a list's spellings
Listed = Set[tuple[str, str]]  # (model, date of its snapshot) of what a board lists


class Figure(NamedTuple):
    """A value of a series, with its interval where published."""

    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


class Move(NamedTuple):
    """One series of a source that changed in a capture. None is: not listed.

    `standing` and `judged` say how far a wild price is believed and since when that is decided.
    """

    metric: str
    subject: str
    provider: str
    condition: str
    before: Figure | None
    after: Figure | None
    standing: Standing | None = None
    judged: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The capture in which things moved: its source, time, evidence (this capture and the one before).

    `since` is the time of the one before; `before` and `now` are what the board listed then and lists now.
    """

    source: str
    at: str
    capture: int
    evidence: tuple[int, ...]
    since: str = ""
    before: Listed = frozenset()
    now: Listed = frozenset()


@dataclass(frozen=True, slots=True)
class Rescale:
    """A metric whose common models all moved together: its scale is another one from here on."""

    metric: str
    by: float
    models: int
    slow: bool


def decide(moves: Sequence[Move], setting: Setting, rescales: Sequence[Rescale] = ()) -> list[Change]:
    """All changes of one capture against the one before it."""
    scores = [m for m in moves if not m.metric.startswith(("price.", "fact."))]
    prices = [m for m in moves if m.metric.startswith("price.")]
    anew = {rescale.metric for rescale in rescales}
    revisable = [m for m in scores if m.metric not in anew]
    moved = [*_comings(setting), *_revisions(revisable, setting), *_offers(prices, setting)]
    return [*moved, *(_rescale(rescale, setting) for rescale in rescales)]


def _rescale(rescale: Rescale, setting: Setting) -> Change:
    since = "since its scale began" if rescale.slow else "at once"
    detail = f"{rescale.models} models moved together by {rescale.by:+.2f} {since}"
    return _change(setting, "rescale", "", metric=rescale.metric, detail=detail)


def _change(setting: Setting, kind: str, model: str, **more: object) -> Change:
    return Change(
        at=setting.at,
        kind=kind,
        source=setting.source,
        model=model,
        capture=setting.capture,
        evidence=setting.evidence,
        **more,  # type: ignore[arg-type]
    )


def _comings(setting: Setting) -> list[Change]:
    """Models listed and gone on a board; or that the board lists others than before."""
    came, went = setting.now - setting.before, setting.before - setting.now
    if len(came) + len(went) > max(SOME, RELISTED * len(setting.before | setting.now)):
        counts = [_counted(len(some), word) for some, word in ((came, "listed"), (went, "gone")) if some]
        return [_change(setting, "listing", "", detail=", ".join(counts))]
    return [
        _change(setting, kind, model, variant=variant)
        for kind, some in (("listed", came), ("gone", went))
        for model, variant in sorted(some)
    ]


def _counted(models: int, word: str) -> str:
    return f"{models} model{'s' if models > 1 else ''} {word}"


def _revisions(scores: Sequence[Move], setting: Setting) -> list[Change]:
    rounded = _rounded(scores)
    return [
        _change(
            setting,
            "score",
            m.subject,
            metric=m.metric,
            before=str(m.before.value),
            after=str(m.after.value),
        )
        for m in scores
        if m.before and m.after and _beyond(m.before, m.after)
        if not (m.metric in rounded and _is_rounded(m.before.value, m.after.value))
    ]


def _rounded(scores: Sequence[Move]) -> set[str]:
    """The metrics most of whose scores are only written with more digits now, or with fewer."""
    both = [(m.metric, m.before.value, m.after.value) for m in scores if m.before and m.after]
    moved = Counter(metric for metric, _, _ in both)
    same = Counter(metric for metric, before, after in both if _is_rounded(before, after))
    return {metric for metric, rows in same.items() if MANY <= rows > moved[metric] / 2}


def _is_rounded(one: Decimal, other: Decimal) -> bool:
    """Whether one is the other with other digits behind it."""
    if one.same_quantum(other):
        return one == other
    coarse, fine = sorted((one, other), key=lambda value: value.as_tuple().exponent, reverse=True)
    return round(fine, -int(coarse.as_tuple().exponent)) == coarse


def _beyond(before: Figure, after: Figure) -> bool:
    """Whether a score left its own interval; without one, whether it moved at all."""
    if before.low is None or before.high is None:
        return before.value != after.value
    return not before.low <= after.value <= before.high


def _offers(prices: Iterable[Move], setting: Setting) -> list[Change]:
    """One change per offer whose input or output price moved."""
    offers: dict[tuple[str, str, str], dict[str, Move]] = defaultdict(dict)
    for move in prices:
        offers[move.subject, move.provider, move.condition][move.metric] = move
    changes = [_offer(key, moved, setting) for key, moved in sorted(offers.items())]
    return [change for change in changes if change]


def _offer(key: tuple[str, str, str], moved: dict[str, Move], setting: Setting) -> Change | None:
    subject, provider, condition = key
    pairs = [moved[f"price.{part}"] for part in ("input", "output") if f"price.{part}" in moved]
    both = [(m.before.value, m.after.value) for m in pairs if m.before and m.after]
    if not both or any(m.before is None or m.after is None for m in pairs):
        return None
    before, after = (sum(side, Decimal(0)) for side in zip(*both, strict=True))
    if len(both) == 2:
        before, after = (blended(*side) for side in zip(*both, strict=True))
    if before == after and all(b == a for b, a in both):
        return None
    leapt = any(wild({"input": b}, {"input": a}) for b, a in both)
    judged = next((m for m in pairs if m.standing), pairs[0])
    standing = judged.standing or (Standing.UNCONFIRMED if leapt else Standing.CONFIRMED)
    return _change(
        setting,
        "price down" if after < before else "price up",
        subject,
        provider=provider,
        metric="price",
        before=_pair(pairs, "before"),
        after=_pair(pairs, "after"),
        detail=condition,
        standing=standing,
        judged=judged.judged,
    )


def _pair(pairs: Sequence[Move], side: str) -> str:
    """What moved, as published: `input 0.55, output 2.19`."""
    return ", ".join(f"{m.metric.removeprefix('price.')} {getattr(m, side).value}" for m in pairs)


def priced(text: str) -> Decimal:
    """The price of what a price change says of one side: blended where it says both, else the one it says."""
    prices = [Decimal(part.split(" ")[1]) for part in text.split(", ")]
    return blended(prices[0], prices[1]) if len(prices) == 2 else prices[0]
