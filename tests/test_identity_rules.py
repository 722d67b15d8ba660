"""Identity by rules: what places do to a name, one named situation each, and names that must stay apart.

The spellings are real ones, from leaderboards and price lists of 2023 to 2026.
"""

from __future__ import annotations

import pytest

from tracker.catalog.aliases import BadReference
from tracker.catalog.fullnames import by_rule, read_catalogue, turned
from tracker.catalog.identity import ALIAS, CATALOGUE, RULES, derive
from tracker.catalog.modality import makes
from tracker.catalog.reference import Reference, load_reference
from tracker.catalog.spelling import words


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        pytest.param("GPT-4 Turbo (04/09)", "gpt 4 turbo 04-09", id="a slash in brackets is no path"),
        pytest.param("Claude 3.5 Sonnet (Oct '24)", "claude 3.5 sonnet oct-2024", id="a year cut short"),
        pytest.param("Gemini 2.5 Pro Preview (Mar' 25)", "gemini 2.5 pro preview mar-2025", id="misplaced"),
        pytest.param("vertex_ai/jamba-1.5-mini@001", "jamba 1.5 mini", id="Google's number of a delivery"),
        pytest.param("vertex_ai/mistral-large@2411-001", "mistral large 2411", id="after the maker's date"),
        pytest.param("nvidia.nemotron-nano-9b-v2:0", "nvidia nemotron nano 9b v2", id="a version before it"),
        pytest.param("exaone-4-0-1-2b", "exaone 4.0 1.2b", id="a size without its point"),
        pytest.param("glm-4-5v", "glm 4.5v", id="a version that ends in a letter"),
        pytest.param("ai21.j2-mid-v1", "ai21 j2 mid v1", id="a dot before a letter and a digit"),
        pytest.param("cogito-671b-v2-p1", "cogito 671b v2.1", id="Fireworks' p"),
        pytest.param("Tulu 2+DPO 70B", "tulu 2 dpo 70b", id="a plus between"),
        pytest.param(f"meta/llama-2-70b-chat:{'2c1608e1' * 8}", "llama 2 70b chat", id="Replicate's hash"),
    ],
)
def test_a_places_own_notation_is_no_part_of_the_name(subject: str, expected: str) -> None:
    assert " ".join(words(subject)) == expected


