"""The site in a real browser, opened from its folder: every width, light and dark, pointer and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import sites
from tests.support.browsers import ARTEFACTS, WIDTHS, chromium, faults, hexed
from tests.support.colours import contrast
from tracker.digest.site import build
from tracker.digest.site.names import evidence_page

METRIC = "metrics/lmarena.text.overall.html"
LOOKED_AT = (
    "index.html",
    "board.html",
    "models.html",
    "vendors.html",
    "credits.html",
    METRIC,
    "models/deepseek-r1.html",
    "vendors/openai.html",
    "digests/2025-W06.html",
    evidence_page(1),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    sites.fill(folder)
    sites.publish(folder, "2025-W04", "2025-W06")
    build(sites.settings(folder), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strange")
    sites.fill(folder, hostile=True)
    build(sites.settings(folder), folder / "out")
    return folder / "out"


@pytest.fixture
def said() -> list[str]:
    """What the browser complains of, and what it asks of anything but files."""
    return []


def opened(browser: Any, file: Path, said: list[str], width: int = 1280, scheme: str = "light") -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda asked: said.extend([] if asked.url.startswith(("file:", "data:")) else [asked.url])
    )
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("path", LOOKED_AT)
def test_a_page_fits_and_reads_at_every_width_in_light_and_dark(
    browser: Any, site: Path, said: list[str], path: str
) -> None:
    page = opened(browser, site / path, said, 360)
    ARTEFACTS.mkdir(exist_ok=True)
    for details in page.locator("details").all():
        details.evaluate("details => details.open = true")
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            name = path.replace("/", "-").removesuffix(".html")
            page.screenshot(path=ARTEFACTS / f"site-{name}-{width}-{scheme}.png", full_page=True)
            assert faults(page, width, beside=".skip, .unseen, thead *, .search label") == []
    page.close()
    assert said == []


def test_links_of_a_list_are_large_enough_for_a_finger(browser: Any, site: Path, said: list[str]) -> None:
    """24 pixels high, as WCAG 2.2 wants of what has neighbours (2.5.8)."""
    page = opened(browser, site / "models.html", said, 360)
    heights = page.evaluate(
        "[...document.querySelectorAll('.figures tbody a')].filter(a => !a.closest('.refs'))"
        ".map(a => a.getBoundingClientRect().height)"
    )
    page.close()
    assert heights
    assert min(heights) >= 24


def test_hostile_texts_neither_run_nor_stretch_a_page(browser: Any, strange: Path, said: list[str]) -> None:
    names = ["models.html", "vendors.html", METRIC, "vendors/openai.html"]
    for path in (*names, *(f"models/{file.name}" for file in (strange / "models").glob("*--*.html"))):
        page = opened(browser, strange / path, said)
        for width in WIDTHS if path in names else (360,):
            page.set_viewport_size({"width": width, "height": 900})
            assert faults(page, width, beside=".skip, .unseen, thead *, .search label") == [], path
        assert page.title() != "taken"
        page.close()
    assert said == []


def test_a_chart_is_one_stop_of_the_tab_key_and_arrows_go_along_it(
    browser: Any, site: Path, said: list[str]
) -> None:
    page = opened(browser, site / METRIC, said)
    chart = page.locator("figure.plot").first
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.chart') !== null"):
            break
    readout = chart.locator(".readout")
    assert readout.inner_text() == "10 February 2025: 10 points behind"
    page.keyboard.press("ArrowLeft")
    assert readout.inner_text() == "3 February 2025: 20 points behind"
    page.keyboard.press("Home")
    assert readout.inner_text() == "6 January 2025: 60 points behind"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("6 January 2025")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.chart') === null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/e/c*.html")
    page.close()
    assert said == []


def test_the_nearest_mark_follows_the_pointer(browser: Any, site: Path, said: list[str]) -> None:
    page = opened(browser, site / METRIC, said)
    chart = page.locator(".chart").first
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 40)
    assert page.locator(".readout").first.inner_text() == "6 January 2025: 60 points behind"
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 40)
    assert page.locator(".readout").first.inner_text() == "10 February 2025: 10 points behind"
    page.close()
    assert said == []


def test_search_finds_a_model_by_keyboard_alone(browser: Any, site: Path, said: list[str]) -> None:
    page = opened(browser, site / METRIC, said)
    page.locator("#search").focus()
    page.wait_for_function("window.GAPWATCH_PAGES")
    page.keyboard.type("seek r1")
    assert page.locator("#found a").count() == 0
    for _ in range(len("seek r1")):
        page.keyboard.press("Backspace")
    page.keyboard.type("deep R1")
    assert page.locator("#count").inner_text() == f"{page.locator('#found a').count()} found"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").startswith("DeepSeek R1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/deepseek-r1.html")
    page.close()
    assert said == []


def test_the_readers_choice_of_dark_outlives_the_page_and_goes_before_the_systems(
    browser: Any, site: Path, said: list[str]
) -> None:
    page = opened(browser, site / "index.html", said)
    ground = "getComputedStyle(document.body).backgroundColor"
    button = page.get_by_role("button", name="Dark")
    assert contrast(hexed(page.evaluate(ground)), "#ffffff") < 1.2
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    dark = hexed(page.evaluate(ground))
    assert contrast(dark, "#ffffff") > 12
    assert faults(page, 1280, beside=".skip, .unseen, .search label") == []
    page.goto((site / METRIC).as_uri())
    assert hexed(page.evaluate(ground)) == dark
    page.emulate_media(media="print")
    assert hexed(page.evaluate(ground)) == "#ffffff"
    page.close()
    assert said == []


def test_the_skip_link_leads_past_the_navigation(browser: Any, site: Path, said: list[str]) -> None:
    page = opened(browser, site / METRIC, said)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.close()
    assert said == []


def test_a_page_reads_without_its_script(browser: Any, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto((site / METRIC).as_uri())
    assert page.locator(".tools").is_hidden()
    assert page.get_by_role("link", name="10 February 2025, The gap: 10 points behind").count() == 1
    assert page.locator("details summary").first.is_visible()
    page.close()
