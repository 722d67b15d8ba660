"""What the recorded web holds by way of names: boards, price lists, and where all of it leads.

A price list's row is a text model where its list says so (mode, modality) and no word of its name speaks of
another trade (catalog.modality); routers, templates of tunings and prices by size are none.
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
from tracker.catalog.modality import TEXT, makes
from tracker.catalog.reference import Reference
from tracker.domain import Link
from tracker.store.links import Spelling, link_all

RAW = "https://raw.githubusercontent.com"
MODELSDEV = "https://models.dev/api.json"
OPENROUTER = "https://openrouter.ai/api/v1/models"
GENAI = f"{RAW}/pydantic/genai-prices/main/prices/data.json"
LITELLM = f"{RAW}/BerriAI/litellm/main/model_prices_and_context_window.json"
AIDER = f"{RAW}/Aider-AI/aider/main/aider/website/_data"
ALPACA = f"{RAW}/tatsu-lab/alpaca_eval/main/docs/data_AlpacaEval_2"
ANALYSIS = "https://artificialanalysis.ai/api/v2/data/llms/models"
BFCL = "https://gorilla.cs.berkeley.edu/data_overall.csv"
BIGCODE = "https://bigcode-bench.github.io/results.json"
EVALPLUS = "https://evalplus.github.io/results.json"
KAGI = f"{RAW}/kagisearch/kagi-docs/main/docs/kagi/ai/llm-benchmark.md"
SWEBENCH = f"{RAW}/SWE-bench/swe-bench.github.io/master/data/leaderboards.json"
VECTARA = f"{RAW}/vectara/hallucination-leaderboard/main/README.md"


class Offer(NamedTuple):
    """A text model on a price list: the seller as the list spells it, its spelling and its display name."""

    place: str
    provider: str
    subject: str
    name: str = ""
    weights: str = ""


class Record(NamedTuple):
    """The record's boards (name: spellings, best first), last price lists, and where all of it leads.

    `places` are those that sources read, by model; LiteLLM's list is beside them.
    """

    boards: Mapping[str, list[str]]
    offers: list[Offer]
    links: Mapping[tuple[str, str], Link]
    places: Mapping[str, set[str]]


def open_library() -> Any:
    """All versions of all recorded addresses, or a skip with the reason."""
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Library  # type: ignore[import-not-found, unused-ignore]

    return Library(FOLDER / "data")


def read_record(library: Any, reference: Reference) -> Record:
    """The boards and price lists that sources read, LiteLLM's list beside them, and their links."""
    boards = {**dict(_lmarena(library)), **dict(_livebench(library))}
    offers = [*_modelsdev(library), *_openrouter(library), *_genai(library)]
    ranked = [Spelling(board.split(" ")[0], s, True, ()) for board, rows in boards.items() for s in rows]
    links, models = link_all(dict.fromkeys([*ranked, *_offered(offers, reference)]), (), reference)
    places = defaultdict[str, set[str]](set)
    for spelling, found in links:
        places[found.model].add(spelling.source)
    beside = list(_litellm(library))
    links += link_all(_offered(beside, reference), models, reference)[0]
    led = {(spelling.source, spelling.subject): found for spelling, found in links}
    return Record(boards, [*offers, *beside], led, places)


def _offered(offers: list[Offer], reference: Reference) -> list[Spelling]:
    """The spellings of offers, with the labs that sell under them."""
    labs = defaultdict[tuple[str, str], set[str]](set)
    for offer in offers:
        seller = reference.provider(offer.provider)
        labs[offer.place, offer.subject] |= {seller.id} if seller.role == "lab" else set()
    return [Spelling(*key, False, tuple(sorted(sellers))) for key, sellers in labs.items()]


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


def _text(library: Any, url: str) -> str:
    return str(library.packs[url].body(-1).decode())


def _json(library: Any, url: str) -> Any:
    return json.loads(library.packs[url].body(-1))


def _modelsdev(library: Any) -> Iterator[Offer]:
    for provider, place in _json(library, MODELSDEV).items():
        for subject, offer in place["models"].items():
            if offer.get("modalities", {}).get("output", ["text"]) == ["text"] and makes(subject) == TEXT:
                yield Offer("modelsdev", provider, subject, offer["name"])


