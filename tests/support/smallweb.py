"""A small web for tests: a loopback proxy that serves saved pages at their real URLs as of a date.

It is to the suite what the recorded web is to the replay: the product sees a proxy and a CA file in its
environment and nothing else. Pages are given as {url: {day: body}}; a page in force is the newest of
its days. Real sockets, real TLS, strong ETags and 304s; a host that has no page is refused like an
unknown name.
"""

from __future__ import annotations

import hashlib
import ssl
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import trustme


@dataclass(slots=True)
class Asked:
    """One request as the web saw it."""

    url: str
    status: int


@dataclass
class SmallWeb:
    """Serves `pages` as of `day`; use as a context manager."""

    pages: Mapping[str, Mapping[str, bytes]]
    day: str
    requests: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._authority = trustme.CA()
        self._folder = tempfile.TemporaryDirectory()
        self._ca_file = Path(self._folder.name) / "ca.pem"
        self._authority.cert_pem.write_to_path(self._ca_file)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._folder.cleanup()

    @property
    def env(self) -> dict[str, str]:
        """What puts a program into this web."""
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        return {
            "HTTPS_PROXY": proxy,
            "HTTP_PROXY": proxy,
            "SSL_CERT_FILE": str(self._ca_file),
            "NO_PROXY": "",
        }

    def hosts(self) -> set[str]:
        """The hosts that have a page."""
        return {urlsplit(url).hostname or "" for url in self.pages}

    def body(self, url: str) -> bytes | None:
        """The page in force at a URL, or None."""
        versions = self.pages.get(url, {})
        days = [day for day in versions if day <= self.day]
        return versions[max(days)] if days else None

    def tls(self, host: str) -> ssl.SSLContext:
        """A context that answers as `host`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        return context


def _handler(web: SmallWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        host = ""

        def do_CONNECT(self) -> None:
            host = self.path.rpartition(":")[0]
            if host not in web.hosts():
                self.send_error(502, "unknown name")
                return
            self.send_response(200)
            self.end_headers()
            try:
                self.connection = web.tls(host).wrap_socket(self.connection, server_side=True)
            except OSError:
                self.close_connection = True
                return
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            self.host, self.close_connection = host, False

        def do_GET(self) -> None:
            url = f"https://{self.host}{self.path}"
            body = b"User-agent: *\nAllow: /\n" if self.path == "/robots.txt" else web.body(url)
            tag = f'"{hashlib.sha256(body or b"").hexdigest()[:20]}"'
            status = 404 if body is None else 304 if self.headers.get("If-None-Match") == tag else 200
            web.requests.append(Asked(url, status))
            sent = body if status == 200 and body is not None else b""
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def finish(self) -> None:
            super().finish()
            self.connection.close()  # the wrapped one; the server closes only what it accepted

        def log_message(self, format: str, *args: object) -> None:
            """Keep the suite quiet."""

    return Handler
