"""A workflow's steps as the page shows it on which they are put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.errors import AppError
from app.guides.model import without_secrets
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.workflows import service as workflows
from app.workflows import steps, variables
from app.workflows.content import SECRET_KINDS, Action, Variable
from app.workflows.errors import MayNotChange, VersionConflict
from app.workflows.models import Edit, Workflow
from app.workflows.steps import StepView

Opened = Literal["insert", "note", "heading", "merge", "split"]
"""Which form stands open at a step; `insert` behind it."""

MOST_OTHERS = 100
"""Workflows to choose from when another recording is added."""


@dataclass(frozen=True, slots=True)
class EditorStep:
    """A step in the list."""

    id: int
    version: int
    position: int
    number: int | None
    """As the guide counts; None: a note, a tip, a warning."""
    kind: str
    """`recorded`, or what a person added: `note`, `tip`, `warning`, `step`."""
    text: str
    heading: str | None
    screenshot_id: str | None
    unknown: list[str]
    """Variables that the text mentions and nobody has declared."""
    stale: list[str] | None
    """What a newer recording changed since the text was written."""

    @property
    def by_hand(self) -> bool:
        return self.kind != "recorded"


@dataclass(frozen=True, slots=True)
class Toast:
    """What was just done, and the edit to be undone; None: it cannot be, or it was the undoing."""

    words: str
    edit_id: int | None = None
    opens: int | None = None
    """A workflow that one may want to see now."""
    step_id: int | None = None
    """Where in the list it happened."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something was not done. `yours`: the order that was wanted, where somebody else has changed it meanwhile."""

    words: str
    yours: Sequence[EditorStep] = ()


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The whole page."""

    workflow: Workflow
    title: str
    steps: list[EditorStep]
    variables: list[Variable]
    values: list[str]
    """What was typed in the steps, to be made a variable."""
    others: list[tuple[int, str]]
    toast: Toast | None
    trouble: Trouble | None
    opened: Opened | None
    at: int | None
    """The step at which a form stands open; 0: before the first."""

    def next_of(self, step: EditorStep) -> EditorStep | None:
        """The step behind this one."""
        return self.steps[step.position] if step.position < len(self.steps) else None

    def open_at(self, opened: Opened, step_id: int) -> bool:
        """Whether this form stands open there."""
        return self.opened == opened and self.at == step_id


def require(session: Session, workflow_id: int, actor: Actor) -> Workflow:
    """The workflow, if `actor` may change it."""
    workflow = workflows.get(session, workflow_id, actor)
    if not actor.may("write"):
        raise MayNotChange
    return workflow


def build(
    session: Session,
    workflow_id: int,
    actor: Actor,
    *,
    opened: tuple[Opened, int] | None = None,
    done: int | None = None,
    error: AppError | None = None,
) -> EditorPage:
    """The page, if `actor` may change the workflow."""
    workflow = require(session, workflow_id, actor)
    views = steps.listed(session, workflow_id)
    declared = variables.of(workflow)
    listed = _steps(views, {variable.name for variable in declared})
    others = workflows.search(session, actor, limit=MOST_OTHERS).items
    return EditorPage(
        workflow=workflow,
        title=without_secrets(workflow.name),
        steps=listed,
        variables=declared,
        values=_values(views),
        others=[
            (each.workflow.id, without_secrets(each.workflow.name))
            for each in others
            if each.workflow.id != workflow_id
        ],
        toast=_toast(session, workflow_id, actor, done) if done is not None else None,
        trouble=_trouble(error, listed) if error else None,
        opened=opened[0] if opened else None,
        at=opened[1] if opened else None,
    )


def _steps(views: Sequence[StepView], declared: set[str]) -> list[EditorStep]:
    found: list[EditorStep] = []
    number = 0
    for view in views:
        step = view.step
        kind = (step.note_kind or "note") if step.action == Action.NOTE else "recorded"
        counted = kind in {"recorded", "step"}
        number += counted
        text = without_secrets(view.label.instruction if view.label else step.value or step.action)
        found.append(
            EditorStep(
                id=step.id,
                version=step.version,
                position=step.position,
                number=number if counted else None,
                kind=kind,
                text=text,
                heading=without_secrets(step.heading) if step.heading else None,
                screenshot_id=step.screenshot_id,
                unknown=[name for name in variables.used(text) if name not in declared],
                stale=view.stale,
            )
        )
    return found


def _values(views: Sequence[StepView]) -> list[str]:
    """Without secrets, keys and notes."""
    typed = [
        view.step.value
        for view in views
        if view.step.action in {Action.INPUT, Action.SELECT} and view.step.value_kind not in SECRET_KINDS
    ]
    return list(dict.fromkeys(without_secrets(value) for value in typed if value and len(value) <= 200))


def _toast(session: Session, workflow_id: int, actor: Actor, edit_id: int) -> Toast | None:
    wanted = select(Edit).where(Edit.id == workflows.storable(edit_id), Edit.workflow_id == workflow_id)
    edit = session.scalar(wanted)
    if edit is None or edit.user_id != actor.user_id:
        return None
    if edit.undone_at is not None:
        return Toast(_("Undone."))
    opens = edit.facts.get("other") if edit.what == "workflow_split" else None
    return Toast(_words(edit.what, edit.facts), edit.id, opens, edit.facts.get("step"))


def _words(what: str, facts: Mapping[str, Any]) -> str:
    count = len(facts.get("steps") or facts.get("places") or [None])
    said = {
        "step_added": _("Added."),
        "steps_reordered": _("Moved."),
        "steps_merged": ngettext("%(num)s step merged.", "%(num)s steps merged into one.", count) % {"num": count},
        "step_duplicated": _("Duplicated."),
        "heading_changed": _("Heading changed."),
        "note_changed": _("Note changed."),
        "variables_changed": _("Variables changed."),
        "step_removed": ngettext("%(num)s step removed.", "%(num)s steps removed.", count) % {"num": count},
        "recording_appended": ngettext("%(num)s step added.", "%(num)s steps added.", count) % {"num": count},
        "workflow_split": ngettext(
            "%(num)s step is a workflow of its own now.", "%(num)s steps are a workflow of their own now.", count
        )
        % {"num": count},
    }
    return said.get(what, _("Changed."))


def _trouble(error: AppError, listed: Sequence[EditorStep]) -> Trouble:
    if not isinstance(error, VersionConflict):
        return Trouble(error.detail)
    wanted = (error.facts.get("yours") or {}).get("step_ids") or []
    here = {step.id: step for step in listed}
    yours = [here[step_id] for step_id in wanted if step_id in here] if len(wanted) > 1 else []
    return Trouble(_("Somebody else changed the steps in the meantime. This is how they are now."), yours)
