"""Connections under guard: every step ends by the fetch's deadline, and only vetted addresses are met.

The timeouts of httpx are per read, so an answer of a byte a second would never end. Here a thread has a
budget of network time (`Meter`); each resolution, connect, handshake, read and write gets what is left.
A name is resolved once, its addresses are vetted, and the connection is made to one of these, so a name
that leads elsewhere a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from tracker.collect.addresses import Guard, literal
from tracker.errors import DeadlineExceeded, Unreachable

Lookup = Callable[[str, int], list[str]]
MOST_ADDRESSES = 4


class Budget:
    """Seconds of network time that one fetch, with its redirects, may still use."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.left = seconds


class Meter(threading.local):
    """What the current thread may still spend; whether its request had to connect, and when it was sent."""

    budget: Budget | None = None
    ends: float = 0.0
    connected: bool = False
    sent: float = 0.0

    @contextmanager
    def spending(self, budget: Budget) -> Iterator[None]:
        """Let the block use the budget; what it leaves remains."""
        self.budget, self.ends, self.connected = budget, time.monotonic() + budget.left, False
        try:
            yield
        finally:
            budget.left, self.budget = self.ends - time.monotonic(), None

    def left(self, host: str) -> float:
        """The seconds left; DeadlineExceeded where there are none."""
        if self.budget is None:
            raise RuntimeError("network use outside Meter.spending")
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.late(host)
        return left

    def late(self, host: str) -> DeadlineExceeded:
        """The error of an answer that did not come whole in time."""
        seconds = self.budget.seconds if self.budget else 0
        return DeadlineExceeded(f"{host} did not answer whole within {seconds:g} s")


def lookup(host: str, port: int) -> list[str]:
    """The host's addresses from the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def resolve(host: str, port: int, timeout: float, ask: Lookup = lookup) -> list[str]:
    """The host's addresses, within the timeout; Unreachable where there is no answer or none in time.

    The system's resolver knows no timeout, so it is asked in a thread that nobody waits for.
    """
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def asking() -> None:
        try:
            answers.put(ask(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=asking, name=f"resolve {host}", daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, timeout))
    except queue.Empty:
        raise Unreachable(f"{host}: its name was not resolved within {timeout:.3g} s") from None
    if isinstance(found, Exception):
        reason = getattr(found, "strerror", None) or str(found)
        raise Unreachable(f"{host}: its name cannot be resolved ({reason})")
    return found


class Backend(httpcore.NetworkBackend):
    """Connects to vetted addresses within the budget.

    `guard` None exempts the host: it is a configured proxy. In a `tunnel` the proxy's word that it has
    connected must come within `connect_timeout` as well.
    """

    def __init__(
        self,
        meter: Meter,
        connect_timeout: float,
        guard: Guard | None,
        *,
        tunnel: bool = False,
        ask: Lookup = lookup,
    ) -> None:
        self._meter, self._connect_timeout, self._guard = meter, connect_timeout, guard
        self._tunnel, self._ask = tunnel, ask
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, vet and connect; Unreachable, UnsafeAddress."""
        self._meter.connected = True
        named = host if self._guard else f"the proxy {host}:{port}"
        ends = time.monotonic() + min(self._connect_timeout, self._meter.left(host))
        stream = self._first(named, self._addresses(host, port, ends), port, ends)
        limit = self._connect_timeout if self._tunnel else None
        return Stream(stream, host, self._meter, self._connect_timeout, limit)

    def _addresses(self, host: str, port: int, ends: float) -> list[str]:
        address = literal(host)
        found = [str(address)] if address else resolve(host, port, ends - time.monotonic(), self._ask)
        return (self._guard.vetted(host, found) if self._guard else found)[:MOST_ADDRESSES]

    def _first(self, named: str, addresses: list[str], port: int, ends: float) -> httpcore.NetworkStream:
        """The first address that accepts; each gets an equal share of the time that is left."""
        reason = "it has no address"
        for position, address in enumerate(addresses):
            share = max(0.05, (ends - time.monotonic()) / (len(addresses) - position))
            try:
                return self._sockets.connect_tcp(address, port, timeout=share)
            except httpcore.ConnectTimeout:
                reason = f"no answer within {self._connect_timeout:g} s"
            except httpcore.ConnectError as error:
                reason = said(error).lower()
        raise Unreachable(f"{named} cannot be reached: {reason}")


class Stream(httpcore.NetworkStream):
    """A connection whose every step is capped by the thread's budget, and by `limit` where there is one."""

    def __init__(
        self,
        inner: httpcore.NetworkStream,
        host: str,
        meter: Meter,
        connect_timeout: float,
        limit: float | None = None,
    ) -> None:
        self._inner, self._host, self._meter = inner, host, meter
        self._connect_timeout, self._limit = connect_timeout, limit

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, at most `max_bytes`."""
        left = self._meter.left(self._host)
        try:
            return self._inner.read(max_bytes, min(left, self._limit or left))
        except httpcore.ReadTimeout:
            if self._limit and self._limit < left:
                message = f"the proxy {self._host} did not connect within {self._limit:g} s"
                raise Unreachable(message) from None
            raise self._meter.late(self._host) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes."""
        try:
            self._inner.write(buffer, self._meter.left(self._host))
            self._meter.sent = time.monotonic()
        except httpcore.WriteTimeout:
            raise self._meter.late(self._host) from None

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The connection under TLS; Unreachable where the handshake fails."""
        host = server_hostname or self._host
        seconds = min(self._connect_timeout, self._meter.left(host))
        try:
            secure = self._inner.start_tls(ssl_context, host, seconds)
        except httpcore.ConnectTimeout:
            raise Unreachable(f"{host}: no TLS handshake within {seconds:.3g} s") from None
        except httpcore.ConnectError as error:
            raise Unreachable(f"{host}: TLS failed ({said(error)})") from None
        return Stream(secure, host, self._meter, self._connect_timeout)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of the socket."""
        return self._inner.get_extra_info(info)


def said(error: Exception) -> str:
    """What a system error says, without its number and code."""
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return str(cause.reason or cause).replace("_", " ").lower()
    return str(getattr(cause, "strerror", None) or cause)
