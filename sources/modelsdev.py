"""models.dev: what each model costs at each provider, and whether its weights are open.

What: one offer per provider and model, USD per million tokens, exact; release day, open weights, status.
Whose: the maintainers of SST and contributors, edited by hand and by scripts in a public repository.
Licence: MIT. Figures may be published; credit "models.dev (MIT)".
Changes: several times a day. Shape: the project's README (schema reference) and payloads of 2025 and 2026.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from posixpath import dirname, join, normpath
from typing import Any

import tomli  # as tomllib, but compiled: a history holds tens of thousands of files

from tracker.conditions import condition
from tracker.domain import Kind, ModelFact, Observation
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")
REGION = re.compile(r"([a-z]{2}|apac)\.[a-z0-9]+\.")  # Bedrock's profiles: eu.anthropic.claude-opus-4-6-v1
DEEPEST = 5  # an offer on top of an offer, and so on


def parse(payload: Payload) -> Parsed:
    """Yield the facts and prices of every provider's every model."""
    for provider, place in payload.json().items():
        for subject, offer in place["models"].items():
            yield from _offer(provider, subject, offer)


def _offer(provider: str, subject: str, offer: dict[str, Any]) -> Iterator[ModelFact | Observation]:
    for field, value in _facts(offer):
        yield ModelFact(subject, field, value, provider)
    region = f"region {found[1]}" if (found := REGION.match(subject)) else ""
    for band, part, price in _prices(offer.get("cost") or {}):
        yield Observation(subject, f"price.{part}", price, provider, condition(region, band))


def _facts(offer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", offer["name"]
    released = offer.get("release_date") or ""
    if released and not released.startswith("1970"):  # stands for "not known"
        yield "released", released
    if "open_weights" in offer:  # not stated before July 2025
        yield "weights", "open" if offer["open_weights"] is True else "closed"
    if offer.get("status") == "deprecated":
        yield "status", "deprecated"


def _prices(cost: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    """Band, part and price: the base, then what each longer prompt costs."""
    free = cost.get("input") == 0 and cost.get("output") == 0
    bands = [("free" if free else "", cost)]
    if "tiers" in cost:
        bands += [(f"over {round(tier['tier']['size'] / 1000)}k", tier) for tier in cost["tiers"]]
    elif "context_over_200k" in cost:  # the only band there was until spring 2026
        bands.append(("over 200k", cost["context_over_200k"]))
    for band, prices in bands:
        for part in PARTS:
            if isinstance(price := prices.get(part), int | Decimal):
                yield band, part, Decimal(price)


class Offers:
    """The repository's files, one an offer: a table of its own, on top of another's, or a link to another's.

    An offer that builds on one that is missing is not on the site.
    """

    def __init__(self) -> None:
        self._files: dict[str, dict[str, Any]] = {}
        self._bases: dict[str, str] = {}
        self._heirs: dict[str, set[str]] = {}

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in one file; it and all that build on it read differently."""
        table, base = ({}, "") if body is None else _read(path, body)
        self._heirs.get(self._bases.pop(path, ""), set()).discard(path)
        if body is None:
            self._files.pop(path, None)
        else:
            self._files[path] = table
        if base:
            self._bases[path] = base
            self._heirs.setdefault(base, set()).add(path)
        return self._family(path)

    def _family(self, path: str) -> list[str]:
        found = [path]
        for one in found:
            found += [heir for heir in self._heirs.get(one, ()) if heir not in found]
        return found

    def read(self, path: str) -> Iterable[ModelFact | Observation]:
        """The offer's facts and prices."""
        offer = self._merged(path)
        if not offer:
            return ()
        _, provider, _, subject = path.removesuffix(".toml").split("/", 3)
        return _offer(provider, subject, offer)

    def _merged(self, path: str, depth: int = 0) -> dict[str, Any]:
        table, base = self._files.get(path, {}), self._bases.get(path)
        if base is None or depth > DEEPEST:
            return table
        below = self._merged(base, depth + 1)
        omitted = table.get("extends", {}).get("omit", [])
        own = {key: value for key, value in table.items() if key != "extends"}
        return _over(_without(below, omitted), own) if below else {}


def _read(path: str, body: bytes) -> tuple[dict[str, Any], str]:
    """A file's own table and the file that it builds on. A symbolic link is kept as the path it leads to."""
    try:
        text = body.decode()
        if text.endswith(".toml") and "\n" not in text:
            return {}, normpath(join(dirname(path), text))
        table = tomli.loads(text, parse_float=Decimal)
        provider, _, subject = table.get("extends", {}).get("from", "").partition("/")
    except (ValueError, AttributeError, RecursionError) as error:
        raise ParseError(f"{path} is not valid TOML: {str(error)[:120]}") from error
    return table, f"providers/{provider}/models/{subject}.toml" if subject else ""


def _over(below: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in own.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            value = _over(under, value)
        merged[key] = value
    return merged


def _without(table: dict[str, Any], omitted: list[str]) -> dict[str, Any]:
    """The table without dotted keys."""
    for dotted in omitted:
        key, _, rest = dotted.partition(".")
        kept = {name: value for name, value in table.items() if name != key}
        if rest and isinstance(table.get(key), dict):
            kept[key] = _without(table[key], [rest])
        table = kept
    return table


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="models.dev",
    urls=("https://models.dev/api.json",),
    licence="MIT",
    credit="models.dev (MIT)",
    history=(
        History(
            "git",
            ("https://github.com/anomalyco/models.dev",),
            paths=(":(glob)providers/*/models/**/*.toml",),
            tree=Offers,
        ),
    ),
)
