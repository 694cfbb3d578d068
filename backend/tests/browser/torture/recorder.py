"""What records a torture page: whatever can begin on a page and say the steps at the end."""

import json
from functools import cache
from typing import Any, Protocol

from playwright.sync_api import Frame, Page

from app.core.config import BACKEND
from app.workflows.content import StepContent

CORE = BACKEND.parent / "extension" / "recorder"
_BINDING = "__recorded"
_HANDLE = "__recording"


class Recorder(Protocol):
    """Records one page and whatever opens from it."""

    def begin(self, page: Page, address: str) -> None:
        """Open the page; what happens from then on is recorded."""
        ...

    def end(self) -> list[StepContent]:
        """All steps in the order in which they happened."""
        ...


class NoRecorder:
    """Shows that the pages themselves work."""

    def begin(self, page: Page, address: str) -> None:
        page.goto(address)

    def end(self) -> list[StepContent]:
        return []


class Injected:
    """The core alone, in every frame of a context, with as little of a host as will do."""

    def __init__(self) -> None:
        self._steps: dict[tuple[Frame, str], dict[str, Any]] = {}
        self._page: Page | None = None

    def begin(self, page: Page, address: str) -> None:
        self._page = page
        page.context.expose_binding(_BINDING, self._said)
        page.context.add_init_script(_script())
        page.goto(address)

    def end(self) -> list[StepContent]:
        assert self._page
        for page in self._page.context.pages:
            for frame in page.frames:
                frame.evaluate(f"self.{_HANDLE}?.flush()")
        return [StepContent.model_validate(step) for step in self._steps.values()]

    def _said(self, source: dict[str, Any], message: dict[str, Any]) -> None:
        key = (source["frame"], str(message.get("id")))
        match message["kind"]:
            case "step" | "amend":
                step = message["step"]
                if step["target"]:
                    step["target"]["frame"] = _way(source["frame"])
                self._steps[key] = step
            case "withdraw":
                self._steps.pop(key, None)


def _way(frame: Frame) -> list[int]:
    return [] if frame.parent_frame is None else [*_way(frame.parent_frame), 0]


@cache
def _script() -> str:
    files = json.loads((CORE / "files.json").read_text())
    core = "\n".join((CORE / file).read_text() for file in files)
    host = f"{{ emit: (message) => self.{_BINDING}(message) }}"
    handle = f"Object.defineProperty(self, '{_HANDLE}', {{ value: WpRecorder.record(window, {host}) }})"
    return f"(() => {{ {core}\n{handle}; }})();"
