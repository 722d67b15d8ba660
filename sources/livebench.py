"""LiveBench: objective questions in seven categories, renewed with each release.

What: a model's category average is the mean of its scores in the category's tasks, as on the site; a model
that misses a task has none here. Some tasks stand for themselves, too: summaries (scored by the instructions
kept), joining and reformatting tables, and naming the types of columns, which releases since 2025-04-25
leave out. A release is a vintage: scores are comparable within it only.
Whose: the LiveBench team, sponsored by Abacus.AI. Licence of the tables: none stated, so the figures are for
one's own use and are not published. Credit: "LiveBench (livebench.ai)".
Changes: models are added weekly, a release comes every few months. Two files make one table. The site names
its releases only inside its script, so the release is pinned here: 2026-01-08, the newest of which both files
are known; a later one needs RELEASE alone. Shape: recorded payloads of 2024 to 2026.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload, Source

RELEASE = "2026_01_08"
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # the engine knows when a commit was
CATEGORIES = ("reasoning", "mathematics", "coding", "agentic_coding", "data_analysis", "language", "if")
TASKS = ("summarize", "tablejoin", "tablereformat", "cta")


def parse(payload: Payload) -> Parsed:
    """Yield nothing for the list of categories, and the averages for the table that follows it."""
    release = re.search(r"table_(\d{4})_(\d\d)_(\d\d)\.csv", payload.url)
    if not release:
        payload.json()
        return
    rows, vintage = payload.rows(), "-".join(release.groups())
    categories = {
        name: tasks
        for title, tasks in payload.earlier[-1].json().items()
        if (name := title.lower().replace(" ", "_")) in CATEGORIES
    }
    averages = list(_scores(rows, categories, vintage))
    if not averages:
        raise ParseError(f"{payload.url} has no score for any category of {payload.earlier[-1].url}")
    yield from averages
    yield from _scores(rows, {task: [task] for task in TASKS}, vintage)


def _scores(
    rows: list[dict[str, str]], measured: dict[str, list[str]], vintage: str
) -> Iterator[Observation]:
    """What each row scores in each of the things measured, which are means over columns."""
    for row in rows:
        for name, columns in measured.items():
            if (average := _average(row, columns)) is not None:
                yield Observation(row["model"], f"livebench.{name}", average, vintage=vintage)


def _average(row: dict[str, Any], tasks: list[str]) -> Decimal | None:
    """The mean to three decimals, as the scores are given; None where a task has no score."""
    scores = [row.get(task) or "" for task in tasks]
    if not all(re.fullmatch(r"-?\d+(\.\d+)?", score) for score in scores):
        return None
    return round(sum(map(Decimal, scores), Decimal()) / len(scores), 3)


class Releases:
    """The site's repository: each release's categories and table, which are read together."""

    def __init__(self) -> None:
        self._files: dict[str, Payload] = {}

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in one of the two files of a release."""
        name = path.rpartition("/")[2]
        if body is None:
            self._files.pop(name, None)
        else:
            page = Payload(f"https://livebench.ai/{name}", body, UNDATED)
            page.json() if name.endswith(".json") else page.rows()
            self._files[name] = page
        return (name.partition("_")[2].partition(".")[0],)

    def read(self, release: str) -> Iterable[Observation | ModelFact]:
        """The averages of a release; nothing while one of its files is missing."""
        table = self._files.get(f"table_{release}.csv")
        categories = self._files.get(f"categories_{release}.json")
        if table is None or categories is None:
            return
        for found in parse(Payload(table.url, table.body, table.observed, earlier=(categories,))):
            if isinstance(found, Observation):
                yield found


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LiveBench",
    urls=(f"https://livebench.ai/categories_{RELEASE}.json", f"https://livebench.ai/table_{RELEASE}.csv"),
    licence="none stated",
    credit="LiveBench (livebench.ai)",
    authority=True,
    publishable=False,
    history=(
        History(
            "git",
            ("https://github.com/LiveBench/livebench.github.io",),
            paths=("public/table_*.csv", "public/categories_*.json"),
            tree=Releases,
        ),
    ),
)
