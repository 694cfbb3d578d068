"""Exports out of the database and the store, seen by those who may."""

import json
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEvent
from app.accounts.service import Actor
from app.core.config import Settings
from app.guides import service as guides
from app.guides.export import Export
from app.guides.formats import FORMATS
from app.guides.service import UnsupportedFormat
from app.recordings.formats.reading import read
from app.storage import service as storage
from app.storage import store as stores
from app.workflows import labels, steps
from app.workflows.content import Action, Page, StepContent, Target
from app.workflows.errors import WorkflowNotFound
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Step, Visibility, Workflow


@pytest.fixture
def blobs(settings: Settings) -> stores.BlobStore:
    """This test's own store, in its data folder."""
    assert settings.data_dir
    return stores.get_store()


def picture(colour: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def workflow(session: Session, editor: Actor, blobs: stores.BlobStore) -> Workflow:
    """Two clicks and a note, each with a picture, the second sentence a person's."""
    workflow = Workflow(owner_id=editor.user_id, name="Créer: a/contact", visibility=Visibility.PRIVATE)
    session.add(workflow)
    session.flush()
    for number, (name, colour) in enumerate([("New contact", "red"), ("Save", "blue"), ("Close", "red")], 1):
        shot, _ = storage.store(
            session, blobs, owner_id=editor.user_id, data=picture(colour), max_bytes=10**6, max_pixels=10**6
        )
        target = Target(tag="button", name=name)
        content = StepContent(
            action=Action.CLICK,
            timestamp=datetime.fromisoformat("2026-11-23T10:00:00Z"),
            target=target,
            page=Page(title="Contacts"),
            screenshot_id=shot.id,
        )
        step = Step(workflow_id=workflow.id, **steps.row_values(content, number))
        session.add(step)
        session.flush()
        source = LabelSource.HUMAN if number == 2 else LabelSource.RULES
        labels.add(session, {step.id: NewLabel(name, f'Click "{name}".', 0.9, source)})
    return workflow


def data_of(export: Export) -> bytes:
    return b"".join(export.data)


@pytest.mark.parametrize("format_", ["", "rtf", "ZIP", "../zip"])
def test_other_formats_are_refused_naming_those_there_are(
    session: Session, editor: Actor, workflow: Workflow, format_: str
) -> None:
    with pytest.raises(
        UnsupportedFormat, match="devtools, docx, html, json, markdown, markdown-zip, pdf, playwright, skill, wiki, zip"
    ) as caught:
        guides.export(session, workflow.id, editor, format_)
    assert caught.value.status_code == 422


@pytest.mark.parametrize("format_", FORMATS)
def test_a_private_workflow_is_not_exported_for_others(
    session: Session, colleague: Actor, workflow: Workflow, format_: str
) -> None:
    with pytest.raises(WorkflowNotFound):
        guides.export(session, workflow.id, colleague, format_)
    with pytest.raises(WorkflowNotFound):
        guides.guide(session, workflow.id, colleague)


def test_an_export_is_noted(session: Session, editor: Actor, workflow: Workflow) -> None:
    guides.export(session, workflow.id, editor, "json")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "workflow_exported")).one()
    assert (event.user_id, event.subject, event.facts) == (
        editor.user_id,
        f"workflow:{workflow.id}",
        {"format": "json"},
    )


def test_markdown_is_text_alone(session: Session, editor: Actor, workflow: Workflow) -> None:
    export = guides.export(session, workflow.id, editor, "markdown")
    assert export.filename == "Créer-a-contact.md"
    assert export.quoted_filename == "Cr%C3%A9er-a-contact.md"
    assert export.media_type == "text/markdown; charset=utf-8"
    text = data_of(export).decode()
    assert "1. Click **New contact**." in text
    assert "](" not in text


def test_json_is_taken_back(session: Session, editor: Actor, workflow: Workflow, settings: Settings) -> None:
    data = data_of(guides.export(session, workflow.id, editor, "json"))
    (imported,) = read(data, limits=settings)
    assert imported.recording.name == workflow.name
    assert [bool(step.label) for step in imported.recording.steps] == [False, True, False]
    assert json.loads(data)["labels"][0]["source"] == "rules"


def test_a_zip_is_taken_back_with_its_pictures(
    session: Session, editor: Actor, workflow: Workflow, settings: Settings
) -> None:
    export = guides.export(session, workflow.id, editor, "zip")
    data = data_of(export)
    assert export.media_type == "application/zip"
    (imported,) = read(data, limits=settings)
    assert not imported.warnings
    found = [steps.content(view.step) for view in steps.listed(session, workflow.id)]
    assert [
        StepContent.model_validate(step.model_dump(exclude={"label", "heading"})) for step in imported.recording.steps
    ] == found
    assert len(imported.screenshots) == 2
    for shot in imported.screenshots.values():
        assert Image.open(BytesIO(shot.read())).size == (64, 48)
    with ZipFile(BytesIO(data)) as archive:
        guide = archive.read("guide.md").decode()
        for name in archive.namelist():
            assert name in ("workflow.json", "guide.md") or f"]({name})" in guide


def test_a_picture_lost_from_the_store_costs_only_itself(
    session: Session, editor: Actor, workflow: Workflow, blobs: stores.BlobStore, settings: Settings
) -> None:
    export = guides.export(session, workflow.id, editor, "zip")
    for blob in list(blobs.list()):
        blobs.delete(blob.key)
    (imported,) = read(data_of(export), limits=settings)
    assert [warning.step for warning in imported.warnings] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "filename"),
    [
        ("../../etc/passwd", "etc-passwd.json"),
        ('a"b\\c;d', "a-b-c-d.json"),
        ("...", "workflow-{id}.json"),
        ("連絡先", "連絡先.json"),
        ("a" * 200, "a" * 80 + ".json"),
    ],
)
def test_a_file_name_is_one_that_every_system_takes(
    session: Session, editor: Actor, workflow: Workflow, name: str, filename: str
) -> None:
    workflow.name = name
    session.flush()
    export = guides.export(session, workflow.id, editor, "json")
    assert export.filename == filename.replace("{id}", str(workflow.id))
