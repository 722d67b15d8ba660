"""`gapwatch news`: what vendors announced."""

from __future__ import annotations

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column, Row
from tracker.digest.mentions import Names, index, mentioned
from tracker.digest.stories import Story, first_told, stories
from tracker.digest.topics import KINDS, topics_of
from tracker.errors import NothingFound
from tracker.store.query import fold, happened, identity, listed


@click.command()
@click.option("--vendor", metavar="V", help="Only of this vendor.")
@click.option("--topic", metavar="T", help="Only on this topic.")
@click.option("--model", metavar="M", help="Only what names this model.")
@asking
def news(asked: Asked, vendor: str | None, topic: str | None, model: str | None) -> Answer:
    """Tell what vendors announced, newest first, one line a story.

    Topics are launch, weights, price, speed, deprecation, incident, licence, funding, research and other;
    what drives models forward (distillation, quantisation and the like) may be asked for as well.

    \b
    gapwatch news --since 7d
    gapwatch news --vendor mistral --topic weights --json
    gapwatch news --model deepseek-r1 --limit 5
    """
    told = stories(happened.news(asked.connection, asked.on), asked.since)
    told = [story for story in reversed(told) if asked.within(_day(story))]
    if vendor:
        told = [story for story in told if any(fold(row.vendor) == fold(vendor) for row in story)]
    if topic:
        told = [story for story in told if _topic(topic) in topics_of(story[0])]
    names = index(identity.names(asked.connection))
    if model:
        wanted = _wanted(asked, model)
        told = [story for story in told if not wanted.isdisjoint(map(fold, _models(story, names)))]
    rows = [_row(story, names) for story in told[: asked.most]]
    return Answer(rows, _COLUMNS, "no news of that in that time", total=len(told))


def _day(story: Story) -> str:
    return first_told(story) or story[0].at


def _row(story: Story, names: Names) -> Row:
    lead = story[0]
    return {
        "id": f"n{lead.id}",
        "title": lead.title,
        "url": lead.url,
        "vendor": lead.vendor,
        "published": lead.published,
        "topics": list(topics_of(lead)),
        "models": _models(story, names),
        "cluster": f"n{min(row.id for row in story)}",
        "also": list(dict.fromkeys(row.source_title for row in story if row.source != lead.source)),
        "observed": lead.first_seen,
        "source": lead.source,
        "evidence": [f"c{number}" for number in dict.fromkeys(row.capture for row in story)],
    }


def _models(story: Story, names: Names) -> list[str]:
    """What the sources say that a story is of, as they spell it, and the ids that its titles name."""
    said = [model for row in story for model in listed(row.models)]
    return list(dict.fromkeys([*said, *(found for row in story for found in mentioned(row.title, names))]))


def _topic(name: str) -> str:
    """A topic as it is known; what a feed says of itself leads to its topic."""
    plain = " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
    return KINDS[plain][0] if plain in KINDS else plain


def _wanted(asked: Asked, model: str) -> set[str]:
    """The name itself and the ids that it leads to; news may name a model that no list has yet."""
    try:
        found = identity.resolve(asked.connection, model)
    except NothingFound:
        found = set()
    return {fold(model), *map(fold, found)}


_COLUMNS = (
    Column("Day", lambda row: (row["published"] or row["observed"])[:10], firm=True),
    Column("Vendor", lambda row: row["vendor"], name=True),
    Column("Topic", lambda row: row["topics"][0]),
    Column("Title", lambda row: row["title"]),
    Column("Also in", lambda row: ", ".join(row["also"])),
    Column("Id", lambda row: row["id"], firm=True),
)
