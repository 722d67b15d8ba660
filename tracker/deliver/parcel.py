"""What is delivered, and what became of it: the words that every way of delivering shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from tracker.outlets import Reader


@dataclass(frozen=True, slots=True)
class Parcel:
    """One digest, or one message of alerts, as one reader has it.

    `key` names it in the ledger ("2025-W04"), `title` is a mail's subject, `brief` is for where there is
    little room, `content` is JSON. `html` is for mail, `page` for a browser; both are "" where there is but
    text. `pictures` are PNGs by content id.
    """

    key: str
    title: str
    at: datetime
    text: str
    brief: str
    content: str
    html: str = ""
    page: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


Parcels = Callable[[Reader], Parcel]


class Delivery(NamedTuple):
    """What became of one recipient's parcel: `note` is the other side's word, or why there was none.

    `final` says that it was refused for good, so that trying often is of no use.
    """

    recipient: str
    ok: bool
    note: str
    final: bool = False


class Carrier(Protocol):
    """A way to deliver. It hands over what it is given, and tells of each before it asks for the next."""

    @property
    def names(self) -> tuple[str, ...]:
        """Whom it serves, as the ledger names them."""

    def reader(self, name: str) -> Reader:
        """How one of them reads."""

    def carry(self, parcels: Iterable[tuple[str, Parcel]]) -> Iterator[Delivery]:
        """Hand over each parcel; one result a parcel, as soon as it is known."""
