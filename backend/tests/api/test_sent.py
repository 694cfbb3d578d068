"""`GET …/steps/{id}/sent`."""

import hashlib
import io
from base64 import b64decode

from PIL import Image

from app.core.config import Settings
from tests.api.bodies import recording, step
from tests.api.callers import Caller
from tests.storage.pictures import encoded, page


def test_an_unknown_step_is_named(as_owner: Caller) -> None:
    made = as_owner.post("/workflows", json=recording()).json()
    answer = as_owner.get(f"/workflows/{made['id']}/steps/999999/sent")
    assert (answer.status_code, answer.json()["error"]) == (404, "StepNotFound")


def test_a_person_sees_what_a_model_would_see(as_owner: Caller, settings: Settings) -> None:
    assert settings.labeler == "auto"
    shot = as_owner.upload("/screenshots", encoded(page(1280, 720), "PNG")).json()["id"]
    field = {"tag": "input", "name": "Title", "box": {"x": 600, "y": 300, "width": 240, "height": 40}}
    where = {"url": "https://crm.example/new?x=c4nary", "title": "New", "viewport": {"width": 1280, "height": 720}}
    made = as_owner.post(
        "/workflows",
        json=recording(
            steps=[
                step(action="input", target=field, value="Quarterly report", page=where, screenshot_id=shot),
                step(target={"tag": "button", "name": "Quarterly report"}, page=where),
            ]
        ),
    ).json()
    answer = as_owner.get(f"/workflows/{made['id']}/steps/{made['steps'][0]['id']}/sent")
    assert answer.status_code == 200
    body = answer.json()
    assert "c4nary" not in answer.text
    assert "Quarterly" not in answer.text
    assert body["document"]["steps"][0]["value"] == {"kind": "text", "say": "{value}"}
    assert body["document"]["step_after"]["target"]["name"] == "{value of step 1}"
    assert (body["key"], body["last_call_sha256"], body["matches_last_call"]) == ("s01", None, None)
    assert [picture["number"] for picture in body["pictures"]] == body["document"]["steps"][0]["pictures"] == [1, 2]
    for picture in body["pictures"]:
        data = b64decode(picture["data"])
        assert hashlib.sha256(data).hexdigest() == picture["sha256"]
        with Image.open(io.BytesIO(data)) as opened:
            assert (opened.format, *opened.size) == ("JPEG", picture["width"], picture["height"])
