"""Private addresses are refused in every spelling; the public internet and what the user allows is not."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.collect import urls
from tracker.collect.addresses import Guard, literal
from tracker.errors import UnsafeAddress, UsageError

PRIVATE = {
    "this network": "0.0.0.0",
    "this network, last": "0.255.255.255",
    "loopback": "127.0.0.1",
    "loopback, another": "127.99.1.2",
    "10/8": "10.20.30.40",
    "172.16/12, first": "172.16.0.1",
    "172.16/12, last": "172.31.255.255",
    "192.168/16": "192.168.1.1",
    "link-local, cloud metadata": "169.254.169.254",
    "between provider and customer": "100.64.0.1",
    "documentation": "192.0.2.7",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.251",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 loopback": "::1",
    "unique local": "fc00::1",
    "unique local, fd": "fd12:3456::1",
    "IPv6 link-local": "fe80::1",
    "IPv6 site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "IPv4-mapped loopback": "::ffff:127.0.0.1",
    "IPv4-mapped private": "::ffff:10.0.0.1",
    "IPv4-compatible": "::7f00:1",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of anything": "64:ff9b::808:808",
    "NAT64, local": "64:ff9b:1::1",
    "6to4 of a private address": "2002:a00:1::1",
    "Teredo": "2001:0:4136:e378::1",
}

SPELLINGS = {
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "017700000001",
    "hex parts": "0x7f.0.0.1",
    "octal parts": "0177.0.0.1",
    "short": "127.1",
    "a dot at the end": "127.0.0.1.",
    "decimal metadata": "2852039166",
    "in brackets": "[::1]",
    "with a zone": "fe80::1%eth0",
}

PUBLIC = [
    "8.8.8.8",
    "140.82.121.3",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::6810:84e5",
    "2a00:1450:4001::200e",
]


@pytest.mark.parametrize("address", PRIVATE.values(), ids=PRIVATE.keys())
def test_an_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert Guard().refuses(ip_address(address))
    with pytest.raises(UnsafeAddress, match="outside the public internet"):
        Guard().vet_host(address)


@pytest.mark.parametrize("host", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_of_an_address_is_that_address(host: str) -> None:
    with pytest.raises(UnsafeAddress, match="outside the public internet"):
        Guard().vet_host(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "api.localhost"])
def test_a_name_that_can_only_mean_loopback_is_refused(host: str) -> None:
    with pytest.raises(UnsafeAddress, match=r"127\.0\.0\.1"):
        Guard().vet_host(host)
    Guard(["127.0.0.0/8"]).vet_host(host)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_visited(address: str) -> None:
    assert not Guard().refuses(ip_address(address))
    Guard().vet_host(address)


@pytest.mark.parametrize(
    "host", ["example.org", "1e100.net", "10.example.org", "0x.example", "256.256.256.256"]
)
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None
    Guard().vet_host(host)


@pytest.mark.parametrize(
    ("allow", "address", "refused"),
    [
        ("10.1.0.0/16", "10.1.2.3", False),
        ("10.1.0.0/16", "10.2.2.3", True),
        ("10.1.0.0/16", "::ffff:10.1.2.3", False),
        ("10.1.2.3/16", "10.1.9.9", False),
        ("::1", "::1", False),
        ("::1", "127.0.0.1", True),
        ("fd00::/8", "fd12::1", False),
    ],
)
def test_the_allow_list_opens_what_it_names_and_no_more(allow: str, address: str, refused: bool) -> None:
    assert Guard([allow]).refuses(ip_address(address)) is refused


def test_a_wrong_allow_list_is_named() -> None:
    with pytest.raises(UsageError, match="allow_addresses: 'intranet'"):
        Guard(["intranet"])


def test_of_several_addresses_only_the_safe_ones_are_met() -> None:
    found = ["10.0.0.1", "8.8.8.8", "::1", "8.8.8.8"]
    assert Guard().vetted("example.org", found) == ["8.8.8.8"]
    with pytest.raises(UnsafeAddress, match=r"^example\.org leads to 10\.0\.0\.1"):
        Guard().vetted("example.org", ["10.0.0.1", "::1"])


@given(st.from_regex(urls.PLAIN, fullmatch=True))
def test_an_address_that_looks_ordinary_is_one(text: str) -> None:
    url = urls.checked(text)
    assert url.scheme in ("http", "https")
    assert text.startswith(f"{url.scheme}://{url.host}")


@pytest.mark.parametrize(
    "text",
    ["ftp://example.org/", "http://", "http://256.1.1.1/", "http://a b.org/", "http://example.org:99999/"],
)
def test_one_that_does_not_is_looked_at_closely(text: str) -> None:
    with pytest.raises(UnsafeAddress, match="URL"):
        urls.check(text)


@pytest.mark.parametrize(
    "text", ["http://localhost:8000/", "https://192.0.2.7/feed", "https://bücher.example/"]
)
def test_what_is_unusual_may_be_right(text: str) -> None:
    urls.check(text)
