"""What pages cost that hold much: the library with 100,000 workflows and with 100, a guide of 200 steps and of 10.

    python -m benchmarks.pages [--workflows 100000] [--database sqlite|postgresql]

Two servers, one over each database; the same pages of both in turns, by a person who is signed in. Prints the time
until the whole page has come over the loopback, and its bytes, compressed as a proxy would.
"""

import argparse
import gzip
import http.client
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, String, cast, insert, select, update

from app.accounts import sessions, users
from app.accounts.actor import Actor
from app.accounts.models import Role
from app.core.db import make_engine, transaction
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows.models import Folder, Label, Workflow, WorkflowTag
from benchmarks import report, services
from benchmarks.filling import STEPS, contents, fill, settle
from benchmarks.growth import compare
from benchmarks.report import Row
from benchmarks.services import KINDS

FEW = 100
LONG, SHORT = 200, 10
TAGS, FOLDERS, SITES = 20, 10, 40
DOUBTFUL_ONE_IN = 50
TARGET = 1.3
COOKIE = "wp_session"

LIBRARY: Mapping[str, str] = {
    "library": "/",
    "library, last changed": "/?sort=changed",
    "library, by name": "/?sort=name",
    "library, one tag in twenty": "/?tag=tag3",
    "library, one folder in ten": "/?folder=3",
    "library, one site in forty, by name": "/?site=site3.example&sort=name",
    "library, with steps to check": "/?labels=check",
    "library, a common word by name": "/?q=common&sort=name",
}


def organise(engine: Engine) -> None:
    """Folders, tags, sites and doubtful labels; and an admin, without whom no server starts."""
    with transaction(engine=engine) as session:
        users.create(session, email="admin@example.com", name="Admin", role=Role.ADMIN, by=None)
        session.execute(insert(Folder), [{"name": f"Folder {n}"} for n in range(FOLDERS)])
        number = Workflow.id
        session.execute(update(Label).where(Label.step_id % DOUBTFUL_ONE_IN == 0).values(confidence=0.4))
        places = {"folder_id": number % FOLDERS + 1, "site": "site" + cast(number % SITES, String) + ".example"}
        session.execute(update(Workflow).values(**places))
        tagged = select(number, "tag" + cast(number % TAGS, String))
        session.execute(insert(WorkflowTag).from_select(["workflow_id", "tag"], tagged))
    settle(engine, "workflows", "steps", "folders")


def guide(engine: Engine, owner: Actor, steps: int) -> int:
    """A workflow of so many steps; its number."""
    dice = random.Random(steps)  # noqa: S311
    recorded = [step for _ in range(steps // STEPS) for step in contents(dice)]
    prepared = recordings.prepare(
        RecordingIn(name=f"{steps} steps", steps=[RecordingStep(**step.model_dump()) for step in recorded])
    )
    with transaction(engine=engine) as session:
        return recordings.store(session, owner, prepared).workflow_id


class Browser:
    """A person's, on a connection that is kept."""

    def __init__(self, server: services.Server, secret: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"Cookie": f"{COOKIE}={secret}", "Accept": "text/html"}

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body

    def close(self) -> None:
        self.connection.close()


@contextmanager
def browsers(kind: str, stored: int) -> Iterator[tuple[Browser, Browser, dict[int, int]]]:
    """Of the few and of the many; numbers of the guides in the latter, by their steps."""
    with tempfile.TemporaryDirectory(prefix="wp-pages-") as name, ExitStack() as stack:
        folder = Path(name)
        redis_url = stack.enter_context(services.valkey(folder))
        addresses = stack.enter_context(services.databases(kind, folder, "few", "many"))
        found, guides = [], {}
        for address, count in zip(addresses, (FEW, stored), strict=True):
            began = time.perf_counter()
            engine = make_engine(address)
            owner = fill(engine, count)
            organise(engine)
            guides = {steps: guide(engine, owner, steps) for steps in (SHORT, LONG)}
            with transaction(engine=engine) as session:
                secret, _ = sessions.start(session, users.get(session, owner.user_id), how="benchmark")
            engine.dispose()
            print(f"{kind}, {count:,} workflows: filled in {time.perf_counter() - began:.0f} s", flush=True)
            environment = services.environment(folder, redis_url, address)
            server = stack.enter_context(services.server("app.main:app", environment, folder / f"{count}.log"))
            found.append(stack.enter_context(closing(Browser(server, secret))))
        yield found[0], found[1], guides


def measure(kind: str, stored: int, rounds: int) -> list[Row]:
    """On this kind of database."""
    with browsers(kind, stored) as (few, many, guides):
        rows = []
        for what, path in LIBRARY.items():
            rows += _compared(f"{what}, {kind}", _opening(few, path), _opening(many, path), rounds)
        short, long = (_opening(many, f"/workflows/{guides[steps]}") for steps in (SHORT, LONG))
        return rows + _compared(f"guide, {kind}", short, long, rounds, at_most=None)


def _opening(browser: Browser, path: str) -> Callable[[], bytes]:
    return lambda: browser.get(path)


def _compared(
    what: str,
    few: Callable[[], bytes],
    many: Callable[[], bytes],
    rounds: int,
    *,
    at_most: float | None = TARGET,
) -> list[Row]:
    a, b = compare(few, many, rounds)
    sizes = [len(gzip.compress(page())) / 1000 for page in (few, many)]
    return [
        Row(f"{what}: time", b * 1000, "ms", a * 1000, at_most=at_most),
        Row(f"{what}: size, gzip", sizes[1], "kB", sizes[0]),
    ]


def _measure_all(given: argparse.Namespace) -> list[Row]:
    stored, rounds = (20_000, 10) if given.quick else (given.workflows, given.rounds)
    print(f"pages: {stored:,} workflows (ours) and {FEW} (baseline); {LONG} steps (ours) and {SHORT} (baseline)")
    return [row for kind in given.database or KINDS for row in measure(kind, stored, rounds)]


def main() -> None:
    """Both databases."""
    parser = report.parser(__doc__)
    parser.add_argument("--workflows", type=int, default=100_000, help="how many are stored in the large database")
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--rounds", type=int, default=30, help="openings of each page of each server")
    report.run(_measure_all, parser.parse_args())


if __name__ == "__main__":
    main()
