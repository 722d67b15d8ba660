"""The one page that Gapwatch serves: where a reader leaves the list. A GET asks, a POST does (RFC 8058).

It listens where `unsubscribe_listen` says, on loopback unless a host is named, for a web server with a
certificate to pass on what comes to `unsubscribe_url`. Nothing else is served, and nothing is told of
anybody: a link that is nobody's gets the same 404 as any other address.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tracker.config import Settings
from tracker.deliver import unsubscribe
from tracker.errors import UsageError
from tracker.store import database, ledger

MOST_BYTES = 4096
PATIENCE = 10  # seconds that a caller may be silent
STOPS = 0.1  # seconds until it notices that it is to end
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gapwatch</title></head><body><h1>Gapwatch</h1>{}</body></html>
"""
_ASK = _PAGE.format(
    '<p>No more digests to this address?</p><form method="post">'
    '<input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Unsubscribe</button></form>'
)
_DONE = _PAGE.format("<p>You are unsubscribed, and get no more mail.</p>")
_NONE = _PAGE.format("<p>Nothing is here.</p>")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
}


@contextmanager
def answering(settings: Settings) -> Iterator[int]:
    """Serve the page until the end of the block; the port, or 0 where nothing is configured. UsageError."""
    mail = settings.mail
    if not mail.unsubscribe_listen:
        yield 0
        return
    secret = unsubscribe.key(mail)
    host, port = _where(mail.unsubscribe_listen)
    try:
        server = _Server((host, port), functools.partial(_Page, settings, secret))
    except OSError as error:
        raise UsageError(f"[mail] unsubscribe_listen {host}:{port}: {error.strerror}") from None
    thread = threading.Thread(target=server.serve_forever, args=(STOPS,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _where(text: str) -> tuple[str, int]:
    """`8025` or `10.0.0.1:8025` as host and port; loopback where no host is said."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"[mail] unsubscribe_listen: {text!r} is no port; write 8025 or 127.0.0.1:8025")
    return host or "127.0.0.1", int(port)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what broke, without a trace; a caller that hangs up is no news."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            print(f"warning: unsubscribing failed: {type(error).__name__}: {error}", file=sys.stderr)


class _Page(BaseHTTPRequestHandler):
    """Answers one request; `timeout` ends one that does not come."""

    timeout = PATIENCE
    protocol_version = "HTTP/1.0"  # a connection a request

    def __init__(self, settings: Settings, secret: bytes, *arguments: Any) -> None:
        self._settings, self._secret = settings, secret
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Ask whether the reader means it."""
        self._say(200, _ASK) if self._whose() else self._say(404, _NONE)

    def do_POST(self) -> None:
        """Unsubscribe; again is as well."""
        recipient = self._whose()
        if recipient is None:
            self._say(404, _NONE)
        elif not self._meant():
            self._say(400, _NONE)
        else:
            with database.writing(self._settings.db) as connection:
                ledger.unsubscribe(connection, unsubscribe.bare(recipient), self._settings.clock())
            self._say(200, _DONE)

    def _whose(self) -> str | None:
        """Whose link was asked for, or None."""
        mail = self._settings.mail
        path, _, query = self.path.partition("?")  # anybody's text, which urlsplit may refuse
        if path != (urlsplit(mail.unsubscribe_url).path or "/"):
            return None
        given = parse_qs(query).get("token", [""])[-1]
        return unsubscribe.whose(self._secret, given, (one.address for one in mail.everyone))

    def _meant(self) -> bool:
        """Whether the body says what RFC 8058 has it say."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return False
        body = self.rfile.read(int(length)).decode("ascii", "replace")
        return "One-Click" in parse_qs(body).get("List-Unsubscribe", []) or "One-Click" in _multipart(body)

    def _say(self, status: int, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        for name, value in (*_HEADERS.items(), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """What stands in the Server header: no versions."""
        return "gapwatch"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: a token is a secret."""


def _multipart(body: str) -> list[str]:
    """The values of a multipart form, which RFC 8058 allows, too: lines that are no headers and no edges."""
    return [line for line in body.splitlines() if line and ":" not in line and not line.startswith("--")]
