"""The HTTP client is polite, honest and careful: what it sends, what it follows, which bodies it takes."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.clients import fetcher
from tests.support.recorded import recorded_web
from tests.support.servers import Asked, Reply, answer, redirect, reset, site, zipped
from tracker import __version__
from tracker.errors import BadBody, FetchError, Refused, Unreachable, UnsafeAddress, UsageError

PAGE = answer(b"page", ETag='"v1"', Last_Modified="Sun, 08 Mar 2026 00:00:00 GMT")


def test_it_says_who_asks_and_takes_gzip() -> None:
    with site({"/": zipped(b"page" * 1000, Content_Type="Text/CSV; charset=utf-8")}) as server:
        with fetcher() as fetch:
            page = fetch.get(server.url())
        assert (page.status, page.body, page.media_type) == (200, b"page" * 1000, "text/csv")
        for asked in server.asked:
            assert asked.headers["user-agent"] == f"gapwatch/{__version__} (+https://example.org/watch)"
            assert asked.headers["accept-encoding"] == "gzip"


def test_a_page_that_is_known_is_asked_for_conditionally() -> None:
    def revalidating(connection: socket.socket, asked: Asked) -> None:
        unchanged = asked.headers.get("if-none-match") == '"v1"' and "if-modified-since" in asked.headers
        connection.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n' if unchanged else PAGE)

    with site({"/": revalidating}) as server, fetcher() as fetch:
        first = fetch.get(server.url())
        again = fetch.get(server.url(), etag=first.etag, last_modified=first.last_modified)
        assert (first.body, first.not_modified, first.etag) == (b"page", False, '"v1"')
        assert (again.body, again.not_modified, again.status) == (b"", True, 304)
        assert "if-none-match" not in server.asked[0].headers


def test_cookies_are_not_kept() -> None:
    with site({"/": answer(b"page", Set_Cookie="id=1; Path=/")}) as server, fetcher() as fetch:
        fetch.get(server.url())
        fetch.get(server.url())
        assert all("cookie" not in asked.headers for asked in server.asked)


def test_hosts_are_asked_side_by_side_but_each_with_one_request_at_a_time() -> None:
    both = threading.Barrier(2)

    def together(connection: socket.socket, asked: Asked) -> None:
        both.wait(5)  # for a request to the other host; broken where none comes meanwhile
        connection.sendall(PAGE)

    with (
        site({"*": together}) as one,
        site({"*": together}, address="127.0.0.2") as other,
        fetcher() as fetch,
    ):
        pages = [server.url(f"/{n}") for n in range(5) for server in (one, other)]
        with ThreadPoolExecutor(8) as pool:
            assert [page.body for page in pool.map(fetch.get, pages)] == [b"page"] * 10
        assert (one.at_once, other.at_once) == (1, 1)


def test_connections_are_kept_and_a_kept_one_that_has_gone_is_replaced_once() -> None:
    replies: dict[str, Reply] = {"/robots.txt": answer(), "/": PAGE}
    with site(replies) as server, fetcher() as fetch:
        fetch.get(server.url())
        fetch.get(server.url())
        assert server.connections == 1
        replies["/reset"] = reset
        with pytest.raises(FetchError):
            fetch.get(server.url("/reset"))
        assert server.paths() == ["/", "/", "/reset", "/reset"]
        with pytest.raises(FetchError):
            fetch.get(server.url("/reset"))
        assert server.paths()[4:] == ["/reset"]


REDIRECTS: dict[str, tuple[str, type[FetchError], str]] = {
    "around in circles": ("/start", Refused, "too often"),
    "to a file": ("file:///etc/passwd", UnsafeAddress, "nothing else is fetched"),
    "to another scheme": ("gopher://127.0.0.1/", UnsafeAddress, "nothing else is fetched"),
    "to cloud metadata": ("http://169.254.169.254/latest/", UnsafeAddress, "outside the public internet"),
    "to a private address in decimal": ("http://167772161/", UnsafeAddress, "outside the public internet"),
    "to an IPv6 loopback": ("http://[::1]/", UnsafeAddress, "outside the public internet"),
    "to no URL": ("http://[oops/", UnsafeAddress, "no URL"),
    "to a port that cannot be": ("http://127.0.0.1:99999/", UnsafeAddress, "no URL"),
}


@pytest.mark.parametrize(("location", "error", "said"), REDIRECTS.values(), ids=REDIRECTS.keys())
def test_a_redirect_is_followed_only_where_it_is_safe(
    location: str, error: type[FetchError], said: str
) -> None:
    with site({"/start": redirect(location)}) as server, fetcher() as fetch:
        with pytest.raises(error, match=said):
            fetch.get(server.url("/start"))
        assert len(server.paths()) <= 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_five_redirects_lead_to_the_page(status: int) -> None:
    hops: dict[str, Reply] = {f"/{n}": redirect(f"{n + 1}", status) for n in range(5)}
    with site(hops | {"/5": PAGE}) as server, fetcher() as fetch:
        page = fetch.get(server.url("/0"))
        assert (page.body, page.url) == (b"page", server.url("/5"))


def test_credentials_stay_with_the_host_they_are_for() -> None:
    with (
        site({"/": PAGE}, address="127.0.0.2") as other,
        site({"/": redirect("/next"), "/next": redirect(other.url("/"))}) as server,
        fetcher() as fetch,
    ):
        assert fetch.get(server.url(), headers=[("X-Api-Key", "secret")]).body == b"page"
        keys = {asked.path: asked.headers.get("x-api-key") for asked in server.asked}
        assert keys == {"/robots.txt": None, "/": "secret", "/next": "secret"}
        assert [asked.headers.get("x-api-key") for asked in other.asked] == [None, None]


URLS = {
    "a file": "file:///etc/passwd",
    "no scheme": "example.org/x",
    "no host": "http:///x",
    "not a URL": "http://[",
    "loopback": "http://127.0.0.1/",
    "loopback in octal": "http://0177.0.0.1/",
    "loopback by name": "http://localhost/",
    "NAT64": "http://[64:ff9b::a00:1]/",
}


@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_a_url_that_must_not_be_visited_is_refused_before_any_request(url: str) -> None:
    with fetcher(allow_addresses=()) as fetch, pytest.raises(UnsafeAddress):
        fetch.get(url)
    assert fetch.hosts.get("127.0.0.1") is None


@pytest.mark.parametrize("value", ["secr\r\nX-Evil: 1", "secret\x00", "sécret"])
def test_a_header_that_cannot_be_sent_is_named_without_its_value(value: str) -> None:
    with fetcher() as fetch, pytest.raises(UsageError, match="X-Api-Key") as caught:
        fetch.get("http://127.0.0.1:9/", headers=[("X-Api-Key", value)])
    assert "cret" not in str(caught.value)


def test_keys_and_passwords_in_a_url_are_not_shown() -> None:
    with site() as server, fetcher() as fetch, pytest.raises(Refused) as caught:
        fetch.get(server.url("/x?page=2&api_key=hidden").replace("//", "//me:hidden@"))
    assert "page=2" in str(caught.value)
    assert "hidden" not in str(caught.value)


BODIES: dict[str, tuple[Reply, str]] = {
    "shorter than announced": (answer(b"half", Content_Length="8", Connection="close"), "shorter"),
    "chunks that break off": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "shorter",
    ),
    "gzip that breaks off": (
        answer(zipped(b"x" * 999).partition(b"\r\n\r\n")[2][:-9], Content_Encoding="gzip"),
        "stops before the end",
    ),
    "more than the limit": (answer(b"x" * 5000), "larger than 4,096 bytes"),
    "more than the limit, packed": (zipped(b"x" * 50_000), "larger than 4,096 bytes"),
    "huge headers": (answer(b"page", X_Padding="x" * 300_000), "headers are too large"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "is not HTTP"),
}


def closing_after(reply: Reply) -> Reply:
    assert isinstance(reply, bytes)
    return lambda connection, asked: connection.sendall(reply)


@pytest.mark.parametrize(("reply", "said"), BODIES.values(), ids=BODIES.keys())
def test_a_body_is_taken_whole_or_not_at_all(reply: Reply, said: str) -> None:
    with site({"/": closing_after(reply)}) as server, fetcher(max_bytes=4096) as fetch:
        with pytest.raises(BadBody, match=said) as caught:
            fetch.get(server.url())
        assert str(caught.value).startswith(server.url())


# A request of the user's own


def slow_parts(connection: socket.socket, asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
    for part in (b"one", b"two"):
        time.sleep(0.1)
        connection.sendall(part)


def test_a_post_is_sent_once_as_it_is_and_each_piece_of_its_answer_is_timed() -> None:
    with site({"/ask": slow_parts}) as server, fetcher() as fetch:
        got = fetch.post(server.url("/ask"), b'{"a": 1}', headers=[("Authorization", "Bearer x")])
        assert (got.body, [size for _, size in got.arrivals]) == (b"onetwo", [3, 6])
        first, last = (at for at, _ in got.arrivals)
        assert 0.05 < first < last - 0.02
        (asked,) = server.asked  # robots.txt is for robots
        assert (asked.method, asked.body, asked.headers["authorization"]) == ("POST", b'{"a": 1}', "Bearer x")
        assert asked.headers["accept-encoding"] == "identity"


POSTS: dict[str, tuple[Reply, type[FetchError], str]] = {
    "a redirect": (redirect("/there", 307), Refused, "redirects; name the place"),
    "a refusal": (answer(status=401), Refused, "answered 401"),
    "a compressed answer": (zipped(b"x"), BadBody, "compressed, which was not asked for"),
    "a connection that breaks": (reset, Unreachable, "broke the connection off"),
    "more than the limit": (answer(b"x" * 5000), BadBody, "larger than 4,096 bytes"),
}


@pytest.mark.parametrize(("reply", "error", "said"), POSTS.values(), ids=POSTS.keys())
def test_a_post_is_neither_repeated_nor_led_elsewhere(
    reply: Reply, error: type[FetchError], said: str
) -> None:
    """Not on a kept connection either: what it asks for may cost money."""
    with (
        site({"/ask": reply, "/": PAGE, "/robots.txt": answer()}) as server,
        fetcher(max_bytes=4096) as fetch,
    ):
        fetch.get(server.url())
        with pytest.raises(error, match=said):
            fetch.post(server.url("/ask"), b"{}")
        assert server.paths() == ["/", "/ask"]
        assert server.connections == 1


def test_a_host_that_the_user_names_is_let_through_and_no_other() -> None:
    with (
        site({"*": PAGE}) as server,
        site({"*": PAGE}, address="127.0.0.2") as other,
        fetcher(allow_addresses=(), allow_hosts=("127.0.0.1", "LocalHost")) as fetch,
    ):
        assert fetch.post(server.url("/ask"), b"{}").body == b"page"
        assert fetch.post(server.url("/ask", host="localhost"), b"{}").body == b"page"
        with pytest.raises(UnsafeAddress):
            fetch.post(other.url("/ask"), b"{}")
        assert other.connections == 0


def test_the_recorded_web_is_read_through_its_proxy_and_not_read_twice() -> None:
    with recorded_web("2026-03-08") as web, fetcher(environ=web.env, allow_addresses=()) as fetch:
        url = "https://models.dev/api.json"
        first = fetch.get(url)
        assert first.media_type == "application/json"
        assert fetch.get(url, etag=first.etag).not_modified
        assert [asked["status"] for asked in web.requests] == [200, 200, 304]
