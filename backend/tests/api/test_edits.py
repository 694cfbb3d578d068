"""What was done, and undoing it, over HTTP."""

from typing import Any

import pytest

from tests.api.bodies import recording
from tests.api.callers import Caller
from tests.api.refusals import assert_refused

WORDS = {"field_label": "Contact", "instruction": "Add the contact."}


@pytest.fixture
def workflow(as_owner: Caller) -> Any:
    return as_owner.post("/workflows", json=recording()).json()


@pytest.fixture
def step(workflow: Any) -> str:
    return f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}"


def test_nothing_to_undo_is_404_and_odd_bodies_are_422(as_owner: Caller, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}/undo"
    assert_refused(as_owner.post(path), 404, "nothing here that could be undone")
    assert_refused(as_owner.post(path, json={"edit_id": 2**70}), 404)
    assert_refused(as_owner.post(path, json={"edit": 1}), 422, "edit")
    assert_refused(as_owner.post(path, json={"edit_id": "newest"}), 422)


def test_what_cannot_be_undone_says_why(as_owner: Caller, as_colleague: Caller, workflow: Any) -> None:
    path = f"/workflows/{workflow['id']}"
    assert as_owner.patch(path, json={"name": "Mine"}).status_code == 200
    assert as_colleague.patch(path, json={"name": "Theirs"}).status_code == 200
    assert_refused(as_owner.post(f"{path}/undo"), 409, "what they did stays")
    assert as_owner.get(path).json()["name"] == "Theirs"


def test_an_edit_is_listed_and_undone(as_owner: Caller, workflow: Any, step: str) -> None:
    before = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"][0]
    assert as_owner.patch(step, json={"version": 1, "label": WORDS}).status_code == 200
    (edit,) = as_owner.get(f"/workflows/{workflow['id']}/edits").json()["items"]
    assert (edit["what"], edit["step_ids"], edit["undone_at"]) == ("label_changed", [before["id"]], None)
    undone = as_owner.post(f"/workflows/{workflow['id']}/undo", json={"edit_id": edit["id"]}).json()
    assert undone["undone_at"] is not None
    after = as_owner.get(f"/workflows/{workflow['id']}").json()["steps"][0]
    assert after["label"] == before["label"]


def test_every_label_is_told_with_what_became_of_it(as_owner: Caller, workflow: Any, step: str) -> None:
    as_owner.patch(step, json={"version": 1, "label": WORDS})
    as_owner.post(f"/workflows/{workflow['id']}/undo")
    human, rules = as_owner.get(f"{step}/labels").json()["items"]
    assert (human["source"], human["decision"], human["shown"]) == ("human", "withdrawn", False)
    assert (rules["source"], rules["decision"], rules["shown"]) == ("rules", None, True)
    assert_refused(as_owner.get(f"/workflows/{workflow['id']}/steps/{2**62}/labels"), 404)


def test_a_label_is_confirmed_as_it_stands(as_owner: Caller, step: str) -> None:
    assert_refused(as_owner.post(f"{step}/confirm", json={"version": 9}), 409, "compare both texts")
    answer = as_owner.post(f"{step}/confirm", json={"version": 1}).json()
    assert (answer["label"]["source"], answer["version"]) == ("human", 2)
