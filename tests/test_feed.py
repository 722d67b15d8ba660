"""A feed becomes announcements, whatever is in it: identity, dates, plain text, and no bomb goes off.

How a spoiled feed looks to its user is told in test_bad_feeds.py.
"""

from __future__ import annotations

import json
import socket
import threading
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.arrivals import arrival, at, board, register
from tracker.collect.extract import EXTRACT_LIMIT, extract, plain_text
from tracker.collect.feed import (
    CATEGORIES,
    CATEGORY,
    CATEGORY_LIMIT,
    ITEM_LIMIT,
    TITLE_LIMIT,
    canonical_url,
    parse_feed,
)
from tracker.domain import Announcement, Unread
from tracker.errors import ParseError
from tracker.source import Payload
from tracker.store import database, writer

NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
ITEM = "<item><title>News</title><link>https://lab.example/news</link></item>"


def parse(body: str | bytes, **more: tuple[str, ...]) -> list[Announcement]:
    return [found for found in everything(body, **more) if isinstance(found, Announcement)]


def everything(body: str | bytes, **more: tuple[str, ...]) -> list[Announcement | Unread]:
    raw = body.encode() if isinstance(body, str) else body
    return list(parse_feed(Payload("https://lab.example/feed", raw, NOW), "lab", **more))


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>Lab</title>{"".join(items)}</channel></rss>'


def item(guid: str | None = None, link: str = "", title: str = "News") -> str:
    guid_part = "" if guid is None else f'<guid isPermaLink="false">{guid}</guid>'
    return f"<item><title>{title}</title><link>{link}</link>{guid_part}</item>"


ONE_ITEM = {
    "the same guid twice": (item("id-1"), item("id-1", title="Edited")),
    "guids in http and https": (item("http://lab.example/a"), item("https://lab.example/a")),
    "a guid with blanks around it": (item("id-1"), item("  id-1\n ")),
    "empty guid": (item("", "https://lab.example/a"), item(None, "https://lab.example/a")),
    "a guid of blanks": (item(" ", "https://lab.example/a"), item(None, "https://lab.example/a")),
    "links in both": (item(None, "http://lab.example/a"), item(None, "https://lab.example/a")),
    "fragment": (item(None, "https://lab.example/a"), item(None, "https://lab.example/a#b")),
    "the host in capitals": (item(None, "https://Lab.Example/a"), item(None, "https://lab.example/a")),
    "the query in another order": (
        item(None, "https://lab.example/a?b=1&amp;c=2"),
        item(None, "https://lab.example/a?c=2&amp;b=1"),
    ),
    "campaign": (
        item(None, "https://lab.example/a?utm_source=x&amp;b=1"),
        item(None, "https://lab.example/a?b=1&amp;utm_medium=y"),
    ),
    "neither guid nor link, the same words": (item(), item()),
}


@pytest.mark.parametrize(("first", "second"), ONE_ITEM.values(), ids=ONE_ITEM.keys())
def test_two_spellings_of_one_item_are_one_and_the_first_stands(first: str, second: str) -> None:
    assert parse(rss(first, second)) == parse(rss(first))
    assert parse(rss(second))[0].key == parse(rss(first))[0].key


def test_polling_twice_changes_nothing_however_the_feed_spells_its_item_now(tmp_path: Path) -> None:
    with database.writing(tmp_path / "g.db") as connection:
        for name, (first, second) in ONE_ITEM.items():
            place = board(f"lab-{list(ONE_ITEM).index(name)}", listing=False)
            register(connection, place)
            days = {"2026-05-01": (first,), "2026-05-02": (second,), "2026-05-03": (second, first)}
            stored = [
                writer.store(connection, arrival(place, at(day), parse(rss(*items))))
                for day, items in days.items()
            ]
            assert [one.changed for one in stored] == [1, 0, 0], name


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
        pytest.param(b'{"error": "no such page"}', id="JSON"),
        pytest.param(
            b'{"version": "https://jsonfeed.org/version/1", "items": {}}', id="a JSON Feed without a list"
        ),
        pytest.param(bytes(range(256)) * 20, id="binary"),
        pytest.param(b"https://lab.example/feed", id="a URL"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match=r"lab\.example"):
        parse(body)


def test_what_a_feed_is_about_is_said_of_each_item() -> None:
    assert [found.topics for found in parse(rss(ITEM), topics=("release", "research"))] == [
        ("release", "research")
    ]


def filed(*categories: str) -> str:
    return f"<item><title>News</title>{''.join(f'<category>{name}</category>' for name in categories)}</item>"


