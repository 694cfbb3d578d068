"""The pages around signing in at a provider; the protocol itself is tested in tests/accounts/test_oidc.py."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from app.accounts import oidc_provider, users
from app.accounts.models import Role
from app.core.config import get_settings
from app.core.db import transaction
from tests.accounts.oidc_issuer import CLIENT, SECRET, Issuer, issuing
from tests.web.conftest import PASSWORD, Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def issuer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    with transaction(engine=engine) as session:
        users.create(session, email="mira@example.com", name="Mira", role=Role.EDITOR, password=PASSWORD, by=None)
    with issuing() as issuer:
        for name, value in {
            "OIDC_ISSUER": issuer.url,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": "<Corp>",
        }.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        oidc_provider.forget()
        yield issuer
        oidc_provider.forget()


def callback(issuer: Issuer, address: str) -> str:
    given = issuer.agree(address)
    return f"/sign-in/oidc/callback?code={given['code']}&state={given['state']}"


@pytest.mark.parametrize(("asked", "opened"), [("/workflows/7?x=1", "/workflows/7?x=1"), ("//evil.example/", "/")])
def test_one_comes_back_to_the_page_that_one_wanted(browser: Browser, issuer: Issuer, asked: str, opened: str) -> None:
    begun = browser.client.get("/sign-in/oidc", params={"next": asked})
    cookie = begun.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    answer = browser.get(callback(issuer, begun.headers["location"]))
    assert (answer.status_code, answer.headers["location"]) == (303, opened)
    assert "wp_session=" in answer.headers["set-cookie"]
    assert "wp_oidc" not in browser.client.cookies
    assert browser.get("/").status_code == 200


def test_what_the_browser_kept_is_of_no_use_after_a_failure(browser: Browser, issuer: Issuer) -> None:
    begun = browser.get("/sign-in/oidc")
    address = callback(issuer, begun.headers["location"])
    assert browser.get(f"{address}x").status_code == 401
    answer = browser.get(address)
    assert answer.status_code == 401
    assert "not begun in this browser" in answer.text
    assert "Try again with &lt;Corp&gt;" in answer.text
    assert "Sign in with a password" in answer.text


@pytest.mark.parametrize("kept", ["", ".", "x.y", "ü" * 43, f"{'a' * 43}.//evil.example"])
def test_a_made_up_cookie_is_refused(browser: Browser, issuer: Issuer, kept: str) -> None:
    begun = browser.get("/sign-in/oidc")
    address = callback(issuer, begun.headers["location"])
    browser.client.cookies.clear()
    headers = [(b"Cookie", f"wp_oidc={kept}".encode()), (b"Accept", b"text/html")]
    answer = browser.client.get(address, headers=headers)
    assert answer.status_code == 401


def test_a_provider_that_is_away_is_a_page(browser: Browser, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert issuer
    monkeypatch.setenv("OIDC_ISSUER", "http://127.0.0.1:1")
    get_settings.cache_clear()
    answer = browser.get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "does not answer. Try again in a moment." in answer.text


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>alert(1)</script>\n{}"])
def test_what_the_provider_says_instead_of_a_code_is_not_repeated(browser: Browser, issuer: Issuer, error: str) -> None:
    assert issuer
    answer = browser.client.get("/sign-in/oidc/callback", params={"error": error}, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert error not in answer.text
    assert ("You did not allow" in answer.text) == (error == "access_denied")


def test_over_tls_the_cookie_is_bound_to_this_host(
    new_browser: Callable[[], Browser], issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert issuer
    monkeypatch.setenv("PUBLIC_URL", "https://guides.example")
    get_settings.cache_clear()
    begun = new_browser().get("/sign-in/oidc")
    assert begun.headers["set-cookie"].startswith("__Host-wp_oidc=")
    assert "Secure" in begun.headers["set-cookie"]
    assert "redirect_uri=https%3A%2F%2Fguides.example%2Fsign-in%2Foidc%2Fcallback" in begun.headers["location"]


def test_the_form_shows_the_ways_that_there_are(
    browser: Browser, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert issuer
    both = browser.get("/sign-in?next=/workflows/3").text
    assert 'href="/sign-in/oidc?next=%2Fworkflows%2F3"' in both
    assert 'type="password"' in both
    monkeypatch.setenv("PASSWORD_SIGN_IN", "false")
    get_settings.cache_clear()
    one = browser.get("/sign-in").text
    assert "Sign in with &lt;Corp&gt;" in one
    assert 'type="password"' not in one
    assert browser.post("/sign-in", email="mira@example.com", password=PASSWORD).status_code == 403
    monkeypatch.setenv("OIDC_ISSUER", "")
    get_settings.cache_clear()
    assert "Ask an admin for a sign-in link." in browser.get("/sign-in").text
