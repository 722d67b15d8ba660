"""URLs of pages: which can be fetched, where a redirect leads, and how they are shown in messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.errors import UnsafeAddress

if TYPE_CHECKING:
    import httpx

# Keys of some services stand in the query; a message is no place for them.
SECRET = re.compile(r"(?i)([?&][^=&]*(?:key|token|secret|password|sig|signature|auth)[^=&]*=)[^&]+")
LONGEST = 200
HOST = re.compile(rb"[A-Za-z0-9._:-]+")  # httpx lets other characters pass, percent-encoded
# What nearly all addresses of sources look like; nothing in it can be wrong.
PLAIN = re.compile(r"https?://(?!xn--)(?:[a-z0-9-]{1,60}\.){1,4}[a-z]{2,20}(?:/[!-~]{0,2000})?")


def check(text: str) -> None:
    """UnsafeAddress where `checked` would raise it; the ordinary ones are told without httpx's 30 ms."""
    if not (isinstance(text, str) and PLAIN.fullmatch(text)):
        checked(text)


def checked(text: str) -> httpx.URL:
    """The URL; UnsafeAddress where it is none, or none of http or https."""
    import httpx

    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise UnsafeAddress(f"{text[:LONGEST]!r} is no URL") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise UnsafeAddress(f"{shown(url)} is no http or https URL, and nothing else is fetched")
    if not has_place(url):
        raise UnsafeAddress(f"{shown(url)} is no URL: its host or port cannot exist")
    return url


def has_place(url: httpx.URL) -> bool:
    """Whether host and port are such as can exist."""
    return HOST.fullmatch(url.raw_host) is not None and 0 < (url.port or 80) < 65536


def redirected(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads; UnsafeAddress where that is no URL, or gives up https."""
    import httpx

    try:
        there = checked(str(url.join(location)))
    except (httpx.InvalidURL, ValueError):
        raise UnsafeAddress(f"{shown(url)} redirects to {location[:LONGEST]!r}, which is no URL") from None
    except UnsafeAddress as error:
        raise UnsafeAddress(f"{shown(url)} redirects, but {error}") from None
    if url.scheme == "https" and there.scheme == "http":
        raise UnsafeAddress(f"{shown(url)} redirects from https to http, to {shown(there)}")
    return there if same_host(url, there) else there.copy_with(userinfo=b"")


def same_host(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether what was meant for the one may be shown to the other: same host and port."""
    return (one.host, one.port) == (other.host, other.port)


def host_of(url: httpx.URL) -> str:
    """The host as requests are counted and pauses are kept: its name, with a port that is not the usual."""
    name = url.raw_host.decode("ascii").rstrip(".")
    return name if url.port is None else f"{name}:{url.port}"


def robots_of(url: httpx.URL) -> httpx.URL:
    """Where the robots.txt of a URL's site is."""
    return url.copy_with(raw_path=b"/robots.txt", fragment=None)


def shown(url: httpx.URL) -> str:
    """The URL for a message: without user, password and keys, and not too long."""
    return SECRET.sub(r"\1...", str(url.copy_with(userinfo=b"", fragment=None)))[:LONGEST]
