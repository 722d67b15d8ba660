"""Model identity: which spellings are one model, which are not, and what is left unresolved.

The spellings are real ones, from leaderboards and price lists of 2024 to 2026.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.database import BOARD, PRICES, Built, fact, offer, place, score
from tracker import paths
from tracker.catalog.aliases import BadReference
from tracker.catalog.identity import derive, describe, link
from tracker.catalog.licences import Ruling
from tracker.catalog.reference import Reference, load_reference
from tracker.catalog.spelling import words
from tracker.domain import Kind, Link, Observation, Record, Weights
from tracker.source import Source
from tracker.store import database, links
from tracker.store.query import conflicts, identity
from tracker.store.reading import reading
from tracker.store.settle import settle

Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param(
            "anthropic.claude-opus-4-1-20250805-v1:0", "anthropic claude opus 4.1 20250805", id="Amazon"
        ),
        pytest.param("accounts/fireworks/models/llama-v3p1-405b", "llama v3.1 405b", id="Fireworks"),
        pytest.param("Gemini 1.5 Pro (05-14)", "gemini 1.5 pro 05-14", id="a day in brackets"),
        pytest.param("GPT-4 (May 2023)", "gpt 4 may-2023", id="a month in brackets"),
        pytest.param("claude‑3‑5‑haiku@20241022", "claude 3.5 haiku 20241022", id="hyphens that look alike"),
        pytest.param("Command-R+", "command r plus", id="a plus sign"),
        pytest.param("meta-llama%2FLlama-guard-4-12b", "llama guard 4 12b", id="an escaped slash"),
        pytest.param("gemma-4-E4B-it-IQ4_XS", "gemma 4 e4b it iq4xs", id="a quantisation of several parts"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_spelling_becomes_plain_words(subject: str, expected: str) -> None:
    assert " ".join(words(subject)) == expected


@pytest.mark.parametrize(
    ("model", "subjects"),
    [
        (
            "claude-opus-4-1",
            "claude-opus-4-1 claude-4-1-opus-20250805-base anthropic/claude-opus-4.1"
            " anthropic/claude-opus-4.1:thinking us.anthropic.claude-opus-4-1-20250805-v1:0"
            " claude-opus-4-1@20250805 databricks-claude-opus-4-1"
            " claude-opus-4-1-20250805-thinking-16k claude-opus-4-1-thinking:32000",
        ),
        ("claude-opus-4", "claude-opus-4-0 claude-4-opus-20250514-thinking-32k claude-opus-4-thinking:32768"),
        (
            "claude-3-5-sonnet",
            "claude-3-5-sonnet-20240620 anthropic/claude-3.5-sonnet claude-3-5-sonnet-latest",
        ),
        ("claude-opus-4-7", "claude-opus-4-7-xhigh-effort claude-opus-4-7-thinking duo-chat-opus-4-7"),
        ("gpt-4o", "gpt-4o-2024-05-13 openai/gpt-4o azure/gpt-4o GPT-4o"),
        ("gpt-4-turbo", "gpt-4-turbo-2024-04-09 gpt-4-1106-preview openai/gpt-4-0125-preview"),
        ("gpt-5.1", "gpt-5.1-2025-11-13-nothinking openai/gpt-5.1-high-2025-11-13 gpt-5-1"),
        ("gemini-1.5-pro", "gemini-1.5-pro-api-0409-preview google/gemini-pro-1.5 gemini-1.5-pro-exp-0827"),
        ("gemini-2.5-flash", "gemini-2.5-flash-06-05-highthinking gemini-2.5-flash-preview-09-2025"),
        ("deepseek-r1", "DeepSeek-R1-0528 deepseek-ai/DeepSeek-R1 us.deepseek.r1-v1:0 TEE/deepseek-r1-0528"),
        (
            "deepseek-v3",
            "deepseek-chat-v3-0324 deepseek-v3-turbo hf:deepseek-ai/DeepSeek-V3",
        ),
        ("deepseek-v3.1", "deepseek.v3-v1:0 DeepSeek-V3.1 deepseek-chat-v3.1:free"),
        ("qwen3.5-397b-a17b", "Qwen/Qwen3.5-397B-A17B-FP8 qwen3.5:397b qwen/qwen3.5-397b-a17b-thinking"),
        ("qwen3-235b-a22b", "qwen3-235b-a22b-no-thinking qwen-3-235b-a22b"),
        ("qwen3-235b-a22b-instruct-2507", "qwen/qwen3-235b-a22b-2507 Qwen/Qwen3-235B-A22B-Instruct-2507-TEE"),
        ("llama-3.1-405b-instruct", "meta.llama3-1-405b-instruct-v1:0 Meta-Llama-3_1-405B-Instruct-GGUF"),
        (
            "llama-3.3-70b-instruct",
            "llama-3.3-70b-versatile cerebras/llama3.3-70b llama-3.3-70b-instruct-turbo",
        ),
        ("llama-4-maverick-17b-128e-instruct", "llama-4-maverick us.meta.llama4-maverick-17b-instruct-v1:0"),
        ("gpt-oss-120b", "openai.gpt-oss-120b-1:0 @cf/openai/gpt-oss-120b openai/gpt-oss-120b:exacto"),
        ("grok-4.20", "grok-4-20-reasoning grok-4.20-beta-0309-non-reasoning"),
        ("glm-4.7", "z-ai/glm4.7 zai-org/glm-4p7 zai-glm-4.7 zai-org/GLM-4.7-FP8 cerebras/zai-glm-4.7"),
        ("kimi-k2", "kimi-k2-0711-preview moonshotai/Kimi-K2-Instruct-0905 kimi-k2-turbo-preview kimi-k2:1t"),
        ("kimi-k2.5", "accounts/fireworks/models/kimi-k2p5 kimi-k2.5-thinking k2p5"),
        ("minimax-m2.5", "MiniMaxAI/MiniMax-M2.5 MiniMax-M2.5-highspeed minimax-m2-5"),
        ("mistral-large-3", "mistral-large-2512 mistralai/Mistral-Large-3-675B-Instruct-2512"),
        ("mistral-small-3.2", "mistral-small-2506 mistralai/Mistral-Small-3.2-24B-Instruct-2506"),
        ("o3-mini", "o3-mini-2025-01-31-high openai/o3-mini-high o3-mini"),
        ("command-r-plus", "command-r-plus-08-2024 Command-R+ cohere/cohere-command-r-plus-08-2024"),
        ("jamba-1.7-large", "ai21/jamba-large-1.7 jamba-1.7-large"),
        (
            "llama-3.3-nemotron-super-49b-v1",
            "llama-3.3-nemotron-49b-super-v1 nvidia/llama-3_3-nemotron-super-49b-v1",
        ),
    ],
    ids=lambda value: "" if " " in value else value,
)
def test_spellings_of_one_model_lead_to_it(reference: Reference, model: str, subjects: str) -> None:
    assert {subject: derive(subject, reference)[0] for subject in subjects.split()} == dict.fromkeys(
        subjects.split(), model
    )


@pytest.mark.parametrize(
    "subjects",
    [
        pytest.param(
            "qwen3-max qwen3-235b-a22b qwen3-coder-plus qwen3-coder", id="closed and open of one generation"
        ),
        pytest.param(
            "mistral-large-2402 mistral-large-2407 mistral-large-2411 mistral-large-3", id="dated by licence"
        ),
        pytest.param(
            "gpt-oss-120b gpt-5 gpt-5-mini gpt-5-nano gpt-5-pro gpt-5-codex gpt-5-chat", id="tiers of GPT-5"
        ),
        pytest.param(
            "deepseek-r1 deepseek-r1-distill-llama-70b deepseek-r1-distill-qwen-32b", id="distillates"
        ),
        pytest.param(
            "deepseek-r1 deepseek-r1-0528-qwen3-8b deepseek-r1t2-chimera mai-ds-r1", id="made from R1"
        ),
        pytest.param(
            "llama-3.1-70b-instruct llama-3.1-nemotron-70b-instruct hermes-3-llama-3.1-70b", id="from Llama"
        ),
        pytest.param("kimi-k2 kimi-k2-thinking kimi-k2.5", id="a thinking model of its own"),
        pytest.param(
            "gemini-2.0-flash gemini-2.0-flash-thinking-exp-1219 gemini-2.0-flash-lite",
            id="a flash that thinks",
        ),
        pytest.param(
            "qwen3-next-80b-a3b-instruct qwen3-next-80b-a3b-thinking", id="two weights of Qwen3 Next"
        ),
        pytest.param(
            "qwen3-235b-a22b qwen3-235b-a22b-instruct-2507 qwen3-235b-a22b-thinking-2507", id="April and July"
        ),
        pytest.param("llama-4-maverick llama-4-maverick-03-26-experimental", id="the unpublished Maverick"),
        pytest.param("gpt-4 gpt-4-turbo gpt-4.1 gpt-4o chatgpt-4o-latest", id="the GPT-4s"),
        pytest.param("grok-4 grok-4-fast grok-4.1 grok-4.20 grok-4.20-multi-agent", id="the Grok 4s"),
        pytest.param("glm-4.7 glm-4.7-flash glm-4.6v glm-5-turbo glm-5", id="the GLMs"),
        pytest.param("gemini-pro gemini-pro-latest gemini-flash-latest", id="a name that moves"),
        pytest.param("meta-llama/llama-3.1-405b llama-3.1-405b-instruct", id="base and instruct"),
        pytest.param("Llama-3-8b-hf llama-3-8b-instruct", id="base by its repository's format"),
        pytest.param("gemma-7b gemma-7b-it", id="base beside chat on one board"),
        pytest.param("phi-3-mini-4k-instruct phi-3-mini-128k-instruct", id="two contexts, two weights"),
        pytest.param("zephyr-7b-alpha zephyr-7b-beta", id="alpha and beta as names"),
        pytest.param("qwen3-32b qwen3-32b-abliterated-uncensored", id="a stranger's tuning"),
        pytest.param("o1 o1-preview o1-mini o1-pro", id="the o1s"),
        pytest.param("qwq-32b Qwen/QwQ-32B-Preview", id="a preview with weights of its own"),
        pytest.param("longcat-flash-chat longcat-flash-chat-2602-exp", id="the unpublished LongCat"),
        pytest.param("gpt-4 gpt-4-preview-1106", id="a Turbo written as a preview of GPT-4"),
        pytest.param("gemini-exp-1114 gemini-exp-1121 gemini-exp-1206", id="experiments under one name"),
    ],
)
def test_different_products_keep_different_ids(reference: Reference, subjects: str) -> None:
    ids = [derive(subject, reference)[0] for subject in subjects.split()]

    assert len(set(ids)) == len(ids), ids


@pytest.mark.parametrize(
    ("subject", "variant"),
    [
        ("claude-4-1-opus-20250805-thinking-32k", "20250805-thinking-32k"),
        ("claude-3-7-sonnet-20250219 (32k thinking tokens)", "20250219-32k-thinking-tokens"),
        ("gpt-4o-2024-05-13", "2024-05-13"),
        ("o4-mini-high", "high"),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8", "fp8"),
        ("deepseek-r1-0528:free", "0528-free"),
        ("grok-3-fast", "fast"),
        ("gpt-4-1106-preview", "1106-preview"),
        ("qwen3.5-397b-a17b", ""),
    ],
)
def test_the_variant_tells_effort_date_quantisation_and_speed(
    reference: Reference, subject: str, variant: str
) -> None:
    assert derive(subject, reference)[1] == variant


@pytest.mark.parametrize(
    ("subject", "known", "authority", "expected"),
    [
        pytest.param("glm-5.1", {"glm-5.1"}, False, ("glm-5.1", "", "rules"), id="known by rules"),
        pytest.param("k2p6", {"kimi-k2.6"}, False, ("kimi-k2.6", "", "alias"), id="known by an alias"),
        pytest.param(
            "Hermes-4-70B", set(), False, ("hermes-4-70b", "", "catalogue"), id="known by the catalogue"
        ),
        pytest.param("glm-9-high", set(), True, ("glm-9", "high", "registered"), id="new from an authority"),
        pytest.param("glm-9-high", set(), False, ("", "", "unresolved"), id="new from a reseller"),
        pytest.param(
            "brand-new-lab-1", set(), True, ("brand-new-lab-1", "", "registered"), id="of no known family"
        ),
        pytest.param(
            "mistral-medium", {"mistral-medium"}, True, ("", "", "unresolved"), id="different models by place"
        ),
        pytest.param(" ", {""}, True, ("", "", "unresolved"), id="an empty name"),
    ],
)
def test_a_link_is_known_registered_or_unresolved(
    reference: Reference, subject: str, known: set[str], authority: bool, expected: tuple[str, str, str]
) -> None:
    assert link(subject, known, authority=authority, reference=reference) == Link(subject, *expected)


@pytest.mark.parametrize(
    ("subject", "name", "organisation"),
    [
        ("claude-opus-4-5-20251101-thinking-32k", "Claude Opus 4.5", "anthropic"),
        ("claude-3-5-sonnet-20241022", "Claude 3.5 Sonnet", "anthropic"),
        ("gpt-5.2-high", "GPT-5.2", "openai"),
        ("gpt-4o-mini-2024-07-18", "GPT-4o mini", "openai"),
        ("gpt-oss-120b", "gpt-oss-120b", "openai"),
        ("o1-2024-12-17", "o1", "openai"),
        ("deepseek-ai/DeepSeek-R1-0528", "DeepSeek R1", "deepseek"),
        ("deepseek-r1-distill-llama-70b", "DeepSeek R1 Distill Llama 70B", "deepseek"),
        ("qwen3.5-397b-a17b", "Qwen3.5 397B A17B", "alibaba"),
        ("z-ai/glm-4.6", "GLM-4.6", "zai"),
        ("kimi-k2.5-thinking", "Kimi K2.5", "moonshot"),
        ("llama-3.1-405b-instruct-bf16", "Llama 3.1 405B Instruct", "meta"),
        ("gemini-2.0-flash-thinking-exp-1219", "Gemini 2.0 Flash Thinking", "google"),
        ("grok-3-preview-02-24", "Grok 3", "xai"),
        ("early-grok-3", "Grok 3", "xai"),
        ("mixtral-8x7b-instruct-v0.1", "Mixtral 8x7B Instruct v0.1", "mistral"),
        ("llama-3.1-nemotron-70b-instruct", "Llama 3.1 Nemotron 70B Instruct", "nvidia"),
        ("minimax-m2.7", "MiniMax M2.7", "minimax"),
        ("black-forest-labs/novel-7b", "Novel 7B", ""),
    ],
)
def test_names_read_as_people_write_them(
    reference: Reference, subject: str, name: str, organisation: str
) -> None:
    model = describe(derive(subject, reference)[0], subject, reference)

    assert (model.name, model.organisation) == (name, organisation)


def test_no_id_in_the_reference_data_changes_when_it_is_read_as_a_spelling(reference: Reference) -> None:
    ids = {alias.model for alias in reference.aliases.values() if alias.model} | set(reference.catalogue)

    assert {id: found for id in ids if (found := derive(id, reference)[0]) != id} == {}


def test_every_maker_in_the_reference_data_is_a_known_organisation(reference: Reference) -> None:
    makers = {family.organisation for family in reference.families.values()} | set(reference.marks.values())

    assert (makers | set(reference.catalogue.values())) - set(reference.organisations) == set()


NAMES = """
    claude gpt gemini qwen3 llama deepseek glm kimi grok mistral o3 3 3.5 v3.1 k2 4-1 opus sonnet flash pro
    mini turbo max 70b a22b 8x7b instruct it chat thinking no-thinking high low 32k preview latest 2024-05-13
    0528 2507 fp8 free vl
