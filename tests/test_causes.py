"""Which announcements explain a change, and which only look as if they did; then as it is asked for."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from tests.support.database import BOARD, NEWS, OTHER_NEWS, PRICES, Built, fact, offer, score, story
from tracker.cli import cli
from tracker.digest.mentions import words_of
from tracker.trends.causes import ANNOUNCED, FAMILY, MODEL, Cause, Event, News, family_of, of

DAY = date(2026, 4, 26)


def event(kind: str = "gap", name: str = "DeepSeek V4 Pro", tellers: str = "deepseek") -> Event:
    return Event(kind, words_id(name), words_of(name), {*tellers.split()}, DAY)


def news(
    title: str,
    days: int = -2,
    *,
    topic: str = "launch",
    vendor: str = "deepseek",
    models: str = "",
    id: int = 1,
) -> News:
    """An announcement so many days from the event; `models` are the names that its title has, by commas."""
    named = {words_id(name): words_of(name) for name in filter(None, models.split(", "))}
    return News(id, vendor, DAY + timedelta(days), topic, named, words_of(title))


def words_id(name: str) -> str:
    return "-".join(words_of(name))


class Told(NamedTuple):
    event: Event
    news: News
    why: str


PRO = "DeepSeek V4 Pro"
SITUATIONS = {
    "the lab launches the model": Told(event(), news(f"Introducing {PRO}", models=PRO), MODEL),
    "the lab opens its weights": Told(event(), news(f"{PRO}", models=PRO, topic="weights"), MODEL),
    "the lab launches its family": Told(event(), news("DeepSeek V4 preview release"), FAMILY),
    "a sentence that goes on after the version": Told(
        event(name="Gemini 3.5 Flash", tellers="google"),
        news("Gemini 3.5: frontier intelligence with action", vendor="google"),
        FAMILY,
    ),
    "another model of the family": Told(
        event(name="GPT-5.5 Pro", tellers="openai"),
        news("Introducing GPT-5.5", vendor="openai", models="GPT-5.5"),
        "",
    ),
    "another version": Told(event(), news("DeepSeek V4.5 preview release"), ""),
    "an earlier version": Told(event(), news("DeepSeek V3.2 is here", models="DeepSeek V3.2"), ""),
    "the lab's name alone": Told(event(), news("DeepSeek raises its limits"), ""),
    "a family without a version": Told(
        event(name="Command", tellers="cohere"), news("Command what you need", vendor="cohere"), ""
    ),
    "a report by others": Told(event(), news(f"{PRO} is out", vendor="wire", models=PRO), ""),
    "a host that serves it now": Told(event(), news(f"{PRO} on Groq", vendor="groq", models=PRO), ""),
    "how to use it": Told(event(), news(f"Prompting {PRO}", topic="other", models=PRO), ""),
    "its retirement": Told(event(), news(f"{PRO} retires", topic="deprecation", models=PRO), ""),
    "45 days before": Told(event(), news(PRO, -45, models=PRO), MODEL),
    "46 days before": Told(event(), news(PRO, -46, models=PRO), ""),
    "dated three days after by a late feed": Told(event(), news(PRO, 3, models=PRO), MODEL),
    "four days after": Told(event(), news(PRO, 4, models=PRO), ""),
    "a lead": Told(event("leader"), news(PRO, models=PRO), MODEL),
    "a board lists it": Told(event("listed"), news(PRO, models=PRO), MODEL),
    "a price that its lab announced": Told(
        event("price down"), news(f"{PRO} costs less", topic="price", models=PRO), MODEL
    ),
    "a price of its family": Told(
        event("price down"), news("New prices of DeepSeek V4", topic="price"), FAMILY
    ),
    "a price that its host announced": Told(
        event("price up", tellers="deepseek groq"),
        news(f"What {PRO} costs", topic="price", vendor="groq", models=PRO),
        MODEL,
    ),
    "a price, and another host's announcement": Told(
        event("price up", tellers="deepseek groq"),
        news(f"What {PRO} costs", topic="price", vendor="together", models=PRO),
        "",
    ),
    "a price, and a launch of the model": Told(event("price down"), news(PRO, models=PRO), ""),
    "a price, and prices two weeks and a day before": Told(
        event("price down"), news(PRO, -15, topic="price", models=PRO), ""
    ),
    "gone, as was said half a year before": Told(
        event("gone"), news(f"{PRO} retires", -180, topic="deprecation", models=PRO), MODEL
    ),
    "a score that was revised": Told(event("score"), news(PRO, models=PRO), ""),
}  # fmt: skip


@pytest.mark.parametrize("told", SITUATIONS.values(), ids=SITUATIONS.keys())
def test_what_explains_a_change(told: Told) -> None:
    assert of(told.event, [told.news]) == ([Cause(1, told.why)] if told.why else [])


def test_what_names_the_model_comes_first_then_the_earliest() -> None:
    found = of(
        event(),
        [
            news("DeepSeek V4 preview", -20, id=1),
            news(f"{PRO} for all", -1, models=PRO, id=2),
            news(PRO, -3, models=PRO, id=3),
        ],
    )
    assert [cause.news for cause in found] == [3, 2, 1]


FAMILIES = {
    "DeepSeek V4 Pro": ("deepseek", "v4"),
    "GPT-5.5 Pro": ("gpt", "5.5"),
    "Qwen3.6 27B": ("qwen3.6",),
    "o3": ("o3",),
    "Sonar": (),
}


@pytest.mark.parametrize(("name", "family"), FAMILIES.items(), ids=FAMILIES.keys())
def test_a_family_is_what_stands_up_to_the_version(name: str, family: tuple[str, ...]) -> None:
    assert family_of(words_of(name)) == family


TITLES = some.sampled_from([PRO, "DeepSeek V4", "DeepSeek V4 Flash", "DeepSeek", "V4 Pro"])


@given(
    some.sampled_from([*ANNOUNCED, "score", "listing"]),
    some.lists(
        some.builds(
            lambda title, days, n: news(title, days, id=n),
            TITLES,
            some.integers(-60, 9),
            some.integers(1, 99),
        ),
        unique_by=lambda one: one.id,
    ),
    some.randoms(use_true_random=False),
)
def test_it_does_not_matter_in_which_order_news_is_read(
    kind: str, told: list[News], chance: random.Random
) -> None:
    assert of(event(kind), told) == of(event(kind), chance.sample(told, len(told)))


# As it is asked for


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GPT-5.5 comes and leads, announced by its lab and told by a wire; then its price is halved."""
    made = tmp_path_factory.mktemp("causes") / "gapwatch.db"
    listed = {"gpt-5": "1400", "llama-3.1-405b-instruct": "1300"}
    facts = [fact("gpt-5", "licence", "Proprietary"), fact("gpt-5.5", "licence", "Proprietary")]
    facts.append(fact("llama-3.1-405b-instruct", "licence", "Llama 3.1 Community"))
    with Built(made) as built:
        built.captured(NEWS, "2026-04-01", [story("old", "GPT-5 for everybody", "2025-08-07")])
        built.captured(BOARD, "2026-04-18", [*[score(*one) for one in listed.items()], *facts[::2]])
        built.captured(NEWS, "2026-04-23", [story("new", "Introducing GPT-5.5", "2026-04-23")])
        built.captured(
            OTHER_NEWS, "2026-04-24", [story("r", "Introducing GPT-5.5, says OpenAI", "2026-04-24")]
        )
        listed["gpt-5.5"] = "1450"
        built.captured(BOARD, "2026-04-26", [*[score(*one) for one in listed.items()], *facts])
        built.captured(PRICES, "2026-04-26", offer("gpt-5.5", "openai", "10", "30"))
        built.captured(NEWS, "2026-05-04", [story("p", "Lower prices for GPT-5.5", "2026-05-04")])
        built.captured(PRICES, "2026-05-05", offer("gpt-5.5", "openai", "5", "15"))
    return made


