"""One request to a receiver: to exactly the address that was checked, in bounded time, past every proxy.

The name is resolved once, every address it has is judged, and the connection goes to one of those: a resolver that
answers differently a moment later is not asked. No redirect is followed, and no more of the answer is read than shows
that there is one.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache

from app.core import asking
from app.core.config import Settings
from app.webhooks import destinations
from app.webhooks.destinations import Destination
from app.webhooks.errors import AddressRefused
from app.webhooks.networks import Address, Allowed

READ_BYTES = 4_096

Resolve = Callable[[str, int], list[str]]


class NotSent(Exception):
    """Why no answer came, in words for a person."""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def post(url: str, body: bytes, headers: Mapping[str, str], settings: Settings, resolver: Resolve = resolve) -> int:
    """The status of the answer. Raises `NotSent`."""
    deadline = time.monotonic() + settings.webhook_timeout_seconds
    try:
        destination = destinations.read(url, settings)
        addresses = _addresses(destination, settings, deadline, resolver)
    except AddressRefused as error:
        raise NotSent(error.detail) from None
    try:
        with _connect(destination, addresses, deadline) as connection, _cut_at(deadline, connection):
            return _exchange(destination, connection, body, headers, deadline)
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= deadline
        seconds = settings.webhook_timeout_seconds
        raise NotSent(f"No answer within {seconds:g} seconds." if late else _why(error)) from None


def _addresses(destination: Destination, settings: Settings, deadline: float, resolver: Resolve) -> list[Address]:
    if destination.address is not None:
        return [destination.address]
    question = f"address of {destination.host}:{destination.port}"
    seconds = deadline - time.monotonic()
    answer = asking.all_of({question: lambda: resolver(destination.host, destination.port)}, seconds)[question]
    if isinstance(answer, Exception) or not answer:
        raise NotSent(f"No address was found for {destination.host}.")
    addresses = [ipaddress.ip_address(each) for each in answer]
    destinations.require_reachable(destination.host, addresses, Allowed(settings.webhook_allowed_hosts))
    return addresses


def _connect(destination: Destination, addresses: list[Address], deadline: float) -> socket.socket:
    failure: OSError = TimeoutError()
    for address in addresses:
        if (seconds := deadline - time.monotonic()) <= 0:
            raise TimeoutError
        try:
            plain = socket.create_connection((str(address), destination.port), timeout=seconds)
        except OSError as error:
            failure = error
            continue
        return _encrypted(plain, destination, deadline) if destination.tls else plain
    raise failure


def _encrypted(plain: socket.socket, destination: Destination, deadline: float) -> socket.socket:
    """With the certificate checked against the name, not against the address that was connected to."""
    try:
        with _cut_at(deadline, plain):
            return _tls().wrap_socket(plain, server_hostname=destination.host)
    except BaseException:
        plain.close()
        raise


@contextmanager
def _cut_at(deadline: float, connection: socket.socket) -> Iterator[None]:
    """Ends the connection at the deadline: a receiver that sends a byte now and then would never time out."""
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _exchange(
    destination: Destination, connection: socket.socket, body: bytes, headers: Mapping[str, str], deadline: float
) -> int:
    connection.settimeout(max(0.01, deadline - time.monotonic()))
    client = http.client.HTTPConnection(destination.host, destination.port)
    client.sock = connection
    fixed = {"Host": destination.authority, "Content-Type": "application/json", "Connection": "close"}
    client.request("POST", destination.path, body, {**fixed, "User-Agent": "Workflow-Platform", **headers})
    answer = client.getresponse()
    with suppress(OSError, http.client.HTTPException):  # the status is what counts
        answer.read(READ_BYTES)
    return answer.status


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"The encrypted connection failed: {error.reason}."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there: the connection was refused."
    if isinstance(error, ConnectionError | http.client.RemoteDisconnected):
        return "The connection was cut before an answer came."
    if isinstance(error, http.client.HTTPException):
        return "What came back is not HTTP."
    return f"The connection failed: {getattr(error, 'strerror', None) or type(error).__name__}."
