"""From the database to a Digest: one ISO week, as far as it was known at a moment.

    panel, changes, offers, news (known.py) -> headline, happened, questions, board, prices, vendors -> Digest

The digest is a *catch-up edition* where no place had been polled before the week: then it says where
each task stands and what the record's largest events were, instead of what happened this week.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tracker.config import Editing
from tracker.digest import (
    answers,
    board,
    happened,
    headline,
    latency,
    news,
    prices,
    questions,
    retiring,
    silent,
    vendors,
    words,
)
from tracker.digest.causes import Causes
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.mentions import index
from tracker.digest.model import Answer, Digest, Item, Silence, Tier
from tracker.digest.once import licences_once
from tracker.digest.remade import remade
from tracker.digest.stories import Story
from tracker.digest.style import figure
from tracker.digest.tidy import clean, numbered, short
from tracker.digest.topics import topics_of
from tracker.digest.weeks import Week, day
from tracker.domain import Standing
from tracker.store import weekly
from tracker.store.query import happened as announced
from tracker.store.query import identity
from tracker.store.query.tiers import CHAT
from tracker.store.rows import ChangeRow
from tracker.store.times import stamp

USUAL = Editing()
HELD = 2  # places named of those whose figures are held


def build(
    connection: sqlite3.Connection,
    week: Week,
    now: datetime,
    *,
    preview: bool = True,
    editing: Editing = USUAL,
) -> Digest:
    """The digest of a week, by what was observed until its end, or until now."""
    known = Known(connection, week, min(now, week.end - timedelta(seconds=1)), editing)
    evidence = Evidence(connection, dict(known.sources))
    digest = _with_prices(_of_gaps(known, evidence, now), known, evidence)
    digest = replace(digest, preview=preview, own_use=editing.own_use, references=evidence.references())
    digest = short(digest) if digest.quiet else digest
    digest = _with_silences(numbered(licences_once(digest, known.licences)), known, now)
    return clean(replace(digest, credits=evidence.credits(digest.references)))


def _of_gaps(known: Known, evidence: Evidence, now: datetime) -> Digest:
    """The digest as far as it tells of models: what happened, where they stand, what ended or is in doubt."""
    items = _items(known, evidence)
    quiet = not any(item.brief for item in items)
    return Digest(
        week=known.week.name,
        title=known.week.title,
        span=known.week.span,
        edition="catch-up" if known.catch_up else "weekly",
        preview=True,
        generated=stamp(now),
        headline=headline.headline(known, items),
        summary=headline.summary(known, quiet=quiet),
        headline_refs=headline.refs(known, items, evidence),
        quiet=quiet,
        happened=items,
        board=board.rows(known.panel, known.states, known.on, evidence, known.withheld),
        tiers=(),
        moves=(),
        more_moves=0,
        deprecations=_ends(known, evidence),
        news=(),
        unknown=_unknown(known),
        corrections=_corrections(known, evidence),
        held=_held(known),
        silences=(),
        references=(),
        credits=(),
    )


def _with_prices(digest: Digest, known: Known, evidence: Evidence) -> Digest:
    """The digest with prices, speeds and news, and with the answers that rest on them."""
    levels = prices.tiers(known.scores, known.tiers, known.names, known.offers, evidence)
    moved, more = prices.moves(() if known.catch_up else known.changes, known.on, evidence)
    told, speeds = _news(known), latency.moves(known)
    watched, no_news = vendors.watch(known, told, moved, speeds, evidence)
    return replace(
        digest,
        questions=_answers(known, levels, speeds, evidence, quiet=digest.quiet),
        tiers=prices.hosts_once((*_leaders(known, evidence), *levels)),
        moves=moved,
        more_moves=more,
        vendors=watched,
        no_news=no_news,
        news=news.by_vendor(_elsewhere(told, known), known.on, evidence),
    )


def _items(known: Known, evidence: Evidence) -> tuple[Item, ...]:
    if not known.catch_up:
        boards = {name: row.title for name, row in known.sources.items()}
        said = Causes(known.connection, known.at, own=known.own)
        return happened.items(known.changes, boards, said, known.on, evidence)
    record = [step for steps in known.steps.values() for step in steps if step.standing != Standing.RETRACTED]
    largest = sorted(record, key=lambda c: (-c.importance, c.at, c.id))
    return tuple(happened.record(largest, known.on, evidence))


def _leaders(known: Known, evidence: Evidence) -> tuple[Tier, ...]:
    """What the leaders of tasks cost."""
    return prices.leaders(board.leading(known.panel, known.on), known.offers, evidence)


def _news(known: Known) -> list[Story]:
    """The week's stories, held against what leads the boards and what moved."""
    leading = {
        model for rows in known.panel.values() for model in (rows[-1].open_model, rows[-1].closed_model)
    }
    kinds = ("gap", "leader", "price up", "price down")
    moved = {c.model for c in known.changes if c.kind in kinds and c.standing != Standing.RETRACTED}
    week = news.Week(known.since, known.at, leading, moved)
    rows = announced.news(known.connection, known.at, own=known.own)
    return news.of_the_week(rows, week, index(identity.names(known.connection)))


