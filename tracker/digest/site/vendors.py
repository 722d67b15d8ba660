"""A page for each vendor (a lab, or who sells tokens), and the list of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tracker.digest import words
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts
from tracker.digest.site.metrics import named
from tracker.digest.site.models import released, weights
from tracker.digest.site.names import model_page, vendor_page
from tracker.digest.site.page import FIGURE, SHORT, Cell, Column, Page, Plot, Section, Story, Table
from tracker.digest.site.plots import Course, Value, plot
from tracker.digest.weeks import day
from tracker.store.rows import Offer
from tracker.store.sitewide import Model
from tracker.trends.price import blended

ROLES = {
    "lab": "It makes models and sells them",
    "host": "It serves models of others",
    "cloud": "A cloud that serves models",
    "aggregator": "It resells what others serve",
    "plan": "It sells subscriptions, whose token prices say little",
}


def made_by(facts: Facts) -> dict[str, list[Model]]:
    """{vendor: its models, the latest release first}."""
    found: dict[str, list[Model]] = defaultdict(list)
    for model in sorted(facts.models.values(), key=lambda one: one.released, reverse=True):
        found[model.organisation].append(model)
    return found


def sold_by(offers: Iterable[Offer], key: str = "provider") -> dict[str, list[Offer]]:
    """{vendor, or with `key` "model" {model: the offers of it}."""
    found: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        found[getattr(offer, key)].append(offer)
    return found


def vendor(id: str, facts: Facts, models: Sequence[Model], offers: Sequence[Offer], cites: Cites) -> Page:
    """One vendor: the models it made, what it sells, and its news."""
    chart = _releases(models, facts, cites)
    sections = [
        Section("models", "Models", plots=(chart,) if chart else (), table=_models(models, facts, cites)),
        Section("prices", "Prices", table=_offers(offers, facts, cites)),
        Section("news", "News", stories=_news(id, facts, cites)),
    ]
    role = ROLES.get(facts.roles.get(id, ""), "It makes models" if models else "Its news is watched")
    return Page(
        vendor_page(id),
        "Vendor",
        facts.vendors[id],
        words.sentence(role),
        (),
        tuple(section for section in sections if section.plots or section.table or section.stories),
        cites.credits(),
        Cell("All vendors", "vendors.html"),
        id,
    )


def _releases(models: Sequence[Model], facts: Facts, cites: Cites) -> Plot | None:
    """Its models by the day of their release, as high as they score in chat today."""
    if not facts.chat:
        return None
    last = facts.panel[facts.chat][-1]
    scores = {score.model: score for score in facts.scores.get(facts.chat, ())}
    courses = []
    for name, tone in (("Open", "open"), ("Proprietary", "closed"), ("Unknown", "plain")):
        values = tuple(
            Value(
                one.released,
                scores[one.id].value,
                f"{named(one.id, '', facts)}: {words.score(scores[one.id].value, last.scale)}",
                cites(scores[one.id].capture),
                model_page(one.id),
            )
            for one in sorted(models, key=lambda one: one.released)
            if one.id in scores and len(one.released) == 10 and _tone(one) == tone
        )
        courses += [Course(name, tone, values, joined=False)] if values else []
    return plot(
        "releases-chart", f"Its models by release, and their score on {last.metric_name} now", courses
    )


def _tone(one: Model) -> str:
    return one.weights if one.weights in ("open", "closed") else "plain"


def _models(models: Sequence[Model], facts: Facts, cites: Cites) -> Table | None:
    scores = {score.model: score for score in facts.scores.get(facts.chat, ())}
    name = facts.panel[facts.chat][-1].metric_name if facts.chat else "Score"
    scale = facts.panel[facts.chat][-1].scale if facts.chat else ""
    cells = tuple(
        (
            Cell(one.name or one.id, model_page(one.id)),
            weights(one),
            Cell(released(one)),
            Cell(words.score(scores[one.id].value, scale), evidence=cites.all([scores[one.id].capture]))
            if one.id in scores
            else Cell(""),
        )
        for one in models
    )
    columns = (Column("Model"), Column("Weights", SHORT), Column("Released", SHORT), Column(name, FIGURE))
    return Table("Its models, the latest release first", columns, cells) if cells else None


def _offers(offers: Sequence[Offer], facts: Facts, cites: Cites) -> Table | None:
    columns = (
        Column("Model"),
        Column("In", FIGURE),
        Column("Out", FIGURE),
        Column("3:1", FIGURE),
        Column("List"),
    )
    cells = tuple(
        (
            Cell(offer.name, model_page(offer.model), evidence=cites.all([offer.capture])),
            Cell(words.money(offer.input)),
            Cell(words.money(offer.output)),
            Cell(words.money(blended(offer.input, offer.output))),
            Cell(facts.sources[offer.source].title),
        )
        for offer in sorted(offers, key=lambda one: (one.name.casefold(), one.model, one.source))
    )
    return Table("What it asks now, in dollars per million tokens", columns, cells) if cells else None


def _news(id: str, facts: Facts, cites: Cites) -> tuple[Story, ...]:
    return tuple(
        Story(
            row.title or row.url,
            row.url,
            "" if row.old else day(row.at),
            row.source_title,
            cites(row.capture),
        )
        for row in facts.news.get(id, ())
    )


def vendors_page(
    facts: Facts, models: Mapping[str, Sequence[Model]], offers: Mapping[str, Sequence[Offer]]
) -> Page:
    """Every vendor by name."""
    columns = (
        Column("Vendor"),
        Column("Role"),
        Column("Models made", FIGURE),
        Column("Models sold", FIGURE),
        Column("News", FIGURE),
    )
    order = sorted(facts.vendors, key=lambda id: facts.vendors[id].casefold())
    cells = tuple(
        (
            Cell(facts.vendors[id], vendor_page(id)),
            Cell(facts.roles.get(id, "lab" if models.get(id) else "")),
            Cell(_count(models.get(id, ()))),
            Cell(_count({offer.model for offer in offers.get(id, ())})),
            Cell(_count(facts.news.get(id, ()))),
        )
        for id in order
    )
    table = Table("Who makes models, sells tokens, or is watched for news", columns, cells)
    sections = (Section("vendors", "Vendors", table=table),) if order else ()
    lead = f"{words.plural(len(order), 'vendor')}." if order else "No vendor is known yet."
    return Page("vendors.html", "Vendors", "All vendors", lead, sections=sections)


def _count(things: Sequence[object] | set[str]) -> str:
    return f"{len(things):,}" if things else ""
