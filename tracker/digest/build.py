"""From the database to a Digest: one ISO week, as far as it was known at a moment.

    panel, changes, offers, news (store/weekly.py) -> board, happened, prices -> Digest

The digest is a *catch-up edition* where no place had been polled before the week: then it says where
each task stands and what the record's largest events were, instead of what happened this week.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tracker.digest import board, happened, news, prices, retiring, silent, words
from tracker.digest.causes import Causes
from tracker.digest.evidence import Evidence
from tracker.digest.model import Digest, Item, Refs, Silence, Tier, VendorNews
from tracker.digest.remade import remade
from tracker.digest.tidy import clean
from tracker.digest.weeks import Week, day
from tracker.domain import Standing
from tracker.store import weekly
from tracker.store.query.tiers import CHAT, Leader, led
from tracker.store.rows import ChangeRow, Offer, PanelRow, SourceRow
from tracker.store.times import stamp
from tracker.trends.states import compared


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at the end of a week (or now, within it)."""

    week: Week
    on: date
    panel: Mapping[str, Sequence[PanelRow]]
    steps: Mapping[str, Sequence[ChangeRow]]
    states: Mapping[str, str]
    changes: Sequence[ChangeRow]
    scores: Mapping[str, float]
    sources: Mapping[str, SourceRow]
    catch_up: bool


def build(connection: sqlite3.Connection, week: Week, now: datetime, *, preview: bool = True) -> Digest:
    """The digest of a week, by what was observed until its end, or until now."""
    until = min(now, week.end - timedelta(seconds=1))
    known = _known(connection, week, until)
    evidence = Evidence(connection, dict(known.sources))
    items = _items(known, Causes(connection, stamp(until)), evidence)
    rows = board.rows(known.panel, known.states, known.on, evidence)
    offers = weekly.offers(connection, stamp(until))
    moved, more = prices.moves(() if known.catch_up else known.changes, known.on, evidence)
    tiers = _tiers(known, offers, led(connection, stamp(until)), evidence)
    deprecations = retiring.retirements(connection, known.on, stamp(until), evidence)
    corrections = _corrections(known, evidence)
    if not known.catch_up:
        corrections += remade(known.changes, known.sources, known.on, evidence)
    held = _held(connection, known, stamp(until))
    unknown = _unknown(connection, known)
    refs = _headline_refs(known, items, evidence)
    digest = Digest(
        week=week.name,
        title=week.title,
        span=week.span,
        edition="catch-up" if known.catch_up else "weekly",
        preview=preview,
        generated=stamp(now),
        headline=_headline(known, items),
        summary=board.summary(known.panel, known.on),
        quiet=not items and not moved,
        happened=items,
        board=rows,
        tiers=tiers,
        moves=moved,
        more_moves=more,
        deprecations=deprecations,
        news=_news(connection, known, until, evidence),
        unknown=unknown,
        corrections=corrections,
        held=held,
        silences=silent.silences(known.sources.values(), now),
        references=evidence.references(),
        credits=evidence.credits(),
        headline_refs=refs,
    )
    return clean(digest)


def _known(connection: sqlite3.Connection, week: Week, until: datetime) -> Known:
    on = until.astimezone(week.start.tzinfo).date()
    panel = weekly.panel(connection, stamp(until))
    return Known(
        week=week,
        on=on,
        panel=panel,
        steps=weekly.steps(connection, stamp(until)),
        states=weekly.states(connection, panel, stamp(until)),
        changes=weekly.changes(connection, stamp(week.start), stamp(until)),
        scores=weekly.scores(connection, CHAT, stamp(until)),
        sources=weekly.sources(connection),
        catch_up=not weekly.watched_before(connection, stamp(week.start)),
    )


def _items(known: Known, said: Causes, evidence: Evidence) -> tuple[Item, ...]:
    if not known.catch_up:
        boards = {name: row.title for name, row in known.sources.items()}
        return happened.items(known.changes, boards, said, known.on, evidence)
    record = [step for steps in known.steps.values() for step in steps if step.standing != Standing.RETRACTED]
    largest = sorted(record, key=lambda c: (-c.importance, c.at, c.id))
    return tuple(happened.record(largest, known.on, evidence))


def _tiers(known: Known, offers: list[Offer], chat: list[Leader], evidence: Evidence) -> tuple[Tier, ...]:
    """What the leaders cost, and what the level of earlier leaders costs today."""
    return (
        *prices.leaders(board.leading(known.panel, known.on), offers, evidence),
        *prices.tiers(known.scores, chat, offers, known.on, evidence),
    )


