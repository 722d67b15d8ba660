"""What source files share: figures of boards, prices, rows at Hugging Face, repositories, own pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.boards import around, exact, pass_at_1, share
from tracker.conditions import free, in_time, over
from tracker.datasets import config_of, following, page_of, parquet_of, rows_of
from tracker.domain import Kind, ModelFact, Observation
from tracker.errors import ParseError
from tracker.own_page import price_page, retirement_page
from tracker.pricelist import per_million
from tracker.repositories import Layers, Pages, github_file
from tracker.source import Parsed, Payload

D = Decimal
NOW = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "figure"),
    [("97.5 %", D("97.5")), ("97.5", D("97.5")), ("3%", D(3)), ("0", D(0)), ("-", None), ("~3 %", None)],
)
def test_a_share_stands_in_a_cell_with_or_without_its_sign(cell: str, figure: D | None) -> None:
    assert share(cell) == figure


def test_figures_that_are_missing_stay_missing() -> None:
    assert [exact(value, 100) for value in (None, "", "0.5", 0)] == [None, None, D("50.0"), D(0)]
    assert around(D(50), D(1)) == (D("48.04"), D("51.96"))
    assert around(D(50), None) == (None, None)


def test_shares_at_the_first_try_come_with_where_the_weights_are() -> None:
    board = {
        "alpha": {"pass@1": {"a": D("81.1"), "b": None}, "link": "https://huggingface.co/lab/alpha"},
        "beta": {"pass@1": {"a": 0, "b": 7}, "link": "https://huggingface.co/lab"},
    }
    assert list(pass_at_1(board, {"a": "m.a", "b": "m.b"})) == [
        Observation("alpha", "m.a", D("81.1")),
        ModelFact("alpha", "weights_url", "https://huggingface.co/lab/alpha"),
        Observation("beta", "m.a", D(0)),
        Observation("beta", "m.b", D(7)),
    ]


# Prices


@pytest.mark.parametrize(
    ("prices", "condition"),
    [((0, D("0.0")), "free"), ((0, 1), ""), ((0, None), ""), ((None, None), ""), ((), "")],
)
def test_a_trial_asks_nothing_for_any_part(prices: tuple[object, ...], condition: str) -> None:
    assert free(*prices) == condition


@pytest.mark.parametrize(
    ("tokens", "condition"),
    [(200_000, "over 200k"), (D("262144"), "over 262k"), (0, ""), (128_000.0, "over 128k")],
)
def test_longer_prompts_are_counted_in_thousands(tokens: float | D, condition: str) -> None:
    assert over(tokens) == condition


def test_a_list_of_prices_of_one_token_gives_those_of_a_million() -> None:
    listed = {"prompt": "0.00000025", "completion": "-1", "input_cache_read": None, "image": "3"}
    assert per_million(listed) == {"input": D("0.25")}
    assert per_million({"in": 1.1}, {"in": "input"}, of=10**6) == {"input": D("1.1")}


def test_prices_of_an_offer_follow_each_other_in_time() -> None:
    chain = {date(2026, 12, 1): "next", None: "first", date(2026, 6, 1): "now"}
    told = [(price, when) for price, when, _ in in_time(chain, date(2026, 11, 25), unsure=())]
    assert told == [("first", "until 2026-05-31"), ("now", ""), ("next", "from 2026-12-01")]


# Tables at Hugging Face


def page(url: str, rows: list[dict[str, Any]], total: int) -> Payload:
    body = {"rows": [{"row": row} for row in rows], "num_rows_total": total}
    return Payload(url, json.dumps(body).encode(), NOW)


def test_rows_are_asked_for_page_by_page() -> None:
    first = page_of("lab/board", "text", "category", ("overall", "coding"))
    asked = parse_qs(urlsplit(first).query)
    assert asked["where"] == ["\"category\"='overall' OR \"category\"='coding'"]
    full = page(first, [{"model": "a"}] * 100, 101)
    assert config_of(full) == "text"
    assert list(rows_of(full))[:1] == [{"model": "a"}]
    (second,) = following(full)
    assert parse_qs(urlsplit(second.url).query) == asked | {"offset": ["100"]}
    assert list(following(page(second.url, [{"model": "b"}], 101))) == []
    assert list(following(page(second.url, [], 300))) == []
    assert "/lab/board/resolve/refs%2Fconvert%2Fparquet/text/full/" in parquet_of("lab/board", "text", "full")


# Repositories of files


def names(pages: list[Payload]) -> Parsed:
    """The models of the newest page, in the column "model"."""
    return [ModelFact(row["model"], "name", row["model"]) for row in pages[-1].rows()]


def said(records: Iterable[Any]) -> list[str]:
    return [record.value for record in records]


def test_the_newest_page_of_a_part_counts_and_a_broken_one_changes_nothing() -> None:
    tree = Pages(names, part=lambda path: path.partition("/")[0])
    assert list(tree.read("a")) == []
    assert list(tree.change("a/1.csv", b"model\nalpha")) == ["a"]
    tree.change("a/2.csv", b"model\nbeta")
    tree.change("b/1.csv", b"model\ngamma")
    assert (said(tree.read("a")), said(tree.read("b"))) == (["beta"], ["gamma"])
    with pytest.raises(ParseError):
        tree.change("a/2.csv", b"\xff\xfe\x00")
    assert said(tree.read("a")) == ["beta"]
    tree.change("a/2.csv", None)
    assert said(tree.read("a")) == ["alpha"]


def base(table: dict[str, Any]) -> tuple[str, list[str]]:
    return table.get("on", ""), table.get("without", [])


def figures(path: str, table: dict[str, Any]) -> Parsed:
    return [Observation(path, key, value) for key, value in sorted(table["cost"].items())]


def test_a_file_reads_as_what_it_builds_on_with_its_own_keys_on_top() -> None:
    tree = Layers(base, figures)
    tree.change("a.toml", b"cost = {input = 1.5, output = 2, cache = 3}")
    tree.change("b.toml", b'on = "a.toml"\nwithout = ["cost.cache"]\ncost = {output = 9}\n')
    assert set(tree.change("c.toml", b"b.toml")) == {"c.toml"}  # a symbolic link
    assert [
        (record.metric, record.value) for record in tree.read("c.toml") if isinstance(record, Observation)
    ] == [
        ("input", D("1.5")),
        ("output", D(9)),
    ]
    assert set(tree.change("a.toml", b"cost = {input = 7}")) == {"a.toml", "b.toml", "c.toml"}
    assert [record.value for record in tree.read("c.toml")] == [D(7), D(9)]
    with pytest.raises(ParseError, match=r"a\.toml is not valid TOML"):
        tree.change("a.toml", b"cost = {")
    assert [record.value for record in tree.read("a.toml")] == [D(7)]
    tree.change("a.toml", None)
    assert list(tree.read("c.toml")) == []


def test_a_file_at_github_is_read_raw_and_its_repository_is_its_past() -> None:
    place = github_file("lab/board", "data/board.csv", "master")
    assert place["urls"] == ("https://raw.githubusercontent.com/lab/board/master/data/board.csv",)
    (past,) = place["history"]
    assert (past.kind, past.urls, past.paths) == (
        "git",
        ("https://github.com/lab/board",),
        ("data/board.csv",),
    )


# Vendors' own pages


def test_a_vendors_own_page_is_credited_to_its_host_and_may_be_quoted() -> None:
    url = "https://www.acme.example/pricing"
    source = price_page(lambda page: (), url, "Acme prices", vendor="acme")
    assert (source.kind, source.credit, source.publishable) == (Kind.PRICES, "acme.example", True)
    assert [(past.kind, past.urls) for past in source.history] == [("cdx", (url,))]
    ends = retirement_page(lambda page: (), url, "Acme", vendor="acme", credit="Acme", history=())
    assert (ends.kind, ends.credit, ends.listing, ends.history) == (Kind.NEWS, "Acme", False, ())


def test_a_page_is_of_the_day_in_utc_on_which_it_was_seen() -> None:
    late = datetime.fromisoformat("2026-11-25T23:30:00-05:00")
    assert Payload("https://a.example", b"", late).day == date(2026, 11, 26)
