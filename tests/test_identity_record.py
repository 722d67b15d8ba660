"""Identity on the whole record: what share of its rows leads to a model, and whether one product has two.

The shares are the project's targets. A row is *linked* where its model stands in another place too, and
*registered* where its own place alone names it. A quarter of the names is blind: nobody looked at them while
the rules were made (docs/identity.md). Needs the recorded web beside this checkout.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from hashlib import sha256
from typing import Any

import pytest

from tests.support.record import Record, board_links, open_library, read_record, unread_boards
from tracker.catalog.identity import ALIAS, CATALOGUE, RULES, derive
from tracker.catalog.reference import Reference, load_reference
from tracker.store.links import Spelling, link_all

# Rows whose weights URL is no identity: OpenRouter keeps the lab's moving name for the V3 that it serves, and
# names the base of a tuning.
EXCUSED = {("deepseek-chat", "deepseek-v3"), ("aion-1.0-mini", "fuseo1-deepseekr1-qwq-skyt1-32b")}

# Rows of boards that lead to another model than their link, each reviewed.
BOARDS_SLIPS = {
    "Alpaca 7B": "the same weights, published as a difference",
    "CodeLlama-70B": "EvalPlus links to the Python model: in doubt which of the two it tried",
    "StarCoder-15B": "the repository names no size",
    "Vicuna 7B": "the same weights, published as a difference",
    "Vicuna 13B": "the same weights, published as a difference",
    "WizardLM 13B": "the repository writes no v",
}

# Display names in models.dev that two models share, each reviewed: why these are no false split.
SAME_NAME = {
    "claude opus 4": "Vercel's 4.1 is misnamed",
    "claude sonnet 4.5": "Databricks' Sonnet 4 is misnamed",
    "deepseek v3.2 exp": "iFlow kept the name of what it served before",
    "glm 4.6v flashx": "ZenMux's flash is misnamed",
    "grok 4.1 fast (reasoning)": "FrogBot's grok-code-fast-1 is misnamed",
    "ministral 3b": "of 2024 and of December 2025",
    "mistral large": "a name that moves, and the delivery it stood for",
    "mistral large 2411": "a name that moves, and the delivery it stood for",
    "mistral small 3.2": "a name that moves, and the delivery it stood for",
    "qwen3 235b a22b thinking": "Helicone's may be that of July; its spelling is that of April, thinking",
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def library() -> Any:
    return open_library()


@pytest.fixture(scope="module")
def record(library: Any, reference: Reference) -> Record:
    return read_record(library, reference)


def _shares(record: Record, source: str, subjects: list[str]) -> tuple[float, float]:
    """(linked, registered), each as a share of the subjects."""
    models = [record.links[source, subject].model for subject in subjects]
    linked = sum(bool(model) and bool(record.places.get(model, set()) - {source}) for model in models)
    found = sum(map(bool, models))
    return linked / len(models), (found - linked) / len(models)


def test_the_first_hundred_rows_of_every_board_lead_to_models(record: Record) -> None:
    for board, rows in record.boards.items():
        linked, registered = _shares(record, board.split(" ")[0], rows[:100])
        print(f"{board:55} rows {len(rows[:100])} linked {linked:.1%} registered {registered:.1%}")
        assert linked + registered >= 0.97, board


@pytest.mark.parametrize("place", ["modelsdev", "openrouter", "genai", "litellm"])
def test_the_text_rows_of_every_price_list_lead_to_models(record: Record, place: str) -> None:
    subjects = [offer.subject for offer in record.offers if offer.place == place]
    linked, registered = _shares(record, place, subjects)
    print(f"{place:12} rows {len(subjects)} linked {linked:.1%} registered {registered:.1%}")

    assert linked + registered >= 0.95


def test_boards_that_no_source_reads_yet_name_known_models(
    library: Any, record: Record, reference: Reference
) -> None:
    for board, rows in unread_boards(library).items():
        spellings = [Spelling(board, subject, False, ()) for subject in rows[:100]]
        links, _ = link_all(spellings, set(record.places) - {""}, reference)
        linked = sum(bool(found.model) for _, found in links) / len(links)
        named = sum(bool(derive(subject, reference)[0]) for subject in rows[:100]) / len(links)
        print(f"{board:20} rows {len(links)} linked {linked:.1%}, linked or registered {named:.1%}")
        assert len(links) >= 30, f"{board} is not read any more"
        assert named >= 0.97, board


def test_no_two_models_have_the_same_words_in_another_order(record: Record) -> None:
    """One product under two ids, by a general sign."""
    found = defaultdict[tuple[str, ...], set[str]](set)
    for model in set(record.places) - {""}:
        found[tuple(sorted(model.split("-")))].add(model)
    print(len(record.places), "models")

    assert [sorted(models) for models in found.values() if len(models) > 1] == []


def test_a_weights_url_names_the_model_that_its_row_leads_to(record: Record, reference: Reference) -> None:
    """A list's row and the repository that it names are one product; what is excused is told."""
    wrong = {
        (record.links["openrouter", offer.subject].model, derive(offer.weights, reference)[0])
        for offer in record.offers
        if offer.weights and record.links["openrouter", offer.subject].model
    }

    assert {pair for pair in wrong if pair[0] != pair[1]} - EXCUSED == set()


