"""Sources are found by looking: files and feeds.toml, the user's before the shipped, broken ones reported."""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tracker import paths
from tracker.collect.parse import read
from tracker.collect.registry import find, load_file
from tracker.digest.topics import KINDS
from tracker.domain import Announcement, Kind, Observation
from tracker.errors import UsageError
from tracker.source import Payload

SOURCE = '''"""A place of my own."""
from dataclasses import dataclass
from decimal import Decimal
from tracker.digest.topics import KINDS
from tracker.domain import Announcement, Kind, Observation
from tracker.source import Source

@dataclass
class Row:
    model: str

def parse(payload):
    for name in payload.text().split():
        yield Observation(Row(name).model, "aider.polyglot", Decimal(50))

source = Source(kind=Kind.LEADERBOARD, parse=parse, licence="mine", credit="me", urls=("https://me.example/",))
'''
FEED = """[[feed]]
name = "my_feed"
title = "My feed"
url = "https://me.example/feed"
vendor = "me"
licence = "mine"
credit = "me"
"""


def test_shipped_files_and_feeds_are_found_under_their_names() -> None:
    found = find()
    assert {"modelsdev", "lmarena", "openai_deprecations", "anthropic_news"} <= set(found.sources)
    assert all(source.name == name for name, source in found.sources.items())
    assert sum(source.kind is Kind.NEWS for source in found.sources.values()) >= 9
    assert list(found.sources) == sorted(found.sources)


def test_a_file_whose_name_has_a_dot_hides_nothing_of_what_is_installed(tmp_path: Path) -> None:
    (tmp_path / "my.board.py").write_text(SOURCE)
    found = find(tmp_path)
    assert "is no name" in found.broken["my.board"]
    assert found.installed is not None
    (tmp_path / "feeds.toml").write_text("[[feed")
    assert find(tmp_path).installed is None


def test_a_dropped_file_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "my_board.py").write_text(SOURCE)
    source = find(tmp_path).sources["my_board"]
    records = read(source, Payload("https://me.example/", b"one two", datetime.now(UTC))).records
    assert source.title == "my board"
    assert [record.subject for record in records if isinstance(record, Observation)] == ["one", "two"]
    assert sys.modules["gapwatch_sources.my_board"].__doc__ == "A place of my own."


def test_a_namesake_replaces_the_shipped_source(tmp_path: Path) -> None:
    (tmp_path / "modelsdev.py").write_text(SOURCE)
    (tmp_path / "feeds.toml").write_text(FEED.replace("my_feed", "anthropic_news"))
    found = find(tmp_path)
    assert found.sources["modelsdev"].credit == "me"
    assert found.sources["anthropic_news"].urls == ("https://me.example/feed",)
    assert set(found.sources) == set(find().sources)
    assert found.replaced == {"modelsdev", "anthropic_news"}


def test_files_that_begin_with_an_underscore_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "_draft.py").write_text("raise RuntimeError")
    (tmp_path / "feeds.toml").write_text(FEED.replace("my_feed", "_draft_feed"))
    found = find(tmp_path)
    assert set(found.sources) == set(find().sources)
    assert found.broken == {}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param("def parse(:\n", "SyntaxError", id="not Python"),
        pytest.param("import no_such_module\n", "no_such_module", id="a missing import"),
        pytest.param("1 / 0\n", "ZeroDivisionError", id="raises"),
        pytest.param("raise SystemExit(3)\n", "SystemExit", id="wants to leave"),
        pytest.param("x = 1\n", "no line `source = Source(...)`", id="no source"),
        pytest.param("source = 'me'\n", "no line `source = Source(...)`", id="a source that is none"),
        pytest.param("\x00", "modelsdev", id="binary"),
    ],
)
def test_a_broken_file_is_reported_and_stops_nothing_else(code: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "modelsdev.py").write_text(code)
    found = find(tmp_path)
    assert set(found.broken) == {"modelsdev"}
    assert told in found.broken["modelsdev"]
    assert "\n" not in found.broken["modelsdev"]
    assert "modelsdev" not in found.sources
    assert "lmarena" in found.sources


