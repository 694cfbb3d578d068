"""What Chrome tells of one page: its pictures, and where it goes."""

import base64
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import CDPSession, Error, Frame, Page

from app.browser.film import Film, Shot
from app.browser.navigation import Navigations
from app.browser.places import Places

IN_FLIGHT = 100
"""Frames that Chrome sends without hearing from us: Python may be busy while the page goes on changing."""

WentTo = Callable[["PageWatch", str], None]
Heard = Callable[["PageWatch", str], None]


class PageWatch:
    """Of one page, from `begin` to `end`."""

    def __init__(
        self, page: Page, navigations: Navigations, *, heard: Heard, went_to: WentTo, looked: Callable[[], None]
    ) -> None:
        self.page = page
        self.film = Film()
        self.places = Places()
        self.landing: str | None = None
        """Key of the `navigate` step that led to the page as it is, until the page has said what it is."""
        self._heard, self._went_to, self._looked = heard, went_to, looked
        self.crashed = False
        """Nothing in it answers any more."""
        self._chrome: CDPSession | None = None
        self._navigations = navigations

    def begin(self, binding: str) -> None:
        """`binding`: by which the page speaks. Raises Playwright's error if the page is gone already.

        Not a binding of Playwright's own: that one can be found in the page, which can end Playwright by it.
        """
        self.page.on("framenavigated", self._early)
        self.page.on("crash", self._crash)
        chrome = self._chrome = self.page.context.new_cdp_session(self.page)
        chrome.on("Runtime.bindingCalled", lambda event: self._heard(self, event["payload"]))
        chrome.send("Runtime.enable")  # else documents to come have no binding
        chrome.send("Runtime.addBinding", {"name": binding})
        navigations = self._navigations
        navigations.main = chrome.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        chrome.on("Page.frameRequestedNavigation", navigations.requested)
        chrome.on("Page.frameStartedNavigating", navigations.started)
        chrome.on("Page.frameNavigated", self._arrived)
        chrome.on("Page.navigatedWithinDocument", self._arrived)
        chrome.on("Page.screencastFrame", self._shot)
        chrome.send("Page.enable")
        chrome.send("Page.startScreencast", {"format": "png", "maxFramesInFlight": IN_FLIGHT})

    def end(self) -> None:
        with suppress(Error, KeyError):
            self.page.remove_listener("framenavigated", self._early)
            self.page.remove_listener("crash", self._crash)
        if self._chrome is not None and not self.crashed:
            with suppress(Error):
                self._chrome.send("Page.stopScreencast")
                self._chrome.detach()

    def goes_through_history(self) -> None:
        """A script of the page has called `history.back()` or the like."""
        self._navigations.back_or_forward = True

    def look_now(self, at: float) -> None:
        """Where no frame has come, a screenshot is better than nothing."""
        with suppress(Error, KeyError):
            data = self._send("Page.captureScreenshot", {"format": "png"})["data"]
            self.film.add(Shot(at, base64.b64decode(data), (self.page.viewport_size or {"width": 0})["width"]))

    def _send(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if self._chrome is None or self.crashed:
            return {}
        answer: dict[str, Any] = self._chrome.send(method, params)
        return answer

    def _crash(self, _: Page) -> None:
        self.crashed = True

    def _arrived(self, event: dict[str, Any]) -> None:
        address = self._navigations.arrived(event)
        if address is not None:
            self._went_to(self, address)

    def _early(self, frame: Frame) -> None:
        if frame.parent_frame is None and (address := self._navigations.arrived_early(frame.url)) is not None:
            self._went_to(self, address)

    def _shot(self, event: dict[str, Any]) -> None:
        about = event["metadata"]
        at = about.get("timestamp", now() / 1000) * 1000
        self.film.add(Shot(at, base64.b64decode(event["data"]), about["deviceWidth"]))
        with suppress(Error):  # the page may be gone by now
            self._send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
        self._looked()


def now() -> float:
    """Milliseconds since 1970, as the page's clock has it."""
    return time.time() * 1000
