"""Guides go out: one function for every format."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.errors import InvalidInput
from app.guides import as_json, bundle, markdown
from app.guides.model import Guide, build
from app.storage.models import Screenshot
from app.storage.store import BlobNotFound, BlobStore, get_store
from app.workflows import service as workflows
from app.workflows import steps as workflow_steps
from app.workflows.models import Workflow
from app.workflows.steps import StepView


class UnsupportedFormat(InvalidInput):
    """A guide cannot be exported in this format."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be sent. `data` can be read once; it needs no session, so it may be read after the transaction."""

    filename: str
    media_type: str
    data: Iterator[bytes]

    @property
    def quoted_filename(self) -> str:
        """The name for `Content-Disposition: attachment; filename*=UTF-8''…`."""
        return quote(self.filename, safe="")


def guide(session: Session, workflow_id: int, actor: Actor) -> Guide:
    """The guide of a workflow that `actor` may see."""
    workflow = workflows.get(session, workflow_id, actor)
    return build(workflow, workflow_steps.listed(session, workflow.id))


def export(session: Session, workflow_id: int, actor: Actor, format_: str) -> Export:
    """The workflow in a format out of `FORMATS`, noted in the audit trail: the transaction has to be one that writes.

    Raises `UnsupportedFormat`, `WorkflowNotFound`.
    """
    if format_ not in FORMATS:
        raise UnsupportedFormat(f"A guide can be exported as {', '.join(sorted(FORMATS))}.", formats=sorted(FORMATS))
    workflow = workflows.get(session, workflow_id, actor)
    audit.record(session, actor, "workflow_exported", f"workflow:{workflow.id}", format=format_)
    return FORMATS[format_](session, workflow, workflow_steps.listed(session, workflow.id))


def _markdown(_session: Session, workflow: Workflow, views: Sequence[StepView]) -> Export:
    """Text alone: a single file has no place for pictures, and links to them would be dead."""
    text = markdown.render(build(workflow, views))
    return Export(_filename(workflow, "md"), "text/markdown; charset=utf-8", iter([text.encode()]))


def _json(_session: Session, workflow: Workflow, views: Sequence[StepView]) -> Export:
    text = as_json.render(as_json.document(workflow, views))
    return Export(_filename(workflow, "json"), "application/json", iter([text.encode()]))


def _zip(session: Session, workflow: Workflow, views: Sequence[StepView]) -> Export:
    shown = dict.fromkeys(view.step.screenshot_id for view in views if view.step.screenshot_id)
    found = session.scalars(select(Screenshot).where(Screenshot.id.in_(shown)))
    blobs = {screenshot.id: screenshot.blob for screenshot in found}
    paths = {name: f"screenshots/{name}.{blobs[name].rpartition('.')[2]}" for name in shown if name in blobs}
    texts = [
        ("workflow.json", as_json.render(as_json.document(workflow, views))),
        ("guide.md", markdown.render(build(workflow, views), paths)),
    ]
    store = get_store()
    pictures = [(path, _reader(store, blobs[name])) for name, path in paths.items()]
    return Export(_filename(workflow, "zip"), "application/zip", bundle.pieces(texts, pictures))


def _reader(store: BlobStore, blob: str) -> Callable[[], bytes | None]:
    def read() -> bytes | None:
        try:
            return store.get(blob)
        except BlobNotFound:
            return None

    return read


def _filename(workflow: Workflow, ending: str) -> str:
    """The workflow's name in letters that every system takes in a file's name."""
    words = re.sub(r"[^\w]+", "-", workflow.name).strip("-_")[:80]
    return f"{words or f'workflow-{workflow.id}'}.{ending}"


FORMATS: dict[str, Callable[[Session, Workflow, Sequence[StepView]], Export]] = {
    "json": _json,
    "markdown": _markdown,
    "zip": _zip,
}
