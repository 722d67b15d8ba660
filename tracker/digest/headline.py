"""The headline and the summary: what a person would say first, and where open models stand."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.digest import board, happened, words
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.model import Item, Refs
from tracker.digest.weeks import day
from tracker.store.query.tiers import CHAT
from tracker.store.rows import ChangeRow, PanelRow
from tracker.trends.states import compared

MOST = 0.5  # of the remaining gap, from which a step is told as a share


def headline(known: Known, items: Sequence[Item]) -> str:
    """One sentence that a person would say."""
    if known.catch_up:
        chat = known.panel.get(CHAT, ())
        return _where(chat[-1], known) if chat else "No board has been read yet."
    if headed := happened.headed(known.changes):
        return words.sentence(step(*headed, _row(known, headed[0])))
    brief = next((item.brief for item in items if item.brief), "")
    if not brief:
        return "Nothing moved beyond the noise this week."
    return words.sentence(f"no gap moved beyond the noise this week; {brief}")


def summary(known: Known, *, quiet: bool) -> str:
    """Where the headline's gap was before, and where every task stands."""
    where = board.summary(board.leading(known.panel, known.on), known.on, quiet=quiet)
    headed = None if known.catch_up else happened.headed(known.changes)
    before = _before(known, headed[0]) if headed else ""
    return f"{before} {where}".strip()


def refs(known: Known, items: Sequence[Item], evidence: Evidence) -> Refs:
    """The evidence of what the headline says: its step, its first item, or the board that it tells of."""
    if (headed := happened.headed(known.changes)) and not known.catch_up:
        return evidence(headed[0].capture, board=headed[0].board)
    found = () if known.catch_up else next((item.refs for item in items if item.brief), ())
    chat = known.panel.get(CHAT, ())
    return found or (evidence(chat[-1].capture, board=chat[-1].board) if chat else ())


def _row(known: Known, change: ChangeRow) -> PanelRow | None:
    """The last snapshot of the gap that a change moved, where the change still makes it."""
    rows = known.panel.get(change.metric, ())
    return rows[-1] if rows and round(rows[-1].difference - float(change.after), 1) == 0 else None


def _before(known: Known, change: ChangeRow) -> str:
    """`It was 55 points on 16 January.`: the snapshot that the step is told from; "" where there is none."""
    earlier = [row for row in known.panel.get(change.metric, ()) if row.date < change.date]
    same = [row for row in earlier if round(row.difference - float(change.before), 1) == 0]
    if not same:
        return ""
    return words.sentence(
        f"it was {words.left(same[-1].difference, change.scale)} on {day(same[-1].date, known.on)}"
    )


def step(change: ChangeRow, who: str, where: str, row: PanelRow | None) -> str:
    """`GLM-5.1 (MIT licence) closes the gap in chat by 18 points over Kimi K2.5: 33 points are left`."""
    before, after = float(change.before), float(change.after)
    move = words.points(after - before, change.scale)
    share = f", {words.percent(row.percent)}" if row and row.percent and change.scale == "elo" else ""
    left = words.left(after, change.scale)
    if not change.detail.startswith("closing"):
        how = " as it loses ground" if " by open" in change.detail else words.over(change)
        return f"{who} widens the gap {where} by {move}{how}: open models are {left} behind{share}"
    if " by open" not in change.detail:
        return f"the gap {where} narrows by {move}, since {who} lost ground: {left}{share}"
    if after <= 0:
        return f"{who} closes the gap {where}: it is {left}"
    are = "is" if left.startswith("1 ") else "are"
    if after >= before * MOST:
        return f"{who} closes the gap {where} by {move}{words.over(change)}: {left} {are} left{share}"
    gap = f"gap {where} that {change.over} left" if change.over else f"remaining gap {where}"
    return f"{who} closes more than half of the {gap}: {left} {are} left{share}"


def _where(row: PanelRow, known: Known) -> str:
    """`The best open model, GLM-5.1 (MIT licence), is 31 points behind ... in chat.`"""
    licence = words.licensed(row.open_licence)
    said = words.standing(row, compared(row.difference, row.noise))
    who = f"the best open model in chat, {row.open_name}{licence}"
    where = f"{row.closed_name} ({row.board}, {day(row.date, known.on)})"
    if said == "tied":
        return words.sentence(f"{who}, is tied with the best proprietary one, {where}")
    return words.sentence(f"{who}, is {said}; the best proprietary one is {where}")
