"""Small real HTTP servers on loopback that answer exactly what a test writes, byte for byte."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: method, target, headers by lower-case name, when (monotonic), and its body."""

    method: str
    path: str
    headers: dict[str, str]
    at: float
    body: bytes = b""


# A reply is the bytes of a whole answer, after which the connection is kept; or a function that writes
# to the socket as it likes, after which the connection is closed.
Reply = bytes | Callable[[socket.socket, Asked], None]
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def answer(body: bytes = b"", status: int = 200, **headers: str) -> bytes:
    """A whole answer; header names are written with underscores."""
    fields = {"Content_Type": "text/plain", "Content_Length": str(len(body)), **headers}
    lines = [f"HTTP/1.1 {status} Status", *(f"{k.replace('_', '-')}: {v}" for k, v in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def zipped(body: bytes, **headers: str) -> bytes:
    """A whole answer, compressed once."""
    return answer(gzip.compress(body), 200, Content_Encoding="gzip", **headers)


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that leads elsewhere."""
    return answer(status=status, Location=location)


def drip(head: bytes, piece: bytes, pause: float) -> Reply:
    """An answer that begins with `head` and then never ends: a piece after each pause."""

    def write(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(head)
        while True:
            time.sleep(pause)
            connection.sendall(piece)

    return write


def hang(connection: socket.socket, asked: Asked) -> None:
    """Say nothing for longer than a test waits."""
    time.sleep(5)


def reset(connection: socket.socket, asked: Asked) -> None:
    """Drop the connection with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class Site:
    """A server in force; `asked` is its log, `at_once` the most requests that were under way together."""

    address: str
    port: int
    replies: Mapping[str, Reply]
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    under_way: int = 0
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/", host: str = "") -> str:
        """The URL of a path, optionally under another of the server's names."""
        return f"{self.scheme}://{host or self.address}:{self.port}{path}"

    def paths(self) -> list[str]:
        """The paths asked for, in order, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


@contextmanager
def site(
    replies: Mapping[str, Reply] | None = None,
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Site]:
    """Serve the replies by path; "*" answers every other path, else it is a 404."""
    listener = socket.create_server((address, port), backlog=64)
    serving = Site(address, listener.getsockname()[1], replies or {}, "https" if tls else "http")
    threading.Thread(target=_accept, args=(serving, listener, tls), daemon=True).start()
    try:
        yield serving
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def dead_end(most: int = 8) -> Iterator[int]:
    """A port on all of 127.0.0.0/8 where connection attempts are dropped: its queue is full."""
    with socket.create_server(("0.0.0.0", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(most):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        time.sleep(0.05)
        try:
            yield port
        finally:
            for filler in fillers:
                filler.close()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port where connections are refused: it is bound, and nobody listens."""
    with socket.socket() as held:
        held.bind(("0.0.0.0", 0))
        yield held.getsockname()[1]


def _accept(serving: Site, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            serving.connections += 1
            threading.Thread(target=_serve, args=(serving, connection, tls), daemon=True).start()


def _serve(serving: Site, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError), connection:
        connection.settimeout(20)
        if tls is None:
            _converse(serving, connection)
        else:
            with tls.wrap_socket(connection, server_side=True) as secure:
                _converse(serving, secure)


def _converse(serving: Site, connection: socket.socket) -> None:
    """Answer one request after the other until a reply says that the connection is over."""
    while asked := _request(connection):
        with serving.lock:
            serving.asked.append(asked)
            serving.under_way += 1
            serving.at_once = max(serving.at_once, serving.under_way)
        try:
            reply = serving.replies.get(asked.path, serving.replies.get("*", NOT_FOUND))
            if asked.path == "/robots.txt":
                reply = serving.replies.get(asked.path, NOT_FOUND)
            if not isinstance(reply, bytes):
                return reply(connection, asked)
        finally:
            with serving.lock:
                serving.under_way -= 1
        connection.sendall(reply)
    return None


def _request(connection: socket.socket) -> Asked | None:
    """The next request on a connection, or None at its end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = connection.recv(1)
        if not more:
            return None
        head += more
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
    body = b""
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Asked(method, path, headers, time.monotonic(), body)
