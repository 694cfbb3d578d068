"""Background work and the settings as pages, where no browser is needed to judge them."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.accounts.models import Role
from app.core.db import transaction
from app.labeling.models import LabelingRun, RunState
from tests.web.conftest import HTML, Browser

TYPING = {"HX-Request": "true", "HX-Request-Type": "partial"}


def give_up(reason: str) -> None:
    with transaction() as session:
        session.execute(update(LabelingRun).values(state=RunState.NEEDS_ATTENTION, reason=reason, due_at=None))


def test_a_form_that_is_not_ours_does_nothing(editor: Browser) -> None:
    editor.create()
    give_up("No key.")
    assert editor.post("/background/retry", every="attention").status_code == 403
    assert "No key." in editor.get("/background").text


def test_a_run_that_is_gone_is_counted_and_breaks_nothing(editor: Browser) -> None:
    answer = editor.post("/background/acknowledge", csrf=editor.csrf(), run=str(2**62), show="nonsense")
    assert answer.headers["location"] == "/background?refused=1"
    assert "Not possible any more: 1." in editor.get("/background?refused=1").text


def test_names_and_reasons_are_text(editor: Browser) -> None:
    editor.create("<b>Bold</b>")
    give_up("<script>alert(1)</script>")
    page = editor.get("/background").text
    assert "&lt;b&gt;Bold" in page
    assert "<script>alert" not in page


def test_a_broken_cursor_is_explained(editor: Browser) -> None:
    assert editor.get("/background?show=over&cursor=%00").status_code == 422


def test_what_is_away_is_said(editor: Browser) -> None:
    page = editor.get("/background").text
    assert "The broker does not answer" in page
    assert "None seen" in page


def test_a_viewer_sees_and_cannot_steer(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    editor.create("Refund an order")
    give_up("No key.")
    viewer = sign_in("vera", Role.VIEWER)
    page = viewer.get("/background").text
    assert "Refund an order" in page
    assert "/background/retry" not in page
    assert viewer.post("/background/retry", csrf=viewer.csrf(), every="attention").status_code == 403


def test_the_page_renews_its_changing_part_alone(editor: Browser) -> None:
    part = editor.get("/background?show=active", **TYPING).text.strip()
    assert part.startswith('<div id="work"')
    assert 'hx-get="/background?show=active"' in part
    assert "<html" not in part


def test_the_badge_counts_for_those_who_may_see(editor: Browser, sign_in: Callable[..., Browser]) -> None:
    number = editor.create("Secret plan")["id"]
    give_up("No key.")
    assert 'class="badge"' in editor.get("/").text
    headers = {"X-CSRF-Token": editor.csrf()}
    assert editor.client.patch(
        f"/api/v1/workflows/{number}", json={"visibility": "private"}, headers=headers
    ).is_success
    assert 'class="badge"' not in sign_in("carl").get("/").text


def test_a_language_is_kept_and_leads_to_no_other_site(browser: Browser) -> None:
    answer = browser.post("/language", language="en", next="//evil.example/")
    assert answer.headers["location"] == "/"
    assert "language=en; HttpOnly; Max-Age=31536000" in answer.headers["set-cookie"]
    assert "set-cookie" not in browser.post("/language", language="xx", next="/background").headers
    headers = HTML | {"Origin": "https://evil.example"}
    assert browser.client.post("/language", data={"language": "en"}, headers=headers).status_code == 403


def test_a_person_who_is_there_already_is_said_beside_the_form(sign_in: Callable[..., Browser]) -> None:
    admin = sign_in("ada", Role.ADMIN)
    answer = admin.post("/settings/people", csrf=admin.csrf(), name="Ada <2>", email="ADA@example.com", role="viewer")
    assert answer.status_code == 409
    assert "There is a person with this email address already." in answer.text
    assert 'value="Ada &lt;2&gt;"' in answer.text


def test_the_last_admin_is_kept_with_words(sign_in: Callable[..., Browser]) -> None:
    admin = sign_in("ada", Role.ADMIN)
    number = admin.client.get("/api/v1/me").json()["id"]
    answer = admin.post(f"/settings/people/{number}/role", csrf=admin.csrf(), role="viewer")
    assert answer.status_code == 409
    assert "This is the only admin left" in answer.text


def test_a_token_without_a_right_or_a_name_is_refused_with_words(editor: Browser) -> None:
    answer = editor.post("/settings/tokens", csrf=editor.csrf(), name="x")
    assert (answer.status_code, "Choose at least one thing" in answer.text) == (422, True)
    answer = editor.post("/settings/tokens", csrf=editor.csrf(), name=" ", scope="read")
    assert (answer.status_code, "1 to 200 visible characters" in answer.text) == (422, True)


def test_the_connection_is_tried_and_its_fault_told(
    sign_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = sign_in("ada", Role.ADMIN)
    csrf = admin.csrf()
    admin.post("/settings/labelling", csrf=csrf, labeler="openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    answer = admin.post("/settings/labelling/check", csrf=csrf)
    assert answer.status_code == 200
    assert "cannot be reached" in answer.text
    refused = admin.post("/settings/labelling", csrf=csrf, labeler="claude")
    assert refused.status_code == 422
    assert "There is no ANTHROPIC_API_KEY" in refused.text
