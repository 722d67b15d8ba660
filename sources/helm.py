"""HELM: Stanford's boards of capabilities, of long context, and the older "lite" board.

What: each model's main score in a scenario, published as a fraction, here in hundredths: MMLU-Pro, GPQA,
IFEval, WildBench and Omni-MATH (capabilities); LegalBench, which is the sorting of legal texts (lite); RULER,
∞Bench and OpenAI's MRCR (long context). All models are asked alike. A model is named by the run of its score
("model=openai_gpt-4.1-2025-04-14"), which is clearer than its title. Noise is not published.
Whose: the Center for Research on Foundation Models, Stanford. Licence of the results: none stated (the code
is Apache-2.0); its figures are told with credit. Credit: "HELM (crfm.stanford.edu/helm)".
Changes: by releases, a few a year, the last ones of 2025. The bucket lists them, and the newest is read.
Shape: not recorded. HELM's documentation and schemas, the object listing as Google documents it, and public
code that reads these files.
"""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.domain import Follow, Kind, Observation
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

BUCKET = "https://storage.googleapis.com/crfm-helm-public/"
LISTING = (
    "https://storage.googleapis.com/storage/v1/b/crfm-helm-public/o?prefix={}/benchmark_output/releases/"
)
GROUPS = {
    "capabilities": "core_scenarios",
    "lite": "core_scenarios",
    "long-context": "long_context_scenarios",
}
SCENARIOS = {
    "MMLU-Pro": "mmlu_pro",
    "GPQA": "gpqa",
    "IFEval": "ifeval",
    "WildBench": "wildbench",
    "Omni-MATH": "omni_math",
    "LegalBench": "legalbench",
    "RULER HotPotQA": "ruler_hotpotqa",
    "RULER SQuAD": "ruler_squad",
    "∞Bench En.QA": "infinitebench_qa",
    "OpenAI MRCR": "openai_mrcr",
}


def parse(payload: Payload) -> Parsed:
    """Yield where a board's newest release is, or the scores of a release."""
    page = payload.json()
    if "/storage/v1/" in payload.url:
        newest = max(page["prefixes"], key=lambda prefix: [int(part) for part in re.findall(r"\d+", prefix)])
        yield Follow(f"{BUCKET}{newest}groups/{GROUPS[newest.partition('/')[0]]}.json")
        return
    tables = [table for table in page if table["title"] == "Accuracy"]
    found = [score for table in tables for row in table["rows"] for score in _scores(table["header"], row)]
    if not found:
        raise ParseError(f"{payload.url} has no score of a scenario that is known")
    yield from found


def _scores(header: list[dict[str, Any]], row: list[dict[str, Any]]) -> Parsed:
    runs = (run for cell in row for run in cell.get("run_spec_names") or ())
    named = next((found[1] for run in runs if (found := re.search(r"model=([^,:]+)", run))), "")
    subject = named.replace("_", "/", 1) or row[0]["value"]
    for column, cell in zip(header, row, strict=False):
        scenario = SCENARIOS.get(column["value"].partition(" - ")[0])
        if scenario and cell.get("value") is not None:
            yield Observation(subject, f"helm.{scenario}", Decimal(cell["value"]) * 100)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="HELM",
    urls=tuple(f"{LISTING.format(project)}&delimiter=/" for project in GROUPS),
    licence="none stated",
    credit="HELM (crfm.stanford.edu/helm)",
    cadence=timedelta(days=7),
    documented=(
        "prefixes[]",
        "[].title",
        "[].header[].value",
        "[].rows[][].value",
        "[].rows[][].run_spec_names[]",
    ),
)
