"""The first payload of a place that was known from documentation alone, held against what that promised."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from tracker.collect.shape import first_look
from tracker.domain import Kind
from tracker.source import Payload, Source

JSON = (
    b'{"data": [{"id": "a", "pricing": {"prompt": "1"}}, {"id": "b"}], "x": {"models": {"m": {"cost": 1}}}}'
)
CSV = b"Model,Score\nA,1\n"
HTML = b"<h1>Prices</h1><table><tr><th>Model<th>Input</tr><tr><td>A<td>$1</tr></table>"
MARKDOWN = b"# Board\n\n| Model | Rate |\n|---|---|\n| A | 1 |\n"


def look(documented: tuple[str, ...], *bodies: bytes) -> str:
    source = Source(Kind.PRICES, parse=lambda page: [], licence="", credit="", documented=documented)
    return first_look(
        source, [Payload("https://x.example/", body, datetime(2026, 1, 1, tzinfo=UTC)) for body in bodies]
    )


@pytest.mark.parametrize(
    ("documented", "body"),
    [
        (("data[].id", "data[].pricing.prompt"), JSON),
        (("*.models.*.cost",), JSON),
        (("[].a",), b'[{"b": 1}, {"a": 2}]'),
        (("Model", "Score"), CSV),
        (("Model", "Input"), HTML),
        (("Model", "Rate"), MARKDOWN),
        ((), b"<rss/>"),
    ],
)
def test_a_page_with_every_promised_field_is_as_documented(documented: tuple[str, ...], body: bytes) -> None:
    assert look(documented, body) == "as documented"


@pytest.mark.parametrize(
    ("documented", "body", "told"),
    [
        (("data[].id", "data[].name"), JSON, "lacks data[].name of 2 fields"),
        (("Model", "Price"), HTML, "lacks Price of 2 fields"),
        (("Model", "Price"), b"", "lacks Model, Price of 2 fields"),
        (tuple("abcdef"), b"{}", "lacks a, b, c, d and 2 more of 6 fields"),
        (("data[].id",), b"[" * 100_000, "lacks data[].id of 1 fields"),
    ],
)
def test_what_is_lacking_is_named(documented: tuple[str, ...], body: bytes, told: str) -> None:
    assert look(documented, body) == f"not as documented: {told}"


def test_the_files_of_an_archive_are_looked_at_too() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one/scores.csv", CSV)
        archive.writestr("two.json", JSON)
    assert look(("Model", "data[].id"), packed.getvalue()) == "as documented"
    assert look(("Model",), packed.getvalue()[:60]) == "not as documented: lacks Model of 1 fields"


def test_fields_may_stand_on_different_pages_of_the_visit() -> None:
    assert look(("Model", "data[].id"), CSV, JSON) == "as documented"
