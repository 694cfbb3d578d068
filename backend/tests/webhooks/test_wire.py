"""One request, to real servers on this machine."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core.config import Settings
from app.webhooks import wire
from app.webhooks.wire import NotSent
from tests.webhooks.receiver import Receiver, receiving

PUBLIC = "93.184.215.14"
ALLOWED = Settings(webhook_allow_http=True, webhook_allowed_hosts="127.0.0.1", webhook_timeout_seconds=2)


@dataclass
class Resolver:
    """Answers in turn; the last answer again and again."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses to which a connection was tried; none of them answers."""
    tried: list[str] = []

    def refuse(address: tuple[str, int], **_: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def test_a_resolver_that_changes_its_answer_is_asked_once_and_the_checked_address_is_used(connected: list[str]) -> None:
    rebinding = Resolver([[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(NotSent, match="refused"):
        wire.post("https://hooks.example/", b"{}", {}, Settings(), rebinding)
    assert connected == [PUBLIC]
    assert rebinding.asked == ["hooks.example"]
    with pytest.raises(NotSent, match="not on the public internet"):
        wire.post("https://hooks.example/", b"{}", {}, Settings(), rebinding)
    assert connected == [PUBLIC], "the second answer was private: nothing was connected to"


@pytest.mark.parametrize("answer", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fe80::1%1"])
def test_a_name_that_leads_into_the_own_network_is_not_connected_to(answer: str, connected: list[str]) -> None:
    with pytest.raises(NotSent, match="not on the public internet"):
        wire.post("https://hooks.example/", b"{}", {}, Settings(), Resolver([[PUBLIC, answer]]))
    assert connected == []


def test_a_name_without_an_address_says_so() -> None:
    def fails(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NotSent, match=r"No address was found for hooks\.example"):
        wire.post("https://hooks.example/", b"{}", {}, Settings(), fails)


def test_the_request_carries_the_name_and_not_the_address(receiver: Receiver) -> None:
    url = f"http://hooks.example:{receiver.port}/in?a=1"
    assert wire.post(url, b'{"a":1}', {"webhook-id": "msg_1"}, ALLOWED, Resolver([["127.0.0.1"]])) == 200
    (got,) = receiver.got
    assert (got.path, got.body, got.headers["host"]) == ("/in?a=1", b'{"a":1}', f"hooks.example:{receiver.port}")
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == "msg_1"


def test_the_second_address_is_tried_when_nobody_listens_at_the_first(receiver: Receiver) -> None:
    both = Settings(webhook_allow_http=True, webhook_allowed_hosts="hooks.example", webhook_timeout_seconds=5)
    url = f"http://hooks.example:{receiver.port}/"
    assert wire.post(url, b"{}", {}, both, Resolver([["::1", "127.0.0.1"]])) == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    with receiving() as other:
        receiver.statuses, receiver.headers = [status], {"Location": other.url}
        assert wire.post(receiver.url, b"{}", {}, ALLOWED) == status
        assert other.got == []


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert wire.post(receiver.url, b"{}", {}, ALLOWED) == 200
        assert (len(receiver.got), proxy.got) == (1, [])


def test_nobody_listening_is_said() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(NotSent, match="Nobody listens there"):
        wire.post(f"http://127.0.0.1:{port}/", b"{}", {}, ALLOWED)


def serve_raw(answer: bytes, *, then: threading.Event | None = None, drip: bool = False) -> int:
    """The port of a server that answers one connection with these bytes, one by one if it is to `drip`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as connection:
            connection.recv(10_000)
            try:
                for part in [answer[n : n + 1] for n in range(len(answer))] if drip else [answer]:
                    connection.sendall(part)
                    if drip and then and then.wait(0.05):
                        return
            except OSError:
                return
            if then:
                then.wait(30)

    threading.Thread(target=serve, daemon=True).start()
    return int(listener.getsockname()[1])


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 99999999 x\r\n\r\n", b"\x00" * 70_000])
def test_what_is_not_http_is_said(answer: bytes) -> None:
    with pytest.raises(NotSent, match=r"not HTTP|was cut"):
        wire.post(f"http://127.0.0.1:{serve_raw(answer)}/", b"{}", {}, ALLOWED)


@pytest.mark.parametrize("drip", [False, True])
def test_a_receiver_that_hangs_or_drips_is_cut_off(drip: bool) -> None:
    settings, done = ALLOWED.model_copy(update={"webhook_timeout_seconds": 0.5}), threading.Event()
    port = serve_raw(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 if drip else b"", then=done, drip=drip)
    begun = time.monotonic()
    with pytest.raises(NotSent, match=r"No answer within 0\.5 seconds"):
        wire.post(f"http://127.0.0.1:{port}/", b"{}", {}, settings)
    done.set()
    assert time.monotonic() - begun < 20, "the drip alone takes a minute"


def test_a_long_answer_is_not_read(receiver: Receiver) -> None:
    receiver.answer = b"x" * 50_000_000
    assert wire.post(receiver.url, b"{}", {}, ALLOWED) == 200


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate for this name, and the file that makes it trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    moment = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - datetime.timedelta(hours=1))
        .not_valid_after(moment + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    trusted = folder / "trusted.pem"
    trusted.write_bytes(public)
    return context, str(trusted)


@pytest.fixture
def fresh_trust() -> Iterator[None]:
    wire._tls.cache_clear()
    yield
    wire._tls.cache_clear()


@pytest.mark.usefixtures("fresh_trust")
def test_the_certificate_is_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, trusted = certificate(tmp_path, "hooks.example")
    here = Resolver([["127.0.0.1"]])
    with receiving(context) as receiver:
        with pytest.raises(NotSent, match="certificate is not trusted: self-signed"):
            wire.post(f"https://hooks.example:{receiver.port}/", b"{}", {}, ALLOWED, here)
        monkeypatch.setenv("SSL_CERT_FILE", trusted)
        wire._tls.cache_clear()
        with pytest.raises(NotSent, match="certificate is not trusted: Hostname mismatch"):
            wire.post(f"https://other.example:{receiver.port}/", b"{}", {}, ALLOWED, here)
        assert receiver.got == []
        assert wire.post(f"https://hooks.example:{receiver.port}/", b"{}", {}, ALLOWED, here) == 200
        assert receiver.got[0].headers["host"] == f"hooks.example:{receiver.port}"
