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
FILE = "csv/lmsys.csv"
CONVERT = "list({r['model']: r for r in csv.DictReader(io.StringIO(content.decode()))}.values())"


def clone(bundle: Path, folder: Path) -> Path:
    """The repository of a bundle, with a working tree."""
    place = folder / bundle.stem
    subprocess.run(["git", "clone", "--quiet", "--branch", "main", str(bundle), str(place)], check=True)
    return place


def fill(folder: Path, source: str, place: Path) -> Cost:
    """A backfill into a database that does not exist yet."""
    shutil.rmtree(folder / "db", ignore_errors=True)
    database = ["--db", str(folder / "db" / "g.db"), "--now", "2026-06-02"]
    return once([*GAPWATCH, *database, "db", "backfill", source, "--from", str(place)])


def main(histories: str = str(ROOT.parent / "shared" / "history"), scraper: str = "git-history") -> None:
    """Print one line a history."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        models = clone(Path(histories) / "models.dev.bundle", folder)
        tables = clone(Path(histories) / "llm-leaderboard-csv.bundle", folder)
        ours = fill(folder, "modelsdev", models)
        bare = once([*PYTHON, "bench/bare_history.py", str(models), MODELS])
        again = once(
            [
                *GAPWATCH,
                "--db",
                str(folder / "db" / "g.db"),
                "db",
                "backfill",
                "modelsdev",
                "--from",
                str(models),
            ]
        )
        print(
            f"models.dev   {ours.wall:6.1f} s {ours.memory:5.0f} MB   git and tomllib {bare.wall:5.1f} s",
            end="",
        )
        print(f"   {ours.wall / bare.wall:.1f}x   a second run {again.wall:.1f} s")
        ours = fill(folder, "lmarena", tables)
        print(f"lmarena      {ours.wall:6.1f} s {ours.memory:5.0f} MB", end="")
        if shutil.which(scraper):
            there = [
                "file",
                str(folder / "h.db"),
                FILE,
                "--repo",
                str(tables),
                "--id",
                "model",
                "--convert",
                CONVERT,
                "--import",
                "csv",
                "--import",
                "io",
                "--branch",
                "main",
            ]
            theirs = once([scraper, *there])
            print(f"   git-history {theirs.wall:6.1f} s   {theirs.wall / ours.wall:.0f}x", end="")
        print()


if __name__ == "__main__":
    main(*sys.argv[1:])
