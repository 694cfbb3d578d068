"""A new workflow with its steps and their labels, in as few statements as a database allows.

PostgreSQL gets steps and labels as one JSON document each and takes them apart itself: one round trip, whatever the
number of steps. SQLite, which has no round trips, gets rows of plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.orm import Session

from app.core.addresses import first_site
from app.core.clock import now
from app.workflows.content import StepContent, Variable
from app.workflows.labels import NewLabel, fitting
from app.workflows.models import LabelSource, LabelState, Visibility, Workflow, WorkflowStatus
from app.workflows.steps import row_values

_WORKFLOWS: Table = Workflow.__table__  # type: ignore[assignment]  # a Table, typed as FromClause

_WORKFLOW = insert(_WORKFLOWS).returning(_WORKFLOWS.c.id)

SQLITE_VALUES = 32_000
"""SQLite takes 32,766 in one statement."""

_STEP = "position, action, note_kind, timestamp, target, value, value_kind, page, screenshot_id, sensitive_regions"
_LABEL = "field_label, instruction, confidence, source, user_id"

_POSTGRESQL = text(
    "WITH step AS ("  # noqa: S608
    f"INSERT INTO steps (workflow_id, version, label_state, {_STEP})"
    f" SELECT :workflow_id, 1, :label_state, {_STEP} FROM jsonb_to_recordset(CAST(:steps AS jsonb)) AS given("
    "position bigint, action text, note_kind text, timestamp timestamptz, target jsonb, value text, value_kind text,"
    " page jsonb, screenshot_id text, sensitive_regions jsonb) RETURNING id, position"
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
    site: str | None


def create(
    session: Session,
    *,
    owner_id: int,
    texts: Mapping[str, str | None],
    steps: Sequence[StepContent],
    labels: Sequence[Sequence[NewLabel]],
    name_source: LabelSource = LabelSource.HUMAN,
    status: WorkflowStatus = WorkflowStatus.PROCESSING,
    variables: Sequence[Variable] = (),
) -> Created:
    """Insert all of it. `texts`: name, description, starting_url, language; `labels`: those of each step."""
    moment = now()
    connection = session.connection()
    fields: dict[str, Any] = {
        "owner_id": owner_id,
        "status": status,
        "visibility": Visibility.TEAM,
        "version": 1,
        "name_source": name_source,
        "description_source": LabelSource.HUMAN,
        "variables": [each.model_dump(exclude_defaults=True) for each in variables] or None,
        "site": first_site(texts.get("starting_url"), *(step.page.url for step in steps)),
    }
    workflow_id: int = connection.execute(
        _WORKFLOW, {**fields, **texts, "created_at": moment, "updated_at": moment}
    ).scalar_one()
    insert_steps = _in_postgresql if connection.dialect.name == "postgresql" else _in_sqlite
    step_ids = insert_steps(connection, workflow_id, steps, labels, moment)
    return Created(workflow_id, step_ids, moment, fields["site"])


def _in_postgresql(
    connection: Connection,
    workflow_id: int,
    steps: Sequence[StepContent],
    labels: Sequence[Sequence[NewLabel]],
    moment: datetime,
) -> Sequence[int]:
    given = {"workflow_id": workflow_id, "label_state": LabelState.RULES.value, "moment": moment}
    documents = {"steps": _steps_as_json(steps), "labels": _labels_as_json(labels)}
    return connection.execute(_POSTGRESQL, {**given, **documents}).scalars().all()


def _in_sqlite(
    connection: Connection,
    workflow_id: int,
    steps: Sequence[StepContent],
    labels: Sequence[Sequence[NewLabel]],
    moment: datetime,
) -> Sequence[int]:
    rows: list[list[Any]] = []
    for position, step in enumerate(steps, 1):
        row = row_values(step, position)
        for column in ("target", "page", "sensitive_regions"):
            row[column] = None if row[column] is None else _json(row[column])
        row["timestamp"] = row["timestamp"] and _sqlite_text(row["timestamp"])
        rows.append([workflow_id, 1, LabelState.RULES.value, *(row[column] for column in _STEP.split(", "))])
    _insert_many(connection, f"steps (workflow_id, version, label_state, {_STEP})", rows)
    last: int = connection.exec_driver_sql("SELECT last_insert_rowid()").scalar_one()
    # AUTOINCREMENT numbers the rows of one statement one after another, and nobody else writes meanwhile.
    step_ids = range(last - len(rows) + 1, last + 1)
    written = _sqlite_text(moment)
    _insert_many(
        connection,
        f"labels (step_id, created_at, {_LABEL})",
        [
            [step_id, written, label.field_label, label.instruction, label.confidence, label.source, label.user_id]
            for step_id, of_step in zip(step_ids, labels, strict=True)
            for label in map(fitting, of_step)
        ],
    )
    return step_ids


def _insert_many(connection: Connection, into: str, rows: Sequence[Sequence[Any]]) -> None:
    """All rows in one statement, or in as few as SQLite takes."""
    at_once = SQLITE_VALUES // len(rows[0])
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        values = tuple(value for row in part for value in row)
        connection.exec_driver_sql(_insertion(into, len(part), len(rows[0])), values)


@lru_cache(maxsize=256)
def _insertion(into: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {into} VALUES {', '.join([row] * rows)}"  # noqa: S608 - names from this module alone


def _json(value: Any) -> str:
    return to_json(value).decode()


def _steps_as_json(steps: Sequence[StepContent]) -> str:
    return _json([row_values(step, position) for position, step in enumerate(steps, 1)])


def _labels_as_json(labels: Sequence[Sequence[NewLabel]]) -> str:
    return _json(
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
    )


def _sqlite_text(moment: datetime) -> str:
    """As SQLAlchemy writes moments on SQLite; ours are in UTC."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