METRIC = 'Metric("mine.score", "Mine", "Mine", "coding", "%", "percent")'
OF_METRICS = SOURCE.replace("import Announcement", "import Metric, Announcement").replace(
    "urls=", "metrics=METRICS, urls="
)


def with_metrics(text: str) -> str:
    return OF_METRICS.replace("METRICS", text)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param(with_metrics(METRIC), "metrics is a single Metric; write a tuple", id="no tuple"),
        pytest.param(with_metrics("('mine.score',)"), "wanted is a Metric", id="no metric"),
        pytest.param(
            with_metrics(f"({METRIC.replace('mine.score', 'lmarena.text.overall')},)"),
            "metric lmarena.text.overall is that of LMArena",
            id="a shipped board's metric",
        ),
        pytest.param(
            with_metrics(f"({METRIC.replace('coding', 'juggling')},)"), "none of the tasks", id="task"
        ),
        pytest.param(
            with_metrics(f"({METRIC.replace('percent', 'stars')},)"), "none of the scales", id="scale"
        ),
        pytest.param(
            SOURCE.replace("Kind.LEADERBOARD", '"leaderboard"'), "wanted is a Kind: Kind.L", id="kind"
        ),
        pytest.param(
            SOURCE.replace('("https://me.example/",)', '"https://me.example/"'),
            "urls is a single str",
            id="url",
        ),
        pytest.param(SOURCE.replace('"https://me.example/",', ""), "urls is empty", id="no url"),
        pytest.param(SOURCE.replace("https:", "ftp:"), "no http or https URL", id="ftp"),
        pytest.param(SOURCE.replace("parse=parse", "parse=None"), "wanted is a function", id="no parser"),
        pytest.param(SOURCE.replace("urls=", "cadence=24, urls="), "wanted is a timedelta", id="cadence"),
        pytest.param(SOURCE.replace("urls=", "publishable=1, urls="), "wanted is a bool", id="a flag"),
        pytest.param("import tracker.sources\n", "No module named 'tracker.sources' (line 1)", id="import"),
    ],
)
def test_a_source_that_is_not_what_it_should_be_is_broken_by_itself(
    code: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(code)
    found = find(tmp_path)
    assert set(found.broken) == {"mine"}
    assert str(tmp_path / "mine.py") in found.broken["mine"]
    assert told in found.broken["mine"]
    with pytest.raises(UsageError, match=re.escape(told)):
        load_file(tmp_path / "mine.py")


def test_a_metric_means_one_thing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(with_metrics(f"({METRIC},)"))
    (tmp_path / "b.py").write_text(with_metrics(f"({METRIC},)"))
    (tmp_path / "c.py").write_text(with_metrics(f"({METRIC.replace('coding', 'chat')},)"))
    found = find(tmp_path)
    assert found.broken == {"c": "c: its metric mine.score is another one in a"}


def test_a_name_is_that_of_one_place_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "my_feed.py").write_text(SOURCE)
    (tmp_path / "feeds.toml").write_text(FEED)
    found = find(tmp_path)
    assert set(found.broken) == {"my_feed"}
    assert str(tmp_path / "feeds.toml") in found.broken["my_feed"]
    assert str(tmp_path / "my_feed.py") in found.broken["my_feed"]


