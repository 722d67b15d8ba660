"""OpenAI-compatible endpoints on loopback that stream at a known pace, or fail in a known way."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from typing import Any

from tests.support.servers import Asked, Reply

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
PATH = "/v1/chat/completions"
USAGE = {"prompt_tokens": 30, "completion_tokens": 20, "total_tokens": 50}


def event(data: Any) -> bytes:
    """One event of a stream."""
    return b"data: " + (data if isinstance(data, bytes) else json.dumps(data).encode()) + b"\n\n"


def piece(text: str, field: str = "content") -> dict[str, Any]:
    """An event that brings some text."""
    return {"choices": [{"index": 0, "delta": {field: text}, "finish_reason": None}]}


END = {"choices": [{"index": 0, "delta": {}, "finish_reason": "length"}]}


def ending(usage: dict[str, Any] | None = USAGE) -> list[Any]:
    """How a stream ends: the reason, what was used where it is told, and the mark of the end."""
    told = [{"choices": [], "usage": usage}] if usage else []
    return [END, *told, b"[DONE]"]


def streamed(
    first: float = 0.01,
    pause: float = 0.001,
    events: Sequence[Any] = (piece("one "),) * 20,
    last: Sequence[Any] | None = None,
    *,
    cut: bool = False,
) -> Reply:
    """An answer whose first event comes after `first` seconds and each other one after a pause.

    With `cut` the connection is closed before the end.
    """

    def write(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(HEAD)
        for place, told in enumerate([*events, *(ending() if last is None else last)]):
            time.sleep(pause if place else first)
            data = event(told)
            connection.sendall(b"%x\r\n%b\r\n" % (len(data), data))
        if not cut:
            connection.sendall(b"0\r\n\r\n")

    return write
