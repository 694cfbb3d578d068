"""Databases with as many workflows in them as one likes, filled by bulk inserts of the rows that an upload leaves."""

import random
import re
from collections.abc import Iterable

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor, of_user
from app.accounts.models import AuditEvent, Role, User
from app.core import migrations
from app.core.clock import now
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows import labels, search, steps
from app.workflows.content import Action, Context, Page, StepContent, Target
from app.workflows.models import LabelState, Step, Workflow

STEPS = 5
BATCH = 500
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


def add(session: Session, owner: Actor, names: list[str], dice: random.Random) -> None:
    """Workflows with steps, rule labels, search rows, finished runs and their lines in the audit trail."""
    new = [{"owner_id": owner.user_id, "name": name, "status": "draft"} for name in names]
    workflow_ids = session.scalars(insert(Workflow).returning(Workflow.id, sort_by_parameter_order=True), new).all()
    recorded = [contents(dice) for _ in names]
    rows = [
        {"workflow_id": workflow_id, "label_state": LabelState.LABELLED, **steps.row_values(content, position)}
        for workflow_id, them in zip(workflow_ids, recorded, strict=True)
        for position, content in enumerate(them, 1)
    ]
    step_ids = session.scalars(insert(Step).returning(Step.id, sort_by_parameter_order=True), rows).all()
    _finish(session, owner, workflow_ids)
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


def _finish(session: Session, owner: Actor, workflow_ids: Iterable[int]) -> None:
    """What every labelled workflow has beside itself."""
    runs, events = [], []
    for workflow_id in workflow_ids:
        runs.append({"workflow_id": workflow_id, "state": RunState.SUCCEEDED, "total_steps": STEPS})
        subject = f"workflow:{workflow_id}"
        events.append({"at": now(), "user_id": owner.user_id, "action": "workflow_created", "subject": subject})
    session.execute(insert(LabelingRun), runs)
    session.execute(insert(AuditEvent), events)


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
            add(session, owner, names, dice)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # what autovacuum does by itself in the course of time
    return owner
