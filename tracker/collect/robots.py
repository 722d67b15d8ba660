"""What a site's robots.txt lets Gapwatch read, and how fast (RFC 9309, parsed by protego)."""

from __future__ import annotations

from protego import Protego

PRODUCT = "gapwatch"
MOST_BYTES = 500_000
SLOWEST = 10.0  # seconds; a longer Crawl-delay is a way of saying no that robots.txt has other words for


class Rules:
    """One robots.txt; the empty text allows everything.

    >>> Rules("User-agent: *\\nDisallow: /private/").allows("https://example.org/private/x")
    False
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._parsed = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched by the product token `gapwatch`."""
        return bool(self._parsed.can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float:
        """Seconds that must lie between two requests to the site, at most ten."""
        asked = self._parsed.crawl_delay(PRODUCT)
        return min(float(asked), SLOWEST) if asked and asked > 0 else 0.0
