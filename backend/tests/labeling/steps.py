"""Steps for tests: a short way to write one, and Hypothesis strategies for any that the API would take."""

import re
from typing import Any

from hypothesis import strategies as st

from app.workflows.content import CLEAN, Action, Box, Context, Page, StepContent, Target, Viewport

_CONTEXT = frozenset(Context.model_fields)
_TARGET = frozenset(Target.model_fields)


def step(action: str, name: str | None = None, *, page: str | None = "Contacts", **facts: Any) -> StepContent:
    """A step from the few facts that matter: fields of the target, of its context and of the step, side by side."""
    url = facts.pop("url", None)
    context = Context(**{key: facts.pop(key) for key in _CONTEXT & facts.keys()})
    element = {key: facts.pop(key) for key in _TARGET & facts.keys()}
    target = None
    if name is not None or element or context != Context():
        target = Target(name=name, context=context, **element)
    window = Viewport(width=1280, height=720)
    return StepContent(action=Action(action), target=target, page=Page(title=page, url=url, viewport=window), **facts)


_NASTY = (
    "", " ", "Save", "Inbox (3)", "Email *:", "Password", "PIN", "API key", "Click here",
    "https://x.example/a?b=c#d", "www.a.b",
    "<b>Bold</b>", "//div[@id='x']", "#main > div:nth-child(2)", "aria/Save", "text/Save", 'say "hi"',
    "“curly” quotes", "a.b. C",
    "What? Really! Yes. No", "\tline\nother line\r\n", "\u200bzero\u00adwidth\u200f", "日本語の名前です", "ملف",
    "👍", "×", "…", "first-name",
    ":r1:", "550e8400-e29b-41d4-a716-446655440000", "word " * 40, "x" * 400, "a, b, c", "javascript:alert(1)",
    "{{ name }}", "&nbsp;",
    "4111 1111 1111 1111", "password: hunter22", "ada@example.com", "+49 30 1234567", "screenshot", "div > span",
    "120, 45", "CAPS ONLY",
    "button", "Save button", "Role dropdown", "The page", "e.g. this", "*", "(3)", "\ue000",
    "DE89 3704 0044 0532 0130 00", "::before",
    "Ctrl+S", "Enter", "a+b+c+d+e", "on", "off", "the text", "a value", "Bearer abcdefghijkl0123456789",
    "[card number]", "•••", "É", "ß",
)  # fmt: skip

_CLEAN = re.compile(CLEAN)
_any = st.text(max_size=80).filter(lambda text: _CLEAN.fullmatch(text) is not None)
texts = st.one_of(st.sampled_from(_NASTY), st.lists(st.sampled_from(_NASTY), max_size=3).map(" ".join), _any)
maybe = st.none() | texts
names = maybe.map(lambda text: text and text[:100])
shorts = maybe.map(lambda text: text and text[:500])

_TAGS = st.sampled_from(
    [None, "a", "button", "input", "select", "textarea", "div", "span", "li", "svg", "summary", "form", "tr", "th",
     "option", "x-y"]
)  # fmt: skip
_ROLES = st.sampled_from(
    [None, "button", "link", "textbox", "combobox", "option", "radio", "checkbox", "switch", "tab", "menu",
    "menuitem", "slider",
     "row", "columnheader", "listbox", "img", "form", "search", "BUTTON link"]
)  # fmt: skip
_attributes = st.dictionaries(
    st.sampled_from(
        ["id", "name", "type", "value", "aria-label", "alt", "title", "placeholder", "autocomplete", "href", "role",
         "aria-haspopup", "contenteditable", "data-testid", "class", "data-token"]
    ),
    texts | st.sampled_from(["password", "hidden", "email", "tel", "submit", "checkbox", "radio", "file", "range",
    "true",
                             "cc-number", "one-time-code", "new-password", "given-name", "menu", "listbox"]),
    max_size=5,
)  # fmt: skip
_number = st.integers(-100, 3000)
_boxes = st.builds(Box, x=_number, y=_number, width=st.integers(0, 900), height=st.integers(0, 900))
contexts = st.builds(Context, **dict.fromkeys(sorted(_CONTEXT), shorts))
targets = st.builds(
    Target,
    tag=_TAGS | names,
    role=_ROLES | names,
    name=shorts,
    text=maybe,
    attributes=_attributes,
    selectors=st.lists(texts | st.lists(texts, max_size=3), max_size=4),
    box=st.none() | _boxes,
    context=contexts,
    frame=st.lists(st.integers(0, 3) | texts, max_size=2),
)
_viewports = st.builds(Viewport, width=st.integers(1, 2000), height=st.integers(1, 2000))
pages = st.builds(
    Page, url=maybe, title=shorts, viewport=st.none() | _viewports
)  # fmt: skip
steps = st.builds(
    StepContent,
    action=st.sampled_from(Action),
    target=st.none() | targets,
    value=maybe,
    value_kind=st.sampled_from(
        [None, "text", "email", "number", "date", "password", "secret", "file", "option", "url"]
    ),
    page=pages,
)  # fmt: skip