"""
SUBJECTS = st.lists(st.sampled_from(NAMES.split()), min_size=1, max_size=6).map("-".join)


@given(SUBJECTS, st.sampled_from(["zebra", "uncensored", "heretic-v2", "rp", "distill"]))
def test_a_word_that_no_rule_knows_never_merges_a_name_into_another(subject: str, word: str) -> None:
    reference = load_reference()

    assert derive(f"{subject}-{word}", reference)[0] != derive(subject, reference)[0]


@given((SUBJECTS | st.text(max_size=30)).filter(lambda subject: "/" not in subject))
def test_no_resellers_spelling_makes_a_new_model(subject: str) -> None:
    reference = load_reference()

    assert link(subject, set(), reference=reference).model in {"", *reference.catalogue}


@pytest.mark.parametrize(
    ("subject", "model"),
    [
        pytest.param("Steelskull/L3.3-Nevoria-R1-70b", "l3.3-nevoria-r1-70b", id="a stranger's tuning"),
        pytest.param(
            "huihui-ai/Qwen3-32B-abliterated", "qwen3-32b-abliterated", id="named after what it was made from"
        ),
        pytest.param("Qwen/Qwen1.5-7B", "qwen1.5-7b-base", id="the maker's own base model"),
        pytest.param("hf:novel-lab/novel-7b", "novel-7b", id="behind a mark of the place"),
        pytest.param("x-ai/grok-9-fast", "", id="a name without a size may be a reseller's slip"),
        pytest.param("Qwen/Llama-9-70B", "", id="in another maker's place"),
        pytest.param("together/llama-9-70b", "", id="in a seller's folder"),
        pytest.param("accounts/fireworks/models/novel-7b", "", id="in a folder of models"),
        pytest.param("novel-7b", "", id="in nobody's place"),
    ],
)
def test_weights_in_their_publishers_place_are_a_model_of_their_own(
    reference: Reference, subject: str, model: str
) -> None:
    found = link(subject, set(), reference=reference)

    assert (found.model, found.rule) == ((model, "published") if model else ("", "unresolved"))


REPOSITORIES = st.sampled_from(
    ["Qwen/Qwen3-32B", "meta-llama/Llama-3.1-8B-Instruct", "zai-org/GLM-4-9B-0414"]
)


@given(REPOSITORIES, st.sampled_from(["abliterated", "RP", "uncensored-v2", "Heretic", "Distill-X"]))
def test_a_derivative_is_never_merged_into_its_base(base: str, word: str) -> None:
    reference = load_reference()
    derived = f"somebody/{base.split('/')[1]}-{word}"

    assert link(derived, set(), reference=reference).model not in {"", derive(base, reference)[0]}


PLACE = place("lists", Kind.PRICES)
ARRIVALS: dict[str, tuple[Source, list[Record]]] = {
    "2025-01-01": (BOARD, [score("glm-9", "1300"), fact("glm-9", "licence", "Apache 2.0")]),
    "2025-01-02": (
        PRICES,
        [*offer("zai/glm-9-air", "zai", "1", "2"), fact("zai/glm-9-air", "weights", "open", "zai")],
    ),
    "2025-01-03": (
        PLACE,
        [*offer("nevoria-r1-70b", "novita", "1", "2"), *offer("glm-9-air", "novita", "1", "2")],
    ),
    "2025-01-04": (
        PRICES,
        [*offer("Steelskull/Nevoria-R1-70b", "nano-gpt", "1", "2"), *offer("glm-9", "poe", "3", "4")],
    ),
    "2025-01-05": (BOARD, [score("glm-9-high", "1310"), fact("glm-9-high", "licence", "MIT")]),
    "2025-01-06": (
        PLACE,
        [fact("glm-9-air", "weights_url", "https://huggingface.co/zai-org/GLM-9-Air", "novita")],
    ),
    "2025-01-07": (
        PRICES,
        [*offer("z-ai/glm-9-fp8", "nvidia", "1", "1"), *offer("zai/glm-9-air", "zai", "1", "1")],
    ),
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row."""
    with database.writing(tmp_path_factory.mktemp("empty") / "g.db") as connection:
        return Path(str(connection.engine.url.database))


