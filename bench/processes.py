"""Whole processes, measured: wall-clock, processor time and peak memory, medians over several runs."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = Path(sys.executable).parent / "gapwatch"
GAPWATCH = (
    [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from tracker.cli import main; main()"]
)
PYTHON = [sys.executable]
MEASURE = [sys.executable, "-IS", str(ROOT / "bench" / "measure.py")]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the wall and by the processor, and megabytes at its largest."""

    wall: float
    cpu: float
    memory: float
    said: str = ""


def once(
    command: Sequence[str], environ: Mapping[str, str] | None = None, fine: Sequence[int] = (0,)
) -> Cost:
    """Run a command; RuntimeError with its last words where it fails."""
    done = subprocess.run(
        [*MEASURE, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    if found.pop("code") not in fine:
        raise RuntimeError(f"{' '.join(command)[:80]} failed: {done.stderr.strip()[-300:]}")
    return Cost(**found)


def median(
    command: Sequence[str],
    repeats: int,
    environ: Mapping[str, str] | None = None,
    fine: Sequence[int] = (0,),
) -> Cost:
    """The medians of several runs; the first, which warms the caches, does not count."""
    once(command, environ, fine)
    costs = [once(command, environ, fine) for _ in range(repeats)]
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.memory for cost in costs),
        costs[-1].said,
    )
