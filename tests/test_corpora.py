"""The inputs that real feed and JSON parsers are tested with go through the product's own path.

feedparser's and the W3C validator's test feeds, and the JSON test suite, may lie beside the project in
../shared/corpus; without them these tests skip. What is asked of each file: no crash, little memory,
no file opened and no socket made, and either items or a clear error of one line.
"""

from __future__ import annotations

import calendar
import io
import os
import resource
import sys
import sysconfig
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tracker.catalog.exclusions import load_exclusions
from tracker.collect.extract import EXTRACT_LIMIT, plain_text
from tracker.collect.feed import TITLE_LIMIT
from tracker.collect.parse import read
from tracker.collect.registry import feed
from tracker.domain import Announcement
from tracker.errors import ParseError
from tracker.source import Payload

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
LATE = datetime(2100, 1, 1, tzinfo=UTC)  # so that no date of a test feed lies in the future
BYTES = 200_000_000
NAMES = dict.fromkeys(("name", "title", "vendor", "licence", "credit"), "x")
SOURCE = feed({**NAMES, "url": "https://lab.example/feed"})
OWN = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not beside this checkout")


def cases(name: str, suffixes: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The files of a corpus by their names in it."""
    with zipfile.ZipFile(CORPUS / f"{name}.zip") as packed:
        return {case: packed.read(case) for case in packed.namelist() if case.endswith(suffixes or "")}


class Watch:
    """What the interpreter opens and connects to while somebody looks. A hook can never be taken out."""

    def __init__(self) -> None:
        self.seen: list[str] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.seen is None:
            return
        if event == "open" and isinstance(args[0], str | bytes) and not os.fsdecode(args[0]).startswith(OWN):
            self.seen.append(os.fsdecode(args[0]))
        elif event.startswith(("socket.", "subprocess.", "os.system", "urllib.")):
            self.seen.append(event)

    @contextmanager
    def looking(self) -> Iterator[list[str]]:
        self.seen = []
        try:
            yield self.seen
        finally:
            self.seen = None


WATCH = Watch()


def payload(body: bytes) -> Payload:
    return Payload("https://lab.example/feed", body, LATE)


@contextmanager
def little_memory() -> Iterator[None]:
    """No more than BYTES beside what the process has; beyond that is a MemoryError, which is a crash."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("name", ["feedparser", "feedvalidator"])
def test_a_hostile_feed_takes_little_memory_opens_nothing_and_gives_items_or_an_error(name: str) -> None:
    found = cases(name)
    assert len(found) > 2000
    came = Counter[str]()
    load_exclusions()  # ours, read once in a process
    with little_memory(), WATCH.looking() as seen, warnings.catch_warnings():
        warnings.simplefilter("error")
        for case, body in found.items():
            came[outcome(body)] += 1
            assert seen == [], case
    print(name, dict(came))
    assert came["items"] > 400


def outcome(body: bytes) -> str:
    """What a body comes to; every item is sound, every refusal one line that names the source."""
    refusal, items = "", list[Any]()
    try:
        items = read(SOURCE, payload(body)).records
    except ParseError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith("x: https://lab.example/feed ")
    assert "\n" not in refusal
    assert "documented shape" not in refusal  # that is what a crash in a parser is turned into
    for item in items:
        assert item.title
        assert (item.title + item.text + item.url + item.key).isprintable()
        assert item.url == "" or item.url.startswith(("http://", "https://"))
    return "refused" if refusal else "items" if items else "nothing worded"


def test_a_body_that_spells_a_file_or_an_address_leads_nowhere(tmp_path: Path) -> None:
    canary = tmp_path / "canary.xml"
    canary.write_text("<rss><channel><item><title>Canary</title></item></channel></rss>")
    with WATCH.looking() as seen:
        for body in (
            str(canary),
            canary.as_uri(),
            "https://lab.example/feed",
            "feed:https://lab.example/feed",
        ):
            with pytest.raises(ParseError):
                read(SOURCE, payload(body.encode()))
    assert seen == []
    with WATCH.looking() as seen:
        feedparser.parse(str(canary).encode())  # the hazard, and the proof that the watch hears it
    assert seen == [str(canary)]


# Where an item of a well-formed feed comes out otherwise than feedparser gives it, by rule: how often.
SCRIPTS = "scripts, styles and comments go with their text"
ONCE = "items that say the same words without guid and link are one"
LINKS = "a link without scheme and host leads nowhere"
ENTITIES = "entities declared by others or by files are refused"
UNNAMED = "a feed that has neither items nor a name of its format is refused"
RULES = {SCRIPTS: 2, ONCE: 2, LINKS: 1, ENTITIES: 1, UNNAMED: 7}
Row = tuple[str, str, datetime | None]  # title, link, date


def test_a_well_formed_feed_comes_out_as_feedparser_gives_it() -> None:
    differs, compared = Counter[str](), 0
    for case, body in cases("feedparser", (".xml",)).items():
        if case.startswith("wellformed/"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # feedparser's own, of names that it gives up
                theirs = worded(feedparser.parse(io.BytesIO(body)).entries)
            for rule in held_against(body, theirs):
                assert rule in RULES, f"{case}: {rule}"
                differs[rule] += 1
            compared += len(theirs)
    assert compared > 450
    assert differs == RULES


def worded(entries: list[Any]) -> list[Row]:
    """(title, link, date) of feedparser's entries that have words, in plain text; "" where no title is."""
    rows = []
    for entry in entries:
        title = plain_text(entry.get("title", ""), TITLE_LIMIT)
        content = entry.get("summary") or (entry.get("content") or [{}])[0].get("value", "")
        text = plain_text(content, EXTRACT_LIMIT)
        stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
        when = datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
        if title or text:
            rows.append((title, entry.get("link", ""), when))
    return rows


def held_against(body: bytes, theirs: list[Row]) -> list[str]:
    """By which rules our items differ from theirs; a difference without a rule is told as it is."""
    try:
        items = [item for item in read(SOURCE, payload(body)).records if isinstance(item, Announcement)]
    except ParseError as error:
        return [ENTITIES if "declares the entity" in str(error) else UNNAMED if not theirs else str(error)]
    if len(items) < len(theirs):
        return [ONCE if len({row[0] for row in theirs}) == len(items) else SCRIPTS]
    return [rule for pair in zip(theirs, items, strict=True) for rule in differences(*pair)]


def differences(their: Row, our: Announcement) -> Iterator[str]:
    title, link, when = their
    if title and title != our.title:
        yield SCRIPTS if len(our.title) < len(title) else f"{title!r} is read as {our.title!r}"
    if link != our.url:
        yield LINKS if "//" not in link and not our.url else f"{link!r} is read as {our.url!r}"
    if when != our.published:
        yield f"{when} is read as {our.published}"


def test_json_is_read_as_the_test_suite_says() -> None:
    told = {case: accepted(body) for case, body in cases("jsontestsuite", (".json",)).items()}
    assert len(told) > 300
    assert {case for case, taken in told.items() if case.startswith("y_") and not taken} == set()
    assert {case for case, taken in told.items() if case.startswith("n_") and taken} == set()
    print(Counter((case[:2], taken) for case, taken in told.items()))


def accepted(body: bytes) -> bool:
    refusal = ""
    try:
        payload(body).json()
    except ParseError as error:
        refusal = str(error)
    assert "\n" not in refusal
    return not refusal
