"""What the asking commands ask of the database: plain SQL on a read-only connection.

One module a topic. Nothing here imports more than the standard library, `domain` and pure functions, so
that a question costs milliseconds. Every question takes `on`, the end of what may be known (RFC 3339),
and goes by `capture.observed`; figures come back as exact decimals, ids as `explain` takes them.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from typing import Any

Row = dict[str, Any]

# The standing of a change `x` as it was by a moment (one parameter): a later snapshot that judged an
# event was not known then, and the event was provisional.
STANDING_ON = (
    "CASE WHEN x.judged <= ? THEN x.standing"
    " WHEN x.kind LIKE 'price%' THEN 'unconfirmed' ELSE 'provisional' END"
)

# A source `w` that is not, or not yet, removed at a moment (one parameter): what it said still holds.
WATCHED_ON = "(w.removed IS NULL OR w.removed > ?)"

# Where several places speak of one day, the board's own snapshot `c` counts before a shipped archive's.
OWN = "c.origin <> 'bundled'"


def fold(text: str) -> str:
    """A name as it is compared: without case, and with blanks and underscores as dashes."""
    return "-".join(text.casefold().replace("_", " ").replace("-", " ").split())


def shown(name: str, variant: str) -> str:
    """A model as people name it; with its variant where that is a date: `DeepSeek R1 0528`."""
    dated = sum(letter.isdigit() for letter in variant) >= 4
    return f"{name} {variant}" if dated else name


@cache
def dated(variant: str) -> str:
    """The date in a variant, which efforts, tiers and quantisations of one snapshot share."""
    return "-".join(part for part in variant.split("-") if part.isdigit())


def figure(text: str | None) -> Decimal | None:
    """The exact decimal of a stored figure."""
    return None if text is None else Decimal(text)


def listed(text: str) -> list[str]:
    """The parts of a stored list, one a line."""
    return [part for part in text.split("\n") if part]


def marks(values: Collection[object]) -> str:
    """As many question marks as there are values: `?, ?, ?`."""
    return ", ".join("?" * len(values))


def close_to(name: str, known: list[str]) -> str:
    """`; did you mean a, b?` for names that are near; "" where none is."""
    from difflib import get_close_matches  # only where something went wrong

    by_fold = {fold(one): one for one in known}
    near = [by_fold[match] for match in get_close_matches(fold(name), by_fold, n=4, cutoff=0.5)]
    return f"; did you mean {', '.join(near)}?" if near else ""
