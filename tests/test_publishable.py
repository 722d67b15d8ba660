"""What a digest says of sources whose terms forbid publication is left out, whole."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from tests.support import digests
from tracker.digest.model import Digest
from tracker.digest.publishable import WITHHELD, publishable
from tracker.digest.tidy import cited

ARENA, _, _, AIDER, HOSTS, _, _, EVALPLUS, _ = (ref.source for ref in digests.REFERENCES)


def left(*forbidden: str) -> Digest:
    return publishable(digests.RICH, dict.fromkeys(forbidden, "A title"))


def test_a_digest_without_such_sources_stays_as_it_is() -> None:
    assert left() == digests.RICH
    assert left("another") == digests.RICH


@pytest.mark.parametrize("source", [ref.source for ref in digests.REFERENCES])
def test_nothing_cites_what_is_left_out(source: str) -> None:
    digest = left(source)
    numbers = {ref.number for ref in digest.references}
    assert source not in {ref.source for ref in digest.references}
    assert cited(replace(digest, references=())) == numbers
    assert digests.RICH.references != digest.references


def test_a_task_that_such_a_source_speaks_for_says_why_it_is_empty() -> None:
    coding = next(row for row in left(AIDER).board if row.task == "coding")
    assert (coding.metric, coding.gap, coding.open, coding.note) == ("", "", None, WITHHELD)


def test_what_such_a_source_says_beside_another_goes_and_the_other_stays() -> None:
    coding = next(row for row in left(EVALPLUS).board if row.task == "coding")
    assert (coding.metric, coding.gap, coding.others) == ("Aider polyglot", "4.8 points", "")
    assert left(EVALPLUS).summary == digests.RICH.summary


def test_a_headline_or_summary_of_such_figures_is_not_told() -> None:
    digest = left(ARENA)
    assert digest.headline == "Week 4 of 2025, 20 to 26 January"
    assert (digest.summary, digest.headline_refs) == ("", ())
    assert "1,357" not in str(asdict(digest))


def test_why_figures_of_such_a_source_are_held_is_not_told() -> None:
    (held,) = digests.RICH.held
    assert publishable(digests.RICH, {"another": held.title}).held == ()
    assert left("another").held == (held,)


def test_a_credit_stays_where_something_of_its_source_does() -> None:
    assert {credit.title for credit in left(HOSTS).credits} <= {c.title for c in digests.RICH.credits}
    assert "models.dev" not in {credit.title for credit in left("models.dev").credits}
