"""What the search looks through: a script, since a page that is opened from a file may load no data."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tracker.digest.site.page import Page


def index(pages: Iterable[Page]) -> str:
    """The pages as [title, kind, path, further words], as a script."""
    rows = [[page.title, page.kind, page.path, page.words] for page in pages]
    listed = ",\n".join(json.dumps(row) for row in rows)
    return f"window.GAPWATCH_PAGES = [\n{listed}\n];\n"
