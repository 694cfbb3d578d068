"""Every error in the one form, with the headers that belong to it, and none of what was recorded."""

import io
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.db import transaction
from app.core.errors import AppError
from app.main import create_app
from tests.api.bodies import recording
from tests.api.callers import Caller, bearer, in_browser

HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
}


def assert_one_form(answer: httpx.Response, status: int, error: str, *words: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["error"] == error
    assert body["request_id"] == answer.headers["x-request-id"]
    assert set(answer.headers) >= HEADERS
    for word in words:
        assert word in body["detail"]


class Busy(AppError):
    """Too many at once."""

    status_code = 429


@pytest.fixture
def failing(engine: Engine) -> TestClient:
    """An application with routes that fail; a defect's traceback stays in it, as in a server."""
    assert engine
    app = create_app()

    @app.get("/api/v1/defect")
    def defect() -> None:
        raise ZeroDivisionError("a recorded value")

    @app.get("/api/v1/busy")
    def busy() -> None:
        raise Busy(retry_after=7)

    @app.get("/api/v1/database")
    def database() -> None:
        raise OperationalError("SELECT 'a recorded value'", {}, Exception("gone"))

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("said", "call", "more", "words"),
    [
        ("404 NotFound", "GET /nothing", {}, []),
        ("404 WorkflowNotFound", "GET /workflows/1", {}, ["no workflow with this number"]),
        ("405 MethodNotAllowed", "PUT /workflows", {}, []),
        ("415 UnsupportedMediaType", "POST /workflows", {"data": {"name": "x"}}, ["application/json"]),
        ("415 UnsupportedMediaType", "POST /tokens", {"data": {"name": "x"}}, ["application/json"]),
        ("415 UnsupportedMediaType", "POST /imports", {"json": {}}, ["multipart/form-data"]),
        ("415 UnsupportedMediaType", "POST /screenshots", {"content": b"x"}, ["multipart/form-data"]),
        ("422 InvalidInput", "POST /imports", {"files": {"data": b"x"}}, ['"file"']),
        ("422 InvalidInput", "POST /tokens", {"json": {"nam": "x"}}, ["name: is missing", "nam: unknown field"]),
        ("422 InvalidInput", "GET /workflows?limit=0", {}, ["limit: must be at least 1"]),
        ("422 InvalidInput", "GET /workflows/one", {}, ["workflow_id: is not a whole number"]),
        ("422 BrokenCursor", "GET /runs?cursor=x", {}, ["leave it out"]),
    ],
)
def test_errors_have_one_form(said: str, call: str, more: dict[str, Any], words: list[str], as_owner: Caller) -> None:
    status, error = said.split()
    assert_one_form(as_owner.request(*call.split(), **more), int(status), error, *words)


def test_a_defect_says_nothing_about_itself(failing: TestClient) -> None:
    answer = failing.get("/api/v1/defect")
    assert_one_form(answer, 500, "InternalError", "this request's number")
    assert "recorded" not in answer.text


def test_a_lost_database_says_when_to_come_back(failing: TestClient) -> None:
    answer = failing.get("/api/v1/database")
    assert_one_form(answer, 503, "DatabaseUnavailable")
    assert answer.headers["retry-after"] == "5"
    assert "recorded" not in answer.text


def test_waiting_times_are_headers_too(failing: TestClient) -> None:
    answer = failing.get("/api/v1/busy")
    assert_one_form(answer, 429, "Busy", "Too many at once.")
    assert answer.headers["retry-after"] == "7"


def test_wrong_method_is_told_the_right_ones(as_owner: Caller) -> None:
    assert as_owner.request("PUT", "/workflows").headers["allow"] == "POST"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wp_nobody"}, {"Authorization": "Basic eDp5"}, {"Cookie": "wp_session=nobody"}],
)
def test_strangers_are_told_how_to_sign_in(headers: dict[str, str], client: TestClient) -> None:
    answer = Caller(client, headers).get("/me")
    assert_one_form(answer, 401, "Unauthenticated", "API token")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_bad_token_is_not_made_good_by_a_session(client: TestClient, editor: Actor) -> None:
    browser = in_browser(client, editor)
    assert browser.get("/me").status_code == 200
    assert browser.get("/me", headers={"Authorization": "Bearer wp_nobody"}).status_code == 401


