"""What happened: at most seven things, the most important first, each with what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.catalog.metrics import METRICS
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item, Refs
from tracker.digest.prices import pair, sellers, share
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.rows import ChangeRow
from tracker.trends.price import SELLERS

PLACES = {metric.id: place for place, metric in enumerate(METRICS)}  # the user's own metrics come after them
MOST = 7
LARGEST = 10  # events of the record in a catch-up edition
NOTABLE_LEAD = 0.4  # importance: beyond the noise
NOTABLE_PRICE = 0.15  # importance: a fifth off, or more
NAMED = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """What is known of rank: scores in chat by model, and the boards' names by source."""

    scores: Mapping[str, float]
    boards: Mapping[str, str]

    def place(self, model: str) -> float:
        """1 for the best of the board down to 0 for the last."""
        low, high = min(self.scores.values()), max(self.scores.values())
        return (self.scores[model] - low) / (high - low) if high > low else 1.0


def items(changes: Sequence[ChangeRow], known: Ranked, on: date, evidence: Evidence) -> tuple[Item, ...]:
    """The week's items, at most seven. Changes come ordered by importance."""
    found = [
        *gap_items(changes, on, evidence),
        *_leader_items(changes, on, evidence),
        *_price_items(changes, known, on, evidence),
        *_listed_items(changes, known, on, evidence),
    ]
    return tuple(found[:MOST])


def gap_items(changes: Sequence[ChangeRow], on: date, evidence: Evidence) -> list[Item]:
    """One item per model that moved a gap; the tasks it moved stand together."""
    return [_gap_item(moved, on, evidence) for moved in _moved(changes).values()]


def record(changes: Sequence[ChangeRow], on: date, evidence: Evidence) -> list[Item]:
    """The largest events of the record, as `changes` orders them, told as past from the newest on."""
    largest = list(_moved(changes).values())[:LARGEST]
    newest = sorted(largest, key=lambda moved: moved[0].date, reverse=True)
    return [_gap_item(moved, on, evidence, past=True) for moved in newest]


