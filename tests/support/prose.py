"""What of a digest's text is read as prose: all but its boards, its evidence, and how to read it."""

from __future__ import annotations

import re

LOOKED_UP = ("THE GAP", "PRICES", "HELD", "HOW TO READ", "EVIDENCE")
A_MINUTE = 230  # words that a reader reads


def prose(text: str) -> list[str]:
    """The words from the headline to the corrections, without the numbers of references."""
    sections = re.split(r"\n\n(?=[A-Z]{3}[A-Z ,']*\b)", text)
    read = [section for section in sections if not section.startswith(LOOKED_UP)]
    return [word for section in read for word in section.split() if not re.fullmatch(r"\[\d+\][.;]?", word)]
