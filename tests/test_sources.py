"""Every shipped source, by one loop: its saved payloads give its expected records, its file keeps the rules.

A source file has at least one case under `payloads/<source>/`: `<date>.pages.json` names the saved pages in
order with their URLs and says what they imitate; `<date>.expected.json` holds what `parse` makes of them.
After saving a page, or changing a parser, run

    python tests/test_sources.py SOURCE

and review the difference.
"""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker import paths
from tracker.catalog.metrics import BY_ID
from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.collect.walk import MOST_PAGES
from tracker.conditions import condition
from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.source import Payload, Source

PAYLOADS = Path(__file__).parent / "payloads"
FILES = sorted(path for path in paths.shipped("sources").glob("*.py") if not path.name.startswith("_"))
FOUND = find().sources
MAY_IMPORT = {
    *(f"tracker.{name}" for name in ("domain", "errors", "source")),
    *(f"tracker.{name}" for name in ("boards", "conditions", "datasets", "own_page", "pricelist")),
    *(f"tracker.{name}" for name in ("repositories", "retirements", "tables")),
    *("bs4", "genai_prices"),
}
MOST_LINES = 105  # not counting blank ones
HALF_ARE_BELOW = 50  # lines in all: what several files repeat has a home in tracker/
FEEDS = "feeds"  # one folder of payloads for the shared parser of feeds.toml

CASES = sorted(PAYLOADS.glob("*/*.pages.json"))


def case_id(case: Path) -> str:
    return f"{case.parent.name}-{case.name.removesuffix('.pages.json')}"


def the_source(case: Path) -> Source:
    """The source that a case is about; for the feed parser, the entry with the case's URL."""
    if case.parent.name != FEEDS:
        return FOUND[case.parent.name]
    url = next(iter(json.loads(case.read_text())["pages"].values()))
    return next(source for source in FOUND.values() if source.urls == (url,))


def saved_pages(case: Path) -> list[Payload]:
    """The case's pages as a visit at the end of its day reads them, each with the earlier ones."""
    day = case.name.removesuffix(".pages.json")
    observed = datetime.fromisoformat(f"{day}T23:00:00").replace(tzinfo=UTC)
    pages: list[Payload] = []
    for name, url in json.loads(case.read_text())["pages"].items():
        body = (case.parent / name).read_bytes()
        pages.append(Payload(url, body, observed, earlier=tuple(pages)))
    return pages


def outcome(source: Source, pages: list[Payload]) -> list[dict[str, Any]]:
    """Everything that a source makes of its pages, as JSON: records and further pages, defaults left out."""
    told = []
    for page in pages:
        records, follows, unread = read(source, page)
        for found in (*records, *follows, *map(Unread, unread)):
            values = {field.name: (getattr(found, field.name), field.default) for field in fields(found)}
            shown = {name: plain(value) for name, (value, default) in values.items() if value != default}
            told.append({"is": type(found).__name__, **shown})
    return told


def plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value if isinstance(value, int) else str(value)


