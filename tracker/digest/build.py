"""From the database to a Digest: one ISO week, as far as it was known at a moment.

    panel, changes, offers, news (store/weekly.py) -> board, happened, prices -> Digest

The digest is a *catch-up edition* where no place had been polled before the week: then it says where
each task stands and what the record's largest events were, instead of what happened this week.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tracker.catalog.reference import load_reference
from tracker.digest import board, happened, prices, words
from tracker.digest.board import state_of
from tracker.digest.evidence import Evidence
from tracker.digest.happened import Ranked
from tracker.digest.model import Digest, Item, Refs, Silence, Story, Tier, VendorNews
from tracker.digest.remade import remade
from tracker.digest.tidy import clean
from tracker.digest.weeks import Week, day
from tracker.domain import Standing
from tracker.store import weekly
from tracker.store.rows import ChangeRow, NewsRow, Offer, PanelRow, SourceRow
from tracker.store.times import stamp

CHAT = "lmarena.text.overall"
VENDORS, STORIES = 8, 3
STALE = timedelta(days=3)
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at the end of a week (or now, within it)."""

    week: Week
    on: date
    panel: Mapping[str, Sequence[PanelRow]]
    steps: Mapping[str, Sequence[ChangeRow]]
    changes: Sequence[ChangeRow]
    scores: Mapping[str, float]
    sources: Mapping[str, SourceRow]
    catch_up: bool


def build(connection: sqlite3.Connection, week: Week, now: datetime, *, preview: bool = True) -> Digest:
    """The digest of a week, by what was observed until its end, or until now."""
    until = min(now, week.end - timedelta(seconds=1))
    known = _known(connection, week, until)
    evidence = Evidence(connection, dict(known.sources))
    items = _items(known, evidence)
    rows = board.rows(known.panel, known.steps, known.on, evidence)
    offers = weekly.offers(connection, stamp(until))
    moved, more = prices.moves(() if known.catch_up else known.changes, known.on, evidence)
    tiers = _tiers(known, offers, evidence)
    news = _news(weekly.news(connection, stamp(week.start), stamp(until)), known.on, evidence)
    deprecations = _deprecations(connection, known.on, stamp(until), evidence)
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
        summary=board.summary(known.panel, known.steps, known.on),
        quiet=not items and not moved,
        happened=items,
        board=rows,
        tiers=tiers,
        moves=moved,
        more_moves=more,
        deprecations=deprecations,
        news=news,
        unknown=unknown,
        corrections=corrections,
        held=held,
        silences=_silences(known.sources, now),
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
        changes=weekly.changes(connection, stamp(week.start), stamp(until)),
        scores=weekly.scores(connection, CHAT, stamp(until)),
        sources=weekly.sources(connection),
        catch_up=not weekly.watched_before(connection, stamp(week.start)),
    )


def _items(known: Known, evidence: Evidence) -> tuple[Item, ...]:
    if not known.catch_up:
        ranked = Ranked(known.scores, {name: row.title for name, row in known.sources.items()})
        return happened.items(known.changes, ranked, known.on, evidence)
    record = [step for steps in known.steps.values() for step in steps if step.standing != Standing.RETRACTED]
    largest = sorted(record, key=lambda c: (-c.importance, c.at, c.id))
    return tuple(happened.record(largest, known.on, evidence))


def _tiers(known: Known, offers: Sequence[Offer], evidence: Evidence) -> tuple[Tier, ...]:
    """What the leaders cost, and what the level of earlier leaders costs today."""
    return (
        *prices.leaders(board.leading(known.panel, known.on), offers, evidence),
        *prices.tiers(known.scores, known.panel.get(CHAT, ()), offers, known.on, evidence),
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
    said = words.standing(row, state_of(row, known.steps))
    who = f"the best open model in chat, {row.open_name}{licence}"
    where = f"{row.closed_name} ({row.board}, {day(row.date, known.on)})"
    if said == "tied":
        return words.sentence(f"{who}, is tied with the best proprietary one, {where}")
    return words.sentence(f"{who}, is {said}; the best proprietary one is {where}")


def _news(rows: Sequence[NewsRow], on: date, evidence: Evidence) -> tuple[VendorNews, ...]:
    """The week's announcements by vendor; one story that several feeds carry stands once."""
    stories: dict[tuple[str, str], list[NewsRow]] = defaultdict(list)
    for row in rows:
        stories[_name(row), " ".join(row.title.casefold().split())].append(row)
    by_vendor: dict[str, list[Story]] = defaultdict(list)
    for (vendor, _), same in stories.items():
        by_vendor[vendor].append(_story(same, on, evidence))
    order = sorted(by_vendor, key=lambda vendor: (-len(by_vendor[vendor]), vendor.casefold()))
    return tuple(
        VendorNews(vendor, tuple(by_vendor[vendor][:STORIES]), max(0, len(by_vendor[vendor]) - STORIES))
        for vendor in order[:VENDORS]
    )


def _name(row: NewsRow) -> str:
    """The vendor as people write it."""
    reference = load_reference()
    known = reference.organisations.get(row.vendor) or reference.provider(row.vendor).name
    return known if known != row.vendor else row.source_title.removesuffix(" blog").removesuffix(" news")


def _story(same: Sequence[NewsRow], on: date, evidence: Evidence) -> Story:
    row = same[0]
    also = tuple(dict.fromkeys(other.source_title for other in same[1:] if other.source != row.source))
    when = day(row.published or row.first_seen, on)
    return Story(row.title, row.url, when, row.source_title, also, evidence(row.capture))


def _deprecations(
    connection: sqlite3.Connection, on: date, until: str, evidence: Evidence
) -> tuple[Item, ...]:
    """What is switched off within two months, soonest first; one item a day."""
    rows = weekly.retirements(connection, on.isoformat(), (on + AHEAD).isoformat(), until)
    by_day: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for subject, retires, replacement, capture in rows:
        by_day[retires].append((subject, replacement, capture))
    items = []
    for retires, gone in sorted(by_day.items()):
        names = [f"{subject} ({new} instead)" if new else subject for subject, new, _ in gone]
        text = f"{words.listed(names)} {'is' if len(names) == 1 else 'are'} switched off"
        when = day(retires, on)
        items.append(Item(words.sentence(text), "", when, evidence(*{c for _, _, c in gone})))
    return tuple(items)


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


def _silences(sources: Mapping[str, SourceRow], now: datetime) -> tuple[Silence, ...]:
    """Sources whose last visit failed, or that have not answered for three days; one line a reason."""
    late = stamp(now - STALE)
    silent: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in sources.values():
        unwell = row.outcome in ("failed", "blocked", "offline")
        if unwell or (row.last_attempt and (row.last_success or "") < late):
            since = day(row.last_success, now.date()) if row.last_success else ""
            silent[_reason(row), since].append(row.title)
    return tuple(_silence(titles, reason, since) for (reason, since), titles in silent.items())


def _silence(titles: Sequence[str], reason: str, since: str) -> Silence:
    if len(titles) <= 3:
        return Silence(words.listed(titles), reason, since)
    return Silence(f"{len(titles)} sources", f"{reason} ({words.listed(titles)})", since)


def _reason(row: SourceRow) -> str:
    if row.outcome == "offline":
        return "no website answered"
    return row.note or f"last visit: {row.outcome or 'none yet'}"


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
    silent = {row.board for rows in known.panel.values() if (row := rows[-1]).noise is None}
    if silent:
        verb = "publishes" if len(silent) == 1 else "publish"
        found.append(f"{words.listed(sorted(silent))} {verb} no intervals, so no tie is claimed there.")
    return tuple(found)