@pytest.mark.parametrize(
    ("model", "subjects"),
    [
        pytest.param(
            "claude-opus-4-5", ["claude-opus-45", "duo-chat-opus-4-5", "claude-opus4-5"], id="a tier"
        ),
        pytest.param("gpt-5.4-mini", ["openai-gpt-54-mini", "GPT-5.4 mini (medium)"], id="a lost point"),
        pytest.param("gpt-3.5-turbo", ["azure/gpt-35-turbo-1106"], id="Azure's lost point"),
        pytest.param("aya-23-8b", ["CohereForAI/aya-23-8B"], id="a version that never had one"),
        pytest.param("bard-jan-24-gemini-pro", ["bard-jan-24-gemini-pro"], id="a day that is no version"),
        pytest.param("deepseek-v3.2", ["deepseek-3.2", "deepseek.v3.2"], id="a letter left out"),
        pytest.param("minimax-m2.5", ["minimax-m25", "minimax-2.5"], id="letter and point"),
        pytest.param(
            "claude-instant-1", ["anthropic.claude-instant-v1", "Claude Instant"], id="of two words"
        ),
        pytest.param(
            "llama-3.1-405b-instruct",
            ["llama-3-1-instruct-405b", "Llama 3.1 Instruct 405B"],
            id="turned round",
        ),
        pytest.param(
            "gemma-7b-it", ["Gemma Instruct (7B)", "google/gemma-7b-it"], id="the family's own word"
        ),
        pytest.param("llama-2-70b-chat", ["meta.llama2-70b-chat-v1", "LLaMA2 Chat 70B"], id="a cloud's v1"),
        pytest.param("hermes-llama-2-13b", ["Nous-Hermes-Llama2-13b"], id="another family's version"),
        pytest.param(
            "mistral-small-3.2", ["mistral-small3.2", "Mistral-Small-3.2-24B-Instruct-2506"], id="all"
        ),
        pytest.param(
            "mistral-small-2409", ["Mistral Small (Sep '24)", "Mistral-Small-Instruct-2409"], id="date"
        ),
        pytest.param("gemini-3-flash", ["gemini-3.0-flash-preview"], id="a nought that was dropped"),
        pytest.param(
            "nova-2-lite", ["Nova 2.0 Lite (medium)", "amazon.nova-2-lite-v1:0"], id="and by Amazon"
        ),
        pytest.param(
            "gemma-2-27b-it", ["gemini/gemini-gemma-2-27b-it"], id="a maker's other family before it"
        ),
        pytest.param("codellama-13b-python", ["code-llama-13b-python"], id="a family written apart"),
        pytest.param("doubao-seed-1.8", ["bytedance/seed-1.8"], id="a family's name abroad"),
        pytest.param("seed-oss-36b-instruct", ["Seed-OSS-36B-Instruct"], id="which is another family's"),
        pytest.param(
            "qwen3-30b-a3b-thinking-2507",
            ["qwen3-30b-a3b-2507-reasoning", "Qwen3 30B A3B 2507 (Reasoning)"],
            id="a date's delivery that thinks",
        ),
        pytest.param(
            "qwen3-4b-instruct-2507", ["qwen3-4b-2507", "Qwen3 4B 2507 Instruct"], id="that does not"
        ),
        pytest.param("qwen3-vl-8b-thinking", ["qwen3-vl-8b-reasoning"], id="weights of their own that think"),
        pytest.param(
            "llama-3.3-nemotron-super-49b-v1",
            ["Llama 3.3 Nemotron Super 49B v1 (Reasoning)"],
            id="by its mark",
        ),
    ],
)
def test_rules_undo_what_places_do_to_names(reference: Reference, model: str, subjects: list[str]) -> None:
    led = {subject: derive(subject, reference) for subject in subjects}

    assert {subject: found[0] for subject, found in led.items()} == dict.fromkeys(subjects, model)
    assert ALIAS not in {found[2] for found in led.values()}


@pytest.mark.parametrize(
    ("subject", "model"),
    [
        ("deepseek-v3.1:671b", "deepseek-v3.1"),
        ("meta-llama/llama-4-scout:free", "llama-4-scout-17b-16e-instruct"),
        ("mistral/open-mixtral-8x7b", "mixtral-8x7b-instruct-v0.1"),
        ("mistralai/mistral-large-2512", "mistral-large-3"),
        ("Mistral Large 2 (Nov '24)", "mistral-large-2411"),
        ("lambda_ai/hermes3-70b", "hermes-3-llama-3.1-70b"),
        ("openai/gpt-5.2-instant", "gpt-5.2-chat"),
    ],
)
def test_the_catalogue_knows_which_words_may_be_missing(
    reference: Reference, subject: str, model: str
) -> None:
    assert derive(subject, reference)[::2] == (model, CATALOGUE)


@pytest.mark.parametrize(
    ("subject", "model", "variant"),
    [
        pytest.param("qwen3-coder:480b", "qwen3-coder-480b-a35b-instruct", "", id="active parameters"),
        pytest.param("qwen.qwen3-next-80b-a3b", "qwen3-next-80b-a3b-instruct", "", id="the ending"),
        pytest.param(
            "meta.llama4-scout-17b-instruct-v1:0", "llama-4-scout-17b-16e-instruct", "", id="experts"
        ),
        pytest.param("mixtral-8x7b-instruct", "mixtral-8x7b-instruct-v0.1", "", id="the first delivery"),
        pytest.param("together/cogito-671b-v2-p1", "cogito-v2.1-671b", "", id="another order"),
        pytest.param("nvidia.nemotron-nano-3-30b", "nemotron-3-nano-30b-a3b", "", id="order and active"),
        pytest.param("glm-4-32b-0414-128k", "glm-4-32b-0414", "128k", id="an offer's context"),
        pytest.param(
            "phi-3-mini-128k-instruct", "phi-3-mini-128k-instruct", "", id="a context that is a model's"
        ),
        pytest.param("Kimi-K2-Instruct-0905", "kimi-k2", "0905", id="an ending that says nothing"),
        pytest.param("mistral-7b-instruct", "mistral-7b-instruct", "", id="no delivery of several"),
        pytest.param("granite-13b-chat", "granite-13b-chat", "", id="no delivery but the first"),
        pytest.param(
            "qwen3-coder-480b-a36b-instruct", "qwen3-coder-480b-a36b-instruct", "", id="another model"
        ),
    ],
)
def test_rules_know_what_any_name_may_lack_and_that_its_words_may_be_turned_round(
    reference: Reference, subject: str, model: str, variant: str
) -> None:
    assert derive(subject, reference) == (model, variant, RULES)


