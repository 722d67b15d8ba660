"""LiveBench: objective questions in seven categories, renewed with each release.

What: a model's category average is the mean of its scores in the category's tasks, as on the site; a model
that misses a task has none here. Some tasks stand for themselves, too: summaries, joining and reformatting
tables, and naming the types of columns. A release is a vintage: scores are comparable within it only. Whose:
the LiveBench team, sponsored by Abacus.AI. Licence of the tables: none stated; its figures are told with
credit. Credit: "LiveBench (livebench.ai)". Changes: models are added weekly, a release comes every few
months. Shape: recorded, 2024 to 2026; two files make one table.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.errors import ParseError
from tracker.repositories import Pages
from tracker.source import History, Parsed, Payload, Source

# The site names its releases only inside its script; this is the newest of which both files are known.
RELEASE = "2026_01_08"
CATEGORIES = ("reasoning", "mathematics", "coding", "agentic_coding", "data_analysis", "language", "if")
TASKS = {task: [task] for task in ("summarize", "tablejoin", "tablereformat", "cta")}
FILE = re.compile(r"(table|categories)_(\d{4})_(\d\d)_(\d\d)\.\w+$")


def parse(payload: Payload) -> Parsed:
    """Yield nothing for the list of categories, and the averages for the table that follows it."""
    file, *release = found.groups() if (found := FILE.search(payload.url)) else ("",)
    if file != "table":
        payload.json()
        return
    listed = payload.earlier[-1].json()
    named = {title.lower().replace(" ", "_"): tasks for title, tasks in listed.items()}
    categories = {name: tasks for name, tasks in named.items() if name in CATEGORIES}
    rows, vintage = payload.rows(), "-".join(release)
    averages = list(_scores(rows, categories, vintage))
    if not averages:
        raise ParseError(f"{payload.url} has no score for any category of {payload.earlier[-1].url}")
    yield from averages
    yield from _scores(rows, TASKS, vintage)


def _scores(
    rows: Iterable[dict[str, str]], measured: dict[str, list[str]], vintage: str
) -> Iterator[Observation]:
    """What each row scores in each of the things measured, which are means over columns."""
    for row in rows:
        for name, columns in measured.items():
            if (average := _average([row.get(column) or "" for column in columns])) is not None:
                yield Observation(row["model"], f"livebench.{name}", average, vintage=vintage)


def _average(scores: list[str]) -> Decimal | None:
    """The mean to three decimals, as the scores are given; None where a task has no score."""
    if not all(re.fullmatch(r"-?\d+(\.\d+)?", score) for score in scores):
        return None
    return round(sum(map(Decimal, scores), Decimal()) / len(scores), 3)


def _release(pages: list[Payload]) -> Parsed:
    """The averages of a release in the site's repository; nothing while one of its files is missing."""
    by_name = {found[1]: page for page in pages if (found := FILE.search(page.url))}
    if by_name.keys() == {"table", "categories"}:
        yield from parse(replace(by_name["table"], earlier=(by_name["categories"],)))


def _part(path: str) -> str:
    return "-".join(found.groups()[1:]) if (found := FILE.search(path)) else ""


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LiveBench",
    urls=(f"https://livebench.ai/categories_{RELEASE}.json", f"https://livebench.ai/table_{RELEASE}.csv"),
    licence="none stated",
    credit="LiveBench (livebench.ai)",
    authority=True,
    history=(
        History(
            "git",
            ("https://github.com/LiveBench/livebench.github.io",),
            paths=("public/table_*.csv", "public/categories_*.json"),
            tree=lambda: Pages(_release, part=_part),
        ),
    ),
)
