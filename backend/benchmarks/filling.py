"""Databases with as many workflows in them as one likes, filled by bulk inserts of the rows that an upload leaves."""

import random
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, of_user
from app.accounts.models import AuditEvent, Role, User
from app.core import migrations
from app.core.clock import now
from app.core.db import Base, transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows import search, steps
from app.workflows.content import Action, Context, Page, StepContent, Target
from app.workflows.models import Label, LabelSource, LabelState, Step, Workflow

STEPS = 5
BATCH = 500
RECORDINGS = 2_000
"""Different ones; more workflows than that take them again under other names."""
RARE = 5
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


@dataclass(frozen=True, slots=True)
class Recorded:
    """What workflows are made of, put together once for many: the rows of the steps, their labels, what is searched."""

    steps: list[dict[str, Any]]
    labels: list[dict[str, Any]]
    texts: list[str | None]


def record(dice: random.Random) -> Recorded:
    """One recording, labelled."""
    recorded = contents(dice)
    titles = [content.target.name or "" for content in recorded if content.target]
    return Recorded(
        [steps.row_values(content, position) for position, content in enumerate(recorded, 1)],
        [{"field_label": title, "instruction": f"Click **{title}**.", "source": LabelSource.RULES} for title in titles],
        [*titles, *(text for content in recorded for text in (content.page.title, content.page.url))],
    )


def add(session: Session, owner: Actor, names: dict[int, str], recorded: list[Recorded]) -> None:
    """Workflows (number → name) with steps, labels, search rows, finished runs and their lines in the audit trail."""
    rows: dict[type[Base], list[dict[str, Any]]] = {Workflow: [], Step: [], Label: [], LabelingRun: [], AuditEvent: []}
    moment = now()
    for (number, name), parts in zip(names.items(), recorded, strict=True):
        rows[Workflow].append({"id": number, "owner_id": owner.user_id, "name": name, "status": "draft"})
        rows[LabelingRun].append({"workflow_id": number, "state": RunState.SUCCEEDED, "total_steps": STEPS})
        event = {"action": "workflow_created", "subject": f"workflow:{number}"}
        rows[AuditEvent].append({"at": moment, "user_id": owner.user_id, **event})
        first = (number - 1) * STEPS + 1
        for step_id, (step, label) in enumerate(zip(parts.steps, parts.labels, strict=True), first):
            rows[Step].append({"id": step_id, "workflow_id": number, "label_state": LabelState.LABELLED, **step})
            rows[Label].append({"step_id": step_id, **label})
    for table, of_table in rows.items():
        session.connection().execute(insert(table.__table__), of_table)  # type: ignore[arg-type]  # a Table
    search.add(session, {n: [name, *parts.texts] for (n, name), parts in zip(names.items(), recorded, strict=True)})


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
    recorded = [record(dice) for _ in range(min(count, RECORDINGS))]
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        names = {n + 1: f"Common {dice.choice(WORDS)} {dice.randrange(10**6)} {marks(n)}" for n in numbers}
        with transaction(engine=engine) as session:
            add(session, owner, names, dice.choices(recorded, k=len(names)))
    settle(engine, "workflows", "steps")
    return owner


def settle(engine: Engine, *tables: str) -> None:
    """Go on counting after the numbers that were given out here; and what autovacuum does in the course of time."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in tables:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
            )
        connection.execute(text("VACUUM ANALYZE"))
