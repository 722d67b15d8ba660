"""Which announcements explain a change: of the same model, by who can tell, within days of it.

Precision before recall: only the model's own lab, or for a price whoever sells it there, counts, and only
what is mainly about the matter. A report by others is news of the event, not its announcement. The windows,
with the reason for each, are in docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

# What a kind of change is announced as (main topics), and from how many days before it until how many after.
ARRIVAL, PRICE, LEAVING = (
    (frozenset({"launch", "weights"}), -45, 3),
    (frozenset({"price"}), -14, 7),
    (frozenset({"deprecation"}), -200, 3),
)
ANNOUNCED: Mapping[str, tuple[frozenset[str], int, int]] = MappingProxyType(
    {
        "gap": ARRIVAL,
        "leader": ARRIVAL,
        "listed": ARRIVAL,
        "price up": PRICE,
        "price down": PRICE,
        "gone": LEAVING,
    }
)
MODEL, FAMILY = "names the model", "names its family"


@dataclass(frozen=True, slots=True)
class Event:
    """A change as it may be explained: its model, the words of the model's name, who can tell of it."""

    kind: str
    model: str
    name: Sequence[str]
    tellers: Collection[str]
    day: date


@dataclass(frozen=True, slots=True)
class News:
    """An announcement: who tells it on which day, its main topic, the models and words of its title.

    `models` are (id, words of its name) of the models that it names.
    """

    id: int
    vendor: str
    day: date
    topic: str
    models: Mapping[str, Sequence[str]]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cause:
    """An announcement that explains a change, and why it is held to."""

    news: int
    why: str


def of(event: Event, announcements: Iterable[News]) -> list[Cause]:
    """The announcements that explain a change, those that name the model first, then the earliest."""
    found = [(news, why) for news in announcements if (why := _why(event, news))]
    found.sort(key=lambda one: (one[1] != MODEL, one[0].day, one[0].id))
    return [Cause(news.id, why) for news, why in found]


def _why(event: Event, news: News) -> str:
    """Why an announcement explains a change, "" where it does not."""
    topics, first, last = ANNOUNCED.get(event.kind, (frozenset[str](), 0, 0))
    if news.topic not in topics or news.vendor not in event.tellers:
        return ""
    if not first <= (news.day - event.day).days <= last:
        return ""
    if event.model in news.models:
        return MODEL
    family = family_of(event.name)
    # Where it names another one of the family it is of that one.
    kin = any(family_of(name) == family for name in news.models.values())
    return FAMILY if family and not kin and _stands_in(family, news.words) else ""


def family_of(name: Sequence[str]) -> tuple[str, ...]:
    """The words of a model's name up to its version: `deepseek v4` of DeepSeek V4 Pro; () without one."""
    at = next((n for n, word in enumerate(name, 1) if any(letter.isdigit() for letter in word)), 0)
    return tuple(name[:at])


def _stands_in(part: Sequence[str], words: Sequence[str]) -> bool:
    size = len(part)
    return any(tuple(words[at : at + size]) == part for at in range(len(words) - size + 1))
