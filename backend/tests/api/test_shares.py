"""Links over the API: made once, listed without their secret, revoked; and the guide that they lead to."""

import io
import json
from datetime import timedelta

import pytest

from app.core.clock import now
from app.workflows import shares
from app.workflows.models import Visibility
from tests.api.bodies import picture, recording, step
from tests.api.callers import Caller
from tests.api.test_secrets import hits, planted


def create(caller: Caller, number: int, **fields: object) -> dict[str, object]:
    answer = caller.post(f"/workflows/{number}/shares", json=fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


@pytest.fixture
def number(as_owner: Caller) -> int:
    shown = as_owner.upload("/screenshots", picture()).json()["id"]
    steps = [
        step(screenshot_id=shown),
        step(action="input", value="Ann Example", target={"tag": "input", "name": "Name"}),
        step(action="note", target=None, value="Ask first."),
    ]
    made = as_owner.post("/workflows", json=recording(steps=steps)).json()
    number: int = made["id"]
    return number


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "past"),
        ({"expires_at": "2100-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"embed_origins": ["http://wiki.example"]}, "not encrypted"),
        ({"embed_origins": ["https://wiki.example; script-src *"]}, "is no site"),
        ({"embed_origins": ["https://wiki.example"] * 21}, "embed_origins"),
        ({"password": "x"}, "password"),
    ],
)
def test_what_makes_no_link_is_refused_and_named(
    as_owner: Caller, number: int, body: dict[str, object], named: str
) -> None:
    answer = as_owner.post(f"/workflows/{number}/shares", json=body)
    assert answer.status_code == 422
    assert named in answer.text
    assert as_owner.get(f"/workflows/{number}/shares").json()["items"] == []


def test_the_secret_is_in_the_first_answer_alone(as_owner: Caller, number: int) -> None:
    ends = (now() + timedelta(days=7)).isoformat()
    made = create(as_owner, number, name="Acme", expires_at=ends, embed_origins=["https://Wiki.example/"])
    assert set(made) == {
        "id", "url", "secret", "prefix", "name", "expires_at", "embed_origins", "created_at", "revoked_at", "views",
    }  # fmt: skip
    assert made["url"] == shares.url(str(made["secret"]))
    assert made["embed_origins"] == ["https://wiki.example"]
    listed = as_owner.get(f"/workflows/{number}/shares")
    assert str(made["secret"]) not in listed.text
    expected = {name: value for name, value in made.items() if name not in {"url", "secret"}}
    assert listed.json() == {"items": [expected], "next_cursor": None}


def test_a_revoked_link_is_like_one_that_never_was(as_owner: Caller, as_anonymous: Caller, number: int) -> None:
    made = create(as_owner, number)
    assert as_anonymous.get(f"/s/{made['secret']}").status_code == 200
    assert as_owner.delete(f"/shares/{made['id']}").status_code == 204
    answers = [as_anonymous.get(f"/s/{secret}") for secret in (made["secret"], "x" * 43, "nothing")]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["error"] for answer in answers} == {"LinkDead"}
    assert as_owner.get(f"/workflows/{number}/shares").json()["items"][0]["revoked_at"] is not None


def test_the_guide_is_read_without_an_account_and_without_anything_internal(
    as_owner: Caller, as_anonymous: Caller, number: int
) -> None:
    as_owner.patch(
        f"/workflows/{number}",
        json={"visibility": Visibility.PRIVATE, "variables": [{"name": "customer", "label": "Customer"}]},
    )
    first, *_ = as_owner.get(f"/workflows/{number}").json()["steps"]
    as_owner.patch(
        f"/workflows/{number}/steps/{first['id']}",
        json={"version": first["version"], "label": {"instruction": "Open {{customer}} and **save**."}},
    )
    answer = as_anonymous.get(f"/s/{create(as_owner, number, name='Acme Inc')['secret']}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "set-cookie" not in answer.headers
    guide = answer.json()
    assert set(guide) == {"title", "description", "starting_url", "language", "variables", "steps"}
    assert guide["variables"] == [{"name": "customer", "label": "Customer", "example": None}]
    opened, typed, note = guide["steps"]
    assert [(part["kind"], part["text"]) for part in opened["words"]] == [
        ("text", "Open "), ("variable", "customer"), ("text", " and "), ("strong", "save"), ("text", "."),
    ]  # fmt: skip
    assert [step["number"] for step in guide["steps"]] == [1, 2, None]
    assert [step["kind"] for step in guide["steps"]] == ["step", "step", "note"]
    assert note["instruction"] == "Ask first."
    assert typed["picture"] is None
    assert set(opened) == {"number", "kind", "heading", "field_label", "instruction", "words", "picture"}
    for internal in ("owner", "Acme", "private", "confidence", "rules", "selectors", "example.com"):
        assert internal not in answer.text


def test_its_pictures_are_outlined_ones_of_this_guide(as_owner: Caller, as_anonymous: Caller, number: int) -> None:
    secret = create(as_owner, number)["secret"]
    shown = as_anonymous.get(f"/s/{secret}").json()["steps"][0]["picture"]
    for url in (shown["url"], shown["page_url"]):
        answer = as_anonymous.get(f"/{url}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"].startswith("private")
        again = as_anonymous.get(f"/{url}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    plain = shown["url"].partition("?")[0]
    assert as_anonymous.get(f"/{plain}?step=1&size=original").status_code == 422
    assert as_anonymous.get(f"/{plain}?step=2&size=crop").status_code == 404
    other = as_owner.upload("/screenshots", picture(1)).json()["id"]
    assert as_anonymous.get(f"//s/{secret}/pictures/{other}?step=1&size=crop").status_code == 404


def test_no_planted_secret_is_in_a_shared_guide(
    as_owner: Caller, as_anonymous: Caller, log_output: io.StringIO
) -> None:
    made = as_owner.post("/workflows", json=recording(steps=planted())).json()
    secret = create(as_owner, made["id"])["secret"]
    texts = [
        json.dumps(as_anonymous.get(f"/s/{secret}").json(), ensure_ascii=False),
        as_anonymous.get(f"//s/{secret}").text,
        as_anonymous.get(f"//s/{secret}/guide.md").text,
    ]
    assert all(len(text) > 1_000 for text in texts)
    assert [hits(text) for text in texts] == [[], [], []]
    assert str(secret) not in log_output.getvalue()
