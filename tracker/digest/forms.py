"""The forms in which an edition is given out, and the feed of all frozen ones."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from tracker.config import Settings
from tracker.digest import feeds
from tracker.digest.editions import Edition, load
from tracker.digest.feeds import Feed, Issue
from tracker.digest.publishable import publishable
from tracker.digest.render import Layout, render
from tracker.store import ledger, weekly
from tracker.store.reading import reading
from tracker.store.rows import SourceRow

ONE = ("text", "html", "md", "json")
ALL = ("atom", "jsonfeed")


def one(settings: Settings, made: Edition, form: str) -> str:
    """An edition in one of the forms of `ONE`."""
    if form == "md":
        return render(load(made.content), "md", settings.templates)
    if form == "json":
        return json.dumps(json.loads(made.content), indent=2, ensure_ascii=False) + "\n"
    return made.html if form == "html" else made.text


def all_of_them(settings: Settings, form: str) -> str:
    """Every frozen edition in one of the forms of `ALL`."""
    with reading(settings.db) as connection:
        kept = ledger.kept(connection)
        forbidden = withheld(settings, weekly.sources(connection).values())
    layout = Layout(settings.templates)
    made = feed(kept, forbidden, settings.site.url, layout)
    return feeds.atom(made, layout) if form == "atom" else feeds.json_feed(made) + "\n"


def withheld(settings: Settings, sources: Collection[SourceRow]) -> dict[str, str]:
    """{name: title} of sources whose figures may not be published; empty for the user's own use."""
    return {row.name: row.title for row in sources if not (row.publishable or settings.site.own_use)}


def issues(kept: Collection[ledger.Kept], forbidden: Mapping[str, str]) -> list[Issue]:
    """The frozen digests without what may not be published."""
    return [Issue(one.published, publishable(load(one.content), forbidden)) for one in kept]


def feed(kept: Collection[ledger.Kept], forbidden: Mapping[str, str], url: str, layout: Layout) -> Feed:
    """The feed of the frozen digests."""
    return feeds.feed(issues(kept, forbidden), url, layout)