@pytest.mark.parametrize("name", ["My-Feed", "my feed", "Feed", ""])
def test_a_name_is_made_of_letters_digits_and_underscores(name: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(FEED.replace("my_feed", name))
    assert "needs a name" in find(tmp_path).broken[name] or "is no name" in find(tmp_path).broken[name]


def test_the_fingerprint_differs_where_the_file_or_the_entry_does(tmp_path: Path) -> None:
    marks = set()
    for licence in ("mine", "yours", "mine"):
        (tmp_path / "board.py").write_text(SOURCE.replace("mine", licence))
        (tmp_path / "feeds.toml").write_text(FEED.replace("mine", licence))
        found = find(tmp_path).sources
        marks.add((found["board"].fingerprint, found["my_feed"].fingerprint))
    assert len(marks) == 2
    assert all(source.fingerprint for source in find().sources.values())


def test_an_entry_of_feeds_toml_is_a_news_source(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(FEED + "cadence_hours = 24\npublishable = false\nknown = 'a list'\n")
    source = find(tmp_path).sources["my_feed"]
    assert (source.documented, source.minimum_rows) == (None, 1)
    assert (source.kind, source.vendor, source.licence, source.credit) == (Kind.NEWS, "me", "mine", "me")
    assert (source.cadence, source.publishable, source.listing) == (timedelta(hours=24), False, False)


def test_an_entry_may_say_what_its_feed_is_about_and_that_none_was_seen(tmp_path: Path) -> None:
    more = 'topics = ["release"]\nabout = ["inference"]\ndocumented = true\n'
    (tmp_path / "feeds.toml").write_text(FEED + more)
    source = find(tmp_path).sources["my_feed"]
    body = b"<rss><channel><item><title>Inference</title></item><item><title>B</title></item></channel></rss>"
    records = read(source, Payload("https://me.example/feed", body, datetime.now(UTC))).records
    told = [(item.title, item.topics) for item in records if isinstance(item, Announcement)]
    assert told == [("Inference", ("release",))]
    assert source.documented == ()


@pytest.mark.parametrize(
    ("more", "least"),
    [
        pytest.param("", 1, id="a blog"),
        pytest.param('topics = ["release"]\n', 1, id="releases"),
        pytest.param('topics = ["incident"]\n', 0, id="incidents"),
        pytest.param('about = ["inference"]\n', 0, id="narrowed"),
    ],
)
def test_a_feed_may_be_empty_where_a_quiet_week_has_nothing_to_tell(
    more: str, least: int, tmp_path: Path
) -> None:
    (tmp_path / "feeds.toml").write_text(FEED + more)
    assert find(tmp_path).sources["my_feed"].minimum_rows == least


def test_each_shipped_feed_says_where_its_address_is_known_from() -> None:
    entries = tomllib.loads((paths.shipped("sources") / "feeds.toml").read_text(encoding="utf-8"))["feed"]
    assert len(entries) >= 45
    for entry in entries:
        assert entry.get("known"), entry["name"]
        assert (entry["known"] == "recorded") == (not entry.get("documented")), entry["name"]
        assert set(entry.get("topics", ())) <= KINDS.keys()


@pytest.mark.parametrize(
    ("entry", "name", "told"),
    [
        pytest.param(FEED.replace('vendor = "me"\n', ""), "my_feed", "needs a vendor", id="a key is missing"),
        pytest.param(
            FEED.replace('"https://me.example/feed"', "7"), "my_feed", "needs a url", id="ill-typed"
        ),
        pytest.param(FEED + 'every = "day"\n', "my_feed", "every", id="an unknown key"),
        pytest.param(FEED + 'cadence_hours = "often"\n', "my_feed", "often", id="an ill-typed option"),
        pytest.param(FEED + 'topics = "release"\n', "my_feed", "release", id="a word for a list of words"),
        pytest.param(FEED + "about = [7]\n", "my_feed", "no list of words", id="a list of other things"),
        pytest.param(FEED + FEED, "my_feed", "twice", id="one name twice"),
        pytest.param("[[feed]\n", "feeds.toml", "feeds.toml", id="not TOML"),
        pytest.param("feed = 7\n", "feeds.toml", "[[feed]]", id="not a list"),
        pytest.param('[feed]\nname = "x"\n', "feeds.toml", "write [[feed]]", id="one pair of brackets"),
        pytest.param(FEED + "[[table]]\n", "feeds.toml", "it has table", id="a table among feeds"),
        pytest.param('[[feed]]\ntitle = "x"\n', "feeds.toml", "name", id="no name"),
    ],
)
def test_a_wrong_entry_is_reported_and_stops_nothing_else(
    entry: str, name: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "feeds.toml").write_text(entry)
    found = find(tmp_path)
    assert set(found.broken) == {name}
    assert told in found.broken[name]
    assert set(found.sources) == set(find().sources)


def test_an_overlay_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert set(find(tmp_path / "nowhere").sources) == set(find().sources)
