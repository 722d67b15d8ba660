"""A dataset's history: asked for date by date, page by page or as one parquet file, comes to the same."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.support.datasets import DatasetWeb
from tracker.collect import registry
from tracker.collect.backfill import Backfilled, backfill
from tracker.collect.rows import MOST_ROWS, Paged, Parquet
from tracker.config import Settings
from tracker.errors import ParseError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HISTORY = registry.find().sources["lmarena"].history[0]
parquet_only = pytest.mark.skipif(not find_spec("pyarrow"), reason="the extra `parquet` is not installed")


def rated(model: str, rating: float, day: str, category: str = "overall") -> dict[str, Any]:
    return {
        "model_name": model,
        "organization": "",
        "license": "",
        "rating": rating,
        "rating_lower": rating - 5.25,
        "rating_upper": rating + 5.25,
        "vote_count": 1000.0,
        "category": category,
        "leaderboard_publish_date": day,
    }


# Of the style table one date is missing; there are more rows of the last date than one page holds.
TEXT = [
    rated("gpt-9", 1300, "2025-03-01"),
    rated("gpt-9", 1310, "2025-03-08"),
    rated("kimi-k9", 1305.5, "2025-03-08"),
    *(rated(f"llama-{n}", 1000 + n, "2025-03-15") for n in range(120)),
]
STYLE = [rated("gpt-9", 1290, "2025-03-01"), rated("gpt-9", 1280, "2025-03-15")]


def web(text: Sequence[Any] = TEXT, style: Sequence[Any] = STYLE, *, files: bool = False) -> DatasetWeb:
    pages = dict(zip(HISTORY.files, map(as_parquet, (text, style)), strict=True)) if files else {}
    dated = {url: {"2026-01-01": body} for url, body in pages.items()}
    return DatasetWeb(dated, "2026-06-01", tables={"text": text, "text_style_control": style})


def as_parquet(rows: Sequence[Any]) -> bytes:
    import pyarrow
    from pyarrow import parquet

    written = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(list(rows)), written)
    return written.getvalue()


def fill(db: Path, since: datetime | None = None, until: datetime | None = None) -> Backfilled:
    settings = Settings(db=db, out=db.parent, now=NOW, contact="https://gapwatch.example/tests")
    return backfill(settings, ["lmarena"], since=since, until=until)[0]


def points(db: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(
            "SELECT s.metric, s.subject, substr(p.at, 1, 10), p.value, p.low, p.n, c.observed"
            " FROM series s JOIN point p ON p.series = s.id JOIN capture c ON c.id = p.capture"
            " ORDER BY 1, 2, 3"
        ).fetchall()


@pytest.fixture
def paged(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine without pyarrow."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    return monkeypatch


def enter(patched: pytest.MonkeyPatch, site: DatasetWeb) -> None:
    for name, value in site.env.items():
        patched.setenv(name, value)


def test_paged_rows_are_one_capture_a_date(tmp_path: Path, paged: pytest.MonkeyPatch) -> None:
    with web() as site:
        enter(paged, site)
        said = fill(tmp_path / "g.db")
    found = [row[:6] for row in points(tmp_path / "g.db") if not row[1].startswith("llama")]
    assert (said.versions, said.failed, said.skipped) == (3, "", [])
    assert found == [
        ("lmarena.style.overall", "gpt-9", "2025-03-01", "1290", "1284.75", 1000),
        ("lmarena.style.overall", "gpt-9", "2025-03-15", "1280", "1274.75", 1000),
        ("lmarena.text.overall", "gpt-9", "2025-03-01", "1300", "1294.75", 1000),
        ("lmarena.text.overall", "gpt-9", "2025-03-08", "1310", "1304.75", 1000),
        ("lmarena.text.overall", "gpt-9", "2025-03-15", None, None, None),
        ("lmarena.text.overall", "kimi-k9", "2025-03-08", "1305.5", "1300.25", 1000),
        ("lmarena.text.overall", "kimi-k9", "2025-03-15", None, None, None),
    ]


def test_a_later_run_asks_for_the_rows_of_new_dates_alone(tmp_path: Path, paged: pytest.MonkeyPatch) -> None:
    with web() as site:
        enter(paged, site)
        fill(tmp_path / "g.db", until=datetime(2025, 3, 10, tzinfo=UTC))
        site.requests.clear()
        said = fill(tmp_path / "g.db")
        asked = [found.url for found in site.requests if "%3D%272025-03-0" in found.url]
    assert said.versions == 1
    assert asked == []


def test_from_a_date_on_what_stood_before_is_shown_with_it(tmp_path: Path, paged: pytest.MonkeyPatch) -> None:
    with web() as site:
        enter(paged, site)
        fill(
            tmp_path / "g.db", since=datetime(2025, 3, 5, tzinfo=UTC), until=datetime(2025, 3, 10, tzinfo=UTC)
        )
    style = [row for row in points(tmp_path / "g.db") if row[0] == "lmarena.style.overall"]
    assert [row[2:4] for row in style] == [("2025-03-08", "1290")]


@parquet_only
def test_a_parquet_file_leaves_what_pages_of_rows_leave(tmp_path: Path) -> None:
    with web(files=True) as site, pytest.MonkeyPatch.context() as patched:
        enter(patched, site)
        whole = fill(tmp_path / "file.db")
        assert not [found.url for found in site.requests if "/filter" in found.url]
        patched.setitem(sys.modules, "pyarrow", None)
        fill(tmp_path / "pages.db")
    assert (whole.versions, whole.failed) == (3, "")
    assert points(tmp_path / "file.db") == points(tmp_path / "pages.db")


SPOILT = [lambda body: body[:-50], lambda body: b"PAR1" + body[4:100], lambda body: b""]


@parquet_only
@pytest.mark.parametrize("spoil", SPOILT)
def test_a_parquet_file_that_is_none_fails_and_leaves_nothing(tmp_path: Path, spoil: Any) -> None:
    with web(files=True) as site, pytest.MonkeyPatch.context() as patched:
        site.pages = {url: {"2026-01-01": spoil(site.body(url))} for url in site.pages}
        enter(patched, site)
        said = fill(tmp_path / "g.db")
    assert "is no parquet file with such columns" in said.failed
    assert points(tmp_path / "g.db") == []


@parquet_only
def test_rows_of_other_columns_are_left_in_the_file() -> None:
    body = as_parquet([rated("a", 1, "2025-03-01"), rated("b", 2, "2025-03-01", "french")])
    table = Parquet("u", body, "leaderboard_publish_date", ("category", ("overall",)))
    assert [row["row"]["model_name"] for row in table.rows("2025-03-01")] == ["a"]


def test_more_than_a_million_rows_are_refused_before_they_are_read() -> None:
    def answer(url: str) -> bytes:
        return b'{"rows": [{"row": {"day": "2025-03-01"}}], "num_rows_total": 1000001}'

    with pytest.raises(ParseError, match="has 1,000,001 rows"):
        Paged("https://x.example/filter?a=b", "day", answer, NOW).after("")
    assert MOST_ROWS == 1_000_000


@parquet_only
def test_a_parquet_file_of_more_than_a_million_rows_is_refused_before_it_is_read() -> None:
    import pyarrow
    from pyarrow import parquet

    written = io.BytesIO()
    days = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * (MOST_ROWS + 1)), ["2025-03-01"])
    parquet.write_table(pyarrow.table({"day": days}), written)
    with pytest.raises(ParseError, match="has 1,000,001 rows"):
        Parquet("u", written.getvalue(), "day", ("", ()))
