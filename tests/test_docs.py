"""The documents say what the code does: the command reference is made from it, and examples are real."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.cli import COMMANDS
from tracker.cli.reference import reference

ROOT = Path(__file__).resolve().parents[1]


def test_the_command_reference_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert kept == reference(), "run: python -m tracker.cli.reference > docs/cli.md"


def test_every_command_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"gapwatch ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    known = {name for section in COMMANDS.values() for name in section}
    assert shown <= known, shown - known


def test_every_document_that_is_linked_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
