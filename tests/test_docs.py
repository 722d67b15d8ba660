"""The documents say what the code does: the command reference is made from it, and examples are real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker.cli import COMMANDS
from tracker.cli.reference import reference
from tracker.config import load

ROOT = Path(__file__).resolve().parents[1]
SET = re.compile(r"^(timezone|\[mail\]|\[\[deliver\]\]|\[alerts\])", re.M)


def test_the_command_reference_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert kept == reference(), "run: python -m tracker.cli.reference > docs/cli.md"


def test_every_command_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"gapwatch ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    known = {name for section in COMMANDS.values() for name in section}
    assert shown <= known, shown - known


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_configuration_that_is_shown_is_one(page: Path, tmp_path: Path) -> None:
    """The settings of a page, together, as one file that somebody copies."""
    shown = [
        b for b in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.S) if SET.search(b)
    ]
    if shown:
        (tmp_path / "gapwatch.toml").write_text("\n".join(sorted(shown, key=lambda b: b.startswith("["))))
        settings = load(db=tmp_path / "x.db", config=tmp_path / "gapwatch.toml", environ={})
        assert settings.timezone == "Europe/Berlin"
        assert (len(settings.mail.everyone), len(settings.deliver), len(settings.alerts.rules)) == (2, 4, 5)


def test_every_document_that_is_linked_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
