"""What an agent gets to read: guides that were found, and a workflow as steps that say what is meant."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.guides.model import GuideStep, build, without_secrets
from app.guides.words import plain
from app.workflows import service as workflows
from app.workflows import steps as workflow_steps
from app.workflows.content import SECRET_KINDS, Page, StepContent, Target
from app.workflows.service import WorkflowSummary

SELECTORS = 5
"""Of each target, the best ones."""


class Told(BaseModel):
    """Base: what stands beside a field is told to the agent."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class FoundGuide(Told):
    """A guide in a list."""

    id: int
    title: str
    description: str | None
    status: str
    """`published`: approved by a person; `draft`, `processing`: not yet; `archived`: out of use."""
    starting_url: str | None
    steps: int
    updated_at: str


class FoundGuides(Told):
    """The newest guides that match, the newest first."""

    guides: list[FoundGuide]
    more: bool
    """There are further ones: search with more words."""


class AgentPage(Told):
    """The page on which a step happens."""

    title: str | None
    url: str | None


class AgentTarget(Told):
    """The element that is used. `selectors`: the best first; `aria/…` is by accessible name."""

    role: str | None
    name: str | None
    text: str | None
    selectors: list[str]


class AgentInput(Told):
    """What is entered, chosen or pressed. Secret: there is no value here, ask your user for it."""

    value: str | None
    kind: str | None
    secret: bool


class AgentStep(Told):
    """One step. `number` is null for a note: something to know, not to do."""

    number: int | None
    action: str
    instruction: str
    section: str | None
    """Name of the part of the task that begins here."""
    page: AgentPage
    target: AgentTarget | None
    input: AgentInput | None


class AgentVariable(Told):
    """`{{name}}` in an instruction stands for what you are told to use."""

    name: str
    label: str
    example: str | None = None


class AgentWorkflow(Told):
    """A workflow as steps."""

    id: int
    title: str
    description: str | None
    status: str
    starting_url: str | None
    language: str | None
    inputs: list[AgentVariable]
    steps: list[AgentStep]


def search(session: Session, actor: Actor, query: str, limit: int) -> FoundGuides:
    """Guides with words that begin with each of the query's; without a query, the newest."""
    found = workflows.search(session, actor, q=query, limit=limit)
    return FoundGuides(guides=[_found(summary) for summary in found.items], more=found.next_cursor is not None)


def workflow(session: Session, actor: Actor, workflow_id: int) -> AgentWorkflow:
    """A workflow that `actor` may see. Raises `WorkflowNotFound`."""
    row = workflows.get(session, workflow_id, actor)
    views = workflow_steps.listed(session, workflow_id)
    guide = build(row, views)
    contents = [workflow_steps.content(view.step) for view in views]
    return AgentWorkflow(
        id=row.id,
        title=guide.title,
        description=guide.description,
        status=row.status,
        starting_url=guide.starting_url,
        language=guide.language,
        inputs=[AgentVariable.model_validate(_masked(variable)) for variable in row.variables or ()],
        steps=[_step(step, content) for step, content in zip(guide.steps, contents, strict=True)],
    )


def _found(summary: WorkflowSummary) -> FoundGuide:
    row = summary.workflow
    return FoundGuide(
        id=row.id,
        title=without_secrets(row.name),
        description=_masked(row.description),
        status=row.status,
        starting_url=_masked(row.starting_url),
        steps=summary.steps,
        updated_at=row.updated_at.isoformat(),
    )


def _step(step: GuideStep, content: StepContent) -> AgentStep:
    return AgentStep(
        number=step.number,
        action=content.action,
        instruction=plain(step.words),
        section=step.heading,
        page=_page(content.page),
        target=_target(content.target) if content.target else None,
        input=_input(content) if step.number is not None else None,
    )


def _page(page: Page) -> AgentPage:
    return AgentPage(title=_masked(page.title), url=_masked(page.url))


def _target(target: Target) -> AgentTarget:
    selectors = [" >> ".join(each) if isinstance(each, list) else each for each in target.selectors if each]
    return AgentTarget(
        role=target.role or target.tag,
        name=_masked(target.name),
        text=_masked(target.text),
        selectors=_masked(selectors[:SELECTORS]),
    )


def _input(content: StepContent) -> AgentInput | None:
    secret = content.value_kind in SECRET_KINDS
    if content.value is None and not secret:
        return None
    return AgentInput(value=None if secret else _masked(content.value), kind=content.value_kind, secret=secret)


def _masked(value: Any) -> Any:
    """The same with every secret masked that its form gives away, should it have been missed on its way in."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, list):
        return [_masked(part) for part in value]
    if isinstance(value, dict):
        return {key: _masked(part) for key, part in value.items()}
    return value
