"""Workflows and steps as the database gives them, without a database."""

from typing import Any

from app.guides.model import Guide, build
from app.workflows import steps
from app.workflows.content import Action, Page, StepContent, Target
from app.workflows.models import Label, LabelSource, Step, Workflow, WorkflowStatus
from app.workflows.steps import StepView

CONTACTS = Page(url="https://crm.example/contacts", title="Contacts - CRM")
NEW_CONTACT = Page(url="https://crm.example/contacts/new", title="New contact - CRM")


def workflow(
    name: str = "Create a contact",
    description: str | None = None,
    url: str | None = None,
    *,
    language: str | None = None,
    variables: list[dict[str, Any]] | None = None,
) -> Workflow:
    return Workflow(
        id=7,
        name=name,
        description=description,
        starting_url=url,
        language=language,
        status=WorkflowStatus.DRAFT,
        variables=variables,
    )


def view(
    instruction: str = 'Click "Save".',
    *,
    field_label: str = "Save",
    source: LabelSource = LabelSource.RULES,
    position: int = 1,
    content: StepContent | None = None,
) -> StepView:
    content = content or StepContent(action=Action.CLICK, target=Target(tag="button", name=field_label), page=CONTACTS)
    step = Step(id=position, workflow_id=7, **steps.row_values(content, position))
    label = Label(field_label=field_label, instruction=instruction, confidence=0.9, source=source, model=None)
    return StepView(step, label, 0)


def guide(*instructions: str, name: str = "Create a contact", description: str | None = None) -> Guide:
    return build(workflow(name, description), [view(text, position=n) for n, text in enumerate(instructions, 1)])
