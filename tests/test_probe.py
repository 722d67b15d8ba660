"""A probe measures what an endpoint does: known paces over real sockets, failures, and no secret told."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import time
import zlib
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.database import PRICES, Built, offer
from tests.support.endpoints import END, PATH, USAGE, ending, piece, streamed
from tests.support.servers import Asked, Reply, Site, answer, drip, redirect, site
from tracker.catalog.reference import load_reference
from tracker.cli import cli
from tracker.collect import completions, measured, probe
from tracker.collect.fetch import Stream
from tracker.collect.keyed import no_keys
from tracker.config import Probe, load
from tracker.errors import ParseError, UsageError

NOW = "2026-06-01T10:00:00Z"
KEY = "sk-an-invented-key-0123456789"
MODEL = "gpt-oss-120b"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database that knows what two hosts ask for a model."""
    path = tmp_path / "gapwatch.db"
    with Built(path, (PRICES,)) as built:
        told = [*offer(MODEL, "groq", "0.15", "0.75"), *offer(MODEL, "together", "600", "600")]
        built.captured(PRICES, "2026-05-31", told)
    return path


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between the probe and loopback; the key is in the environment."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MY_KEY", KEY)


def gapwatch(db: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--db", str(db), "--now", NOW, *words], prog_name="gapwatch")


def probed(db: Path, server: Site, *words: str) -> Result:
    return gapwatch(db, "speed", MODEL, "--probe", "--endpoint", server.url("/v1"), *words)


def told(db: Path, *words: str) -> list[dict[str, Any]]:
    done = gapwatch(db, *words, "--json")
    assert done.exit_code == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout, parse_float=Decimal)
    return rows


def test_a_known_pace_is_measured_stored_and_led_back_to_its_bytes(db: Path) -> None:
    """20 tokens, the first after 100 ms, then one each 10 ms: 100 tokens a second, less on a busy machine."""
    with site({PATH: streamed(first=0.1, pause=0.01)}) as server:
        done = probed(db, server, "--key-env", "MY_KEY", "--provider", "Groq")
    assert done.exit_code == 0, done.stderr
    assert f"{MODEL} at groq: 5 of 5 answers" in done.stderr
    rows = {row["percentile"]: row for row in told(db, "speed", MODEL, "--provider", "groq")}
    assert rows.keys() == {"p50", "p90"}
    for row in rows.values():
        assert (row["source"], row["n"], row["observed"]) == ("probe", 5, NOW)
        assert Decimal("0.09") <= row["ttft_seconds"] < Decimal("0.25")
        assert 40 < row["tokens_per_second"] < 130
    (span, _) = told(db, "history", "speed.throughput", MODEL, "groq")
    assert span["value"] == rows["p50"]["tokens_per_second"]
    traced = json.loads(gapwatch(db, "explain", rows["p50"]["evidence"][0], "--json").stdout)
    assert traced["url"] == server.url(PATH)
    assert str(rows["p50"]["tokens_per_second"]) in traced["excerpt"]


def test_what_is_asked_is_short_streamed_capped_and_carries_the_key_in_its_header(db: Path) -> None:
    with site({PATH: streamed()}) as server:
        probed(db, server, "--key-env", "MY_KEY", "--price", "0.15:0.75", "--max-tokens", "20")
        assert server.paths() == [PATH] * 5  # and no robots.txt: it is the user's own place
        assert len(server.asked) == 5
    bodies = [json.loads(asked.body) for asked in server.asked]
    assert len({body["messages"][0]["content"] for body in bodies}) == 5  # no answer from a cache
    for asked, body in zip(server.asked, bodies, strict=True):
        assert (asked.method, asked.headers["authorization"]) == ("POST", f"Bearer {KEY}")
        assert asked.headers["content-type"] == "application/json"
        assert body["stream"] is True
        assert body["stream_options"] == {"include_usage": True}
        assert (body["model"], body["max_tokens"]) == (MODEL, 20)
        assert len(asked.body) < 400