def _headline(known: Known, items: Sequence[Item]) -> str:
    """One sentence that a person would say."""
    chat = known.panel.get(CHAT, ())
    where = _where(chat[-1], known) if chat else ""
    if known.catch_up:
        return where or "No board has been read yet."
    brief = next((item.brief for item in items if item.brief), "")
    if any(change.kind == "gap" and change.standing != Standing.RETRACTED for change in known.changes):
        return words.sentence(brief)
    if not items:
        return "Nothing moved beyond the noise this week."
    return words.sentence("no gap moved beyond the noise this week" + (f"; {brief}" if brief else ""))


def _headline_refs(known: Known, items: Sequence[Item], evidence: Evidence) -> Refs:
    """The evidence of what the headline says: its first item, or the board that it tells of."""
    if known.catch_up:
        chat = known.panel.get(CHAT, ())
        return evidence(chat[-1].capture, board=chat[-1].board) if chat else ()
    return next((item.refs for item in items if item.brief), ())


def _where(row: PanelRow, known: Known) -> str:
    """`The best open model, GLM-5.1 (MIT licence), is 31 points behind ... in chat.`"""
    licence = f" ({row.open_licence} licence)" if row.open_licence else ""
    said = words.standing(row, compared(row.difference, row.noise))
    who = f"the best open model in chat, {row.open_name}{licence}"
    where = f"{row.closed_name} ({row.board}, {day(row.date, known.on)})"
    if said == "tied":
        return words.sentence(f"{who}, is tied with the best proprietary one, {where}")
    return words.sentence(f"{who}, is {said}; the best proprietary one is {where}")


def _news(
    connection: sqlite3.Connection, known: Known, until: datetime, evidence: Evidence
) -> tuple[VendorNews, ...]:
    """The week's news, held against what leads the boards and what moved."""
    leading = {
        model for rows in known.panel.values() for model in (rows[-1].open_model, rows[-1].closed_model)
    }
    kinds = ("gap", "leader", "price up", "price down")
    moved = {c.model for c in known.changes if c.kind in kinds and c.standing != Standing.RETRACTED}
    week = news.Week(stamp(known.week.start), stamp(until), leading, moved)
    return news.of_the_week(connection, week, known.on, evidence)


def _corrections(known: Known, evidence: Evidence) -> tuple[Item, ...]:
    """What earlier editions may have said and the record took back since."""
    since = (known.week.start - timedelta(days=28)).date().isoformat()
    taken_back = [
        step
        for steps in known.steps.values()
        for step in steps
        if step.standing == Standing.RETRACTED and step.date >= since
    ]
    return tuple(
        Item(
            words.sentence(
                f"the step of {step.model_name} on {step.metric_name} did not last a week and is withdrawn"
            ),
            "",
            day(step.date, known.on),
            evidence(step.capture, board=step.board),
            step.standing,
        )
        for step in taken_back
        if not known.catch_up
    )


def _held(connection: sqlite3.Connection, known: Known, until: str) -> tuple[Silence, ...]:
    since = stamp(datetime.combine(known.on - timedelta(days=28), datetime.min.time(), UTC))
    return tuple(
        Silence(known.sources[name].title, reason, day(observed, known.on))
        for name, reason, observed in weekly.held(connection, since, until)
    )


def _unknown(connection: sqlite3.Connection, known: Known) -> tuple[str, ...]:
    """What the figures do not cover, in sentences."""
    found = []
    if known.panel.get(CHAT):
        row = known.panel[CHAT][-1]
        if row.n_unknown:
            have = "has" if row.n_unknown == 1 else "have"
            count = words.plural(row.n_unknown, "model")
            reason = "no known licence; they count as neither open nor closed."
            found.append(f"{count} on {row.metric_name} {have} {reason}")
    if unresolved := weekly.unresolved(connection):
        names = ", ".join(unresolved[:3])
        found.append(
            f"{words.plural(len(unresolved), 'name')} on boards could not be led to a model: {names}."
        )
    unsure = {row.board for rows in known.panel.values() if (row := rows[-1]).noise is None}
    if unsure:
        verb = "publishes" if len(unsure) == 1 else "publish"
        found.append(f"{words.listed(sorted(unsure))} {verb} no intervals, so no tie is claimed there.")
    return tuple(found)
