"""The recorded web that may lie beside the project: real payloads at their real URLs, through a proxy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "web"


@contextmanager
def recorded_web(date: str) -> Iterator[Any]:
    """The recorded web as of a date, or a skip with the reason.

    Its `env` is the environment to run in; `fault`, `set_date`, `requests` steer and watch it.
    """
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Replay  # type: ignore[import-not-found, unused-ignore]

    with Replay(date=date) as web:
        yield web
