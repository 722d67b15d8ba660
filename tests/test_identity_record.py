"""Identity on the whole record: what share of its rows leads to a model, and whether one product has two.

The shares are the project's targets. A row is *linked* where its model stands in another place too, and
*registered* where its own place alone names it. Needs the recorded web beside this checkout.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from tests.support.recorded import FOLDER
from tracker.catalog.identity import ALIAS, derive
from tracker.catalog.modality import TEXT, makes
from tracker.catalog.reference import Reference, load_reference
from tracker.domain import Link
from tracker.store.links import Spelling, link_all

RAW = "https://raw.githubusercontent.com"
POLYGLOT = f"{RAW}/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml"
VECTARA = f"{RAW}/vectara/hallucination-leaderboard/main/README.md"
GENAI = f"{RAW}/pydantic/genai-prices/main/prices/data.json"
LITELLM = f"{RAW}/BerriAI/litellm/main/model_prices_and_context_window.json"
BFCL = "https://gorilla.cs.berkeley.edu/data_overall.csv"
EVALPLUS = "https://evalplus.github.io/results.json"

# Rows whose weights URL is no identity: OpenRouter keeps the lab's moving name for the V3 that it serves, and
# names the base of a tuning.
EXCUSED = {("deepseek-chat", "deepseek-v3"), ("aion-1.0-mini", "fuseo1-deepseekr1-qwq-skyt1-32b")}

# Display names in models.dev that two models share, each reviewed: why these are no false split.
SAME_NAME = {
    "claude opus 4": "Vercel's 4.1 is misnamed",
    "claude sonnet 4.5": "Databricks' Sonnet 4 is misnamed",
    "glm 4.6v flashx": "ZenMux's flash is misnamed",
    "grok 4.1 fast (reasoning)": "FrogBot's grok-code-fast-1 is misnamed",
    "ministral 3b": "of 2024 and of December 2025",
    "mistral large": "a name that moves, and the delivery it stood for",
    "mistral large 2411": "a name that moves, and the delivery it stood for",
    "mistral small 3.2": "a name that moves, and the delivery it stood for",
    "qwen3 235b a22b thinking": "Helicone's may be that of July; its spelling is that of April, thinking",
}


class Offer(NamedTuple):
    """A text model on a price list: the seller as the list spells it, its spelling and its display name."""

    place: str
    provider: str
    subject: str
    name: str = ""
    weights: str = ""


class Record(NamedTuple):
    """The record's boards (name: spellings, best first), last price lists, and where all of it leads."""

    boards: Mapping[str, list[str]]
    offers: list[Offer]
    links: Mapping[tuple[str, str], Link]
    places: Mapping[str, set[str]]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture(scope="module")
def library() -> Any:
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Library  # type: ignore[import-not-found, unused-ignore]

    return Library(FOLDER / "data")


@pytest.fixture(scope="module")
def record(library: Any, reference: Reference) -> Record:
    boards = {**dict(_lmarena(library)), **dict(_livebench(library))}
    offers = [*_modelsdev(library), *_openrouter(library), *_genai(library)]
    spellings = [Spelling(board.split(" ")[0], s, True, ()) for board, rows in boards.items() for s in rows]
    sellers = defaultdict[tuple[str, str], set[str]](set)
    for offer in offers:
        seller = reference.provider(offer.provider)
        sellers[offer.place, offer.subject] |= {seller.id} if seller.role == "lab" else set()
    spellings += [Spelling(*key, False, tuple(sorted(labs))) for key, labs in sellers.items()]
    links, _ = link_all(dict.fromkeys(spellings), (), reference)
    places = defaultdict[str, set[str]](set)
    for spelling, found in links:
        places[found.model].add(spelling.source)
    return Record(boards, offers, {(s.source, s.subject): found for s, found in links}, places)


def _lmarena(library: Any) -> Iterator[tuple[str, list[str]]]:
    """The overall board of both configs at nine dates each."""
    for config, pack in library.datasets["lmarena-ai/leaderboard-dataset"].packs.items():
        for at in _spread(len(pack.stamps), 9):
            rows = [row for row in json.loads(pack.body(at)) if "overall" in row]
            best = sorted(rows, key=lambda row: -float(row[3]))
            yield f"lmarena {config} {pack.stamps[at]}", [row[0] for row in best]


def _livebench(library: Any) -> Iterator[tuple[str, list[str]]]:
    """Each release as it stood last, by the mean of its columns."""
    for url, pack in library.packs.items():
        if "livebench.ai/table" in url:
            rows = list(csv.DictReader(io.StringIO(pack.body(-1).decode())))
            yield f"livebench {url[-14:-4]}", [row["model"] for row in sorted(rows, key=_mean, reverse=True)]


def _mean(row: Mapping[str, str]) -> float:
    scores = [float(cell) for cell in row.values() if re.fullmatch(r"[\d.]+", cell or "")]
    return sum(scores) / max(len(scores), 1)


def _spread(count: int, wanted: int) -> list[int]:
    return sorted({round(step * (count - 1) / (wanted - 1)) for step in range(wanted)})


def _json(library: Any, url: str) -> Any:
    return json.loads(library.packs[url].body(-1))


def _modelsdev(library: Any) -> Iterator[Offer]:
    for provider, place in _json(library, "https://models.dev/api.json").items():
        for subject, offer in place["models"].items():
            if offer.get("modalities", {}).get("output", ["text"]) == ["text"] and makes(subject) == TEXT:
                yield Offer("modelsdev", provider, subject, offer["name"])


