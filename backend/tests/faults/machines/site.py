"""Two APIs, three workers, two beats, each on a machine of its own."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
from sqlalchemy import Engine

from app.accounts import service as accounts
from app.accounts import tokens, users
from app.core import migrations
from app.core.db import make_engine, transaction
from tests.faults.machines.network import Network, network
from tests.faults.machines.program import Program
from tests.faults.machines.shared import Shared, shared
from tests.servers import free_port

APIS = ("api1", "api2")
WORKERS = ("worker1", "worker2", "worker3")
BEATS = ("beat1", "beat2")
READY_SECONDS = 90


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that runs."""

    network: Network
    shared: Shared
    engine: Engine
    token: str
    programs: dict[str, Program]
    urls: tuple[str, ...]
    """Of the APIs."""

    def api(self, at: int, *, timeout: float = 30) -> httpx.Client:
        """A client of one of them."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=f"{self.urls[at]}/api/v1", headers=headers, timeout=timeout, trust_env=False)

    def ready(self, names: Sequence[str]) -> list[Program]:
        """Those of these programs that do their work already; a beat works as soon as it runs."""
        urls = dict(zip(APIS, self.urls, strict=True))
        return [self.programs[name] for name in names if name in BEATS or _is_ready(self, urls.get(name, name))]

    def workers(self) -> list[Program]:
        return [self.programs[name] for name in WORKERS]

    def alive(self) -> list[str]:
        """Names of programs that run."""
        return [name for name, program in self.programs.items() if program.process and program.process.poll() is None]


@contextmanager
def site(*, concurrency: int = 1, **settings: str) -> Iterator[Site]:
    """All of it, started and ready; `{hub}` in a setting is the address of what is shared."""
    with (
        tempfile.TemporaryDirectory(prefix="wp-site-") as name,
        network(*APIS, *WORKERS, *BEATS) as net,
        shared(Path(name), net.hub) as backing,
    ):
        folder = Path(name)
        engine = make_engine(backing.environment["DATABASE_URL"])
        token = _prepare(engine)
        ours = {
            "LABELER": "rules",
            "LOG_FORMAT": "json",
            **backing.environment,
            **{key.upper(): value.replace("{hub}", net.hub) for key, value in settings.items()},
        }
        urls = tuple(f"http://{net.address(api)}:{free_port()}" for api in APIS)
        commands = _commands(urls, concurrency)
        programs = {
            name: Program(name, net, folder / "machines", command, ours, folder / f"{name}.log")
            for name, command in commands.items()
        }
        try:
            for program in programs.values():
                program.start()
            made = Site(net, backing, engine, token, programs, urls)
            _wait_until_ready(made)
            yield made
        finally:
            for program in programs.values():
                program.kill()
            engine.dispose()


def _commands(urls: tuple[str, ...], concurrency: int) -> dict[str, list[str]]:
    celery = ["celery", "--quiet", "-A", "app.celery_app"]
    pool = ["--loglevel=info", f"--concurrency={concurrency}", "--without-gossip", "--without-mingle"]
    made = {}
    for name, url in zip(APIS, urls, strict=True):
        host, port = url.removeprefix("http://").split(":")
        made[name] = ["uvicorn", "app.main:app", "--host", host, "--port", port, "--no-access-log"]
    for name in WORKERS:
        made[name] = [*celery, "worker", *pool, "-n", f"{name}@{name}"]
    for name in BEATS:
        made[name] = [*celery, "beat", "--loglevel=info"]
    return made


def _prepare(engine: Engine) -> str:
    """Tables, a person, and a token of that person."""
    migrations.upgrade(engine)
    with transaction(engine=engine) as session:
        users.ensure_admin(session)
        return tokens.create(session, accounts.local_admin(session), name="site", scopes=["read", "write"])[1]


def _wait_until_ready(made: Site) -> None:
    """The APIs answer, the workers consume."""
    deadline = time.monotonic() + READY_SECONDS
    waiting = {*made.urls, *WORKERS}
    while waiting:
        waiting = {one for one in waiting if not _is_ready(made, one)}
        if time.monotonic() > deadline or len(made.alive()) < len(made.programs):
            logs = "\n".join(f"{p.name}: {p.log.read_text()[-1500:]}" for p in made.programs.values())
            raise AssertionError(f"not ready: {waiting}; alive: {made.alive()}\n{logs}")
        time.sleep(0.05)


def _is_ready(made: Site, one: str) -> bool:
    if one in made.programs:
        return made.programs[one].consumes()
    with suppress(httpx.HTTPError):
        return httpx.get(f"{one}/health/live", timeout=2, trust_env=False).status_code == 200
    return False
