"""A disk that is full: the run says so, what was stored can be read, and the next run makes up for it.

A limit on file size stands for the full disk: SQLite meets the same refusal in the middle of a write.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from tests.support.smallweb import SmallWeb

LIMIT = 2_500_000  # bytes: room for the schema and some sources, not for the starter history and all prices


def gapwatch(
    db: Path, web: SmallWeb, *words: str, limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    """A command as a process that may write files of `limit` bytes."""

    def confine() -> None:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "tracker", "--db", str(db), *words],
        capture_output=True,
        text=True,
        env={"PATH": "", "HOME": str(db.parent), **web.env},
        cwd=Path(__file__).parents[1],
        preexec_fn=confine,
        timeout=100,
    )


def test_a_full_disk_fails_what_it_meets_and_is_made_up_for(tmp_path: Path) -> None:
    db = tmp_path / "gapwatch.db"
    with SmallWeb({}, "2026-05-31") as web:
        full = gapwatch(db, web, "run", "--json", limit=LIMIT)
        assert full.returncode == 3, full.stderr
        outcomes = {row["name"]: row for row in json.loads(full.stdout)["outcomes"]}
        refused = [name for name, row in outcomes.items() if "could not be stored" in row["note"]]
        assert refused
        assert gapwatch(db, web, "sources", "list", "--json").returncode == 0
        after = gapwatch(db, web, "run", "--all", "--json")
        assert after.returncode == 3, after.stderr  # this web has no pages at all
        assert "could not be stored" not in after.stdout
        gap = gapwatch(db, web, "gap", "lmarena.text.overall", "--on", "2026-05-31", "--json")
        assert [row["difference"] for row in json.loads(gap.stdout)] == [30]
