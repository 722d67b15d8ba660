"""`gapwatch speed --probe`: what is to be measured, what that may cost, and what came of it."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.output import talk
from tracker.config import Probe, Settings
from tracker.errors import FetchError, UsageError
from tracker.store.query import fold

if TYPE_CHECKING:
    from tracker.collect.probe import Measured, Price, Target

DEFAULT_MOST = "0.05"

_OPTIONS = (
    click.option("--probe", is_flag=True, help="Measure it yourself, with your own key."),
    click.option(
        "--endpoint", metavar="URL", help="The base URL of an OpenAI-compatible endpoint, to probe."
    ),
    click.option(
        "--key-env", metavar="NAME", help="The environment's variable that holds the endpoint's key."
    ),
    click.option("--price", metavar="IN:OUT", help="The endpoint's price, in USD per million tokens."),
    click.option(
        "--most-usd", default=DEFAULT_MOST, show_default=True, metavar="USD", help="What a probe may cost."
    ),
    click.option(
        "--max-tokens",
        type=click.IntRange(2, 4096),
        default=64,
        show_default=True,
        metavar="N",
        help="The longest answer.",
    ),
)


def probing(command: Callable[..., None]) -> Callable[..., None]:
    """Give an asking command `--probe` and what goes with it: measure and store, then answer."""

    @click.pass_obj
    @functools.wraps(command)
    def probed(
        settings: Settings,
        /,
        probe: bool,
        endpoint: str | None,
        key_env: str | None,
        price: str | None,
        most_usd: str,
        max_tokens: int,
        **asked: Any,
    ) -> None:
        if not probe:
            if endpoint or key_env or price:
                raise UsageError("--endpoint, --key-env and --price go with --probe")
            return command(**asked)
        chosen = _chosen(settings, asked["model"], asked["provider"], endpoint, key_env, price)
        measured = _measured(settings, chosen, _usd(most_usd), max_tokens)
        if len(chosen) == 1:
            asked["model"] = chosen[0].model
        command(**asked)
        if any(one.stopped for one in measured):
            sys.exit(3)
        return None

    wrapped: Callable[..., None] = probed
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _chosen(
    settings: Settings,
    model: str | None,
    provider: str | None,
    endpoint: str | None,
    key_env: str | None,
    price: str | None,
) -> list[Probe]:
    """What is to be measured: the endpoint named here, or those of the configuration that fit."""
    if endpoint and not model:
        raise UsageError("--endpoint: name the MODEL, too, as the endpoint calls it")
    if endpoint and model:
        return [Probe(endpoint, model, provider or "", key_env or "", price or "")]
    fitting = [
        probe
        for probe in settings.probes
        if (not model or fold(model) == fold(probe.model))
        and (not provider or fold(provider) == fold(probe.provider))
    ]
    if not fitting:
        raise UsageError("--probe: name an --endpoint and a MODEL, or write [[probe]] into gapwatch.toml")
    return fitting


def _measured(settings: Settings, chosen: Sequence[Probe], most: Decimal, max_tokens: int) -> list[Measured]:
    """Measure and store; UsageError before anything is sent, FetchError where nothing was answered."""
    from tracker.catalog.reference import load_reference  # a question without --probe needs none of these
    from tracker.collect import measured, probe

    reference = load_reference()
    targets = [probe.target(one, settings.key, reference) for one in chosen]
    prices = [_price(settings, one, target) for one, target in zip(chosen, targets, strict=True)]
    worst = sum((probe.worst(price, max_tokens, probe.REQUESTS) for price in prices), Decimal(0))
    if worst > most:
        raise UsageError(f"--probe might cost ${worst:.4f}, more than ${most}; --most-usd allows more")
    found: list[Measured] = []
    for target, price in zip(targets, prices, strict=True):
        found.append(probe.run(target, price, max_tokens, most - probe.spent(found), settings))
        _say(found[-1], probe.REQUESTS)
    good = [one for one in found if one.answers]
    if not good:
        raise FetchError(f"nothing was measured: {found[0].stopped}")
    measured.store(settings, good)
    talk(f"It cost ${probe.spent(found):.6f}, of at most ${worst:.4f}.")
    return found


def _say(one: Measured, planned: int) -> None:
    counted = " (tokens counted as chunks)" if any(a.counted == "chunks" for a in one.answers) else ""
    why = f"; {one.stopped}" if one.stopped else ""
    answers = f"{len(one.answers)} of {planned} answers{counted}"
    talk(f"{one.target.model} at {one.target.provider}: {answers}{why}")


def _usd(text: str) -> Decimal:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text):
        raise UsageError(f"--most-usd: {text!r} is no amount in US dollars, such as 0.05")
    return Decimal(text)


def _price(settings: Settings, one: Probe, target: Target) -> Price:
    """What the user says that it costs, nothing on the user's own machine, else what a list says."""
    from tracker.collect.probe import FREE

    if one.price:
        parts = re.fullmatch(r"(\d{1,5}(?:\.\d{1,9})?):(\d{1,5}(?:\.\d{1,9})?)", one.price)
        if not parts:
            raise UsageError(f"--price: {one.price!r} is no price; write input to output like 0.05:0.08")
        return Decimal(parts[1]), Decimal(parts[2])
    known = FREE if target.local else _listed(settings, target)
    if known is None:
        raise UsageError(
            f"no price of {target.model} is known; say --price IN:OUT, in USD per million tokens"
        )
    return known


def _listed(settings: Settings, target: Target) -> Price | None:
    """The dearest price in force of the model at the provider; where that has none, anywhere."""
    from tracker.errors import NothingFound
    from tracker.store.query import identity, prices
    from tracker.store.reading import reading
    from tracker.store.times import stamp

    if not settings.db.is_file():
        return None
    with reading(settings.db) as connection:
        try:
            models = sorted(identity.resolve(connection, target.model))
        except NothingFound:
            return None
        rows = prices.offers(connection, prices.Ask(stamp(settings.clock()), models))
    sold = [
        row
        for row in rows
        if row["input"] is not None and row["output"] is not None and row["role"] != "plan"
    ]
    there = [row for row in sold if row["provider"] == target.provider] or sold
    return (max(row["input"] for row in there), max(row["output"] for row in there)) if there else None
