"""A real browser, and what it finds wrong with a page: text that does not fit, is faint or is small."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.colours import contrast

CHROMIUM = Path("/usr/bin/chromium")
ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 768, 1280)

# Every text on the page: its box, its size, and its colour on the ground that it stands on.
TEXTS = """beside => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest('svg')) continue;
    if (beside && parent.closest(beside)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width && box.height);
    if (!boxes.length) continue;
    const bare = element => getComputedStyle(element).backgroundColor === 'rgba(0, 0, 0, 0)';
    let ground = parent;
    while (ground && bare(ground)) ground = ground.parentElement;
    found.push({
      text: node.textContent.trim().slice(0, 40),
      left: Math.min(...boxes.map(box => box.left)),
      right: Math.max(...boxes.map(box => box.right)),
      size: parseFloat(getComputedStyle(parent).fontSize),
      ink: getComputedStyle(parent).color,
      ground: ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)',
    });
  }
  return found;
}"""


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's browser; the test is skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield opened
        opened.close()


def hexed(colour: str) -> str:
    """`#rrggbb` of the browser's `rgb(r, g, b)`."""
    parts = colour.removeprefix("rgb(").removesuffix(")").split(",")
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def faults(page: Any, width: int, beside: str = "") -> list[str]:
    """What does not fit into the window or is too faint or too small to read.

    `beside` selects what is there for those who listen, and stands outside on purpose.
    """
    texts = page.evaluate(TEXTS, beside)
    assert texts
    found = [f"{t['text']!r} leaves the window" for t in texts if t["left"] < 0 or t["right"] > width + 0.5]
    found += [f"{t['text']!r} is faint" for t in texts if contrast(hexed(t["ink"]), hexed(t["ground"])) < 4.5]
    found += [f"{t['text']!r} is small" for t in texts if t["size"] < 11]
    if page.evaluate("document.scrollingElement.scrollWidth") > width:
        found.append("the page scrolls sideways")
    return found
