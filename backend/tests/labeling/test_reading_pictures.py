"""Names read from pictures in a run: switched on, they reach the rules' labels; off, nobody looks at a picture."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import update

from app.core.config import Settings
from app.core.db import transaction
from app.labeling import ocr, service
from app.labeling.models import RunState
from app.labeling.service import Outcome
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows.models import Step
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, labels_of, record, run_of
from tests.labeling.test_ocr import BOX, Eyes, screenshot


@dataclass
class Reader:
    """The library, as far as a run asks for it."""

    eyes: Eyes = field(default_factory=lambda: Eyes(("Save draft", 0.99)))

    def __call__(self) -> Eyes:
        return self.eyes


@pytest.fixture
def reader(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Reader:
    assert not settings.ocr
    reader = Reader()
    monkeypatch.setattr(ocr, "reader", reader)
    return reader


def nameless() -> Recorded:
    """One click on a control without a name, with its screenshot."""
    run = record(["Save"])
    target = {"tag": "div", "box": BOX.model_dump()}
    page = {"title": "CRM", "viewport": {"width": 1280, "height": 720}}
    with transaction() as session:
        limits = {"max_bytes": 10**7, "max_pixels": 10**7}
        shot, _ = storage.store(session, get_store(), owner_id=1, data=screenshot("Save draft"), **limits)
        changed = {"target": target, "page": page, "screenshot_id": shot.id}
        session.execute(update(Step).where(Step.id == run.step_ids[0]).values(**changed))
    return run


def test_a_run_without_the_library_is_parked_and_says_what_to_install(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not settings.ocr
    configure(monkeypatch, ocr="true")
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    run = record(["Save"])
    assert service.label_run(run.run_id) is Outcome.PARKED
    parked = run_of(run.run_id)
    assert parked.state == RunState.NEEDS_ATTENTION
    assert "[ocr]" in (parked.reason or "")


def test_a_picture_that_is_gone_costs_only_its_name(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, ocr="true")
    run = nameless()
    for blob in list(get_store().list()):
        get_store().delete(blob.key)
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert reader.eyes.seen == []


def test_switched_off_no_picture_is_read(reader: Reader) -> None:
    run = nameless()
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert reader.eyes.seen == []
    assert "Save draft" not in labels_of(run.step_ids[0])[-1].instruction


def test_a_name_that_stands_on_the_control_is_said(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, ocr="true")
    run = nameless()
    assert service.label_run(run.run_id) is Outcome.FINISHED
    assert labels_of(run.step_ids[0])[-1].instruction == 'Click "Save draft".'
    assert len(reader.eyes.seen) == 1
