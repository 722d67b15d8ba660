"""Lead 20,000 spellings to their models, as a new price list brings them; and load what that rests on.

    python bench/linking.py link     each of 8,000 spellings at two or three providers
    python bench/linking.py words    the same spellings, taken apart by one regular expression
    python bench/linking.py load     the reviewed reference data
    python bench/linking.py toml     its files, read and parsed

Prints the seconds of the processor, least of five.
"""

from __future__ import annotations

import re
import sys
import time
import tomllib
from collections.abc import Callable

from tracker import paths
from tracker.catalog.identity import link
from tracker.catalog.reference import FILES, load_reference
from tracker.catalog.spelling import words

SUBJECTS = [f"maker{n % 90}/claude-{n % 7}.{n % 10}-opus-{20240000 + n}-thinking" for n in range(8_000)]
LISTED = (SUBJECTS * 3)[:20_000]


def links() -> None:
    """Nothing of them is known yet."""
    reference = load_reference()
    reference.derived.clear()
    words.cache_clear()
    for subject in LISTED:
        link(subject, {"claude-opus-4-1"}, reference=reference)


def parted() -> None:
    """What any rule begins with."""
    for subject in LISTED:
        re.findall(r"[a-z]+|\d+", subject)


def load() -> None:
    """Read, checked and indexed."""
    load_reference.cache_clear()
    load_reference()


def toml() -> None:
    """Read and parsed alone."""
    for name in FILES:
        tomllib.loads((paths.shipped("db") / f"{name}.toml").read_text(encoding="utf-8"))


def least(what: Callable[[], None]) -> float:
    """Seconds of the best of five."""
    spent = []
    for _ in range(5):
        began = time.process_time()
        what()
        spent.append(time.process_time() - began)
    return min(spent)


if __name__ == "__main__":
    print(least({"link": links, "words": parted, "load": load, "toml": toml}[sys.argv[1]]))
