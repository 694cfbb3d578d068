"""Making links, giving them away, taking them back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.workflows import service as workflows
from app.workflows import shares
from tests.browser.axe import violations
from tests.browser.test_first_pages import store

SignIn = Callable[[], None]


@pytest.fixture
def number(actor: Actor) -> int:
    return store(actor, "Create a contact")[0]


def test_what_makes_no_link_is_said_and_nothing_typed_is_lost(page: Page, sign_in: SignIn, number: int) -> None:
    sign_in()
    page.goto(f"/workflows/{number}/share")
    expect(page.get_by_text("There is none yet.")).to_be_visible()
    page.get_by_label("For whom").fill("Acme")
    page.get_by_text("Show it inside another site").click()
    page.get_by_label("Sites that may show it").fill("http://wiki.example")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("alert")).to_contain_text("is not encrypted")
    expect(page.get_by_label("For whom")).to_have_value("Acme")
    expect(page.get_by_label("Sites that may show it")).to_have_value("http://wiki.example")
    assert violations(page) == []


def test_a_link_is_shown_once_copied_opened_and_revoked(page: Page, sign_in: SignIn, number: int, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in()
    page.goto(f"/workflows/{number}")
    page.get_by_role("link", name="Share").click()
    page.get_by_label("For whom").fill("Acme")
    expect(page.get_by_label("Last day")).to_be_hidden()
    page.get_by_label("Works for").select_option("Until a date …")
    page.get_by_label("Last day").fill((now() + timedelta(days=3)).date().isoformat())
    page.get_by_text("Show it inside another site").click()
    page.get_by_label("Sites that may show it").fill("https://wiki.example\nhttps://Docs.example/")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("heading", name="The link for Acme")).to_be_visible()
    address = page.get_by_label("Address of the link").input_value()
    assert address.startswith(f"{server}/s/")
    page.locator("[data-copies=made-url]").click()
    expect(page.locator("#said")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == address
    snippet = page.locator("#made-frame").input_value()
    assert snippet.startswith(f'<iframe src="{address}?embed=1" title="Create a contact"')
    expect(page.locator(".link")).to_contain_text("in pages of https://wiki.example, https://docs.example")
    assert violations(page) == []

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Create a contact")
    page.goto(f"/workflows/{number}/share")
    assert address.rpartition("/")[2] not in page.content()
    expect(page.locator(".link .count")).to_have_text("1 view")
    expect(page.locator(".link .state")).to_have_text("Works")
    page.get_by_role("button", name="Revoke Acme").click()
    expect(page.locator(".link .state")).to_have_text("Revoked")
    answer = page.goto(address)
    assert answer
    assert answer.status == 404


def test_a_workflow_is_kept_to_oneself_and_its_link_goes_on(
    page: Page, sign_in: SignIn, number: int, actor: Actor
) -> None:
    with transaction() as session:
        _, secret = shares.create(session, number, actor)
    sign_in()
    page.goto(f"/workflows/{number}/share")
    page.get_by_label("Only its owner").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Only its owner")).to_be_checked()
    with transaction(read_only=True) as session:
        assert workflows.get(session, number, actor).visibility == "private"
    page.goto(f"/s/{secret}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Create a contact")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_everybody_can_use_it(page: Page, sign_in: SignIn, actor: Actor, scheme: Any, width: int) -> None:
    number, _ = store(actor, "Create a contact")
    with transaction() as session:
        shares.create(session, number, actor, name="The helpdesk of Acme", expires_at=now() + timedelta(days=7))
        gone, _ = shares.create(session, number, actor)
        shares.revoke(session, gone.id, actor)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in()
    page.goto(f"/workflows/{number}/share")
    expect(page.locator(".link")).to_have_count(2)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
