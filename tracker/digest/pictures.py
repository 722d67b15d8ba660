"""The gap over a year as a PNG, for mail: clients show no SVG. Drawn where matplotlib is installed.

A picture's name follows from what it shows, so that a template can name it before it is drawn. Without the
extra `charts` no picture has a name, and the mail has its bars of text.
"""

from __future__ import annotations

import io
from functools import cache
from hashlib import sha256
from importlib.util import find_spec

from tracker.digest.charts import YEAR, drawn
from tracker.digest.model import Digest, Spark

WIDTH, HEIGHT, SHARP = 240, 48, 2  # pixels on the page; the picture has twice as many
LINE, LEVEL, BEHIND, AHEAD = "#75818c", "#75818c", "#c0713c", "#2a9d90"  # seen on white and on black


@cache
def available() -> bool:
    """Whether pictures can be drawn."""
    return find_spec("matplotlib") is not None


def cid(spark: Spark) -> str:
    """The content id of a gap's picture, or "" where there is none."""
    if not available() or not drawn(spark):
        return ""
    return f"gap-{sha256(repr(spark.points).encode()).hexdigest()[:16]}@gapwatch"


def pictures(digest: Digest) -> dict[str, bytes]:
    """{content id: PNG} of every gap on the board that can be drawn."""
    return {name: png(row.spark) for row in digest.board if (name := cid(row.spark))}


def png(spark: Spark) -> bytes:
    """The step line of a gap over the year before its last day; level is always in view."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    points = drawn(spark)
    days, gaps = [day for day, _ in points], [gap for _, gap in points]
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100 * SHARP)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.01, 0.04, 0.98, 0.92))
    axes.set_axis_off()
    axes.set_xlim(days[-1] - YEAR, days[-1] + YEAR / 80)
    for side, colour in ((max, BEHIND), (min, AHEAD)):
        heights = [side(gap, 0.0) for gap in gaps]
        axes.fill_between(days, heights, 0.0, step="post", color=colour, alpha=0.3, linewidth=0)
    axes.axhline(0.0, color=LEVEL, linewidth=0.6)
    axes.step(days, gaps, where="post", color=LINE, linewidth=1.4)
    axes.plot(days[-1:], gaps[-1:], "o", color=BEHIND if gaps[-1] > 0 else AHEAD, markersize=3.5)
    low, high = min(0.0, *gaps), max(1.0, *gaps)
    axes.set_ylim(low - (high - low) * 0.1, high + (high - low) * 0.1)
    written = io.BytesIO()
    figure.savefig(written, format="png", transparent=True, metadata={"Software": None})
    return written.getvalue()
