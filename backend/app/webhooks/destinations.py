"""The address of a receiver: read strictly, so that no part of it means one thing here and another to a resolver."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from app.core.config import Settings
from app.webhooks.errors import AddressRefused
from app.webhooks.networks import Address, Allowed, is_public

MAX_URL = 2_000

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to send. `address` is set if the host is no name."""

    tls: bool
    host: str
    port: int
    path: str
    address: Address | None

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def read(url: str, settings: Settings) -> Destination:
    """The parts of a webhook's address. Raises `AddressRefused`, and says why."""
    if len(url) > MAX_URL or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused("This is not a web address.", field="url")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise AddressRefused("This is not a web address.", field="url") from None
    schemes = {"https", "http"} if settings.webhook_allow_http else {"https"}
    if parts.scheme not in schemes:
        raise AddressRefused(f"The address must begin with {' or '.join(sorted(schemes))}://", field="url")
    if "@" in parts.netloc:
        raise AddressRefused("The address must not carry a user name or a password.", field="url")
    if not host or port == 0:
        raise AddressRefused("The address names no host.", field="url")
    tls = parts.scheme == "https"
    host, address = _host(host)
    _refuse_own_network(host, address, settings)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Destination(tls, host, port or (443 if tls else 80), f"{path}?{query}" if query else path, address)


def _host(written: str) -> tuple[str, Address | None]:
    """The host in the one form that is used from here on."""
    if ":" in written:
        return _ipv6(written)
    try:
        host = written.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        raise AddressRefused("The host is not a name.", field="url") from None
    if not _NAME.fullmatch(host):
        raise AddressRefused("The host is not a name.", field="url")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # Resolvers read 2130706433, 0177.1 and 0x7f.0.0.1 as 127.0.0.1; here four plain numbers are the only form.
        try:
            return host, ipaddress.IPv4Address(host)
        except ValueError:
            raise AddressRefused("Write the IP address as four decimal numbers.", field="url") from None
    return host, None


def _ipv6(written: str) -> tuple[str, Address]:
    try:
        address = ipaddress.IPv6Address(written)
    except ValueError:
        raise AddressRefused("The host is not an IP address.", field="url") from None
    if address.scope_id is not None:
        raise AddressRefused("The IP address must not name a network interface.", field="url")
    return str(address), address


def _refuse_own_network(host: str, address: Address | None, settings: Settings) -> None:
    """What can be told from the address alone; a name is judged by what it resolves to, at each try."""
    allowed = Allowed(settings.webhook_allowed_hosts)
    if allowed.has_name(host):
        return
    if host == "localhost" or host.endswith(".localhost"):
        raise refusal(host)
    if address is not None:
        require_reachable(host, [address], allowed)


def require_reachable(host: str, addresses: list[Address], allowed: Allowed) -> None:
    """Refuse a host of which any address lies in a network that the operator did not name."""
    if allowed.has_name(host):
        return
    for address in addresses:
        if not is_public(address) and not allowed.has_address(address):
            raise refusal(host)


def refusal(host: str) -> AddressRefused:
    return AddressRefused(
        f"{host} is not on the public internet, and nothing is sent into this server's own network. "
        "Whoever runs this server can allow it with WEBHOOK_ALLOWED_HOSTS.",
        field="url",
    )