def test_no_rule_makes_one_name_of_two_models() -> None:
    models = ["m-7b-a1b", "m-7b-a2b", "n-9b-a1b", "n-9b", "o-8x7b-instruct-v0.1", "o-8x7b-instruct-v0.2"]

    assert by_rule(models, {}) == {}
    assert turned({"a-b-c": "a-b-c", "b-a-c": "b-a-c", "d-c": "d-c"}) == {"c-d": "d-c"}


def test_every_form_of_a_full_name_leads_to_its_model(reference: Reference) -> None:
    led = {form: derive(form, reference)[0] for form in reference.full_names}

    assert len(led) > len(reference.catalogue)
    assert led == dict(reference.full_names)


def test_a_catalogue_that_gives_two_models_one_name_is_refused() -> None:
    read = read_catalogue({"maker": ["m-7b[-a1b]", "m(-9b)-x"], "other": ["n{-1|-2501}[-it|-chat]"]})

    assert read[0] == {"m-7b-a1b": "maker", "m-x": "maker", "n-1-it": "other"}
    assert {form for form, model in read[1].items() if model == "n-1-it"} == {
        "n-1", "n-1-it", "n-1-chat", "n-2501", "n-2501-it", "n-2501-chat",
    }  # fmt: skip
    with pytest.raises(BadReference, match="'m-7b' cannot be both 'm-7b-a1b' and 'm-7b-instruct'"):
        read_catalogue({"maker": ["m-7b[-a1b]", "m-7b[-instruct]"]})


@pytest.mark.parametrize(
    ("subject", "model"),
    [
        pytest.param("Qwen/Qwen2.5-Coder-7B", "qwen2.5-coder-7b-base", id="in its maker's repository"),
        pytest.param("nebius/Qwen/Qwen2.5-Coder-7B", "qwen2.5-coder-7b-base", id="behind a host"),
        pytest.param("accounts/fireworks/models/llama-v3-8b", "llama-3-8b-base", id="at who names all so"),
        pytest.param(
            "accounts/fireworks/models/mixtral-8x22b",
            "mixtral-8x22b-v0.1-base",
            id="though others call the chat model so",
        ),
        pytest.param("meta-llama/Llama-2-7b-hf", "llama-2-7b-base", id="in a repository's format"),
        pytest.param("BigCode/CodeLlama-13B-Base", "codellama-13b-base", id="said outright"),
        pytest.param("CodeLlama-34B", "codellama-34b-base", id="where the chat model always says so"),
        pytest.param("ollama/llama3:70b", "llama-3-70b-instruct", id="as a tag"),
        pytest.param("ollama/qwen2.5-coder:32b", "qwen2.5-coder-32b-instruct", id="as a tag of a kind"),
        pytest.param("snowflake/llama3-70b", "", id="at a seller: this or that"),
        pytest.param("replicate/meta/llama-3-70b", "", id="at another"),
        pytest.param("mistral-7b-v0.3", "", id="with a version"),
        pytest.param("ollama/mistral-small", "", id="a name that moves as Ollama's library does"),
        pytest.param(
            "snowflake/llama3.1-8b", "llama-3.1-8b-instruct", id="of a family that is served as chat"
        ),
        pytest.param("llama-3.2-11b-vision-preview", "llama-3.2-11b-vision-instruct", id="that sees"),
    ],
)
def test_a_bare_size_is_a_base_model_or_a_chat_model_or_neither(
    reference: Reference, subject: str, model: str
) -> None:
    assert derive(subject, reference)[0] == model


