"""What `gapwatch run` says at its end: in whole numbers and proper words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tracker.cli.do_run import story

DIGEST = {"title": "week 14 of 2026", "span": "30 March to 5 April", "headline": "Nothing moved."}
FILES = (Path("d.html"), Path("d.txt"))


@pytest.mark.parametrize(
    ("edition", "happened", "measured", "said"),
    [
        ("weekly", 0, 8, "0 things that happened, 8 measured tasks."),
        ("weekly", 1, 1, "1 thing that happened, 1 measured task."),
        ("weekly", 7, 8, "7 things that happened, 8 measured tasks."),
        ("catch-up", 1, 0, "1 event of the record, 0 measured tasks."),
        ("catch-up", 10, 8, "10 events of the record, 8 measured tasks."),
    ],
)
def test_one_thing_is_not_things(edition: str, happened: int, measured: int, said: str) -> None:
    board = [{"metric": "lmarena.text.overall"}] * measured + [{"metric": ""}]
    digest: dict[str, Any] = {**DIGEST, "edition": edition, "happened": [{}] * happened, "board": board}

    assert f"  Inside: {said}" in story([], digest, FILES)
