"""Exports over the API."""

import pytest

from app.guides import making
from app.guides.formats import FORMATS
from tests.api.bodies import recording
from tests.api.callers import Caller


def create(caller: Caller) -> int:
    answer = caller.post("/workflows", json=recording())
    assert answer.status_code == 201
    number: int = answer.json()["id"]
    return number


def test_an_unknown_format_is_named_with_those_there_are(as_owner: Caller) -> None:
    number = create(as_owner)
    for answer in (
        as_owner.get(f"/workflows/{number}/export?format=rtf"),
        as_owner.post("/exports", json={"workflow_ids": [number], "format": "rtf"}),
    ):
        assert answer.status_code == 422
        assert answer.json()["formats"] == sorted(FORMATS)


@pytest.mark.parametrize("ids", [[], ["x"], list(range(1, 202))])
def test_a_wrong_number_of_workflows_is_refused(as_owner: Caller, ids: list[object]) -> None:
    assert as_owner.post("/exports", json={"workflow_ids": ids, "format": "pdf"}).status_code == 422


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_made_at_once_and_in_the_background(as_owner: Caller, format_: str) -> None:
    number = create(as_owner)
    direct = as_owner.get(f"/workflows/{number}/export?format={format_}")
    assert direct.status_code == 200
    assert direct.headers["content-type"] == FORMATS[format_].media_type
    asked = as_owner.post("/exports", json={"workflow_ids": [number], "format": format_})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    export = asked.json()["id"]
    assert as_owner.get(f"/exports/{export}/file").status_code == 409
    making.make(export)
    assert as_owner.get(f"/exports/{export}").json()["state"] == "done"
    fetched = as_owner.get(f"/exports/{export}/file")
    assert fetched.status_code == 200
    assert fetched.headers["content-disposition"] == direct.headers["content-disposition"]
    assert fetched.headers["content-type"] == direct.headers["content-type"]
    assert len(fetched.content) > 20


def test_what_is_exported_is_imported_with_variables_headings_and_notes(as_owner: Caller) -> None:
    words = {"field_label": "Note", "instruction": "Ask {{who}} first."}
    note = {"action": "note", "note_kind": "warning", "label": words}
    body = recording(steps=[{**recording()["steps"][0], "heading": "First part"}, note])
    body["variables"] = [{"name": "who", "label": "Whom to ask", "example": "Ada"}]
    number = as_owner.post("/workflows", json=body).json()["id"]
    for format_ in ("json", "zip"):
        data = as_owner.get(f"/workflows/{number}/export?format={format_}").content
        imported = as_owner.post("/imports", files={"file": ("a", data)}).json()["workflows"][0]["id"]
        again = as_owner.get(f"/workflows/{imported}/export?format={format_}").content
        assert again == data
    markdown = as_owner.get(f"/workflows/{number}/export?format=markdown").text
    assert "## First part" in markdown
    assert "> **Warning:** Ask ‹Whom to ask› first." in markdown


def test_two_variables_of_one_name_are_refused(as_owner: Caller) -> None:
    variable = {"name": "who", "label": "Whom"}
    assert as_owner.post("/workflows", json=recording(variables=[variable, variable])).status_code == 422
