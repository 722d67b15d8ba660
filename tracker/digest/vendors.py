"""Vendor watch: what a few vendors did in the week, and whoever else moved.

A block a vendor: its prices, its speed, its launches, its incidents and what it will switch off, at most four
lines. Of the vendors that are always watched, those that did nothing stand together in one sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracker.catalog.reference import load_reference
from tracker.digest import latency, prices, retiring, words
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.model import Item, PriceMove, Watched
from tracker.digest.signs import OTHER
from tracker.digest.stories import Story, first_told
from tracker.digest.topics import topics_of
from tracker.digest.weeks import day
from tracker.store.rows import ChangeRow, Retiring

LINES, MOVERS, NAMED = 4, 4, 3
ELSEWHERE = frozenset({"incident", "deprecation"})  # topics that are told here of every vendor


def fixed(known: Known) -> list[str]:
    """The ids of the vendors that are always watched."""
    reference = load_reference()
    return list(dict.fromkeys(reference.provider(name).id for name in known.editing.vendors))


def watch(
    known: Known,
    told: Sequence[Story],
    moves: Sequence[PriceMove],
    speeds: Sequence[latency.Moved],
    evidence: Evidence,
) -> tuple[tuple[Watched, ...], str]:
    """The blocks of vendors, those always watched first, and which of these did nothing.

    `told` are the week's stories, weightiest first, `speeds` those that moved. Of other vendors, prices that
    `moves` tell already are no reason for a block.
    """
    always = fixed(known)
    lines = _lines(known, told, always, moves, speeds, evidence)
    movers = [vendor for vendor in lines if vendor not in always][:MOVERS]
    blocks = [
        Watched(_name(vendor), tuple(lines[vendor][:LINES]), len(lines[vendor][LINES:]))
        for vendor in (*always, *movers)
        if lines.get(vendor)
    ]
    return tuple(blocks), _nothing([vendor for vendor in always if not lines.get(vendor)], known)


def _lines(
    known: Known,
    told: Sequence[Story],
    always: Sequence[str],
    moves: Sequence[PriceMove],
    speeds: Sequence[latency.Moved],
    evidence: Evidence,
) -> Mapping[str, list[Item]]:
    """The lines of each vendor, in order; the vendor that moved most first."""
    found: dict[str, list[Item]] = defaultdict(list)
    if not known.catch_up:
        shown = {(move.before, move.after) for move in moves}
        for vendor, steps in _by_vendor(known.changes).items():
            if vendor in always or any(
                (prices.pair(s.before), prices.pair(s.after)) not in shown for s in steps
            ):
                found[vendor].append(_prices(steps, known, evidence))
        for vendor, item in _speeds(known, speeds, evidence):
            found[vendor].append(item)
    for story in told:
        topic = topics_of(story[0])[0]
        if topic == "incident" or (story[0].vendor in always and topic not in ELSEWHERE):
            found[load_reference().provider(story[0].vendor).id].append(_story(story, topic, known, evidence))
    for vendor, item in _ends(known, evidence):
        found[vendor].append(item)
    return found


def _by_vendor(changes: Iterable[ChangeRow]) -> Mapping[str, list[ChangeRow]]:
    """The price steps of each vendor, the most important first."""
    found: dict[str, list[ChangeRow]] = defaultdict(list)
    for change in changes:
        if prices.is_step(change):
            found[load_reference().provider(change.provider).id].append(change)
    return found


def _prices(changes: Sequence[ChangeRow], known: Known, evidence: Evidence) -> Item:
    """`prices fell: Kimi K2.5 −24 %; rose: GLM-5 +12 %`."""
    said, shown = [], []
    for kind, verb in (("price down", "fell"), ("price up", "rose")):
        steps = list({change.model: change for change in reversed(changes) if change.kind == kind}.values())[
            ::-1
        ]
        names = [f"{step.shown} {prices.share(step)}" for step in steps[:NAMED]]
        more = [f"{len(steps) - NAMED} more"] if len(steps) > NAMED else []
        said += [f"{verb}: {words.listed([*names, *more])}"] if steps else []
        shown += steps[:NAMED]
    captures = dict.fromkeys(step.capture for step in shown)
    return Item(f"prices {'; '.join(said)}", "", day(changes[0].at, known.on), evidence(*captures))


def _speeds(known: Known, moved: Sequence[latency.Moved], evidence: Evidence) -> Iterable[tuple[str, Item]]:
    """Of each vendor the speed that moved most in the week, where it is measured."""
    greatest: dict[str, latency.Moved] = {}
    for move in moved:  # the greatest first
        greatest.setdefault(move.row["provider"] or "", move)
    greatest.pop("", None)  # a median over hosts that are not named
    for vendor, move in greatest.items():
        yield load_reference().provider(vendor).id, Item(move.text, "", "", move.refs(known, evidence))


def _story(story: Story, topic: str, known: Known, evidence: Evidence) -> Item:
    when = day(first_told(story), known.on)
    return Item(
        story[0].title, "", when if topic == OTHER else f"{topic}, {when}", evidence(story[0].capture)
    )


def _ends(known: Known, evidence: Evidence) -> Iterable[tuple[str, Item]]:
    """What each vendor said in the week that it will switch off, in one line."""
    by_seller: dict[str, list[Retiring]] = defaultdict(list)
    for row in retiring.soonest(known.retiring):
        if row.told > known.since and not known.catch_up:
            by_seller[row.seller].append(row)
    for seller, gone in by_seller.items():
        names, first, last = retiring.named(gone, instead=False), gone[0].day, gone[-1].day
        when = day(first, known.on) if first == last else f"{day(first, known.on)} to {day(last, known.on)}"
        refs = evidence(*dict.fromkeys(row.capture for row in gone))
        yield load_reference().provider(seller).id, Item(f"to be switched off: {names}", "", when, refs)


def _name(vendor: str) -> str:
    """The vendor as people write it."""
    return load_reference().provider(vendor).name


def _nothing(vendors: Sequence[str], known: Known) -> str:
    """`No news from Groq; Together AI could not be read.`"""
    heard = {
        load_reference().provider(row.vendor).id
        for row in known.sources.values()
        if row.vendor and row.last_success
    }
    quiet = [_name(vendor) for vendor in vendors if vendor in heard]
    unread = [_name(vendor) for vendor in vendors if vendor not in heard]
    said = [f"no news from {words.listed(quiet)}"] if quiet else []
    said += [f"{words.listed(unread)} could not be read"] if unread else []
    return words.sentence("; ".join(said)) if said else ""
