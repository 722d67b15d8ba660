"""Alerts between digests, decided: pure functions from rules, figures and what was told before.

A rule sees of each of its subjects a *level*: 0 nothing, 1 what it waits for, 2 more of it. It fires when the
level is above the one that it has told, and then holds still until it is *armed* again:

- gap        1 tied, 2 overtaken, of the metric that speaks for a task; armed again when the proprietary side
             leads by more than 1.5 times the noise. Confirmed: it still holds in a snapshot a week later.
- price      1 under the limit, at the cheapest believed seller, blended 3:1; armed again from 10 % above it.
- cheapest   another seller than the one last told is cheapest, by at least 2 % of what that one asks now. The
             first look tells nothing and remembers who it is.
- retiring   a model is to be switched off; once a seller, spelling and day, so a day that is moved is news.
- incident   a vendor's status page tells of one, in the last two days; once each.

A rule of a gap may ask for provisional figures: then the last snapshot alone decides. A price in force has
been believed already: a wild one is held until the vendor's page or an independent list bears it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tracker.digest import board, words
from tracker.digest.prices import credible
from tracker.digest.weeks import day
from tracker.outlets import Rule
from tracker.store.alerting import State, States
from tracker.store.query import fold
from tracker.store.rows import NewsRow, Offer, PanelRow, Retiring
from tracker.trends.agreement import is_fresh
from tracker.trends.events import HOLD
from tracker.trends.price import blended
from tracker.trends.states import compared

REARM_NOISE = 1.5
REARM_PRICE = Decimal("1.1")
CHEAPER = Decimal("0.98")
STATES = ("behind", "tied", "overtaken")  # by level
NEWS = timedelta(days=2)  # an incident that is older is none any more


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known now: the panel, the offers in force, what retires, incidents."""

    on: date
    panel: Mapping[str, Sequence[PanelRow]]
    offers: Sequence[Offer]
    retiring: Sequence[tuple[str, Retiring]]
    incidents: Sequence[NewsRow]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule sees of a subject: its level, whether that arms it again, and what it would tell."""

    subject: str
    level: int
    arms: bool
    value: str
    text: str
    capture: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule tells, once."""

    rule: str
    seen: Seen


def decide(
    rules: Iterable[Rule], facts: Facts, told: States, now: str
) -> tuple[list[Alert], dict[tuple[str, str], State]]:
    """What fires, and the states that change by it; `now` is the stamp to be kept."""
    fired: list[Alert] = []
    changed: dict[tuple[str, str], State] = {}
    for rule in rules:
        for seen in look(rule, facts, told):
            key = (rule.name, seen.subject)
            before = changed.get(key) or told.get(key, State())  # two lists may tell the same
            if seen.level > before.level:
                fired.append(Alert(rule.name, seen))
                changed[key] = State(seen.level, seen.value, now, seen.text)
            elif seen.arms and (before.level or before.value != seen.value):
                changed[key] = before._replace(level=0, value=seen.value)
    return fired, changed


def look(rule: Rule, facts: Facts, told: States) -> Iterator[Seen]:
    """What a rule sees of each of its subjects now."""
    match rule.when:
        case "gap":
            yield from _gaps(rule, facts)
        case "price":
            yield from _prices(rule, facts)
        case "cheapest":
            yield from _cheapest(rule, facts, told)
        case "retiring":
            yield from _retiring(rule, facts)
        case "incident":
            yield from _incidents(rule, facts)


def _gaps(rule: Rule, facts: Facts) -> Iterator[Seen]:
    wanted = set(map(str.casefold, rule.tasks))
    for row in board.leading(facts.panel, facts.on):
        chosen = not wanted or row.task.casefold() in wanted
        if not (chosen and is_fresh(date.fromisoformat(row.date), facts.on)):
            continue
        level = _level(row) if rule.provisional else _held(facts.panel[row.metric])
        arms = row.noise is not None and row.difference > REARM_NOISE * row.noise
        yield Seen(row.metric, level, arms, STATES[level], _of_gap(row, level, facts.on), row.capture)


