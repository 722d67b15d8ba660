"""A body is taken whole and within its limit, or not at all; the cap holds inside the decompressor."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from tracker.collect.decode import read
from tracker.errors import BadBody

TEXT = b"model,rating\n" + b"".join(b"model-%d,%d\n" % (n, 1000 + n) for n in range(5000))
PACKED = gzip.compress(TEXT)
LIMIT = 1 << 20


def split(body: bytes, size: int) -> list[bytes]:
    return [body[at : at + size] for at in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
@pytest.mark.parametrize(
    ("coding", "wire"), [("", TEXT), ("identity", TEXT), ("gzip", PACKED), ("x-gzip", PACKED)]
)
def test_a_whole_body_comes_as_it_was_however_it_is_cut(coding: str, wire: bytes, size: int) -> None:
    assert read(split(wire, size), coding, LIMIT) == TEXT


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_an_empty_body_is_empty(coding: str) -> None:
    assert read([], coding, LIMIT) == b""


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert read([PACKED], "gzip", len(TEXT)) == TEXT
    assert read([TEXT], "", len(TEXT)) == TEXT


BROKEN = {
    "gzip cut off": ("gzip", PACKED[: len(PACKED) // 2], "stops before the end"),
    "gzip without its checksum": ("gzip", PACKED[:-4], "stops before the end"),
    "gzip with a flipped byte": ("gzip", PACKED[:40] + b"\xff\xff\xff\xff" + PACKED[44:], "is broken"),
    "gzip that is none": ("gzip", TEXT, "is broken"),
    "garbage after the end": ("gzip", PACKED + b"garbage", "follows the end"),
    "another stream after the end": ("gzip", PACKED + PACKED, "follows the end"),
    "compressed twice, labelled once": ("gzip", gzip.compress(PACKED), "compressed twice"),
    "compressed twice, labelled twice": ("gzip, gzip", gzip.compress(PACKED), "was not asked for"),
    "another coding": ("br", TEXT, "was not asked for"),
    "too large": ("", b"x" * (LIMIT + 1), "larger than 1,048,576 bytes"),
    "too large when inflated": ("gzip", gzip.compress(b"x" * (LIMIT + 1)), "larger than 1,048,576 bytes"),
}


@pytest.mark.parametrize("size", [100, 1 << 21])
@pytest.mark.parametrize(("coding", "wire", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_body_is_refused(coding: str, wire: bytes, said: str, size: int) -> None:
    with pytest.raises(BadBody, match=said):
        read(split(wire, size), coding, LIMIT)


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    mebibyte = bytes(1 << 20)
    return b"".join(packer.compress(mebibyte) for _ in range(size >> 20)) + packer.flush()


def endless(chunk: bytes) -> Iterator[bytes]:
    while True:
        yield chunk


def nothing_for_ever() -> Iterator[bytes]:
    """A gzip stream of empty blocks: it goes on and on and never says a byte."""
    packer = zlib.compressobj(0, zlib.DEFLATED, 31)
    yield packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)
    yield from endless(b"\x00\x00\x00\xff\xff" * 10_000)


FLOODS = {
    "a bomb in one chunk": ("gzip", lambda: [bomb(128 << 20)]),
    "a body without end": ("", lambda: endless(b"x" * 65536)),
    "a gzip stream without content or end": ("gzip", nothing_for_ever),
}


@pytest.mark.parametrize(("coding", "flood"), FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_is_stopped_at_the_limit_and_costs_little_memory(coding: str, flood: object) -> None:
    assert callable(flood)
    chunks = flood()
    tracemalloc.start()
    try:
        with pytest.raises(BadBody, match="larger than"):
            read(chunks, coding, 64 << 20)
        assert tracemalloc.get_traced_memory()[1] < 30 << 20
    finally:
        tracemalloc.stop()


def test_the_beginning_is_enough_where_the_whole_is_not_asked_for() -> None:
    assert read(endless(b"abc"), "", 1000, whole=False) == (b"abc" * 334)[:1000]
    assert read([PACKED], "gzip", 1000, whole=False) == TEXT[:1000]
