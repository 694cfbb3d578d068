"""Tasks recorded again, by the API."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from app.recordings.schema import RecordingIn
from app.storage.models import Screenshot
from app.tasks.cleaning import clean_up
from app.workflows.models import Workflow, WorkflowStatus
from app.workflows.rerecording.models import RerecordedStep, Rerecording
from tests.api.bodies import picture, recording, step
from tests.api.callers import Caller

VIEWPORT = {"width": 32, "height": 24}
PAGE = {"url": "https://crm.example/contacts", "title": "Contacts", "viewport": VIEWPORT}


def button(name: str, shot: str | None = None, **more: Any) -> dict[str, Any]:
    target = {"tag": "button", "role": "button", "name": name, "attributes": {"id": more.pop("id", name)}}
    target["box"] = {"x": 4, "y": 4, "width": 8, "height": 6}
    return {"action": "click", "target": target, "page": PAGE, "screenshot_id": shot, **more}


def upload(caller: Caller, shade: int) -> str:
    return str(caller.upload("/screenshots", picture(shade)).json()["id"])


def done_with(workflow_id: int) -> None:
    """Its labelling is over."""
    with transaction() as session:
        runs = update(LabelingRun).where(LabelingRun.workflow_id == workflow_id)
        session.execute(runs.values(state=RunState.SUCCEEDED, due_at=None))
        session.execute(update(Workflow).where(Workflow.id == workflow_id).values(status=WorkflowStatus.DRAFT))


def made(caller: Caller, *steps: dict[str, Any]) -> dict[str, Any]:
    """A workflow that is labelled."""
    workflow: dict[str, Any] = caller.post("/workflows", json=recording(steps=list(steps))).json()
    done_with(workflow["id"])
    return workflow


def again(caller: Caller, workflow: dict[str, Any], *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = caller.post(f"/workflows/{workflow['id']}/recordings", json=recording(steps=list(steps)), **more)
    assert answer.status_code == 201, answer.text
    comparison: dict[str, Any] = answer.json()
    return comparison


def unchanging(caller: Caller, workflow: dict[str, Any]) -> dict[str, Any]:
    """All of it but how long its labelling has waited."""
    found: dict[str, Any] = caller.get(f"/workflows/{workflow['id']}").json()
    return found | {"labeling": None}


def address(comparison: dict[str, Any], what: str = "") -> str:
    at = comparison["recording"]
    return f"/workflows/{at['workflow_id']}/recordings/{at['id']}{what}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"steps": []}, 422),
        ({"steps": [step(action="dance")]}, 422),
        ({"steps": [step()], "over": 1}, 422),
        ({"steps": [step(screenshot_id="nothing")]}, 422),
        ({"steps": [step(value="x" * 5001)]}, 422),
    ],
)
def test_what_is_no_recording_is_refused(as_owner: Caller, body: dict[str, Any], status: int) -> None:
    workflow = made(as_owner, button("New"))
    answer = as_owner.post(f"/workflows/{workflow['id']}/recordings", json=body)
    assert answer.status_code == status, answer.text
    assert as_owner.get(f"/workflows/{workflow['id']}/recordings").json()["items"] == []


def test_secrets_are_masked_before_anything_is_kept(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"))
    field = {
        "action": "input",
        "target": {"tag": "input", "name": "Card"},
        "value": "4111 1111 1111 1111",
        "page": PAGE,
    }
    comparison = again(as_owner, workflow, button("New"), field)
    assert "4111 1111" not in str(comparison)
    assert comparison["recording"]["warnings"] == ["Step 2: card number was masked."]
    with transaction(read_only=True) as session:
        assert "4111 1111" not in str([row.content for row in session.scalars(select(RerecordedStep))])


def test_sent_again_with_the_same_key_it_is_kept_once(as_owner: Caller) -> None:
    workflow, other = made(as_owner, button("New")), made(as_owner, button("New"))
    key = {"headers": {"Idempotency-Key": "k"}}
    first, second = (again(as_owner, workflow, button("New"), **key) for _ in range(2))
    assert first["recording"]["id"] == second["recording"]["id"]
    assert len(as_owner.get(f"/workflows/{workflow['id']}/recordings").json()["items"]) == 1
    body = recording(steps=[button("New")])
    refused = as_owner.post(f"/workflows/{other['id']}/recordings", json=body, **key)
    assert refused.json()["error"] == "IdempotencyKeyReused"


def test_a_file_with_several_recordings_or_none_is_refused(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"))
    where = f"/workflows/{workflow['id']}/recordings/file"
    assert as_owner.upload(where, b"nothing", name="a.json").status_code == 422
    file = RecordingIn(**recording(steps=[button("New"), button("Save")])).model_dump_json().encode()
    answer = as_owner.upload(where, file, name="a.json")
    assert answer.status_code == 201, answer.text
    assert [row["kind"] for row in answer.json()["rows"]] == ["unchanged", "added"]


def test_nothing_of_the_workflow_changes_until_somebody_decides(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"), button("Save"))
    before = unchanging(as_owner, workflow)
    comparison = again(as_owner, workflow, button("New"), button("Keep it", id="Save"), button("Send"))
    assert [(row["kind"], row["changes"]) for row in comparison["rows"]] == [
        ("unchanged", []),
        ("changed", ["name"]),
        ("added", []),
    ]
    assert comparison["rows"][1]["new"]["by_rules"]["instruction"] == 'Click "Keep it".'
    assert unchanging(as_owner, workflow) == before
    assert as_owner.delete(address(comparison)).status_code == 204
    assert unchanging(as_owner, workflow) == before
    assert as_owner.delete(address(comparison)).json()["error"] == "RerecordingDecided"


def test_a_persons_words_survive_are_flagged_and_only_what_is_new_is_labelled(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"), button("Save"), button("Print"))
    second = workflow["steps"][1]
    label = {"instruction": "Keep what you typed."}
    as_owner.patch(f"/workflows/{workflow['id']}/steps/{second['id']}", json={"version": 1, "label": label})
    comparison = again(as_owner, workflow, button("New"), button("Keep it", id="Save"), button("Send"), button("Print"))
    done = as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]}).json()
    assert (len(done["added"]), done["removed"], done["labeling"]["total_steps"]) == (1, [], 1)
    with transaction(read_only=True) as session:
        assert session.get_one(LabelingRun, done["labeling"]["id"]).step_ids == done["added"]
    after = as_owner.get(f"/workflows/{workflow['id']}").json()
    assert [(one["label"]["instruction"], one["stale"]) for one in after["steps"]] == [
        ('Click "New".', None),
        ("Keep what you typed.", ["name"]),
        ('Click "Send".', None),
        ('Click "Print".', None),
    ]
    reviewed = as_owner.get(f"/workflows/{workflow['id']}/review").json()["items"]
    assert reviewed[0]["id"] == second["id"]
    assert as_owner.get("/workflows?labels=check").json()["items"][0]["id"] == workflow["id"]
    confirmed = as_owner.post(f"/workflows/{workflow['id']}/steps/{second['id']}/confirm").json()
    assert (confirmed["label"]["instruction"], confirmed["stale"]) == ("Keep what you typed.", None)


def test_a_changed_step_in_the_words_of_the_rules_gets_new_ones(as_owner: Caller) -> None:
    workflow = made(as_owner, button("Save"))
    comparison = again(as_owner, workflow, button("Keep it", id="Save"))
    as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    (after,) = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"]
    assert (after["label"]["instruction"], after["stale"]) == ('Click "Keep it".', None)
    done_with(workflow["id"])
    assert as_owner.post(f"/workflows/{workflow['id']}/undo").status_code == 200
    (undone,) = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"]
    assert undone["label"]["instruction"] == 'Click "Save".'


def test_choices_of_an_older_comparison_are_refused_with_the_way_on(as_owner: Caller, as_colleague: Caller) -> None:
    workflow = made(as_owner, button("New"), button("Save"))
    comparison = again(as_owner, workflow, button("New"))
    step_id = workflow["steps"][0]["id"]
    change = {"version": 1, "label": {"instruction": "Begin."}}
    as_colleague.patch(f"/workflows/{workflow['id']}/steps/{step_id}", json=change)
    refused = as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    assert (refused.status_code, refused.json()["error"]) == (409, "ComparisonOutdated")
    fresh = as_owner.get(address(comparison)).json()
    assert refused.json()["basis"] == fresh["basis"]
    assert as_owner.post(address(comparison, "/apply"), json={"basis": fresh["basis"]}).status_code == 200


def test_while_a_model_labels_it_nothing_is_taken_over(as_owner: Caller) -> None:
    workflow = as_owner.post("/workflows", json=recording(steps=[button("New")])).json()
    comparison = again(as_owner, workflow, button("New"), button("Save"))
    refused = as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    assert (refused.status_code, refused.json()["error"]) == (409, "LabellingUnderWay")


def test_a_published_workflow_stays_published(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"))
    as_owner.patch(f"/workflows/{workflow['id']}", json={"status": "published"})
    comparison = again(as_owner, workflow, button("New"), button("Save"))
    as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    assert as_owner.get(f"/workflows/{workflow['id']}").json()["status"] == "published"


def test_what_is_only_proposed_is_for_those_alone_who_may_change_it(
    as_owner: Caller, as_viewer: Caller, as_colleague: Caller
) -> None:
    shot = upload(as_owner, 41)
    workflow = made(as_owner, button("New"))
    comparison = again(as_owner, workflow, button("New", shot))
    assert as_viewer.get(f"/screenshots/{shot}").status_code == 404
    assert as_viewer.get(address(comparison)).status_code == 403
    number = comparison["rows"][0]["new"]["id"]
    assert as_colleague.get(f"/screenshots/{shot}?size=page&rerecorded_step_id={number}").status_code == 200
    as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    assert as_viewer.get(f"/screenshots/{shot}").status_code == 200


def hide(caller: Caller, workflow: dict[str, Any], at: int = 0) -> str:
    """Something in a step's picture; the picture that it shows then."""
    box = {"x": 4, "y": 4, "width": 8, "height": 6}
    where = f"/workflows/{workflow['id']}/steps/{workflow['steps'][at]['id']}/redactions"
    return str(caller.post(where, json={"boxes": [box]}).json()["pictures"][0]["screenshot_id"])


