"""A feed becomes announcements, whatever is in it: identity, dates, plain text, and no bomb goes off."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.collect.feed import EXTRACT_LIMIT, TITLE_LIMIT, canonical_url, parse_feed, plain_text
from tracker.domain import Announcement
from tracker.errors import ParseError
from tracker.source import Payload

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
ITEM = "<item><title>News</title><link>https://lab.example/news</link></item>"


def parse(body: str | bytes) -> list[Announcement]:
    raw = body.encode() if isinstance(body, str) else body
    return list(parse_feed(Payload("https://lab.example/feed", raw, NOW), "lab"))


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>Lab</title>{"".join(items)}</channel></rss>'


def item(guid: str | None = None, link: str = "", title: str = "News") -> str:
    guid_part = "" if guid is None else f'<guid isPermaLink="false">{guid}</guid>'
    return f"<item><title>{title}</title><link>{link}</link>{guid_part}</item>"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(item("id-1"), item("id-1", title="Edited"), id="the same guid twice"),
        pytest.param(
            item("http://lab.example/a"), item("https://lab.example/a"), id="guids in http and https"
        ),
        pytest.param(item("", "https://lab.example/a"), item(None, "https://lab.example/a"), id="empty guid"),
        pytest.param(
            item(None, "http://lab.example/a"), item(None, "https://lab.example/a"), id="links in both"
        ),
        pytest.param(
            item(None, "https://lab.example/a"), item(None, "https://lab.example/a#b"), id="fragment"
        ),
        pytest.param(
            item(None, "https://lab.example/a?utm_source=x&amp;b=1"),
            item(None, "https://lab.example/a?b=1&amp;utm_medium=y"),
            id="campaign",
        ),
        pytest.param(item(), item(), id="neither guid nor link, the same words"),
    ],
)
def test_two_spellings_of_one_item_are_one_and_the_first_stands(first: str, second: str) -> None:
    assert parse(rss(first, second)) == parse(rss(first))
    assert parse(rss(second))[0].key == parse(rss(first))[0].key


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            item("r#1", "https://lab.example/r"), item("r#2", "https://lab.example/r"), id="guid's fragment"
        ),
        pytest.param(
            item(None, "https://lab.example/a?p=1"), item(None, "https://lab.example/a?p=2"), id="query"
        ),
        pytest.param(item(title="One"), item(title="Two"), id="neither guid nor link, other words"),
    ],
)
def test_two_items_stay_two(first: str, second: str) -> None:
    assert len(parse(rss(first, second))) == 2


def test_a_url_has_one_canonical_form() -> None:
    url = "HTTP://Lab.Example:80/a%7Eb?z=1&utm_source=x&a=2#top"
    assert canonical_url(url) == canonical_url("https://lab.example:80/a~b?a=2&z=1")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(
            "Thu, 28 May 2026 10:00:00 +0200", datetime(2026, 5, 28, 8, tzinfo=UTC), id="with a zone"
        ),
        pytest.param("Mon, 01 Jun 2026 12:00:00 GMT", datetime(2026, 6, 1, 12, tzinfo=UTC), id="tomorrow"),
        pytest.param("Wed, 03 Jun 2026 12:00:00 GMT", None, id="three days ahead"),
        pytest.param("last Tuesday", None, id="not a date"),
        pytest.param("Thu, 99 Foo 99999 00:00:00", None, id="an impossible date"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_date_counts_where_it_can_be_read_and_is_not_in_the_future(
    written: str, read: datetime | None
) -> None:
    dated = f"<item><title>News</title><pubDate>{written}</pubDate></item>"
    assert parse(rss(dated))[0].published == read


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>One</p><p>two<br>three</p>", "One two three", id="blocks are set apart"),
        pytest.param("un<b>believ</b>able", "unbelievable", id="inline tags are not"),
        pytest.param(
            "a<script>alert(1)</script>b<style>c</style>", "ab", id="scripts and styles go with their text"
        ),
        pytest.param(
            "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>", id="escaped is text"
        ),
        pytest.param("{{7*7}} {% x %}", "{{7*7}} {% x %}", id="a template is text"),
        pytest.param("a\x00b\x1b[31mc\r\nd\u2028e", "ab [31mc d e", id="control characters"),
        pytest.param("left\u202eright\u200b", "leftright", id="direction and zero width"),
        pytest.param("lone \ud800 surrogate &#55296;", "lone surrogate \ufffd", id="half a character"),
        pytest.param("<a href='javascript:x'>link</a>", "link", id="a link's text"),
    ],
)
def test_markup_becomes_one_line_of_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup, 100) == text


def test_titles_and_extracts_are_cut_at_a_word() -> None:
    found = parse(rss(f"<item><title>{'word ' * 200}</title><description>{'x' * 5000}</description></item>"))[
        0
    ]
    assert TITLE_LIMIT - 10 < len(found.title) <= TITLE_LIMIT
    assert found.title.endswith("word…")
    assert len(found.text) == EXTRACT_LIMIT


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "/news", "https://", "http://[::1", "https://a b.example/"],
)
def test_a_link_that_no_reader_should_follow_is_dropped_and_the_item_kept(link: str) -> None:
    assert [(found.title, found.url) for found in parse(rss(item(None, link)))] == [("News", "")]


def test_an_item_without_title_is_named_by_its_text_and_an_empty_one_left_out() -> None:
    found = parse(
        rss(
            "<item><description>Only text</description></item>", "<item><link>https://a.example</link></item>"
        )
    )
    assert [item.title for item in found] == ["Only text"]


def test_an_empty_feed_is_no_error() -> None:
    assert parse(rss()) == []


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    assert [found.title for found in parse(rss(ITEM, "<item><title>A &nbsp; B & C</title></item>"))] == [
        "News",
        "A B & C",
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html><body><p>Just a moment...</p></body></html>", id="a web page"),
        pytest.param(b'{"version": "https://jsonfeed.org/version/1", "items": []}', id="JSON"),
        pytest.param(bytes(range(256)) * 20, id="binary"),
        pytest.param(b"https://lab.example/feed", id="a URL"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match=r"lab\.example"):
        parse(body)


def test_a_body_that_spells_a_path_is_never_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_text(rss(ITEM))
    with pytest.raises(ParseError):
        parse(str(canary))


def bombs() -> dict[str, str]:
    nested = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "lol">{nested}]>'
    return {
        "100,000 nested tags": rss("<a>" * 100_000 + "</a>" * 100_000),
        "100,000 tags never closed": rss("<item>" + "<a>" * 100_000),
        "nested behind a fault": rss("&nbsp;" + "<a>" * 100_000),
        "a million brackets": "<" * 1_000_000,
        "billion laughs": laughs + rss("<item><title>&l9;</title></item>"),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_in_little_time_and_memory(name: str) -> None:
    body = bombs()[name]
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(ParseError):
        parse(body)
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < 3
    assert peak < 200_000_000


def test_deep_markup_inside_a_text_is_cut_before_it_costs_anything() -> None:
    began = time.process_time()
    many = [
        f"<item><title>{n}</title><description><![CDATA[{'<div>' * 10_000}x]]></description></item>"
        for n in range(50)
    ]
    assert len(parse(rss(*many))) == 50
    assert time.process_time() - began < 3


def test_an_entity_that_names_a_file_or_an_address_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        callers: list[object] = []
        listener = threading.Thread(target=lambda: callers.append(knocked(server)))
        listener.start()
        for target in (secret.as_uri(), f"http://127.0.0.1:{server.getsockname()[1]}/x.dtd"):
            for declared in (f'<!ENTITY e SYSTEM "{target}">', f'<!ENTITY % e SYSTEM "{target}"> %e;'):
                with pytest.raises(ParseError, match="entity e"):
                    parse(f"<!DOCTYPE rss [{declared}]>{rss('<item><title>&e;</title></item>')}")
        assert parse(f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:{server.getsockname()[1]}/x.dtd">{rss(ITEM)}')
        listener.join()
    assert callers == [False]


def knocked(server: socket.socket) -> bool:
    """Whether anyone connects within the server's patience."""
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True
