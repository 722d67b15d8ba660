"""How often stories and topics are right, on items of the recorded web that people read and labelled.

The figures are those of docs/news.md. A third of the stories was set aside before anything was tuned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from tests.support.recorded_news import SUNDAYS, Label, as_told, further, labels, told, unseen
from tracker.digest.news import learnt
from tracker.digest.stories import page_of, stories
from tracker.digest.topics import TOPICS, topics_of
from tracker.store.rows import NewsRow

PAGE = (Path(__file__).parents[1] / "docs" / "news.md").read_text(encoding="utf-8")
SLOW = pytest.mark.slow


@pytest.fixture(scope="module")
def read() -> dict[str, NewsRow]:
    return told()


def test_the_labels_are_ids_and_words_alone() -> None:
    found = labels()
    assert len({label.id for label in found}) == len(found) >= 300
    assert {label.topic for label in found} <= {*TOPICS}
    assert all(re.fullmatch("[0-9a-f]{12}", part) for label in found for part in (label.id, label.story))
    assert {label.story for label in found} <= {label.id for label in found}


def test_the_further_labels_are_of_other_items() -> None:
    found = further()
    assert len(found) >= 400
    assert {*found.values()} <= {*TOPICS}
    assert found.keys().isdisjoint(label.id for label in labels())
    assert unseen().keys().isdisjoint({*found, *(label.id for label in labels())})
    tuned = {*found, *unseen(), *(label.id for label in labels() if not label.aside)}
    assert as_told().keys().isdisjoint(tuned)
    assert {*as_told().values()} <= {*TOPICS}


def published(name: str) -> tuple[float, float]:
    """A figure of docs/news.md: of the tuned two thirds, and of the third set aside."""
    found = re.search(rf"(?m)^\| {name} \| ([\d.]+)[^|]*\| ([\d.]+)", PAGE)
    assert found, name
    return float(found[1]), float(found[2])


@SLOW
def test_the_pairwise_f1_of_stories_is_the_one_that_is_published(read: dict[str, NewsRow]) -> None:
    of = {row.id: number for number, story in enumerate(stories(read.values())) for row in story}
    found = labels()
    figures = [
        f1(found, aside, {label.id: of[read[label.id].id] for label in found}) for aside in (False, True)
    ]
    assert figures == pytest.approx(published("F1"), abs=0.0006)
    assert min(figures) >= 0.9


def f1(found: list[Label], aside: bool, story: dict[str, int]) -> float:
    """Of the pairs of which at least one item is of the third set aside, or none is."""
    right = wrong = 0
    for a, b in combinations(found, 2):
        if (a.aside or b.aside) == aside:
            said, is_so = story[a.id] == story[b.id], a.story == b.story
            right += said and is_so
            wrong += said != is_so
    return 2 * right / (2 * right + wrong)


@SLOW
def test_the_accuracy_of_topics_is_the_one_that_is_published(read: dict[str, NewsRow]) -> None:
    right = [(label.aside, topics_of(read[label.id])[0] == label.topic) for label in labels()]
    figures = [
        sum(is_so for at, is_so in right if at == aside) / sum(at == aside for at, _ in right)
        for aside in (False, True)
    ]
    assert figures == pytest.approx(published("Accuracy"), abs=0.0006)


@SLOW
@pytest.mark.parametrize(("known", "name"), [(further, "further"), (unseen, "once unseen")])
def test_the_accuracy_on_other_items_is_the_one_that_is_published(
    read: dict[str, NewsRow], known: Callable[[], dict[str, str]], name: str
) -> None:
    right = [topics_of(read[id_])[0] == topic for id_, topic in known().items()]
    found = re.search(rf"(?m)^\| {len(right)} {name} announcements[^|]* \| ([\d.]+)", PAGE)
    assert found
    assert sum(right) / len(right) == pytest.approx(float(found[1]), abs=0.0006)


# What most of an announcement's feed is about, by its address; any other is a vendor's posts.
KINDS = {
    "the_batch": "letter",
    "hackernews": "forum",
    "deprecations.info": "retirements",
    "code-rel": "notes",
}


@SLOW
def test_the_accuracy_on_what_was_set_aside_is_the_one_that_is_published(read: dict[str, NewsRow]) -> None:
    right: dict[str, list[bool]] = {}
    for id_, topic in as_told().items():
        kind = next((kind for part, kind in KINDS.items() if part in read[id_].source), "posts")
        for group in (kind, "all"):
            right.setdefault(group, []).append(topics_of(read[id_])[0] == topic)
    for group, cases in right.items():
        found = re.search(rf"(?m)^\| [^|]*\b{group}\b[^|]* \| {len(cases)} \| ([\d.]+) \|", PAGE)
        assert found, (group, len(cases), sum(cases) / len(cases))
        assert sum(cases) / len(cases) == pytest.approx(float(found[1]), abs=0.0006)
    assert sum(right["all"]) >= 0.9 * len(right["all"])


@SLOW
def test_no_page_is_news_in_two_weeks(read: dict[str, NewsRow]) -> None:
    """Feeds list pages again under new dates; the lists of what is retired have a page for many things."""
    rows = [row for row in read.values() if "deprecations" not in row.source]
    weeks: dict[str, set[str]] = {}
    for sunday in SUNDAYS[4:]:
        until, since = f"{sunday}T23:59:59Z", f"{sunday - timedelta(days=6)}T00:00:00Z"
        for story in stories([row for row in rows if row.first_seen <= until], since):
            if since <= learnt(story) <= until:
                for row in story:
                    weeks.setdefault(page_of(row.url), set()).add(until)
    assert len(weeks) > 500
    assert not [page for page, told_in in weeks.items() if len(told_in) > 1]
