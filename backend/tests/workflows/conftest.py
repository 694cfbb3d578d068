"""People and workflows to try things on."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.workflows import labels, search, steps
from app.workflows.content import Action, Page, StepContent, Target
from app.workflows.models import Step, Visibility, Workflow, WorkflowStatus


def click(name: str, url: str = "https://crm.example/contacts", title: str | None = "Contacts") -> StepContent:
    return StepContent(action=Action.CLICK, target=Target(tag="button", name=name), page=Page(url=url, title=title))


def make_workflow(
    session: Session,
    owner: Actor,
    name: str = "Create a contact",
    contents: tuple[StepContent, ...] = (click("New contact"), click("Save"), click("Close")),
    *,
    visibility: Visibility = Visibility.TEAM,
    status: WorkflowStatus = WorkflowStatus.DRAFT,
) -> Workflow:
    workflow = Workflow(owner_id=owner.user_id, name=name, visibility=visibility, status=status)
    session.add(workflow)
    session.flush()
    rows = [Step(workflow_id=workflow.id, **steps.row_values(c, n)) for n, c in enumerate(contents, 1)]
    session.add_all(rows)
    session.flush()
    new = {
        row.id: labels.NewLabel(c.target.name, f"Click **{c.target.name}**.")
        for row, c in zip(rows, contents, strict=True)
        if c.target and c.target.name
    }
    labels.add(session, new)
    search.index(session, [workflow.id])
    return workflow


@pytest.fixture
def owner(editor: Actor) -> Actor:
    return editor


@pytest.fixture
def workflow(session: Session, owner: Actor) -> Workflow:
    return make_workflow(session, owner)
