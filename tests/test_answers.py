"""What an answer means: no page, a page for people only, or a host that asks for a pause."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.support.clients import NOW, Watch, fetcher
from tests.support.servers import Reply, answer, site
from tracker.collect.answers import ending
from tracker.collect.fetch import HostState
from tracker.errors import Blocked, FetchError, Refused

PAGE = answer(b"page")

STATUSES: dict[str, tuple[Reply, type[FetchError], int | None]] = {
    "not found": (answer(status=404), Refused, 404),
    "gone": (answer(status=410), Refused, 410),
    "sign in": (answer(status=401), Refused, 401),
    "server error": (answer(status=500), Refused, 500),
    "no content": (answer(status=204), Refused, 204),
    "a part": (answer(b"pa", status=206), Refused, 206),
    "unchanged, though nothing was known": (answer(status=304), Refused, 304),
    "redirect to nowhere": (answer(status=302), Refused, 302),
    "forbidden": (answer(b"<h1>no</h1>", status=403), Blocked, None),
    "challenge in a header": (answer(b"x", status=503, CF_Mitigated="challenge"), Blocked, None),
}


@pytest.mark.parametrize(("reply", "error", "status"), STATUSES.values(), ids=STATUSES.keys())
def test_a_status_that_is_no_page_is_an_error(
    reply: Reply, error: type[FetchError], status: int | None
) -> None:
    with site({"/": reply}) as server, fetcher() as fetch:
        with pytest.raises(error, match=r"^http://127\.0\.0\.1") as caught:
            fetch.get(server.url())
        assert getattr(caught.value, "status", None) == status


HTML = "text/html; charset=utf-8"
LONG_PAGE = b"<html><title>Prices</title>" + b"<tr><td>model</td></tr>" * 2000 + b"<div class=g-recaptcha>"
GATES = {
    "a challenge": (b"<html><title>Just a moment...</title>cf-chl-widget</html>", HTML, True),
    "a challenge, labelled JSON": (
        b"<!DOCTYPE html><title>Just a moment...</title>",
        "application/json",
        True,
    ),
    "attention": (b"<html><title>Attention Required! | Cloudflare</title>", HTML, True),
    "a captcha": (b"<html><form><div class='g-recaptcha'></div></form></html>", HTML, True),
    "a sign-in form": (b"<html><form><input name=p type='password'></form>", HTML, True),
    "a long page with a captcha in a form": (LONG_PAGE, HTML, False),
    "a short page that tells of captchas": (b"<html><p>Our models read captchas.</p>", HTML, False),
    "JSON that tells of a challenge": (b'{"title": "Just a moment... cf-chl"}', "application/json", False),
}


@pytest.mark.parametrize(("body", "kind", "blocked"), GATES.values(), ids=GATES.keys())
def test_a_page_for_people_only_is_told_from_a_page(body: bytes, kind: str, blocked: bool) -> None:
    with site({"/": answer(body, Content_Type=kind)}) as server, fetcher() as fetch:
        if blocked:
            with pytest.raises(Blocked, match=r"challenge page|sign-in page"):
                fetch.get(server.url())
        else:
            assert fetch.get(server.url()).body == body


DAY = 86400
PAUSES: dict[str, tuple[int, str, float]] = {
    "seconds": (429, "120", 120),
    "seconds, of a 503": (503, "120", 120),
    "a date": (429, format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
    "zero": (429, "0", 0),
    "a negative number": (503, "-5", 0),
    "a date in the past": (503, format_datetime(NOW - timedelta(days=9), usegmt=True), 0),
    "ten years": (429, "315360000", DAY),
    "ten years on, as a date": (503, format_datetime(NOW + timedelta(days=3650), usegmt=True), DAY),
    "a number without end": (429, "9" * 5000, 60),
    "junk": (429, "soon", 60),
    "junk, of a 503": (503, "Sun, 99 Foo 2026", 60),
    "nothing": (429, "", 60),
    "nothing, of a 503": (503, "", 0),
}


@pytest.mark.parametrize(("status", "after", "seconds"), PAUSES.values(), ids=PAUSES.keys())
def test_a_host_that_asks_for_a_pause_gets_it(status: int, after: str, seconds: float) -> None:
    hosts: dict[str, HostState] = {}
    watch = Watch()
    with site(
        {"/": answer(b"", status, **({"Retry_After": after} if after else {})), "/other": PAGE}
    ) as server:
        with fetcher(hosts=hosts, clock=watch) as fetch, pytest.raises(Refused) as caught:
            fetch.get(server.url())
        assert (caught.value.status, caught.value.retry_after or 0) == (status, seconds)
        with fetcher(hosts=hosts, clock=watch) as restarted:
            if seconds:
                watch.now = NOW + timedelta(seconds=seconds - 1)
                with pytest.raises(Refused, match="asked for a pause until 2026-03"):
                    restarted.get(server.url("/other"))
                assert server.paths() == ["/"]
            watch.now = NOW + timedelta(seconds=seconds)
            assert restarted.get(server.url("/other")).body == b"page"


@pytest.mark.parametrize(
    ("body", "end", "ends"),
    [
        pytest.param(b"<!doctype html>\n<html><body></body></HTML>\n", "</html>", True, id="html"),
        pytest.param(
            b"<html><body></body></html><!-- served in 3 ms -->", "</html>", True, id="a-comment-after-it"
        ),
        pytest.param(b"<?xml version='1.0'?><!-- a --><!-- b --><rss></rss>", "</rss>", True, id="rss"),
        pytest.param(b"\xef\xbb\xbf<rdf:RDF></rdf:RDF>", "</rdf:rdf>", True, id="with-a-byte-order-mark"),
        pytest.param(b"<html><body><p>And the", "</html>", False, id="cut-short"),
        pytest.param(b"<rss></channel>", "</rss>", False, id="closed-otherwise"),
        pytest.param(b'{"a": "<html></html>"}', "", False, id="no-markup"),
        pytest.param(b"", "", False, id="nothing"),
        pytest.param(b"<!-- -->" * 12_000, "", False, id="only-comments"),
        pytest.param(b"<!--" * 25_000, "", False, id="comments-that-never-end"),
    ],
)
def test_a_document_in_markup_ends_in_the_tag_that_it_began_with(body: bytes, end: str, ends: bool) -> None:
    assert ending(body) == (end, ends)
