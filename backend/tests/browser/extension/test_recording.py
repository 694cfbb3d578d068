"""Steps of all tabs and frames, in their order, each once."""

from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site


def test_a_page_that_was_open_is_recorded(extension: Extension, tab: Page) -> None:
    extension.do("start", name="Greet")
    tab.click("#one")
    tab.fill("#name", "Ada")
    tab.click("#two")
    status = extension.do("stop")

    assert status["recording"] is None
    assert extension.said() == ["click One", "input Name=Ada", "click Two"]
    assert extension.recording()["state"] == "review"


def test_steps_go_on_across_pages(extension: Extension, tab: Page, site: Site) -> None:
    extension.do("start")
    tab.click("#away")
    tab.wait_for_url("**/second")
    tab.click("#three")
    extension.do("stop")

    assert extension.said() == ["click Second page", "click Three"]
    assert [step["step"]["page"]["url"] for step in extension.steps()] == [site.address, f"{site.address}second"]
