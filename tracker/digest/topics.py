"""What an announcement is about, told by signs in its title, its text and what its feed is about.

Each sign that is found adds its weight to its topic; the heaviest topic is the main one, and none heavy enough
is `other`. docs/news.md says what each topic means and how often these signs are right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

TOPICS = ("incident", "deprecation", "funding", "licence", "price", "weights", "speed", "research", "launch")
OTHER = "other"
HEAVY = 3  # weight from which a topic is one
TITLE, TEXT = 300, 400

# What a whole feed is about (feeds.toml), or what its source file says of an item.
KINDS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "incident": ("incident", 20),
        "deprecation": ("deprecation", 10),
        "release": ("launch", 4),
        "research": ("research", 3),
        "community": (OTHER, 2),
    }
)
MODEL = r"(?:[A-Z][\w.-]*[ -]){1,4}v?\d[\w.]*"
