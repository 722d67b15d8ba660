"""What an announcement is about, told by signs in its title, its text and what its feed is about.

Each sign that is found adds its weight to its topic; the heaviest topic is the main one, and where none is
heavy enough it is `other`. docs/news.md says what each topic means and how often these signs are right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from tracker.catalog.published import is_published
from tracker.digest.signs import OTHER, signs
from tracker.store.rows import NewsRow

# In the order in which they win where they weigh the same.
TOPICS: tuple[str, ...] = ("incident", "deprecation", "funding", "licence", "price", "weights", "launch")
TOPICS += ("speed", "research", OTHER)
HEAVY = 3  # from which a topic is one
MOST = MappingProxyType({"launch": 7})  # whatever is new is launched as well: what is more exact goes first
NOBODY = "-"  # whose models these are is not known
PUBLISHED = 8  # for the launch of a model whose weights its maker is known to publish
BEFORE = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*")  # a path; urlsplit refuses "http://["
TITLE, TEXT = 300, 400  # characters that are looked at

# What a whole feed is about (feeds.toml), or what its source file says of an item.
KINDS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "incident": ("incident", 20),
        "deprecation": ("deprecation", 20),
        "release": ("launch", 4),
        "research": ("research", 7),
        "serving": ("speed", 3),
        "practice": (OTHER, 3),
        "community": (OTHER, 5),
    }
)
SETTLED = frozenset({"incident", "deprecation"})
# What drives models forward, in the field's terms; named beside the topics.
DRIVERS = MappingProxyType(
    {
        "synthetic data": r"synthetic (?:\w+ )?data",
        "mixture of experts": r"mixtures?[- ]of[- ]experts|\bmoe\b|expert parallelism",
        "distillation": r"\bdistil(?:l|led|ling|lation)?\b",
        "quantisation": r"quanti[sz](?:ed?|ing|ation)|\b(?:fp4|fp8|nvfp4|int4|int8|gguf|awq|gptq)\b",
        "speculative decoding": r"speculative decoding|speculators?\b|draft models?|multi-token prediction",
        "compute": r"gigawatts?|data cent(?:er|re)s?|\bcompute\b|supercomputers?",
    }
)


def topics(
    title: str, text: str = "", url: str = "", kinds: Iterable[str] = (), vendor: str = ""
) -> tuple[str, ...]:
    """The topics, the main one first, then what drives models forward as far as it is named.

    `kinds` are what the feed is about, or what the source says of the item itself; `vendor` tells it.
    """
    title, text, kinds = title[:TITLE], text.removeprefix(title)[:TEXT], tuple(kinds)
    weights = _weights(title, text, url, kinds)
    if weights["launch"] >= HEAVY and is_published(title, "" if "community" in kinds else vendor or NOBODY):
        weights["weights"] += PUBLISHED
    heavy = [topic for topic in TOPICS if weights[topic] >= HEAVY] or [OTHER]
    main = max(heavy, key=lambda topic: weights[topic])
    further = sorted(
        (topic for topic in heavy if topic not in (main, OTHER)), key=lambda topic: -weights[topic]
    )
    return main, *further, *_drivers(f"{title} {text}")


def topics_of(row: NewsRow) -> tuple[str, ...]:
    """The topics of an announcement."""
    return topics(row.title, row.text, row.url, row.topics.split("\n"), row.vendor)


def _weights(title: str, text: str, url: str, kinds: tuple[str, ...]) -> Counter[str]:
    found = Counter[str]()
    for topic, weight in (KINDS[kind] for kind in kinds if kind in KINDS):
        found[topic] += weight
    if SETTLED & found.keys():
        return found
    lower = _plain(title)
    said = {"title": lower, "start": lower, "shape": title, "text": _plain(text), "filed": _filed(url, kinds)}
    for sign in signs():
        if sign.pattern.search(said[sign.where]):
            found[sign.topic] += sign.weight
    found["launch"] += 3 if _is_a_products(url) else 0
    for topic, most in MOST.items():
        found[topic] = min(found[topic], most)
    return found


def _filed(url: str, kinds: tuple[str, ...]) -> str:
    """What the vendor files it under, a line each: its feed's categories, the folders of its address."""
    path = BEFORE.sub("", url.casefold()).partition("?")[0].partition("#")[0]
    folders = path.split("/")[1:-1]
    return "\n".join((*(kind[1:] for kind in kinds if kind.startswith("#")), *folders))


def _plain(said: str) -> str:
    """Without case, and with the straight apostrophe that signs are written with."""
    return said.casefold().replace("’", "'")


def _is_a_products(url: str) -> bool:
    """Whether an address ends as a product's does: `introducing-forge`, `medium-3-5`, or a repository's."""
    end = url.rstrip("/").casefold()
    return bool(
        re.search(
            r"/(?:introducing|announcing|launch)[^/]*$|(?<!-20)-v?\d{1,2}(?:-\d)?$|//github\.com(?:/[^/]+){2}$",
            end,
        )
    )


def _drivers(text: str) -> tuple[str, ...]:
    lower = text.casefold()
    return tuple(driver for driver, pattern in _patterns() if pattern.search(lower))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((driver, re.compile(pattern)) for driver, pattern in DRIVERS.items())
