"""The page of exports, and an exported guide opened by Chromium."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.guides import making
from app.guides import service as guides
from app.guides.models import ExportJob
from app.recordings import importing
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.browser.axe import violations
from tests.browser.conftest import TELL_VIOLATIONS, Watch
from tests.web.test_poisoned_recording import ADDRESSES, POISON, poisoned

SAFE = {"file:", "http:", "https:"}
SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"


@pytest.fixture
def sample(actor: Actor) -> int:
    return importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id


def test_a_file_is_prepared_and_fetched(page: Page, sign_in: Callable[[], None], sample: int) -> None:
    sign_in()
    page.goto(f"/workflows/{sample}")
    page.locator("summary", has_text="Export").click()
    page.get_by_role("link", name="All formats").click()
    expect(page.get_by_role("heading", name="Export", exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Prepare PDF").click()
    prepared = page.get_by_role("region", name="Prepared for you")
    expect(prepared.get_by_text("Waiting for a worker")).to_be_visible()
    assert violations(page) == []
    with transaction(read_only=True) as session:
        job_id = session.query(ExportJob.id).scalar()
    making.make(job_id)
    with page.expect_download() as download:
        prepared.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Create-an-account-for-a-new-colleague.pdf"
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON").click()
    assert download.value.suggested_filename == "Create-an-account-for-a-new-colleague.json"
    page.goto(f"/exports/{job_id}")
    expect(page.get_by_text("Ready. It is kept for a day.")).to_be_visible()
    assert violations(page) == []


def exported(actor: Actor, workflow_id: int, folder: Path) -> str:
    """The address of the file."""
    with transaction() as session:
        export = guides.export(session, workflow_id, actor, "html")
    file = folder / "guide.html"
    file.write_bytes(b"".join(export.data))
    return file.as_uri()


@pytest.fixture
def opened(chromium: Browser) -> Callable[[str, int], tuple[Page, Watch]]:
    """Opens a file that was exported, watched."""

    def open_(address: str, width: int = 1280) -> tuple[Page, Watch]:
        context = chromium.new_context(viewport={"width": width, "height": 860})
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        watch = Watch(address)
        watch.over(page)
        page.goto(address)
        return page, watch

    return open_


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_recorded_acts_in_an_opened_guide(
    actor: Actor, opened: Callable[[str], tuple[Page, Watch]], tmp_path: Path, address: str
) -> None:
    prepared = recordings.prepare(RecordingIn.model_validate({"name": POISON, **poisoned(address)}))
    with transaction() as session:
        made = recordings.store(session, actor, prepared)
        words = NewLabel(POISON, f'Click "{POISON}". [x](https://x.example/) {POISON}', source=LabelSource.HUMAN)
        labels.add(session, dict.fromkeys(made.created.step_ids[:2], words))
    page, watch = opened(exported(actor, made.workflow_id, tmp_path))
    expect(page.get_by_role("heading", level=1)).to_contain_text("alert(1)")
    assert set(page.eval_on_selector_all("a", "all => all.map((link) => link.protocol)")) <= SAFE
    assert page.locator("script, main img, iframe").count() == 0
    assert watch.wrong == []


@pytest.mark.parametrize("width", [1280, 390])
def test_an_opened_guide_is_whole_without_a_server(
    actor: Actor, sample: int, opened: Callable[[str, int], tuple[Page, Watch]], tmp_path: Path, width: int
) -> None:
    page, watch = opened(exported(actor, sample, tmp_path), width)
    pictures = page.locator("main img")
    expect(pictures).to_have_count(14)
    assert page.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 300)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out"
    page.get_by_role("navigation").get_by_role("link", name="Department").click()
    expect(page.locator("#step-8")).to_be_in_viewport()
    assert violations(page) == []
    assert watch.wrong == []
