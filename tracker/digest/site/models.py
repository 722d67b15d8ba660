"""A page for each model, and the list of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from tracker.digest import words
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts
from tracker.digest.site.metrics import interval, named
from tracker.digest.site.names import metric_page, model_page, vendor_page
from tracker.digest.site.page import FIGURE, SHORT, Cell, Column, Page, Plot, Section, Table
from tracker.digest.site.plots import Course, Value, plot
from tracker.digest.weeks import day
from tracker.store.rows import Offer
from tracker.store.sitewide import Model, Price, Score
from tracker.trends.price import believed, blended

PLOTS = 2  # metrics whose course a model's page draws
Places = Mapping[str, Sequence[tuple[str, int, Score]]]  # {model: (metric, place, score)}


def places(facts: Facts) -> Places:
    """Where each model is scored, and at which place."""
    found: dict[str, list[tuple[str, int, Score]]] = defaultdict(list)
    for metric, scores in facts.scores.items():
        for place, score in enumerate(scores, 1):
            found[score.model].append((metric, place, score))
    return found


def model(one: Model, facts: Facts, scored: Places, offers: Sequence[Offer], cites: Cites) -> Page:
    """One model: its scores, their course, and what it costs where."""
    mine = scored.get(one.id, ())
    courses = [*_courses(one, facts, cites)]
    price = _cheapest(facts.prices.get(one.id, ()), cites)
    sections = [
        Section("scores", "Scores", plots=tuple(courses), table=_scores(mine, facts, cites)),
        Section("prices", "Prices", plots=(price,) if price else (), table=_offers(offers, facts, cites)),
    ]
    there = tuple(section for section in sections if section.plots or section.table)
    return Page(
        model_page(one.id),
        "Model",
        one.name or one.id,
        _lead(one, facts) + ("" if there else " No board scores it and nobody is known to sell it."),
        _facts(one, facts),
        there,
        cites.credits(),
        Cell("All models", "models.html"),
        f"{one.id} {facts.vendors.get(one.organisation, '')}",
    )


def _lead(one: Model, facts: Facts) -> str:
    said = {"open": "Its weights can be downloaded", "closed": "Its weights are not published"}
    licence = f" under {one.licence}" if one.licence and one.weights == "open" else ""
    return words.sentence(said.get(one.weights, "Whether its weights are published is not known") + licence)


def _facts(one: Model, facts: Facts) -> tuple[tuple[str, Cell], ...]:
    maker = facts.vendors.get(one.organisation, one.organisation)
    told = (
        ("Maker", Cell(maker, vendor_page(one.organisation) if one.organisation in facts.vendors else "")),
        ("Weights", replace(weights(one), under="")),
        ("Licence", Cell(one.licence, under=one.licence_class if one.licence_class != "unknown" else "")),
        ("Released", Cell(released(one))),
    )
    return tuple((name, cell) for name, cell in told if cell.text)


def weights(one: Model) -> Cell:
    """Whether its weights are open, and under which licence."""
    return Cell(one.weights, under=one.licence, tone=one.weights if one.weights in ("open", "closed") else "")


def released(one: Model) -> str:
    """The day of its release in words; a month or a year as it is known."""
    return day(one.released) if len(one.released) == 10 else one.released


def _scores(mine: Sequence[tuple[str, int, Score]], facts: Facts, cites: Cites) -> Table | None:
    columns = (Column("Metric"), Column("Score", FIGURE), Column("Place", FIGURE), Column("Since", FIGURE))
    cells = tuple(
        (
            Cell(
                facts.panel[metric][-1].metric_name,
                metric_page(metric),
                under=score.variant,
                evidence=cites.all([score.capture]),
            ),
            Cell(
                words.score(score.value, facts.panel[metric][-1].scale),
                under=interval(score, facts.panel[metric][-1].scale),
            ),
            Cell(f"{place} of {len(facts.scores[metric])}"),
            Cell(day(score.at)),
        )
        for metric, place, score in mine
    )
    return Table("Its best score on each metric", columns, cells) if cells else None


def _courses(one: Model, facts: Facts, cites: Cites) -> Iterator[Plot]:
    """The course of its scores where it is longest."""
    mine = facts.courses.get(one.id, {})
    for metric in sorted(mine, key=lambda metric: (metric != facts.chat, -len(mine[metric])))[:PLOTS]:
        last = facts.panel[metric][-1]
        best = {score.variant for score in facts.scores.get(metric, ()) if score.model == one.id}
        values = [
            Value(s.at[:10], s.value, words.score(s.value, last.scale), cites(s.capture))
            for s in mine[metric]
            if not best or s.variant in best
        ]
        if best and values[-1].day < last.date:
            values.append(Value(last.date, values[-1].value, values[-1].said, cites(last.capture)))
        tone = one.weights if one.weights in ("open", "closed") else "plain"
        course = Course(named(one.id, next(iter(best), ""), facts), tone, tuple(values))
        unit = words.PER_CENT if last.scale == "percent" else ""
        if drawn := plot(
            f"course-{len(values)}-{metric}".replace(".", "-"),
            f"Its score on {last.metric_name}",
            [course],
            unit=unit,
        ):
            yield drawn


def _offers(offers: Sequence[Offer], facts: Facts, cites: Cites) -> Table | None:
    columns = (
        Column("Seller"),
        Column("In", FIGURE),
        Column("Out", FIGURE),
        Column("3:1", FIGURE),
        Column("Role"),
    )
    cells = tuple(
        (
            Cell(offer.provider_name, vendor_page(offer.provider), evidence=cites.all([offer.capture])),
            Cell(words.money(offer.input)),
            Cell(words.money(offer.output)),
            Cell(words.money(blended(offer.input, offer.output))),
            Cell(offer.role or "unknown", under=facts.sources[offer.source].title),
        )
        for offer in sorted(offers, key=lambda offer: (blended(offer.input, offer.output), offer.provider))
    )
    return Table("What it costs now, in dollars per million tokens", columns, cells) if cells else None


def _cheapest(prices: Sequence[Price], cites: Cites) -> Plot | None:
    """What the cheapest believed seller asked over time, at three parts input to one part output."""
    values = [
        Value(when, float(price), f"{words.money(price)} at {seller}", cites(capture))
        for when, price, seller, capture in cheapest(prices)
    ]
    course = Course("Cheapest seller", "plain", tuple(values))
    return plot("price-chart", "The cheapest price, in dollars per million tokens", [course], zero=True)


def cheapest(prices: Sequence[Price]) -> Iterator[tuple[str, Decimal, str, int]]:
    """(day, blended price, seller, capture) where the cheapest believed offer changes; oldest first."""
    asked: dict[tuple[str, str, str], dict[str, Price]] = defaultdict(dict)
    said = None
    for when, changed in groupby(prices, key=lambda price: price.at[:10]):
        for price in changed:
            asked[price.offer][price.part] = price
        offers = [both for both in (_both(parts) for parts in asked.values()) if both]
        chosen = believed(offers, lambda offer: offer[0], lambda offer: offer[1].own)
        if chosen:
            least, whose = min(chosen, key=lambda offer: (offer[0], offer[1].provider))
            if said != (least, whose.provider):
                said = least, whose.provider
                yield when, least, whose.provider, whose.capture


def _both(parts: Mapping[str, Price]) -> tuple[Decimal, Price] | None:
    """An offer's blended price and its latest part; None where it is not listed, or free."""
    price_in, price_out = (parts[part].value if part in parts else None for part in ("input", "output"))
    if price_in is None or not price_out:
        return None
    return blended(price_in, price_out), max(parts.values(), key=lambda price: price.at)


