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
_PREFIXED = re.compile(r"^(?:aria|text|xpath|pierce|css)/")
_PLAYWRIGHTS_OWN = re.compile(r"^internal:|\s>>\s")
_POINT = re.compile(r"(\d{1,5}),(\d{1,5})")
_ROWS = {
    "row": re.compile(r"(?:^|[\s/>])(?:tr|td|th)(?=[\[:.#\s/>]|$)|role=.?(?:row|gridcell|cell)\b"),
    "listitem": re.compile(r"(?:^|[\s/>])li(?=[\[:.#\s/>]|$)|role=.?listitem\b"),
    "article": re.compile(r"(?:^|[\s/>])article(?=[\[:.#\s/>]|$)|role=.?article\b"),
}
_PATH = re.compile(r"[ />]")

Say = Callable[[str], str]
"""A name on the screen as an expression of TypeScript: a literal, or one that holds what is entered this time."""


def locator(target: Target, say: Say = json.dumps) -> str | None:
    """An expression of TypeScript, beginning with `page`; None if nothing is known by which it could be found."""
    found = _by_people(target, say) or _by_selector(target, say)
    return f"{_frame(target)}.{found}" if found else None


def _by_people(target: Target, say: Say) -> str | None:
    role = role_of(target)
    attributes, context = target.attributes, target.context
    if (test_id := attributes.get("data-testid")) and (not target.selectors or test_id in str(target.selectors)):
        return f"getByTestId({json.dumps(test_id)})"
    in_row = _row(target, say)
    if _has_namesakes(target) and not in_row:
        return None
    if role and target.name:
        return f"{in_row}getByRole({json.dumps(role)}, {{ name: {say(target.name)}, exact: true }})"
    is_field = target.tag in ("input", "textarea", "select")
    if is_field and (label := _label(target)):
        return f"getByLabel({json.dumps(label)}, {{ exact: true }})"
    if placeholder := context.placeholder or attributes.get("placeholder"):
        return f"getByPlaceholder({json.dumps(placeholder)}, {{ exact: true }})"
    return None


def _has_namesakes(target: Target) -> bool:
    """A recorder that gives ways to find it, but neither its name nor its text, saw others that are called the same."""
    ways = [chain[-1] for chain in _chains(target) if chain]
    checked = any(way.startswith(("xpath/", "pierce/")) for way in ways)
    return checked and not any(way.startswith(("aria/", "text/")) for way in ways)


def _row(target: Target, say: Say) -> str:
    """The row, the item or the article that it is in, to look for it there; empty if it is in none."""
    role = _row_role(target)
    if not target.context.row or role is None:
        return ""
    named = say(target.context.row)
    # What a frame's row has cannot be asked for with a locator of the page.
    text = f"{{ hasText: {named} }}" if target.frame else f"{{ has: page.getByText({named}, {{ exact: true }}) }}"
    return f"getByRole({json.dumps(role)}).filter({text})."


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
    if target.role:
        return target.role if target.role in _ROLES else None
    if target.tag == "input":
        return _ROLES_OF_TYPES.get((target.attributes.get("type") or "").lower())
    return _ROLES_OF_TAGS.get(target.tag or "")


def is_playwrights_own(selector: str) -> bool:
    """Whether its codegen wrote it, in a way that no other program reads."""
    return _PLAYWRIGHTS_OWN.search(selector) is not None


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


def _frame(target: Target) -> str:
    found = "page"
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
