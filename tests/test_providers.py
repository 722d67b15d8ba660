"""Providers: who a price list means, and whether they are a lab, a host, a cloud, a reseller or a plan."""

from __future__ import annotations

import pytest

from tracker.catalog.providers import ROLES, Provider, providers
from tracker.catalog.reference import Reference, load_reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.mark.parametrize(
    ("spelling", "id", "name", "role"),
    [
        ("togetherai", "together", "Together AI", "host"),
        ("together", "together", "Together AI", "host"),
        ("huggingface_together", "together", "Together AI", "host"),
        ("fireworks-ai", "fireworks", "Fireworks AI", "host"),
        ("x-ai", "xai", "xAI", "lab"),
        ("moonshotai-cn", "moonshot", "Moonshot AI", "lab"),
        ("zhipuai", "zai", "Z.ai", "lab"),
        ("aws", "amazon-bedrock", "Amazon Bedrock", "cloud"),
        ("google-vertex-anthropic", "google-vertex", "Vertex AI", "cloud"),
        ("openrouter", "openrouter", "OpenRouter", "aggregator"),
        ("DeepInfra", "deepinfra", "DeepInfra", "host"),
        ("google-ai-studio", "google", "Google", "lab"),
        ("zai-coding-plan", "zai-coding-plan", "Z.ai Coding Plan", "plan"),
        ("a-new-shop", "a-new-shop", "a-new-shop", "unknown"),
    ],
)
def test_a_spelling_leads_to_one_provider_and_its_role(
    reference: Reference, spelling: str, id: str, name: str, role: str
) -> None:
    assert reference.provider(spelling) == Provider(spelling, id, name, role)


def test_an_id_has_one_name_and_one_role(reference: Reference) -> None:
    listed = providers(reference)

    assert len({p.id for p in listed}) == len({(p.id, p.name, p.role) for p in listed})
    assert {p.role for p in listed} == set(ROLES)


def test_every_lab_is_an_organisation_whose_models_it_can_speak_for(reference: Reference) -> None:
    labs = {p.id for p in providers(reference) if p.role == "lab"}

    assert labs - set(reference.organisations) == set()
