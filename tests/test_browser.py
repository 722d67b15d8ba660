"""The page and the mail in a real browser: at every width, light and dark; pictures go to test-artefacts/."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support import digests
from tests.support.browsers import ARTEFACTS, WIDTHS, chromium, faults, hexed
from tests.support.colours import contrast
from tracker.catalog.metrics import TASKS
from tracker.digest.model import Digest
from tracker.digest.pictures import pictures
from tracker.digest.render import render
from tracker.digest.tidy import clean
from tracker.trends import states

LOOKED_AT = {"rich": digests.RICH, "catch-up": digests.CATCH_UP, "quiet": digests.QUIET}
HOSTILE = ("a script", "one word of ten thousand", "ten thousand characters", "wide characters")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def opened(browser: Any, file: Path, width: int, scheme: str, said: list[str]) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.extend(strange(asked.url, file)))
    page.goto(file.as_uri())
    return page


def strange(url: str, file: Path) -> list[str]:
    """The URL where it is neither the page nor a picture within it."""
    return [] if url in (file.as_uri(), "data:,") or url.startswith("data:image/png;") else [url]


def laid_out(digest: Digest, form: str) -> str:
    """The page, with the pictures of a mail where a mail client would show them."""
    html = render(digest, form)
    for cid, png in pictures(clean(digest)).items():
        html = html.replace(f"cid:{cid}", f"data:image/png;base64,{b64encode(png).decode()}")
    return html


@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize("form", ["html", "mail"])
def test_an_edition_fits_and_reads_at_every_width_in_light_and_dark(
    browser: Any, tmp_path: Path, name: str, form: str
) -> None:
    file, said = tmp_path / "digest.html", list[str]()
    file.write_text(laid_out(LOOKED_AT[name], form), encoding="utf-8")
    ARTEFACTS.mkdir(exist_ok=True)
    page = opened(browser, file, 360, "light", said)
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=ARTEFACTS / f"{name}-{form}-{width}-{scheme}.png", full_page=True)
            assert faults(page, width) == []
    page.close()
    assert said == []


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("form", ["html", "mail"])
def test_a_hostile_title_neither_runs_nor_stretches_the_page(
    browser: Any, tmp_path: Path, title: str, form: str
) -> None:
    file, said = tmp_path / "digest.html", list[str]()
    file.write_text(laid_out(digests.hostile(digests.TITLES[title]), form), encoding="utf-8")
    page = opened(browser, file, 360, "light", said)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page, width) == []
    assert page.title() != "taken"
    page.close()
    assert said == []


@pytest.mark.parametrize(
    ("width", "shown"), [(360, "block"), (768, "block"), (1280, "table")], ids=["phone", "tablet", "desktop"]
)
def test_the_board_is_a_table_where_there_is_room_and_cards_where_not(
    browser: Any, tmp_path: Path, width: int, shown: str
) -> None:
    file = tmp_path / "digest.html"
    file.write_text(laid_out(digests.RICH, "html"), encoding="utf-8")
    page = opened(browser, file, width, "light", [])
    assert page.locator("table.board").evaluate("table => getComputedStyle(table).display") == shown
    assert page.get_by_role("columnheader", name="Best open", exact=True).count() == (shown == "table")
    assert page.get_by_role("row", name="DeepSeek R1").count() >= 2
    page.close()


@pytest.mark.parametrize("form", ["html", "mail"])
@pytest.mark.parametrize("state", ["closing", *states.NEAR, states.UNKNOWN])
def test_no_task_and_no_state_lie_on_each_other(browser: Any, tmp_path: Path, form: str, state: str) -> None:
    row = digests.RICH.board[0]
    board = tuple(replace(row, task=task, state=state) for task in TASKS)
    file = tmp_path / "digest.html"
    file.write_text(laid_out(replace(digests.RICH, board=board), form), encoding="utf-8")
    page = opened(browser, file, 360, "light", [])
    for width in (320, 360, 412, 768, 1023, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page, width) == []
    page.close()


def test_a_reference_leads_to_its_evidence_by_keyboard(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "digest.html"
    file.write_text(laid_out(digests.RICH, "html"), encoding="utf-8")
    page = opened(browser, file, 1280, "light", [])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "[1]"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "e1"
    page.close()


def test_the_printed_page_is_dark_on_light_in_either_scheme(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "digest.html"
    file.write_text(laid_out(digests.RICH, "html"), encoding="utf-8")
    page = opened(browser, file, 1280, "dark", [])
    page.emulate_media(media="print", color_scheme="dark")
    ground, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    assert contrast(hexed(ground), "#ffffff") == 1
    assert contrast(hexed(ink), "#ffffff") > 12
    ARTEFACTS.mkdir(exist_ok=True)
    page.pdf(path=ARTEFACTS / "digest.pdf", format="A4")
    assert (ARTEFACTS / "digest.pdf").stat().st_size > 10_000
    page.close()