def test_the_spending_is_told_as_it_was_counted(db: Path) -> None:
    """5 answers of 30 and 20 tokens at 0.15 and 0.75: 5 x (4.5 + 15) millionths; at most 5 x (30 + 48)."""
    with site({PATH: streamed()}) as server:
        done = probed(db, server, "--price", "0.15:0.75")
    assert "It cost $0.000098, of at most $0.0004." in done.stderr


REFUSED = {
    "dearer than allowed": (
        ["--price", "600:600"],
        "might cost $0.7920, more than $0.05; --most-usd allows more",
    ),
    "dearer than a smaller sum": (["--price", "0.15:0.75", "--most-usd", "0.0001"], "more than $0.0001"),
    "no price": (["--price", "cheap"], "write input to output like 0.05:0.08"),
    "no sum": (["--most-usd", "much"], "no amount in US dollars"),
    "a key that is not there": (["--key-env", "NO_SUCH_KEY"], "NO_SUCH_KEY is not set"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_before_anything_is_sent_it_is_refused(db: Path, words: list[str], said: str) -> None:
    with site({PATH: streamed()}) as server:
        done = probed(db, server, *words)
        assert (done.exit_code, done.stdout, server.asked) == (2, "", [])
    assert said in done.stderr


PLACES = {
    "the price at the host": (["--provider", "groq"], 1, "nothing was measured"),
    "the dearest where the host has none": (["--provider", "cerebras"], 2, "might cost $0.7920"),
}


@pytest.mark.parametrize(("words", "code", "said"), PLACES.values(), ids=PLACES.keys())
def test_a_known_price_is_that_of_the_host_else_the_dearest(
    db: Path, words: list[str], code: int, said: str
) -> None:
    """A name that leads nowhere is no address of the user's own, so it costs what lists say."""
    done = gapwatch(db, "speed", MODEL, "--probe", "--endpoint", "https://host.invalid/v1", *words)
    assert (done.exit_code, said in done.stderr) == (code, True)


def test_without_a_known_price_it_must_be_said(db: Path) -> None:
    done = gapwatch(db, "speed", "no-such-model", "--probe", "--endpoint", "https://host.invalid/v1")
    assert done.exit_code == 2
    assert "no price of no-such-model is known; say --price IN:OUT" in done.stderr


def test_it_ends_when_an_endpoint_that_ignores_the_ceiling_has_used_the_sum_up(db: Path) -> None:
    greedy = ending({"prompt_tokens": 30, "completion_tokens": 9000})
    with site({PATH: streamed(last=greedy)}) as server:
        done = probed(db, server, "--price", "0:1", "--most-usd", "0.01")
        assert len(server.asked) == 2
    assert done.exit_code == 3
    assert "2 of 5 answers; the next request might cost more than is left of $0.01" in done.stderr


STATUS_400 = answer(b'{"error": {"message": "Unsupported parameter"}}', 400)


def first_ceiling_refused(connection: socket.socket, asked: Asked) -> None:
    reply = STATUS_400 if "max_tokens" in json.loads(asked.body) else streamed()
    connection.sendall(reply) if isinstance(reply, bytes) else reply(connection, asked)


def test_an_endpoint_that_wants_the_newer_name_of_the_ceiling_gets_it(db: Path) -> None:
    with site({PATH: first_ceiling_refused}) as server:
        done = probed(db, server)
        assert done.exit_code == 0, done.stderr
        assert len(server.asked) == 6
        assert "max_completion_tokens" in json.loads(server.asked[-1].body)


WHOLE = answer(json.dumps({"choices": [{"message": {"content": "one"}}], "usage": USAGE}).encode())
FAILURES: dict[str, tuple[Reply, str]] = {
    "a wrong key": (answer(KEY.encode(), 401), "answered 401 Unauthorized"),
    "too many requests": (
        answer(status=429, Retry_After="30"),
        "429 Too Many Requests; it asked to be left alone",
    ),
    "forbidden": (answer(KEY.encode(), 403), "status 403"),
    "a fault of its own": (answer(status=500), "answered 500"),
    "a redirect": (redirect("http://127.0.0.2:9/v1"), "redirects; name the place that it leads to"),
    "no stream": (WHOLE, "answered whole, not as a stream"),
    "a stream cut off by the connection": (streamed(last=[], cut=True), "body is shorter than announced"),
    "a stream cut off by the endpoint": (streamed(last=[]), "cut off in the middle"),
    "an error in the stream": (
        streamed(last=[{"error": {"message": f"no more for {KEY}"}}]),
        "broke its answer off with an error",
    ),
    "not a word": (streamed(events=[]), "without a word"),
    "what is not JSON": (streamed(events=[b"{"]), "streams what is not JSON"),
    "what is no completion": (streamed(events=[[1, 2]]), "no chat completion"),
    "compressed": (answer(b"x", Content_Encoding="gzip"), "compressed, which was not asked for"),
}


@pytest.mark.parametrize(("reply", "said"), FAILURES.values(), ids=FAILURES.keys())
def test_what_cannot_be_measured_is_told_and_nothing_is_stored(db: Path, reply: Reply, said: str) -> None:
    with site({PATH: reply}) as server:
        done = probed(db, server, "--key-env", "MY_KEY")
        assert len(server.asked) <= 2
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert gapwatch(db, "speed", MODEL).exit_code == 4
    assert KEY not in done.output + done.stderr


def test_an_answer_that_is_too_slow_is_given_up(db: Path) -> None:
    started = time.monotonic()
    with site({PATH: drip(b"HTTP/1.1 200 OK\r\n\r\n", b": still here\n\n", 0.05)}) as server:
        target = probe.target(Probe(server.url("/v1"), MODEL), no_keys, load_reference())
        found = probe.run(target, probe.FREE, 64, Decimal(1), load(db=db), deadline=0.5)
    assert time.monotonic() - started < 2
    assert (found.answers, "did not answer whole within 0.5 s" in found.stopped) == ([], True)


def failing_after(number: int) -> Reply:
    answered: list[int] = []

    def reply(connection: socket.socket, asked: Asked) -> None:
        answered.append(1)
        good = streamed() if len(answered) <= number else answer(status=503)
        connection.sendall(good) if isinstance(good, bytes) else good(connection, asked)

    return reply


def test_what_was_measured_before_a_failure_is_kept_and_it_is_done_in_part(db: Path) -> None:
    with site({PATH: failing_after(2)}) as server:
        done = probed(db, server)
    assert done.exit_code == 3
    assert "2 of 5 answers" in done.stderr
    assert "503" in done.stderr
    assert {row["n"] for row in told(db, "speed", MODEL)} == {2}


# Which endpoint may be asked


ENDPOINTS = {
    "no URL": ("groq", "no URL such as"),
    "another scheme": ("ftp://example.org/v1", "no URL such as"),
    "a key in it": (f"https://{KEY}@example.org/v1", "a plain URL"),
    "a key in its query": (f"https://example.org/v1?key={KEY}", "a plain URL"),
    "a key in the open": ("http://example.org/v1", "in the open; use https"),
    "a key in the open to a public address": ("http://8.8.8.8/v1", "in the open; use https"),
}


@pytest.mark.parametrize(("endpoint", "said"), ENDPOINTS.values(), ids=ENDPOINTS.keys())
def test_an_endpoint_that_cannot_be_asked_safely_is_refused(endpoint: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        probe.target(Probe(endpoint, MODEL, key_env="K"), {"K": KEY}.__getitem__, load_reference())
    assert KEY not in str(refused.value).replace(endpoint[:80], "")


@pytest.mark.parametrize(
    ("endpoint", "provider", "known"),
    [
        ("https://api.groq.com/openai/v1", "", "groq"),
        ("https://api.openai.com/v1", "", "openai"),
        ("https://api.together.xyz/v1", "", "together"),
        ("https://api.fireworks.ai/inference/v1", "", "fireworks"),
        ("http://127.0.0.1:8000/v1", "", "127.0.0.1"),
        ("http://localhost:11434/v1", "My box", "My box"),
        ("https://gateway.example/v1", "Together AI", "together"),
    ],
)
def test_the_provider_is_the_one_named_else_the_one_whose_host_it_is(
    endpoint: str, provider: str, known: str
) -> None:
    found = probe.target(Probe(endpoint, MODEL, provider), no_keys, load_reference())
    assert found.provider == known
    assert found.url == f"{endpoint}/chat/completions"
    assert found.local == ("127.0.0.1" in endpoint or "localhost" in endpoint)


def test_a_probe_makes_the_database_that_is_not_there_yet(tmp_path: Path) -> None:
    with site({PATH: streamed()}) as server:
        done = probed(tmp_path / "new" / "gapwatch.db", server, "--json")
    assert done.exit_code == 0, done.stderr
    assert {row["model"] for row in json.loads(done.stdout)} == {MODEL}


CONFIGURED = """
[[probe]]
endpoint = "{one}/v1"
model = "gpt-oss-120b"
provider = "one"
key_env = "FILED_KEY"
[[probe]]
endpoint = "{other}/v1"
model = "llama3.2"
provider = "other"
[keys]
FILED_KEY = "{file}"
"""


def test_configured_endpoints_are_measured_together_and_stored_as_one_capture(
    db: Path, tmp_path: Path
) -> None:
    secret, config = tmp_path / "key", tmp_path / "gapwatch.toml"
    secret.write_text(f"{KEY}\n")
    secret.chmod(0o600)
    with site({PATH: streamed()}) as one, site({PATH: streamed()}, address="127.0.0.2") as other:
        config.write_text(CONFIGURED.format(one=one.url(""), other=other.url(""), file=secret))
        done = gapwatch(db, "--config", str(config), "speed", "--probe", "--json")
        assert done.exit_code == 0, done.stderr
        assert {asked.headers.get("authorization") for asked in one.asked} == {f"Bearer {KEY}"}
        assert {asked.headers.get("authorization") for asked in other.asked} == {None}
        again = gapwatch(db, "--config", str(config), "speed", "llama3.2", "--probe")
        assert (again.exit_code, len(one.asked), len(other.asked)) == (0, 5, 10)
    rows = json.loads(done.stdout)
    assert {(row["model"], row["provider"]) for row in rows} == {
        ("gpt-oss-120b", "one"),
        ("llama3.2", "other"),
    }
    assert told(db, "sources", "list")[-1]["outcome"] == "new"


def test_without_an_endpoint_there_is_nothing_to_probe(db: Path) -> None:
    done = gapwatch(db, "speed", MODEL, "--probe")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "write [[probe]] into gapwatch.toml" in done.stderr
    assert "name the MODEL" in gapwatch(db, "speed", "--probe", "--endpoint", "http://127.0.0.1:9").stderr
    assert "go with --probe" in gapwatch(db, "speed", MODEL, "--endpoint", "http://127.0.0.1:9").stderr


def test_a_probe_is_never_due_nor_silent_nor_seen_longer_than_it_was(db: Path) -> None:
    with site({PATH: streamed()}) as server:
        probed(db, server)
        CliRunner().invoke(
            cli,
            [
                "--db",
                str(db),
                "--now",
                "2026-06-20",
                "speed",
                "llama3.2",
                "--probe",
                "--endpoint",
                server.url("/v1"),
            ],
        )
    (row,) = [row for row in told(db, "sources", "list", "--on", "2026-06-20") if row["name"] == "probe"]
    assert (row["next_due"], row["silent_days"], row["cadence_hours"]) == (None, 0, 0)
    spans = told(db, "history", "speed.ttft", MODEL, "--on", "2026-06-20")
    assert {span["last_seen"] for span in spans} == {NOW}


def test_no_key_is_in_the_database_nor_in_anything_said(db: Path) -> None:
    with site({PATH: failing_after(3)}) as server:
        done = probed(db, server, "--key-env", "MY_KEY")
        verbose = gapwatch(
            db, "--verbose", "speed", "--probe", "--endpoint", "http://127.0.0.1:9/", "--key-env", "MY_KEY"
        )
    kept = b"".join(path.read_bytes() for path in db.parent.iterdir() if path.is_file())
    with closing(sqlite3.connect(db)) as connection:
        bodies = [zlib.decompress(row[0]) for row in connection.execute("SELECT body FROM payload")]
    assert any(b"tokens_per_second" in body for body in bodies)
    for text in (kept, *bodies, done.output.encode(), done.stderr.encode(), verbose.output.encode()):
        assert KEY.encode() not in text


# How a stream is read, without a network


def stream(*events: Any, at: float = 1.0) -> Stream:
    """A stream whose events come a second apart."""
    pieces = [b"data: " + (e if isinstance(e, bytes) else json.dumps(e).encode()) + b"\n\n" for e in events]
    ends = [len(b"".join(pieces[: place + 1])) for place in range(len(pieces))]
    arrivals = tuple((at + place, end) for place, end in enumerate(ends))
    return Stream(b"".join(pieces), "text/event-stream", arrivals)


THOUGHT = {**USAGE, "completion_tokens_details": {"reasoning_tokens": 15}}
READ = {
    "what is used counts": ([piece("a"), piece("b"), *ending()], (1, 2), 20, "usage"),
    "chunks count where it is not told": ([piece("a"), piece("b"), *ending(None)], (1, 2), 2, "chunks"),
    "an empty first delta is no token": ([piece(""), piece("a"), *ending()], (2,), 20, "usage"),
    "hidden thoughts are no output": ([piece("a"), *ending(THOUGHT)], (1,), 5, "usage"),
    "streamed thoughts are": (
        [piece("hm", "reasoning_content"), piece("a"), *ending(THOUGHT)],
        (1, 2),
        20,
        "usage",
    ),
    "thoughts by another name": (
        [piece("hm", "reasoning"), piece("a"), *ending(THOUGHT)],
        (1, 2),
        20,
        "usage",
    ),
    "nulls": (
        [{"choices": [{"delta": None, "finish_reason": None}], "usage": None}, piece("a"), *ending()],
        (2,),
        20,
        "usage",
    ),
}


@pytest.mark.parametrize(("events", "times", "tokens", "counted"), READ.values(), ids=READ.keys())
def test_a_stream_is_read(events: list[Any], times: tuple[float, ...], tokens: int, counted: str) -> None:
    found = completions.read(stream(*events))
    assert (found.times, found.tokens, found.counted) == (times, tokens, counted)


def test_pieces_that_split_an_event_and_events_that_share_a_piece() -> None:
    body = b": a comment\r\n\r\ndata:" + json.dumps(piece("a")).encode() + b"\r\n\r\n"
    body += b"data: " + json.dumps(piece("b")).encode() + b"\r\n\r\ndata: " + json.dumps(END).encode()
    half = body.index(b"choices") + 3
    found = completions.read(Stream(body, "text/event-stream", ((0.5, half), (0.75, len(body)))))
    assert found.times == (0.75, 0.75)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"data:", b"data: []\n", b'data: {"choices": 3}\n', b"data: " + b"[" * 99999]
)
def test_a_body_that_is_no_completion_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        completions.read(Stream(body, "", ((0.1, len(body)),)))


def test_what_is_kept_is_the_timings_and_the_figures_are_of_them() -> None:
    answers = [completions.read(stream(*[piece("a")] * 3, *ending(None), at=n / 4)) for n in range(1, 5)]
    target = probe.Target("http://127.0.0.1/v1/chat/completions", MODEL, "here", key=KEY)
    kept = json.loads(measured.body(probe.Measured(target, answers)))
    assert [one["ttft"] for one in kept["answers"]] == [0.25, 0.5, 0.75, 1]
    assert {one["tokens_per_second"] for one in kept["answers"]} == {1}
    assert kept["arrivals"][0] == [0.25, 1.25, 2.25]
    assert KEY not in json.dumps(kept) + repr(target)
    assert re.fullmatch(r"[a-z_ ]+(, [a-z_ ]+)*", ", ".join(kept))
