"""File names made of ids: safe on every file system, and never the same for two ids.

An id of small letters and digits, with single dots, dashes and underscores between them, is its own name.
Any other (a slash, `..`, capitals that some file systems do not tell apart, other scripts, a name of Windows'
own, a long one) is spelt as near as that allows, with two dashes and a digest of the id: none is plain.
"""

from __future__ import annotations

import re
from hashlib import sha256

MOST = 80  # characters
_PLAIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def slug(id: str) -> str:
    """The file name of an id, without its ending."""
    if _PLAIN.fullmatch(id) and len(id) <= MOST and not _DEVICES.fullmatch(id):
        return id
    near = re.sub(r"[^a-z0-9]+", "-", id.lower())[: MOST - 20].strip("-")
    return f"{near or 'x'}--{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def metric_page(id: str) -> str:
    """Where a metric's page is, from the site's root."""
    return f"metrics/{slug(id)}.html"


def model_page(id: str) -> str:
    """Where a model's page is."""
    return f"models/{slug(id)}.html"


def vendor_page(id: str) -> str:
    """Where a vendor's page is."""
    return f"vendors/{slug(id)}.html"


def evidence_page(capture: int) -> str:
    """Where a capture's page is."""
    return f"e/c{capture}.html"


def digest_page(week: str) -> str:
    """Where a week's digest is."""
    return f"digests/{week}.html"
