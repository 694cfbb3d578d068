"""What Playwright does by script, where a person would use the mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.browser import record

FORM = """<label>Role <select><option>Guest<option>Editor<option>Owner</select></label>
<button type=button onclick="document.querySelector('select').value = 'Owner';
  document.querySelector('select').dispatchEvent(new Event('change', { bubbles: true }))">Promote</button>"""


@pytest.fixture
def form(chromium: Browser) -> Iterator[Page]:
    """A page of a context of its own, recorded by the core itself."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(FORM)
    yield page
    context.close()


def test_an_option_that_playwright_chooses_is_a_step(form: Page) -> None:
    with record(form, "Make an editor") as recording:
        form.get_by_label("Role").select_option("Editor")
    assert [(step.action, step.value) for step in recording.steps] == [("select", "Editor")]


def test_an_option_that_the_page_chooses_is_none(form: Page) -> None:
    with record(form, "Make an owner") as recording:
        form.get_by_role("button", name="Promote").click()
    assert [(step.action, step.value) for step in recording.steps] == [("click", None)]
