"""The builder's questions: five, and what this week's figures answer.

A verdict follows from the figures alone: open leads beyond the noise (move), is tied within it (choose by
price), is behind by less than twice the noise (test it), or by more (stay; for now, where the gap's last
confirmed step closed it). Where a board publishes no noise there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.digest import board, prices, words
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.model import Answer, Refs, Tier
from tracker.digest.style import figure, month
from tracker.store import weekly
from tracker.store.query import Row, speed
from tracker.store.rows import PanelRow
from tracker.trends.states import UNKNOWN, compared

TASKS = {
    "Cutting-edge reasoning": ("reasoning", "agentic coding"),
    "Consistent output": ("instruction following", "tool use and extraction"),
}
NEAR = 2  # times the noise: a gap that a test on one's own cases may well not show
AT_HOME = ("chat", "coding")
UNTIMED = (
    "No host's speed was measured here in the last 30 days; `gapwatch speed MODEL --probe` measures an"
    " endpoint of yours."
)
Told = tuple[str, Refs]


def questions(known: Known, tiers: Sequence[Tier], evidence: Evidence) -> tuple[Answer, ...]:
    """The five answers. `tiers` are the levels of earlier leaders, with their prices."""
    return (
        *(Answer(name, *_tasks(known, tasks, evidence)) for name, tasks in TASKS.items()),
        Answer("On premises or regulated", *_at_home(known, evidence)),
        Answer("Cost at scale", *_cost(tiers)),
        Answer("Latency", *_latency(known, evidence)),
    )


def _tasks(known: Known, tasks: Sequence[str], evidence: Evidence) -> Told:
    rows = board.by_task(known.panel)
    said, refs = list[str](), list[int]()
    for task in tasks:
        if not rows[task]:
            said.append(words.sentence(f"{task}: {board.unmeasured(task, known.withheld)}"))
            continue
        row = board.first(rows[task], known.on)
        advice = verdict(row, known.states.get(row.metric, UNKNOWN))
        said.append(words.sentence(f"in {task} {against(row, known.on)}: {advice}"))
        refs += evidence(row.capture, board=row.board)
    return " ".join(said), tuple(dict.fromkeys(refs))


def against(row: PanelRow, on: date) -> str:
    """`GLM-5.1 is 56 points behind Claude Opus 4.6 (3.8 %, 6 months)`."""
    old = "" if board.fresh(row, on) else f" in {month(date.fromisoformat(row.date))}"
    if compared(row.difference, row.noise) == "tied":
        return f"{row.open_name} and {row.closed_name} are tied{old}"
    if row.difference < 0:
        return f"{row.open_name} is {words.points(row.difference, row.scale)} ahead of {row.closed_name}{old}"
    share = words.percent(row.percent) if row.percent is not None and row.scale == "elo" else ""
    aside = ", ".join(filter(None, (share, words.lag(row.lag_strict))))
    behind = f"{row.open_name} is {words.points(row.difference, row.scale)} behind {row.closed_name}"
    return behind + (f" ({aside})" if aside else "") + old


def verdict(row: PanelRow, state: str) -> str:
    """What to do, by where the gap is beside its noise and which way its last step went."""
    seen = compared(row.difference, row.noise)
    if seen == UNKNOWN:
        return f"no verdict, since {row.board} publishes no noise"
    if seen != "behind":
        return "choose by price" if seen == "tied" else "move"
    if row.noise is not None and row.difference < NEAR * row.noise:
        return "test it"
    return "stay for now, it is closing" if state == "closing" else "stay"


def _at_home(known: Known, evidence: Evidence) -> Told:
    """The best open models under a permissive licence, and who serves them."""
    rows = board.by_task(known.permissive)
    found = [board.first(rows[task], known.on) for task in AT_HOME if rows[task]]
    if not found:
        return "No board here lists an open model under a permissive licence this week.", ()
    said = [_permissive(row, known.on) for row in found]
    if len({row.open_model for row in found}) == 1 and len(found) > 1:
        side = "" if found[1].difference < 0 else " behind"
        more = f"{words.left(found[1].difference, found[1].scale)}{side} in {found[1].task}"
        said = [f"{said[0]}, and {more}"]
    hosts = [_hosts(known, row) for row in {row.open_model: row for row in found}.values()]
    refs = [ref for row in found for ref in evidence(row.capture, board=row.board)]
    refs += [ref for _, captures in hosts for ref in evidence(*captures)]
    with_terms = conditional(found[0], board.by_task(known.commercial)[found[0].task])
    sold = " ".join(text for text, _ in hosts)
    text = f"best under a permissive licence: {'; '.join(said)}.{with_terms} {sold}"
    return words.sentence(text), tuple(dict.fromkeys(refs))


def conditional(permissive: PanelRow, commercial: Sequence[PanelRow]) -> str:
    """A sentence on the better model that asks for more than credit; "" where there is none."""
    same = [row for row in commercial if row.metric == permissive.metric]
    if not same or same[0].difference >= permissive.difference:
        return ""
    left = words.left(same[0].difference, same[0].scale)
    behind = left if same[0].difference < 0 else f"{left} behind"
    licence = words.licensed(same[0].open_licence)
    return f" With conditions on commercial use: {same[0].open_name}{licence}, {behind}."


def _permissive(row: PanelRow, on: date) -> str:
    licence = words.licensed(row.open_licence)
    return f"in {row.task} {against(row, on).replace(row.open_name, row.open_name + licence, 1)}"


def _hosts(known: Known, row: PanelRow) -> tuple[str, Sequence[int]]:
    """How many sell a model by the token, and who asks least."""
    offers = [offer for offer in known.offers if offer.model == row.open_model]
    if not offers:
        return f"No host that is watched sells {row.open_name}.", ()
    best = min(offers, key=lambda offer: (prices.price(offer), offer.provider_name))
    count = len({offer.provider for offer in offers})
    sell = "host sells" if count == 1 else "hosts sell"
    at = f"from {words.money(prices.price(best))} at {best.provider_name}"
    return f"{figure(str(count))} {sell} {row.open_name}, {at}.", (best.capture,)


def _cost(tiers: Sequence[Tier]) -> Told:
    """The cheapest open against the cheapest proprietary price at the levels of earlier leaders."""
    priced = [tier for tier in tiers if tier.closed_price]
    if not priced:
        return "No price list here prices what reaches the level of an earlier leader in chat.", ()
    text = _prices(priced[0])
    text += "".join(f"; at the {tier.name}, {tier.ratio}" for tier in priced[1:])
    return words.sentence(text), tuple(dict.fromkeys(ref for tier in priced for ref in tier.refs))


def _prices(tier: Tier) -> str:
    closed = f"the cheapest proprietary one costs {tier.closed_price} ({tier.closed_model})"
    if not tier.open_price:
        return f"no open model reaches the {tier.name}; {closed}"
    open_ = f"the cheapest open model costs {tier.open_price} ({tier.open_model})"
    return f"at the {tier.name} {open_}, {closed}: {tier.ratio}"


def _latency(known: Known, evidence: Evidence) -> Told:
    """The fastest open and closed model at the level of the highest tier."""
    rows = known.speeds()
    if not rows:
        return UNTIMED, ()
    tier = known.tiers[0] if known.tiers else None
    reaching = [row for row in rows if tier and known.scores.get(row["model"], float("-inf")) >= tier.score]
    where = f"at the level of {known.names[tier.model]}" if tier and reaching else "at any level"
    told = [(kind, row) for kind in ("open", "closed") if (row := _quickest(reaching or rows, kind))]
    if not told:
        return "No model of known weights was timed this month.", ()
    said = "; ".join(f"fastest {_KIND[kind]}: {_pace(row)}" for kind, row in told)
    captures = weekly.captures(known.connection, [one for _, row in told for one in row["evidence"]])
    return words.sentence(f"{where}, {said}"), evidence(*captures)


_KIND = {"open": "open", "closed": "proprietary"}


def _quickest(rows: Sequence[Row], kind: str) -> Row | None:
    found = [
        one for one in speed.leaders(rows) if one["weights"] == kind and one["part"] == "tokens_per_second"
    ]
    return found[0]["row"] if found else None


def _pace(row: Row) -> str:
    """`gpt-oss-120b at Cerebras, 2,100 tokens a second, 0.3 seconds to the first token`."""
    where = f" at {row['provider_name']}" if row["provider_name"] else ""
    first = f", {words.seconds(row['ttft_seconds'])} to the first token" if row["ttft_seconds"] else ""
    return f"{row['name']}{where}, {words.rate(row['tokens_per_second'])}{first}"
