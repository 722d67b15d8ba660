"""The builder's questions: five, and what this week's figures answer.

A verdict follows from the figures alone: open leads beyond the noise (move), is tied within it (choose by
price), is behind by less than twice the noise (test it), or by more (stay; for now, where the gap's last
confirmed step closed it). Where a board publishes no noise there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.digest import board, latency, prices, words
from tracker.digest.answers import Said
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.model import Tier
from tracker.digest.style import figure, month
from tracker.store.rows import PanelRow
from tracker.trends.states import UNKNOWN, compared

TASKS = {
    "Cutting-edge reasoning": ("reasoning", "agentic coding"),
    "Consistent output": ("instruction following", "tool use and extraction"),
}
HOME, COST = "On premises or regulated", "Cost at scale"
NEAR = 2  # times the noise: a gap that a test on one's own cases may well not show
AT_HOME = ("chat", "coding")
FOR_NOW, NONE = "stay for now", "no verdict"


def questions(
    known: Known, tiers: Sequence[Tier], moved: Sequence[latency.Moved], evidence: Evidence
) -> tuple[Said, ...]:
    """The five answers. `tiers` are the levels of earlier leaders with their prices, `moved` the speeds."""
    return (
        *(_tasks(name, known, tasks, evidence) for name, tasks in TASKS.items()),
        _at_home(known, evidence),
        _cost(tiers),
        latency.answer(known, moved, evidence),
    )


def _tasks(question: str, known: Known, tasks: Sequence[str], evidence: Evidence) -> Said:
    """The verdict of the task that has one, and what a second task adds to it."""
    rows = board.by_task(known.panel)
    found = [board.first(rows[task], known.on) for task in tasks if rows[task]]
    if not found:
        why = "; ".join(f"{task}: {board.unmeasured(task, known.withheld)}" for task in tasks)
        return Said(question, words.sentence(why), (), "not measured", (why,))
    lead, *others = sorted(found, key=lambda row: row.noise is None)
    first, *second = (verdict(row, known.states.get(row.metric, UNKNOWN)) for row in (lead, *others))
    text = f"{first}: {against(lead, known.on)}{', closing' if first == FOR_NOW else ''}"
    for row, advice in zip(others, second, strict=True):
        text += _second(row, advice, first, known.on)
    refs = dict.fromkeys(ref for row in (lead, *others) for ref in evidence(row.capture, board=row.board))
    models = [part for row in (lead, *others) for part in (row.open_model, row.closed_model)]
    brief = f"{first} ({_left(lead)})"
    return Said(question, words.sentence(text), tuple(refs), brief, (first, *second, *models))


def _second(row: PanelRow, advice: str, first: str, on: date) -> str:
    """Half a line where it changes nothing: `; agentic coding 11.7 behind`."""
    if advice in (first, NONE):
        return f"; {row.task} {_left(row).replace(' points behind', ' behind')}"
    return f". {advice.capitalize()} in {row.task}: {against(row, on)}"


def _left(row: PanelRow) -> str:
    """`25 points behind`, `tied`, `12 points ahead`."""
    if compared(row.difference, row.noise) == "tied":
        return "tied"
    return f"{words.points(row.difference, row.scale)} {'ahead' if row.difference < 0 else 'behind'}"


def against(row: PanelRow, on: date) -> str:
    """`GLM-5.1 is 56 points behind Claude Opus 4.6 in reasoning (3.8 %, 6 months)`."""
    old = "" if board.fresh(row, on) else month(date.fromisoformat(row.date))
    if compared(row.difference, row.noise) == "tied":
        said, asides = f"{row.open_name} and {row.closed_name} are tied", [old]
    elif row.difference < 0:
        ahead = words.points(row.difference, row.scale)
        said, asides = f"{row.open_name} is {ahead} ahead of {row.closed_name}", [old]
    else:
        share = words.percent(row.percent) if row.percent is not None and row.scale == "elo" else ""
        said = f"{row.open_name} is {words.points(row.difference, row.scale)} behind {row.closed_name}"
        asides = [share, words.lag(row.lag_strict), old]
    aside = ", ".join(filter(None, asides))
    return f"{said} in {row.task}{f' ({aside})' if aside else ''}"


def verdict(row: PanelRow, state: str) -> str:
    """What to do, by where the gap is beside its noise and which way its last step went."""
    seen = compared(row.difference, row.noise)
    if seen == UNKNOWN:
        return NONE
    if seen != "behind":
        return "choose by price" if seen == "tied" else "move"
    if row.noise is not None and row.difference < NEAR * row.noise:
        return "test it"
    return FOR_NOW if state == "closing" else "stay"


def _at_home(known: Known, evidence: Evidence) -> Said:
    """The best open models under a permissive licence, and who serves them."""
    rows = board.by_task(known.permissive)
    found = [board.first(rows[task], known.on) for task in AT_HOME if rows[task]]
    if not found:
        nobody = "no board here lists an open model under a permissive licence"
        return Said(HOME, words.sentence(nobody), (), nobody, (nobody,))
    parts, captures = _placed(found, known)
    refs = [ref for row in found for ref in evidence(row.capture, board=row.board)] + [*evidence(*captures)]
    with_terms = conditional(found[0], board.by_task(known.commercial)[found[0].task])
    text = f"under a permissive licence {parts}.{with_terms}"
    brief = f"{found[0].open_name} ({_left(found[0])} in {found[0].task})"
    core = (with_terms and "conditional", *(row.open_model for row in found))
    return Said(HOME, words.sentence(text), tuple(dict.fromkeys(refs)), brief, core)


def _placed(found: Sequence[PanelRow], known: Known) -> tuple[str, Sequence[int]]:
    """The models of the tasks, each with its hosts; one that leads in both tasks is told once."""
    first, *others = found
    said = _permissive(first, known.on)
    if others and others[0].open_model == first.open_model:
        said += f", {_left(others.pop()).removesuffix(' behind')} in {found[1].task}"
    sold, captures = _hosts(known, first)
    parts = [f"{said}; {sold}"]
    for row in others:
        sold, more = _hosts(known, row)
        name = f"{row.open_name}{words.licensed(row.open_licence)}"
        parts.append(f"In {row.task} {name} is {_left(row)}; {sold}")
        captures = (*captures, *more)
    return ". ".join(parts), captures


def conditional(permissive: PanelRow, commercial: Sequence[PanelRow]) -> str:
    """A sentence on the better model that asks for more than credit; "" where there is none."""
    same = [row for row in commercial if row.metric == permissive.metric]
    if not same or same[0].difference >= permissive.difference:
        return ""
    licence = words.licensed(same[0].open_licence)
    return f" With conditions on commercial use: {same[0].open_name}{licence}, {_left(same[0])}."


def _permissive(row: PanelRow, on: date) -> str:
    licence = words.licensed(row.open_licence)
    return against(row, on).replace(row.open_name, row.open_name + licence, 1)


def _hosts(known: Known, row: PanelRow) -> tuple[str, Sequence[int]]:
    """How many sell a model by the token, and who asks least."""
    offers = [offer for offer in known.offers if offer.model == row.open_model]
    if not offers:
        return "no watched host sells it", ()
    best = min(offers, key=lambda offer: (prices.price(offer), offer.provider_name))
    count = len({offer.provider for offer in offers})
    sell = "host sells" if count == 1 else "hosts sell"
    at = f"from {words.money(prices.price(best))} at {best.provider_name}"
    return f"{figure(str(count))} {sell} it, {at}", (best.capture,)


def _cost(tiers: Sequence[Tier]) -> Said:
    """How much cheaper open models are at the levels of earlier leaders; who they are, the board says."""
    priced = [tier for tier in tiers if tier.closed_price]
    if not priced:
        unpriced = "no price list prices what reaches the level of an earlier leader in chat"
        return Said(COST, words.sentence(unpriced), (), unpriced, (unpriced,))
    first, *more = map(_level, priced)
    same = f"{priced[0].ratio.partition(' is ')[0]} is "
    text = ", ".join((first, *(said.removeprefix(same) for said in more)))
    whole = text.replace(first, first + _prices(priced[0]), 1)
    refs = tuple(dict.fromkeys(ref for tier in priced for ref in tier.refs))
    return Said(COST, words.sentence(whole), refs, text, (first, *more))


def _level(tier: Tier) -> str:
    """`open is 12 % cheaper at the level of Gemini 2.5 Pro`."""
    level = tier.name.partition(" (")[0]
    return f"{tier.ratio} at the {level}" if tier.open_price else prices.NOBODY.replace("it", f"the {level}")


def _prices(tier: Tier) -> str:
    """` ($1.00 against $1.12)`; where no open model is priced, what the proprietary one costs."""
    return (
        f" ({tier.open_price} against {tier.closed_price})" if tier.open_price else f" ({tier.closed_price})"
    )
