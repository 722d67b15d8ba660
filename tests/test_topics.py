"""What an announcement is about: by signs in its title and text, and by what its feed is about."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from tracker.catalog.published import FAMILIES
from tracker.catalog.reference import load_reference
from tracker.digest.mentions import index, mentioned
from tracker.digest.topics import DRIVERS, TOPICS, topics

MAIN = {
    "a launch": ("Introducing Large 5", "", "launch"),
    "a product's bare name": ("Large 5", "", "launch"),
    "a name, and what it is": ("Large 5: the frontier for your desk", "", "launch"),
    "a feature": ("Large now reads your calendar", "", "launch"),
    "open weights, in the text": ("Introducing Large 5", "An open-weight model of 12B.", "weights"),
    "open weights, in the title": ("Small 5, the best open-weights model of its size", "", "weights"),
    "a price": ("Lower prices for Large 5", "", "price"),
    "limits": ("Higher usage limits for everybody", "", "price"),
    "prices that are no model's": ("What electricity prices mean for towns", "", "other"),
    "serving": ("Faster inference on the newest GPUs", "", "speed"),
    "compute": ("Lab and Cloud sign for two gigawatts of compute", "", "speed"),
    "a retirement": ("Lab retires large-3 on 2026-06-01; use large-5", "", "deprecation"),
    "a switch to something else": ("Transitioning Old CLI to New CLI", "", "deprecation"),
    "an outage": ("A postmortem of Tuesday's outage", "", "incident"),
    "a licence": ("Large 5 is relicensed under MIT", "", "licence"),
    "terms": ("Updates to Consumer Terms and Privacy Policy", "", "licence"),
    "a round of funding": ("Lab raises $13B Series F", "", "funding"),
    "a company bought": ("Lab acquires Toolmaker", "", "funding"),
    "a company that joins": ("Toolmaker joins Lab", "", "funding"),
    "a person who joins": ("Ada Lovelace joins Lab as chief scientist", "", "other"),
    "a use of a policy's name that is one": ("Updating our Usage Policy", "", "licence"),
    "what a customer does": ("Builder Co doubles its throughput with Large 5", "", "other"),
    "a country's programme": ("Lab and the Government of Canada: what is next", "", "other"),
    "a report": ("Lab Education Report: How teachers use Large", "", "research"),
    "a kind read off the page": ("May 7, 2026PolicyTwo scenarios for large models", "", "other"),
    "a launch, with a printer's apostrophe": ("Of walls", "Today, we’re introducing walls.", "launch"),
    "a finding": ("Measuring how models discover proteins", "", "research"),
    "a guide": ("Best practices for Large 5", "", "other"),
    "a guide, by its first word": ("Building agents that last", "", "other"),
    "a partnership": ("Lab partners with a ministry", "", "other"),
    "a round-up": ("Large 5 Leads, Prices Fall Again, Chips Run Short", "", "other"),
    "nothing that is known": ("Of walls and bridges and the people between them", "", "other"),
    "no title": ("", "", "other"),
    "a dataset, in the text": (
        "Introducing the Walls Catalog",
        "A dataset of ten thousand walls.",
        "research",
    ),
    "how people use it": ("How people use Large at work", "", "research"),
    "a tool that is given away, with no weights": ("Open-sourcing our auditing tool", "", "launch"),
    "a year for nothing": ("Get a free year of Pro with your phone", "", "price"),
    "a partnership for its own sake": ("Lab expands partnership with Bank", "", "other"),
    "a partnership to launch something": ("Lab partners with Bank to launch Vault", "", "launch"),
    "a partnership for compute": ("Lab and Cloud partner on next-generation TPUs", "", "speed"),
    "money for data centres": ("Lab invests $50 billion in data centers", "", "speed"),
    "money for the lab": ("Partnership and investment from Bank", "", "funding"),
    "a company that is welcomed": ("Welcoming Toolmaker to Lab", "", "funding"),
    "a person who is welcomed": ("Welcoming Ada Lovelace to Lab", "", "other"),
    "how it was made fast": ("How we made Large 5 twice as fast", "", "speed"),
    "a task to do with it": ("Plan your garden with Large", "", "launch"),
    "who may have it": ("Restrictions of sales to unsupported regions", "", "licence"),
}


@pytest.mark.parametrize(("title", "text", "topic"), MAIN.values(), ids=MAIN.keys())
def test_the_main_topic_of(title: str, text: str, topic: str) -> None:
    assert topics(title, text)[0] == topic


KINDS = {
    "a status page tells of incidents": ("Everything is fine again", ("incident",), "incident"),
    "a list of retirements": ("Google: large-3", ("deprecation",), "deprecation"),
    "releases": ("v2.1.76", ("release",), "launch"),
    "a research blog": ("Tracing the thoughts of a model", ("research",), "research"),
    "a research blog that launches": ("Introducing Large 5", ("research",), "launch"),
    "how a lab works": ("Designing a test that we could not pass", ("practice",), "other"),
    "a kind that nobody knows": ("Introducing Large 5", ("gossip",), "launch"),
}


@pytest.mark.parametrize(("title", "kinds", "topic"), KINDS.values(), ids=KINDS.keys())
def test_what_the_feed_is_about_counts(title: str, kinds: tuple[str, ...], topic: str) -> None:
    assert topics(title, kinds=kinds)[0] == topic


PUBLISHED = {
    "by its maker": ("Introducing Mistral Small 5", "mistral", (), "weights"),
    "by its bare name": ("Llama 5", "meta", (), "weights"),
    "as a variant": ("Introducing CodeGemma 3", "google", (), "weights"),
    "with a dash of another kind": ("GLM‑6 is here", "zai", (), "weights"),
    "in a forum": ("Qwen3.9: a small step", "hackernews", ("community",), "weights"),
    "in a forum, by a word that may be anything": (
        "Show HN: Phi, a lamp",
        "hackernews",
        ("community",),
        "launch",
    ),
    "by a host": ("Llama 5 is here", "groq", (), "launch"),
    "by nobody knows whom": ("Llama 5 is here", "", (), "launch"),
    "a sister that is not published": ("Introducing Mistral Medium 5", "mistral", (), "launch"),
    "the largest, which is not": ("Introducing Qwen2.5 Max", "alibaba", (), "launch"),
    "another version of one that is": ("Announcing Grok-1.5", "xai", (), "launch"),
    "the maker's other things": ("Introducing the DeepSeek app", "deepseek", (), "launch"),
    "what the maker sells of it": ("Introducing the Llama API", "meta", (), "launch"),
    "where it can be had": ("Llama 5 is now available on a cloud", "meta", (), "launch"),
    "by whom it is used": ("How a bank uses Llama 5", "meta", (), "other"),
    "within another word": ("Introducing Dinosaur", "meta", (), "launch"),
}


@pytest.mark.parametrize(("title", "vendor", "kinds", "topic"), PUBLISHED.values(), ids=PUBLISHED.keys())
def test_a_launch_of_a_family_with_published_weights_is_of_open_weights(
    title: str, vendor: str, kinds: tuple[str, ...], topic: str
) -> None:
    assert topics(title, kinds=kinds, vendor=vendor)[0] == topic


FILED = {
    "as a page of a team": ("Interpretability", "https://lab.example/research/team/walls", (), "other"),
    "by its feed, as a product": ("Of walls and bridges", "", ("#product",), "launch"),
    "by its feed, as no kind of ours": ("Of walls and bridges", "", ("#incident",), "other"),
    "by its feed, as research, which is too little": ("Of walls and bridges", "", ("#research",), "other"),
    "by a folder of its address": (
        "Of walls and bridges",
        "https://lab.example/changelog/walls",
        (),
        "launch",
    ),
    "not by the end of its address": (
        "Of walls and bridges",
        "https://lab.example/blog/changelog",
        (),
        "other",
    ),
    "as a repository": ("A toy, in pure script", "https://github.com/somebody/toy", (), "launch"),
}


@pytest.mark.parametrize(("title", "url", "kinds", "topic"), FILED.values(), ids=FILED.keys())
def test_what_an_announcement_is_filed_under_counts(
    title: str, url: str, kinds: tuple[str, ...], topic: str
) -> None:
    assert topics(title, url=url, kinds=kinds)[0] == topic


def test_the_makers_of_published_families_are_organisations_of_the_catalogue() -> None:
    assert {*FAMILIES} <= {*load_reference().organisations}


def test_the_main_topic_is_followed_by_further_ones_and_by_what_drives_models() -> None:
    found = topics(
        "Lower prices for Large 5", "Introducing a distilled mixture of experts, quantized to FP8."
    )
    assert found[0] == "price"
    assert set(found) >= {"launch", "distillation", "mixture of experts", "quantisation"}


@given(
    some.text(max_size=400)
    | some.sampled_from(["A" * 10_000, "A for " + "x" * 9_000 + " y y y y", "a, " * 3000, "\ud800\u202e"])
)
@example("A://[")
def test_any_title_has_a_topic(title: str) -> None:
    main, *further = topics(title, title[::-1], title)
    assert main in TOPICS
    assert set(further) <= {*TOPICS, *DRIVERS}


NAMES = index(
    [
        ("claude-opus-4-7", "Claude Opus 4.7"),
        ("claude-opus-4", "Claude Opus 4"),
        ("gpt-5", "GPT-5"),
        ("gpt-5-mini", "GPT-5 mini"),
        ("command", "Command"),
    ]
)
MENTIONS = {
    "its name": ("Introducing Claude Opus 4.7!", ("claude-opus-4-7",)),
    "its id": ("Lab retires claude-opus-4.7 soon", ("claude-opus-4-7",)),
    "the longest name": ("GPT-5 mini, beside GPT-5", ("gpt-5-mini", "gpt-5")),
    "another version": ("Claude Opus 4.8", ()),
    "a word that is a name elsewhere": ("Take command of your agents", ()),
    "no words": ("!?", ()),
}


@pytest.mark.parametrize(("title", "models"), MENTIONS.values(), ids=MENTIONS.keys())
def test_a_title_names_models_by(title: str, models: tuple[str, ...]) -> None:
    assert mentioned(title, NAMES) == models
