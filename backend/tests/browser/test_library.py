"""The library in a real browser: found, selected, deleted, put back; with the keyboard, on a phone, for everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows import folders, service, tags
from app.workflows.changes import WorkflowChanges
from app.workflows.models import Workflow, WorkflowStatus
from tests.browser.axe import violations
from tests.browser.test_first_pages import store

SignIn = Callable[[], None]

NAMES = ("Approve an expense report", "Create a contact", "Refund an order", "Reset a password")


@pytest.fixture
def stored(actor: Actor) -> dict[str, int]:
    """Some workflows that are labelled, one in a folder and one with tags."""
    made = {name: store(actor, name)[0] for name in NAMES}
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.SUCCEEDED, due_at=None))
        session.execute(update(Workflow).values(status=WorkflowStatus.DRAFT))
        folder = folders.create(session, actor, "Finance")
        service.update(
            session, made["Refund an order"], actor, changes=WorkflowChanges(folder_id=folder.id, tags=["money", "q4"])
        )
        tags.put(session, session.get_one(Workflow, made["Approve an expense report"]), ["money"])
    return made


@pytest.fixture
def library(page: Page, sign_in: SignIn, stored: dict[str, int]) -> Page:
    assert stored
    sign_in()
    expect(page.get_by_role("button", name="Import")).to_be_visible()  # the scripts have run
    return page


def pick(page: Page, name: str, **options: object) -> None:
    page.get_by_label(f"Select “{name}”").click(**options)  # type: ignore[arg-type]


def listed(page: Page) -> list[str]:
    return page.locator(".row [data-name]").all_inner_texts()


def test_deleting_many_is_undone(library: Page) -> None:
    bar = library.locator("#bulk")
    expect(bar).to_be_hidden()
    pick(library, "Refund an order")
    pick(library, "Reset a password")
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Delete").click()
    told = library.locator("[data-told]")
    expect(told).to_contain_text("2 workflows deleted")
    expect(told).to_be_focused()
    assert sorted(listed(library)) == ["Approve an expense report", "Create a contact"]
    told.get_by_role("button", name="Undo").click()
    expect(told).to_contain_text("2 workflows put back")
    assert sorted(listed(library)) == sorted(NAMES)
    library.reload()
    expect(told).to_have_count(0)


def test_the_keyboard_alone_selects_and_tags(library: Page) -> None:
    library.keyboard.press("j")
    library.keyboard.press("x")
    library.keyboard.press("j")
    library.keyboard.press("x")
    expect(library.locator(".row input:checked")).to_have_count(2)
    library.keyboard.press("k")
    library.keyboard.press("x")
    expect(library.locator("#bulk")).to_contain_text("1 selected")
    library.keyboard.press("Escape")
    expect(library.locator("#bulk")).to_be_hidden()
    library.keyboard.press("x")
    library.locator("#bulk summary", has_text="Tags").press("Enter")
    library.get_by_label("Tags, separated by commas").fill("Urgent, x")
    library.keyboard.press("Enter")
    expect(library.locator("[data-told]")).to_contain_text("1 workflow tagged")
    library.get_by_role("link", name="#urgent").click()
    expect(library.locator(".row")).to_have_count(1)


def test_shift_selects_all_between(library: Page) -> None:
    first, *_, last = listed(library)
    pick(library, first)
    pick(library, last, modifiers=["Shift"])
    expect(library.locator("#bulk")).to_contain_text("4 selected")
    library.get_by_role("button", name="Select none").click()
    expect(library.locator("#bulk")).to_be_hidden()


def test_filters_stay_while_one_types(library: Page) -> None:
    library.locator("summary", has_text="Filter").click()
    library.get_by_label("Tag", exact=True).select_option("money")
    library.get_by_role("button", name="Show").click()
    expect(library).to_have_url(re.compile(r"/\?tag=money$"))
    expect(library.locator(".row")).to_have_count(2)
    library.get_by_role("searchbox").fill("refu")
    expect(library.locator(".row")).to_have_count(1)
    expect(library).to_have_url(re.compile(r"/\?q=refu&tag=money$"))
    library.get_by_role("link", name="#money remove this filter").click()
    expect(library).to_have_url(re.compile(r"/\?q=refu$"))
    library.get_by_role("searchbox").fill("")
    expect(library.locator(".row")).to_have_count(4)
    library.locator("#results summary", has_text="Newest first").click()
    library.get_by_role("link", name="By name").click()
    expect(library).to_have_url(re.compile(r"/\?sort=name$"))
    assert listed(library) == list(NAMES)


def test_rows_follow_their_labelling_and_keep_focus_and_selection(library: Page, actor: Actor) -> None:
    number, run_id = store(actor, "Being labelled")
    library.goto("/")
    row = library.locator(f"#workflow-{number}")
    expect(row).to_contain_text("Waiting for a worker")
    link = library.get_by_role("link", name="Create a contact", exact=True)
    pick(library, "Being labelled")
    link.focus()
    with transaction() as session:
        values = {"state": RunState.RUNNING, "steps_labeled": 1}
        session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(**values))
    expect(row).to_contain_text("1 of 2 steps")
    with transaction() as session:
        over = {"state": RunState.SUCCEEDED, "due_at": None}
        session.execute(update(LabelingRun).where(LabelingRun.id == run_id).values(**over))
        named = {"status": WorkflowStatus.DRAFT, "name": "Add a contact"}
        session.execute(update(Workflow).where(Workflow.id == number).values(**named))
    expect(row).to_contain_text("Ready for review")
    expect(row.locator("[data-name]")).to_have_text("Add a contact")
    expect(row.locator("input")).to_be_checked()
    expect(link).to_be_focused()


def test_folders_and_trash_work_without_a_script(library: Page) -> None:
    context = library.context.browser.new_context(  # type: ignore[union-attr]
        base_url=library.url, java_script_enabled=False, storage_state=library.context.storage_state()
    )
    page = context.new_page()
    page.goto("/folders")
    page.get_by_label("Name of the new folder").fill("Accounts")
    page.get_by_role("button", name="Create").click()
    page.goto("/")
    pick(page, "Reset a password")
    bar = page.locator("#bulk")
    bar.locator("summary", has_text="Folder").click()
    bar.get_by_label("Move to").select_option("Accounts")
    bar.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("[data-told]")).to_contain_text("1 workflow moved")
    page.get_by_role("link", name="Accounts").click()
    expect(page.locator(".row")).to_have_count(1)
    pick(page, "Reset a password")
    page.locator("#bulk").get_by_role("button", name="Delete").click()
    page.goto("/trash")
    page.get_by_role("button", name="Put back “Reset a password”").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    context.close()


def test_the_sample_is_loaded_with_one_click(page: Page, sign_in: SignIn) -> None:
    sign_in()
    assert violations(page) == []
    page.get_by_role("button", name="Load the sample").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an account for a new colleague")


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(library: Page, stored: dict[str, int], width: int, scheme: str) -> None:
    library.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    library.set_viewport_size({"width": width, "height": 844})
    organise = f"/workflows/{stored['Refund an order']}/organise"
    for path in ("/?tag=money&folder=0", "/?q=nothing", "/trash", "/folders", organise, "/"):
        library.goto(path)
        assert violations(library) == [], path
        assert library.evaluate("document.documentElement.scrollWidth") <= width, path
    pick(library, "Refund an order")
    library.locator("#bulk summary", has_text="Tags").click()
    assert violations(library) == []
    assert library.evaluate("document.documentElement.scrollWidth") <= width
