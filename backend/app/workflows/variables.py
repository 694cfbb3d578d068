"""What differs from reader to reader: declared for a workflow, and standing as `{{name}}` in its labels."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import edits, labels, order, search, service
from app.workflows.changes import WorkflowChanges
from app.workflows.content import Variable
from app.workflows.errors import CannotUndo, NotInAnyLabel, VariableUnusable
from app.workflows.models import Step, Workflow

MOST = 50

_USED = re.compile(r"\{\{([a-z][a-z0-9_]{0,39})\}\}")


def of(workflow: Workflow) -> list[Variable]:
    """The workflow's variables."""
    return [Variable.model_validate(each) for each in workflow.variables or ()]


def used(text: str) -> list[str]:
    """The names of the variables that a text mentions, each once."""
    return list(dict.fromkeys(_USED.findall(text)))


def update_workflow(
    session: Session, workflow_id: int, actor: Actor, *, changes: WorkflowChanges, version: int | None = None
) -> Workflow:
    """Change the workflow's own fields; a change of its variables can be undone."""
    before = service.get(session, workflow_id, actor, for_change=True).variables
    _check(changes.variables or ())
    workflow = service.update(session, workflow_id, actor, changes=changes, version=version)
    _record(session, workflow, actor, before)
    return workflow


def declare(
    session: Session, workflow_id: int, actor: Actor, variables: Iterable[Variable], *, version: int | None = None
) -> Workflow:
    """These are the workflow's variables from now on."""
    wanted = list(variables)
    return update_workflow(session, workflow_id, actor, changes=WorkflowChanges(variables=wanted), version=version)


def extract(session: Session, workflow_id: int, actor: Actor, variable: Variable, text: str) -> int:
    """Put `{{name}}` in the place of this text in all labels, as the person's own words; in how many that was.

    The variable is declared, unless there is one of this name.
    """
    workflow = service.get(session, workflow_id, actor, for_change=True)
    before = workflow.variables
    written: dict[int, int] = {}
    place = _places(text)
    sign = f"{{{{{variable.name}}}}}"
    for step_id, label in labels.shown(session, order.ids(session, workflow_id)).items():
        instruction = place.sub(sign, label.instruction)
        if instruction != label.instruction:
            words = labels.by_person(label.field_label, instruction, actor.user_id)
            written[step_id] = labels.write(session, step_id, words)
    if not written:
        raise NotInAnyLabel(f"No step says “{text.strip()}”.", field="value")
    session.execute(update(Step).where(Step.id.in_(written)).values(version=Step.version + 1))
    known = of(workflow)
    if all(each.name != variable.name for each in known):
        declared = [*known, variable]
        _check(declared)
        service.update(session, workflow_id, actor, changes=WorkflowChanges(variables=declared))
    search.index(session, [workflow_id])
    _record(session, workflow, actor, before, written)
    return len(written)


@edits.undoes("variables_changed")
def _as_before(session: Session, workflow: Workflow, actor: Actor, facts: dict[str, Any]) -> None:
    if workflow.variables != facts["after"]:
        raise CannotUndo("The variables were changed again after that: undo that first.")
    written = {int(step_id): label_id for step_id, label_id in facts["labels"].items()}
    here = set(order.ids(session, workflow.id))
    written = {step_id: label_id for step_id, label_id in written.items() if step_id in here}
    labels.withdraw(session, written, actor.user_id)
    session.execute(update(Step).where(Step.id.in_(written)).values(version=Step.version + 1))
    workflow.variables = facts["before"]
    order.changed(session, workflow)


def _record(
    session: Session,
    workflow: Workflow,
    actor: Actor,
    before: list[dict[str, Any]] | None,
    written: Mapping[int, int] = MappingProxyType({}),
) -> None:
    if workflow.variables != before or written:
        facts = {"before": before, "after": workflow.variables, "labels": dict(written)}
        edits.record(session, workflow, actor, "variables_changed", **facts)


def _check(variables: Sequence[Variable]) -> None:
    names = [variable.name for variable in variables]
    if len(names) > MOST:
        raise VariableUnusable(f"A workflow can have {MOST} variables.", field="variables")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise VariableUnusable(f"There are two variables called {', '.join(twice)}.", field="variables")


def _places(text: str) -> re.Pattern[str]:
    """Where a text stands as a whole, with the quotes around it; what is in a variable's sign already is none."""
    bare = text.strip()
    if not bare:
        raise VariableUnusable("Say which words the variable takes the place of.", field="value")
    before, after = (r"(?<!\w)" if bare[0].isalnum() else ""), (r"(?!\w)" if bare[-1].isalnum() else "")
    word = re.escape(bare)
    return re.compile(rf'"{word}"|(?<!\{{\{{){before}{word}{after}(?!\}}\}})')
