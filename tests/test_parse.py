"""Whatever a source's parse does comes out as sound records or as one clear ParseError."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect.parse import read
from tracker.domain import Announcement, Follow, Kind, Metric, ModelFact, Observation, Unread
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
    ("metric", "value", "told"),
    [
        pytest.param("price.input", "-8", "price.input of model is -8, and no price is negative", id="price"),
        pytest.param("swebench.bash_only.cost", "-1", "no price is negative", id="cost"),
        pytest.param("speed.ttft", "-0.1", "no time or speed is negative", id="speed"),
        pytest.param("aider.polyglot.tokens_in", "-1", "no number of tokens is negative", id="tokens"),
        pytest.param("lmarena.text.overall", "-20", "", id="a rating may be"),
        pytest.param("price.input", "0", "", id="nothing is a price"),
    ],
)
def test_what_can_be_no_figure_is_left_out_and_told(metric: str, value: str, told: str) -> None:
    said = read(source_of(lambda page: [Observation("model", metric, Decimal(value))]), PAGE)
    assert (len(said.records), said.unread) == ((0, said.unread) if told else (1, []))
    assert told in "".join(said.unread)


def test_a_source_may_have_figures_of_its_own_metrics() -> None:
    mine = Metric("mine.score", "Mine", "Mine", "coding", "%", "percent")
    source = source_of(lambda page: [Observation("model", "mine.score", Decimal(1))])
    assert len(read(replace(source, metrics=(mine,)), PAGE).records) == 1
    with pytest.raises(ParseError, match=r"mine\.score of model is no metric that is known"):
        read(source, PAGE)


def test_an_empty_page_is_said_to_be_empty() -> None:
    with pytest.raises(ParseError, match=r"^board: https://board\.example/data is empty$"):
        read(source_of(misses_a_key), replace(PAGE, body=b" "))


@pytest.mark.parametrize(
    ("parse", "told"),
    [
        pytest.param(misses_a_key, "KeyError 'rows'", id="another shape"),
        pytest.param(lambda page: [score(Decimal("NaN"))], "no figure", id="not a number"),
        pytest.param(lambda page: [score(Decimal("-Infinity"))], "no figure", id="infinite"),
        pytest.param(lambda page: [score(Decimal("1e400"))], "no figure", id="beyond any scale"),
        pytest.param(
            lambda page: [score(1.5)], "aider.polyglot of model is the float 1.5; a figure is", id="a float"
        ),
        pytest.param(lambda page: [score(8)], "is the int 8; a figure is a Decimal", id="a whole number"),
        pytest.param(
            lambda page: [replace(score(Decimal(1)), n=cast(int, "9"))], "n of aider.polyglot", id="n"
        ),
        pytest.param(
            lambda page: [Observation("m", "price.inptu", Decimal(1))],
            "did you mean price.input",
            id="metric",
        ),
        pytest.param(lambda page: [Observation(" ", "price.input", Decimal(1))], "is empty", id="no model"),
        pytest.param(lambda page: [ModelFact("m", "license", "MIT")], "did you mean licence", id="field"),
        pytest.param(
            lambda page: [ModelFact("m", "colour", "red")], "known are name, organisation", id="fields"
        ),
        pytest.param(lambda page: [ModelFact("m", "context", 8)], "is the int 8; wanted is str", id="a fact"),  # type: ignore[arg-type]
        pytest.param(
            lambda page: [Announcement("k", "", "News", "lab", "2026-01-01")],  # type: ignore[arg-type]
            "published of 'News' is the str 2026-01-01; wanted is datetime or None",
            id="news without a time",
        ),
        pytest.param(
            lambda page: [Announcement("k", "", "News", "lab", datetime(2026, 1, 1))],
            "published of 'News' is 2026-01-01 00:00:00, a time without a zone; times are in UTC",
            id="news at a time of some zone",
        ),
        pytest.param(
            lambda page: [replace(score(Decimal(1)), at=datetime(2026, 1, 1))],
            "aider.polyglot of model is dated 2026-01-01 00:00:00, a time without a zone; times are in UTC",
            id="a figure at a time of some zone",
        ),
        pytest.param(
            lambda page: [ModelFact("m", "licence", "MIT", at=datetime(2026, 1, 1))],
            "licence of m is dated 2026-01-01 00:00:00, a time without a zone; times are in UTC",
            id="a fact at a time of some zone",
        ),
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


@given(st.lists(st.lists(st.text('ab,"\n\r é'), max_size=4), max_size=5))
def test_a_table_is_read_as_the_standard_library_reads_it(lines: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    page = replace(PAGE, body=text.getvalue().encode())
    assert page.rows() == list(csv.DictReader(io.StringIO(text.getvalue()), strict=True))
