"""One ISO week as a Digest, and its forms."""
