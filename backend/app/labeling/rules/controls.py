"""What kind of control an element is: its role says it, else its tag and type, else its selectors."""

import re
from enum import StrEnum

from app.workflows.content import Target


class Control(StrEnum):
    """The value is the word a person would use for the control."""

    BUTTON = "button"
    LINK = "link"
    ICON = "icon"
    FIELD = "field"
    EDITOR = "editor"
    DROPDOWN = "dropdown"
    LIST = "list"
    OPTION = "option"
    RADIO = "radio option"
    CHECKBOX = "checkbox"
    SWITCH = "switch"
    SLIDER = "slider"
    FILE = "file field"
    TAB = "tab"
    MENU = "menu"
    MENU_ITEM = "menu item"
    SECTION = "section"
    FORM = "form"
    ROW = "row"
    COLUMN = "column header"
    CANVAS = "canvas"
    PICTURE = "image"
    MAP = "map"
    OTHER = "item"


_ROLES = {
    "button": Control.BUTTON,
    "link": Control.LINK,
    "img": Control.ICON,
    "image": Control.ICON,
    "textbox": Control.FIELD,
    "searchbox": Control.FIELD,
    "spinbutton": Control.FIELD,
    "combobox": Control.DROPDOWN,
    "listbox": Control.LIST,
    "option": Control.OPTION,
    "radio": Control.RADIO,
    "checkbox": Control.CHECKBOX,
    "switch": Control.SWITCH,
    "slider": Control.SLIDER,
    "tab": Control.TAB,
    "menu": Control.MENU,
    "menuitem": Control.MENU_ITEM,
    "menuitemcheckbox": Control.MENU_ITEM,
    "menuitemradio": Control.MENU_ITEM,
    "form": Control.FORM,
    "search": Control.FORM,
    "row": Control.ROW,
    "columnheader": Control.COLUMN,
}
_TAGS = {
    "a": Control.LINK,
    "button": Control.BUTTON,
    "textarea": Control.FIELD,
    "select": Control.DROPDOWN,
    "option": Control.OPTION,
    "summary": Control.SECTION,
    "details": Control.SECTION,
    "form": Control.FORM,
    "canvas": Control.CANVAS,
    "tr": Control.ROW,
    "th": Control.COLUMN,
    "img": Control.ICON,
    "svg": Control.ICON,
    "i": Control.ICON,
    "path": Control.ICON,
    "use": Control.ICON,
}
_INPUT_TYPES = {
    "button": Control.BUTTON,
    "submit": Control.BUTTON,
    "reset": Control.BUTTON,
    "image": Control.BUTTON,
    "checkbox": Control.CHECKBOX,
    "radio": Control.RADIO,
    "range": Control.SLIDER,
    "file": Control.FILE,
}
_POPUPS = {"true": Control.MENU, "menu": Control.MENU, "listbox": Control.DROPDOWN}
NOT_EDITABLE = frozenset({None, "false", "inherit"})

_SELECTOR_ROLE = re.compile(r"\[role=\\?[\"']?([a-z]+)|^internal:role=([a-z]+)")
_SELECTOR_TYPE = re.compile(r"\binput\[type=\\?[\"']?([a-z]+)")
_SELECTOR_TAG = re.compile(r"(?:^|[\s>+~/])([a-z]+)(?:[.#:\[][^\s>+~/]*)?$")


def control_of(target: Target) -> Control:
    """The kind of control; `OTHER` when nothing tells."""
    tag = (target.tag or "").lower()
    attributes = target.attributes
    if part_of_picture(target):
        return _PICTURES.get(tag, Control.MAP)
    role = target.role or attributes.get("role")
    control = _ROLES.get(role.lower().partition(" ")[0]) if role else None
    if control is None or tag == "input":
        control = _by_tag(tag, attributes, control)
    if control is Control.TAB and tag in _HEADINGS:
        return Control.SECTION
    if control in _MAY_OPEN_A_POPUP:
        control = _POPUPS.get(attributes.get("aria-haspopup") or "", control)
    if control is not None:
        return control
    return Control.OTHER if tag or role else _by_selectors(target)


PARTS = frozenset(
    ("upper left", "top", "upper right", "left side", "center", "right side", "lower left", "bottom", "lower right")
)
_PICTURES = {
    "canvas": Control.CANVAS, "img": Control.PICTURE, "svg": Control.PICTURE, "video": Control.PICTURE,
    "object": Control.PICTURE, "embed": Control.PICTURE,
}  # fmt: skip


def part_of_picture(target: Target) -> str:
    """Where on a canvas, an image or a map something was done, as the recorder says it; empty for other controls."""
    part = target.attributes.get("data-wp-place")
    return part if part in PARTS else ""


_NTH = re.compile(r"([1-9])/([1-9])")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def among_nameless(target: Target) -> str | None:
    """Which of the fields without a name it is, `second`, as the recorder counted; empty for the only one."""
    match = _NTH.fullmatch(target.attributes.get("data-wp-nth") or "")
    if match is None or match[1] > match[2]:
        return None
    return "" if match[2] == "1" else _ORDINALS[int(match[1]) - 1]


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""A tab that is a heading opens a section below itself."""
_MAY_OPEN_A_POPUP = frozenset({Control.BUTTON, Control.LINK, Control.MENU_ITEM})


def _by_tag(tag: str, attributes: dict[str, str | None], role: Control | None) -> Control | None:
    if tag == "input":
        return _INPUT_TYPES.get((attributes.get("type") or "").lower(), role or Control.FIELD) if role is None else role
    if tag in _TAGS:
        return _TAGS[tag]
    if attributes.get("contenteditable") not in NOT_EDITABLE:
        return Control.EDITOR
    return role


def _by_selectors(target: Target) -> Control:
    """Recorders that keep no element (DevTools) still keep ways to find it again."""
    for selector in target.selectors:
        text = selector if isinstance(selector, str) else (selector[-1] if selector else "")
        if match := _SELECTOR_ROLE.search(text):
            control = _ROLES.get(match[1] or match[2])
        elif match := _SELECTOR_TYPE.search(text):
            control = _INPUT_TYPES.get(match[1], Control.FIELD)
        elif match := _SELECTOR_TAG.search(text):
            control = Control.FIELD if match[1] == "input" else _TAGS.get(match[1])
        else:
            continue
        if control is not None:
            return control
    return Control.OTHER