def arrived(days: Sequence[str], empty: Path, folder: Path) -> tuple[list[Row], list[Row]]:
    """The tables of spellings and models after captures arrived in this order, each settled at once."""
    file = folder / f"{len(list(folder.iterdir()))}.db"
    shutil.copy(empty, file)
    with Built(file, (BOARD, PRICES, PLACE)) as built:
        for day in days:
            source, records = ARRIVALS[day]
            built.captured(source, day, records)
            settle(built.connection, {one.name: one for one in built.sources}, load_reference())
    with sqlite3.connect(file) as kept:
        tables = ("SELECT * FROM spelling ORDER BY source, subject", "SELECT * FROM model ORDER BY id")
        return kept.execute(tables[0]).fetchall(), kept.execute(tables[1]).fetchall()


@settings(max_examples=12, deadline=None)
@given(days=st.permutations(list(ARRIVALS)))
def test_links_and_models_do_not_depend_on_the_order_of_arrival(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, days: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("arrivals")
    spellings, models = arrived(days, empty, folder)

    assert (spellings, models) == arrived(list(ARRIVALS), empty, folder)
    assert [row[0] for row in models] == ["glm-9", "glm-9-air", "nevoria-r1-70b"]


def test_other_reference_data_are_applied_to_what_is_stored(empty: Path, tmp_path: Path) -> None:
    arrived(list(ARRIVALS), empty, tmp_path)
    reviewed = replace(
        load_reference(),
        fingerprint="reviewed",
        rulings={"glm-9": Ruling("glm-9", Weights.CLOSED, "Proprietary", "tried here")},
    )

    with Built(tmp_path / "0.db", (BOARD, PRICES, PLACE)) as built, built.connection.begin():
        sources = {one.name: one for one in built.sources}
        assert links.link(built.connection, sources, reviewed) == ["glm-9"]
        assert links.link(built.connection, sources, reviewed) == []


def test_a_spelling_is_worked_out_once_however_often_it_is_listed(reference: Reference) -> None:
    subjects = [f"maker{n % 9}/claude-{n % 7}.{n % 10}-opus-{20240000 + n}-thinking" for n in range(800)]

    def all_of_them() -> list[Link]:
        return [link(subject, {"claude-opus-4-1"}, reference=reference) for subject in subjects]

    reference.derived.clear()
    words.cache_clear()
    first, worked = all_of_them(), words.cache_info().misses
    assert reference.derived.keys() == set(subjects)
    reference.derived.update(dict.fromkeys(subjects, ("claude-opus-4-1", "remembered", "rules")))
    assert {one.variant for one in all_of_them()} == {"remembered"}
    assert {one.variant for one in first} != {"remembered"}
    assert words.cache_info().misses == worked
    reference.derived.clear()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        pytest.param(
            'model = "grok-9"\nspellings = ["k2p6"]\nreason = "no"',
            "'k2p6' cannot be both 'kimi-k2.6' and 'grok-9'; keep one alias",
            id="one spelling, two models",
        ),
        pytest.param(
            'model = "llama-3.1-70b-instruct"\nspellings = ["hermes-4-70b"]\nreason = "no"',
            "makes it and 'llama-3.1-70b-instruct' one model",
            id="a reviewed model made another",
        ),
        pytest.param(
            'model = "mistral-large-2512"\nspellings = ["le-large"]\nreason = "no"',
            "leads to mistral-large-2512, an alias of mistral-large-3; name that",
            id="an alias of an alias",
        ),
        pytest.param('model = "grok-9"\nspellings = ["g9"]', "has no reason; say why", id="no reason"),
        pytest.param(
            'spellings = ["g9"]\nreason = "no"', "an entry is not as the file's heading says", id="no model"
        ),
        pytest.param("model = ", "cannot be read as reference data", id="no TOML"),
    ],
)
def test_an_alias_file_that_contradicts_itself_is_refused(tmp_path: Path, entry: str, message: str) -> None:
    for file in paths.shipped("db").glob("*.toml"):
        shutil.copy(file, tmp_path)
    with (tmp_path / "aliases.toml").open("a", encoding="utf-8") as aliases:
        aliases.write(f"\n[[alias]]\n{entry}\n")

    with pytest.raises(BadReference) as refused:
        load_reference(tmp_path)

    assert message in str(refused.value)
    assert str(refused.value).startswith(f"{tmp_path / 'aliases.toml'}: ")


