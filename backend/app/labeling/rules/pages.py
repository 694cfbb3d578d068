"""What a page is called: its title without the site's name, else its address made readable."""

import re
from collections.abc import Sequence

from app.labeling.rules.names import fit, readable
from app.workflows.content import Page, StepContent

_BETWEEN = re.compile(r"\s+[|·•–—»›:-]\s+|\s*[|»]\s*")
_COUNTER = re.compile(r"^\s*[(\[]\d+\+?[)\]]\s*")
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:/*(?:[^/?#]*@)?(?:www\.)?(?P<host>[^/?#:]*)(?::\d+)?(?P<path>[^?#]*)", re.I)


class Pages:
    """The names of a workflow's pages. A part that all titles share is the site's name."""

    def __init__(self, steps: Sequence[StepContent]) -> None:
        self._names: dict[str, str] = {}
        self._from_address: dict[str, tuple[str, bool]] = {}
        titles = {step.page.title for step in steps if step.page.title}
        self._parts = {title: _split(title) for title in titles}
        several = [frozenset(parts) for parts in self._parts.values() if len(parts) > 1]
        self._site = frozenset.intersection(*several) if len(several) > 1 else frozenset()

    def title(self, page: Page) -> str:
        """The page's name by its title; empty if it has none."""
        if not page.title:
            return ""
        name = self._names.get(page.title)
        if name is None:
            name = self._names[page.title] = self._telling_part(page)
        return name

    def by_address(self, page: Page) -> tuple[str, bool]:
        """A name by the address, and whether it names the site rather than the page."""
        if not page.url:
            return "", False
        if page.url not in self._from_address:
            self._from_address[page.url] = _from_address(page.url)
        return self._from_address[page.url]

    def _telling_part(self, page: Page) -> str:
        parts = self._parts[page.title or ""]
        own = [part for part in parts if part not in self._site] or parts
        if len(own) > 1 and page.url and (match := _ADDRESS.match(page.url)):
            host = match["host"].lower()
            own = [part for part in own if part.lower().replace(" ", "") not in host] or own
        return own[0] if own else ""


def _split(title: str) -> list[str]:
    parts = [fit(part) for part in _BETWEEN.split(_COUNTER.sub("", title))]
    return [part for part in parts if part]


def _from_address(url: str) -> tuple[str, bool]:
    match = _ADDRESS.match(url)
    path = match["path"] if match else url
    for part in reversed(path.split("/")):
        if name := readable(part.partition(".")[0]):
            return name, False
    return (fit(match["host"]) if match else ""), True


NAMELESS = "Recording"


def derive_name(steps: Sequence[StepContent]) -> str:
    """A name for a workflow to which nobody gave one: that of the first page that has one."""
    pages = Pages(steps)
    for step in steps:
        if name := pages.title(step.page) or pages.by_address(step.page)[0]:
            return name
    return NAMELESS
