"""Templates and colours: the user's overlay the shipped ones, and a failing one never stops a digest."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.support import digests
from tests.support.colours import contrast
from tracker.digest.render import environment, render


def test_a_users_template_replaces_its_namesake_and_only_that(tmp_path: Path) -> None:
    (tmp_path / "digest.txt.j2").write_text("{{ digest.week }}: {{ digest.headline }}\n")
    assert render(digests.QUIET, "text", tmp_path) == "2025-W06: Nothing moved beyond the noise this week.\n"
    assert render(digests.QUIET, "html", tmp_path) == render(digests.QUIET, "html")


def test_a_users_colours_reach_the_page_and_the_mail(tmp_path: Path) -> None:
    shipped = Path(str(environment(None).get_template("_colours.j2").filename)).read_text()
    (tmp_path / "_colours.j2").write_text(shipped.replace("#0a6660", "#123456"))
    for form in ("html", "mail"):
        assert "#123456" in render(digests.RICH, form, tmp_path)


@pytest.mark.parametrize(
    ("name", "template", "line"),
    [
        ("digest.txt.j2", "fine\n{% if %}\n", 2),
        ("digest.txt.j2", "fine\nfine\n{{ digest.nothing }}\n", 3),
        ("digest.txt.j2", "{{ headline }}", 1),
        ("digest.txt.j2", "\n{{ digest.__class__.__mro__ }}", 2),
        ("digest.txt.j2", "\n\n\n{{ 1 // 0 }}", 4),
        ("digest.txt.j2", "{% include 'none.j2' %}", 1),
        ("_reading.j2", "{% set terms = %}", 1),
    ],
    ids=["syntax", "attribute", "name", "out of the sandbox", "arithmetic", "missing include", "in a part"],
)
def test_a_users_template_that_fails_is_named_and_the_shipped_one_is_used(
    tmp_path: Path, name: str, template: str, line: int
) -> None:
    (tmp_path / name).write_text(template)
    said: list[str] = []
    assert render(digests.RICH, "text", tmp_path, said.append) == render(digests.RICH, "text")
    (warning,) = said
    assert warning.startswith(f"{tmp_path / name}:{line}: ")
    assert warning.endswith("the shipped templates are used")


def test_the_warning_goes_to_standard_error_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "digest.txt.j2").write_text("{% if %}")
    render(digests.QUIET, "text", tmp_path)
    told = capsys.readouterr()
    assert told.err.startswith("warning: ")
    assert told.err.count("\n") == 1
    assert not told.out


PAIRS = (
    *product(("ink", "soft", "open", "closed"), ("paper", "sunk")),
    ("open", "open_tint"),
    ("closed", "closed_tint"),
    ("ink", "open_tint"),
    ("soft", "open_tint"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_colour_reaches_aa_on_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = getattr(environment(None).get_template("_colours.j2").module, scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5
