"""How vendors say that a model will be switched off, told in one way by every source that reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.domain import Announcement, ModelFact

TOPIC = "deprecation"
FORMS = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y")


@dataclass(frozen=True, slots=True)
class Retirement:
    """A row of a page of retirements.

    `vendor` and `named` are who switches it off, by id and as people write it; `subject` is what, in the
    page's spelling, and `models` the names of models that the row gives ((): the row is about something
    else). `when` is the day in ISO form, or the page's words where it names none. `provider` is set where
    a seller stops selling what goes on elsewhere.
    """

    key: str
    url: str
    vendor: str
    named: str
    subject: str
    models: tuple[str, ...]
    when: str
    use: str = ""
    published: datetime | None = None
    provider: str = ""

    def records(self) -> Iterator[Announcement | ModelFact]:
        """The announcement, and of a model with a day the facts `retires` and `replacement`."""
        known, dated = self.subject in self.models, day(self.when) == self.when != ""
        title = f"{self.named} {'retires' if known else 'ends'} {self.subject} "
        title += f"on {self.when}" if dated else f"({self.when})"
        title += f"; use {self.use}" if self.use else ""
        yield Announcement(
            self.key,
            self.url,
            title,
            self.vendor,
            self.published,
            topics=(TOPIC,),
            models=self.models,
        )
        if known and dated:
            yield ModelFact(self.subject, "retires", self.when, self.provider, self.published)
            if self.use:
                yield ModelFact(self.subject, "replacement", self.use, self.provider, self.published)


def day(text: str) -> str:
    """The ISO day that a text names, such as "July 15th, 2025 (all Regions)"; "" for any other text."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\(.*\)", "", text).strip()
    for form in FORMS:
        with suppress(ValueError):
            return datetime.strptime(plain, form).date().isoformat()
    return ""


def since(text: str, observed: datetime) -> datetime | None:
    """The day that a text names as a time, where that is not in the future; else None."""
    named = day(text)
    moment = datetime.fromisoformat(named).replace(tzinfo=UTC) if named else None
    return moment if moment and moment <= observed else None
