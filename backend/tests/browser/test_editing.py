"""Putting steps in order, adding, merging and splitting them, in a real browser."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from app.accounts.actor import Actor
from app.core.config import BACKEND
from app.core.db import transaction
from app.recordings import handwritten, importing
from app.workflows import arranging, removing, service, steps
from tests.browser.axe import violations

SAMPLE = BACKEND.parent / "samples" / "create-an-account.zip"


@pytest.fixture
def workflow_id(actor: Actor) -> int:
    """The sample, with a note that mentions a variable, and a heading."""
    number = importing.import_file(actor, SAMPLE.read_bytes()).ingested[0].workflow_id
    with transaction() as session:
        first, second = (view.step.id for view in steps.listed(session, number)[:2])
        handwritten.insert(session, number, actor, kind="warning", text="Ask {{customer}} first.", after=first)
        handwritten.insert(session, number, actor, kind="heading", text="The users", after=None)
        assert second
    return number


@pytest.fixture
def editor(page: Page, sign_in: Callable[[], None], workflow_id: int) -> Page:
    sign_in()
    page.goto(f"/workflows/{workflow_id}")
    page.get_by_role("link", name="Edit steps").click()
    expect(page.locator(".handle").first).to_be_visible()  # by the script, once it listens
    return page


def rows(page: Page) -> Locator:
    return page.locator(".edit-step")


def texts(page: Page) -> list[str]:
    return page.locator(".edit-step .text").all_inner_texts()


def stored(workflow_id: int) -> list[str]:
    with transaction(read_only=True) as session:
        return [view.label.instruction for view in steps.listed(session, workflow_id) if view.label]


def done(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("#toast p")).to_have_text(words)
    expect(page.locator("#editor.waiting")).to_have_count(0)


def png(name: str = "mine.png") -> Any:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(buffer, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_a_step_is_dragged_and_dragging_can_be_given_up(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    handles = editor.locator(".handle")
    _drag(editor, handles.nth(0), rows(editor).nth(2))
    editor.keyboard.press("Escape")
    editor.mouse.up()
    expect(editor.locator("#said")).to_have_text("Put back.")
    assert texts(editor) == before
    _drag(editor, handles.nth(0), rows(editor).nth(2))
    editor.mouse.up()
    done(editor, "Moved.")
    expected = [before[1], before[2], before[0], *before[3:]]
    assert texts(editor) == expected == stored(workflow_id)
    expect(editor.locator("#said")).to_have_text(f"Moved to place 3 of {len(before)}.")
    expect(handles.nth(2)).to_be_focused()


def _drag(page: Page, handle: Locator, below: Locator) -> None:
    start, end = handle.bounding_box(), below.locator(".line").bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 10, start["y"] + 30)
    page.mouse.move(start["x"] + 10, end["y"] + end["height"] - 5, steps=8)
    expect(page.locator(".edit-step.dragging")).to_have_count(1)


def test_a_finger_drags_too(editor: Page, chromium: Browser, server: str, workflow_id: int) -> None:
    state: Any = editor.context.storage_state()
    context = chromium.new_context(
        base_url=server, storage_state=state, has_touch=True, viewport={"width": 390, "height": 844}
    )
    phone = context.new_page()
    phone.goto(f"/workflows/{workflow_id}/edit")
    before = texts(phone)
    start, end = phone.locator(".handle").nth(0).bounding_box(), rows(phone).nth(1).locator(".line").bounding_box()
    assert start
    assert end
    x, y = start["x"] + 12, start["y"] + 12
    touch = context.new_cdp_session(phone)
    for kind, at in (
        ("touchStart", y),
        ("touchMove", y + 30),
        ("touchMove", end["y"] + end["height"] * 0.6),
        ("touchMove", end["y"] + end["height"] * 0.7),
        ("touchEnd", None),
    ):
        points = [] if at is None else [{"x": x, "y": at}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    done(phone, "Moved.")
    assert texts(phone)[:2] == [before[1], before[0]]
    context.close()


def test_the_keyboard_moves_a_step_as_fast_as_one_types(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    editor.locator(".handle").first.focus()
    for _ in range(3):
        editor.keyboard.press("Alt+ArrowDown")
    expect(editor.locator("#said")).to_have_text(f"Moved to place 4 of {len(before)}.")
    assert texts(editor) == [*before[1:4], before[0], *before[4:]] == stored(workflow_id)
    editor.keyboard.press("Alt+ArrowUp")
    expect(editor.locator("#said")).to_have_text(f"Moved to place 3 of {len(before)}.")
    assert texts(editor) == [before[1], before[2], before[0], *before[3:]] == stored(workflow_id)
    expect(editor.locator(".handle").nth(2)).to_be_focused()
    up = rows(editor).nth(2).get_by_role("button", name=re.compile("^Move .* up$"))
    up.press("Enter")
    expect(editor.locator("#said")).to_have_text(f"Moved to place 2 of {len(before)}.")
    expect(rows(editor).nth(1).get_by_role("button", name=re.compile("^Move .* up$"))).to_be_focused()


@pytest.mark.parametrize(
    ("kind", "shown"), [("Note", "note"), ("Tip", "tip"), ("Warning", "warning"), ("Step by hand", "step")]
)
def test_something_is_added_between_steps(editor: Page, workflow_id: int, kind: str, shown: str) -> None:
    before = texts(editor)
    editor.get_by_role("link", name="Add something after place 1", exact=True).press("Enter")
    words = editor.get_by_role("textbox", name="Words")
    expect(words).to_be_focused()
    editor.get_by_role("radio", name=kind).check()
    words.fill("Mind the gap.")
    editor.get_by_role("button", name="Add", exact=True).first.click()
    done(editor, "Added.")
    assert texts(editor) == [before[0], "Mind the gap.", *before[1:]] == stored(workflow_id)
    expect(rows(editor).nth(1)).to_have_class(re.compile(rf"\b{shown}\b"))
    expect(rows(editor).nth(1).locator(".handle")).to_be_focused()


def test_escape_closes_a_form_and_leads_back(editor: Page) -> None:
    gap = editor.get_by_role("link", name="Add something at the beginning")
    gap.click()
    expect(editor.locator(".opened")).to_have_count(1)
    editor.keyboard.press("Escape")
    expect(editor.locator(".opened")).to_have_count(0)
    expect(gap).to_be_focused()


def test_a_heading_is_added_changed_and_taken_away(editor: Page) -> None:
    editor.get_by_role("link", name="Add something after place 2", exact=True).click()
    editor.get_by_role("radio", name="Heading").check()
    expect(editor.locator(".drop-picture")).to_be_hidden()
    editor.get_by_role("textbox", name="Words").fill("Sign in")
    editor.get_by_role("button", name="Add", exact=True).first.click()
    done(editor, "Heading changed.")
    expect(rows(editor).nth(2).locator("h2")).to_have_text("Sign in")
    rows(editor).nth(2).locator("h2 a").click()
    editor.get_by_role("textbox", name="Heading above this step").fill("Signing in")
    editor.get_by_role("button", name="Save", exact=True).first.click()
    expect(rows(editor).nth(2).locator("h2")).to_have_text("Signing in")
    rows(editor).nth(2).locator("h2 a").click()
    editor.get_by_role("button", name="Take it away").click()
    expect(rows(editor).nth(2).locator("h2")).to_have_count(0)


def test_a_step_by_hand_has_a_picture_that_was_chosen_or_pasted(editor: Page) -> None:
    editor.get_by_role("link", name="Add something after place 1", exact=True).click()
    editor.get_by_role("radio", name="Step by hand").check()
    editor.get_by_role("textbox", name="Words").fill("Sign the paper.")
    editor.locator(".drop-picture input").set_input_files(png())
    expect(editor.locator(".drop-picture")).to_contain_text("mine.png is attached")
    editor.get_by_role("button", name="Add", exact=True).first.click()
    done(editor, "Added.")
    shot = rows(editor).nth(1).locator("img")
    expect(shot).to_be_visible()
    first = shot.get_attribute("src")
    rows(editor).nth(1).locator("summary").click()
    editor.get_by_role("link", name="Change words and kind").click()
    words = editor.get_by_role("textbox", name="Words")
    expect(words).to_be_focused()
    words.evaluate(PASTE)
    expect(editor.locator(".drop-picture")).to_contain_text("pasted.png is attached")
    editor.get_by_role("radio", name="Tip").check()
    editor.get_by_role("button", name="Save", exact=True).first.click()
    done(editor, "Note changed.")
    expect(rows(editor).nth(1)).to_have_class(re.compile(r"\btip\b"))
    assert rows(editor).nth(1).locator("img").get_attribute("src") != first


PASTE = """async (field) => {
  const canvas = new OffscreenCanvas(60, 40);
  canvas.getContext("2d").fillRect(0, 0, 30, 40);
  const files = new DataTransfer();
  files.items.add(new File([await canvas.convertToBlob()], "pasted.png", { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""


def test_what_is_no_picture_is_refused_in_words(editor: Page) -> None:
    editor.get_by_role("link", name="Add something after place 1", exact=True).click()
    editor.get_by_role("textbox", name="Words").fill("Sign the paper.")
    broken = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    editor.locator(".drop-picture input").set_input_files(broken)  # type: ignore[arg-type]
    editor.get_by_role("button", name="Add", exact=True).first.click()
    expect(editor.locator("#trouble")).to_contain_text("This was refused:")
    expect(editor.get_by_role("textbox", name="Words")).to_have_value("Sign the paper.")


def test_two_steps_become_one(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    rows(editor).nth(2).locator("summary").click()
    editor.get_by_role("link", name="Merge with the next one").click()
    expect(editor.get_by_role("radio", name="That of the next one")).to_be_focused()
    editor.get_by_role("radio", name="That of this step").check()
    editor.get_by_role("button", name="Merge", exact=True).first.click()
    done(editor, "2 steps merged into one.")
    merged = f"{before[2]} {before[3]}"
    assert texts(editor) == [*before[:2], merged, *before[4:]] == stored(workflow_id)


def test_a_workflow_becomes_two(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    rows(editor).nth(3).locator("summary").click()
    editor.get_by_role("link", name="Split the workflow here").click()
    editor.get_by_role("textbox", name="Name of the new workflow").fill("The second half")
    editor.get_by_role("button", name="Split", exact=True).click()
    done(editor, f"{len(before) - 3} steps are a workflow of their own now.")
    assert texts(editor) == before[:3] == stored(workflow_id)
    editor.get_by_role("link", name="Open it").click()
    expect(editor.get_by_role("heading", name="The second half")).to_be_visible()


def test_chosen_steps_go_together(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    expect(editor.locator(".selection")).to_be_hidden()
    for place in (0, 2):
        rows(editor).nth(place).get_by_role("checkbox").check()
    editor.locator(".selection").get_by_role("button", name="Merge").click()
    expect(editor.get_by_role("alert")).to_contain_text("Only steps that stand in a row")
    for place in (0, 2):
        rows(editor).nth(place).get_by_role("checkbox").check()
    editor.locator(".selection").get_by_role("button", name="Move", exact=True).click()
    done(editor, "Moved.")
    moved = [before[1], *before[3:], before[0], before[2]]
    assert texts(editor) == moved == stored(workflow_id)
    for place in (0, 1):
        rows(editor).nth(place).get_by_role("checkbox").check()
    editor.locator(".selection").get_by_role("button", name="Remove").click()
    done(editor, "2 steps removed.")
    assert texts(editor) == moved[2:]


def test_a_value_becomes_a_variable(editor: Page, workflow_id: int) -> None:
    hint = editor.get_by_role("link", name="Nobody has said what {{customer}} is")
    hint.click()
    expect(editor.get_by_role("textbox", name="Name", exact=True)).to_have_value("customer")
    expect(editor.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    new = editor.get_by_role("form", name="A new variable")
    new.get_by_label("The reader is asked for").fill("Name of the customer")
    new.get_by_role("button").click()
    done(editor, "Variables changed.")
    expect(hint).to_have_count(0)
    word = stored(workflow_id)[0].split('"')[1]
    new.get_by_label("Name", exact=True).fill("Start Page")
    new.get_by_label("In the place of").fill(word)
    new.get_by_role("button").click()
    expect(rows(editor).first).to_contain_text("{{start_page}}")
    expect(editor.get_by_role("form", name="The variable start_page").get_by_label("Example")).to_have_value(word)


def test_another_recording_is_added(editor: Page) -> None:
    before = texts(editor)
    editor.get_by_label("or a file").set_input_files(SAMPLE)
    editor.locator("#append").get_by_role("button", name="Add").click()
    done(editor, re.compile(r"^\d+ steps added\.$"))
    assert len(texts(editor)) > len(before)
    assert texts(editor)[: len(before)] == before
    editor.goto("/")
    expect(editor.locator(".row")).to_have_count(1)


def test_somebody_else_was_faster(editor: Page, workflow_id: int, actor: Actor) -> None:
    before = texts(editor)
    with transaction() as session:
        present = [view.step.id for view in steps.listed(session, workflow_id)]
        arranging.move(session, workflow_id, actor, present[-1:], after=None)
    editor.locator(".handle").first.focus()
    editor.keyboard.press("Alt+ArrowDown")
    trouble = editor.get_by_role("alert")
    expect(trouble).to_contain_text("Somebody else changed the steps in the meantime.")
    assert texts(editor) == [before[-1], *before[:-1]]
    trouble.get_by_text("The order that you wanted").click()
    expect(trouble.get_by_role("listitem").first).to_be_visible()
    trouble.get_by_role("button", name="Use my order").click()
    done(editor, "Moved.")


def test_what_was_done_is_undone(editor: Page, workflow_id: int) -> None:
    before = texts(editor)
    rows(editor).nth(1).get_by_role("button", name=re.compile("^Remove")).click()
    done(editor, "1 step removed.")
    assert texts(editor) == [before[0], *before[2:]]
    editor.get_by_role("button", name="Undo").click()
    expect(editor.locator("#said")).to_have_text("Undone.")
    assert texts(editor) == before == stored(workflow_id)


def test_forms_work_without_scripts(editor: Page, chromium: Browser, server: str, workflow_id: int) -> None:
    state: Any = editor.context.storage_state()
    context = chromium.new_context(base_url=server, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(f"/workflows/{workflow_id}/edit")
    before = texts(plain)
    rows(plain).nth(1).get_by_role("button", name=re.compile("^Move .* up$")).click()
    done(plain, "Moved.")
    plain.get_by_role("link", name="Add something after place 1", exact=True).click()
    plain.get_by_role("radio", name="Step by hand").check()
    plain.get_by_role("textbox", name="Words").fill("Sign the paper.")
    plain.locator(".drop-picture input").set_input_files(png())
    plain.get_by_role("button", name="Add", exact=True).first.click()
    done(plain, "Added.")
    expect(rows(plain).nth(1).locator("img")).to_be_visible()
    assert texts(plain) == [before[1], "Sign the paper.", before[0], *before[2:]]
    plain.locator("#append-file").set_input_files(SAMPLE)
    plain.locator("#append").get_by_role("button", name="Add").click()
    done(plain, re.compile("steps added"))
    context.close()


def test_an_emptied_workflow_says_what_to_do(editor: Page, workflow_id: int, actor: Actor) -> None:
    with transaction() as session:
        workflow = service.get(session, workflow_id, actor, for_change=True)
        removing.remove(session, workflow, actor, [view.step.id for view in steps.listed(session, workflow_id)])
    editor.reload()
    expect(editor.get_by_text("Write the first one, or add a recording.")).to_be_visible()
    editor.get_by_role("link", name="Add something at the beginning").click()
    editor.get_by_role("textbox", name="Words").fill("Begin.")
    editor.get_by_role("button", name="Add", exact=True).first.click()
    done(editor, "Added.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_use_it(editor: Page, width: int, scheme: Any) -> None:
    editor.emulate_media(color_scheme=scheme)
    editor.set_viewport_size({"width": width, "height": 844})
    for name in ("insert", "note", "heading", "merge", "split"):
        step_id = rows(editor).nth(1).get_attribute("data-step")
        editor.goto(f"{editor.url.partition('?')[0].partition('#')[0]}?open={name}&at={step_id}")
        expect(editor.locator(".opened")).to_have_count(1)
        assert violations(editor) == []
    rows(editor).nth(0).get_by_role("checkbox").check()
    rows(editor).nth(2).locator("summary").click()
    assert violations(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width
    rows(editor).nth(0).get_by_role("checkbox").uncheck()
    rows(editor).nth(2).get_by_role("button", name=re.compile("^Remove")).click()
    done(editor, "1 step removed.")
    assert violations(editor) == []
