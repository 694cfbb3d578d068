"""Forms of addresses, each of which some resolver or client reads in a way of its own."""

import ipaddress

import pytest

from app.core.config import Settings
from app.webhooks import destinations
from app.webhooks.errors import AddressRefused
from app.webhooks.networks import Allowed, is_public

USUAL = Settings(webhook_allow_http=True)

REFUSED = [
    "",
    "hooks.example",
    "//hooks.example/",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://:443/",
    "https://hooks.example:0/",
    "https://hooks.example:99999/",
    "https://hooks.example:x/",
    "https://user@hooks.example/",
    "https://user:secret@hooks.example/",
    "https://hooks.example@127.0.0.1/",
    "https://hooks.example\\@127.0.0.1/",
    "https://hooks.example /",
    "https://hooks.example\n/",
    "https://hooks.example\r\nHost: other/",
    "https://hooks\u200b.example/",
    "https://hooks..example/",
    "https://-hooks.example/",
    "https://[not-an-address]/",
    "https://[::1/",
    "https://hooks.example/" + "a" * 2_000,
    # this machine
    "http://localhost/",
    "http://LOCALHOST./",
    "http://api.localhost/",
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1.2.3:8000/",
    "http://0.0.0.0/",
    "http://127.1/",
    "http://0/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://0X7F.1/",
    "http://127.0.0.0x1/",
    "http://127.0.0.01/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    # its networks, and where clouds keep their metadata
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    # for everybody, for nobody, for later
    "http://224.0.0.1/",
    "http://[ff02::1]/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_web_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        destinations.read(url, USUAL)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("https://hooks.example", "hooks.example", 443, "/", "hooks.example"),
        ("https://Hooks.Example./in?key=a%2Fb#part", "hooks.example", 443, "/in?key=a%2Fb", "hooks.example"),
        ("https://hooks.example:8443/in", "hooks.example", 8443, "/in", "hooks.example:8443"),
        ("https://bücher.example/größe", "xn--bcher-kva.example", 443, "/gr%C3%B6%C3%9Fe", "xn--bcher-kva.example"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/", "8.8.8.8"),
        ("https://[2606:4700::1111]:8443/", "2606:4700::1111", 8443, "/", "[2606:4700::1111]:8443"),
        ("https://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808", 443, "/", "[64:ff9b::808:808]"),
    ],
)
def test_public_addresses_are_read(url: str, host: str, port: int, path: str, authority: str) -> None:
    found = destinations.read(url, USUAL)
    assert (found.host, found.port, found.path, found.authority) == (host, port, path, authority)


def test_without_tls_only_where_that_is_allowed() -> None:
    with pytest.raises(AddressRefused, match="must begin with https://"):
        destinations.read("http://hooks.example/", Settings())
    assert not destinations.read("http://hooks.example/", USUAL).tls


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("chat.internal, 10.0.0.0/8", "https://10.1.2.3/"),
        ("127.0.0.1", "https://127.0.0.1/"),
        ("127.0.0.1", "https://[::ffff:127.0.0.1]/"),
        ("[fd00::]/8,fd00::/8", "https://[fd00::1]/"),
        ("localhost", "https://localhost/"),
    ],
)
def test_the_operator_can_allow_the_own_network(listed: str, url: str) -> None:
    destinations.read(url, Settings(webhook_allowed_hosts=listed))
    with pytest.raises(AddressRefused):
        destinations.read(url, Settings(webhook_allowed_hosts="10.9.0.0/16, other.internal"))


def test_one_private_address_among_public_ones_is_one_too_many() -> None:
    found = [ipaddress.ip_address(each) for each in ("8.8.8.8", "10.0.0.1")]
    with pytest.raises(AddressRefused):
        destinations.require_reachable("hooks.example", found, Allowed(""))
    destinations.require_reachable("hooks.example", found, Allowed("hooks.example"))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:808:808::1"])
def test_public_networks_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
