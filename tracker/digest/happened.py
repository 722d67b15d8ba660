"""What happened: at most seven things, the most important first, each with what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from tracker.catalog.metrics import METRICS
from tracker.digest import price_steps, style, words
from tracker.digest.causes import Causes
from tracker.digest.evidence import Evidence
from tracker.digest.model import Item, Refs
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.rows import ChangeRow
from tracker.trends.importance import NOTABLE, together

PLACES = {metric.id: place for place, metric in enumerate(METRICS)}  # the user's own metrics come after them
MOST = 7
LARGEST = 10  # events of the record in a catch-up edition
NAMED = 6
Group = tuple[Sequence[ChangeRow], Callable[[], Item]]  # what is told as one thing, and its words


def items(
    changes: Sequence[ChangeRow], boards: Mapping[str, str], said: Causes, on: date, evidence: Evidence
) -> tuple[Item, ...]:
    """The week's items, at most seven, the most important first. `boards` are their names by source.

    Changes come ordered by importance; `said` knows what was announced of them.
    """
    found: list[Group] = [
        *_groups(_moved(changes).values(), _gap_item, on, evidence),
        *_groups(_led(changes), _leader_item, on, evidence),
        *_groups(price_steps.notable(changes), price_steps.item, on, evidence),
        *_groups(_listed(changes), partial(_listed_item, boards), on, evidence),
    ]
    ranked = sorted(found, key=lambda group: -_importance(group[0]))
    return _meant_once([_explained(told(), group, said, on, evidence) for group, told in ranked[:MOST]])


def _meant_once(found: Sequence[Item]) -> tuple[Item, ...]:
    """The items, each meaning with the first that has it."""
    first = {item.meaning: place for place, item in reversed([*enumerate(found)])}
    return tuple(
        item if first[item.meaning] == place else replace(item, meaning="")
        for place, item in enumerate(found)
    )


def _groups(
    found: Iterable[Sequence[ChangeRow]],
    told: Callable[[Sequence[ChangeRow], date, Evidence], Item],
    on: date,
    evidence: Evidence,
) -> Iterator[Group]:
    return ((changes, partial(told, changes, on, evidence)) for changes in found)


def _explained(item: Item, changes: Sequence[ChangeRow], said: Causes, on: date, evidence: Evidence) -> Item:
    """The item of one model's changes with what was announced of them."""
    row = said.first(changes[0].id) if len({change.model for change in changes}) == 1 else None
    if row is None:
        return item
    when = f" {day(row.published, on)}" if row.published and row.prompt else ""
    refs = tuple(dict.fromkeys((*item.refs, *evidence(row.capture))))
    return replace(item, announced=words.sentence(f"announced{when}: {row.title}"), refs=refs)


def _importance(changes: Sequence[ChangeRow]) -> float:
    """How much matters what is told as one thing: its greatest step, and the further tasks that show it."""
    tasks = {change.task for change in changes if change.task}
    return together(max(change.importance for change in changes), max(0, len(tasks) - 1))


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
    move, left = abs(float(lead.after) - float(lead.before)), words.left(float(lead.after), lead.scale)
    verb = ("closed" if closing else "widened") if past else "closes" if closing else "widens"
    text = (
        f"{words.named(lead)} {verb} the gap in {lead.task} ({lead.metric_name})"
        f" by {words.points(move, lead.scale)}{words.over(lead) if closing == by_open else ''}, to {left}"
        f"{_also(moved, past=past)}"
    )
    return Item(
        words.sentence(text),
        "" if past else _meaning(lead, closing=closing, by_open=by_open),
        day(lead.date, on),
        _proof(moved, evidence),
        lead.standing,
        f"{words.named(lead)} {verb} the gap {_place(lead)} to {left}",
        _tasks(moved),
    )


def headed(changes: Sequence[ChangeRow]) -> tuple[ChangeRow, str, str] | None:
    """The step of a gap that a week is headed with, its model and its place in words; None without any."""
    for group in _moved(changes).values():
        lead = sorted(group, key=_order)[0]
        return lead, words.named(lead), _place(lead)
    return None


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
    return f"in {change.task}" if change.metric == first else f"in {change.task} ({change.metric_name})"


def _also(moved: Sequence[ChangeRow], *, past: bool) -> str:
    tasks = list(dict.fromkeys(change.task for change in moved[1:] if change.task != moved[0].task))
    return f"; it also {'moved' if past else 'moves'} {words.listed(tasks)}" if tasks else ""


def _meaning(change: ChangeRow, *, closing: bool, by_open: bool) -> str:
    if by_open and closing:
        return f"Try {change.shown} on your hardest cases of {change.task}."
    if by_open:
        return f"The best open model for {change.task} lost ground or is gone; check what you rely on."
    if closing:
        return f"Nothing became better: the best proprietary model for {change.task} lost ground."
    return f"A move can wait in {change.task}."


def _led(changes: Sequence[ChangeRow]) -> Collection[Sequence[ChangeRow]]:
    """New leaders beyond the noise that moved no gap of their own, by model."""
    moved = {change.model for change in changes if change.kind == "gap"}
    by_model: dict[str, list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if change.kind == "leader" and change.importance >= NOTABLE and change.model not in moved:
            by_model[change.model].append(change)
    return by_model.values()


def _leader_item(leads: Sequence[ChangeRow], on: date, evidence: Evidence) -> Item:
    lead = leads[0]
    group = "open" if lead.detail.startswith("open") else "proprietary"
    places = words.listed(list(dict.fromkeys(change.metric_name for change in leads))[:NAMED])
    text = f"{words.named(lead)} is the new best {group} model on {places}"
    return Item(
        words.sentence(text),
        "",
        day(lead.date, on),
        _proof(leads, evidence),
        lead.standing,
        text,
        _tasks(leads),
    )


def _listed(changes: Sequence[ChangeRow]) -> list[Sequence[ChangeRow]]:
    """What boards list for the first time, as one thing; but for what a gap or lead tells of."""
    told = {step[0].model for step in (*_moved(changes).values(), *_led(changes))}
    found: dict[tuple[str, str], ChangeRow] = {}
    for change in changes:
        if change.kind == "listed" and change.model not in told:
            found.setdefault((change.model, change.source), change)
    return [sorted(found.values(), key=_listed_order)] if found else []


def _listed_order(change: ChangeRow) -> tuple[float, str]:
    return -change.importance, change.model_name


def _listed_item(
    boards: Mapping[str, str], listed: Sequence[ChangeRow], on: date, evidence: Evidence
) -> Item:
    """`New on LiveBench and LMArena: Kimi K2.6; on LMArena: DeepSeek V4 Pro and Qwen3.6 Plus.`"""
    by_model: dict[str, list[ChangeRow]] = defaultdict(list)
    for change in listed:
        by_model[words.named(change)].append(change)
    by_places: dict[str, list[str]] = defaultdict(list)
    for name, rows in [*by_model.items()][:NAMED]:
        places = [boards[place] for place in sorted({row.source for row in rows})]
        by_places[words.listed(places)].append(name)
    more = [f"and {len(by_model) - NAMED} more"] if len(by_model) > NAMED else []
    said = "; ".join([f"on {where}: {words.listed(names)}" for where, names in by_places.items()] + more)
    days = sorted(date.fromisoformat(change.date) for change in listed)
    when = style.span(days[0], days[-1]) if days[0] != days[-1] else day(days[0].isoformat(), on)
    text = words.sentence(f"new {said}")
    return Item(text, "", when, evidence(*dict.fromkeys(change.capture for change in listed)))