CONTRADICTIONS = {
    "aliases": '[[alias]]\nspellings = ["g9"]\nmodel = "grok-9"\n',
    "catalogue": 'zz = ["m-7b[-a1b]", "m-7b[-instruct]"]\n',
    "licences": '[[licence]]\nclass = "none"\nwords = ["X"]\nreason = "no"\n',
    "organisations": "[organisation]\n",
    "providers": "zz = 3\n",
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_is_wrong_in_a_file_of_reference_data_is_told_of_that_file(tmp_path: Path, name: str) -> None:
    for file in paths.shipped("db").glob("*.toml"):
        shutil.copy(file, tmp_path)
    with (tmp_path / f"{name}.toml").open("a", encoding="utf-8") as edited:
        edited.write(f"\n{CONTRADICTIONS[name]}")

    with pytest.raises(BadReference) as refused:
        load_reference(tmp_path)

    assert str(refused.value).startswith(f"{tmp_path / name}.toml: ")


LATER = "2025-06-01T00:00:00Z"


@pytest.fixture(scope="module")
def disputed(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names without a model, and a model whose weights are disputed."""
    file = tmp_path_factory.mktemp("disputed") / "g.db"
    shutil.copy(empty, file)
    with Built(file, (BOARD, PRICES)) as built:
        ranked = [score("glm-9", "1300"), score("mistral-medium", "1290"), score("glm-9-air", "1280")]
        built.captured(BOARD, "2025-01-01", [*ranked, fact("glm-9", "licence", "Apache 2.0")])
        offers = [
            *offer("once", "poe", "1", "2"),
            *offer("twice", "poe", "1", "2"),
            *offer("twice", "novita", "1", "2"),
            *offer("mystery-embed", "poe", "1", "2"),
            *offer("mystery-embed", "novita", "1", "2"),
            *offer("given-away", "poe", "0", "0"),
            *offer("glm-9", "zai", "1", "2"),
            *offer("glm-9-air", "poe", "1", "2"),
            Observation("a-reader", "sold.characters", Decimal("4"), provider="poe"),
        ]
        said = [fact("glm-9", "weights", "closed", "zai"), fact("glm-9-air", "weights", "open", "poe")]
        said += [fact("glm-9-air", "weights", "closed", "novita")]
        built.captured(PRICES, "2025-01-02", [*offers, *said])
    return file


def test_what_is_unresolved_is_ranked_by_how_much_it_matters(disputed: Path) -> None:
    with reading(disputed) as connection:
        rows = identity.unresolved(connection, LATER)

    assert [(row["spelling"], row["rank"], row["offers"], row["makes"]) for row in rows] == [
        ("mistral-medium", 2, 0, "text"),
        ("twice", None, 2, "text"),
        ("once", None, 1, "text"),
        ("given-away", None, 0, "text"),
        ("a-reader", None, 0, "text"),
        ("mystery-embed", None, 2, "embeddings"),
    ]


def test_conflicts_name_every_claim_and_those_of_authorities_come_first(disputed: Path) -> None:
    with reading(disputed) as connection:
        first, second = conflicts.conflicts(connection, LATER)

    assert (first["model"], first["field"], first["held"], first["between"]) == (
        "glm-9",
        "weights",
        "open",
        "authorities",
    )
    assert [(one["by"], one["says"], one["evidence"]) for one in first["claims"]] == [
        ("board/glm-9", "open", "c1"),
        ("pricelist/zai/glm-9", "closed", "c2"),
    ]
    assert (second["model"], second["held"], second["between"]) == ("glm-9-air", "unknown", "resellers")
