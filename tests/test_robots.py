"""robots.txt is asked for once a day and obeyed (RFC 9309), whatever a server answers for it."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.support.clients import NOW, Watch, fetcher
from tests.support.servers import NOT_FOUND, Reply, answer, redirect, reset, site
from tracker.collect.fetch import HostState
from tracker.collect.robots import Rules
from tracker.errors import Blocked, FetchError, Refused, Unreachable

DENY = answer(b"User-agent: *\nDisallow: /private/\n")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /data/", "/data/x.json", True),
        ("User-agent: gapwatch\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: GapWatch\nDisallow: /a", "/a", False),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /*.csv$", "/table.csv", False),
        ("User-agent: *\nDisallow: /*?page=", "/x?page=2", False),
        ("<html>not found</html>", "/a", True),
        ("\x00\xff junk : : :", "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(text: str, path: str, allowed: bool) -> None:
    assert Rules(text).allows(f"https://example.org{path}") is allowed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        ("User-agent: *\nCrawl-delay: 2", 2.0),
        ("User-agent: *\nCrawl-delay: 86400", 10.0),
        ("User-agent: *\nCrawl-delay: -5", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("User-agent: otherbot\nCrawl-delay: 5", 0.0),
    ],
)
def test_a_crawl_delay_is_kept_up_to_ten_seconds(text: str, seconds: float) -> None:
    assert Rules(text).delay == seconds


ANSWERS: dict[str, tuple[Reply, type[FetchError] | None]] = {
    "rules": (DENY, Blocked),
    "nothing there": (NOT_FOUND, None),
    "sign in first": (answer(status=401), None),
    "forbidden": (answer(status=403), None),
    "a web page": (answer(b"<html>Disallow: /</html>", Content_Type="text/html"), None),
    "broken server": (answer(status=500), Refused),
    "overloaded": (answer(status=503), Refused),
    "too many requests": (answer(status=429), Refused),
    "led elsewhere, to rules": (redirect("/elsewhere.txt"), Blocked),
    "led around in circles": (redirect("/robots.txt"), None),
    "connection dropped": (reset, Unreachable),
    "rules, and more than anyone reads": (
        answer(b"User-agent: *\nDisallow: /private/\n" + b"#" * 600_000),
        Blocked,
    ),
}


@pytest.mark.parametrize(("robots", "error"), ANSWERS.values(), ids=ANSWERS.keys())
def test_what_a_server_answers_for_robots_txt_decides(robots: Reply, error: type[FetchError] | None) -> None:
    pages = {"/robots.txt": robots, "/elsewhere.txt": DENY, "/private/x": answer(b"page")}
    with site(pages) as server, fetcher() as fetch:
        if error is None:
            assert fetch.get(server.url("/private/x")).body == b"page"
        else:
            with pytest.raises(error, match=r"127\.0\.0\.1"):
                fetch.get(server.url("/private/x"))
            assert "/private/x" not in server.paths()


def test_it_is_asked_for_once_and_kept_over_restarts_for_a_day() -> None:
    hosts: dict[str, HostState] = {}
    with site({"/robots.txt": DENY, "*": answer(b"page")}) as server:
        for now in (NOW, NOW + timedelta(hours=23), NOW + timedelta(hours=25)):
            with fetcher(hosts=hosts, clock=Watch(now)) as fetch:
                assert fetch.get(server.url("/a")).body == fetch.get(server.url("/b")).body == b"page"
        paths = [asked.path for asked in server.asked]
        assert paths == ["/robots.txt", "/a", "/b", "/a", "/b", "/robots.txt", "/a", "/b"]
    (state,) = hosts.values()
    assert state.robots == "User-agent: *\nDisallow: /private/\n"
    assert state.robots_fetched == NOW + timedelta(hours=25)


def test_an_old_copy_serves_while_the_server_is_broken() -> None:
    with site({"/robots.txt": answer(status=500), "*": answer(b"page")}) as server:
        old = HostState(robots="User-agent: *\nDisallow: /private/", robots_fetched=NOW - timedelta(days=3))
        with fetcher(hosts={f"127.0.0.1:{server.port}": old}) as fetch:
            assert fetch.get(server.url("/a")).body == b"page"
            with pytest.raises(Blocked):
                fetch.get(server.url("/private/x"))


def test_a_redirect_to_another_host_is_held_against_the_rules_of_that_host() -> None:
    with (
        site({"/robots.txt": DENY, "*": answer(b"page")}, address="127.0.0.2") as other,
        site({"/a": redirect(other.url("/private/x"))}) as server,
        fetcher() as fetch,
    ):
        with pytest.raises(Blocked, match=r"127\.0\.0\.2"):
            fetch.get(server.url("/a"))
        assert other.paths() == []


def test_between_two_requests_lies_the_crawl_delay() -> None:
    robots = answer(b"User-agent: *\nCrawl-delay: 0.3\n")
    with site({"/robots.txt": robots, "*": answer(b"page")}) as server, fetcher() as fetch:
        started = time.monotonic()
        for path in ("/a", "/b", "/c"):
            fetch.get(server.url(path))
        assert time.monotonic() - started >= 0.9
        times = [asked.at for asked in server.asked]
        assert all(later - earlier >= 0.29 for earlier, later in pairwise(times))