def _openrouter(library: Any) -> Iterator[Offer]:
    for model in _json(library, OPENROUTER)["data"]:
        if model["architecture"]["output_modalities"] == ["text"] and makes(model["id"]) == TEXT:
            weights = model.get("hugging_face_id") or ""
            if not model["id"].startswith("openrouter/"):  # its own routers are no models
                yield Offer("openrouter", "openrouter", model["id"], model["name"], weights)


def _genai(library: Any) -> Iterator[Offer]:
    for provider in _json(library, GENAI):
        for model in provider["models"]:
            if makes(model["id"]) == TEXT:
                yield Offer("genai", provider["id"], model["id"], model.get("name") or "")


def _litellm(library: Any) -> Iterator[Offer]:
    for subject, offer in _json(library, LITELLM).items():
        if offer.get("mode") in ("chat", "completion", "responses") and makes(subject) == TEXT:
            yield Offer("litellm", offer.get("litellm_provider", ""), subject)


def unread_boards(library: Any) -> dict[str, list[str]]:
    """Boards that no source reads yet, with their best rows first as far as they say."""
    overall = csv.DictReader(io.StringIO(_text(library, BFCL)))
    plus, coding = _json(library, EVALPLUS), _json(library, BIGCODE)
    return {
        "Aider": re.findall(r"(?m)^  model: (.+)$", _text(library, f"{AIDER}/polyglot_leaderboard.yml")),
        "Aider edit": re.findall(r"(?m)^  model: (.+)$", _text(library, f"{AIDER}/edit_leaderboard.yml")),
        "AlpacaEval 2": list(_alpaca(library)),
        "Artificial Analysis": list(_analysis(library)),
        "BFCL": [row["Model"] for row in overall],
        "BigCodeBench": sorted(coding, key=lambda model: -(coding[model]["pass@1"]["instruct"] or 0)),
        "EvalPlus": sorted(plus, key=lambda model: -(plus[model]["pass@1"].get("humaneval+") or 0)),
        "Kagi": _cells(_text(library, KAGI), r"[\d.]+ *\|"),
        "SWE-bench": list(dict.fromkeys(_swebench(library))),
        "Vectara": _cells(_text(library, VECTARA), r"[\d.]+ ?%"),
    }


def _cells(text: str, second: str) -> list[str]:
    """The first cells of a Markdown table's rows whose second is as told."""
    return [cell.strip() for cell in re.findall(rf"(?m)^\|([^|]+)\|\s*{second}", text)]


def _alpaca(library: Any) -> Iterator[str]:
    for row in sorted(_alpaca_rows(library), key=lambda row: -float(row["length_controlled_winrate"])):
        yield row["name"]


def _alpaca_rows(library: Any) -> list[dict[str, str]]:
    text = _text(library, f"{ALPACA}/weighted_alpaca_eval_gpt4_turbo_leaderboard.csv")
    return list(csv.DictReader(io.StringIO(text)))


def _analysis(library: Any) -> Iterator[str]:
    def index(model: Mapping[str, Any]) -> float:
        return float((model["evaluations"] or {}).get("artificial_analysis_intelligence_index") or 0)

    for model in sorted(_json(library, ANALYSIS)["data"], key=index, reverse=True):
        yield model["name"]


def _swebench(library: Any) -> Iterator[str]:
    """The models that entries name in their tags, where they name one."""
    for board in _json(library, SWEBENCH)["leaderboards"]:
        for entry in sorted(board["results"], key=lambda entry: -float(entry["resolved"])):
            named = [tag[7:] for tag in entry.get("tags") or () if tag.startswith("Model: ")]
            yield from named if len(named) == 1 else ()


def board_links(library: Any) -> Iterator[tuple[str, str]]:
    """Rows of boards that link to the weights they tried: the name and the link."""
    linked = [(row["name"], row["link"]) for row in _alpaca_rows(library)]
    linked += [
        (name, row["link"]) for url in (BIGCODE, EVALPLUS) for name, row in _json(library, url).items()
    ]
    for name, link in linked:
        if "huggingface.co/" in (link or ""):
            yield name, link
