"""Which addresses may be visited: the public ones, and those that the user allows.

Standards: RFC 6890 and the registries behind `ipaddress.is_global`, and beyond them the ranges that carry
an IPv4 address inside an IPv6 one (RFC 6052, 3056, 4380), which would lead to a private one by a detour.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from tracker.errors import UnsafeAddress
from tracker.settable import network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Counted as global by `ipaddress`, or only by some of its versions.
REFUSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # between a provider and its customers
        "192.88.99.0/24",  # 6to4 relays
        "::/96",  # IPv4-compatible
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local, as it once was
    )
)


class Guard:
    """Says whether an address may be visited. `allow` holds addresses and networks: "10.1.0.0/16", "::1".

    `hosts` are names and addresses that may be visited wherever they are: the user named them.
    """

    def __init__(self, allow: Iterable[str] = (), hosts: Iterable[str] = ()) -> None:
        self._allowed = [network(text, "allow_addresses") for text in allow]
        self._hosts = frozenset(map(_bare, hosts))

    def refuses(self, address: Address) -> bool:
        """Whether the address is private, reserved or otherwise not of the public internet."""
        address = plain(address)
        if any(address in network for network in self._allowed):
            return False
        if not address.is_global or address.is_multicast or address.is_reserved:
            return True
        return any(address in network for network in REFUSED)

    def vet_host(self, host: str) -> None:
        """Raise UnsafeAddress where the host is a literal address that must not be visited."""
        address = LOOPBACK if is_localhost(host) else literal(host)
        if address is not None and _bare(host) not in self._hosts and self.refuses(address):
            raise UnsafeAddress(f"{host} is {_described(host, address)}; {ADVICE}")

    def vetted(self, host: str, found: Iterable[str]) -> list[str]:
        """Those of a host's addresses that may be visited, in their order; UnsafeAddress if none may."""
        addresses = [ip_address(text.partition("%")[0]) for text in dict.fromkeys(found)]
        named = _bare(host) in self._hosts
        safe = [str(address) for address in addresses if named or not self.refuses(address)]
        if addresses and not safe:
            raise UnsafeAddress(f"{host} leads to {_described('', addresses[0])}; {ADVICE}")
        return safe


def _bare(host: str) -> str:
    """A host as it is compared."""
    return host.strip("[]").rstrip(".").lower()


def is_localhost(host: str) -> bool:
    """Whether the name can only mean a loopback address (RFC 6761), a proxy's own included."""
    return f".{host.rstrip('.').lower()}".endswith(".localhost")


LOOPBACK = IPv4Address("127.0.0.1")
ADVICE = "allow_addresses in the configuration lists what may be visited nevertheless"


def _described(host: str, address: Address) -> str:
    named = "" if str(address) == host else f"{address}, "
    return f"{named}an address outside the public internet"


def plain(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one (::ffff:10.0.0.1), as itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def literal(host: str) -> Address | None:
    """The address that a host is a spelling of, also in decimal, octal, hex or short form; else None."""
    bare = host.strip("[]").rstrip(".").partition("%")[0]
    try:
        return ip_address(bare)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(bare))
    except (OSError, ValueError):
        return None
