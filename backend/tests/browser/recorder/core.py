"""The recorder's core in a page, as its hosts run it: all files in their order, before the page's own scripts."""

import json
import re
from functools import cache
from typing import Any

from playwright.sync_api import Page

from app.core.config import BACKEND

RECORDER = BACKEND.parent / "extension" / "recorder"


@cache
def plain_script() -> str:
    """All files as one classic script, as the hosts join them."""
    names: list[str] = json.loads((RECORDER / "files.json").read_text("utf-8"))
    return "\n".join((RECORDER / name).read_text("utf-8") for name in names)


@cache
def script() -> str:
    """What they define is handed to the page, for tests to ask."""
    text = plain_script()
    defined = re.findall(r"^var (Wp\w+)", text, re.MULTILINE)
    return f"{text}\nObject.assign(globalThis, {{ {', '.join(defined)} }});"


def ask(page: Page, expression: str, selector: str = "#x", extra: Any = None) -> Any:
    """What the core says: `element` is what the selector finds, through open shadow roots too."""
    element = page.locator(selector).first.element_handle()
    return page.evaluate(
        f"([element, extra]) => WpPristine.within(() => {{ WpBudget.start(); return {expression}; }})", [element, extra]
    )