def _moved(changes: Sequence[ChangeRow]) -> dict[tuple[str, str, str], list[ChangeRow]]:
    """The events that belong together: the same model, in the same direction."""
    found: dict[tuple[str, str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if change.kind == "gap" and change.standing != Standing.RETRACTED:
            found[change.model, change.variant, change.detail.split(",")[0]].append(change)
    return found


def _gap_item(moved: Sequence[ChangeRow], on: date, evidence: Evidence, *, past: bool = False) -> Item:
    moved = sorted(moved, key=_order)
    lead = moved[0]
    closing, by_open = lead.detail.startswith("closing"), " by open" in lead.detail
    move, left = abs(float(lead.after) - float(lead.before)), _left(float(lead.after), lead.scale)
    verb = ("closed" if closing else "widened") if past else "closes" if closing else "widens"
    text = (
        f"{_named(lead)} {verb} the gap in {lead.task} ({lead.metric_name})"
        f" by {words.points(move, lead.scale)}, to {left}{_also(moved, past=past)}"
    )
    return Item(
        words.sentence(text),
        "" if past else _meaning(lead, closing=closing, by_open=by_open),
        day(lead.date, on),
        _proof(moved, evidence),
        lead.standing,
        f"{_named(lead)} {verb} the gap {_place(lead)} to {left}",
        _tasks(moved),
    )


def _tasks(changes: Sequence[ChangeRow]) -> tuple[str, ...]:
    """The tasks that changes on boards speak of, each once."""
    return tuple(dict.fromkeys(change.task for change in changes if change.task))


def _proof(changes: Sequence[ChangeRow], evidence: Evidence) -> Refs:
    """The references of changes on boards, each once."""
    return tuple(dict.fromkeys(ref for c in changes for ref in evidence(c.capture, board=c.board)))


def _order(change: ChangeRow) -> tuple[int, float]:
    """The metric that speaks for a task first, then the larger step."""
    return (PLACES.get(change.metric, len(PLACES)), -change.importance)


def _place(change: ChangeRow) -> str:
    """`in chat` of the metric that speaks for a task first; any other metric is named."""
    first = next((metric.id for metric in METRICS if metric.task == change.task), change.metric)
    return f"in {change.task}" if change.metric == first else f"on {change.metric_name}"


def _named(change: ChangeRow) -> str:
    """The model, with its licence where it is open: `DeepSeek R1 (MIT licence)`."""
    licence = f" ({change.licence} licence)" if change.weights == "open" and change.licence else ""
    return change.shown + licence


def _left(gap: float, scale: str) -> str:
    return words.points(gap, scale) if gap >= 0 else f"{words.points(gap, scale)} ahead"


def _also(moved: Sequence[ChangeRow], *, past: bool) -> str:
    tasks = list(dict.fromkeys(change.task for change in moved[1:] if change.task != moved[0].task))
    return f"; it also {'moved' if past else 'moves'} {words.listed(tasks)}" if tasks else ""


def _meaning(change: ChangeRow, *, closing: bool, by_open: bool) -> str:
    if by_open and closing:
        why = f"If {change.task} kept you on a proprietary model"
        return f"{why}, try {change.shown} on your hardest cases."
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
        sure = change.importance >= NOTABLE_LEAD and change.standing != Standing.RETRACTED
        if change.kind == "leader" and sure and change.model not in moved:
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
        _proof(leads, evidence),
        lead.standing,
        text,
        _tasks(leads),
    )


def _price_items(changes: Sequence[ChangeRow], known: Ranked, on: date, evidence: Evidence) -> list[Item]:
    """Prices of ranked models that moved by a fifth or more, one item a model; at most two.

    The same step at several sellers is one thing that happened; the lab's own comes first.
    """
    by_step: dict[tuple[str, str, str], list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if _is_notable(change, known):
            by_step[change.model, change.before, change.after].append(change)
    steps = sorted(by_step.values(), key=lambda step: _weight(step, known), reverse=True)
    once = {step[0].model: step for step in reversed(steps)}
    return [_price_item(step, on, evidence) for step in steps if once[step[0].model] is step][:2]


def _is_notable(change: ChangeRow, known: Ranked) -> bool:
    return (
        change.kind.startswith("price")
        and change.provider_role in SELLERS
        and change.standing == Standing.CONFIRMED
        and change.importance >= NOTABLE_PRICE
        and change.model in known.scores
        and not change.detail
    )


def _weight(step: Sequence[ChangeRow], known: Ranked) -> tuple[bool, float]:
    """A lab's own price first; then by the size of the step and the model's place on the board."""
    return any(c.own for c in step), step[0].importance * known.place(step[0].model)


def _price_item(step: Sequence[ChangeRow], on: date, evidence: Evidence) -> Item:
    first, where = step[0], words.listed(sellers(step))
    cheaper = first.kind == "price down"
    text = (
        f"{_named(first)} is now {pair(first.after)} per million tokens at {where}, {share(first)}; "
        f"it was {pair(first.before)}"
    )
    meaning = "If you call it there, your bill falls without a move." if cheaper else "Compare other hosts."
    brief = f"{_named(first)} became {share(first).strip('+−')} {'cheaper' if cheaper else 'dearer'}"
    return Item(words.sentence(text), meaning, day(first.date, on), evidence(first.capture), brief=brief)


def _listed_items(changes: Sequence[ChangeRow], known: Ranked, on: date, evidence: Evidence) -> list[Item]:
    """The models that a board lists for the first time, best first: one item a board."""
    by_board: dict[str, dict[str, ChangeRow]] = defaultdict(dict)
    for change in changes:
        if change.kind == "listed":
            by_board[change.source].setdefault(change.model, change)
    return [
        _listed_item(known.boards[name], listed, known, on, evidence) for name, listed in by_board.items()
    ]


def _listed_item(
    board: str, listed: Mapping[str, ChangeRow], known: Ranked, on: date, evidence: Evidence
) -> Item:
    best = sorted(listed.values(), key=lambda c: (-known.scores.get(c.model, 0.0), c.model_name))
    names = [_named(change) for change in best[:NAMED]]
    if len(best) > NAMED:
        names.append(f"{len(best) - NAMED} more")
    text = words.sentence(f"new on {board}: {words.listed(names)}")
    return Item(text, "", day(best[0].date, on), evidence(*dict.fromkeys(c.capture for c in best)))
