"""A price of one region is no price of the model: regional profiles are told apart by their condition."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tracker.collect import registry
from tracker.collect.parse import read
from tracker.domain import Observation
from tracker.source import Payload


@pytest.mark.parametrize(
    ("subject", "condition"),
    [
        pytest.param("eu.anthropic.claude-opus-4-6-v1", "region eu", id="a region"),
        pytest.param("anthropic.claude-opus-4-6-v1", "", id="the maker's own"),
        pytest.param("global.anthropic.claude-opus-4-6-v1", "", id="everywhere"),
        pytest.param("deepseek.v3.2", "", id="a version behind the maker"),
        pytest.param("qwen3.5-397b-a17b", "", id="no profile"),
    ],
)
def test_a_regional_profile_says_its_region(subject: str, condition: str) -> None:
    offer = {"id": subject, "name": "A model", "cost": {"input": 5.5, "output": 27.5}}
    body = json.dumps({"amazon-bedrock": {"models": {subject: offer}}}).encode()
    source = registry.find().sources["modelsdev"]
    records = read(source, Payload(source.urls[0], body, datetime(2026, 5, 31, tzinfo=UTC))).records
    assert {record.condition for record in records if isinstance(record, Observation)} == {condition}