def _openrouter(library: Any) -> Iterator[Offer]:
    for model in _json(library, "https://openrouter.ai/api/v1/models")["data"]:
        if model["architecture"]["output_modalities"] == ["text"] and makes(model["id"]) == TEXT:
            weights = model.get("hugging_face_id") or ""
            if not model["id"].startswith("openrouter/"):  # its own routers are no models
                yield Offer("openrouter", "openrouter", model["id"], model["name"], weights)


def _genai(library: Any) -> Iterator[Offer]:
    for provider in _json(library, GENAI):
        for model in provider["models"]:
            if makes(model["id"]) == TEXT:
                yield Offer("genai", provider["id"], model["id"], model.get("name") or "")


def _breadth(library: Any) -> dict[str, list[str]]:
    """Boards that no source reads yet, with their best rows first as far as they say."""
    overall = csv.DictReader(io.StringIO(library.packs[BFCL].body(-1).decode()))
    plus = _json(library, EVALPLUS)
    lines = re.findall(r"(?m)^\|([^|]+)\|\s*[\d.]+ ?%", library.packs[VECTARA].body(-1).decode())
    return {
        "Aider": re.findall(r"(?m)^  model: (.+)$", library.packs[POLYGLOT].body(-1).decode()),
        "BFCL": [row["Model"] for row in overall],
        "EvalPlus": sorted(plus, key=lambda model: -(plus[model]["pass@1"].get("humaneval+") or 0)),
        "Vectara": [line.strip() for line in lines],
    }


def _lab(provider: str, reference: Reference) -> tuple[str, ...]:
    seller = reference.provider(provider)
    return (seller.id,) if seller.role == "lab" else ()


def _shares(record: Record, source: str, subjects: list[str]) -> tuple[float, float]:
    """(linked, registered), each as a share of the subjects."""
    models = [record.links[source, subject].model for subject in subjects]
    linked = sum(bool(model) and len(record.places[model]) > 1 for model in models)
    found = sum(map(bool, models))
    return linked / len(models), (found - linked) / len(models)


def test_the_first_hundred_rows_of_every_board_lead_to_models(record: Record) -> None:
    for board, rows in record.boards.items():
        linked, registered = _shares(record, board.split(" ")[0], rows[:100])
        print(f"{board:55} rows {len(rows[:100])} linked {linked:.1%} registered {registered:.1%}")
        assert linked + registered >= 0.97, board


@pytest.mark.parametrize("place", ["modelsdev", "openrouter", "genai"])
def test_the_text_rows_of_every_price_list_lead_to_models(record: Record, place: str) -> None:
    subjects = [offer.subject for offer in record.offers if offer.place == place]
    linked, registered = _shares(record, place, subjects)
    print(f"{place:12} rows {len(subjects)} linked {linked:.1%} registered {registered:.1%}")

    assert linked + registered >= 0.95


def test_boards_that_no_source_reads_yet_name_known_models(
    library: Any, record: Record, reference: Reference
) -> None:
    for board, rows in _breadth(library).items():
        spellings = [Spelling(board, subject, False, ()) for subject in rows[:100]]
        links, _ = link_all(spellings, set(record.places) - {""}, reference)
        linked = sum(bool(found.model) for _, found in links) / len(links)
        named = sum(bool(derive(subject, reference)[0]) for subject in rows[:100]) / len(links)
        print(f"{board:10} rows {len(links)} linked {linked:.1%}, linked or registered {named:.1%}")
        assert len(links) >= 30, f"{board} is not read any more"
        assert named >= 0.97, board


def test_names_of_the_last_weeks_are_led_by_rules_alone(
    library: Any, record: Record, reference: Reference
) -> None:
    """A quarter of the list, left out by date: offers that came after 15 April 2026. Aliases do not count."""
    pack = library.packs["https://models.dev/api.json"]
    before = max(at for at, stamp in enumerate(pack.stamps) if stamp < "2026-04-16")
    old = {(name, s) for name, place in json.loads(pack.body(before)).items() for s in place["models"]}
    new = [
        offer.subject
        for offer in record.offers
        if offer.place == "modelsdev" and (offer.provider, offer.subject) not in old
    ]
    led = [bool(record.links["modelsdev", s].model) and derive(s, reference)[2] != ALIAS for s in new]
    print(f"models.dev rows after 15 April {len(led)} by rules alone {sum(led) / len(led):.1%}")

    assert len(led) > 1000
    assert sum(led) / len(led) >= 0.9


def test_a_price_list_that_no_rule_was_made_for_is_led_by_rules_alone(
    library: Any, record: Record, reference: Reference
) -> None:
    """LiteLLM, which no source reads: 90 % is wanted and not reached. Its oldest offers are of 2023."""
    rows = [
        Spelling("litellm", subject, False, _lab(offer.get("litellm_provider", ""), reference))
        for subject, offer in _json(library, LITELLM).items()
        if offer.get("mode") in ("chat", "completion", "responses") and makes(subject) == TEXT
    ]
    links, _ = link_all(rows, set(record.places) - {""}, reference)
    led = [bool(found.model) and derive(s.subject, reference)[2] != ALIAS for s, found in links]
    print(f"LiteLLM rows {len(led)} by rules alone {sum(led) / len(led):.1%}")

    assert sum(led) / len(led) >= 0.8


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


def test_a_display_name_that_two_models_share_was_reviewed(record: Record) -> None:
    named = defaultdict[str, dict[str, set[str]]](lambda: defaultdict(set))
    for offer in record.offers:
        model = record.links[offer.place, offer.subject].model
        if offer.place == "modelsdev" and model:
            named[" ".join(re.split(r"[-_ :]+", offer.name.lower()))][model].add(offer.provider)
    shared = {name for name, models in named.items() if len(models) > 1}
    print(len(shared), "of", len(named), "names", sorted(shared - set(SAME_NAME)))

    assert shared <= set(SAME_NAME)
