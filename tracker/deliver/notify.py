"""Notifications through Apprise: Slack, Telegram, Matrix, ntfy and a hundred more, by its URLs. An extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tracker.config import Settings
from tracker.deliver.parcel import Delivery, Parcel
from tracker.errors import UsageError
from tracker.outlets import Outlet


def notify(outlet: Outlet, settings: Settings, parcels: Iterable[Parcel]) -> Iterator[Delivery]:
    """Send each, in brief. UsageError without the extra, or for a URL that Apprise does not know."""
    try:
        import apprise  # 0.3 s, and needed here alone
    except ImportError:
        raise UsageError(f"[[deliver]] {outlet.name}: pip install 'gapwatch[apprise]'") from None
    service = apprise.Apprise()
    if not service.add(outlet.address()):
        raise UsageError(f"[[deliver]] {outlet.name}: its url is none that Apprise knows")
    for parcel in parcels:
        yield _sent(service, outlet.name, parcel)


def _sent(service: Any, name: str, parcel: Parcel) -> Delivery:
    try:
        ok = service.notify(title=parcel.title, body=parcel.brief, body_format="text")
    except Exception as error:  # a service is anybody's code; its words may hold the URL, so only the kind
        return Delivery(name, False, f"the service failed: {type(error).__name__}")
    return Delivery(name, bool(ok), "taken" if ok else "not taken by the service")
