"""Signing in at a real provider, in a real browser."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from app.accounts.models import User
from app.accounts.users import disable
from app.core.config import Settings, get_settings
from app.core.db import transaction
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.servers import answers, free_port
from tests.services import wait_until

MIRA = {"sub": "mira-at-the-provider", "email": "mira@example.com", "email_verified": True, "name": "Mira Okafor"}
STYLES_OF_THE_PROVIDER = "https://cdn.jsdelivr.net"
STRANGER = {"sub": "stranger", "email": "stranger@example.com", "email_verified": False}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the provider, as its own process: its library warns of its own deprecations."""
    port = free_port()
    people = [option for person in (MIRA, STRANGER) for option in ("--user-claims", json.dumps(person))]
    log = tmp_path_factory.mktemp("provider") / "log"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    address = f"http://localhost:{port}"
    try:
        document = f"{address}/.well-known/openid-configuration"
        wait_until(lambda: process.poll() is not None or answers(document), "the provider")
        assert process.poll() is None, log.read_text()
        yield address
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def settings(settings: Settings, provider: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The server that is started with these knows the provider, and its own address."""
    assert settings.database_url
    for name, value in {
        "OIDC_ISSUER": provider,
        "OIDC_CLIENT_ID": "workflow-platform",
        "OIDC_CLIENT_SECRET": "anything",
        "OIDC_NAME": "Example Corp",
    }.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    return get_settings()


@dataclass
class WatchBoth(Watch):
    """Beside our server the browser goes to the provider, whose pages get nothing from elsewhere."""

    provider: str = ""

    def over(self, page: Page) -> None:
        page.route(f"{STYLES_OF_THE_PROVIDER}/**", lambda route: route.abort())
        super().over(page)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.provider, STYLES_OF_THE_PROVIDER)):
            super()._request(request)


@pytest.fixture
def watch(server: str, provider: str) -> Iterator[Watch]:
    watch = WatchBoth(server, provider=provider)
    yield watch
    assert watch.wrong == []


def at_the_provider(page: Page, provider: str, subject: str) -> None:
    page.wait_for_url(f"{provider}/oauth2/authorize*")
    page.get_by_role("button", name=subject).click()


def test_the_whole_sign_in(page: Page, provider: str, mira: User) -> None:
    page.goto("/workflows/1?x=2")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Sign in with Example Corp").click()
    at_the_provider(page, provider, str(MIRA["sub"]))
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert page.url.endswith("/workflows/1?x=2"), "back where one wanted to go"
    page.goto("/")
    page.get_by_label(f"Your account: {mira.name}").click()
    expect(page.get_by_text(mira.email)).to_be_visible()
    assert "wp_oidc" not in {cookie.get("name") for cookie in page.context.cookies()}
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_saying_no_at_the_provider_is_no_dead_end(page: Page, provider: str, mira: User) -> None:
    assert mira
    page.goto("/sign-in")
    page.get_by_role("link", name="Sign in with Example Corp").click()
    page.wait_for_url(f"{provider}/oauth2/authorize*")
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_have_text("You did not allow the provider to sign you in here.")
    assert violations(page) == []
    page.get_by_role("link", name="Try again with Example Corp").click()
    at_the_provider(page, provider, str(MIRA["sub"]))
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()


def test_somebody_whose_address_is_not_verified_is_told_what_to_do(page: Page, provider: str) -> None:
    page.goto("/sign-in/oidc")
    at_the_provider(page, provider, str(STRANGER["sub"]))
    expect(page.get_by_role("alert")).to_contain_text("did not confirm that the email address is yours")
    expect(page.get_by_role("alert")).to_contain_text("Ask an admin of this server.")


def test_disabled_people_are_told_so(page: Page, provider: str, mira: User) -> None:
    with transaction() as session:
        disable(session, mira.id, by=None)
    page.goto("/sign-in/oidc")
    at_the_provider(page, provider, str(MIRA["sub"]))
    expect(page.get_by_role("alert")).to_have_text("Your account here was disabled. Ask an admin of this server.")


def test_the_address_that_signed_in_works_no_second_time(page: Page, provider: str, mira: User) -> None:
    assert mira
    used: list[str] = []
    page.on("request", lambda request: used.append(request.url) if "/callback" in request.url else None)
    page.goto("/sign-in/oidc")
    at_the_provider(page, provider, str(MIRA["sub"]))
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
    page.context.clear_cookies()
    page.goto(used[0])
    expect(page.get_by_role("alert")).to_contain_text("This sign-in was not begun in this browser")
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_answer_to_somebody_else_signs_nobody_in(page: Page, server: str, provider: str, mira: User) -> None:
    """As when an attacker sends a link that would sign the reader in to the attacker's account."""
    assert mira

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    with pytest.raises(urllib.error.HTTPError) as begun:
        opener.open(f"{server}/sign-in/oidc")
    asked = begun.value.headers["location"]
    begun.value.close()
    with pytest.raises(urllib.error.HTTPError) as answered:
        opener.open(asked, data=f"sub={MIRA['sub']}".encode())
    theirs = answered.value.headers["location"]
    answered.value.close()
    assert "code=" in theirs
    page.goto(theirs)
    expect(page.get_by_role("alert")).to_contain_text("This sign-in was not begun in this browser")
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert provider
