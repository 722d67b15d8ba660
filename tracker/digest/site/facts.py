"""Everything that the site tells, read once, made safe to show, and without what may not be published."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.catalog.reference import Reference, load_reference
from tracker.digest import board
from tracker.digest.evidence import Evidence
from tracker.digest.model import BoardRow
from tracker.digest.model import Reference as Cited
from tracker.digest.publishable import WITHHELD
from tracker.digest.tidy import clean
from tracker.store import sitewide, weekly
from tracker.store.query import happened
from tracker.store.query.steps import Stories, Story
from tracker.store.rows import NewsRow, Offer, PanelRow, SourceRow
from tracker.store.sitewide import Model, Price, Score
from tracker.trends.vintage import own

Panel = dict[str, list[PanelRow]]
NEWS = 40  # pieces of news that a vendor's page lists


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at a moment; the keys are ids. `chat` is the metric that models are ranked by."""

    sources: Mapping[str, SourceRow]
    origins: Mapping[int, str]
    panel: Mapping[str, Sequence[PanelRow]]
    board: Sequence[BoardRow]
    cited: Mapping[int, Cited]
    stories: Mapping[str, Story]
    models: Mapping[str, Model]
    scores: Mapping[str, Sequence[Score]]
    courses: Mapping[str, Mapping[str, Sequence[Score]]]
    offers: Sequence[Offer]
    prices: Mapping[str, Sequence[Price]]
    news: Mapping[str, Sequence[NewsRow]]
    vendors: Mapping[str, str]
    roles: Mapping[str, str]
    chat: str


def gather(connection: sqlite3.Connection, on: date, until: str, forbidden: Collection[str]) -> Facts:
    """Read everything that was known by `until` (RFC 3339), but for the figures of `forbidden` sources."""
    every = weekly.panel(connection, until)
    panel = _panel(every, forbidden)
    leading = board.leading(panel, on)
    latest = sitewide.scores(connection, [_scale(rows[-1]) for rows in panel.values()], until)
    past = sitewide.scores(connection, [_scale(row) for row in leading], until, history=True)
    stories = Stories(connection, list(panel), "any", until)
    told = {metric: stories.of(metric, rows[-1].vintage) for metric, rows in panel.items()}
    sources = {name: clean(row) for name, row in weekly.sources(connection).items()}
    evidence = Evidence(connection, sources)
    states = {metric: told[metric].state(rows[-1].date) for metric, rows in panel.items()}
    rows = _withheld(clean(board.rows(panel, states, on, evidence)), every)
    return Facts(
        sources=sources,
        origins=sitewide.origins(connection, until),
        panel=panel,
        board=rows,
        cited={reference.number: reference for reference in evidence.references()},
        stories=told,
        scores=_best(latest, sitewide.falling(connection)),
        courses=_by_model(past),
        chat=leading[0].metric if leading else "",
        **_market(connection, until, forbidden),
    )


def _market(connection: sqlite3.Connection, until: str, forbidden: Collection[str]) -> dict[str, Any]:
    """Models, vendors, what these ask and say: the other fields of Facts."""
    sellers = sitewide.sellers(connection)
    models = {model.id: clean(model) for model in sitewide.models(connection)}
    offers = [clean(offer) for offer in weekly.offers(connection, until) if offer.source not in forbidden]
    news = _news(happened.news(connection, until), forbidden)
    return {
        "models": models,
        "offers": offers,
        "prices": _prices(connection, until, forbidden),
        "news": news,
        "vendors": _vendors(models.values(), offers, news, {id: name for id, (name, _) in sellers.items()}),
        "roles": {id: role for id, (_, role) in sellers.items()},
    }


def _scale(row: PanelRow) -> sitewide.Scale:
    return row.source, row.metric, own(row.vintage)


def _panel(every: Mapping[str, Sequence[PanelRow]], forbidden: Collection[str]) -> Panel:
    told = {m: [clean(row) for row in rows if row.source not in forbidden] for m, rows in every.items()}
    return {metric: rows for metric, rows in told.items() if rows}


def _withheld(rows: Sequence[BoardRow], every: Mapping[str, Sequence[PanelRow]]) -> list[BoardRow]:
    """The board's rows; a task that is measured where it may not be published says so."""
    tasks = {of_metric[-1].task for of_metric in every.values() if of_metric}
    return [replace(row, note=WITHHELD) if not row.metric and row.task in tasks else row for row in rows]


def _best(scores: Iterable[Score], falling: Collection[str]) -> dict[str, list[Score]]:
    """{metric: each model's best score, the best model first}."""
    best: dict[str, dict[str, Score]] = defaultdict(dict)
    for score in scores:
        known = best[score.metric].get(score.model)
        if known is None or _good(score, falling) > _good(known, falling):
            best[score.metric][score.model] = score
    return {
        metric: sorted(found.values(), key=lambda score: (-_good(score, falling), score.model))
        for metric, found in best.items()
    }


def _good(score: Score, falling: Collection[str]) -> float:
    return -score.value if score.metric in falling else score.value


def _by_model(scores: Iterable[Score]) -> dict[str, dict[str, list[Score]]]:
    """{model: {metric: its scores, oldest first}}."""
    found: dict[str, dict[str, list[Score]]] = defaultdict(lambda: defaultdict(list))
    for score in scores:
        found[score.model][score.metric].append(score)
    return found


def _prices(connection: sqlite3.Connection, until: str, forbidden: Collection[str]) -> dict[str, list[Price]]:
    found: dict[str, list[Price]] = defaultdict(list)
    for price in sitewide.prices(connection, until):
        if price.source not in forbidden:
            found[price.model].append(price)
    return found


def _news(rows: Iterable[NewsRow], forbidden: Collection[str]) -> dict[str, list[NewsRow]]:
    """{vendor: its latest news, newest first}; a page that several feeds told of stands once."""
    reference = load_reference()
    found: dict[str, dict[str, NewsRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: (row.at, row.id), reverse=True):
        theirs = found[vendor_id(row.vendor, reference)]
        if row.source not in forbidden and len(theirs) < NEWS:
            theirs.setdefault(row.url or row.key, row)
    return {vendor: [clean(row) for row in rows.values()] for vendor, rows in found.items() if rows}


def vendor_id(spelling: str, reference: Reference) -> str:
    """The id of a lab or seller; an unknown spelling is its own."""
    return spelling if spelling in reference.organisations else reference.provider(spelling).id


def _vendors(
    models: Iterable[Model],
    offers: Iterable[Offer],
    news: Mapping[str, Sequence[NewsRow]],
    sellers: Mapping[str, str],
) -> dict[str, str]:
    """{id: name} of all that made a model, sell one or told news."""
    labs = load_reference().organisations
    names = {model.organisation: model.organisation for model in models if model.organisation}
    names |= {offer.provider: offer.provider_name for offer in offers if offer.provider}
    names |= {vendor: _titled(vendor, rows) for vendor, rows in news.items()}
    return {id: clean(labs.get(id) or sellers.get(id) or name) for id, name in sorted(names.items())}


def _titled(vendor: str, rows: Sequence[NewsRow]) -> str:
    """What a vendor that only has news is called: as its source is."""
    return vendor if vendor != rows[0].vendor else rows[0].source_title
