"""What an answer means: a page, an unchanged page, a refusal, a pause, or a page meant for people only."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from tracker.collect import decode
from tracker.collect.hosts import LONGEST_PAUSE
from tracker.collect.urls import shown
from tracker.errors import BadBody, Blocked, Refused

DEFAULT_PAUSE = timedelta(seconds=60)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNCHANGED = 304
ENOUGH_OF_A_REFUSAL = 64 * 1024  # read so that the connection can be used again

# A challenge or a sign-in page is short; a page of figures that merely has a captcha in its newsletter
# form is not. The titles are those of the widespread gatekeepers and are believed on longer pages too.
SHORT = 20_000
LONG = 100_000
GATE_TITLES = re.compile(
    rb"<title[^>]{0,200}>\s{0,50}(?:just a moment|attention required! \| cloudflare|access denied"
    rb"|verify you are human|are you a robot|please wait\.\.\. \| cloudflare|security check)",
    re.IGNORECASE,
)
GATE_MARKS = re.compile(
    rb"cf-chl|cf-turnstile|checking your browser|enable javascript and cookies to continue|g-recaptcha"
    rb"|h-captcha|hcaptcha\.com|px-captcha|captcha-delivery|_incapsula_",
    re.IGNORECASE,
)
SIGN_IN = re.compile(rb"<input[^>]{0,300}type=[\"']?password", re.IGNORECASE)
# The element that a document in markup begins with, after what may stand before it.
ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?[^>]*+>|<!--.*?-->|<!doctype[^>]*+>)*+<([a-z][\w:.-]*+)", re.I | re.S
)
TAIL = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was had. `not_modified` says that the caller's copy still holds; `body` is then empty."""

    url: str
    status: int
    body: bytes
    media_type: str
    etag: str
    last_modified: str
    not_modified: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer and when it came: each arrival is (seconds after the request was sent, bytes had by then)."""

    body: bytes
    media_type: str
    arrivals: tuple[tuple[float, int], ...]


Arrivals = list[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to one request."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes
    pause: timedelta = timedelta(0)  # that the host has asked for

    @property
    def redirects(self) -> bool:
        """Whether it leads to another place."""
        return self.status in REDIRECTS and "location" in self.headers


def body(
    response: httpx.Response, limit: int, whole: bool, arrivals: Arrivals | None = None, sent: float = 0.0
) -> bytes:
    """The decoded body of a page; of another answer, a part that nobody depends on. BadBody.

    Where a list of `arrivals` is given, it is noted when the pieces came, in seconds after `sent`.
    """
    coding = response.headers.get("content-encoding", "").strip().lower()
    if response.status_code != 200:
        return decode.read(response.iter_raw(), "", ENOUGH_OF_A_REFUSAL, whole=False)
    if arrivals is None:
        return decode.read(response.iter_raw(), coding, limit, whole=whole)
    if coding not in ("", "identity"):  # its pieces would be none of the body's
        raise BadBody("it is compressed, which was not asked for")
    return decode.read(_noted(response.iter_raw(), arrivals, sent), "", limit)


def _noted(pieces: Iterable[bytes], arrivals: Arrivals, sent: float) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        arrivals.append((time.monotonic() - sent, size))
        yield piece


def page(answer: Answer, *, conditional: bool) -> Page:
    """The page of an answer; Blocked, or Refused where the status is none of a page."""
    status, where = answer.status, shown(answer.url)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == 403 or "challenge" in answer.headers.get("cf-mitigated", ""):
        raise Blocked(f"{where} is closed to programs (status {status})")
    if answer.redirects:
        raise Refused(f"{where} and the places before it redirect too often", status)
    unchanged = status == UNCHANGED and conditional
    if status != 200 and not unchanged:
        asked = answer.pause.total_seconds()
        wait = f"; it asked to be left alone for {asked:.0f} s" if asked else ""
        raise Refused(f"{where} answered {_named(status)}{wait}", status, asked or None)
    if sign := gate(answer.body, media_type):
        raise Blocked(f"{where} answered with {sign}")
    etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    return Page(str(answer.url), status, answer.body, media_type, etag, modified, unchanged)


def _named(status: int) -> str:
    phrase = httpx.codes.get_reason_phrase(status)
    without = " without a location" if status in REDIRECTS else ""
    return f"{status} {phrase}".strip() + without


def gate(body: bytes, media_type: str) -> str:
    """What kind of gate an HTML page is instead of a page: "a challenge page", "a sign-in page", or ""."""
    head = body[:1024].lstrip().lower()
    if len(body) > LONG or not ("html" in media_type or head.startswith((b"<!doctype html", b"<html"))):
        return ""
    short = len(body) <= SHORT
    if GATE_TITLES.search(body[:SHORT]) or (short and GATE_MARKS.search(body)):
        return "a challenge page"
    return "a sign-in page" if short and SIGN_IN.search(body) else ""


def ending(body: bytes) -> tuple[str, bool]:
    """The tag that should end a document in markup, like "</html>", and whether it does; "" for others."""
    root = ROOT.match(body[:LONG])
    if not root:
        return "", False
    tag = b"</" + root[1].lower()
    return f"{tag.decode()}>", tag in body[-TAIL:].lower()


def pause(answer_status: int, headers: httpx.Headers, now: datetime) -> timedelta:
    """How long a 429 or 503 asks to be left alone: at most a day, a minute where a 429 does not say."""
    after = headers.get("retry-after", "").strip()
    if answer_status not in (429, 503) or (answer_status == 503 and not after):
        return timedelta(0)
    asked = _retry_after(after, now)
    return DEFAULT_PAUSE if asked is None else min(max(asked, timedelta(0)), LONGEST_PAUSE)


def _retry_after(text: str, now: datetime) -> timedelta | None:
    """Retry-After as a span from now; None where it is neither seconds nor a date."""
    if re.fullmatch(r"-?[0-9]{1,30}", text):
        return timedelta(seconds=max(-1, min(int(text), 10**9)))
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)) - now
