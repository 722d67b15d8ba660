"""A parcel posted as JSON to a place of the user's own. The URL is as good as a password, and never told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from urllib.parse import urlsplit

from tracker.config import Settings
from tracker.deliver.parcel import Delivery, Parcel
from tracker.errors import FetchError, Refused, UsageError
from tracker.outlets import Outlet

LATER = (408, 425, 429)  # of 4xx, those that are no refusal for good


def post(outlet: Outlet, settings: Settings, parcels: Iterable[Parcel]) -> Iterator[Delivery]:
    """Post each, with a key by which the receiver can see that it is the same one again.

    Any 2xx status means that it was taken. Redirects are not followed. UsageError for a URL that is none.
    """
    from tracker.collect.fetch import Fetcher  # httpx, which nothing else of a delivery needs

    url = outlet.address()
    host = _host(url, outlet.name)
    with Fetcher(
        contact=settings.contact,
        clock=settings.clock,
        allow_hosts=(host,),
        deadline=float(outlet.timeout),
    ) as fetcher:
        for parcel in parcels:
            headers = [("Idempotency-Key", idempotency_key(parcel.key, outlet.name))]
            try:
                status = fetcher.hand_over(url, parcel.content.encode(), headers=headers)
                yield Delivery(outlet.name, True, f"{host} answered {status}")
            except FetchError as error:
                yield Delivery(outlet.name, False, _reason(host, error), _is_final(error))


def _host(url: str, name: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # its words hold a part of the URL
        raise UsageError(f"[[deliver]] {name}: its url is none; write https://...") from None


def idempotency_key(key: str, name: str) -> str:
    """The same for the same parcel and outlet, as a string of RFC 8941: `"gapwatch-2025-W04-5f..."`."""
    return f'"gapwatch-{key}-{sha256(f"{key} {name}".encode()).hexdigest()[:20]}"'


def _reason(host: str, error: FetchError) -> str:
    """What went wrong, without the URL: `example.org: deadline exceeded`."""
    if isinstance(error, Refused):
        return f"{host} answered {error.status}"
    words = re.findall("[A-Z][a-z]+", type(error).__name__)
    return f"{host}: {' '.join(words).lower()}"


def _is_final(error: FetchError) -> bool:
    return isinstance(error, Refused) and 400 <= error.status < 500 and error.status not in LATER