def test_answers_carry_the_callers_own_number_if_it_is_sound(as_owner: Caller) -> None:
    assert as_owner.get("/me", headers={"X-Request-Id": "trace-12345"}).headers["x-request-id"] == "trace-12345"
    for bad in ("short", "x" * 65, "with spaces in it", "<script>alert(1)</script>"):
        assert as_owner.get("/me", headers={"X-Request-Id": bad}).headers["x-request-id"] != bad


@pytest.mark.parametrize("path", ["//", "//sign-in", "//health/live", "//metrics", "//openapi.json", "/me", "/nothing"])
def test_every_answer_has_the_security_headers(path: str, as_owner: Caller) -> None:
    answer = as_owner.get(path, follow_redirects=False)
    assert set(answer.headers) >= HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


# Forged requests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "0" * 64},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=str,
)
def test_a_session_changes_nothing_for_another_site(changed: dict[str, str], client: TestClient, editor: Actor) -> None:
    answer = in_browser(client, editor).post("/workflows", json=recording(), headers=changed)
    assert_one_form(answer, 403, "ForgedRequest", "X-CSRF-Token")


def test_our_own_pages_may_change_things(client: TestClient, editor: Actor) -> None:
    browser = in_browser(client, editor)
    own = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert browser.post("/workflows", json=recording(), headers=own).status_code == 201


def test_reading_needs_no_proof_and_a_token_neither(client: TestClient, editor: Actor, as_owner: Caller) -> None:
    browser = in_browser(client, editor)
    assert browser.get("/me", headers={"X-CSRF-Token": "", "Sec-Fetch-Site": "cross-site"}).status_code == 200
    assert as_owner.post("/workflows", json=recording(), headers={"Sec-Fetch-Site": "cross-site"}).status_code == 201


# Denials ------------------------------------------------------------------------------------------------------------


def trail(action: str) -> list[AuditEvent]:
    with transaction(read_only=True) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id)))


def test_denials_are_in_the_trail(client: TestClient, viewer: Actor, colleague: Actor, as_owner: Caller) -> None:
    made = as_owner.post("/workflows", json=recording()).json()["id"]
    refused = bearer(client, colleague).delete(f"/workflows/{made}", headers={"X-Request-Id": "trace-12345"})
    assert_one_form(refused, 403, "NotYourWorkflow")
    assert bearer(client, viewer).post("/workflows", json=recording()).status_code == 403
    page = in_browser(client, viewer)
    form = {"csrf": page.headers["X-CSRF-Token"]}
    assert page.post(f"//workflows/{made}/label", data=form).status_code == 403
    first, second, third = trail("denied")
    assert (first.user_id, first.subject, first.request_id) == (
        colleague.user_id,
        f"workflow:{made}",
        "trace-12345",
    )
    assert first.facts == {"error": "NotYourWorkflow", "method": "DELETE", "path": f"/api/v1/workflows/{made}"}
    assert (second.user_id, second.subject) == (viewer.user_id, None)
    assert (third.user_id, third.subject) == (viewer.user_id, f"workflow:{made}")


def test_strangers_cannot_fill_the_trail(client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wp_x"}, {"Cookie": "wp_session=x"}):
        assert Caller(client, headers).post("/workflows", json=recording()).status_code in {401, 403}
    assert trail("denied") == []


def test_a_denial_is_answered_although_the_trail_cannot_be_written(
    client: TestClient, viewer: Actor, log_output: io.StringIO
) -> None:
    caller = bearer(client, viewer)
    with transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE audit_events RENAME TO moved")
    assert_one_form(caller.post("/workflows", json=recording()), 403, "Forbidden")
    assert "denial_not_recorded" in log_output.getvalue()


def test_what_was_done_is_in_the_trail(as_owner: Caller, editor: Actor) -> None:
    made = as_owner.post("/workflows", json=recording()).json()["id"]
    assert as_owner.get(f"/workflows/{made}/export?format=json").status_code == 200
    assert as_owner.delete(f"/workflows/{made}").status_code == 204
    with transaction(read_only=True) as session:
        done = session.execute(select(AuditEvent.action, AuditEvent.user_id).order_by(AuditEvent.id)).all()
    actions = [action for action, user_id in done if user_id == editor.user_id]
    assert [action for action in actions if action.startswith("workflow")] == [
        "workflow_created",
        "workflow_exported",
        "workflow_deleted",
    ]
