"""File names made of ids: safe, short, never the same for two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.digest.site.names import MOST, slug

PLAIN = ("deepseek-r1", "lmarena.text.hard_prompts", "gpt-4o", "a" * MOST)
STRANGE = {
    "a slash": "org/model",
    "the folder above": "..",
    "a way out": "../../etc/passwd",
    "an absolute path": "/etc/passwd",
    "a drive": "C:\\x",
    "capitals": "GPT-4o",
    "another script": "模型",
    "nothing": "",
    "a device of Windows": "con",
    "a device with an ending": "nul.txt",
    "a control character": "a\x00b",
    "a lone surrogate": "a\ud800",
    "a hidden file": ".htaccess",
    "two dashes": "a--0123456789abcdef",
    "ten thousand characters": "w" * 10_000,
}


@pytest.mark.parametrize("id", PLAIN)
def test_a_plain_id_is_its_own_name(id: str) -> None:
    assert slug(id) == id


@pytest.mark.parametrize("id", STRANGE.values(), ids=STRANGE.keys())
def test_any_other_is_spelt_near_with_a_digest(id: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*--[0-9a-f]{16}", slug(id))


@given(st.text(max_size=200))
def test_every_name_is_safe_on_every_file_system(id: str) -> None:
    name = slug(id)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9]", name)
    assert ".." not in name
    assert len(name) <= MOST


@given(st.lists(st.text(alphabet="aA/.-_é", max_size=6), unique=True, max_size=30))
def test_two_ids_never_share_a_name(ids: list[str]) -> None:
    assert len({slug(id) for id in ids}) == len(ids)
