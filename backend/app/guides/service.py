"""Guides go out: one function for every format."""

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.errors import InvalidInput
from app.guides import model, pictures
from app.guides.bundle import Picture
from app.guides.export import Export, Source
from app.guides.formats import FORMATS
from app.guides.model import Guide
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows import service as workflows
from app.workflows import steps as workflow_steps
from app.workflows.models import Workflow
from app.workflows.steps import StepView


class UnsupportedFormat(InvalidInput):
    """A guide cannot be exported in this format."""


def guide(session: Session, workflow_id: int, actor: Actor) -> Guide:
    """The guide of a workflow that `actor` may see."""
    workflow = workflows.get(session, workflow_id, actor)
    return model.build(workflow, workflow_steps.listed(session, workflow.id))


def export(session: Session, workflow_id: int, actor: Actor, format_: str) -> Export:
    """The workflow in a format out of `FORMATS`, noted in the audit trail: the transaction has to be one that writes.

    Raises `UnsupportedFormat`, `WorkflowNotFound`.
    """
    prepared = prepare(session, workflow_id, actor, format_)
    audit.record(session, actor, "workflow_exported", f"workflow:{workflow_id}", format=format_)
    return prepared


def prepare(
    session: Session, workflow_id: int, actor: Actor, format_: str, *, told: Callable[[], None] = lambda: None
) -> Export:
    """`export` without the note. `told` hears of each picture that is read."""
    check(format_)
    workflow = workflows.get(session, workflow_id, actor)
    views = workflow_steps.listed(session, workflow.id)
    chosen = FORMATS[format_]
    source = _source(session, workflow, views, told)
    count = len(source.originals) if format_ == "zip" else len(source.pictures) if chosen.pictured else 0
    return Export(f"{source.stem}.{chosen.ending}", chosen.media_type, chosen.make(source), count)


def check(format_: str) -> None:
    """Raise `UnsupportedFormat`, naming those there are."""
    if format_ not in FORMATS:
        raise UnsupportedFormat(f"A guide can be exported as {', '.join(sorted(FORMATS))}.", formats=sorted(FORMATS))


def _source(session: Session, workflow: Workflow, views: list[StepView], told: Callable[[], None]) -> Source:
    built = model.build(workflow, views)
    originals = _originals(session, views, told)
    known = {name for name, _ in originals}
    steps = [
        step if step.image and step.image.screenshot_id in known else replace(step, image=None) for step in built.steps
    ]
    built = replace(built, steps=tuple(steps))
    return Source(workflow, views, built, pictures.of(session, built, told), originals, stem(workflow))


def _originals(session: Session, views: list[StepView], told: Callable[[], None]) -> list[tuple[str, Picture]]:
    """The pictures as they are stored, in the order in which the steps show them."""
    shown = dict.fromkeys(view.step.screenshot_id for view in views if view.step.screenshot_id)
    found = session.scalars(select(Screenshot).where(Screenshot.id.in_(shown)))
    blobs = {screenshot.id: screenshot.blob for screenshot in found}
    store = get_store()
    return [
        (name, (f"screenshots/{name}.{blobs[name].rpartition('.')[2]}", pictures.original(store, blobs[name], told)))
        for name in shown
        if name in blobs
    ]


def stem(workflow: Workflow) -> str:
    """The workflow's name in letters that every system takes in a file's name."""
    words = re.sub(r"[^\w]+", "-", workflow.name).strip("-_")[:80]
    return words or f"workflow-{workflow.id}"
