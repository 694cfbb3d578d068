"""The review as pages: what is asked, what is refused, where one is led."""

from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.models import Role
from app.core.db import transaction
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Workflow
from tests.web.conftest import Browser

POISON = '<img src=x onerror=alert(1)> "Save"'
PARTIAL = {"hx-request": "true", "hx-request-type": "partial"}


@pytest.fixture
def workflow(editor: Browser) -> Any:
    return editor.create()


def review(workflow: Any, place: int = 0, what: str = "") -> str:
    path = f"/workflows/{workflow['id']}/review"
    return f"{path}/{workflow['steps'][place]['id']}/{what}" if what else path


def post(browser: Browser, path: str, **fields: str) -> Any:
    return browser.post(path, csrf=browser.csrf(), **fields)


def shown(workflow: Any, place: int = 0) -> tuple[str, str]:
    step_id = workflow["steps"][place]["id"]
    with transaction(read_only=True) as session:
        label = labels.shown(session, [step_id])[step_id]
        return label.instruction, str(label.source)


@pytest.mark.parametrize("what", ["save", "accept", "remove"])
def test_a_version_is_needed_and_a_stale_one_changes_nothing(editor: Browser, workflow: Any, what: str) -> None:
    before = shown(workflow)
    path = review(workflow, what=what)
    assert post(editor, path).status_code == 422
    answer = post(editor, path, version="7", field_label="X", instruction="Mine.")
    assert answer.status_code == 409
    assert shown(workflow) == before
    if what == "save":
        assert "Mine." in answer.text
        assert "Keep mine" in answer.text
    else:
        assert "Somebody changed this step meanwhile." in answer.text


def test_what_cannot_be_a_label_is_said_and_kept_in_the_form(editor: Browser, workflow: Any) -> None:
    answer = post(editor, review(workflow, what="save"), version="1", field_label="X", instruction="a" * 1001)
    assert answer.status_code == 422
    assert "at most 1000 are allowed" in answer.text
    assert "a" * 1001 in answer.text
    empty = post(editor, review(workflow, what="save"), version="1", field_label=" ", instruction="Do it.")
    assert "field_label is empty" in empty.text


def test_words_of_another_step_are_not_used(editor: Browser, workflow: Any) -> None:
    with transaction(read_only=True) as session:
        foreign = labels.history(session, workflow["steps"][1]["id"])[0].id
    for number in (foreign, 2**62):
        answer = post(editor, review(workflow, what="reuse"), version="1", label=str(number))
        assert answer.status_code == 404
        assert "These words are not of this step." in answer.text


def test_a_step_that_is_not_there(editor: Browser, workflow: Any) -> None:
    for what in ("save", "accept", "reject", "remove"):
        path = f"/workflows/{workflow['id']}/review/{2**62}/{what}"
        assert post(editor, path, version="1", n="1").status_code == 404, what
    assert post(editor, f"/workflows/{workflow['id']}/review/{2**62}/relabel").status_code == 422
    assert post(editor, f"/workflows/{workflow['id']}/review/{2**62}/check").status_code == 404


def test_a_viewer_looks_and_has_no_buttons(workflow: Any, sign_in: Callable[..., Browser]) -> None:
    viewer = sign_in("vera", Role.VIEWER)
    page = viewer.get(review(workflow)).text
    assert "0 of 2 checked" in page
    assert 'method="post" action="/workflows' not in page
    assert post(viewer, review(workflow, what="accept"), version="1").status_code == 403


def test_nobody_is_led_elsewhere(editor: Browser, workflow: Any) -> None:
    number = workflow["id"]
    for other in (
        "//evil.example",
        "https://evil.example/",
        f"/workflows/{number}1/review",
        f"/workflows/{number}/../x",
    ):
        post(editor, f"/workflows/{number}/about", version=str(version(number)), name=f"Name {other}"[:50])
        answer = editor.post(f"/workflows/{number}/undo", csrf=editor.csrf(), next=other)
        assert answer.headers["Location"] == f"/workflows/{number}/history"


def version(number: int) -> int:
    with transaction(read_only=True) as session:
        return session.get_one(Workflow, number).version


def test_each_decision_leads_to_the_next_doubtful_step(editor: Browser, workflow: Any) -> None:
    number = workflow["id"]
    second = workflow["steps"][1]["id"]
    answer = post(editor, review(workflow, what="accept"), version="1")
    assert answer.headers["Location"] == f"/workflows/{number}/review?step={second}&done=confirmed&was=1"
    assert "Step 1 checked." in editor.get(answer.headers["Location"]).text
    last = post(editor, review(workflow, 1, "save"), version="1", field_label="Save", instruction="Save it.")
    assert last.headers["Location"] == f"/workflows/{number}/review?done=saved&was=2"
    assert "All 2 steps are checked" in editor.get(last.headers["Location"]).text
    assert [shown(workflow, place)[1] for place in (0, 1)] == ["human", "human"]


