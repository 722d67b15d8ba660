"""One answer of an OpenAI-compatible endpoint: what is asked, and when its tokens came.

The shapes are those of OpenAI's chat completions (`stream`, `stream_options.include_usage`), which vLLM,
Ollama, llama.cpp and the hosts of open models speak as well. Reasoning that is streamed (`reasoning_content`,
`reasoning`) counts as tokens; hidden reasoning is taken off what `usage` counts.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.collect.fetch import Stream
from tracker.errors import ParseError

TEXTS = ("content", "reasoning_content", "reasoning")
CEILINGS = ("max_tokens", "max_completion_tokens")  # OpenAI's newer models refuse the first


@dataclass(frozen=True, slots=True)
class Answered:
    """When the pieces with text came, in seconds after the request was sent, and how many tokens they were.

    `tokens` are those that came; `counted` tells by what: "usage", or "chunks" where the endpoint does not
    say. `prompt` and `completion` are what it counts as used, None where it does not.
    """

    times: tuple[float, ...]
    tokens: int
    counted: str
    prompt: int | None
    completion: int | None


def request(model: str, text: str, most: int, ceiling: str = CEILINGS[0]) -> bytes:
    """The body of a request for at most so many tokens, streamed."""
    asked = {
        "model": model,
        "messages": [{"role": "user", "content": text}],
        "stream": True,
        "stream_options": {"include_usage": True},
        ceiling: most,
    }
    return json.dumps(asked).encode()


def read(stream: Stream) -> Answered:
    """When an answer's tokens came; ParseError where it is no stream, is cut off or has no token."""
    if not any(line.startswith(b"data:") for line in stream.body.splitlines()):
        raise ParseError("the endpoint answered whole, not as a stream, so nothing can be measured")
    try:
        return _answered(stream)
    except (AttributeError, TypeError) as error:
        raise ParseError("the endpoint streams what is no chat completion") from error


def _answered(stream: Stream) -> Answered:
    times: list[float] = []
    usage: dict[str, Any] = {}
    ended = thought = False
    for at, event in _events(stream):
        if event.get("error"):
            raise ParseError("the endpoint broke its answer off with an error")
        usage = event.get("usage") or usage
        for choice in event.get("choices") or ():
            delta = choice.get("delta") or {}
            if any(delta.get(name) for name in TEXTS):
                times.append(at)
            thought |= any(bool(delta.get(name)) for name in TEXTS[1:])
            ended |= choice.get("finish_reason") is not None
    if not ended:
        raise ParseError("the endpoint's answer was cut off in the middle")
    if not times:
        raise ParseError(
            "the endpoint answered without a word; a model that thinks may need more --max-tokens"
        )
    return _counted(tuple(times), usage, thought=thought)


def _counted(times: tuple[float, ...], usage: dict[str, Any], *, thought: bool) -> Answered:
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(completion, int) or not isinstance(prompt, int):
        return Answered(times, len(times), "chunks", None, None)
    hidden = 0 if thought else (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    return Answered(times, completion - hidden, "usage", prompt, completion)


def _events(stream: Stream) -> Iterator[tuple[float, dict[str, Any]]]:
    """(when it had come whole, event) of each event of a stream, which is one line of data."""
    ends = [end for _, end in stream.arrivals]
    end = 0
    for line in stream.body.splitlines(keepends=True):
        end += len(line)
        name, _, data = line.partition(b":")
        if name == b"data" and data.strip() != b"[DONE]":
            yield stream.arrivals[bisect_left(ends, end)][0], _event(data)


def _event(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ParseError("the endpoint streams what is not JSON") from error
