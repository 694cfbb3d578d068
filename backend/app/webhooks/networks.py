"""Which network addresses a webhook may reach: public ones, and what the operator named."""

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's address translation
            "127.0.0.0/8",
            "168.63.129.16/32",  # public in form; inside Azure it is the host's own service
            "169.254.0.0/16",  # link-local, where clouds keep their metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_SIX_TO_FOUR = IPv6Network("2002::/16")
_LAST_32_BITS = tuple(
    map(
        IPv6Network,
        (
            "::ffff:0:0/96",  # IPv4-mapped
            "64:ff9b::/96",  # NAT64
        ),
    )
)
"""IPv6 networks whose addresses stand for the IPv4 address at their end."""


def is_public(address: Address) -> bool:
    """Whether this is somewhere on the internet, whatever form the address has."""
    meant = _meant(address)
    if isinstance(meant, IPv4Address):
        return not any(meant in network for network in _NOT_PUBLIC_V4)
    return meant in _PUBLIC_V6 and not any(meant in network for network in _NOT_PUBLIC_V6)


def _meant(address: Address) -> Address:
    """Where a packet to this address ends up."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _LAST_32_BITS):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    return address


class Allowed:
    """What the operator named in WEBHOOK_ALLOWED_HOSTS."""

    def __init__(self, listed: str) -> None:
        self._names: set[str] = set()
        self._networks: list[Network] = []
        for entry in filter(None, (part.strip() for part in listed.split(","))):
            try:
                self._networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._names.add(entry.lower().rstrip("."))

    def has_name(self, host: str) -> bool:
        """Whether this very name was listed: then it may stand for any address."""
        return host in self._names

    def has_address(self, address: Address) -> bool:
        """Whether the address, or the IPv4 address that it stands for, was listed."""
        return any(form in network for network in self._networks for form in (address, _meant(address)))
