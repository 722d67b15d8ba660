"""What a backfill costs, as whole processes, beside the least that reading the same history takes.

    python bench/backfill.py [HISTORIES] [GIT_HISTORY]

HISTORIES is the folder of the dated archives, GIT_HISTORY the program of that name (0.8 was measured); what
is not there is left out. Nothing is asserted.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from bench.processes import GAPWATCH, PYTHON, Cost, once  # noqa: E402

MODELS = ":(glob)providers/*/models/**/*.toml"
RUNS = 5  # of ours: a second more or less of another process would tell another ratio
FILE = "csv/lmsys.csv"
CONVERT = "list({r['model']: r for r in csv.DictReader(io.StringIO(content.decode()))}.values())"


def clone(bundle: Path, folder: Path) -> Path:
    """The repository of a bundle, with a working tree."""
    place = folder / bundle.stem
    subprocess.run(["git", "clone", "--quiet", "--branch", "main", str(bundle), str(place)], check=True)
    return place


def fill(folder: Path, source: str, place: Path, *, anew: bool = True) -> Cost:
    """A backfill, into a database that does not exist yet or the one that is there."""
    if anew:
        shutil.rmtree(folder / "db", ignore_errors=True)
    database = ["--db", str(folder / "db" / "g.db"), "--now", "2026-06-02"]
    return once([*GAPWATCH, *database, "db", "backfill", source, "--from", str(place)])


def models(folder: Path, histories: Path) -> str:
    """models.dev's files, beside reading and parsing them and nothing else."""
    place = clone(histories / "models.dev.bundle", folder)
    bare = once([*PYTHON, "bench/bare_history.py", str(place), MODELS])
    ours = fill(folder, "modelsdev", place)
    again = fill(folder, "modelsdev", place, anew=False)
    return (
        f"models.dev   {ours.wall:6.1f} s {ours.memory:5.0f} MB   git and tomllib {bare.wall:5.1f} s"
        f"   {ours.wall / bare.wall:.1f}x   a second run {again.wall:.1f} s"
    )


def tables(folder: Path, histories: Path, scraper: str) -> str:
    """LMArena's tables, the median of several runs, beside git-history on the same file.

    That file must be there for it to begin.
    """
    place = clone(histories / "llm-leaderboard-csv.bundle", folder)
    ours = sorted((fill(folder, "lmarena", place) for _ in range(RUNS)), key=lambda cost: cost.wall)[
        RUNS // 2
    ]
    said = f"lmarena      {ours.wall:6.2f} s {ours.memory:5.0f} MB"
    if not shutil.which(scraper):
        return said
    (place / FILE).touch()
    asked = ["file", str(folder / "h.db"), str(place / FILE), "--repo", str(place), "--id", "model"]
    reading = ["--convert", CONVERT, "--import", "csv", "--import", "io", "--branch", "main"]
    theirs = once([scraper, *asked, *reading])
    ratios = f"{theirs.wall / ours.wall:.1f}x   of processor time {theirs.cpu / ours.cpu:.1f}x"
    return f"{said}   git-history {theirs.wall:6.1f} s   {ratios}"


def main(histories: str = str(ROOT.parent / "shared" / "history"), scraper: str = "git-history") -> None:
    """Print one line a history."""
    with tempfile.TemporaryDirectory() as made:
        print(models(Path(made), Path(histories)), flush=True)
        print(tables(Path(made), Path(histories), scraper))


if __name__ == "__main__":
    main(*sys.argv[1:])
