"""What a model proposes, on the page."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Role
from app.core.db import transaction
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.web.conftest import Browser

POISON = '<img src=x onerror=alert(1)> "Save"'


@pytest.fixture
def workflow(editor: Browser) -> Any:
    """Both steps have a person's words; a model proposed others for both, twice for the first."""
    made = editor.create()
    first, second = (step["id"] for step in made["steps"])
    with transaction() as session:
        for step_id in (first, second):
            labels.add(session, {step_id: labels.by_person("Contact", "Add the contact.", made["owner_id"])})
            labels.add(session, {step_id: NewLabel("Contact", "Add a contact.", 0.9, LabelSource.AI, "m-1")})
        proposed = NewLabel("New", "Add a person.", 0.4, LabelSource.AI, POISON, flags=["not_on_page"])
        labels.add(session, {first: proposed})
    return made


def forms(page: str) -> list[str]:
    return re.findall(r'<form method="post" action="(/workflows/\d+/(?:steps/\d+/)?proposals[^"]*)"', page)


def test_a_viewer_sees_no_proposals(workflow: Any, sign_in: Callable[..., Browser]) -> None:
    page = sign_in("vera", Role.VIEWER).get(f"/workflows/{workflow['id']}").text
    assert "Add the contact." in page
    assert "proposal" not in page


def test_deciding_needs_our_form(editor: Browser, workflow: Any) -> None:
    paths = forms(editor.get(f"/workflows/{workflow['id']}").text)
    assert len(paths) == 6
    for path in paths:
        assert editor.post(path).status_code == 403
    assert forms(editor.get(f"/workflows/{workflow['id']}").text) == paths


def test_an_unknown_decision_is_refused(editor: Browser, workflow: Any) -> None:
    step = workflow["steps"][0]["id"]
    for path in (
        f"/workflows/{workflow['id']}/steps/{step}/proposals/2/maybe",
        f"/workflows/{workflow['id']}/proposals/x",
    ):
        assert editor.post(path, csrf=editor.csrf()).status_code == 422


def test_a_second_decision_is_a_page_that_says_so(editor: Browser, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}/proposals/2/reject"
    assert editor.post(path, csrf=editor.csrf()).status_code == 303
    again = editor.post(path, csrf=editor.csrf())
    assert again.status_code == 409
    assert "This proposal was rejected already." in again.text


def test_the_newest_proposal_is_shown_as_a_change(editor: Browser, workflow: Any) -> None:
    page = editor.get(f"/workflows/{workflow['id']}").text
    assert "Add <del>the contact</del><ins>a person</ins>." in page
    assert "Accept all (2)" in page
    assert "Little on the page speaks for it: look closely (40 %)." in page
    assert "Some of its words stand nowhere on the page." in page
    assert "<img src=x" not in page


def test_the_live_part_has_it_too(editor: Browser, workflow: Any) -> None:
    assert "<ins>a person</ins>" in editor.get(f"/workflows/{workflow['id']}/live").text


def test_accepting_comes_back_to_the_step(editor: Browser, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}/proposals/2/accept"
    answer = editor.post(path, csrf=editor.csrf(), anchor="step-1")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/workflows/{workflow['id']}#step-1")
    page = editor.get(f"/workflows/{workflow['id']}").text
    assert "Add a person." in page
    assert "Accept all (1)" in page


def test_nobody_is_led_elsewhere(editor: Browser, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}/proposals/2/reject"
    answer = editor.post(path, csrf=editor.csrf(), anchor="\r\nLocation: //evil.example")
    assert answer.headers["Location"] == f"/workflows/{workflow['id']}"


def test_all_are_accepted_at_once(editor: Browser, workflow: Any) -> None:
    answer = editor.post(f"/workflows/{workflow['id']}/proposals/accept", csrf=editor.csrf())
    assert answer.headers["Location"] == f"/workflows/{workflow['id']}"
    page = editor.get(f"/workflows/{workflow['id']}").text
    assert ("Add a person." in page, "Add a contact." in page, "proposal" in page) == (True, True, False)
