"""Which models a text names, by the names that the catalogue has for them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Names = Mapping[tuple[str, ...], str]
LONGEST = 7  # words of a name
TEXT = 800  # characters that are looked at


def index(names: Iterable[tuple[str, str]]) -> Names:
    """{words of a name: model id}. Without a digit ("Command", "Sonar") it may be any word, no name."""
    found: dict[tuple[str, ...], str] = {}
    for model, name in names:
        words = words_of(name)
        if 0 < len(words) <= LONGEST and any(character.isdigit() for word in words for character in word):
            found.setdefault(words, model)
    return found


def mentioned(text: str, names: Names) -> tuple[str, ...]:
    """The ids of the models that a text names, in order. The longest name counts: "GPT-5 mini" is one."""
    words, at, found = words_of(text[:TEXT]), 0, list[str]()
    while at < len(words):
        size = next((n for n in range(LONGEST, 0, -1) if words[at : at + n] in names), 0)
        if size:
            found.append(names[words[at : at + size]])
        at += size or 1
    return tuple(dict.fromkeys(found))


def words_of(text: str) -> tuple[str, ...]:
    """The words without case, dashes and punctuation; points within versions stay."""
    return tuple(re.findall(r"[^\W_]+(?:\.\d+)*", text.casefold()))