def _elsewhere(told: list[Story], known: Known) -> list[Story]:
    """The stories that vendor watch does not tell."""
    always = vendors.fixed(known)
    return [
        story
        for story in told
        if story[0].vendor not in always and topics_of(story[0])[0] not in vendors.ELSEWHERE
    ]


def _corrections(known: Known, evidence: Evidence) -> tuple[Item, ...]:
    """What an earlier edition may have said and was taken back in the week, and what boards did."""
    if known.catch_up:
        return ()
    steps: dict[tuple[str, str], list[ChangeRow]] = defaultdict(list)
    for step in weekly.taken_back(known.connection, known.since, known.at, own=known.own):
        steps[step.model_name, step.date].append(step)
    withdrawn = tuple(_taken_back(same, known, evidence) for same in steps.values())
    return withdrawn + remade(known.changes, known.sources, known.on, evidence)


def _taken_back(steps: Sequence[ChangeRow], known: Known, evidence: Evidence) -> Item:
    """The steps of a model in one snapshot that did not last."""
    places = words.listed([step.metric_name for step in steps])
    step, is_ = ("step", "is") if len(steps) == 1 else ("steps", "are")
    text = f"the {step} of {steps[0].model_name} on {places} did not last a week and {is_} withdrawn"
    refs = dict.fromkeys(ref for one in steps for ref in evidence(one.capture, board=one.board))
    return Item(words.sentence(text), "", day(steps[0].date, known.on), tuple(refs), steps[0].standing)


def _held(known: Known) -> tuple[Silence, ...]:
    """What is held back, the latest first: a few by name and capture, the others by their number."""
    since = stamp(datetime.combine(known.on - timedelta(days=28), datetime.min.time(), UTC))
    latest = weekly.held(known.connection, since, known.at)[::-1]
    named = tuple(
        Silence(known.sources[one.source].title, one.reason, day(one.observed, known.on), f"c{one.capture}")
        for one in latest[:HELD]
    )
    if len(latest) <= HELD:
        return named
    return (*named, Silence(f"{len(latest) - HELD} more", "`gapwatch db quarantine` lists them", ""))


def _with_silences(digest: Digest, known: Known, now: datetime) -> Digest:
    """The digest with those silences that its figures rest on, and the number of the others."""
    told = {reference.source for reference in digest.references}
    silences, others = silent.silences(known.sources.values(), now, told)
    return replace(digest, silences=silences, unknown=(*digest.unknown, *filter(None, [others])))


def _answers(
    known: Known, levels: Sequence[Tier], speeds: Sequence[latency.Moved], evidence: Evidence, *, quiet: bool
) -> tuple[Answer, ...]:
    """The answers to the builder's questions; in a quiet week, those of the week before in one line."""
    now = questions.questions(known, levels, speeds, evidence)
    if not quiet or known.catch_up:
        return answers.told(now)
    past = replace(known, until=known.week.start - timedelta(seconds=1))
    then = prices.tiers(past.scores, past.tiers, past.names, past.offers, evidence)
    return answers.told(now, questions.questions(past, then, (), evidence))


def _ends(known: Known, evidence: Evidence) -> tuple[Item, ...]:
    """What goes away soon, but for what vendor watch tells as this week's word."""
    by = retiring.NEVER if known.catch_up else known.since
    return retiring.retirements(known.retiring, known.on, evidence, known_by=by)


def _unknown(known: Known) -> tuple[str, ...]:
    """What the figures do not cover, in sentences."""
    found = []
    if known.panel.get(CHAT):
        row = known.panel[CHAT][-1]
        if row.n_unknown:
            count = words.plural(row.n_unknown, "model")
            of = "counts" if row.n_unknown == 1 else "count"
            found.append(f"{count} of unknown licence on {row.metric_name} {of} as neither open nor closed.")
    if unresolved := weekly.unresolved(known.connection):
        lead = "name on boards leads" if len(unresolved) == 1 else "names on boards lead"
        found.append(
            f"{figure(str(len(unresolved)))} {lead} to no known model: `gapwatch models --unresolved`."
        )
    return tuple(found)
