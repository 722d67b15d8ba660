"""`make bench`: what Gapwatch costs, each figure beside a baseline of the same run on the same machine.

Whole processes where nothing else is said, medians after one run that does not count; nothing is asserted.
What needs the recorded web is left out, with the reason, where it is not beside this folder.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench.make_board import make as make_board  # noqa: E402
from bench.make_database import make  # noqa: E402
from bench.processes import GAPWATCH, PYTHON, Cost, median, once  # noqa: E402
from bench.site import make as make_site  # noqa: E402

WEB = ROOT.parent / "shared" / "web"
NOW = "2026-05-31"
LEVEL = "lmarena.text.overall>=1150"
HEAD = f"{'':<44}{'Gapwatch':>12}{'baseline':>12}   baseline is"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: two figures, in milliseconds unless a unit is given."""

    what: str
    ours: float
    base: float
    baseline: str
    unit: str = "ms"

    def __str__(self) -> str:
        figures = f"{self.ours:>9,.0f} {self.unit}{self.base:>9,.0f} {self.unit}"
        return f"{self.what:<44}{figures}   {self.baseline}"


def start(folder: Path) -> Iterator[Line]:
    """What it takes to say the version."""
    ours, bare = median([*GAPWATCH, "--version"], 15), median([*PYTHON, "-c", "pass"], 15)
    yield Line("gapwatch --version", ours.wall * 1e3, bare.wall * 1e3, "python -c pass")


def question(folder: Path) -> Iterator[Line]:
    """A question to a database of a million points."""
    db = folder / "million.db"
    points = make(db)
    ours = median([*GAPWATCH, "--db", str(db), "--now", NOW, "gap", "--json"], 11)
    bare = median([*PYTHON, "bench/bare_gap.py", str(db)], 11)
    yield Line(f"gapwatch gap, {points:,} points", ours.wall * 1e3, bare.wall * 1e3, "sqlite3, same question")
    yield Line("  peak memory", ours.memory, bare.memory, "", "MB")
    price = [*GAPWATCH, "--db", str(db), "--now", NOW, "price", "--at-least", LEVEL, "--json"]
    for kind, more, rounds in (("now", [], 11), ("series", ["--since", "1y"], 3)):
        ours = median([*price, *more], rounds)
        bare = median([*PYTHON, "bench/bare_price.py", str(db), kind], rounds)
        yield Line(f"gapwatch price --at-least, {kind}", ours.wall * 1e3, bare.wall * 1e3, "the same")


def storing(folder: Path) -> Iterator[Line]:
    """A price list of which a tenth has changed; timed inside the process."""

    def best(kind: str) -> float:
        files = (folder / f"{kind}{number}.db" for number in range(3))
        return min(float(once([*PYTHON, "bench/storing.py", kind, str(file)]).said) for file in files) * 1e3

    yield Line(
        "store and settle 5,000 changed offers", best("ours"), best("bare"), "executemany, all its rows"
    )


def linking(folder: Path) -> Iterator[Line]:
    """The spellings of a new price list, and the reference data; timed inside the process."""

    def took(kind: str) -> float:
        return float(once([*PYTHON, "bench/linking.py", kind]).said) * 1e3

    yield Line("lead 20,000 spellings to models", took("link"), took("words"), "re.findall on each")
    yield Line("load the reference data", took("load"), took("toml"), "tomllib, the same files")


def panel(folder: Path) -> Iterator[Line]:
    """The gaps of every metric and licence class over three years, anew and for one more week."""
    files = {weeks: folder / f"board{weeks}.db" for weeks in (16, 47, 157)}
    points = {weeks: make_board(file, weeks) for weeks, file in files.items()}

    def best(what: str, weeks: int) -> Cost:
        runs = [once([*PYTHON, "bench/panel.py", what, str(files[weeks])]) for _ in range(3)]
        return min(runs, key=lambda cost: float(cost.said))

    ours, bare = best("rebuild", 157), best("read", 157)
    took, least = (float(cost.said) * 1e3 for cost in (ours, bare))
    yield Line(f"rebuild the panel, {points[157]:,} points", took, least, "sqlite3, reads the points as rows")
    yield Line("  peak memory", ours.memory, bare.memory, "", "MB")
    last = float(best("read-week", 157).said) * 1e3
    for weeks in files:
        took = float(best("week", weeks).said) * 1e3
        yield Line(f"a week's update, {points[weeks]:,} points", took, last, "sqlite3, that week's points")