def test_a_new_picture_of_what_was_hidden_waits_until_somebody_looked(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New", upload(as_owner, 51)))
    hidden = hide(as_owner, workflow)
    new, on_page = upload(as_owner, 52), upload(as_owner, 53)
    comparison = again(as_owner, workflow, button("New", new), button("Save", on_page))
    assert [row["held"] for row in comparison["rows"]] == [True, True]
    as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    after = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"]
    assert [one["screenshot_id"] for one in after] == [hidden, None]


def test_somebody_who_looked_may_take_the_new_picture(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New", upload(as_owner, 51)))
    hide(as_owner, workflow)
    new = upload(as_owner, 52)
    comparison = again(as_owner, workflow, button("New", new))
    choice = {"step_id": workflow["steps"][0]["id"], "position": 1, "picture": "new"}
    body = {"basis": comparison["basis"], "choices": [choice]}
    assert as_owner.post(address(comparison, "/apply"), json=body).status_code == 200
    (after,) = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"]
    assert after["screenshot_id"] == new


def test_the_same_places_are_hidden_for_good(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New", upload(as_owner, 51)))
    hide(as_owner, workflow)
    new = upload(as_owner, 52)
    comparison = again(as_owner, workflow, button("New", new))
    done = as_owner.post(address(comparison, "/steps/1/redactions"), json={})
    assert done.status_code == 200, done.text
    painted = done.json()["screenshot_id"]
    assert as_owner.get(f"/screenshots/{new}").status_code == 404
    with transaction(read_only=True) as session:
        assert session.get_one(Screenshot, painted).hidden == [[8, 8, 24, 20]]
    fresh = as_owner.get(address(comparison)).json()
    assert [row["held"] for row in fresh["rows"]] == [False]
    as_owner.post(address(comparison, "/apply"), json={"basis": fresh["basis"]})
    (after,) = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"]
    assert after["screenshot_id"] == painted


def test_what_cannot_be_hidden_is_refused(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"))
    comparison = again(as_owner, workflow, button("New", upload(as_owner, 61)), button("Save"))
    box = {"x": 4, "y": 4, "width": 8, "height": 6}
    for position, body, error in [
        (1, {}, "NothingHiddenBefore"),
        (1, {"boxes": [{**box, "x": 500}]}, "NothingToHide"),
        (2, {"boxes": [box]}, "StepHasNoPicture"),
        (3, {"boxes": [box]}, "NoSuchRow"),
    ]:
        refused = as_owner.post(address(comparison, f"/steps/{position}/redactions"), json=body)
        assert (refused.status_code, refused.json()["error"]) == (422, error)
    assert as_owner.post(address(comparison, "/steps/1/redactions"), json={"boxes": [box]}).status_code == 200


def test_cleaning_spares_pictures_that_are_proposed_or_could_come_back(as_owner: Caller) -> None:
    old, new = upload(as_owner, 71), upload(as_owner, 72)
    workflow = made(as_owner, button("New", old))
    comparison = again(as_owner, workflow, button("New", new))
    long_ago = now() - timedelta(days=90)
    with transaction() as session:
        session.execute(update(Screenshot).values(created_at=long_ago))
    clean_up()
    as_owner.post(address(comparison, "/apply"), json={"basis": comparison["basis"]})
    clean_up()
    assert [as_owner.get(f"/screenshots/{shot}").status_code for shot in (old, new)] == [200, 200]
    assert as_owner.post(f"/workflows/{workflow['id']}/undo").status_code == 200
    assert as_owner.get(f"/workflows/{workflow['id']}").json()["steps"][0]["screenshot_id"] == old
    fresh = as_owner.get(address(comparison)).json()
    as_owner.post(address(comparison, "/apply"), json={"basis": fresh["basis"]})
    with transaction() as session:
        session.execute(update(Rerecording).values(decided_at=long_ago))
    clean_up()
    assert [as_owner.get(f"/screenshots/{shot}").status_code for shot in (old, new)] == [404, 200]
    assert as_owner.post(f"/workflows/{workflow['id']}/undo").json()["error"] == "CannotUndo"


def test_a_deleted_workflow_takes_its_new_recordings_along(as_owner: Caller) -> None:
    workflow = made(as_owner, button("New"))
    again(as_owner, workflow, button("New", upload(as_owner, 81)))
    assert as_owner.delete(f"/workflows/{workflow['id']}").status_code == 204
    with transaction(read_only=True) as session:
        assert [*session.scalars(select(Rerecording)), *session.scalars(select(RerecordedStep))] == []
