"""What the rules do with names that nobody looked at while they were made: a quarter of the record.

The quarter is cut by a hash of the bare name, so that one name falls on one side wherever it stands. How it
was kept blind, and how often it was measured, is told in docs/identity.md. Needs the recorded web.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any

import pytest

from tests.support.record import Record, open_library, read_record, unread_boards
from tracker.catalog.identity import ALIAS, CATALOGUE, RULES, derive
from tracker.catalog.reference import Reference, load_reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def library() -> Any:
    return open_library()


@pytest.fixture(scope="module")
def record(library: Any, reference: Reference) -> Record:
    return read_record(library, reference)


def is_blind(spelling: str) -> bool:
    """Whether a spelling belongs to the quarter: by its name after the last slash, in small letters."""
    bare = spelling.strip().rstrip("/").lower().rsplit("/", 1)[-1]
    return int(sha256(bare.encode()).hexdigest(), 16) % 4 == 3


def _shares(led: list[tuple[str, str]], reference: Reference) -> dict[str, float]:
    """How spellings were led to their models, as shares; no model is ""."""
    counted = Counter(derive(subject, reference)[2] if model else "" for subject, model in led)
    return {rule: count / len(led) for rule, count in counted.items()}


def test_the_quarter_is_one_and_cuts_no_name_in_two() -> None:
    assert is_blind("openai/gpt-4o") == is_blind("azure/GPT-4o") == is_blind("gpt-4o ")
    assert 0.2 < sum(is_blind(f"model-{n}") for n in range(1000)) / 1000 < 0.3


def test_price_rows_of_the_blind_quarter_are_led_by_rules_without_an_alias(
    record: Record, reference: Reference
) -> None:
    """Without the catalogue's names that may miss words it would be `rules` alone."""
    offered = dict.fromkeys(
        (offer.place, offer.subject) for offer in record.offers if is_blind(offer.subject)
    )
    led = [(subject, record.links[place, subject].model) for place, subject in offered]
    shares = _shares(led, reference)
    print(len(led), {rule: f"{share:.1%}" for rule, share in shares.items()})

    assert len(led) > 1000
    assert shares[RULES] + shares[CATALOGUE] >= 0.9
    assert shares[RULES] >= 0.85


def test_rows_of_the_blind_quarter_on_unread_boards_are_named_by_rules_without_an_alias(
    library: Any, reference: Reference
) -> None:
    """A board names models on its own word, so that any name will do but one that means several models."""
    rows = [(board, row) for board, rows in unread_boards(library).items() for row in rows if is_blind(row)]
    shares = _shares([(row, derive(row, reference)[0]) for _, row in rows], reference)
    print(len(rows), {rule: f"{share:.1%}" for rule, share in shares.items()})

    assert len(rows) > 300
    assert 1 - shares.get(ALIAS, 0) - shares.get("", 0) >= 0.9
