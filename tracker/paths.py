"""Where shipped content and the user's folders are. The only module that knows.

Shipped content (`sources`, `templates`, `db`) lies beside the package in a checkout and inside it in
a wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(room: str) -> Path:
    """The folder of shipped content named `room` ("sources", "templates" or "db")."""
    inside = PACKAGE / room
    return inside if inside.is_dir() else PACKAGE.parent / room


def data_dir() -> Path:
    """The user's data folder, where the database and the digests live unless told otherwise."""
    import platformdirs  # costs 5 ms; most commands are given --db or read it once

    return Path(platformdirs.user_data_dir("gapwatch", appauthor=False))


def config_dir() -> Path:
    """The user's configuration folder: gapwatch.toml, and places of the user's own in `sources`."""
    import platformdirs

    return Path(platformdirs.user_config_dir("gapwatch", appauthor=False))