def _of_gap(row: PanelRow, level: int, on: date) -> str:
    verb = ("is behind", "is tied with", "leads")[level]
    lead = f" by {words.points(row.difference, row.scale)}" if level == 2 else ""
    where = f"{row.metric_name}, {day(row.date, on)}"
    return words.sentence(f"in {row.task}, {row.open_name} {verb} {row.closed_name}{lead} ({where})")


def _level(row: PanelRow) -> int:
    """0 behind or not known, 1 tied, 2 overtaken."""
    return {"tied": 1, "overtaken": 2}.get(compared(row.difference, row.noise), 0)


def _held(rows: Sequence[PanelRow]) -> int:
    """The level that every snapshot has shown since one at least a week before the last."""
    since = (date.fromisoformat(rows[-1].date) - HOLD).isoformat()
    begun = max((row.date for row in rows if row.date <= since), default="")
    return min(_level(row) for row in rows if row.date >= begun) if begun else 0


def _prices(rule: Rule, facts: Facts) -> Iterator[Seen]:
    assert rule.under is not None, "outlets.py has looked"
    for offers in _by_model(rule, facts).values():
        least, price = offers[0], _price(offers[0])
        text = words.sentence(
            f"a million tokens (3:1) of {least.name} cost {words.money(price)} at {least.provider_name},"
            f" under your {words.money(rule.under)}"
        )
        arms = price >= rule.under * REARM_PRICE
        yield Seen(least.model, int(price < rule.under), arms, f"{price.normalize():f}", text, least.capture)


def _cheapest(rule: Rule, facts: Facts, told: States) -> Iterator[Seen]:
    for model, offers in _by_model(rule, facts).items():
        least, known = offers[0], told.get((rule.name, model))
        if known is None or known.value == least.provider:
            yield Seen(model, 0, True, least.provider, "", least.capture)
            continue
        old = next((offer for offer in offers if offer.provider == known.value), None)
        news = old is None or _price(least) <= _price(old) * CHEAPER
        level = known.level + int(news)
        yield Seen(model, level, False, least.provider, _of_host(least, old, known.value), least.capture)


def _of_host(least: Offer, old: Offer | None, known: str) -> str:
    there = old.provider_name if old else known
    was = f"{words.money(_price(old))} there now" if old else "no longer offered there"
    return words.sentence(
        f"the cheapest host of {least.name} is {least.provider_name} with {words.money(_price(least))} per"
        f" million tokens (3:1), not {there} any more ({was})"
    )


def _by_model(rule: Rule, facts: Facts) -> dict[str, list[Offer]]:
    """The believed offers of the rule's models, the cheapest first."""
    wanted = set(map(fold, rule.models))
    found: dict[str, list[Offer]] = {}
    for offer in sorted(credible(facts.offers), key=lambda offer: (_price(offer), offer.provider)):
        if {fold(offer.model), fold(offer.name)} & wanted:
            found.setdefault(offer.model, []).append(offer)
    return found


def _price(offer: Offer) -> Decimal:
    return blended(offer.input, offer.output)


def _retiring(rule: Rule, facts: Facts) -> Iterator[Seen]:
    wanted = set(map(fold, rule.models))
    for model, row in facts.retiring:
        if {fold(model), fold(row.subject)} & wanted:
            instead = f"; use {row.replacement} instead" if row.replacement else ""
            text = f"at {row.seller}, {row.subject} is switched off on {day(row.day, facts.on)}{instead}"
            subject = f"{row.seller}: {row.subject} on {row.day}"
            yield Seen(subject, 1, False, row.day, words.sentence(text), row.capture)


def _incidents(rule: Rule, facts: Facts) -> Iterator[Seen]:
    wanted = set(map(fold, rule.vendors))
    for row in facts.incidents:
        if {fold(row.vendor), fold(row.source), fold(row.source_title)} & wanted:
            when = day(row.published or row.first_seen, facts.on)
            text = words.sentence(f"{row.source_title}, {when}: {row.title}")
            yield Seen(f"a{row.id}", 1, False, row.title, text, row.capture, row.url)
