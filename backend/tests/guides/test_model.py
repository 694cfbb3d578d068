"""A guide is built from rows alone."""

from app.guides.model import GuideImage, build
from app.workflows.content import Action, Box, Page, StepContent, Target, Viewport
from app.workflows.models import LabelSource
from app.workflows.steps import StepView
from tests.guides.rows import CONTACTS, NEW_CONTACT, view, workflow

TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"


def on(page: Page, action: Action = Action.CLICK) -> StepContent:
    return StepContent(action=action, page=page)


def test_no_secret_leaves_in_any_text() -> None:
    built = build(
        workflow(f"Use {TOKEN}", f"With {TOKEN}", f"https://a.example/{TOKEN}"),
        [view(f'Enter "{TOKEN}".', field_label=TOKEN, content=on(Page(title=f"Page {TOKEN}")))],
    )
    assert TOKEN not in repr(built)


def test_a_secret_value_is_not_shown_even_if_it_was_stored() -> None:
    row = view(content=StepContent(action=Action.NOTE)).step
    row.value, row.value_kind = "hunter2", "password"
    assert "hunter2" not in repr(build(workflow(), [StepView(row, None, 0)]))


def test_a_step_without_a_label_still_says_what_was_done() -> None:
    row = view(content=on(CONTACTS, Action.DOUBLE_CLICK)).step
    (step,) = build(workflow(), [StepView(row, None, 0)]).steps
    assert (step.instruction, step.field_label, step.source) == ("Double click", None, None)


def test_a_page_is_named_where_it_changes() -> None:
    pages = [CONTACTS, CONTACTS, Page(), NEW_CONTACT, Page(url="https://crm.example/contacts/new#tab"), CONTACTS]
    views = [view(position=number, content=on(page)) for number, page in enumerate(pages, 1)]
    headings = [step.heading for step in build(workflow(), views).steps]
    assert headings == ["Contacts", None, None, "New contact", None, "Contacts"]


def test_notes_are_not_counted() -> None:
    actions = [Action.CLICK, Action.NOTE, Action.CLICK]
    views = [view(position=number, content=on(CONTACTS, action)) for number, action in enumerate(actions, 1)]
    steps = build(workflow(), views).steps
    assert [step.number for step in steps] == [1, None, 2]
    assert steps[1].is_note


def test_a_picture_comes_with_the_place_of_the_element() -> None:
    box, viewport = Box(x=1, y=2, width=3, height=4), Viewport(width=1280, height=720)
    content = StepContent(
        action=Action.CLICK, target=Target(box=box), page=Page(viewport=viewport), screenshot_id="picture"
    )
    (step,) = build(workflow(), [view(content=content, source=LabelSource.HUMAN)]).steps
    assert step.image == GuideImage("picture", box, viewport)
    assert (step.source, step.confidence) == (LabelSource.HUMAN, 0.9)


def test_sections_go_before_the_pages_names() -> None:
    views = [view(position=number, content=on(CONTACTS)) for number in range(1, 4)]
    views[1].step.heading = "Fill in the form"
    assert [step.heading for step in build(workflow(), views).steps] == [None, "Fill in the form", None]