def expected_file(case: Path) -> Path:
    return case.with_name(case.name.replace(".pages.", ".expected."))


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_saved_pages_give_the_expected_records(case: Path) -> None:
    expected = expected_file(case)
    command = f"python tests/test_sources.py {case.parent.name}"
    assert expected.is_file(), f"{expected.name} is missing: run `{command}` and review it"
    assert outcome(the_source(case), saved_pages(case)) == json.loads(expected.read_text()), (
        f"if the change is meant, run `{command}` and review the difference"
    )


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_case_says_what_it_imitates_and_saves_only_pages_that_it_names(case: Path) -> None:
    told = json.loads(case.read_text())
    day = case.name.removesuffix(".pages.json")
    saved = {path.name for path in case.parent.glob(f"{day}.*")}
    assert len(told["imitates"]) > 20
    assert saved == {*told["pages"], case.name, expected_file(case).name}


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_every_figure_belongs_to_a_registered_metric(case: Path) -> None:
    records = [record for page in saved_pages(case) for record in read(the_source(case), page)[0]]
    assert records
    assert {record.metric for record in records if isinstance(record, Observation)} <= set(BY_ID)


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_conditions_are_written_in_one_way(case: Path) -> None:
    records = [record for page in saved_pages(case) for record in read(the_source(case), page)[0]]
    said = {record.condition for record in records if isinstance(record, Observation)}
    assert {condition(words) for words in said} == said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_that_is_fetched_has_a_saved_payload(path: Path) -> None:
    if FOUND[path.stem].urls and not list((PAYLOADS / path.stem).glob("*.pages.json")):
        pytest.fail(
            f"save a few rows of a real page as tests/payloads/{path.stem}/<date>.<ext>, name it in "
            f"<date>.pages.json, then run `python tests/test_sources.py {path.stem}`"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_file_has_a_record_card_and_imports_only_what_a_source_may(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    card = ast.get_docstring(tree) or ""
    for word in ("What:", "Whose:", "Licence", "redit", "Changes:", "Shape:"):
        assert word in card, f"the record card of {path.name} does not say {word!r}"
    assert imported(tree) <= MAY_IMPORT
    assert len([line for line in text.splitlines() if line.strip()]) <= MOST_LINES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_record_card_says_whether_its_figures_are_published(path: Path) -> None:
    card = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    withheld = "are not published" in card
    told = any(said in card for said in ("may be published", "quoted with a link", "told with credit"))
    assert (withheld, told) == ((False, True) if FOUND[path.stem].publishable else (True, False))


def test_source_files_are_small() -> None:
    assert median(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES) < HALF_ARE_BELOW


def imported(tree: ast.Module) -> set[str]:
    """The modules that a file imports, but for the standard library."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    roots = {name: name.partition(".")[0] for name in names}
    foreign = {name for name, root in roots.items() if root not in sys.stdlib_module_names}
    return {name if name.startswith("tracker") else roots[name] for name in foreign}


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND.keys())
def test_a_source_says_its_licence_credit_and_title(source: Source) -> None:
    assert source.licence
    assert source.credit
    assert source.title
    assert all(url.startswith("https://") for url in source.urls)


# These forbid that figures are published; a place that states no terms is told with credit.
CLOSED = ("CC BY-NC 4.0", "internal use with attribution")


@pytest.mark.parametrize("source", FOUND.values(), ids=FOUND.keys())
def test_figures_are_withheld_where_the_terms_forbid_publishing_them(source: Source) -> None:
    """The rule of docs/sources.md."""
    assert source.publishable == (source.licence not in CLOSED)


def test_no_shipped_source_is_broken_and_no_url_is_visited_twice_under_the_same_terms() -> None:
    assert find().broken == {}
    # Epoch's archive holds its own figures under its licence, and copies of others', whose terms are unknown.
    urls = [(url, source.licence) for source in FOUND.values() for url in source.urls]
    assert len(urls) == len(set(urls))


BUNDLED = {name: source for name, source in FOUND.items() if source.bundled}


@pytest.mark.parametrize("source", BUNDLED.values(), ids=BUNDLED.keys())
def test_bundled_data_can_be_read_without_a_network(source: Source) -> None:
    assert source.bundled is not None
    payload = source.bundled()
    records, follows, _ = read(source, payload)
    assert len(records) > 100
    assert follows == []
    assert payload.observed <= datetime.now(UTC)


# What may come in place of a value: other kinds, numbers that are none, nests.
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("case", CASES, ids=case_id)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_spoiled_page_gives_sound_records_or_a_parse_error(case: Path, data: st.DataObject) -> None:
    source, *earlier, page = the_source(case), *saved_pages(case)
    spoil = st.sampled_from([spoiled_bytes, spoiled_json] if page.body[:1] in b"[{" else [spoiled_bytes])
    body = data.draw(spoil)(page.body, data)
    try:
        records, follows, _ = read(source, Payload(page.url, body, page.observed, earlier=tuple(earlier)))
    except ParseError as refusal:
        records, follows, told = [], [], str(refusal)
    else:
        told = f"{source.name} was read"
    assert told.startswith(source.name)
    assert "\n" not in told
    assert len(follows) <= MOST_PAGES
    for record in records:
        if isinstance(record, Observation):
            assert record.metric in BY_ID
            assert isinstance(record.value, Decimal)
            assert record.value.is_finite()


def spoiled_bytes(body: bytes, data: st.DataObject) -> bytes:
    """The page with a stretch of it cut out and other bytes put in."""
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    return body[:start] + data.draw(st.binary(max_size=20)) + body[end:]


def spoiled_json(body: bytes, data: st.DataObject) -> bytes:
    """The document with one value replaced by another kind, or one field renamed."""
    document = json.loads(body)
    node, key = document, data.draw(st.sampled_from(keys(document)))
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.integers(0, 3)):
        node, key = node[key], data.draw(st.sampled_from(keys(node[key])))
    if isinstance(node, dict) and data.draw(st.booleans()):
        node["renamed"] = node.pop(key)
    else:
        node[key] = data.draw(JUNK)
    return json.dumps(document).encode()


def keys(node: Any) -> list[Any]:
    return list(node) if isinstance(node, dict) else list(range(len(node)))


def make_expected(name: str) -> None:
    """Write the expected file of each of a source's cases, to be reviewed."""
    for case in sorted((PAYLOADS / name).glob("*.pages.json")):
        told = outcome(the_source(case), saved_pages(case))
        lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in told)
        expected_file(case).write_text(f"[\n{lines}\n]\n")
        print(f"{expected_file(case)}: {len(told)} records, please review")


if __name__ == "__main__":
    make_expected(sys.argv[1])
