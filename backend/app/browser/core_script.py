"""The recorder's core as one script for Playwright: its files and this host's own, in one function of their own."""

import json
from functools import lru_cache
from pathlib import Path

from app.browser.errors import RecorderMissing
from app.core.config import BACKEND

CORE = BACKEND.parent / "extension" / "recorder"
GLUE = Path(__file__).with_name("host.js")


def script(*, binding: str, word: str) -> str:
    """A script that records one frame. `binding`: the function of the page by which it speaks, which it takes away at
    once. `word`: the event by which it can be asked to say what it still holds back."""
    return f"(() => {{\n{sources()}\nWpPlaywright.begin({json.dumps(binding)}, {json.dumps(word)});\n}})();"


@lru_cache(maxsize=1)
def sources() -> str:
    """The core and the glue, read once."""
    try:
        names: list[str] = json.loads((CORE / "files.json").read_text())
        return "\n".join(path.read_text() for path in [*(CORE / name for name in names), GLUE])
    except (OSError, ValueError):
        raise RecorderMissing from None