@pytest.mark.parametrize(
    ("categories", "kept"),
    [
        pytest.param((), (), id="none"),
        pytest.param(("Product", "Case Study"), ("#product", "#case study"), id="without case, in order"),
        pytest.param(("News", "news", " "), ("#news",), id="each once, and no blank one"),
        pytest.param(("incident",), ("#incident",), id="never what the whole feed is about"),
        pytest.param(("a\nincident",), ("#a incident",), id="one line each"),
        pytest.param(("&lt;b&gt;Bold&lt;/b&gt;",), ("#bold",), id="without markup"),
        pytest.param(
            tuple(f"c{n}" for n in range(20)), tuple(f"#c{n}" for n in range(CATEGORIES)), id="the first ones"
        ),
    ],
)
def test_what_a_feed_files_an_item_under_is_kept_with_a_mark(
    categories: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    assert parse(rss(filed(*categories)), topics=("release",))[0].topics == ("release", *kept)


def test_a_long_category_is_cut() -> None:
    (found,) = parse(rss(filed("word " * 1000)))[0].topics
    assert len(found) <= CATEGORY_LIMIT + len(CATEGORY)


def test_tags_of_a_json_feed_are_categories_where_they_are_text() -> None:
    items = [{"id": "1", "title": "A", "tags": ["R & D", 7, None]}, {"id": "2", "title": "B", "tags": "no"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Lab", "items": items}
    assert [found.topics for found in parse(json.dumps(feed))] == [("#r & d",), ()]


SENTENCE = "Today we release a model that reads maps."
EXTRACTS = {
    "a summary that says something": (
        "Reads every map you have.",
        f"<p>{SENTENCE}</p>",
        "Reads every map you have.",
    ),
    "the title again": ("Large 5", f"<p>{SENTENCE}</p>", SENTENCE),
    "navigation": ("Back to Blog", f"<p>Back to Blog</p><p>5 min read</p><p>{SENTENCE}</p>", SENTENCE),
    "the body alone": ("", f"<h2>What's new</h2><p>{SENTENCE}</p>", SENTENCE),
    "a body that says no more": ("Back to Blog", "<p>Back to Blog</p><p>Share this</p>", "Back to Blog"),
    "a body of short lines alone": ("", "<ul><li>Fix one</li><li>Fix two</li></ul>", "Fix one Fix two"),
    "no body": ("Large 5", "", "Large 5"),
    "a script": ("", "<script>var one = two + three + four + five</script>", ""),
    "neither": ("", "", ""),
}


@pytest.mark.parametrize(("summary", "body", "text"), EXTRACTS.values(), ids=EXTRACTS.keys())
def test_an_extract_is_the_summary_or_else_where_the_body_first_says_something(
    summary: str, body: str, text: str
) -> None:
    assert extract("Large 5", summary, body) == text


def test_a_body_of_a_thousand_blocks_costs_little() -> None:
    assert extract("News", "", "<p>x" * 100_000 + f"<p>{SENTENCE}") == plain_text(
        "<p>x" * 1000, EXTRACT_LIMIT
    )


def test_what_was_stored_stays_as_it_was_when_its_feed_files_it_anew(tmp_path: Path) -> None:
    with database.writing(tmp_path / "g.db") as connection:
        place = board("lab", listing=False)
        register(connection, place)
        for day, body in (("2026-05-01", filed()), ("2026-05-02", filed("Product"))):
            writer.store(connection, arrival(place, at(day), parse(rss(body))))
        assert connection.exec_driver_sql("SELECT topics FROM announcement").fetchall() == [("",)]


def test_neither_categories_nor_the_extract_are_of_an_items_identity() -> None:
    plain = "<item><title>Large 5</title><description>Back to Blog</description>{}</item>"
    body = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<![CDATA[<p>{SENTENCE}</p>]]></content:encoded>"
    )
    bare, richer = (
        parse(rss(plain.format("")))[0],
        parse(rss(plain.format(f"<category>X</category>{body}")))[0],
    )
    assert (bare.text, richer.text) == ("Back to Blog", SENTENCE)
    assert bare.key == richer.key


@pytest.mark.parametrize(
    ("title", "text", "counts"),
    [
        pytest.param("Amazon Bedrock grows", "", True, id="in the title"),
        pytest.param("News", "<p>On <b>BEDROCK</b>,</p>", True, id="in the text, in capitals"),
        pytest.param("News", "x " * 1000 + "bedrock", True, id="far into the text"),
        pytest.param("KV cache in five minutes", "", True, id="a phrase"),
        pytest.param("Bedrockish things", "", False, id="a part of a word"),
        pytest.param("KV, and a cache", "", False, id="a phrase in pieces"),
        pytest.param("<a href='bedrock'>News</a>", "", False, id="in the markup only"),
        pytest.param("Other news", "", False, id="nowhere"),
    ],
)
def test_a_broad_feed_is_narrowed_to_what_names_one_of_the_words(title: str, text: str, counts: bool) -> None:
    body = rss(
        f"<item><title><![CDATA[{title}]]></title><description><![CDATA[{text}]]></description></item>"
    )
    assert bool(parse(body, about=("bedrock", "kv cache"))) == counts


def test_an_incident_has_one_page_however_many_updates_its_feed_tells() -> None:
    page, front = "https://status.example/incidents/7", "https://status.example/"
    updates = rss(
        item("7#2", page, "[Resolved] Slow"),
        item("7#1", f"{page}#1", "[Investigating] Slow"),
        item("up", front, "API recovered"),
        item("down", front, "API went down"),
    )
    told = [found.title for found in parse(updates, topics=("incident",))]
    assert told == ["[Resolved] Slow", "API recovered", "API went down"]
    assert len(parse(updates, topics=("release",))) == 4


def minutes(*numbers: int) -> str:
    """Items of one day, each of its minute; undated below 0."""
    dated = "<pubDate>Thu, 28 May 2026 {:02}:{:02}:00 GMT</pubDate>"
    return rss(
        *(f"<item><title>{n}</title>{dated.format(*divmod(n, 60)) if n >= 0 else ''}</item>" for n in numbers)
    )


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        pytest.param(range(ITEM_LIMIT + 3), range(ITEM_LIMIT + 2, 2, -1), id="oldest first"),
        pytest.param(range(ITEM_LIMIT + 2, -1, -1), range(ITEM_LIMIT + 2, 2, -1), id="newest first"),
        pytest.param([-1, *range(ITEM_LIMIT)], range(ITEM_LIMIT - 1, -1, -1), id="an undated one"),
        pytest.param(range(-1, -ITEM_LIMIT - 3, -1), range(-1, -ITEM_LIMIT - 1, -1), id="all undated"),
    ],
)
def test_of_many_items_the_newest_are_read_and_it_is_said_how_many_are_not(
    numbers: Iterable[int], kept: Iterable[int]
) -> None:
    body = minutes(*numbers)
    assert [found.title for found in parse(body)] == [str(number) for number in kept]
    left = len(list(numbers)) - ITEM_LIMIT
    (unread,) = [found.what for found in everything(body) if isinstance(found, Unread)]
    assert unread == f"{left} items of https://lab.example/feed older than its newest 1,000"


