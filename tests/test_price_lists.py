"""What price lists say that a price is for: by fields, meters, usage types and tags.

Each situation is one row of a list in its real shape; what is told of it is "input 2.5 batch, region us".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.domain import Observation
from tracker.source import Payload

SOURCES = find().sources
DAY = datetime(2026, 10, 5, 12, tzinfo=UTC)


def told(name: str, document: Any, url: str = "") -> list[str]:
    """What a source makes of a document, a line a figure."""
    source = SOURCES[name]
    page = Payload(url or source.urls[0], json.dumps(document).encode(), DAY)
    return [
        f"{one.subject}: {one.metric.partition('.')[2]} {one.value} {one.condition}".strip()
        for one in read(source, page).records
        if isinstance(one, Observation)
    ]


FIELDS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "a price per token": ("gpt-9", {"input_cost_per_token": 2.5e-06}, ["gpt-9: input 2.5"]),
    "longer prompts, with priority": (
        "gpt-9",
        {"output_cost_per_token_above_272k_tokens_priority": 4.5e-05},
        ["gpt-9: output 45 priority, over 272k"],
    ),
    "batch": ("gpt-9", {"input_cost_per_token_batches": 1e-06}, ["gpt-9: input 1 batch"]),
    "a cache kept for an hour": (
        "claude-9",
        {"cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05},
        ["claude-9: cache_write 12 cache 1h, over 200k"],
    ),
    "spoken tokens": ("gpt-9", {"input_cost_per_audio_token": 4e-05}, ["gpt-9: input 40 audio"]),
    "thinking costs what speaking does": (
        "gemini-9",
        {"output_cost_per_token": 2e-06, "output_cost_per_reasoning_token": 2e-06},
        ["gemini-9: output 2"],
    ),
    "free": (
        "gemma-9",
        {"input_cost_per_token": 0, "output_cost_per_token": 0.0},
        ["gemma-9: input 0 free", "gemma-9: output 0 free"],
    ),
    "an embedding has no output": (
        "embed-9",
        {"mode": "embedding", "input_cost_per_token": 1e-07, "output_cost_per_token": 0.0},
        ["embed-9: input 0.1"],
    ),
    "a region in the key": (
        "bedrock/eu-west-2/meta.llama9-8b-instruct-v1:0",
        {"input_cost_per_token": 3.9e-07},
        ["bedrock/eu-west-2/meta.llama9-8b-instruct-v1:0: input 0.39 region eu-west-2"],
    ),
    "everywhere is no region": (
        "azure/global/gpt-9",
        {"input_cost_per_token": 2.5e-06},
        ["azure/global/gpt-9: input 2.5"],
    ),
    "a second of dedicated capacity": (
        "bedrock/*/6-month-commitment/cohere.command-text-v14",
        {"input_cost_per_second": 0.0066027, "output_cost_per_second": 0.0066027},
        ["bedrock/*/6-month-commitment/cohere.command-text-v14: hour 23.76972 6 month commitment"],
    ),
    "a second of speech": (
        "whisper-9",
        {"mode": "audio_transcription", "input_cost_per_second": 0.0001},
        ["whisper-9: minute 0.006"],
    ),
    "an image shown is no image made": (
        "gemini-9-image",
        {"mode": "image_generation", "input_cost_per_image": 0.0011, "input_cost_per_token": 2e-06},
        ["gemini-9-image: input 2"],
    ),
    "a size class is no model": ("together-ai-4.1b-8b", {"input_cost_per_token": 2e-07}, []),
}


@pytest.mark.parametrize(("key", "entry", "expected"), FIELDS.values(), ids=FIELDS.keys())
def test_litellm_names_a_price_by_its_field(key: str, entry: dict[str, Any], expected: list[str]) -> None:
    document = {key: {"litellm_provider": "somebody", "mode": "chat", **entry}}
    assert told("litellm", document) == expected


METERS: dict[str, tuple[str, str, list[str]]] = {
    "input": ("gpt 4.1 Inp glbl Tokens", "Azure OpenAI", ["gpt 4.1: input 2"]),
    "hyphens": ("gpt-4o-0806-Outp-glbl Tokens", "Azure OpenAI", ["gpt 4o 0806: output 2"]),
    "cached": ("gpt-5-codex-ccchd-inp-glbl Tokens", "Azure OpenAI GPT5", ["gpt 5 codex: cache_read 2"]),
    "a bare version": ("5.4 opt Gl 1M Tokens", "Azure OpenAI GPT5", ["gpt 5.4: output 2"]),
    "a bare version of another family": ("4.3 Inp Glbl Tokens", "Azure Grok Models", ["grok 4.3: input 2"]),
    "priority, longer prompts": (
        "5.5 LongCo PP opt Gl 1M Tokens",
        "Azure OpenAI GPT5",
        ["gpt 5.5: output 2 priority, long prompt"],
    ),
    "sold in one zone only": ("FW GLM 5.2 Inp DZ Tokens", "Azure Fireworks Models", ["glm 5.2: input 2"]),
    "no words of place": ("Phi-4-Output Tokens", "Azure Phi Models", ["phi 4: output 2"]),
    "fine-tuned": ("o4-mini-ft model grader output Tokens", "Azure OpenAI Reasoning", []),
    "sound": ("gpt-realtime-2.1 Audio inp Gl 1M Tokens", "Azure OpenAI Media", []),
    "words of no vocabulary": ("gpt 4.1 weirdly-worded glbl Tokens", "Azure OpenAI", []),
}


@pytest.mark.parametrize(("meter", "product", "expected"), METERS.values(), ids=METERS.keys())
def test_azure_names_a_price_by_its_meter(meter: str, product: str, expected: list[str]) -> None:
    assert told("azure_prices", azure((meter, product, 2, "1M"))) == expected


def azure(*meters: tuple[str, str, float, str]) -> dict[str, Any]:
    start = {"effectiveStartDate": "2026-03-01T00:00:00Z"}
    keys = ("meterName", "productName", "retailPrice", "unitOfMeasure")
    items = [dict(zip(keys, meter, strict=True)) | start for meter in meters]
    return {"Items": items, "NextPageLink": None}


def test_what_azure_sells_everywhere_stands_before_what_it_sells_in_a_region() -> None:
    places = (("Inp glbl", 0.002), ("Inp Data Zone", 0.0022), ("Inp regnl", 0.0024))
    rows = [(f"gpt 4.1 {words} Tokens", "Azure OpenAI", price, "1K") for words, price in places]
    assert told("azure_prices", azure(*rows)) == [
        "gpt 4.1: input 2",
        "gpt 4.1: input 2.2 region us",
        "gpt 4.1: input 2.4 region eastus2",
    ]


USAGES: dict[str, tuple[dict[str, str], str, list[str]]] = {
    "Amazon's own": ({"usagetype": "USE1-NovaPro-input-tokens"}, "1K tokens", ["Nova Pro: input 2000"]),
    "by the million": (
        {"usagetype": "USE1-deepseek.v3.2-output-tokens"},
        "1M tokens",
        ["Nova Pro: output 2"],
    ),
    "a cache, read": (
        {"usagetype": "USE1-NovaPro-cache-read-input-token-count"},
        "1M tokens",
        ["Nova Pro: cache_read 2"],
    ),
    "a cache kept for an hour": (
        {"usagetype": "USE1-Claude4Sonnet-cache-write-input-token-count-1-hour"},
        "1M tokens",
        ["Nova Pro: cache_write 2 cache 1h"],
    ),
    "batch by its feature alone": (
        {"usagetype": "USE1-NovaPro-input-tokens", "feature": "BatchInference"},
        "1M tokens",
        ["Nova Pro: input 2 batch"],
    ),
    "a tier by its attribute": (
        {"usagetype": "USE1-NovaPro-input-tokens", "service_tier": "flex"},
        "1M tokens",
        ["Nova Pro: input 2 flex"],
    ),
    "longer prompts": (
        {"usagetype": "USE1-NovaPro-long-context-input-tokens"},
        "1M tokens",
        ["Nova Pro: input 2 long prompt"],
    ),
    "speech": ({"usagetype": "USE1-NovaSonic-speech-input-tokens"}, "1M tokens", ["Nova Pro: input 2 audio"]),
    "a customised model": ({"usagetype": "USE1-NovaPro-input-tokens-custom-model"}, "1M tokens", []),
    "reserved capacity": (
        {"usagetype": "USE1-MP:USE1_Reserved_1Month_InputTPM_Geo-Units"},
        "1K TPM Hour",
        [],
    ),
    "a unit that is not known": ({"usagetype": "USE1-NovaPro-input-tokens"}, "1K characters", []),
    "the marketplace's unit on another price": ({"usagetype": "USE1-NovaPro-input-tokens"}, "Units", []),
}


@pytest.mark.parametrize(("attributes", "unit", "expected"), USAGES.values(), ids=USAGES.keys())
def test_bedrock_names_a_price_by_its_usage_type(
    attributes: dict[str, str], unit: str, expected: list[str]
) -> None:
    assert told("aws_bedrock", bedrock(({"model": "Nova Pro", **attributes}, unit, "2.0"))) == expected


def bedrock(*products: tuple[dict[str, str], str, str]) -> dict[str, Any]:
    rows = {f"SKU{n}": row for n, row in enumerate(products)}
    return {
        "products": {sku: {"attributes": attributes} for sku, (attributes, *_) in rows.items()},
        "terms": {
            "OnDemand": {
                sku: {"t": {"priceDimensions": {"d": {"unit": unit, "pricePerUnit": {"USD": price}}}}}
                for sku, (_, unit, price) in rows.items()
            }
        },
    }


def test_the_global_profile_stands_before_the_region() -> None:
    sold = {"servicename": "Claude 9 (Amazon Bedrock Edition)"}
    rows = [
        ({**sold, "usagetype": f"USE1-MP:USE1_{words}-Units"}, "Units", price)
        for words, price in (("InputTokenCount", "3.3"), ("input_tokens_global_standard", "3"))
    ]
    assert told("aws_bedrock", bedrock(*rows)) == [
        "Claude 9: input 3.3 region us-east-1",
        "Claude 9: input 3",
    ]


def test_the_newest_open_models_are_followed_as_far_as_a_visit_goes() -> None:
    listed = [
        {"id": f"lab/model-{n}", "hugging_face_id": "lab/model" if n % 5 else "", "created": n}
        for n in range(300)
    ]
    variant = {"id": "lab/model-299:free", "hugging_face_id": "lab/model", "created": 999}
    source = SOURCES["openrouter_endpoints"]
    body = json.dumps({"data": [variant, *listed]}).encode()
    urls = [follow.url for follow in read(source, Payload(source.urls[0], body, DAY)).follows]
    assert urls[:2] == [f"https://openrouter.ai/api/v1/models/lab/model-{n}/endpoints" for n in (299, 298)]
    assert len(urls) == 190


TAGS: dict[str, tuple[list[tuple[str, str, str]], list[str]]] = {
    "one endpoint": ([("novita/fp8", "fp8", "2")], ["m: input 2"]),
    "the cheapest stands for its host": (
        [("deepinfra/fp8", "fp8", "3"), ("deepinfra/fp4", "fp4", "2")],
        ["m: input 2", "m: input 3 fp8"],
    ),
    "a dearer endpoint that nothing tells apart": (
        [("deepinfra/fp8", "fp8", "2"), ("deepinfra/fp8", "fp8", "3")],
        ["m: input 2"],
    ),
    "a region": (
        [("fireworks", "unknown", "2"), ("fireworks/us", "unknown", "3")],
        ["m: input 2", "m: input 3 region us"],
    ),
    "everywhere": ([("google-vertex/global", "unknown", "2")], ["m: input 2"]),
    "a faster tier": ([("baseten/fast", "fp32", "2")], ["m: input 2 fast"]),
}


@pytest.mark.parametrize(("endpoints", "expected"), TAGS.values(), ids=TAGS.keys())
def test_an_endpoint_is_known_by_its_tag(endpoints: list[tuple[str, str, str]], expected: list[str]) -> None:
    listed = [
        {"tag": tag, "quantization": bits, "pricing": {"prompt": f"0.00000{price}", "completion": "0"}}
        for tag, bits, price in endpoints
    ]
    lines = told("openrouter_endpoints", {"data": {"id": "m", "endpoints": listed}})
    assert [line for line in lines if "input" in line] == expected
