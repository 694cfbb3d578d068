from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from app.accounts import links, users
from app.accounts.models import Role
from app.core.config import get_settings
from app.core.db import transaction
from tests.web.conftest import HTML, PASSWORD, Browser

EMAIL = "mira@example.com"


@pytest.fixture(autouse=True)
def mira(engine: Engine) -> None:
    with transaction(engine=engine) as session:
        users.create(session, email=EMAIL, name="Mira", role=Role.EDITOR, password=PASSWORD, by=None)


def new_link() -> str:
    with transaction() as session:
        person = users.by_email(session, EMAIL)
        assert person
        return f"/sign-in/{links.create(session, person)}"


def is_signed_in(browser: Browser) -> bool:
    status: int = browser.get("/").status_code
    return status == 200


def test_a_wrong_password_is_refused_in_words_and_keeps_the_address(browser: Browser) -> None:
    answer = browser.post("/sign-in", email='mira@example.com"><b>', password="guess")
    assert answer.status_code == 401
    assert "The email address or the password is wrong." in answer.text
    assert "mira@example.com&#34;&gt;&lt;b&gt;" in answer.text
    assert "set-cookie" not in answer.headers
    assert not is_signed_in(browser)


def test_too_many_tries_have_to_wait(browser: Browser) -> None:
    tries = get_settings().sign_in_attempts_per_minute
    for _ in range(tries):
        assert browser.post("/sign-in", email=EMAIL, password="guess").status_code == 401
    answer = browser.post("/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Too many tries" in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_sign_anybody_in(browser: Browser, headers: dict[str, str]) -> None:
    link = new_link()
    fields = {"email": EMAIL, "password": PASSWORD}
    for path in ("/sign-in", link):
        answer = browser.client.post(path, data=fields, headers=HTML | headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert browser.post(link).status_code == 303


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("/workflows/7?x=1", "/workflows/7?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_a_page_of_ours(browser: Browser, asked: str, opened: str) -> None:
    answer = browser.post("/sign-in", email=EMAIL, password=PASSWORD, next=asked)
    assert (answer.status_code, answer.headers["Location"]) == (303, opened)


def test_the_cookie_is_not_for_scripts_nor_other_sites(browser: Browser) -> None:
    cookie = browser.post("/sign-in", email=EMAIL, password=PASSWORD).headers["set-cookie"]
    assert cookie.startswith("wp_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert is_signed_in(browser)


def test_over_tls_the_cookie_is_bound_to_this_host(
    new_browser: Callable[[], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://guides.example")
    get_settings.cache_clear()
    browser = new_browser()
    browser.client.base_url = "https://guides.example"
    cookie = browser.post("/sign-in", email=EMAIL, password=PASSWORD).headers["set-cookie"]
    assert cookie.startswith("__Host-wp_session=")
    assert "Secure" in cookie
    assert is_signed_in(browser)
    assert browser.client.get("/api/v1/me").json()["email"] == EMAIL


def test_looking_at_a_link_does_not_spend_it(browser: Browser) -> None:
    link = new_link()
    for _ in range(3):
        assert browser.get(link).status_code == 200
        browser.client.head(link)
    assert not is_signed_in(browser)
    assert browser.post(link).headers["Location"] == "/"
    assert is_signed_in(browser)


def test_a_link_signs_in_once(new_browser: Callable[[], Browser]) -> None:
    link = new_link()
    assert new_browser().post(link).status_code == 303
    second = new_browser()
    answer = second.post(link)
    assert answer.status_code == 401
    assert "This link does not work any more" in answer.text
    assert not is_signed_in(second)


def test_signing_out_needs_our_form_and_ends_the_session(browser: Browser) -> None:
    browser.post("/sign-in", email=EMAIL, password=PASSWORD)
    for fields in ({}, {"csrf": "0" * 64}):
        assert browser.post("/sign-out", **fields).status_code == 403
    assert is_signed_in(browser)

    kept = dict(browser.client.cookies)
    assert browser.post("/sign-out", csrf=browser.csrf()).headers["Location"] == "/sign-in"
    browser.client.cookies.update(kept)
    assert not is_signed_in(browser)


def test_who_is_not_signed_in_is_asked_to_and_comes_back(browser: Browser) -> None:
    assert browser.get("/").headers["Location"] == "/sign-in"
    assert browser.get("/workflows/3?x=1").headers["Location"] == "/sign-in?next=/workflows/3%3Fx%3D1"
    assert browser.post("/workflows/3/label").headers["Location"] == "/sign-in"
    assert browser.get("/", **{"HX-Request": "true"}).headers["HX-Redirect"] == "/sign-in"


def test_who_is_signed_in_needs_no_form(browser: Browser) -> None:
    browser.post("/sign-in", email=EMAIL, password=PASSWORD)
    assert browser.get("/sign-in?next=/workflows/3").headers["Location"] == "/workflows/3"
