"""The API as a process of its own (`uvicorn app.main:app`), that is killed and started again on the same port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import pytest

from app.accounts.actor import Actor
from app.core.config import BACKEND, Settings
from tests.api.callers import token_of
from tests.forked import Forked
from tests.servers import SERVER, free_port

PATIENCE_SECONDS = 60


@dataclass
class Api:
    """A server process and the way to it."""

    log: Path
    environment: Mapping[str, str]
    under: Sequence[str] = ()
    """A program that starts the server, such as one that takes rights from it."""
    port: int = field(default_factory=free_port)
    clients: list[httpx.Client] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | Forked" = field(init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, ready: bool = True) -> None:
        """Start it, again if it was killed; `ready`: it answers."""
        server = [*SERVER, "--port", str(self.port), "--log-level", "warning"]
        environment = {**os.environ, **self.environment}
        if self.under:
            command = [*self.under, sys.executable, "-m", *server]
            with self.log.open("ab") as output:
                self.process = subprocess.Popen(command, cwd=BACKEND, env=environment, stdout=output, stderr=output)
        else:
            self.process = Forked(server, self.log, environment)
        if ready:
            self.wait_until_alive()

    def wait_until_alive(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/health/live", timeout=5, trust_env=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        pytest.fail(f"The API did not start:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """-9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def client(self, actor: Actor | None = None, *, url: str | None = None) -> httpx.Client:
        """Calls as this person, straight or through the proxy at `url`; a connection for each call."""
        headers = {"Authorization": f"Bearer {token_of(actor)[1]}"} if actor else {}
        limits = httpx.Limits(max_keepalive_connections=0)
        client = httpx.Client(
            base_url=url or self.url, headers=headers, timeout=PATIENCE_SECONDS, limits=limits, trust_env=False
        )
        self.clients.append(client)
        return client

    def end(self) -> None:
        for client in self.clients:
            client.close()
        if self.process.poll() is None:
            self.kill()

    def peak_megabytes(self) -> float:
        """The most memory that the process ever held (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6


StartApi = Callable[..., Api]


@pytest.fixture
def start_api(settings: Settings, admin: Actor, tmp_path: Path) -> Iterator[StartApi]:
    """Starts servers on this test's database; `under`: see `Api`, the rest are further settings."""
    assert settings.database_url
    assert admin.user_id
    started: list[Api] = []

    def start(*, under: Sequence[str] = (), ready: bool = True, **environment: str) -> Api:
        api = Api(tmp_path / f"api{len(started)}.log", environment, under)
        started.append(api)
        api.start(ready=ready)
        return api

    yield start
    for api in started:
        api.end()
