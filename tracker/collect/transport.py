"""How requests leave: directly, or through the proxy that the standard variables name.

HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY (names, .suffixes, host:port, addresses, networks, *), in
lower case first as curl reads them; SSL_CERT_FILE, REQUESTS_CA_BUNDLE and SSL_CERT_DIR for the
authorities to trust.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import ip_network
from pathlib import Path
from typing import cast

import httpcore
import httpx

from tracker.collect.addresses import Guard, literal
from tracker.collect.network import Backend, Meter, said
from tracker.collect.urls import has_place
from tracker.errors import BadBody, Unreachable, UnsafeAddress, UsageError

IDLE_SECONDS = 15.0
MOST_IDLE = 32


class Proxies:
    """Which proxy a URL goes through, as the environment says."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._by_scheme = {scheme: _proxy(environ, scheme) for scheme in ("http", "https")}
        self._direct = [entry.strip().lower() for entry in _variable(environ, "no_proxy").split(",")]

    def of(self, url: httpx.URL) -> httpx.Proxy | None:
        """The proxy for a URL, or None where it is asked directly."""
        direct = any(entry and _covers(entry, url) for entry in self._direct)
        return None if direct else self._by_scheme[url.scheme]

    def __iter__(self) -> Iterator[tuple[str, httpx.Proxy]]:
        return iter([(scheme, proxy) for scheme, proxy in self._by_scheme.items() if proxy])


def _variable(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name, environ.get(name.upper(), "")).strip()


def _proxy(environ: Mapping[str, str], scheme: str) -> httpx.Proxy | None:
    text = _variable(environ, f"{scheme}_proxy") or _variable(environ, "all_proxy")
    if not text:
        return None
    name = f"{scheme.upper()}_PROXY"  # its value may hold a password, so no message shows it
    try:
        proxy = httpx.Proxy(text if "://" in text else f"http://{text}")
    except (ValueError, httpx.InvalidURL):
        raise UsageError(f"{name} is no URL of a proxy, such as http://127.0.0.1:3128") from None
    if proxy.url.scheme not in ("http", "https") or not has_place(proxy.url):
        raise UsageError(f"{name} must be the http or https URL of a proxy; other kinds are not supported")
    return proxy


def _covers(entry: str, url: httpx.URL) -> bool:
    """Whether an entry of NO_PROXY is about this URL."""
    address = literal(url.host)
    if address is not None:
        with suppress(ValueError):
            return address in ip_network(entry.strip("[]"), strict=False)
    name, _, port = entry.partition(":")
    if port and port != str(url.port or {"http": 80, "https": 443}[url.scheme]):
        return False
    name, host = name.removeprefix("*").lstrip("."), url.host.rstrip(".")
    return entry == "*" or host == name or (bool(name) and host.endswith(f".{name}"))


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Trust the authorities that the environment names, or certifi's; UsageError if they are unreadable."""
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR"):
        if where := environ.get(name):
            try:
                if Path(where).is_dir():
                    return ssl.create_default_context(capath=where)
                return ssl.create_default_context(cafile=where)
            except OSError as error:
                reason = error.strerror or "not in PEM form"
                raise UsageError(f"{name}: the certificates in {where} cannot be read: {reason}") from None
    return httpx.create_ssl_context(trust_env=False)


class Transport(httpx.BaseTransport):
    """One pool of connections for direct requests and one for each proxy, all metered."""

    def __init__(
        self, proxies: Proxies, guard: Guard, meter: Meter, context: ssl.SSLContext, connect_timeout: float
    ) -> None:
        self._proxies = proxies
        backend = Backend(meter, connect_timeout, guard)
        self._direct = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=MOST_IDLE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=backend,
        )
        self._through = {
            scheme: _through(proxy, context, Backend(meter, connect_timeout, None, tunnel=scheme == "https"))
            for scheme, proxy in proxies
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the answer's head; its body is still to be read."""
        url = request.url
        pool = self._through[url.scheme] if self._proxies.of(url) else self._direct
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = pool.handle_request(
            httpcore.Request(request.method, target, headers=request.headers.raw, content=request.stream)
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        """Close every connection."""
        for pool in (self._direct, *self._through.values()):
            pool.close()


class _Body(httpx.SyncByteStream):
    """The body of an answer, as it comes from the wire."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()


def _through(proxy: httpx.Proxy, context: ssl.SSLContext, backend: Backend) -> httpcore.HTTPProxy:
    url = proxy.url
    return httpcore.HTTPProxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=b"/"),
        proxy_auth=proxy.raw_auth,
        ssl_context=context,
        proxy_ssl_context=context if url.scheme == "https" else None,
        max_connections=None,
        max_keepalive_connections=MOST_IDLE,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=backend,
    )


@contextmanager
def translated(host: str, page: str) -> Iterator[None]:
    """Turn the errors of the HTTP library into Gapwatch's own, each one clear line."""
    try:
        yield
    except httpcore.ProxyError as error:
        advice = "; set user and password in HTTPS_PROXY" if str(error).startswith("407") else ""
        raise Unreachable(f"{host}: the proxy does not connect to it ({error}){advice}") from None
    except httpcore.NetworkError as error:
        raise Unreachable(f"{host} broke the connection off ({said(error).lower()})") from None
    except httpcore.RemoteProtocolError as error:
        raise _broken(host, page, str(error)) from None
    except httpx.RemoteProtocolError:
        raise UnsafeAddress(f"{page} redirects to something that is no URL") from None
    except httpcore.LocalProtocolError:  # its message would quote the header, which may be a key
        raise UsageError(f"{page}: the request for it holds what HTTP does not allow in a header") from None


def _broken(host: str, page: str, message: str) -> Unreachable | BadBody:
    """What a breach of HTTP means, told by the words of h11 and httpcore."""
    if "disconnected" in message:
        return Unreachable(f"{host} closed the connection without an answer")
    if "buffer too long" in message:
        return BadBody(f"{page}: the answer's headers are too large")
    if "complete message body" in message:
        return BadBody(f"{page}: the body is shorter than announced")
    return BadBody(f"{page}: the answer is not HTTP ({message[:80]})")
