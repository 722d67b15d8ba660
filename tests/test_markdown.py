"""Strangers' text in Markdown is text: it can neither mark up, nor link, nor break a table."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import digests
from tracker.digest.markdown import guarded
from tracker.digest.render import render

GUARDED = {
    "emphasis": ("a *b* _c_", r"a \*b\* \_c\_"),
    "a link": ("[x](https://y)", r"\[x\](https\://y)"),
    "a picture": ("![x](y)", r"\!\[x\](y)"),
    "html": ("<b>&amp;", r"\<b\>\&amp;"),
    "code": ("`rm`", r"\`rm\`"),
    "a cell's end": ("a|b", r"a\|b"),
    "a heading": ("# a", r"\# a"),
    "a bullet": ("- a", r"\- a"),
    "a number that begins a list": ("1. a", r"1\. a"),
    "a figure": ("70.0 % of -3", "70.0 % of -3"),
    "a sign": ("+33 %", "+33 %"),
    "a rule": ("---", r"\---"),
    "a mention": ("@all", r"\@all"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "safe"), GUARDED.values(), ids=GUARDED.keys())
def test_text_is_guarded(text: str, safe: str) -> None:
    assert guarded(text) == safe


@given(st.text(alphabet="ab1 \\`*_[]<>#|-+.)!", max_size=40))
def test_taking_the_guards_away_gives_the_text_again(text: str) -> None:
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", guarded(text)) == text


@pytest.mark.parametrize("title", digests.TITLES.values(), ids=digests.TITLES)
def test_a_table_keeps_its_columns_whatever_a_name_holds(title: str) -> None:
    rows = [
        line for line in render(digests.hostile(title + "|x"), "md").splitlines() if line.startswith("| ")
    ]
    assert rows
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {5, 6, 7}


def test_our_own_commands_are_code_and_a_strangers_backticks_are_not() -> None:
    digest = replace(digests.RICH, unknown=("See `gapwatch models --unresolved`.", "Mind `rm -rf`."))
    page = render(digest, "md")
    assert "- See `gapwatch models --unresolved`." in page
    assert r"- Mind \`rm -rf\`." in page


def test_every_reference_leads_to_its_evidence() -> None:
    page = render(digests.RICH, "md")
    assert set(re.findall(r"\(#(e\d+)\)", page)) <= set(re.findall(r'id="(e\d+)"', page))