def models_page(facts: Facts, cites: Cites) -> Page:
    """Every model, those that are scored first."""
    ranked = {score.model: score for score in facts.scores.get(facts.chat, ())}
    placed = {id: place for place, id in enumerate(ranked)}
    order = sorted(facts.models.values(), key=lambda one: (placed.get(one.id, len(placed)), one.name, one.id))
    cells = tuple(_listed(one, ranked.get(one.id), facts, cites) for one in order)
    name = facts.panel[facts.chat][-1].metric_name if facts.chat else "Score"
    columns = (
        Column("Model"),
        Column("Maker"),
        Column("Weights", SHORT),
        Column("Released", SHORT),
        Column(name, FIGURE),
    )
    table = Table("Every model that a board, a list or a vendor named", columns, cells)
    lead = f"{words.plural(len(order), 'model')}, ranked by {name} where they are on it."
    sections = (Section("models", "Models", table=table),) if order else ()
    lead = lead if order else "No model is known yet."
    return Page("models.html", "Models", "All models", lead, sections=sections, credits=cites.credits())


def _listed(one: Model, score: Score | None, facts: Facts, cites: Cites) -> tuple[Cell, ...]:
    maker = facts.vendors.get(one.organisation, one.organisation)
    return (
        Cell(one.name or one.id, model_page(one.id)),
        Cell(maker, vendor_page(one.organisation) if one.organisation in facts.vendors else ""),
        weights(one),
        Cell(released(one)),
        _ranked(score, facts, cites),
    )


def _ranked(score: Score | None, facts: Facts, cites: Cites) -> Cell:
    if score is None:
        return Cell("")
    scale = facts.panel[facts.chat][-1].scale
    return Cell(words.score(score.value, scale), evidence=cites.all([score.capture]))