def answer(path: Path, *words: str) -> str:
    found = CliRunner().invoke(cli, ["--db", str(path), "--now", "2026-05-06", *words])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_changes_as_json_say_what_was_announced(path: Path) -> None:
    rows = json.loads(answer(path, "changes", "--json"))
    assert {row["kind"]: [cause["title"] for cause in row["causes"]] for row in rows} == {
        "gap": ["Introducing GPT-5.5"],
        "leader": ["Introducing GPT-5.5"],
        "listed": ["Introducing GPT-5.5"],
        "price down": ["Lower prices for GPT-5.5"],
    }
    (cause,) = next(row["causes"] for row in rows if row["kind"] == "gap")
    assert cause == {
        "id": cause["id"],
        "title": "Introducing GPT-5.5",
        "url": "https://news.example/new",
        "vendor": "openai",
        "published": "2026-04-23T12:00:00Z",
        "why": MODEL,
    }
    assert json.loads(answer(path, "explain", cause["id"], "--json"))["said"].startswith("Introducing")


def test_what_was_announced_later_was_not_known_then(path: Path) -> None:
    rows = json.loads(answer(path, "changes", "--json", "--on", "2026-04-26T13:00:00Z"))
    assert {row["kind"] for row in rows if row["causes"]} == {"gap", "leader", "listed"}


def test_explain_tells_what_was_announced_of_a_change(path: Path) -> None:
    (gap,) = json.loads(answer(path, "changes", "--kind", "gap", "--json"))
    assert "Announced 2026-04-23: Introducing GPT-5.5 (openai, n" in answer(path, "explain", gap["id"])
    told = json.loads(answer(path, "explain", gap["id"], "--json"))
    assert told["causes"] == gap["causes"]


def test_a_digest_says_what_was_announced_with_its_evidence(path: Path) -> None:
    week = json.loads(answer(path, "digest", "--week", "2026-W17", "--format", "json"))
    (item,) = (item for item in week["happened"] if "widens" in item["text"])
    assert item["announced"] == "Announced 23 April: Introducing GPT-5.5."
    titles = {reference["number"]: reference["title"] for reference in week["references"]}
    assert {titles[number] for number in item["refs"]} >= {"A Blog"}
    assert "Announced 23 April: Introducing GPT-5.5." in " ".join(
        answer(path, "digest", "--week", "2026-W17", "--format", "text").split()
    )
