"""All that is kept of an element: fit for the server, without secrets, on hostile pages too."""

from typing import Any

import pytest
from playwright.sync_api import Page

from app.workflows.content import Target
from tests.browser.recorder.conftest import Show
from tests.browser.recorder.core import ask


def describe(page: Page, selector: str = "#x") -> dict[str, Any]:
    """As the server takes it: a target that it would refuse fails here."""
    found: dict[str, Any] = ask(
        page, "WpTarget.describe(element, {window, point: extra})", selector, {"x": 20, "y": 20}
    )
    Target.model_validate(found)
    return found


def value_of(page: Page, selector: str = "#x") -> tuple[str | None, str | None]:
    found = ask(page, "WpTarget.valueOf(element)", selector)
    return found["value"], found["value_kind"]


def test_everything_of_an_ordinary_button(show: Show) -> None:
    page = show(
        "<h1>Contacts</h1><button id=x aria-haspopup=menu"
        " style='position:absolute;left:10px;top:9px;width:90px;height:30px'>New</button>"
    )
    assert describe(page) == {
        "tag": "button",
        "role": "button",
        "name": "New",
        "text": "New",
        "attributes": {"id": "x", "aria-haspopup": "menu"},
        "box": {"x": 10, "y": 9, "width": 90, "height": 30},
        "context": {
            "label": None, "placeholder": None, "heading": "Contacts", "section": None, "row": None, "column": None,
            "nearby": "Contacts",
        },
        "selectors": ["aria/New", 'aria/New[role="button"]', "#x", "text/New", "body > button", 'xpath///*[@id="x"]'],
        "frame": [],
    }  # fmt: skip


def test_address_is_kept_without_query_fragment_and_user(show: Show) -> None:
    page = show(
        "<a id=x href='https://ann:pw@host.example/a?token=T#part'>Go</a><a id=y href='javascript:alert(1)'>No</a>"
    )
    assert describe(page)["attributes"]["href"] == "https://host.example/a"
    assert describe(page, "#y")["attributes"]["href"] == ""


def test_value_attribute_is_kept_of_buttons_alone(show: Show) -> None:
    page = show("<input id=x type=submit value=Send><input id=y value=typed><input id=z type=password value=pw>")
    assert describe(page)["attributes"]["value"] == "Send"
    assert "value" not in describe(page, "#y")["attributes"]
    assert "value" not in describe(page, "#z")["attributes"]


def test_canvas_says_where_it_was_clicked(show: Show) -> None:
    attributes = describe(show("<canvas id=x aria-label='Seating plan' width=300 height=300></canvas>"))["attributes"]
    assert attributes["data-wp-place"] == "upper left"
    assert attributes["data-wp-point"] == "12,12"


VALUES = [
    ("<input id=x value='a\u202e b\x07'>", "a b", "text"),
    ("<input id=x type=email value=a@b.example>", "a@b.example", "email"),
    ("<input id=x type=number value=4>", "4", "number"),
    ("<input id=x type=range max=9 value=4>", "4", "number"),
    ("<input id=x type=date value=2026-11-23>", "2026-11-23", "date"),
    ("<input id=x type=url value=https://a.example>", "https://a.example", "url"),
    ("<input id=x type=checkbox value=yes checked>", None, None),
    ("<textarea id=x>one\ntwo</textarea>", "one\ntwo", "text"),
    ("<select id=x><option>One<option value=2 selected>Two words</select>", "Two words", "option"),
    ("<select id=x multiple><option selected>One<option selected label=Deux>Two</select>", "One, Deux", "option"),
    ("<div id=x contenteditable>one<br>two</div>", "one\ntwo", "text"),
    ("<div id=x role=slider aria-valuenow=7 aria-valuetext='7 days'></div>", "7 days", "number"),
    ("<div id=x role=combobox>Admin</div>", "Admin", "option"),
    ("<ul id=x role=listbox><li role=option>A<li role=option aria-selected=true>B</ul>", "B", "option"),
    ("<p id=x>words</p>", None, None),
    ("<input id=x type=password value=CANARY>", None, "password"),
    ("<input id=x name=otp value=CANARY>", None, "secret"),
    ("<div id=x contenteditable data-private>CANARY</div>", None, "secret"),
    ("<select id=x autocomplete=cc-exp-month><option selected>CANARY</select>", None, "secret"),
    ("<div class=rr-mask><div id=x role=combobox>CANARY</div></div>", None, "secret"),
]


@pytest.mark.parametrize(("html", "value", "kind"), VALUES)
def test_value_and_its_kind(show: Show, html: str, value: str | None, kind: str | None) -> None:
    assert value_of(show(html)) == (value, kind)


SECRETS = [html for html, value, kind in VALUES if kind in {"password", "secret"}]


@pytest.mark.parametrize("html", SECRETS)
def test_secret_is_not_read(show: Show, html: str) -> None:
    page = show(f"<label>Secret {html}</label>")
    page.evaluate("""() => {
      const refuse = { configurable: false, get() { throw new Error('read'); } };
      const element = document.getElementById('x');
      const keys = ['value', 'defaultValue', 'selectedOptions', 'innerText', 'textContent', 'innerHTML'];
      for (const key of keys) Object.defineProperty(element, key, refuse);
    }""")
    assert value_of(page)[0] is None
    assert "CANARY" not in str(describe(page))


