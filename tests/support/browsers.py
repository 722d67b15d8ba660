"""A real browser, and what it finds wrong with a page: text that does not fit, collides, is faint or tiny."""

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

# Every text on the page: its box, its lines (with the ground of its own that a badge has), its size, and its
# colour on the ground that it stands on.
TEXTS = """beside => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility()) continue;
    if (beside && parent.closest(beside)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width && box.height);
    if (!boxes.length) continue;
    const bare = element => getComputedStyle(element).backgroundColor === 'rgba(0, 0, 0, 0)';
    const style = getComputedStyle(parent);
    const badge = style.display.startsWith('inline') && !(bare(parent) && style.borderTopStyle === 'none');
    const lines = badge ? [...parent.getClientRects()] : boxes;
    let ground = parent;
    while (ground && bare(ground)) ground = ground.parentElement;
    found.push({
      text: node.textContent.trim().slice(0, 40),
      left: Math.min(...boxes.map(box => box.left)),
      right: Math.max(...boxes.map(box => box.right)),
      lines: lines.map(box => [box.left, box.top, box.right, box.bottom]),
      size: parseFloat(style.fontSize),
      ink: parent.closest('svg') ? style.fill : style.color,
      ground: ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)',
    });
  }
  return found;
}"""


Box = tuple[float, float, float, float]  # left, top, right, bottom


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
    found += [f"{one!r} lies on {other!r}" for one, other in _collisions(texts)]
    if page.evaluate("document.scrollingElement.scrollWidth") > width:
        found.append("the page scrolls sideways")
    return found


def _collisions(texts: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The texts that lie on each other, line by line from the top."""
    lines = sorted((tuple(box), text["text"]) for text in texts for box in text["lines"])
    lines.sort(key=lambda line: line[0][1])
    for place, (box, text) in enumerate(lines):
        for other, beside in lines[place + 1 :]:
            if other[1] >= box[3]:
                break
            if _lie_on_each_other(box, other):
                yield text, beside


def _lie_on_each_other(one: Box, other: Box) -> bool:
    """Whether two lines share more than a hair's breadth; lines that follow closely touch a little."""
    broad = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return broad > 2 and high > 0.4 * min(one[3] - one[1], other[3] - other[1])
