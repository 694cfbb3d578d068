"""How Playwright finds a recorded element: as people do where that is possible, else by its selectors."""

import json
import re
from collections.abc import Callable

from app.core.addresses import is_address
from app.workflows.content import Target

_ROLES_OF_TAGS = {"a": "link", "button": "button", "select": "combobox", "textarea": "textbox", "option": "option"}
_ROLES_OF_TYPES = {
    **dict.fromkeys(("text", "email", "tel", "url", ""), "textbox"),
    **dict.fromkeys(("submit", "button", "reset", "image"), "button"),
    "checkbox": "checkbox",
    "radio": "radio",
    "number": "spinbutton",
    "range": "slider",
    "search": "searchbox",
}
_ROLES = frozenset(
    (
        "alert", "alertdialog", "article", "banner", "button", "cell", "checkbox", "columnheader", "combobox",
        "complementary", "dialog", "document", "figure", "form", "grid", "gridcell", "group", "heading", "img", "link",
        "list", "listbox", "listitem", "main", "menu", "menubar", "menuitem", "menuitemcheckbox", "menuitemradio",
        "navigation", "option", "radio", "radiogroup", "region", "row", "rowheader", "search", "searchbox", "slider",
        "spinbutton", "status", "switch", "tab", "table", "tablist", "tabpanel", "textbox", "toolbar", "tooltip",
        "tree", "treegrid", "treeitem",
    )
)  # fmt: skip
_NOT_FOUND_BY_ROLE = frozenset({"summary", "area"})
"""Playwright knows no role for the one, and sees the other nowhere."""
_ARIA = re.compile(r'aria/(?P<name>.*?)(?:\[role="[^"]*"\])?', re.DOTALL)
_PREFIXED = re.compile(r"^(?:aria|text|xpath|pierce|css)/")
_PLAYWRIGHTS_OWN = re.compile(r"^internal:|\s>>\s")
_SIGNS = re.compile(r"[.*+?^${}()|[\]\\/]")
"""What means something in a regular expression."""
_DRAG = re.compile(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")
_POINT = re.compile(r"(\d{1,5}),(\d{1,5})")
_ROWS = {
    "row": re.compile(r"(?:^|[\s/>])(?:tr|td|th)(?=[\[:.#\s/>]|$)|role=.?(?:row|gridcell|cell)\b"),
    "listitem": re.compile(r"(?:^|[\s/>])li(?=[\[:.#\s/>]|$)|role=.?listitem\b"),
    "article": re.compile(r"(?:^|[\s/>])article(?=[\[:.#\s/>]|$)|role=.?article\b"),
}
_PATH = re.compile(r"[ />]")

Say = Callable[[str], str]
"""A name on the screen as an expression of TypeScript: a literal, or one that holds what is entered this time."""


def locator(target: Target, say: Say = json.dumps, page: str = "page") -> str | None:
    """An expression of TypeScript, beginning with `page`; None if nothing is known by which it could be found."""
    found = _by_people(target, say, page) or _by_selector(target, say)
    return f"{page_of(target, page)}.{found}" if found else None


def _by_people(target: Target, say: Say, page: str) -> str | None:
    role = role_of(target)
    attributes, context = target.attributes, target.context
    if (test_id := attributes.get("data-testid")) and (not target.selectors or test_id in str(target.selectors)):
        return f"getByTestId({json.dumps(test_id)})"
    in_row = _row(target, say, page)
    name = target.name if in_row or not _is_checked(target) else _checked_name(target)
    if role and name:
        return f"{in_row}getByRole({json.dumps(role)}, {{ name: {say(name)}, exact: true }})"
    if _is_checked(target) and not in_row:
        return _by_text(target, say)
    is_field = target.tag in ("input", "textarea", "select")
    if is_field and (label := _label(target)):
        return f"getByLabel({json.dumps(label)}, {{ exact: true }})"
    if placeholder := context.placeholder or attributes.get("placeholder"):
        return f"getByPlaceholder({json.dumps(placeholder)}, {{ exact: true }})"
    return None


def _is_checked(target: Target) -> bool:
    """Whether the recorder tried its ways: then what they leave out finds others, too, or nothing."""
    return any(chain[-1].startswith(("xpath/", "pierce/")) for chain in _chains(target) if chain)


def _checked_name(target: Target) -> str | None:
    """As the browser computes it; what else the recorder calls the element are words beside it."""
    found = (_ARIA.fullmatch(chain[-1]) for chain in _chains(target) if chain)
    return next((match["name"] for match in found if match), None)


def _by_text(target: Target, say: Say) -> str | None:
    """By all its words, where else only its place in the page is known."""
    ways = [chain[-1] for chain in _chains(target) if chain]
    text = next((way.removeprefix("text/") for way in ways if way.startswith("text/")), None)
    marked = any(not _PREFIXED.match(way) and not _PATH.search(way) for way in ways)
    if not text or marked or target.tag in _NOT_FOUND_BY_ROLE:
        return None
    return f"getByText({say(text)}, {{ exact: true }})"


def _row(target: Target, say: Say, page: str) -> str:
    """The row, the item or the article that it is in, to look for it there; empty if it is in none."""
    role = _row_role(target)
    if not target.context.row or role is None:
        return ""
    named = say(target.context.row)
    if named != json.dumps(target.context.row):
        text = f"{{ hasText: {named} }}"
    elif role != "row" or target.frame:
        # The name may stand there among other words, and in a frame there is no locator of the page to ask for a cell.
        text = f"{{ hasText: new RegExp({json.dumps(_whole(target.context.row))}) }}"
    else:
        text = f"{{ has: {page}.getByText({named}, {{ exact: true }}) }}"
    return f"getByRole({json.dumps(role)}).filter({text})."


def _whole(text: str) -> str:
    """A regular expression of JavaScript for the text as it stands there, with nothing between it and the words beside
    it: `Entry 2` is not `Entry 25`, but `Entry 2Pin` holds it."""
    before = r"(?<!\d)" if text[:1].isdigit() else ""
    return rf"{before}{_SIGNS.sub(lambda match: chr(92) + match[0], text)}(?![a-z\d])"


def _row_role(target: Target) -> str | None:
    """By the way to it; a recording that says nothing of that means a table's."""
    ways = [part for chain in _chains(target) for part in chain if not part.startswith(("aria/", "text/"))]
    for role, sign in _ROWS.items():
        if any(sign.search(way) for way in ways):
            return role
    return None if any(_PATH.search(way) for way in ways) else "row"


def _label(target: Target) -> str | None:
    """As the page has it: what is said of it in words may lack a colon at its end."""
    label = target.context.label
    if label and target.name and target.name.startswith(label):
        return target.name
    if (target.attributes.get("type") or "").lower() == "file":
        return label  # its name may be that of the button that opens it
    return label or target.name


def role_of(target: Target) -> str | None:
    """The role that the element says it has, else that of its tag; a field for a password has none."""
    if target.tag == "input" and (target.attributes.get("type") or "").lower() == "password":
        return None
    if target.tag in _NOT_FOUND_BY_ROLE:
        return None
    if target.role:
        return target.role if target.role in _ROLES else None
    if target.tag == "input":
        return _ROLES_OF_TYPES.get((target.attributes.get("type") or "").lower())
    return _ROLES_OF_TAGS.get(target.tag or "")


def is_playwrights_own(selector: str) -> bool:
    """Whether its codegen wrote it, in a way that no other program reads."""
    return _PLAYWRIGHTS_OWN.search(selector) is not None


def drag_of(target: Target) -> tuple[int, int, int, int] | None:
    """A drag: from where in the element, to where in its page, in CSS pixels from the upper left corners."""
    match = _DRAG.fullmatch(target.attributes.get("data-wp-drag") or "")
    return (int(match[1]), int(match[2]), int(match[3]), int(match[4])) if match else None


def point_on(target: Target) -> tuple[int, int] | None:
    """Where on a picture something was done, in CSS pixels from its upper left corner."""
    match = _POINT.fullmatch(target.attributes.get("data-wp-point") or "")
    return (int(match[1]), int(match[2])) if match else None


def _by_selector(target: Target, say: Say) -> str | None:
    """The first of CSS, then of XPath, then by the text. A chain leads through shadow roots, as Playwright's do."""
    for chain in _chains(target):
        if len(chain) == 1 and is_playwrights_own(chain[0]):
            return f"locator({json.dumps(chain[0])})"
    if css := _css_of(target):
        return css
    for chain in _chains(target):
        if len(chain) == 1 and chain[0].startswith("xpath/"):
            return f"locator({json.dumps('xpath=' + chain[0].removeprefix('xpath/'))})"
    if target.text or target.name:
        return f"getByText({say(target.text or target.name or '')}, {{ exact: true }}).first()"
    return None


def _css_of(target: Target) -> str | None:
    for chain in _chains(target):
        if chain and not any(_PREFIXED.match(part) for part in chain):
            return f"locator({json.dumps(' >> '.join(f'css={part}' for part in chain))})"
    return None


def _chains(target: Target) -> list[list[str]]:
    return [[part] if isinstance(part, str) else list(part) for part in target.selectors]


def page_of(target: Target, page: str = "page") -> str:
    """The page or the frame in it, as an expression."""
    found = page
    for step in target.frame:
        if isinstance(step, int):
            found += f'.locator("iframe").nth({step}).contentFrame()'
        else:
            selector = f'iframe[src^="{_css(step)}"]' if is_address(step) or step.startswith("/") else step
            found += f".frameLocator({json.dumps(selector)})"
    return found


def _css(text: str) -> str:
    """The inside of a quoted string of CSS."""
    return re.sub(r'["\\\n\r\f]', lambda match: f"\\{ord(match[0]):x} ", text)
