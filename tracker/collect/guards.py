"""Is this payload sane? What looks wrong is kept and held, and its last good figures stay.

`judge` answers with a reason in words, or "" where the snapshot may be believed. Every test is on the
distribution of a snapshot against the one before it; a single wild price is no page's fault (see
trends/belief.py), and scores that all shift a little are a new vintage (see trends/vintage.py).

| reason | seen as |
|---|---|
| empty, shrunken | too few rows; a metric lost more than 30 % of its rows |
| vanished | no open or no closed model, no offer of a seller, no fact of a kind any more |
| zero, slip | most prices 0, or moved by one large factor |
| swapped | most offers have their prices the other way round, or a metric shows what another one had |
| estranged, shuffled | a board's figures lie where they never lay, or its order is another one |
| impossible, future | values outside their own interval or scale; figures dated in the future |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations, permutations
from operator import attrgetter

from tracker.catalog.metrics import BY_ID, COMPARED
from tracker.catalog.reference import load_reference
from tracker.collect import distributions
from tracker.collect.distributions import MANY, MOST
from tracker.domain import Kind, Observation, Record
from tracker.source import Source
from tracker.store.holding import Snapshot
from tracker.store.spans import FACT, Key, Value, figures
from tracker.trends.belief import WILD
from tracker.trends.price import SELLERS

LEAST = 0.7  # the share of last time's rows below which a page is not believed
FEW = 4  # groups smaller than this may come and go
FREE = 0.9  # the share of prices at zero above which a price list is not believed
PART = 0.05  # the share of a price list that makes any provider a good part of it
LARGE = 3  # the factor from which most prices do not move together
ORDERLY = 0.5  # the rank correlation below which a board's order is another one
TIME_ZONES = timedelta(hours=36)  # a date is in the future everywhere
PATIENT = ("shrunken", "vanished", "estranged", "shuffled")  # what may be believed after a while

GROUP = attrgetter("metric", "vintage")  # of a key: what is counted as one group of rows
Table = dict[str, dict[tuple[str, str, str], float]]  # metric -> (subject, provider, condition) -> figure


def judge(source: Source, records: list[Record], before: Snapshot, observed: datetime) -> str:
    """Why a snapshot cannot be believed, or ""."""
    return weigh(source, figures(records), before, observed, rows=len(records), latest=as_of(records))


def as_of(records: Iterable[Record]) -> datetime | None:
    """The day that the source itself gives its figures: the newest one."""
    return max((r.at for r in records if isinstance(r, Observation) and r.at), default=None)


def weigh(
    source: Source,
    now: Mapping[Key, Value],
    before: Snapshot,
    observed: datetime,
    *,
    rows: int,
    latest: datetime | None = None,
) -> str:
    """As `judge`, of a snapshot in figures: of how many records, and the newest day that they are given."""
    if source.archive:
        return "" if rows else "empty: no row could be read"
    if rows < source.minimum_rows:
        return f"empty: {rows} rows, at least {source.minimum_rows} expected"
    measured, had = _measured(now), _measured(before.figures)
    tests: tuple[Iterator[str], ...] = (
        _shrunken(measured, had),
        _facts_vanished(now, before.figures),
        _impossible(measured),
        _future(latest or observed, observed),
    )
    if source.kind is Kind.PRICES:
        tests += (_prices(measured, had), _provider_vanished(measured, had))
    elif source.kind is Kind.LEADERBOARD:
        tests += (_board(measured, had), _group_vanished(measured, had, before.weights))
    elif source.kind is Kind.SPEED:
        tests += (_speeds(measured, had),)
    return next((reason for test in tests for reason in test), "")


def _measured(said: Mapping[Key, Value]) -> dict[Key, Value]:
    """What a snapshot measures, without what it says of models."""
    return {key: value for key, value in said.items() if not key.metric.startswith(FACT)}


def counts(keys: Iterable[Key]) -> dict[tuple[str, str], int]:
    """Rows per metric and vintage; facts are not counted."""
    rows = Counter(map(GROUP, keys))
    return {group: count for group, count in rows.items() if not group[0].startswith(FACT)}


def _shrunken(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """A group of figures that vanished, or lost more than 30 % of its rows. A new vintage starts anew."""
    left = counts(now)
    metrics = {metric for metric, _ in left}
    for (metric, vintage), rows in sorted(counts(before).items()):
        rest = left.get((metric, vintage), 0)
        renewed = rest == 0 and metric in metrics
        if rows >= FEW and rest < LEAST * rows and not renewed:
            yield f"shrunken: {metric} has {rest} rows, {rows} last time"


def _facts_vanished(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """A kind of fact that many of the subjects still listed had, and none has any more: a renamed field."""
    lost = {key.metric for key in before} - {key.metric for key in now}
    gone = [key for key in before if key.metric in lost and key.metric.startswith(FACT)]
    listed = {(key.subject, key.provider) for key in now} if gone else set()
    had = Counter(key.metric for key in gone if (key.subject, key.provider) in listed)
    for fact, rows in sorted(had.items()):
        if rows >= MANY and rows > MOST * len(listed):
            yield f"vanished: nothing says {fact.removeprefix(FACT)} any more, {rows} rows did"


def _impossible(now: Mapping[Key, Value]) -> Iterator[str]:
    """Most values of a metric outside their own interval, or most percentages outside 0 to 100."""
    rows, outside = Counter[str](), Counter[str]()
    for key, said in now.items():
        metric = BY_ID.get(key.metric)
        if metric is None or said.value is None:
            continue
        value = float(said.value)
        low = float(said.low) if said.low is not None else value
        high = float(said.high) if said.high is not None else value
        rows[key.metric] += 1
        outside[key.metric] += not low <= value <= high or (
            metric.scale == "percent" and not 0 <= value <= 100
        )
    for name, count in sorted(outside.items()):
        if rows[name] >= FEW and count > MOST * rows[name]:
            yield f"impossible: {count} of {rows[name]} figures of {name} lie outside their own bounds"


def _future(latest: datetime, observed: datetime) -> Iterator[str]:
    if latest > observed + TIME_ZONES:
        yield f"future: figures are dated {latest:%Y-%m-%d}"


def _prices(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """A price list on which most prices are free, or moved by one large factor, or stand for each other."""
    was, is_now = _table(before), _table(now)
    everything = [price for rows in is_now.values() for price in rows.values()]
    free = sum(price == 0 for price in everything)
    if free > FREE * len(everything):
        yield f"zero: {free} of {len(everything)} prices are 0"
    for first, second in combinations(sorted(was.keys() & is_now.keys()), 2):
        if rows := distributions.inverted(was[first], was[second], is_now[first], is_now[second]):
            yield f"swapped: {first} and {second} stand the other way round in {rows} offers"
    moved = {metric: distributions.pairs(was[metric], is_now.get(metric, {})) for metric in sorted(was)}
    for metric, both in moved.items():
        if fallen := distributions.to_zero(both):
            yield f"zero: {fallen} of {len(both)} prices of {metric} fell to 0"
        yield from _slipped(both, f"prices of {metric}", LARGE)
    yield from _slipped([pair for both in moved.values() for pair in both], "prices", WILD)


def _slipped(both: Sequence[tuple[float, float]], what: str, large: int) -> Iterator[str]:
    factor, rows = distributions.common_factor(both)
    if rows and not 1 / large < factor < large:
        yield f"slip: {rows} of {len(both)} {what} moved by the factor {factor:g}"


def _board(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """A board whose figures are no longer those of their metric."""
    was, is_now = _table(before), _table(now)
    for first, second in permutations(sorted(was.keys() & is_now.keys()), 2):
        if rows := distributions.taken(was[first], was[second], is_now[first]):
            yield f"swapped: {rows} rows of {first} show what {second} had"
    for metric in sorted(was.keys() & is_now.keys()):
        both = distributions.pairs(was[metric], is_now[metric])
        if not _is_compared(metric):
            yield from _slipped(both, f"figures of {metric}", LARGE)
        elif distributions.apart(both):
            yield f"estranged: the {len(both)} figures of {metric} lie where none lay before"
        elif (kept := distributions.order_kept(both)) < ORDERLY:
            yield f"shuffled: the order of {metric} is another one (rank correlation {kept:.2f})"


def _is_compared(metric: str) -> bool:
    """Whether a board ranks by a metric; what a run costs or takes is measured anew now and then."""
    return metric not in BY_ID or BY_ID[metric].scale in COMPARED


def _speeds(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """Speeds that slipped from one unit into another; they vary too much for any test of their order."""
    was, is_now = _table(before), _table(now)
    for metric in sorted(was.keys() & is_now.keys()):
        both = distributions.pairs(was[metric], is_now[metric])
        yield from _slipped(both, f"figures of {metric}", LARGE)
        if distributions.apart(both):
            yield f"estranged: the {len(both)} figures of {metric} lie where none lay before"


def _table(said: Mapping[Key, Value]) -> Table:
    """The figures of each metric, in numbers; those of different vintages are different rows."""
    table: Table = defaultdict(dict)
    for key, value in said.items():
        if value.value is not None:
            row = (key.subject, key.provider, key.vintage + key.condition)
            table[key.metric][row] = float(value.value)
    return dict(table)


def _provider_vanished(now: Mapping[Key, Value], before: Mapping[Key, Value]) -> Iterator[str]:
    """A seller that had offers and has none, or a good part of the list that lost half of its own.

    A seller is a lab, a host or a cloud, since these decide what is cheapest: that one of a hundred resellers
    is taken off a list is no reason to doubt the rest.
    """
    had, has = _offers(before), _offers(now)
    whole = sum(map(len, had.values()))
    for provider, offers in sorted(had.items()):
        large = len(offers) >= PART * whole
        left = len(has.get(provider, ()))
        if len(offers) >= FEW and not left and (large or load_reference().provider(provider).role in SELLERS):
            yield f"vanished: {provider} had {len(offers)} offers and has none"
        if large and len(offers) >= MANY and left <= MOST * len(offers):
            yield f"shrunken: {provider} has {left} offers, {len(offers)} last time"


def _offers(said: Iterable[Key]) -> dict[str, set[str]]:
    """What each seller offers, whichever of its spellings the list uses."""
    found: dict[str, set[str]] = defaultdict(set)
    for key in said:
        if key.provider:
            found[load_reference().provider(key.provider).id].add(key.subject)
    return found


def _group_vanished(
    now: Mapping[Key, Value], before: Mapping[Key, Value], weights: Mapping[str, str]
) -> Iterator[str]:
    """A board without any open, or any closed, model where there had been several; a new vintage aside.

    Of a board that spells most of its models anew nobody knows yet which are open.
    """
    had, has = _groups(before, weights), _groups(now, weights)
    gone = {group: rows for group, rows in had.items() if rows >= FEW and group not in has}
    if not gone:
        return
    shown, familiar = counts(now), counts(key for key in now if key in before)
    for (metric, vintage, kind), rows in sorted(gone.items()):
        if familiar.get((metric, vintage), 0) > MOST * shown.get((metric, vintage), 0):
            yield f"vanished: {metric} had {rows} {kind} models and has none"


def _groups(said: Iterable[Key], weights: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """Rows per metric, vintage and kind of weights, of the models whose weights are known."""
    known = ((key.metric, key.vintage, weights.get(key.subject, "unknown")) for key in said)
    return Counter(group for group in known if group[2] in ("open", "closed"))
