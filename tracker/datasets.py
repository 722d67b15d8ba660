"""Tables at Hugging Face, by the documented `/filter` of its dataset viewer, which gives 100 rows a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from tracker.domain import Follow
from tracker.source import Payload

SERVER = "https://datasets-server.huggingface.co/filter"
LENGTH = 100


def page_of(dataset: str, config: str, column: str, values: Iterable[str], split: str = "latest") -> str:
    """The address of the first rows of a config in which a column has one of some values."""
    where = " OR ".join(f"\"{column}\"='{value}'" for value in values)
    asked = {"dataset": dataset, "config": config, "split": split, "where": where}
    return f"{SERVER}?{urlencode({**asked, 'offset': 0, 'length': LENGTH})}"


def parquet_of(dataset: str, config: str, split: str) -> str:
    """The address of a whole split as one parquet file."""
    revision = quote("refs/convert/parquet", safe="")
    return f"https://huggingface.co/datasets/{dataset}/resolve/{revision}/{config}/{split}/0000.parquet"


def config_of(page: Payload) -> str:
    """The config that a page was asked of."""
    return parse_qs(urlsplit(page.url).query)["config"][0]


def rows_of(page: Payload) -> Iterator[dict[str, Any]]:
    """The rows of a page as {column: value}."""
    return (listed["row"] for listed in page.json()["rows"])


def following(page: Payload) -> Iterator[Follow]:
    """Where the next rows are, if there are more."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    told, offset = page.json(), int(asked["offset"]) + LENGTH
    if told["rows"] and offset < told["num_rows_total"]:
        yield Follow(f"{SERVER}?{urlencode({**asked, 'offset': offset})}")
