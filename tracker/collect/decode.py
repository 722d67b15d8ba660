"""Read a body with a cap that also holds inside the decompressor, and only accept it whole.

A gzip stream of 65 kB can become 64 MB: it is inflated in small pieces, each counted before the next.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile

from tracker.errors import BadBody

PIECE = 64 * 1024
IN_MEMORY = 4 * 1024 * 1024  # more than this waits on disk, so that a body without end costs no memory
GZIP_MAGIC = b"\x1f\x8b"


def read(chunks: Iterable[bytes], coding: str, limit: int, *, whole: bool = True) -> bytes:
    """The decoded body; BadBody where it is broken or larger than `limit` bytes.

    With `whole` False the first `limit` bytes are enough and the rest is left unread.
    """
    size = 0
    with SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        for piece in decoded(chunks, coding, limit):
            size += len(piece)
            if size > limit and whole:
                raise BadBody(f"it is larger than {limit:,} bytes")
            kept.write(piece[: len(piece) - max(0, size - limit)])
            if size > limit:
                break
        kept.seek(0)
        body = kept.read()
    if coding and body.startswith(GZIP_MAGIC):
        raise BadBody("it was compressed twice")
    return body


def decoded(chunks: Iterable[bytes], coding: str, limit: int) -> Iterator[bytes]:
    """The pieces of a body without its Content-Encoding; only `limit` bytes are read from the wire."""
    if coding in ("", "identity"):
        return _counted(chunks, limit)
    if coding in ("gzip", "x-gzip"):
        return _inflated(_counted(chunks, limit))
    raise BadBody(f"it is coded as {coding[:40]!r}, which was not asked for")


def _counted(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The chunks up to the one that passes the limit; the reader sees it and stops."""
    size = 0
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        if size > limit:
            raise BadBody(f"it is larger than {limit:,} bytes")


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A gzip stream in pieces; it must end, and nothing may follow."""
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    begun = False
    try:
        for chunk in chunks:
            while chunk:
                if inflater.eof:
                    raise BadBody("something follows the end of its gzip stream")
                begun = True
                yield inflater.decompress(chunk, PIECE)
                chunk = inflater.unconsumed_tail or inflater.unused_data
        while piece := inflater.decompress(b"", PIECE):
            yield piece
    except zlib.error as error:
        raise BadBody(f"its gzip stream is broken: {error}") from error
    if begun and not inflater.eof:
        raise BadBody("its gzip stream stops before the end")
