"""What happened: at most seven things, the most important first, each with what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from tracker.digest import words
from tracker.digest.board import Panel
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item
from tracker.digest.prices import SELLERS, pair
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.weekly import ChangeRow

MOST = 7
NOTABLE_PRICE = 0.15  # importance: a fifth off, or more
NAMED = 6


def items(
    changes: Sequence[ChangeRow], scores: Mapping[str, float], panel: Panel, on: date, evidence: Evidence
) -> tuple[Item, ...]:
    """The week's items. Changes come ordered by importance."""
    found = [
        *gap_items(changes, panel, on, evidence),
        *_leader_items(changes, on, evidence),
        *_price_items(changes, scores, on, evidence),
        *_listed_items(changes, scores, on, evidence),
    ]
    return tuple(found[:MOST])


def gap_items(changes: Sequence[ChangeRow], panel: Panel, on: date, evidence: Evidence) -> list[Item]:
    """One item per model that moved a gap; the tasks it moved stand together."""
    by_model: dict[tuple[str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if change.kind == "gap" and change.standing != Standing.RETRACTED:
            by_model[change.model, change.detail.split(",")[0]].append(change)
    return [_gap_item(moved, panel, on, evidence) for moved in by_model.values()]


def _gap_item(moved: Sequence[ChangeRow], panel: Panel, on: date, evidence: Evidence) -> Item:
    moved = sorted(moved, key=lambda c: _order(c, panel))
    lead = moved[0]
    closing, by_open = lead.detail.startswith("closing"), " by open" in lead.detail
    move = abs(float(lead.after) - float(lead.before))
    verb = "closes" if closing else "widens"
    more = _also(moved)
    text = (
        f"{_named(lead)} {verb} the gap in {lead.task} ({lead.metric_name})"
        f" by {words.points(move, lead.scale)}, to {_left(float(lead.after), lead.scale)}{more}"
    )
    return Item(
        words.sentence(text),
        _meaning(lead, closing=closing, by_open=by_open),
        day(lead.date, on),
        evidence(*dict.fromkeys(change.capture for change in moved)),
        lead.standing,
    )


def _order(change: ChangeRow, panel: Panel) -> tuple[int, float]:
    metrics = list(panel)
    return (metrics.index(change.metric) if change.metric in metrics else len(metrics), -change.importance)


def _named(change: ChangeRow) -> str:
    """The model, with its licence where it is open: `DeepSeek R1 (MIT licence)`."""
    licence = f" ({change.licence} licence)" if change.weights == "open" and change.licence else ""
    return change.model_name + licence


def _left(gap: float, scale: str) -> str:
    return words.points(gap, scale) if gap >= 0 else f"{words.points(gap, scale)} ahead"


def _also(moved: Sequence[ChangeRow]) -> str:
    tasks = list(dict.fromkeys(change.task for change in moved[1:] if change.task != moved[0].task))
    return f"; it also moves {words.listed(tasks)}" if tasks else ""


def _meaning(change: ChangeRow, *, closing: bool, by_open: bool) -> str:
    if by_open and closing:
        why = f"If {change.task} kept you on a proprietary model"
        return f"{why}, try {change.model_name} on your hardest cases."
    if by_open:
        return f"The best open model for {change.task} lost ground or is gone; check what you rely on."
    if closing:
        return f"Nothing became better: the best proprietary model for {change.task} lost ground."
    return f"At {change.task} the best is proprietary by more than before; a move can wait there."


def _leader_items(changes: Sequence[ChangeRow], on: date, evidence: Evidence) -> list[Item]:
    """New leaders beyond the noise that moved no gap of their own, one item a model."""
    moved = {change.model for change in changes if change.kind == "gap"}
    by_model: dict[str, list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if change.kind == "leader" and change.standing == Standing.CONFIRMED and change.model not in moved:
            by_model[change.model].append(change)
    return [_leader_item(leads, on, evidence) for leads in by_model.values()]


def _leader_item(leads: Sequence[ChangeRow], on: date, evidence: Evidence) -> Item:
    lead = leads[0]
    group = "open" if lead.detail.startswith("open") else "proprietary"
    places = words.listed(list(dict.fromkeys(change.metric_name for change in leads))[:NAMED])
    text = f"{_named(lead)} is the new best {group} model on {places}"
    return Item(
        words.sentence(text),
        "",
        day(lead.date, on),
        evidence(*dict.fromkeys(change.capture for change in leads)),
        lead.standing,
    )


def _price_items(
    changes: Sequence[ChangeRow], scores: Mapping[str, float], on: date, evidence: Evidence
) -> list[Item]:
    """Prices of ranked models that moved by a fifth or more, at those who serve them; at most two."""
    moved = [
        change
        for change in changes
        if change.kind.startswith("price")
        and change.provider_role in SELLERS
        and change.standing == Standing.CONFIRMED
        and change.importance >= NOTABLE_PRICE
        and change.model in scores
        and not change.detail
    ]
    best = sorted(moved, key=lambda c: (-scores[c.model], -c.importance))
    once = list({change.model: change for change in reversed(best)}.values())[::-1]
    return [_price_item(change, on, evidence) for change in once[:2]]


def _price_item(change: ChangeRow, on: date, evidence: Evidence) -> Item:
    verb = "lowers" if change.kind == "price down" else "raises"
    text = (
        f"{change.provider_name} {verb} {change.model_name}: {pair(change.after)} per million tokens, "
        f"before {pair(change.before)}"
    )
    meaning = (
        "If you call it there, your bill falls without a move."
        if verb == "lowers"
        else "Compare other hosts."
    )
    return Item(words.sentence(text), meaning, day(change.date, on), evidence(change.capture))


def _listed_items(
    changes: Sequence[ChangeRow], scores: Mapping[str, float], on: date, evidence: Evidence
) -> list[Item]:
    """The models that boards list for the first time, best first, in one item."""
    listed = [change for change in changes if change.kind == "listed"]
    if not listed:
        return []
    best = sorted(
        {c.model: c for c in listed}.values(), key=lambda c: (-scores.get(c.model, 0.0), c.model_name)
    )
    names = [_named(change) for change in best[:NAMED]]
    if len(best) > NAMED:
        names.append(f"{len(best) - NAMED} more")
    text = words.sentence(f"new on the boards: {words.listed(names)}")
    captures = dict.fromkeys(change.capture for change in best)
    return [Item(text, "", day(listed[0].date, on), evidence(*captures))]
