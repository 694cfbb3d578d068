"""The steps that a person would write down, in short.

One step for what was meant: the last value of a field, the choice from a list, the drop of a drag. Nothing for what
only prepares it: the click into a field that is typed into, Tab, a click on an empty place, a list that is opened.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

ANY = "*"
"""Not compared."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What is compared of a step. `frame` is the depth: 0 is the page itself."""

    action: str
    name: str | None = ANY
    role: str | None = ANY
    value: str | None = None
    kind: str | None = ANY
    row: str | None = ANY
    column: str | None = ANY
    near: str = ANY
    """One of the words around the element that a sentence may take to tell it from others."""
    place: str | None = ANY
    """Where on a picture."""
    frame: int = 0
    path: str = ANY
    """The last part of the page's address, with query and fragment."""


def click(name: str | None, role: str = "button", *, row: str = ANY, near: str = ANY, frame: int = 0) -> Step:
    return Step(action="click", name=name, role=role, row=row, near=near, frame=frame)


def double_click(name: str | None, role: str = ANY, *, row: str = ANY, column: str = ANY) -> Step:
    return Step(action="double_click", name=name, role=role, row=row, column=column)


def right_click(name: str | None, role: str = ANY, *, row: str = ANY) -> Step:
    return Step(action="right_click", name=name, role=role, row=row)


def hover(name: str, role: str) -> Step:
    return Step(action="hover", name=name, role=role)


def enter(
    name: str | None, value: str, role: str = "textbox", *, kind: str = "text", row: str = ANY, frame: int = 0
) -> Step:
    return Step(action="input", name=name, value=value, role=role, kind=kind, row=row, frame=frame)


def secret(name: str, kind: str = "secret", *, frame: int = 0) -> Step:
    """Something was typed that nobody may read."""
    return Step(action="input", name=name, kind=kind, frame=frame)


def select(name: str | None, value: str, role: str = "combobox", *, row: str = ANY, frame: int = 0) -> Step:
    return Step(action="select", name=name, value=value, role=role, kind="option", row=row, frame=frame)


def check(name: str, role: str = "checkbox", *, row: str = ANY, near: str = ANY, frame: int = 0) -> Step:
    return Step(action="check", name=name, role=role, value=ANY, row=row, near=near, frame=frame)


def uncheck(name: str, role: str = "checkbox") -> Step:
    return Step(action="uncheck", name=name, role=role, value=ANY)


def toggle(name: str, value: str) -> Step:
    """A switch; `on` or `off`."""
    return Step(action="toggle", name=name, role="switch", value=value)


def submit(name: str, role: str = "textbox", *, frame: int = 0) -> Step:
    """Enter in a field sent its form."""
    return Step(action="submit", name=name, role=role, frame=frame)


def press(key: str) -> Step:
    return Step(action="press", value=key)


def drag(name: str, to: str | None, role: str = ANY) -> Step:
    return Step(action="drag", name=name, value=to, role=role)


def upload(name: str, files: str) -> Step:
    return Step(action="upload", name=name, value=files, kind="file")


def copy(name: str, value: str) -> Step:
    return Step(action="copy", name=name, value=value)


def paste(name: str, value: str) -> Step:
    return Step(action="paste", name=name, value=value)


def scroll() -> Step:
    """Something came into being that was not in the page before; how far and in what is the recorder's business."""
    return Step(action="scroll", value=ANY)


def navigate(path: str) -> Step:
    """Somebody typed an address, went back, or forward, or reloaded."""
    return Step(action="navigate", value=ANY, path=path)


def shows(page: Page, state: str) -> None:
    """The page says that the task is done."""
    expect(page.locator("#state")).to_have_text(state)
