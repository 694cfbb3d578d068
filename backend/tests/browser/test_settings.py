"""Settings in a real browser: people, tokens, what may be chosen, a backup."""

import json
import tarfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts import links, users
from app.accounts.actor import Actor
from app.accounts.models import Role, User
from app.core.config import Settings
from app.core.db import transaction
from tests.browser.axe import violations

PAGES = ("account", "people", "tokens", "labelling", "backup")


@pytest.fixture
def ada(settings: Settings) -> User:
    assert settings.database_url
    with transaction() as session:
        return users.create(session, email="ada@example.com", name="Ada Moreno", role=Role.ADMIN, by=None)


@pytest.fixture
def as_admin(page: Page, ada: User) -> Callable[[], None]:
    """Signs an admin in."""

    def do() -> None:
        with transaction() as session:
            secret = links.create(session, ada)
        page.goto(f"/sign-in/{secret}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Workflows")).to_be_visible()

    return do


def test_a_new_person_signs_in_with_the_link_and_sets_a_password(
    page: Page, as_admin: Callable[[], None], chromium: Browser, server: str
) -> None:
    as_admin()
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Name", exact=True).fill("Bo Lind")
    page.get_by_label("Email").fill("bo@example.com")
    page.get_by_role("radio", name="Viewer").check()
    page.get_by_role("button", name="Add", exact=True).click()
    link = page.locator("#link").inner_text()
    assert page.locator(".line").count() == 2 + 1  # the first admin, Ada, Bo
    theirs = chromium.new_context(base_url=server).new_page()
    theirs.goto(f"{server}/sign-in/{link.rsplit('/', 1)[1]}")
    theirs.get_by_role("button", name="Sign in").click()
    theirs.get_by_role("link", name="Settings").click()
    expect(theirs.get_by_role("heading", name="Your account")).to_be_visible()
    expect(theirs.locator(".settings-nav a")).to_have_text(["Your account", "API tokens"])
    theirs.get_by_label("The new one").fill("short")
    theirs.get_by_role("button", name="Save the password").click()
    expect(theirs.get_by_role("alert")).to_have_text("A password needs at least 10 characters.")
    theirs.get_by_label("The new one").fill("a long enough one")
    theirs.get_by_role("button", name="Save the password").click()
    expect(theirs.get_by_text("Your password is set.")).to_be_visible()
    theirs.context.close()


def test_a_token_is_made_shown_once_used_and_revoked(page: Page, as_admin: Callable[[], None], server: str) -> None:
    as_admin()
    page.goto("/settings/tokens")
    page.get_by_label("Name").fill("The recorder")
    page.get_by_role("checkbox", name="Write").check()
    page.get_by_role("button", name="Make a token").click()
    secret = page.locator("#token").inner_text()
    request = urllib.request.Request(f"{server}/api/v1/me", headers={"Authorization": f"Bearer {secret}"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        assert json.load(answer)["scopes"] == ["read", "write"]
    page.goto("/settings/tokens")
    assert secret not in page.content()
    expect(page.get_by_text("Used")).to_be_visible()
    page.get_by_role("button", name="Revoke The recorder").click()
    expect(page.get_by_text("There is no token that works.")).to_be_visible()


def test_a_choice_is_kept_and_the_environments_value_comes_back(page: Page, as_admin: Callable[[], None]) -> None:
    as_admin()
    page.goto("/settings/labelling")
    page.get_by_label("How the rules write").select_option("Select")
    page.get_by_label("US dollars a day").fill("a lot")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("alert")).to_have_text("LABEL_BUDGET_USD_PER_DAY is not a number.")
    expect(page.get_by_label("US dollars a day")).to_have_value("a lot")
    page.get_by_label("US dollars a day").fill("2.5")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("How the rules write")).to_have_value("Select")
    expect(page.locator(".chip.chosen")).to_have_count(2)
    page.locator("#setting-click_verb").get_by_role("button").click()
    expect(page.get_by_label("How the rules write")).to_have_value("Click")
    expect(page.locator(".chip.chosen")).to_have_count(1)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("The rules need no connection.")).to_be_visible()


def test_a_backup_is_downloaded_whole(page: Page, as_admin: Callable[[], None], tmp_path: Path) -> None:
    as_admin()
    page.goto("/settings/backup")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download a backup").click()
    path = tmp_path / "backup.tar"
    download.value.save_as(path)
    with tarfile.open(path) as archive:
        assert archive.getnames()[-1] == "seal.json"
    page.reload()
    expect(page.get_by_text("The last one was downloaded just now")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_fit_a_phone(page: Page, as_admin: Callable[[], None], name: str) -> None:
    as_admin()
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        page.goto(f"/settings/{name}")
        expect(page.locator("h1")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_somebody_without_rights_is_not_let_in(page: Page, sign_in: Callable[[], None], actor: Actor) -> None:
    assert actor.role == Role.EDITOR
    sign_in()
    for name in ("people", "labelling", "backup"):
        page.goto(f"/settings/{name}")
        expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()
