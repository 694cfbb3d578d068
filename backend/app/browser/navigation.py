"""Which page changes a person made: typed addresses, reload, back and forward; not what a click led to.

Chrome says when a page asks for a navigation (a link, a form, a script), but for `history.back()` and its kin, which
the frame reports itself. What nobody in the page has asked for was asked for at the window, or by `page.goto`.
"""

from dataclasses import dataclass, field
from typing import Any

NEW_TAB = {"newTab", "newWindow"}
BLANK = ("about:blank", "chrome://newtab/", "chrome://new-tab-page/", "")


@dataclass
class Navigations:
    """Of one page. `main`: Chrome's number of its main frame."""

    main: str = ""
    explained_first: bool = False
    """It was opened by something in another page, which also chose where it begins."""
    unseen: bool = False
    """It is so new that the beginning of its first navigation may have been missed."""
    promised: list[str] = field(default_factory=list)
    """Where links lead that were opened in a new tab: one list for all pages of a browser."""
    asked: bool = False
    back_or_forward: bool = False
    """The page has asked for some other page of its history."""
    under_way: str | None = None
    through_history: bool = False

    def requested(self, event: dict[str, Any]) -> None:
        """`Page.frameRequestedNavigation`: the page itself wants to go somewhere, in this tab or in a new one."""
        if event["disposition"] in NEW_TAB:
            self.promised.append(event["url"])
        elif event["frameId"] == self.main:
            self.asked = True

    def started(self, event: dict[str, Any]) -> None:
        """`Page.frameStartedNavigating`."""
        if event["frameId"] != self.main:
            return
        is_first, explained = self.unseen, self.asked
        self.asked = self.unseen = False
        if event["url"] in BLANK:
            return
        if (is_first and self.keeps_promise(event["url"])) or self.explained_first:
            explained, self.explained_first = True, False
        self.under_way = None if explained else event["url"]
        self.through_history = event["navigationType"].startswith("history")

    def arrived(self, event: dict[str, Any]) -> str | None:
        """`Page.frameNavigated` or `Page.navigatedWithinDocument`: the address, if a person went there."""
        frame = event.get("frame", {"id": event.get("frameId")})
        if frame.get("id") != self.main:
            return None
        if self.unseen:
            return self.arrived_early(frame.get("url", ""))
        address, self.under_way = self.under_way, None
        if self.through_history and self.back_or_forward:
            address = None
        self.back_or_forward = self.through_history = False
        return None if frame.get("unreachableUrl") else address

    def arrived_early(self, address: str) -> str | None:
        """The same, where all that is known of the first navigation is that it took place."""
        if not self.unseen or address in BLANK:
            return None
        self.unseen = False
        explained = self.keeps_promise(address) or self.explained_first
        self.explained_first = False
        return None if explained else address

    def keeps_promise(self, address: str) -> bool:
        """Whether a link led there, into a new tab. It does so once."""
        if address not in self.promised:
            return False
        self.promised.remove(address)
        return True
