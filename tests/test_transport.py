"""The standard variables decide which proxy is used and which certificates are trusted."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.clients import fetcher, hasty, outcome
from tests.support.recorded import recorded_web
from tests.support.servers import Asked, Reply, answer, closed_port, hang, site
from tracker.errors import BadBody, DeadlineExceeded, FetchError, Unreachable, UnsafeAddress, UsageError

PAGE = answer(b"page")


def proxy_that(connect: bytes) -> Callable[[socket.socket, Asked], None]:
    """A proxy that answers CONNECT so."""
    return lambda connection, asked: connection.sendall(connect)


def test_a_proxy_is_used_where_the_environment_names_one() -> None:
    with site({"*": PAGE}) as proxy, site({"/": answer(b"direct")}, address="127.0.0.2") as direct:
        environ = {
            "HTTP_PROXY": f"http://me:secret@127.0.0.1:{proxy.port}",
            "NO_PROXY": "example.net,127.0.0.2",
        }
        with fetcher(environ=environ) as fetch:
            assert fetch.get("http://www.example.org/a").body == b"page"
            assert proxy.asked[-1].path == "http://www.example.org/a"
            assert proxy.asked[-1].headers["proxy-authorization"].startswith("Basic ")
            assert fetch.get(direct.url()).body == b"direct"
        with fetcher(environ=environ, allow_addresses=()) as fetch, pytest.raises(UnsafeAddress):
            fetch.get("http://10.0.0.1/")


DIRECT = {
    "a name": ("direct.test", True),
    "a name, as a suffix": (".test", True),
    "a name with a star": ("*.test", True),
    "everything": ("*", True),
    "among others": ("example.com, direct.test ,::1", True),
    "with its port": ("direct.test:80", True),
    "with another port": ("direct.test:8080", False),
    "the end of a name, but no suffix": ("rect.test", False),
    "another name": ("example.net", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("exempt", "direct"), DIRECT.values(), ids=DIRECT.keys())
def test_no_proxy_exempts_what_it_names(exempt: str, direct: bool) -> None:
    with site({"*": PAGE}) as proxy:
        environ = {
            "http_proxy": f"127.0.0.1:{proxy.port}",
            "HTTP_PROXY": "http://[::1]:9",
            "no_proxy": exempt,
        }
        with fetcher(environ=environ) as fetch:
            said = outcome(fetch, "http://direct.test/")
        assert ("cannot be resolved" in said) is direct
        assert (said == "page") is not direct


PROXIES: dict[str, tuple[Reply, str]] = {
    "knows no such host": (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "the proxy does not connect to it .502"),
    "wants a password": (b"HTTP/1.1 407 Who\r\n\r\n", "set user and password in HTTPS_PROXY"),
    "says nothing": (b"", "the proxy 127.0.0.1 did not connect within 0.3 s"),
}


@pytest.mark.parametrize(("reply", "said"), PROXIES.values(), ids=PROXIES.keys())
def test_a_proxy_that_does_not_connect_is_named(reply: bytes, said: str) -> None:
    with (
        site({"*": proxy_that(reply) if reply else hang}) as proxy,
        hasty(environ={"https_proxy": proxy.url()}) as fetch,
        pytest.raises(Unreachable, match=said),
    ):
        fetch.get("https://example.org/")


def test_a_proxy_that_is_not_there_is_named_and_leads_to_the_verdict() -> None:
    with (
        closed_port() as port,
        fetcher(environ={"HTTPS_PROXY": f"http://me:secret@127.0.0.1:{port}"}) as fetch,
    ):
        lines = [outcome(fetch, f"https://{name}.example.org/") for name in "abcd"]
    assert lines[0] == f"the proxy 127.0.0.1:{port} cannot be reached: connection refused"
    assert lines[3].startswith("off line")
    assert fetch.offline


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"HTTPS_PROXY": "socks5://me:secret@127.0.0.1:1080"}, "HTTPS_PROXY must be the http or https URL"),
        ({"http_proxy": "http://me:secret@[oops"}, "HTTP_PROXY must be the http or https URL"),
        ({"ALL_PROXY": "ftp://me:secret@proxy"}, "HTTP_PROXY is no URL"),
        ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE: .*/nowhere/ca.pem.*No such file"),
        ({"REQUESTS_CA_BUNDLE": __file__}, "REQUESTS_CA_BUNDLE: .*cannot be read"),
    ],
)
def test_a_wrong_environment_is_named_without_its_secrets(environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        fetcher(environ=environ)
    assert "secret" not in str(caught.value)


def test_certificates_are_checked_against_the_authorities_of_the_environment(tmp_path: Path) -> None:
    trustme = pytest.importorskip("trustme", reason="makes the certificates of this test")
    authority, bundle = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with site({"/": PAGE}, tls=context) as server:
        with fetcher(environ={"SSL_CERT_FILE": str(bundle)}) as fetch:
            assert fetch.get(server.url()).body == b"page"
            with pytest.raises(Unreachable, match=r"localhost: TLS failed .certificate: Hostname mismatch"):
                fetch.get(server.url(host="localhost"))
        with fetcher() as fetch, pytest.raises(Unreachable, match=r"TLS failed .certificate: unable to get"):
            fetch.get(server.url())


RECORDED: dict[str, type[FetchError]] = {
    "hang": DeadlineExceeded,
    "slow_headers": DeadlineExceeded,
    "slow": DeadlineExceeded,
    "truncate": BadBody,
    "truncated_gzip": BadBody,
    "double_gzip": BadBody,
    "gzip_bomb": BadBody,
    "endless": BadBody,
    "huge_header": BadBody,
    "redirect_metadata": UnsafeAddress,
    "redirect_loopback": UnsafeAddress,
    "reset": Unreachable,
    "dns": Unreachable,
    "wrong_host": Unreachable,
}


def test_every_fault_of_the_recorded_web_has_its_error() -> None:
    with recorded_web("2026-03-08") as web:
        for kind, error in RECORDED.items():
            web.fault(kind, host="models.dev")
            patience = 1.5 if error is DeadlineExceeded else 15
            careful = fetcher(environ=web.env, allow_addresses=(), deadline=patience, connect_timeout=1)
            with careful as fetch, pytest.raises(error, match=r"models\.dev"):
                fetch.get("https://models.dev/api.json")
            web.clear_faults()
        assert all("trap" not in asked["url"] for asked in web.requests)
