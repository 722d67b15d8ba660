"""One round: something is handed to everybody who does not have it yet, and the ledger is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from tracker.config import Settings
from tracker.deliver.carriers import carriers
from tracker.deliver.message import message_id
from tracker.deliver.parcel import Carrier, Delivery, Parcel, Parcels
from tracker.errors import GapwatchError, UsageError
from tracker.store import database, ledger
from tracker.store.reading import reading


def deliver(
    settings: Settings,
    key: str,
    parcels: Parcels,
    only: Collection[str] | None = None,
    *,
    forced: bool = False,
) -> list[Delivery]:
    """Hand a parcel to all who are configured, or to `only` those; what became of each that was due.

    Whoever has it is left alone, as is what is to be tried later, unless `forced`. A way that cannot work at
    all (a wrong password, an extra that is missing) does not stop the others: its reason is a result, too.
    """
    found: list[Delivery] = []
    work = [
        (carrier, chosen)
        for carrier, names in _waiting(settings, key)
        if (chosen := [name for name in names if only is None or name in only])
    ]
    if work:
        with database.writing(settings.db) as connection:
            for carrier, names in work:
                found += _Round(connection, settings, key, carrier, forced).of(names, parcels)
    return found


def missing(settings: Settings, key: str) -> list[str]:
    """Who is configured and does not have it yet."""
    return [name for _, names in _waiting(settings, key) for name in names]


def _waiting(settings: Settings, key: str) -> list[tuple[Carrier, list[str]]]:
    """Each way with those who do not have it yet; who has left the list is none of them."""
    with reading(settings.db) as known:
        gone, done = ledger.unsubscribed(known), ledger.delivered(known, key)
    found = [(one, [name for name in one.names if name not in done]) for one in carriers(settings, {*gone})]
    return [(carrier, names) for carrier, names in found if names]


class _Round:
    """What is handed over by one carrier."""

    def __init__(
        self, connection: Connection, settings: Settings, key: str, carrier: Carrier, forced: bool
    ) -> None:
        self._connection, self._settings, self._key = connection, settings, key
        self._carrier, self._forced = carrier, forced
        self._told: set[str] = set()
        self._claimed = ""

    def of(self, names: list[str], parcels: Parcels) -> Iterator[Delivery]:
        """Claim, hand over, note; one after the other. A way that cannot work fails for all who are left."""
        try:
            for said in self._carrier.carry(self._due(names, parcels)):
                yield self._note(said)
        except GapwatchError as error:
            for name in names:
                if name == self._claimed or (name not in self._told and self._claim(name)):
                    yield self._note(Delivery(name, False, str(error)))

    def _due(self, names: list[str], parcels: Parcels) -> Iterator[tuple[str, Parcel]]:
        """Each whose delivery could be claimed, right before it is handed over."""
        for name in names:
            parcel = parcels(self._carrier.reader(name))
            if self._claim(name):
                self._claimed = name
                yield name, parcel

    def _claim(self, name: str) -> bool:
        return ledger.claim(self._connection, self._key, name, self._now(), forced=self._forced)

    def _note(self, said: Delivery) -> Delivery:
        known_as = ""
        with suppress(UsageError):  # an outlet has none
            known_as = message_id(self._key, self._settings.mail, said.recipient)
        row = ledger.Said(said.recipient, known_as, said.ok, said.note, said.final)
        ledger.note_delivery(self._connection, self._key, row, self._now())
        self._told.add(said.recipient)
        self._claimed = ""
        return said

    def _now(self) -> datetime:
        return self._settings.clock()
