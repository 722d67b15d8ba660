"""A small real database for the site: six weeks of a board, a price list, news, and names from strangers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.support import digests
from tests.support.database import (
    ALL,
    BOARD,
    NEWS,
    PRICES,
    Built,
    fact,
    offer,
    place,
    score,
    story,
)
from tracker.config import Settings, Site
from tracker.digest import editions
from tracker.digest.weeks import parse_week
from tracker.domain import Kind, Record

SECRET = place("secretive", Kind.LEADERBOARD, title="The Secretive Board", publishable=False)
HIDDEN = "livebench.coding"
WEEKS = ("2025-01-06", "2025-01-13", "2025-01-20", "2025-01-27", "2025-02-03", "2025-02-10")
LAST = datetime(2025, 2, 17, 8, tzinfo=UTC)


def settings(
    folder: Path, *, url: str = "", own_use: bool = False, templates: Path | None = None
) -> Settings:
    """The settings of a database in a folder, after the last of the weeks."""
    site = Site(url, own_use)
    return Settings(db=folder / "g.db", out=folder / "digests", site=site, templates=templates, now=LAST)


def scores(week: int) -> list[Record]:
    """What the board says in a week: the best open model comes closer, step by step."""
    return [
        score("gpt-4o", "1300"),
        score("deepseek-r1", str(1240 + 10 * week)),
        score("llama-3.1-405b-instruct", "1200"),
        fact("gpt-4o", "licence", "Proprietary"),
        fact("gpt-4o", "released", "2024-05-13"),
        fact("deepseek-r1", "licence", "MIT"),
        fact("deepseek-r1", "released", "2025-01-20"),
        fact("llama-3.1-405b-instruct", "licence", "Llama 3.1 Community"),
        fact("llama-3.1-405b-instruct", "released", "2024-07-23"),
    ]


def fill(folder: Path, weeks: int = len(WEEKS), *, hostile: bool = False) -> None:
    """Build the database of the first so many weeks."""
    with Built(folder / "g.db", (*ALL, SECRET)) as built:
        for number, day in enumerate(WEEKS[:weeks]):
            built.captured(BOARD, day, scores(number))
            prices = [
                *offer("gpt-4o", "openai", "2.5", "10"),
                *offer("deepseek-r1", "deepseek", f"0.{9 - number}", "2"),
            ]
            built.captured(PRICES, day, prices)
            hidden = [
                score(name, value, half="", metric=HIDDEN)
                for name, value in (("gpt-4o", "77.77"), ("deepseek-r1", "66.66"))
            ]
            built.captured(SECRET, day, hidden, body="the secret figures 77.77 and 66.66")
        built.captured(NEWS, "2025-01-21", [story("one", "GPT-4o is cheaper now", "2025-01-21")])
        if hostile:
            strangers(built)


def strangers(built: Built) -> None:
    """Every hostile text where a stranger can put it: in names, news, and ids that look like paths."""
    titles = [title.replace("\ud800", "") for title in digests.TITLES.values()]  # no database takes those
    names = [title[:60] for title in titles if title]
    names += ["../../etc/passwd", "a/b", "A/B", "..", "con", "模型", "x" * 300]
    built.captured(
        BOARD,
        "2025-02-12",
        [*scores(6), *(score(name, str(1000 + number)) for number, name in enumerate(names))],
        body="<script>alert(1)</script> {{ 7*7 }}",
    )
    stories = [story(f"k{n}", title or "untitled", "2025-02-12") for n, title in enumerate(titles)]
    built.captured(NEWS, "2025-02-13", stories)


def publish(folder: Path, *weeks: str) -> None:
    """Freeze the digests of those weeks."""
    for week in weeks:
        chosen = settings(folder)
        editions.publish(chosen, parse_week(week, chosen.zone))
