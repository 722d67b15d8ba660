"""What the user measured, as a source of its own: the timings are its bytes, its figures follow from them.

Time to first token: from the request being sent to its first token's arrival. Output speed: tokens after the
first one, over the time from the first to the last. Of several answers the median ("p50") and the 90th
percentile are told, each of them one of the measured values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import grouping, registry
from tracker.collect.completions import Answered
from tracker.collect.probe import Measured
from tracker.config import Settings
from tracker.domain import Kind, Observation
from tracker.source import Parsed, Payload, Source
from tracker.store import database, health, writer
from tracker.store.settle import settle
from tracker.store.writer import Arrival, KeptPage
from tracker.trends.speed import percentile, throughput

SHARES = (50, 90)
PARTS = {"tokens_per_second": "speed.throughput", "ttft": "speed.ttft"}


def parse(payload: Payload) -> Parsed:
    """Yield the percentiles of one endpoint's answers."""
    told = payload.json()
    for part, metric in PARTS.items():
        values = [Decimal(answer[part]) for answer in told["answers"] if answer[part] is not None]
        for share in SHARES if values else ():
            value, n = percentile(values, share), len(values)
            yield Observation(told["model"], metric, value, told["provider"], f"p{share}", n=n)


def body(measured: Measured) -> bytes:
    """The timings of one endpoint's answers as JSON: what follows from each, then when its pieces came."""
    told = {
        "model": measured.target.model,
        "provider": measured.target.provider,
        "answers": [_answer(answer) for answer in measured.answers],
        "ended": measured.stopped or "as planned",
        "arrivals": [[round(at, 6) for at in answer.times] for answer in measured.answers],
    }
    return json.dumps(told, indent=1).encode()


def _answer(answer: Answered) -> dict[str, Any]:
    speed = throughput(answer.tokens, answer.times[0], answer.times[-1])
    return {
        "ttft": round(answer.times[0], 4),
        "tokens_per_second": None if speed is None else round(speed, 4),
        "tokens": answer.tokens,
        "counted by": answer.counted,
    }


PROBE = Source(
    kind=Kind.SPEED,
    parse=parse,
    name="probe",
    title="Your own measurements",
    licence="your own",
    credit="measured by yourself",
    cadence=timedelta(0),
    listing=False,
)


def store(settings: Settings, measured: Sequence[Measured]) -> None:
    """Keep what was measured in one command as one capture. StoreError."""
    now, pages, records = settings.clock(), list[KeptPage](), list[Any]()
    for one in measured:
        kept = body(one)
        digest = hashlib.sha256(kept).hexdigest()
        pages.append(KeptPage(one.target.url, digest, kept, "application/json"))
        records += parse(Payload(one.target.url, kept, now))
    reference, sources = load_reference(), registry.find(settings.sources).sources
    metrics = grouping.measured(settings, sources.values())
    with database.writing(settings.db) as connection:
        health.register(connection, [PROBE], metrics, providers(reference))
        writer.store(connection, Arrival(PROBE, now, now, pages, records, origin="probe"))
        settle(connection, sources | {PROBE.name: PROBE}, reference)