@pytest.mark.parametrize(
    "subjects",
    [
        pytest.param(["GPT-4 (03/14)", "GPT-4 Preview (11/06)"], id="GPT-4 and the first Turbo"),
        pytest.param(["deepseek-v3.2", "deepseek-v3.2-exp", "deepseek-v3.2-speciale"], id="three V3.2"),
        pytest.param(
            ["qwen3-235b-a22b-instruct-2507", "qwen3-235b-a22b-instruct-2507-reasoning", "qwen3-235b-a22b"],
            id="instruct and thinking of July",
        ),
        pytest.param(
            ["mistral-small-2501", "yentinglin/Mistral-Small-24B-Instruct-2501-reasoning"],
            id="a stranger's tuning that thinks",
        ),
        pytest.param(["gemma-3-27b-it", "somebody/gemma-3-27b-it-thinking"], id="the same of Gemma"),
        pytest.param(["Mistral Large 2 (Jul '24)", "Mistral Large 2 (Nov '24)"], id="two of one number"),
        pytest.param(["ExPO + Zephyr 7B Alpha", "ExPO + Zephyr 7B Beta"], id="a stranger's alpha and beta"),
        pytest.param(["Vicuna 13B", "Vicuna 13B v1.3", "Vicuna 13B v1.5"], id="three Vicunas"),
        pytest.param(["nemotron-nano-12b-v2", "nvidia.nemotron-nano-12b-v2"], id="Bedrock's sees"),
        pytest.param(["gpt-4.1", "github_copilot/gpt-41-copilot"], id="GitHub's own tuning"),
        pytest.param(["magistral-small-2506", "magistral-small-1.2"], id="numbers and dates of Magistral"),
        pytest.param(["nova-2-lite", "nova-lite-v1", "@cf/deepgram/nova-3"], id="the Novas"),
    ],
)
def test_what_was_or_nearly_was_merged_stays_apart(reference: Reference, subjects: list[str]) -> None:
    ids = [derive(subject, reference)[0] for subject in subjects]

    assert len(set(ids)) == len(ids), ids


@pytest.mark.parametrize(
    ("subject", "variant"),
    [
        pytest.param("mistral-small-3.1-24b-instruct:free", "free", id="what a number says already"),
        pytest.param("anthropic.claude-opus-4-6-v1", "", id="a cloud's word"),
        pytest.param("TEE/kimi-k2.5-thinking", "thinking-tee", id="a folder that names a way of serving"),
        pytest.param("MiniMaxAI/MiniMax-M1-80k", "80k", id="two deliveries of one model"),
        pytest.param("mixtral-8x7b-32768", "32768", id="a host's context"),
        pytest.param("deepseek-r1-sambanova", "sambanova", id="a host"),
        pytest.param("k-exaone (Non-reasoning)", "non-reasoning", id="that it answers at once"),
        pytest.param(
            "o3-mini-2025-01-31 (temperature=1, reasoning=low)",
            "2025-01-31-temperature=1-reasoning=low",
            id="a board's settings",
        ),
    ],
)
def test_what_says_nothing_is_no_variant_and_what_says_something_is(
    reference: Reference, subject: str, variant: str
) -> None:
    assert derive(subject, reference)[1] == variant


def test_an_exact_name_is_found_by_rules_although_the_catalogue_lists_it(reference: Reference) -> None:
    assert derive("qwen3-coder-480b-a35b-instruct", reference)[2] == RULES


@pytest.mark.parametrize(
    ("subject", "trade"),
    [
        ("openrouter/auto", "routing"),
        ("kilo-auto/small", "routing"),
        ("azure_ai/model_router", "routing"),
        ("ft:gpt-4o-2024-08-06", "tunings"),
        ("gpt-4o-mini-2024-07-18.ft-", "tunings"),
        ("together-ai-8.1b-21b", "sizes"),
        ("fireworks-ai-up-to-4b", "sizes"),
        ("openai/container", "tools"),
        ("gpt-5-auto", "text"),
        ("z-ai/autoglm-phone-9b", "text"),
        ("qwen3-30b-a3b", "text"),
        ("accounts/fireworks/routers/glm-5p1-fast", "text"),
    ],
)
def test_a_router_a_template_and_a_price_by_size_are_no_text_model(subject: str, trade: str) -> None:
    assert makes(subject) == trade