TAMPERED = [
    "Element.prototype.closest = Element.prototype.matches = () => { throw new Error('mine'); }",
    "Element.prototype.getAttribute = () => 'lie'; Document.prototype.querySelectorAll = () => []",
    "window.JSON = { stringify: () => 'lie' }; Object.prototype.toJSON = () => 'lie'",
    "for (const key of ['map', 'filter', 'find', 'push', 'slice', 'join', 'some', 'includes', Symbol.iterator])"
    " Array.prototype[key] = () => { throw new Error('mine'); }",
    "String.prototype.trim = String.prototype.replace = () => { throw new Error('mine'); }",
    "Array.prototype.extra = 1; Object.prototype.extra = 1",
    "RegExp.prototype.test = () => true; RegExp.prototype.exec = () => null",
    "window.getComputedStyle = () => null; window.CSS = null; window.Map = window.Set = null",
    "Array.from = Object.keys = () => { throw new Error('mine'); }",
    "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('mine'); }",
    "Object.freeze(Array.prototype); Object.freeze(Element.prototype)",
]
ORDINARY = (
    "<h1>Shop</h1><ul><li>Ann <button id=y>Edit</button></li><li>Bob <button id=x class=edit>Edit</button></li></ul>"
)


@pytest.mark.parametrize("script", TAMPERED)
def test_page_that_replaces_built_ins_changes_nothing(show: Show, script: str) -> None:
    page = show(ORDINARY)
    expected = page.evaluate("JSON.stringify(WpTarget.describe(x, {window}))")
    tampered = (
        f"{{ {script} }} const found = WpTarget.describe(x, {{window}}); WpPristine.within(() => JSON.stringify(found))"
    )
    session = page.context.new_cdp_session(page)  # asks without scripts of its own, which the page would break
    seen = session.send("Runtime.evaluate", {"expression": tampered, "returnByValue": True})
    page.goto("about:blank")
    assert seen["result"].get("value") == expected, seen
    assert '"row":"Bob"' in expected


def test_page_keeps_what_it_replaced(show: Show) -> None:
    page = show(ORDINARY)
    page.evaluate("Array.prototype.map = () => 'mine'; delete Array.prototype.flat")
    page.evaluate("WpTarget.describe(x, {window})")
    assert page.evaluate("[[].map(), typeof [].flat]") == ["mine", "undefined"]


HIDDEN_PROPERTIES = """
id attributes getAttribute getAttributeNode parentNode children childNodes matches closest querySelectorAll tagName
localName nodeType getRootNode contains hasAttribute ownerDocument previousSibling lastChild getBoundingClientRect
checkVisibility labels shadowRoot assignedSlot textContent namespaceURI style
"""
CLOBBERED = "".join(f"<input name={name}>" for name in HIDDEN_PROPERTIES.split())


def test_form_whose_fields_hide_its_own_properties(show: Show) -> None:
    page = show(
        "<h1>Shop</h1><img name=querySelectorAll><img name=body><img name=getElementById><img name=defaultView>"
        f"<form id=x aria-label=Order>{CLOBBERED}<label>City <input id=y></label><button id=z>Send</button></form>"
    )
    form, field, button = describe(page), describe(page, "#y"), describe(page, "#z")
    assert (form["tag"], form["role"], form["name"], form["attributes"]["id"]) == ("form", "form", "Order", "x")
    assert (field["name"], field["context"]["section"], field["context"]["heading"]) == ("City", "Order", "Shop")
    assert button["name"] == "Send"
    assert "#z" in button["selectors"]


@pytest.mark.parametrize(
    "html",
    [
        "<button id=x aria-labelledby=y>A</button><b id=y aria-labelledby=x>B</b>",
        "<div id=x aria-owns=x role=button>A</div>",
        "<button id=x>" + "word " * 100_000 + "</button>",
        "<input id=x title='" + "t" * 100_000 + "' name='" + "n" * 100_000 + "'>",
        "<button id=x class='" + "c" * 50_000 + "' data-testid='" + "d" * 50_000 + "'>Go</button>",
        "<button id=x aria-label='\u202eabc\x01\x02\u2066'>\x00\x0b</button>",
        "<p>" + "<span>" * 3_000 + "<button id=x>Go</button>",
        "<my-" + "a" * 300 + " id=x role=button>Go</my>",
        "<a id=x href='" + "a" * 50_000 + "'>Go</a>",
        "<h1>" + "h" * 10_000 + "</h1><fieldset><legend>" + "l" * 10_000 + "</legend><input id=x></fieldset>",
        "<button id=x>\ud83d\ude00 Hi</button>",
        "<button id=x role='" + "r" * 500 + "'>Go</button>",
        "<div style='position:absolute;left:-900000px;top:900000px;width:900000px;height:1px' id=x>Go</div>",
    ],
)  # fmt: skip
def test_server_takes_what_hostile_pages_hold(show: Show, html: str) -> None:
    assert describe(show(html))["tag"]


def test_lone_surrogates_are_left_out(show: Show) -> None:
    page = show("<button id=x>Go</button>")
    page.evaluate("x.textContent = 'Go \\ud83d now'; x.title = '\\udc00'")
    found = describe(page)
    assert found["name"] == "Go now"
    assert found["attributes"]["title"] == ""


def test_element_that_left_the_page_is_still_described(show: Show) -> None:
    page = show("<button id=x>Go</button>")
    found = page.evaluate("() => { const element = x; element.remove(); return WpTarget.describe(element, {window}); }")
    assert (found["tag"], found["name"]) == ("button", "Go")


def test_files_may_run_twice(page: Page) -> None:
    from tests.browser.recorder.core import script

    page.goto("about:blank")
    page.evaluate(f"() => {{ {script()} {script()} }}")
