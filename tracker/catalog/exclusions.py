"""The reviewed list of entries that are no measure of a model: db/excluded.toml, each with its reason."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tracker import paths
from tracker.catalog.aliases import BadReference


@cache
def load_exclusions(file: Path | None = None) -> Mapping[str, Mapping[str, str]]:
    """{source: {spelling in small letters: why it is left out}}, read once; may raise BadReference."""
    where = file or paths.shipped("db") / "excluded.toml"
    found: dict[str, dict[str, str]] = defaultdict(dict)
    try:
        for group in tomllib.loads(where.read_text(encoding="utf-8"))["excluded"]:
            if not group["reason"].strip():
                raise ValueError(f"{', '.join(group['entries'])} has no reason; say why it is left out")
            found[group["source"]] |= {entry.lower(): group["reason"] for entry in group["entries"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadReference(f"{where}: an entry is not as the file's heading says: {error!r}") from error
    return dict(found)