def test_a_boards_link_names_the_model_that_its_row_leads_to(
    library: Any, record: Record, reference: Reference
) -> None:
    """Where a row leads to a model that another place knows, too."""
    known = {*record.places, *reference.catalogue}
    led = {
        name: (derive(name, reference)[0], derive(link, reference)[0]) for name, link in board_links(library)
    }
    wrong = {name for name, (model, linked) in led.items() if model and model in known and linked != model}

    assert len(led) > 300
    assert wrong == set(BOARDS_SLIPS)


def test_a_display_name_that_two_models_share_was_reviewed(record: Record) -> None:
    named = defaultdict[str, dict[str, set[str]]](lambda: defaultdict(set))
    for offer in record.offers:
        model = record.links[offer.place, offer.subject].model
        if offer.place == "modelsdev" and model:
            named[" ".join(re.split(r"[-_ :]+", offer.name.lower()))][model].add(offer.provider)
    shared = {name for name, models in named.items() if len(models) > 1}
    print(len(shared), "of", len(named), "names", sorted(shared - set(SAME_NAME)))

    assert shared <= set(SAME_NAME)


# The blind quarter, cut by a hash of the bare name, so that one name falls on one side wherever it stands


def is_blind(spelling: str) -> bool:
    """Whether a spelling belongs to the quarter: by its name after the last slash, in small letters."""
    bare = spelling.strip().rstrip("/").lower().rsplit("/", 1)[-1]
    return int(sha256(bare.encode()).hexdigest(), 16) % 4 == 3


def _ways(led: list[tuple[str, str]], reference: Reference) -> dict[str, float]:
    """How spellings were led to their models, as shares; no model is ""."""
    counted = Counter(derive(subject, reference)[2] if model else "" for subject, model in led)
    return {rule: count / len(led) for rule, count in counted.items()}


def test_the_quarter_is_one_and_cuts_no_name_in_two() -> None:
    assert is_blind("openai/gpt-4o") == is_blind("azure/GPT-4o") == is_blind("gpt-4o ")
    assert 0.2 < sum(is_blind(f"model-{n}") for n in range(1000)) / 1000 < 0.3


def test_price_rows_of_the_blind_quarter_are_led_by_rules_without_an_alias(
    record: Record, reference: Reference
) -> None:
    """Without the catalogue's names that may miss words it would be `rules` alone."""
    offered = dict.fromkeys(
        (offer.place, offer.subject) for offer in record.offers if is_blind(offer.subject)
    )
    led = [(subject, record.links[place, subject].model) for place, subject in offered]
    shares = _ways(led, reference)
    print(len(led), {rule: f"{share:.1%}" for rule, share in shares.items()})

    assert len(led) > 1000
    assert shares[RULES] + shares[CATALOGUE] >= 0.9
    assert shares[RULES] >= 0.88


def test_rows_of_the_blind_quarter_on_unread_boards_are_named_by_rules_without_an_alias(
    library: Any, reference: Reference
) -> None:
    """A board names models on its own word, so that any name will do but one that means several models."""
    rows = [(board, row) for board, rows in unread_boards(library).items() for row in rows if is_blind(row)]
    shares = _ways([(row, derive(row, reference)[0]) for _, row in rows], reference)
    print(len(rows), {rule: f"{share:.1%}" for rule, share in shares.items()})

    assert len(rows) > 300
    assert 1 - shares.get(ALIAS, 0) - shares.get("", 0) >= 0.9
