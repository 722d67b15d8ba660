"""The recorded leaderboards, spoilt: half of the rows, other names, another scale, a swap, part of a page.

What a board shows today is held against what it showed when it was well. Whatever spoils most of a page must
not be believed; nothing here is tuned to a board's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.recorded import recorded_web
from tracker.collect import passes, registry
from tracker.collect.fetch import Fetcher
from tracker.collect.visit import World, visit
from tracker.config import Settings
from tracker.domain import Outcome

S, F, B, N, U = Outcome.SUSPECT, Outcome.FAILED, Outcome.BLOCKED, Outcome.NEW, Outcome.UNCHANGED
Fault = tuple[str, dict[str, Any]]

EVERYWHERE: dict[str, Fault] = {
    "a challenge page": ("html", {}),
    "a sign-in page": ("login", {}),
    "nothing": ("empty", {}),
    "cut off": ("truncate", {}),
    "a fifth of a page, and nobody says so": ("truncate", {"silent": True, "share": 0.2}),
    "half a page, packed": ("truncated_gzip", {}),
}
ROWS: dict[str, Fault] = {"half the rows": ("drop_rows", {}), "rows twice": ("duplicate_rows", {})}


def renamed(field: str) -> Fault:
    return "rename_field", {"field": field, "to": "other"}


def scaled(field: str, factor: float = 0.01) -> Fault:
    return "scale", {"field": f"^{field}$", "factor": factor}


def swapped(first: str, second: str) -> Fault:
    return "swap_columns", {"fields": [first, second]}


def rewritten(pattern: str, to: str) -> Fault:
    return "rewrite", {"pattern": pattern, "to": to}


SPOILT: dict[str, tuple[str, dict[str, Fault]]] = {
    "aider_polyglot": (
        "2025-09-01",
        {
            "the score renamed": rewritten(r"pass_rate_2", "pass_rate_two"),
            "scores in hundredths": rewritten(r"pass_rate_2: (\d+)\.\d", r"pass_rate_2: 0.\1"),
            "tries swapped": rewritten(
                r"pass_rate_1: (\S+)\n  pass_rate_2: (\S+)", r"pass_rate_1: \2\n  pass_rate_2: \1"
            ),
        },
    ),
    "aider_edit": (
        "2024-12-20",
        {
            "the score renamed": rewritten(r"pass_rate_2", "pass_rate_two"),
            "scores in hundredths": rewritten(r"pass_rate_2: (\d+)\.\d", r"pass_rate_2: 0.\1"),
            "tries swapped": rewritten(
                r"pass_rate_1: (\S+)\n  pass_rate_2: (\S+)", r"pass_rate_1: \2\n  pass_rate_2: \1"
            ),
        },
    ),
    "swe_bench": (
        "2025-12-11",
        {
            "half the rows": ("drop_rows", {"table": r"results\[\]$"}),
            "rows twice": ("duplicate_rows", {"table": r"results\[\]$"}),
            "the boards renamed": renamed("leaderboards"),
            "the score renamed": renamed("resolved"),
            "the tags renamed": renamed("tags"),
            "scores in shares": scaled("resolved"),
            "score and cost swapped": swapped("resolved", "instance_cost"),
        },
    ),
    "bfcl": (
        "2025-12-20",
        {
            **ROWS,
            "the score renamed": renamed("Overall Acc"),
            "the model renamed": renamed("Model"),
            "the licence renamed": renamed("License"),
            "scores in shares": rewritten(r"(?m)^(\d+),(\d+)\.(\d+)%", r"\1,0.\2\3%"),
            "costs times a thousand": scaled(r"Total Cost \(\$\)", 1000),
            "cost and latency swapped": swapped("Total Cost ($)", "Latency Mean (s)"),
        },
    ),
    "bigcodebench": (
        "2025-04-20",
        {
            **ROWS,
            "the scores renamed": renamed("pass@1"),
            "a score renamed": renamed("instruct"),
            "scores in shares": scaled("instruct|complete"),
            "splits swapped": swapped("instruct", "complete"),
        },
    ),
    "evalplus": (
        "2024-12-27",
        {
            **ROWS,
            "the scores renamed": renamed("pass@1"),
            "a score renamed": renamed("humaneval+"),
            "scores in shares": scaled(r"humaneval\+|mbpp\+"),
            "tests swapped": swapped("humaneval+", "mbpp+"),
        },
    ),
    "alpaca_eval": (
        "2024-12-28",
        {
            **ROWS,
            "the score renamed": renamed("length_controlled_winrate"),
            "the filter renamed": renamed("filter"),
            "scores in shares": scaled("length_controlled_winrate"),
            "rates swapped": swapped("length_controlled_winrate", "win_rate"),
        },
    ),
    "kagi": (
        "2026-05-29",
        {
            "half the rows": rewritten(r"(?s)(\| gpt-5 .*?\n\|).*", r"\1"),
            "the score renamed": rewritten("%accuracy", "%success"),
            "scores in shares": rewritten(r"(?m)^(\| [^|]+\|\s*)(\d\d)\.(\d)", r"\1 0.\2\3"),
            "tokens for scores": rewritten(
                r"(?m)^(\| [^|]+\|)(\s*\d[^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|", r"\1\5|\3|\4|\2|"
            ),
        },
    ),
    "vectara": (
        "2026-03-11",
        {
            "half the rows": rewritten(r"(?s)(\|zai-org/glm-5\|).*?(<!-- LEADERBOARD_END)", r"\2"),
            "nothing below the table": rewritten(r"(?s)<!-- LEADERBOARD_END.*", ""),
            "the score renamed": rewritten(r"\|Hallucination Rate", "|Rate of Hallucinations"),
            "scores in shares": rewritten(r"(?m)^(\|[^|]+\|)(\d+)\.(\d) %", r"\g<1>0.0\2\3"),
            "consistency for hallucination": rewritten(r"(?m)^(\|[^|]+\|)([\d.]+ %)\|([\d.]+ %)", r"\1\3|\2"),
        },
    ),
}
CASES = [(name, fault) for name, (_, faults) in SPOILT.items() for fault in (*EVERYWHERE, *faults)]
HARMLESS = {"rows twice"}


@pytest.fixture(scope="module")
def spoil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], tuple[Outcome, str]]]:
    """Visits a source with a named fault, after a good visit that is stored; gives outcome and note."""
    folder = tmp_path_factory.mktemp("boards")
    sources = registry.find().sources
    with recorded_web("2025-12-20") as web, pytest.MonkeyPatch.context() as environment:
        for name, value in web.env.items():
            environment.setenv(name, value)

        def visited(name: str, fault: str) -> tuple[Outcome, str]:
            day, faults = SPOILT[name]
            now = datetime.fromisoformat(f"{day}T23:00:00").replace(tzinfo=UTC)
            web.set_date(day)
            db: Path = folder / f"{name}.db"
            if not db.exists():
                (well,) = passes.run(Settings(db=db, out=folder, now=now), [name])
                assert well.outcome is N
            kind, options = (EVERYWHERE | faults)[fault]
            number = web.fault(kind, url=sources[name].urls[0], **options)
            try:
                with Fetcher(contact="test", clock=lambda: now) as fetcher:
                    found = visit(sources[name], World(db, fetcher, now))
                    return found.outcome, found.note
            finally:
                web.clear_faults(number)

        yield visited


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("name", "fault"), CASES, ids=[f"{name}-{fault}" for name, fault in CASES])
def test_no_spoilt_board_is_believed(
    spoil: Callable[[str, str], tuple[Outcome, str]], name: str, fault: str
) -> None:
    outcome, note = spoil(name, fault)
    print(f"{name} | {fault} | {outcome} | {note}")
    if fault in HARMLESS:
        assert outcome in (N, U), note
    elif fault in ("a challenge page", "a sign-in page"):
        assert outcome is B, note
    else:
        assert outcome in (S, F)
        assert note
