"""Lay out a week: build the digest from a database once, then render its page and its text.

python bench/rendering.py ours FILE NOW     the median seconds of rendering
python bench/rendering.py bare FILE NOW     Jinja2 writing a page of the same size from a list
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tracker.config import load
from tracker.digest.build import build
from tracker.digest.model import Digest
from tracker.digest.render import render
from tracker.digest.weeks import week_of
from tracker.store.reading import reading

REPEATS = 11
LINE = "<tr><td>a row of text</td><td>of the usual length</td><td>1,382</td></tr>"


def built(db: Path, now: str) -> Digest:
    """The digest of the week of `now`."""
    settings = load(db=db, now=now, environ={})
    with reading(db) as connection:
        return build(connection, week_of(settings.clock(), settings.zone), settings.clock())


def ours(digest: Digest) -> Callable[[], str]:
    """Render the page and the text."""
    return lambda: render(digest, "html") + render(digest, "text")


def bare(digest: Digest) -> Callable[[], str]:
    """Write as much with a template of one loop."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(
        "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}"
    )
    rows = [("a row of text", "of the usual length", "1,382")] * (len(ours(digest)()) // len(LINE))
    return lambda: template.render(rows=rows)


def timed(work: Callable[[], str]) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    kind, file, now = sys.argv[1:]
    work = {"ours": ours, "bare": bare}[kind](built(Path(file), now))
    print(statistics.median(timed(work) for _ in range(REPEATS)))
