"""Which announcements are one story: by the page, by the words, never by a chain of likenesses."""

from __future__ import annotations

import random
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.support.stories import told
from tracker.digest.stories import first_told, page_of, stories
from tracker.store.rows import NewsRow

PAGE = "https://lab.example/news/one"
LONG = "How we taught a small model to read very long contracts"


class Pair(NamedTuple):
    """Two announcements, and whether they are one story."""

    one: NewsRow
    other: NewsRow
    same: bool


PAIRS = {
    "the same page, told by two feeds": Pair(
        told("Connectors on the web", "blog", url=PAGE),
        told("Connectors everywhere", "mirror", url=PAGE),
        True,
    ),
    "the same page but for scheme, www, tracking and slash": Pair(
        told("A", "blog", url=PAGE),
        told("B", "mirror", url="http://www.lab.example/news/one/?utm_source=feed"),
        True,
    ),
    "a feed that lists a page again, with a slash and a new date": Pair(
        told("Introducing Small 4", "blog", "2026-03-16", url=PAGE),
        told("Small 4", "blog", "2026-05-28", url=f"{PAGE}/"),
        True,
    ),
    "a front page is no story's page": Pair(
        told("API went down", "status", url="https://status.example/"),
        told("API recovered", "mirror", url="https://status.example"),
        False,
    ),
    "two points of a changelog, under one address": Pair(
        told("Lab retires tts", "changelog", url=PAGE, key="tts"),
        told("Lab retires tts-hd", "changelog", url=PAGE, key="tts-hd"),
        False,
    ),
    "two models at one address, by two feeds": Pair(
        told("Lab retires tts", "list", url=PAGE, models="tts"),
        told("Lab retires tts-hd", "other list", url=PAGE, models="tts-hd"),
        False,
    ),
    "the same title of some length in two feeds": Pair(
        told(LONG, "blog"), told(LONG.upper(), "wire", vendor="wire"), True
    ),
    "a bare name in two feeds of a lab on one day": Pair(
        told("Devstral", "blog"), told("Devstral", "notes"), True
    ),
    "a bare name a day later": Pair(told("Devstral", "blog"), told("Devstral", "notes", "2026-05-21"), False),
    "a bare name, by two vendors": Pair(
        told("Devstral", "blog"), told("Devstral", "host", vendor="host"), False
    ),
    "the same short title in two feeds": Pair(
        told("Release notes", "blog"), told("Release notes", "wire"), False
    ),
    "the same title twice in one feed: two incidents": Pair(
        told("Elevated errors on the large model", "status"),
        told("Elevated errors on the large model", "status"),
        False,
    ),
    "the same title a month later": Pair(told(LONG, "blog", "2026-04-01"), told(LONG, "wire"), False),
    "a feed whose site has moved": Pair(
        told("Lab joins an alliance", "blog", url="https://lab.example/news/lab-joins-an-alliance"),
        told("Lab joins the alliance", "blog", url="https://lab.example/updates/lab-joins-an-alliance"),
        True,
    ),
    "a launch, framed in two ways": Pair(
        told("Introducing Opus 4.7", "blog"), told("Opus 4.7 is now available", "notes"), True
    ),
    "another version": Pair(told("vLLM v0.9.1", "blog"), told("vLLM v0.9.2", "notes"), False),
    "another part": Pair(told(f"{LONG} (Part I)", "blog"), told(f"{LONG} (Part II)", "notes"), False),
    "one with a version, one without": Pair(
        told("Introducing Opus", "blog"), told("Introducing Opus 4.7", "notes"), False
    ),
    "a guide to what was launched": Pair(
        told("Introducing Opus 4.7", "blog"),
        told("Best practices for using Opus 4.7 with Code", "notes"),
        False,
    ),
    "names that are alike": Pair(
        told("Use Grok in OpenCode", "blog"), told("Use Grok in OpenClaw", "notes"), False
    ),
    "a host's own words on a lab's model": Pair(
        told("Gemma 4: byte for byte the most capable open models", "blog", vendor="google"),
        told("Announcing Gemma 4 on vLLM: byte for byte the most capable open models", "host", vendor="vllm"),
        False,
    ),
    "a long title with a word put right": Pair(
        told("Lab becomes exclusive inference provider for the national sovereign network", "blog"),
        told("Lab becomes the exclusive inference provider for national sovereign networks", "newsroom"),
        True,
    ),
    "another title over the same text": Pair(
        told(
            "Voices",
            "blog",
            text="Clone a voice from a few seconds of sound and use it at once in all that you build.",
        ),
        told(
            "Hear this",
            "notes",
            text="Clone a voice from a few seconds of sound, and use it at once in all that you build.",
        ),
        True,
    ),
    "what others report, in the maker's words": Pair(
        told("GLM-4.7: advancing the coding capability", "blog", vendor="zai"),
        told("GLM-4.7: Advancing Coding Capability", "forum", vendor="forum", topics="community"),
        True,
    ),
    "what others report, nearly in the maker's words": Pair(
        told(
            "Introducing GLM-4.7, which advances the coding capability of open models", "blog", vendor="zai"
        ),
        told(
            "GLM-4.7, which advances coding capability of open models",
            "forum",
            vendor="forum",
            topics="community",
        ),
        True,
    ),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_one_story_or_two(pair: Pair) -> None:
    assert len(stories([pair.one, pair.other])) == (1 if pair.same else 2)
    assert len(stories([pair.other, pair.one])) == (1 if pair.same else 2)


def test_likenesses_make_no_chain() -> None:
    """Each title is like its neighbour; the first and the last have little in common."""
    words = [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "omega",
        "sigma",
        "tau",
    ]
    chain = [" ".join([*words[step:], *(word[::-1] for word in words[:step])]) for step in range(len(words))]
    found = stories(told(title, f"feed{number}") for number, title in enumerate(chain))
    assert len(found) > 1
    kept = [{row.title for row in story} for story in found]
    assert not any({chain[0], chain[-1]} <= titles for titles in kept)


def test_a_story_is_led_by_its_maker_and_dated_by_its_first_telling() -> None:
    forum = told("Opus 4.7 is here", "forum", "2026-05-18", url=PAGE, topics="community")
    maker = told("Introducing Opus 4.7", "blog", "2026-05-19", url=PAGE)
    (story,) = stories([maker, forum])
    assert [row.source for row in story] == ["blog", "forum"]
    assert first_told(story) == forum.at


def test_what_stood_undated_in_a_feed_at_first_was_told_before_anybody_can_say() -> None:
    old = told("A page", "scraped", "", url=PAGE, at_first=True)
    (story,) = stories([told("A page", "blog", url=PAGE), old])
    assert first_told(story) == ""


def test_what_was_told_long_ago_is_left_out_unless_it_is_told_again() -> None:
    again = [told("Small 4", "blog", "2026-01-16", url=PAGE), told("Small 4", "blog", url=f"{PAGE}/")]
    (story,) = stories(
        [*again, told("Quite another thing", "blog", "2026-01-17")], since="2026-05-18T00:00:00Z"
    )
    assert first_told(story) == again[0].at


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://www.lab.example/News/One/?a=1#part", "lab.example/news/one/#part"),
        ("https://lab.example/", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_a_page_is_known_by_its_address(url: str, page: str) -> None:
    assert page_of(url) == page


TITLES = some.text(max_size=60) | some.sampled_from(
    [
        "v1.0",
        "v1.1",
        LONG,
        f"Introducing {LONG}",
        "\u202egnp.exe",
        "一个新的开放模型发布了",
        "نموذج جديد",
        "x" * 10_000,
        "\ud800",
        "",
    ]
)
ROWS = some.lists(
    some.builds(
        told,
        TITLES,
        some.sampled_from(["blog", "wire", "forum"]),
        some.dates().map(lambda day: f"2026-05-{day.day:02}") | some.just(""),
        url=some.sampled_from(
            ["", PAGE, f"{PAGE}/", "https://lab.example/a-page-of-many-words", "::", "https://["]
        ),
        topics=some.sampled_from(["", "community"]),
        at_first=some.booleans(),
    ),
    max_size=12,
)


@given(ROWS, some.randoms(use_true_random=False))
def test_each_item_is_in_one_story_whatever_the_order(rows: list[NewsRow], chance: random.Random) -> None:
    found = stories(rows)
    assert Counter(row.id for story in found for row in story) == Counter(row.id for row in rows)
    shuffled = chance.sample(rows, len(rows))
    assert [[row.id for row in story] for story in stories(shuffled)] == [
        [row.id for row in story] for story in found
    ]
