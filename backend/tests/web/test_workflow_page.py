from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import Role
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.workflows.models import Workflow
from tests.web.conftest import Browser, step


def states(workflow_id: int) -> list[RunState]:
    with transaction(read_only=True) as session:
        found = session.scalars(
            select(LabelingRun.state).where(LabelingRun.workflow_id == workflow_id).order_by(LabelingRun.id)
        )
        return [RunState(state) for state in found]


@pytest.mark.parametrize("path", ["/workflows/1", "/workflows/99999999999999999999", "/workflows/1/live"])
def test_an_unknown_workflow_is_a_page_that_says_so(editor: Browser, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code == 404
    assert "<h1>There is nothing here</h1>" in answer.text


def test_changes_need_our_form(editor: Browser) -> None:
    number = editor.create()["id"]
    for path in (f"/workflows/{number}/label", f"/workflows/{number}/labeling/cancel"):
        answer = editor.post(path)
        assert answer.status_code == 403
        assert "<h1>You may not do this</h1>" in answer.text
    assert states(number) == [RunState.QUEUED]


def test_a_viewer_reads_and_changes_nothing(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    number = editor.create()["id"]
    viewer = sign_in("vera", Role.VIEWER)
    page = viewer.get(f"/workflows/{number}").text
    assert "<b>Save</b>" in page
    assert "Relabel" not in page
    assert viewer.post(f"/workflows/{number}/labeling/cancel", csrf=viewer.csrf()).status_code == 403
    assert states(number) == [RunState.QUEUED]


def test_the_guide_reads_in_parts_with_names_in_bold(editor: Browser) -> None:
    steps = [step("New contact"), step("Save", "New contact · CRM"), step("Done", "New contact · CRM")]
    number = editor.create(description="For every new customer.", steps=steps)["id"]
    page = editor.get(f"/workflows/{number}").text
    assert '<h1 dir="auto">Create a contact</h1>' in page
    assert "For every new customer." in page
    assert "Click <b>Save</b>." in page
    assert page.count("<section") == 2
    assert [f'id="step-{n}"' in page for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert 'href="https://crm.example/contacts" rel="noreferrer noopener nofollow"' in page


def test_a_note_has_no_number(editor: Browser) -> None:
    note = {"action": "note", "value": "Ask first."}
    number = editor.create(steps=[step("New contact"), note, step("Save")])["id"]
    page = editor.get(f"/workflows/{number}").text
    assert 'id="note-' in page
    assert 'id="step-2"' in page
    assert 'id="step-3"' not in page


def test_the_live_part_has_the_steps_asked_for(editor: Browser) -> None:
    workflow = editor.create()
    first, second = (one["id"] for one in workflow["steps"])
    part = editor.get(f"/workflows/{workflow['id']}/live?step={second}").text
    assert f'data-step="{second}"' in part
    assert f'data-step="{first}"' not in part
    whole = editor.get(f"/workflows/{workflow['id']}/live").text
    assert f'data-step="{first}"' in whole
    assert 'id="status"' in whole


def test_stopping_and_labelling_again(editor: Browser) -> None:
    number = editor.create()["id"]
    page = editor.get(f"/workflows/{number}").text
    assert "data-live" in page
    assert "Stop labelling" in page

    answer = editor.post(f"/workflows/{number}/labeling/cancel", csrf=editor.csrf())
    assert answer.headers["Location"] == f"/workflows/{number}"
    assert states(number) == [RunState.CANCELLED]
    page = editor.get(f"/workflows/{number}").text
    assert "Labelling was stopped" in page
    assert "data-live" not in page

    assert editor.post(f"/workflows/{number}/label", csrf=editor.csrf()).status_code == 303
    assert states(number) == [RunState.CANCELLED, RunState.QUEUED]


def test_what_went_wrong_is_said_until_somebody_has_seen_it(editor: Browser) -> None:
    number = editor.create()["id"]
    with transaction() as session:
        run = session.scalars(select(LabelingRun)).one()
        run.state, run.reason, run.due_at = RunState.NEEDS_ATTENTION, "Three workers died over it.", None
    page = editor.get(f"/workflows/{number}").text
    assert "Labelling was given up" in page
    assert "Three workers died over it." in page
    assert "Relabel" in page


def test_the_state_is_a_word(editor: Browser) -> None:
    number = editor.create()["id"]
    with transaction() as session:
        session.get_one(Workflow, number).status = "published"  # type: ignore[assignment]  # as the column stores it
    assert '<span id="status" class="state published">Published</span>' in editor.get(f"/workflows/{number}").text
