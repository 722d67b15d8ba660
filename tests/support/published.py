"""A database with one week that is over, ready to be published, and settings of its own gapwatch.toml."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.database import BOARD, NEWS, PRICES, Built, fact, offer, score, story
from tracker import config
from tracker.config import Settings
from tracker.domain import Record

WEEK = "2025-W04"
NOW = "2025-01-27T07:00:00Z"


def recorded(folder: Path) -> Path:
    """A database of two visits of a board and of a price list, and some news; DeepSeek R1 closes a gap."""
    db = folder / "gapwatch.db"
    weights = {"deepseek-v3": "open", "deepseek-r1": "open", "gpt-4o": "closed"}
    facts: list[Record] = [fact(model, "weights", said) for model, said in weights.items()]
    with Built(db) as built:
        before = [score("gpt-4o", "1382"), score("deepseek-v3", "1327"), *facts]
        built.captured(BOARD, "2025-01-16", before)
        built.captured(PRICES, "2025-01-16", offer("gpt-4o", "openai", "2.50", "10"))
        built.captured(BOARD, "2025-01-24", [*before, score("deepseek-r1", "1357")])
        prices = [*offer("gpt-4o", "openai", "2.50", "10"), *offer("deepseek-r1", "deepseek", "0.55", "2.19")]
        built.captured(PRICES, "2025-01-24", prices)
        built.captured(NEWS, "2025-01-24", [story("r1", "DeepSeek R1 is out", "2025-01-23")])
    return db


def settings(folder: Path, toml: str = "", now: str = NOW, environ: dict[str, str] | None = None) -> Settings:
    """Settings of a configuration in a file of that folder."""
    file = folder / "gapwatch.toml"
    file.write_text(toml, encoding="utf-8")
    return config.load(db=folder / "gapwatch.db", config=file, now=now, environ=environ or {})


def asked(db: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a question to the file itself."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()