def in_the_web(folder: Path) -> Iterator[Line]:
    """An unchanged pass over every source, and the digest of what it found."""
    db = str(folder / "web.db")
    command = [*GAPWATCH, "--db", db, "--now", NOW]
    with recorded_web() as web:
        first = once([*command, "run"], web.env, fine=(0, 3))
        ours = median([*command, "sources", "poll", "--all"], 5, web.env, fine=(0, 3))
        bare = median([*PYTHON, "bench/bare_pass.py", db], 5, web.env)
    yield Line("first run, every source", first.wall * 1e3, bare.wall * 1e3, f"httpx, {bare.said.strip()}")
    yield Line("a pass, everything unchanged", ours.wall * 1e3, bare.wall * 1e3, "the same")
    yield Line("  processor time", ours.cpu * 1e3, bare.cpu * 1e3, "")
    yield Line("  peak memory", ours.memory, bare.memory, "", "MB")

    def rendered(kind: str) -> float:
        return float(once([*PYTHON, "bench/rendering.py", kind, db, NOW]).said) * 1e3

    yield Line(
        "render a digest, page and text", rendered("ours"), rendered("bare"), "Jinja2, one loop, same size"
    )


def site(folder: Path) -> Iterator[Line]:
    """The site of 100 weeks and 600 models: first, with a week more, and with nothing new."""
    db, out = folder / "site.db", folder / "site"
    points = make_site(db)
    took = []
    for now in ("2026-05-25T08:00:00Z", f"{NOW}T08:00:00Z", f"{NOW}T08:00:00Z"):
        took.append(once([*GAPWATCH, "--db", str(db), "--now", now, "digest", "--site", str(out)]))
    copied = once([*PYTHON, "bench/site.py", "bare", str(out), str(folder / "copy")])
    base = float(copied.said) * 1e3
    yield Line(f"the site, {points:,} points, 600 models", took[0].wall * 1e3, base, "copying its files")
    yield Line("  peak memory", took[0].memory, copied.memory, "", "MB")
    yield Line("  with one more week", took[1].wall * 1e3, base, "the same")
    yield Line("  with nothing new", took[2].wall * 1e3, base, "the same")
    yield from _week(db, points)


def _week(db: Path, points: int) -> Iterator[Line]:
    """This week's digest, built and laid out: as a page, and as a mail with its pictures."""
    asked = [*GAPWATCH, "--db", str(db), "--now", f"{NOW}T20:00:00Z", "digest", "--format"]
    base = once([*PYTHON, "-c", "import jinja2, matplotlib.figure"]).wall * 1e3
    for what, form in ((f"a week's digest, {points:,} points", "html"), ("  as a mail with pictures", "eml")):
        cost = median([*asked, form], 5)
        yield Line(what, cost.wall * 1e3, base, "importing Jinja2 and Matplotlib")


@contextmanager
def recorded_web() -> Iterator[Any]:
    """The recorded web as of the bench's day. LookupError where it is not there."""
    if not (WEB / "replay.py").is_file():
        raise LookupError("the recorded web is not beside this folder")
    sys.path.append(str(WEB))
    from replay import Replay  # type: ignore[import-not-found, unused-ignore]

    with Replay(date=NOW) as web:
        yield web


PARTS: tuple[Callable[[Path], Iterator[Line]], ...] = (
    start,
    question,
    storing,
    linking,
    panel,
    site,
    in_the_web,
)


def main() -> None:
    """Print the table, line by line as it becomes known."""
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="gapwatch-bench-") as folder:
        for part in PARTS:
            try:
                for line in part(Path(folder)):
                    print(line, flush=True)
            except (LookupError, RuntimeError) as error:
                print(f"left out: {part.__name__.replace('_', ' ')}: {error}", flush=True)


if __name__ == "__main__":
    main()
