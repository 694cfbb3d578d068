"""Proposals over HTTP: what goes wrong is said, what is decided is gone."""

import pytest

from app.core.db import transaction
from app.workflows import labels
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource
from tests.api.bodies import recording
from tests.api.callers import Caller
from tests.api.refusals import assert_refused, raw

HUMAN = {"field_label": "Contact", "instruction": "Add the contact."}


@pytest.fixture
def path(as_owner: Caller) -> str:
    """The proposals of a step that a person edited and a model labelled since."""
    workflow = as_owner.post("/workflows", json=recording()).json()
    step = f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}"
    assert as_owner.patch(step, json={"version": 1, "label": HUMAN}).status_code == 200
    with transaction() as session:
        proposed = NewLabel("New", "Add a contact.", 0.8, LabelSource.AI, "m-1", flags=["not_on_page"])
        labels.add(session, {workflow["steps"][0]["id"]: proposed})
    return f"{step}/proposals"


def test_a_stale_version_is_409_with_both_texts(as_owner: Caller, path: str) -> None:
    answer = as_owner.post(f"{path}/1/accept", json={"version": 1})
    assert_refused(answer, 409, "compare both texts")
    body = answer.json()
    assert (body["error"], body["version"]) == ("VersionConflict", 2)
    assert body["theirs"] == {"label": HUMAN}
    assert body["yours"] == {"label": {"field_label": "New", "instruction": "Add a contact."}}


def test_unknown_and_odd_numbers_and_bodies_are_refused(as_owner: Caller, path: str) -> None:
    assert_refused(as_owner.post(f"{path}/2/accept"), 404, "No model has proposed")
    assert_refused(as_owner.post(f"{path}/{2**80}/reject"), 404)
    assert_refused(as_owner.post(f"{path}/first/accept"), 422)
    assert_refused(as_owner.post(f"{path}/1/accept", json={"version": "two"}), 422, "version")
    assert_refused(as_owner.post(f"{path}/1/accept", json={"versoin": 2}), 422, "versoin")
    assert_refused(as_owner.post(f"{path}/1/accept", **raw("{")), 422)
    assert len(as_owner.get(path).json()["items"]) == 1


def test_a_second_decision_is_a_clear_409(as_owner: Caller, path: str) -> None:
    assert as_owner.post(f"{path}/1/reject").json()["proposals"] == 0
    answer = as_owner.post(f"{path}/1/accept")
    assert_refused(answer, 409, "This proposal was rejected already.")
    assert answer.json()["error"] == "ProposalDecided"
    assert as_owner.get(path).json() == {"items": [], "next_cursor": None}


def test_a_proposal_is_shown_and_accepted(as_owner: Caller, path: str) -> None:
    (item,) = as_owner.get(path).json()["items"]
    assert item.pop("created_at")
    assert item == {
        "n": 1,
        "field_label": "New",
        "instruction": "Add a contact.",
        "confidence": 0.8,
        "model": "m-1",
        "flags": ["not_on_page"],
        "current": HUMAN,
        "diff": [
            {"op": "keep", "text": "Add "},
            {"op": "delete", "text": "the"},
            {"op": "insert", "text": "a"},
            {"op": "keep", "text": " contact."},
        ],
    }
    step = as_owner.post(f"{path}/1/accept", json={"version": 2}).json()
    assert (step["version"], step["proposals"], step["label"]["source"]) == (3, 0, "human")
    assert step["label"]["instruction"] == "Add a contact."


@pytest.mark.parametrize(("decision", "counted"), [("accept", "accepted"), ("reject", "rejected")])
def test_all_are_decided_at_once(as_owner: Caller, path: str, decision: str, counted: str) -> None:
    everything = f"{path.partition('/steps')[0]}/proposals/{decision}"
    assert as_owner.post(everything).json() == {counted: 1}
    assert as_owner.post(everything).json() == {counted: 0}
