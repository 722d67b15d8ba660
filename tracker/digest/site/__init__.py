"""The site: every frozen digest, the board, and a page for each metric, model, vendor and cited capture.

    build(settings, folder) -> Done

Plain files that need no server and no network; `folder.py` says what is written anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from tracker import paths
from tracker.config import Settings
from tracker.digest import feeds, forms
from tracker.digest.feeds import Issue
from tracker.digest.render import Layout
from tracker.digest.site import boards, home, metrics, models, search, sources, vendors
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts, gather
from tracker.digest.site.folder import Done, Folder
from tracker.digest.site.names import digest_page
from tracker.digest.site.page import Page
from tracker.digest.tidy import clean
from tracker.store import ledger, sitewide, weekly
from tracker.store.reading import reading
from tracker.store.times import stamp


def build(settings: Settings, root: Path) -> Done:
    """Write the site into a folder; what has not changed there is left alone."""
    with reading(settings.db) as connection:
        return Site(connection, settings, root).build()


class Site:
    """One building of the site."""

    def __init__(self, connection: sqlite3.Connection, settings: Settings, root: Path) -> None:
        self._connection, self._settings = connection, settings
        self._folder, self._layout = Folder(root), Layout(settings.templates)
        self._look = _look(settings.templates)
        self._cited: set[int] = set()

    def build(self) -> Done:
        """Lay out every page, then those of the captures that they cite."""
        now = self._settings.clock()
        forbidden = forms.withheld(self._settings, weekly.sources(self._connection).values())
        on = now.astimezone(self._settings.zone).date()
        facts = gather(self._connection, on, stamp(now), forbidden)
        issues = [
            Issue(issue.published, clean(issue.digest))
            for issue in forms.issues(ledger.kept(self._connection), forbidden)
        ]
        found = [*self._pages(facts, issues)]
        for page in found:
            self._put(page)
        for issue in issues:
            self._digest(issue, facts)
        shown = {facts.origins[number] for number in self._cited}
        for one in sitewide.captures(self._connection, self._cited):
            self._put(sources.capture(one, facts.sources[one.source]))
        self._put(sources.credits_page(facts, shown))
        self._files(found, issues)
        return self._folder.finish()

    def _pages(self, facts: Facts, issues: Sequence[Issue]) -> Iterator[Page]:
        made, sold = vendors.made_by(facts), vendors.sold_by(facts.offers)
        offers, scored = vendors.sold_by(facts.offers, "model"), models.places(facts)
        yield home.home([issue.digest for issue in issues], facts, self._cites(facts))
        yield boards.board_page(facts, self._cites(facts))
        yield models.models_page(facts, self._cites(facts))
        yield vendors.vendors_page(facts, made, sold)
        for id in facts.panel:
            yield metrics.metric(id, facts, self._cites(facts))
        for one in facts.models.values():
            yield models.model(one, facts, scored, offers.get(one.id, ()), self._cites(facts))
        for id in facts.vendors:
            yield vendors.vendor(id, facts, made.get(id, ()), sold.get(id, ()), self._cites(facts))

    def _cites(self, facts: Facts) -> Cites:
        return Cites(facts.origins, facts.sources, self._cited)

    def _put(self, page: Page) -> None:
        self._folder.put(
            page.path, f"{self._look} {page!r}", lambda: self._layout.page("site/page.html.j2", page=page)
        )

    def _digest(self, issue: Issue, facts: Facts) -> None:
        """A frozen digest within the site; its evidence leads to the captures' pages."""
        cites = self._cites(facts)
        pages = {ref.capture: cites(int(ref.capture[1:])) for ref in issue.digest.references}
        path = digest_page(issue.digest.week)
        self._folder.put(
            path,
            f"{self._look} {pages} {issue.digest!r}",
            lambda: self._layout.page("site/digest.html.j2", digest=issue.digest, pages=pages, up="../"),
        )

    def _files(self, pages: Sequence[Page], issues: Sequence[Issue]) -> None:
        """Style, script, the search's index and the feeds."""
        feed = feeds.feed(issues, self._settings.site.url, self._layout)
        content = {
            "site.css": self._layout.page("site/site.css.j2"),
            "site.js": self._layout.page("site/site.js.j2"),
            "search.js": search.index([*pages, *map(_found, issues)]),
            "feed.xml": feeds.atom(feed, self._layout),
            "feed.json": feeds.json_feed(feed) + "\n",
        }
        for path, text in content.items():
            self._folder.put(path, text, lambda text=text: text)  # type: ignore[misc]


def _found(issue: Issue) -> Page:
    """A digest as the search finds it."""
    digest = issue.digest
    return Page(digest_page(digest.week), "Digest", f"{digest.title}: {digest.headline}", words=digest.week)


def _look(templates: Path | None) -> str:
    """Of what every page's look is made: all templates, the user's too."""
    folders = [folder for folder in (paths.shipped("templates"), templates) if folder and folder.is_dir()]
    files = [file for folder in folders for file in sorted(folder.rglob("*.j2"))]
    return sha256(
        b"\0".join(part for file in files for part in (str(file.name).encode(), file.read_bytes()))
    ).hexdigest()
