"""The price steps that are told as something that happened; the others stand in the prices' section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item
from tracker.digest.prices import WAS_FREE, sellers, share
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.rows import ChangeRow
from tracker.trends.importance import NOTABLE
from tracker.trends.price import SELLERS

PRICES = 3


def notable(changes: Sequence[ChangeRow]) -> list[list[ChangeRow]]:
    """The notable price steps, one a model.

    The same step at several sellers, or of several models at one, is one thing that happened.
    """
    by_step: dict[tuple[str, str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if _is_notable(change):
            by_step[change.model, change.before, change.after].append(change)
    once = {step[0].model: step for step in reversed(by_step.values())}
    alike: dict[tuple[str, ...], list[ChangeRow]] = defaultdict(list)
    for step in by_step.values():
        if once[step[0].model] is step:
            alike[step[0].before, step[0].after, *sellers(step)] += step
    return [*alike.values()][:PRICES]


def _is_notable(change: ChangeRow) -> bool:
    return (
        change.kind.startswith("price")
        and change.provider_role in SELLERS
        and change.standing == Standing.CONFIRMED
        and change.importance >= NOTABLE
        and not change.detail
    )


def item(step: Sequence[ChangeRow], on: date, evidence: Evidence) -> Item:
    """What a step is told as, and what it means for a reader; its prices stand on the price board."""
    first, where = step[0], words.listed(sellers(step))
    cheaper = first.kind == "price down"
    names = words.listed([*{change.model: words.named(change) for change in reversed(step)}.values()][::-1])
    by = f"{share(first).strip('+−')} {'cheaper' if cheaper else 'dearer'}"
    became = "no longer free" if share(first) == WAS_FREE else by
    text = f"{names} became {became} at {where}"
    meaning = "If you call it there, your bill falls without a move." if cheaper else "Compare other hosts."
    at = "" if any(change.own for change in step) else f" at {where}"
    brief = f"{names} became {became}{at}"
    return Item(words.sentence(text), meaning, day(first.date, on), evidence(first.capture), brief=brief)
