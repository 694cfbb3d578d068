"""A new workflow with its steps and their labels, in as few statements as a database allows.

Steps and labels travel as one JSON document each: the database takes it apart, so the number of steps costs neither
round trips nor time for building statements.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.orm import Session

from app.core.clock import now
from app.workflows.content import StepContent
from app.workflows.labels import NewLabel, fitting
from app.workflows.models import LabelState, Visibility, Workflow, WorkflowStatus
from app.workflows.steps import row_values

_WORKFLOWS: Table = Workflow.__table__  # type: ignore[assignment]  # a Table, typed as FromClause

_WORKFLOW = insert(_WORKFLOWS).returning(_WORKFLOWS.c.id)

_STEP = "position, action, timestamp, target, value, value_kind, page, screenshot_id"
_LABEL = "field_label, instruction, confidence, source, user_id"

# S608 below: the statements are put together from the constants above alone.
_SQLITE_STEPS = text(
    f"INSERT INTO steps (workflow_id, version, label_state, {_STEP})"  # noqa: S608
    " SELECT :workflow_id, 1, :label_state, "
    + ", ".join(f"json_extract(value, '$.{column}')" for column in _STEP.split(", "))
    + " FROM json_each(:steps)"
)
_SQLITE_LABELS = text(
    f"INSERT INTO labels (step_id, created_at, {_LABEL})"  # noqa: S608
    " SELECT steps.id, :moment, "
    + ", ".join(f"json_extract(given.value, '$.{column}')" for column in _LABEL.split(", "))
    + " FROM json_each(:labels) AS given JOIN steps"
    " ON steps.workflow_id = :workflow_id AND steps.position = json_extract(given.value, '$.position')"
)
_STEP_IDS = text("SELECT id FROM steps WHERE workflow_id = :workflow_id ORDER BY position")

_POSTGRESQL = text(
    "WITH step AS ("  # noqa: S608
    f"INSERT INTO steps (workflow_id, version, label_state, {_STEP})"
    f" SELECT :workflow_id, 1, :label_state, {_STEP} FROM jsonb_to_recordset(CAST(:steps AS jsonb)) AS given("
    "position bigint, action text, timestamp timestamptz, target jsonb, value text, value_kind text, page jsonb,"
    " screenshot_id text) RETURNING id, position"
    "), label AS ("
    f"INSERT INTO labels (step_id, created_at, {_LABEL})"
    f" SELECT step.id, :moment, {_LABEL} FROM jsonb_to_recordset(CAST(:labels AS jsonb)) AS given("
    "position bigint, field_label text, instruction text, confidence double precision, source text, user_id bigint)"
    " JOIN step USING (position)"
    ") SELECT id FROM step ORDER BY position"
)


@dataclass(frozen=True, slots=True)
class Created:
    """Numbers and times that the database gave."""

    workflow_id: int
    step_ids: Sequence[int]
    moment: datetime


def create(
    session: Session,
    *,
    owner_id: int,
    texts: Mapping[str, str | None],
    steps: Sequence[StepContent],
    labels: Sequence[Sequence[NewLabel]],
    status: WorkflowStatus = WorkflowStatus.PROCESSING,
) -> Created:
    """Insert all of it. `texts`: name, description, starting_url, language; `labels`: those of each step."""
    moment = now()
    connection = session.connection()
    fields = {"owner_id": owner_id, "status": status, "visibility": Visibility.TEAM, "version": 1}
    workflow_id: int = connection.execute(
        _WORKFLOW, {**fields, **texts, "created_at": moment, "updated_at": moment}
    ).scalar_one()
    insert_steps = _in_postgresql if connection.dialect.name == "postgresql" else _in_sqlite
    return Created(workflow_id, insert_steps(connection, workflow_id, steps, _labels_as_json(labels), moment), moment)


def _in_postgresql(
    connection: Connection, workflow_id: int, steps: Sequence[StepContent], labels: str, moment: datetime
) -> Sequence[int]:
    given = {"workflow_id": workflow_id, "label_state": LabelState.RULES.value, "moment": moment, "labels": labels}
    given["steps"] = _steps_as_json(steps, datetime.isoformat)
    return connection.execute(_POSTGRESQL, given).scalars().all()


def _in_sqlite(
    connection: Connection, workflow_id: int, steps: Sequence[StepContent], labels: str, moment: datetime
) -> Sequence[int]:
    of_this = {"workflow_id": workflow_id}
    given = {**of_this, "label_state": LabelState.RULES.value, "steps": _steps_as_json(steps, _sqlite_text)}
    connection.execute(_SQLITE_STEPS, given)
    connection.execute(_SQLITE_LABELS, {**of_this, "labels": labels, "moment": _sqlite_text(moment)})
    return connection.execute(_STEP_IDS, of_this).scalars().all()


def _steps_as_json(steps: Sequence[StepContent], write: Callable[[datetime], str]) -> str:
    rows = []
    for position, step in enumerate(steps, 1):
        row = row_values(step, position)
        if row["timestamp"] is not None:
            row["timestamp"] = write(row["timestamp"])
        rows.append(row)
    return to_json(rows).decode()


def _labels_as_json(labels: Sequence[Sequence[NewLabel]]) -> str:
    return to_json(
        [
            {
                "position": position,
                "field_label": label.field_label,
                "instruction": label.instruction,
                "confidence": label.confidence,
                "source": label.source,
                "user_id": label.user_id,
            }
            for position, of_step in enumerate(labels, 1)
            for label in map(fitting, of_step)
        ]
    ).decode()


def _sqlite_text(moment: datetime) -> str:
    """As SQLAlchemy writes moments on SQLite; ours are in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
