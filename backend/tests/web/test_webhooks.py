"""The page of webhooks, for admins."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.accounts.models import Role
from app.core.config import Settings
from app.core.db import transaction
from app.webhooks import outbox
from app.webhooks.models import Webhook, WebhookDelivery
from app.workflows.models import Workflow
from tests.services import Broker
from tests.web.conftest import Browser, step

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = "/settings/webhooks"
SecretOf = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def admin(sign_in: Callable[..., Browser]) -> Browser:
    return sign_in("kim", Role.ADMIN)


def make(admin: Browser) -> str:
    answer = admin.client.post(
        PAGE,
        data={"csrf": admin.csrf(), "url": "https://hooks.example/in?key=1", "event": ["workflow.published"]},
    )
    assert answer.status_code == 201
    found = SecretOf.search(answer.text)
    assert found
    return found[0]


def test_an_address_that_is_refused_stays_in_the_form_with_the_reason(admin: Browser) -> None:
    answer = admin.client.post(
        PAGE, data={"csrf": admin.csrf(), "url": 'https://10.0.0.1/"><b>', "event": ["run.needs_attention"]}
    )
    assert answer.status_code == 422
    assert "10.0.0.1 is not on the public internet" in answer.text
    assert 'value="https://10.0.0.1/&#34;&gt;&lt;b&gt;"' in answer.text
    assert 'value="run.needs_attention" checked' in answer.text
    assert 'value="workflow.published" checked' not in answer.text
    assert admin.client.post(PAGE, data={"csrf": admin.csrf(), "url": "https://hooks.example/"}).status_code == 422


def test_the_secret_is_shown_once_and_can_be_made_anew(admin: Browser) -> None:
    first = make(admin)
    for page in (PAGE, f"{PAGE}/1"):
        assert "whsec_" not in admin.get(page).text
    renewed = admin.post(f"{PAGE}/1/secret", csrf=admin.csrf())
    second = SecretOf.search(renewed.text)
    assert second
    assert second[0] != first
    with transaction(read_only=True) as session:
        assert session.get_one(Webhook, 1).secret == second[0]


def test_what_is_changed_paused_tested_and_deleted(admin: Browser) -> None:
    make(admin)
    csrf = admin.csrf()
    changed = admin.client.post(
        f"{PAGE}/1", data={"csrf": csrf, "url": "https://other.example/", "event": ["workflow.labelled"]}
    )
    assert changed.headers["location"] == f"{PAGE}/1"
    assert admin.post(f"{PAGE}/1", csrf=csrf, url="https://localhost/", event="workflow.labelled").status_code == 422
    assert "other.example" in admin.get(PAGE).text
    admin.post(f"{PAGE}/1/pause", csrf=csrf)
    assert "Somebody paused this webhook." in admin.get(f"{PAGE}/1").text
    admin.post(f"{PAGE}/1/test", csrf=csrf)
    admin.post(f"{PAGE}/1/deliveries/1/again", csrf=csrf)
    assert ">Waiting<" in admin.get(f"{PAGE}/1").text
    admin.post(f"{PAGE}/1/resume", csrf=csrf)
    assert "paused" not in admin.get(f"{PAGE}/1").text
    assert admin.post(f"{PAGE}/1/delete", csrf=csrf).headers["location"] == PAGE
    assert admin.get(f"{PAGE}/1").status_code == 404


def test_a_reason_of_this_server_and_of_a_delivery_are_said(admin: Browser) -> None:
    make(admin)
    with transaction() as session:
        webhook = session.get_one(Webhook, 1)
        outbox.add(session, [1], "workflow.published", {"workflow": {"name": "<img src=x onerror=alert(1)>"}})
        session.query(WebhookDelivery).update({"state": "given_up", "status": 503, "problem": "<b>No</b>"})
        webhook.paused_at, webhook.paused_because = webhook.created_at, "<i>It never arrived.</i>"
    text = admin.get(f"{PAGE}/1").text
    assert "This server paused the webhook. &lt;i&gt;It never arrived." in text
    assert "answer 503" in text
    assert "&lt;b&gt;No&lt;/b&gt;" in text
    assert "<img src=x" not in text
    assert "It never arrived" in admin.get(PAGE).text


def test_others_do_not_see_it(sign_in: Callable[..., Browser]) -> None:
    editor = sign_in("mira")
    assert editor.get(PAGE).status_code == 403
    assert editor.post(PAGE, csrf=editor.csrf(), url="https://hooks.example/").status_code == 403


def test_what_is_published_on_a_page_is_sent_at_once(queue_settings: Settings, admin: Browser, broker: Broker) -> None:
    assert queue_settings.redis_url == broker.url
    make(admin)
    one, many = (admin.create(steps=[step("Save")])["id"] for _ in range(2))
    csrf = admin.csrf()
    with transaction() as session:
        session.execute(update(Workflow).values(status="draft"))
    with broker.client() as client:
        client.flushdb()
        assert admin.post(f"/workflows/{one}/status", csrf=csrf, status="published").status_code == 303
        assert [*client.scan_iter("celery*", _type="list")], "a worker is asked"
        client.flushdb()
        assert admin.post("/bulk", csrf=csrf, do="publish", id=str(many)).status_code == 303
        assert [*client.scan_iter("celery*", _type="list")]