def test_a_part_is_a_part(editor: Browser, workflow: Any) -> None:
    answer = editor.get(review(workflow), **PARTIAL)
    assert "<html" not in answer.text
    assert answer.headers["HX-Replace-Url"] == f"{review(workflow)}?step={workflow['steps'][0]['id']}"


def test_nothing_poisoned_gets_through(editor: Browser, workflow: Any) -> None:
    step_id = workflow["steps"][0]["id"]
    with transaction() as session:
        labels.add(session, {step_id: labels.by_person(POISON, f"{POISON} [x](javascript:1)", workflow["owner_id"])})
        labels.add(session, {step_id: NewLabel(POISON, f"{POISON} too", 0.4, LabelSource.AI, POISON)})
    checked = post(
        editor, review(workflow, what="check"), field_label=POISON, instruction=f"{POISON} [a](javascript:1)"
    )
    history = editor.get(f"/workflows/{workflow['id']}/history")
    for page in (editor.get(f"{review(workflow)}?step={step_id}"), checked, history):
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert 'href="javascript' not in page.text


def test_typing_is_answered_as_the_guide_will_show_it(editor: Browser, workflow: Any) -> None:
    text = 'Click "Save" **now** with `Ctrl+S`, see [the wiki](https://wiki.example/a) for {{customer}}.'
    page = post(editor, review(workflow, what="check"), field_label="Save", instruction=text).text
    link = '<a href="https://wiki.example/a" rel="noreferrer noopener nofollow" target="_blank" dir="ltr">the wiki</a>'
    for part in ("<b>Save</b>", "<strong>now</strong>", "<code>Ctrl+S</code>", link, 'data-variable="customer"'):
        assert part in page
    assert 'class="problems"' not in page
    assert shown(workflow)[1] == "rules", "nothing is written"
    wrong = post(editor, review(workflow, what="check"), field_label="Save", instruction="click the div element").text
    for code in ("case", "full_stop", "tag"):
        assert f'data-code="{code}"' in wrong
    same = post(editor, review(workflow, what="check"), field_label="Save", instruction=shown(workflow, 1)[0]).text
    assert 'data-code="duplicate"' in same


def test_undo_from_the_review_comes_back_to_its_step(editor: Browser, workflow: Any) -> None:
    number, step_id = workflow["id"], workflow["steps"][0]["id"]
    post(editor, review(workflow, what="accept"), version="1")
    answer = post(editor, f"/workflows/{number}/undo", next=f"/workflows/{number}/review?step=99")
    assert answer.headers["Location"] == f"/workflows/{number}/review?step={step_id}&done=undone"
    again = post(editor, f"/workflows/{number}/undo", next=f"/workflows/{number}/review")
    assert again.status_code == 404
    assert "There is nothing here that could be undone." in again.text
    assert 'id="review"' in again.text


def test_title_and_purpose(editor: Browser, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}/about"
    for name in ("", " ", "a" * 201, "a\u202eb"):
        assert post(editor, path, version="1", name=name).status_code == 422
    assert post(editor, path, version="1", name=" Add  a person ", description="For\r\nnew ones.").status_code == 303
    page = editor.get(f"/workflows/{workflow['id']}").text
    assert '<h1 dir="auto">Add a person</h1>' in page
    stale = post(editor, path, version="1", name="Mine", description="Of mine.")
    assert stale.status_code == 409
    for text in ("Add a person", "Mine", "Of mine."):
        assert text in stale.text


def test_a_guide_is_published_archived_and_a_draft_again(editor: Browser, workflow: Any) -> None:
    number = workflow["id"]
    with transaction() as session:
        session.get_one(Workflow, number).status = "draft"  # type: ignore[assignment]  # as the column stores it
    path = f"/workflows/{number}/status"
    assert post(editor, path, status="archived").status_code == 422
    assert "Review (2 to check)" in editor.get(f"/workflows/{number}").text
    for status, button in (("published", "Archive"), ("archived", "Back to draft"), ("draft", "Publish")):
        assert post(editor, path, status=status).status_code == 303
        assert f">{button}</button>" in editor.get(f"/workflows/{number}").text
    history = editor.get(f"/workflows/{number}/history").text
    assert "State changed from “Archived” to “Ready for review”" in history


def test_notes_stand_apart_and_a_manual_step_counts(editor: Browser) -> None:
    notes = [{"action": "note", "note_kind": kind, "value": f"A {kind}."} for kind in ("tip", "warning", "step")]
    number = editor.create(steps=notes)["id"]
    page = editor.get(f"/workflows/{number}").text
    assert 'class="step note tip"' in page
    assert 'class="step note warning"' in page
    assert 'id="step-1"' in page
    assert page.count('class="step note') == 2
