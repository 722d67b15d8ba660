"""What could not be delivered, tried again when the ledger says so."""

from __future__ import annotations

from tracker.config import Settings
from tracker.deliver import alerting, rounds, weekly
from tracker.deliver.parcel import Delivery
from tracker.digest import editions
from tracker.digest.weeks import parse_week
from tracker.store import ledger
from tracker.store.reading import reading


def deliver_due(settings: Settings) -> list[Delivery]:
    """Hand over what is due by now of published weeks and of messages of alerts; what became of each."""
    found: list[Delivery] = []
    for week, names in due(settings).items():
        made = editions.edition(settings, parse_week(week, settings.zone))
        found += rounds.deliver(settings, week, weekly.parcels(settings, made), names)
    return found + (alerting.hand_over(settings) if settings.alerts.rules else [])


def due(settings: Settings) -> dict[str, set[str]]:
    """{week: who is to be tried again by now} of those whom the configuration still names and who stayed."""
    with reading(settings.db) as connection:
        waiting = ledger.waiting(connection, settings.clock())
    weeks = {key: names for key, names in waiting.items() if "-W" in key and not key.startswith("alerts-")}
    found = {week: names.intersection(rounds.missing(settings, week)) for week, names in weeks.items()}
    return {week: names for week, names in found.items() if names}
