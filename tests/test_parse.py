"""Whatever a source's parse does comes out as sound records or as one clear ParseError."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tracker.collect.parse import read
from tracker.domain import Announcement, Follow, Kind, ModelFact, Observation, Unread
from tracker.errors import ParseError
from tracker.source import LARGEST_MEMBER, Payload, Source

PAGE = Payload("https://board.example/data", b"{}", datetime(2026, 5, 31, tzinfo=UTC))


def source_of(parse: Any) -> Source:
    return Source(kind=Kind.LEADERBOARD, parse=parse, licence="mine", credit="me", name="board")


def score(value: Any) -> Observation:
    return Observation("model", "aider.polyglot", value)


def test_records_and_further_pages_are_told_apart() -> None:
    records = [
        score(Decimal("1.5")),
        ModelFact("model", "name", "Model"),
        Announcement("k", "", "News", "lab"),
    ]
    follow = Follow("https://board.example/2")
    assert read(source_of(lambda page: [*records, follow]), PAGE) == (records, [follow], [])


def test_what_is_left_out_is_told_and_the_rest_stands() -> None:
    said = read(source_of(lambda page: [score(Decimal(1)), Unread("row 2: 'from $0.20*'")]), PAGE)
    assert (len(said.records), said.unread) == (1, ["row 2: 'from $0.20*'"])


def misses_a_key(page: Payload) -> Iterator[Observation]:
    yield score(Decimal(1))
    yield score(page.json()["rows"])


@pytest.mark.parametrize(
    ("parse", "told"),
    [
        pytest.param(misses_a_key, "KeyError 'rows'", id="another shape"),
        pytest.param(lambda page: [score(Decimal("NaN"))], "no figure", id="not a number"),
        pytest.param(lambda page: [score(Decimal("-Infinity"))], "no figure", id="infinite"),
        pytest.param(lambda page: [score(Decimal("1e400"))], "no figure", id="beyond any scale"),
        pytest.param(lambda page: [score(1.5)], "no figure", id="a float, which is not exact"),
        pytest.param(lambda page: ["text"], "yields str", id="no record"),
        pytest.param(lambda page: None, "TypeError", id="nothing at all"),
        pytest.param(lambda page: [1 / 0], "ZeroDivisionError", id="division"),
    ],
)
def test_a_failing_parse_is_one_clear_line(parse: Any, told: str) -> None:
    with pytest.raises(ParseError) as failure:
        read(source_of(parse), PAGE)
    assert str(failure.value).startswith("board: ")
    assert told in str(failure.value)
    assert "\n" not in str(failure.value)


def test_the_line_of_the_source_file_is_named() -> None:
    line = misses_a_key.__code__.co_firstlineno + 2
    with pytest.raises(ParseError, match=rf"https://board\.example/data .* \(line {line} of its file\)"):
        read(source_of(misses_a_key), PAGE)


def test_what_the_parser_says_itself_is_kept() -> None:
    def parse(page: Payload) -> Iterable[Observation]:
        raise ParseError(f"{page.url} has no table")

    with pytest.raises(ParseError, match=r"^board: https://board\.example/data has no table$"):
        read(source_of(parse), PAGE)


def archive(**files: bytes) -> Payload:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(f"data/{name}.csv", content)
    return Payload("https://board.example/all.zip", body.getvalue(), PAGE.observed)


def test_a_file_of_an_archive_is_read_like_a_page() -> None:
    assert archive(scores=b"model,score\nanvil,1\n").member("data/scores.csv").rows() == [
        {"model": "anvil", "score": "1"}
    ]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        pytest.param(archive(other=b""), "has no file data/scores.csv", id="not in the archive"),
        pytest.param(PAGE, "has no file data/scores.csv", id="no archive"),
        pytest.param(
            Payload(PAGE.url, archive(scores=b"model\n" * 99).body[:-9], PAGE.observed),
            "has no file data/scores.csv",
            id="cut off",
        ),
        pytest.param(archive(scores=bytes(LARGEST_MEMBER + 1)), "is larger than 33,554,432", id="a bomb"),
    ],
)
def test_an_archive_that_cannot_be_read_is_told(page: Payload, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        page.member("data/scores.csv")
