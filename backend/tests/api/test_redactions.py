"""Hiding parts of pictures by the API."""

import pytest

from tests.api.bodies import picture, recording, step
from tests.api.callers import Caller

PAGE = {"url": "https://crm.example/contacts", "viewport": {"width": 32, "height": 24}}
BOX = {"x": 4, "y": 4, "width": 8, "height": 6}


def made(caller: Caller, **more: object) -> tuple[str, str]:
    """The address of a step's redactions, and the picture that it shows."""
    shot = caller.upload("/screenshots", picture(90)).json()["id"]
    body = recording(steps=[step(screenshot_id=shot, **{"page": PAGE, **more})])
    workflow = caller.post("/workflows", json=body).json()
    return f"/workflows/{workflow['id']}/steps/{workflow['steps'][0]['id']}/redactions", shot


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"boxes": []}, 422),
        ({"boxes": [BOX] * 201}, 422),
        ({"boxes": [{**BOX, "width": -1}]}, 422),
        ({"boxes": [BOX], "on": "everything"}, 422),
        ({"boxes": [BOX], "unit": "inch"}, 422),
        ({"boxes": [BOX], "undo": True}, 422),
        ({"boxes": [{**BOX, "x": 500}]}, 422),
        ({"boxes": [BOX], "screenshot_id": "x" * 22}, 409),
    ],
)
def test_what_cannot_be_hidden_is_refused(as_owner: Caller, body: dict[str, object], status: int) -> None:
    address, shot = made(as_owner)
    answer = as_owner.post(address, json=body)
    assert answer.status_code == status, answer.text
    assert as_owner.get(address).json()["screenshot_id"] == shot


def test_css_pixels_need_a_viewport(as_owner: Caller) -> None:
    address, _ = made(as_owner, page={})
    answer = as_owner.post(address, json={"boxes": [BOX]})
    assert (answer.status_code, answer.json()["error"]) == (422, "ViewportUnknown")
    half = {"x": 0, "y": 0, "width": 0.5, "height": 0.5}
    assert as_owner.post(address, json={"boxes": [half], "unit": "fraction"}).status_code == 200


def test_the_proposed_is_hidden_and_the_old_address_is_gone(as_owner: Caller) -> None:
    address, shot = made(as_owner, sensitive_regions=[BOX])
    proposed = as_owner.get(address).json()
    first = proposed["items"][0]
    assert (first["box"], first["reason"], proposed["viewport"]) == (BOX, "marked", PAGE["viewport"])
    done = as_owner.post(address, json={"boxes": [first["box"]], "screenshot_id": shot})
    assert done.status_code == 200
    (new,) = done.json()["pictures"]
    assert done.json()["kept_elsewhere"] == 0
    assert as_owner.get(f"/screenshots/{shot}").status_code == 404
    for size in ("original", "page", "thumb", "crop"):
        assert as_owner.get(f"/screenshots/{new['screenshot_id']}?size={size}").status_code == 200
    again = as_owner.upload("/screenshots", picture(90))
    assert (again.status_code, again.json()["id"] in {shot, new["screenshot_id"]}) == (201, False)