def test_a_json_feed_is_a_feed() -> None:
    items = [
        {
            "id": "urn:1",
            "url": "https://lab.example/1",
            "title": "A < B",
            "content_text": "Plain <b>text</b>",
            "date_published": "2026-05-28T10:00:00+02:00",
        },
        {"id": 2, "content_html": "<p>Only <b>text</b></p>", "date_modified": "2026-05-27T10:00:00Z"},
        {"id": 3, "url": "javascript:alert(1)", "title": "Bad", "date_published": "soon", "summary": 7},
        {"id": "urn:1", "title": "Again"},
        {"id": "4", "title": "", "content_text": ""},
        "not an item",
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Lab", "items": items}
    found = [(item.key, item.url, item.title, item.text, item.published) for item in parse(json.dumps(feed))]
    assert found == [
        (
            "urn:1",
            "https://lab.example/1",
            "A < B",
            "Plain <b>text</b>",
            datetime(2026, 5, 28, 8, tzinfo=UTC),
        ),
        ("2", "", "Only text", "Only text", datetime(2026, 5, 27, 10, tzinfo=UTC)),
        ("3", "", "Bad", "", None),
    ]


def test_a_body_that_spells_a_path_is_never_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_text(rss(ITEM))
    with pytest.raises(ParseError):
        parse(str(canary))


def bombs() -> dict[str, tuple[str, str]]:
    """What is hostile, and in which words it is refused: those of the look before anything reads it."""
    nested = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "lol">{nested}]>'
    return {
        "100,000 nested tags": (rss("<a>" * 100_000 + "</a>" * 100_000), "markup nested 501 deep"),
        "100,000 tags never closed": (rss("<item>" + "<a>" * 100_000), "markup nested 501 deep"),
        "nested behind a fault": (rss("&nbsp;" + "<a>" * 100_000), "too large to be guessed at"),
        "a million brackets": ("<" * 1_000_000, "too large to be guessed at"),
        "billion laughs": (laughs + rss("<item><title>&l9;</title></item>"), "declares the entity l1"),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused_before_it_is_read_and_in_little_memory(name: str) -> None:
    body, told = bombs()[name]
    tracemalloc.start()
    with pytest.raises(ParseError, match=told):
        parse(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000_000


def test_deep_markup_inside_a_text_is_cut_before_it_costs_anything() -> None:
    """What stands behind 10,000 blocks is not reached; it would take seconds a text."""
    deep = "".join(
        f"<item><title>{n}</title><description><![CDATA[here {'<div>' * 10_000}there]]></description></item>"
        for n in range(5)
    )
    assert [item.text for item in parse(rss(deep))] == ["here"] * 5


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
