"""The user's own measurement of an endpoint: a few short streamed requests, one after the other, timed.

    target   the endpoint, vetted: what the user named is the user's word, and a key never travels in the open
    worst    what it may cost, before anything is sent
    run      the requests; the first that fails ends them

What came of it is kept by measured.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from tracker.catalog.reference import Reference
from tracker.collect import completions
from tracker.collect.addresses import Guard, is_localhost, literal
from tracker.collect.completions import CEILINGS, Answered
from tracker.collect.fetch import Fetcher
from tracker.collect.keyed import Keys, hidden
from tracker.config import Probe, Settings
from tracker.errors import GapwatchError, NoKey, Refused, UsageError
from tracker.store.query import fold

REQUESTS = 5
PROMPT = "Count upwards from {} in English words, separated by commas, without a stop and without comment."
PROMPT_TOKENS = 200  # more than the prompt and a host's own words around it
DEADLINE = 60.0  # seconds for each answer
LARGEST = 4 << 20
MILLION = Decimal(1_000_000)

Price = tuple[Decimal, Decimal]  # of input and of output, in USD per million tokens
FREE: Price = (Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint to measure; `provider` is an id where it is known, `local` an address of the user's own."""

    url: str
    model: str
    provider: str
    local: bool = False
    key: str = field(default="", repr=False)


@dataclass(slots=True)
class Measured:
    """What came of a target: its answers, what they cost (USD), and why it ended before its time, or ""."""

    target: Target
    answers: list[Answered] = field(default_factory=list)
    spent: Decimal = Decimal(0)
    stopped: str = ""


def target(probe: Probe, keys: Keys, reference: Reference) -> Target:
    """The endpoint that the user means; UsageError where it cannot be asked, or not safely."""
    parts = urlsplit(probe.endpoint.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"--endpoint: {probe.endpoint[:80]!r} is no URL such as https://api.groq.com/openai/v1"
        )
    if parts.username or parts.query or parts.fragment:
        raise UsageError("--endpoint is a plain URL; a key is named by --key-env")
    local = _is_local(parts.hostname)
    key = keys(probe.key_env) if probe.key_env else ""
    if probe.key_env and not key:
        raise NoKey(f"--key-env: {probe.key_env} is not set, and no file stands for it under [keys]")
    if key and parts.scheme == "http" and not local:
        raise UsageError(f"--endpoint: the key would travel to {parts.hostname} in the open; use https")
    path = parts.path if parts.path.endswith("/chat/completions") else f"{parts.path}/chat/completions"
    provider = _provider(probe.provider or parts.hostname, reference)
    return Target(parts._replace(path=path).geturl(), probe.model, provider, local, key)


def _is_local(host: str) -> bool:
    address = literal(host)
    return is_localhost(host) or (address is not None and Guard().refuses(address))


def _provider(name: str, reference: Reference) -> str:
    """The id of a provider's name or host ("Groq", "api.groq.com"); the name itself where none is known."""
    known = {
        fold(said): one.id
        for one in reference.providers.values()
        for said in (one.spelling, one.id, one.name)
    }
    parts = name.split(".")
    suffixes = (".".join(parts[place:]) for place in range(len(parts)))
    return next((known[fold(said)] for said in (*suffixes, *parts) if fold(said) in known), name)


def worst(price: Price, most_tokens: int, requests: int = 1) -> Decimal:
    """What requests may cost at most, in USD."""
    return requests * (price[0] * PROMPT_TOKENS + price[1] * most_tokens) / MILLION


def run(
    target: Target,
    price: Price,
    most_tokens: int,
    most: Decimal,
    settings: Settings,
    deadline: float = DEADLINE,
) -> Measured:
    """Ask until there are enough answers, one fails, or the next might cost more than is left of `most`."""
    found = Measured(target)
    host = urlsplit(target.url).hostname or ""
    ceilings = list(CEILINGS)
    with Fetcher(
        contact=settings.contact,
        clock=settings.clock,
        allow_addresses=settings.allow_addresses,
        allow_hosts=(host,),
        deadline=deadline,
        max_bytes=LARGEST,
    ) as fetcher:
        for number in range(REQUESTS):
            if found.spent + worst(price, most_tokens) > most:
                found.stopped = f"the next request might cost more than is left of ${most}"
                break
            try:
                answer = _ask(fetcher, target, PROMPT.format(100 + 7 * number), most_tokens, ceilings)
            except GapwatchError as error:
                found.stopped = hidden(str(error), target.key)
                break
            found.answers.append(answer)
            found.spent += _cost(answer, price, most_tokens)
    return found


def _ask(fetcher: Fetcher, target: Target, text: str, most_tokens: int, ceilings: list[str]) -> Answered:
    """One answer. An endpoint that refuses one name for a ceiling is asked by the next from then on."""
    headers = [("Authorization", f"Bearer {target.key}")] if target.key else []
    body = completions.request(target.model, text, most_tokens, ceilings[0])
    try:
        return completions.read(fetcher.post(target.url, body, headers=headers))
    except Refused as error:
        if error.status != 400 or len(ceilings) == 1:
            raise
        del ceilings[0]
        return _ask(fetcher, target, text, most_tokens, ceilings)


def _cost(answer: Answered, price: Price, most_tokens: int) -> Decimal:
    """What an answer cost: as it was counted, else at most."""
    if answer.prompt is None or answer.completion is None:
        return worst(price, most_tokens)
    return (price[0] * answer.prompt + price[1] * answer.completion) / MILLION


def spent(measured: Sequence[Measured]) -> Decimal:
    """What it cost in all, in USD."""
    return sum((one.spent for one in measured), Decimal(0))
