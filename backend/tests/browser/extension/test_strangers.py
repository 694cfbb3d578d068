"""Only our own pages are obeyed, and only they see the token."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.extension.loaded import Extension
from tests.browser.extension.site import Site

IN_THE_PAGE = """
async ([address, code]) => {
  const [tab] = await chrome.tabs.query({ url: address });
  const run = { target: { tabId: tab.id }, func: IN_PAGE[code] };
  return (await chrome.scripting.executeScript(run))[0].result;
}
"""
CODES = """
self.IN_PAGE = {
  discard: () => chrome.runtime.sendMessage({ type: "discard" }),
  upload: () => chrome.runtime.sendMessage({ type: "upload", recordingId: "x" }),
  connect: () => chrome.runtime.sendMessage({ type: "connect", server: "https://evil.example", token: "x" }),
  undo: () => chrome.runtime.sendMessage({ type: "undo" }),
  token: () => chrome.storage.local.get().then(() => "read", () => "refused"),
  session: () => chrome.storage.session.get().then((found) => Object.keys(found)),
};
"""


def in_content_script(extension: Extension, site: Site, code: str) -> Any:
    """What a script of ours in a page gets: the most that a page that took it over could reach."""
    extension.desk.evaluate(CODES)
    return extension.desk.evaluate(IN_THE_PAGE, [site.address, code])


def test_a_page_cannot_speak_to_the_extension(extension: Extension, tab: Page) -> None:
    extension.do("start")
    assert tab.evaluate("typeof window.chrome?.runtime?.sendMessage") == "undefined"
    known = "Object.keys(window).filter((name) => name.startsWith('Wp'))"
    assert tab.evaluate(known) == []
    tab.evaluate("postMessage({ type: 'said', message: { kind: 'withdraw', id: '1' } }, '*')")
    assert extension.do("stop")["waiting"][0]["state"] == "review"


def test_the_control_in_a_page_can_neither_send_nor_delete(extension: Extension, tab: Page, site: Site) -> None:
    extension.do("start")
    tab.click("#one")
    extension.wait_for_steps(1)
    for command in ("discard", "upload", "connect"):
        assert in_content_script(extension, site, command)["error"] == "refused"
    assert extension.said() == ["click One"]
    assert in_content_script(extension, site, "undo")["ok"]
    assert extension.said() == []
    extension.do("stop")


def test_a_script_in_a_page_cannot_read_the_token(extension: Extension, tab: Page, site: Site) -> None:
    assert tab.url == site.address
    assert in_content_script(extension, site, "token") == "refused"
    extension.do("start")
    tab.click("#one")
    extension.wait_for_steps(1)
    extension.do("stop")
    shared = in_content_script(extension, site, "session")
    assert {name.split()[0] for name in shared} <= {"alive", "places", "tab"}
