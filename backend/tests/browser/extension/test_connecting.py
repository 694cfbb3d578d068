"""The recorder gets its token from the dashboard's own page, and from nowhere else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.accounts import links, tokens
from app.accounts.actor import Actor
from app.accounts.models import Role, User
from app.core.db import transaction
from tests.browser.extension.loaded import Extension
from tests.browser.extension.popup import open_popup

SPY = """
window.heard = [];
const fetched = window.fetch;
window.fetch = (...asked) => { window.heard.push(String(asked[0])); return fetched(...asked); };
window.addEventListener("message", (event) => window.heard.push(JSON.stringify(event.data)));
new MutationObserver((changes) => window.heard.push(...changes.map(({ target }) => target.outerHTML)))
  .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""


@pytest.fixture
def dashboard(extension: Extension, server: str, mira: User) -> Callable[[], Page]:
    """Mira signs in, in the browser that has the extension."""

    def sign_in() -> Page:
        with transaction() as session:
            secret = links.create(session, mira)
        page = extension.context.new_page()
        page.goto(f"{server}/sign-in/{secret}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
        page.goto(f"{server}/recorder")
        return page

    return sign_in


def connect(popup: Page) -> None:
    popup.get_by_role("button", name="Connect to").click()


def test_one_click_connects_and_the_page_sees_nothing_of_it(
    extension: Extension, dashboard: Callable[[], Page], server: str
) -> None:
    page = dashboard()
    page.evaluate(SPY)
    connect(popup := open_popup(extension, page))
    expect(popup.get_by_text("as Mira Okafor")).to_be_visible()

    assert extension.do("status")["connection"] == {"server": server, "person": "Mira Okafor"}
    assert page.evaluate("window.heard") == []
    assert "wp_" not in page.content() + popup.content()
    page.goto(f"{server}/settings/tokens")
    expect(page.locator(".token b")).to_contain_text("Recorder in Chrom")
    expect(page.locator(".token .chip")).to_have_text(["Write"])


def test_a_viewer_is_told_that_they_may_not(extension: Extension, dashboard: Callable[[], Page], mira: User) -> None:
    page = dashboard()
    with transaction() as session:
        session.get_one(User, mira.id).role = Role.VIEWER
    connect(popup := open_popup(extension, page))
    expect(popup.get_by_role("alert")).to_contain_text("not record")
    assert extension.do("status")["connection"] is None


def test_who_signed_out_meanwhile_is_told_so(extension: Extension, dashboard: Callable[[], Page]) -> None:
    page = dashboard()
    popup = open_popup(extension, page)
    extension.context.clear_cookies()
    connect(popup)
    expect(popup.get_by_role("alert")).to_contain_text("not signed in there any more")
    assert extension.do("status")["connection"] is None


def test_a_tab_that_went_elsewhere_gets_no_request(
    extension: Extension, dashboard: Callable[[], Page], tab: Page
) -> None:
    page = dashboard()
    popup = open_popup(extension, page)
    page.goto(tab.url)
    connect(popup)
    expect(popup.get_by_role("alert")).to_contain_text("shows another page")


def test_other_pages_and_signed_out_ones_offer_nothing(extension: Extension, tab: Page, server: str) -> None:
    assert open_popup(extension, tab).get_by_role("button", name="Connect to").count() == 0
    tab.goto(f"{server}/sign-in")
    popup = open_popup(extension, tab)
    assert popup.get_by_role("button", name="Connect to").count() == 0
    expect(popup.get_by_text("Sign in at")).to_be_visible()


def test_by_hand_a_wrong_token_is_refused_and_a_right_one_connects(
    extension: Extension, tab: Page, server: str, actor: Actor
) -> None:
    with transaction() as session:
        reads = tokens.create(session, actor, name="reads", scopes=["read"])[1]
        writes = tokens.create(session, actor, name="writes", scopes=["write"])[1]
    popup = open_popup(extension, tab)
    popup.get_by_text("Connect by hand").click()
    popup.get_by_label("Address of the server").fill(f"{server}/workflows/1")
    for wrong in ("wp_" + "x" * 43, reads):
        popup.get_by_label("API token").fill(wrong)
        popup.get_by_role("button", name="Connect", exact=True).click()
        expect(popup.get_by_role("alert")).to_be_visible()
        assert extension.do("status")["connection"] is None
    popup.get_by_label("API token").fill(writes)
    popup.get_by_role("button", name="Connect", exact=True).click()
    expect(popup.get_by_text("as Mira Okafor")).to_be_visible()
