"""What was announced of what moved: changes tied to the news that explain them (trends/causes.py)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property

from tracker.digest.mentions import index, mentioned, words_of
from tracker.digest.topics import topics_of
from tracker.store.query import Row, explained, happened, identity, listed
from tracker.store.rows import NewsRow
from tracker.trends import causes


class Causes:
    """Ties changes to announcements as known by `on`; news are read when the first change asks.

    Those whose terms forbid publishing are told for one's `own` use alone.
    """

    def __init__(self, connection: sqlite3.Connection, on: str, *, own: bool = True) -> None:
        self._connection = connection
        self._on = on
        self._own = own

    def of(self, changes: Iterable[str]) -> dict[str, list[Row]]:
        """{id of a change: its announcements, the likeliest first}; only those that have any."""
        asked = explained.subjects(self._connection, [*changes], causes.ANNOUNCED, self._on)
        found = {one.id: [self._row(cause) for cause in self._causes(one)] for one in asked}
        return {id: rows for id, rows in found.items() if rows}

    def first(self, change: str) -> NewsRow | None:
        """The likeliest announcement of a change; None where there is none."""
        found = self.of([change]).get(change)
        return self._rows[int(found[0]["id"][1:])] if found else None

    def _causes(self, subject: explained.Subject) -> list[causes.Cause]:
        tellers = {subject.organisation, *({subject.seller} if subject.kind.startswith("price") else ())}
        about = subject.model, words_of(subject.name), tellers - {""}
        event = causes.Event(subject.kind, *about, date.fromisoformat(subject.at[:10]))
        near = (row for teller in event.tellers for row in self._by_vendor.get(teller, ()))
        _, first, last = causes.ANNOUNCED[subject.kind]
        return causes.of(
            event, [self._news(row) for row in near if first <= (_day(row) - event.day).days <= last]
        )

    @cached_property
    def _by_vendor(self) -> dict[str, list[NewsRow]]:
        found: dict[str, list[NewsRow]] = {}
        for row in happened.news(self._connection, self._on, own=self._own):
            if not row.old:
                found.setdefault(row.vendor, []).append(row)
        return found

    @cached_property
    def _names(self) -> dict[tuple[str, ...], str]:
        return dict(index(identity.names(self._connection)))

    @cached_property
    def _rows(self) -> dict[int, NewsRow]:
        return {row.id: row for rows in self._by_vendor.values() for row in rows}

    @cache  # noqa: B019  lives as long as one question
    def _news(self, row: NewsRow) -> causes.News:
        """What it names: what its source says that it is of, else what its title says."""
        said = listed(row.models) or [row.title]
        named = {model for text in said for model in mentioned(text, self._names)}
        models = {model: self._spelt[model] for model in sorted(named)}
        return causes.News(row.id, row.vendor, _day(row), topics_of(row)[0], models, words_of(row.title))

    @cached_property
    def _spelt(self) -> dict[str, tuple[str, ...]]:
        return {model: words for words, model in reversed(self._names.items())}

    def _row(self, cause: causes.Cause) -> Row:
        row = self._rows[cause.news]
        return {
            "id": f"n{row.id}",
            "title": row.title,
            "url": row.url,
            "vendor": row.vendor,
            "published": row.published,
            "why": cause.why,
        }


def _day(row: NewsRow) -> date:
    return date.fromisoformat(row.at[:10])
