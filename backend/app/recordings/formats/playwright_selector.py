"""Playwright's selectors, `internal:role=button[name="Save"i] >> nth=1`, taken apart."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_ENGINE = re.compile(r"(?P<engine>[a-zA-Z_0-9:+*-]+)=", re.ASCII)
_QUOTES = "\"'`"
_TOKEN = re.compile(r"\\.|>>|.", re.DOTALL)
_QUOTED = re.compile(r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)')[isIS]?$""", re.DOTALL)
_ROLE = re.compile(r"[a-z]+")
_ATTRIBUTE = re.compile(
    r"""\[(?P<key>[a-zA-Z][\w-]{0,99})="""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|/(?P<pattern>(?:[^/\\]|\\.)*)/[a-z]*|(?P<bare>[\w.+-]*))"""
    r"""\s?[isIS]?\]""",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?P<source>.*)/[dgimsuvy]*", re.DOTALL)
_OF_A_PATTERN = re.compile(r"(?<!\\)[.*+?()\[\]{}|]|\\[a-zA-Z]")
_KINDS = {
    "internal:role": "role",
    "role": "role",
    "internal:label": "label",
    "internal:text": "text",
    "text": "text",
    "internal:has-text": "has-text",
    "internal:attr": "attribute",
    "internal:testid": "attribute",
    "internal:control": "frame",
    "css": "css",
    "xpath": "xpath",
    **dict.fromkeys(("id", "data-testid", "data-test-id", "data-test"), "attribute"),
}
_MOST_PARTS = 50
_MOST_NESTED = 50


class Part(NamedTuple):
    """One link of the chain.

    `kind`: role, label, text, has-text, attribute, css, xpath, frame (what stands before leads to one), other.
    """

    kind: str
    text: str | None = None
    attributes: dict[str, str] = {}  # noqa: RUF012 - never changed
    """Of an element, or what a role is asked for (`name`, `checked`)."""
    raw: str = ""


def parts_of_selector(selector: str) -> list[Part]:
    """The links of the chain, outermost first."""
    return [_part(raw) for raw in _split(selector)[:_MOST_PARTS]]


def _split(selector: str) -> list[str]:
    """At each `>>` that stands in no quotes."""
    found: list[str] = []
    current: list[str] = []
    quote = ""
    for sign in _TOKEN.findall(selector):
        if sign == ">>" and not quote:
            found.append("".join(current).strip())
            current = []
            continue
        if sign == quote:
            quote = ""
        elif not quote and sign in _QUOTES and not _is_bare_text(current):
            quote = sign
        current.append(sign)
    return [*found, "".join(current).strip()]


def _is_bare_text(current: list[str]) -> bool:
    """`text=It's here`: a quote that stands within unquoted words is one of the words."""
    begun = "".join(current[:8]).lstrip()
    return begun.startswith("text=") and len("".join(current).strip()) > len("text=")


def _part(raw: str) -> Part:
    match = _ENGINE.match(raw)
    engine, body = (match["engine"].lstrip("*"), raw[match.end() :]) if match else _by_looks(raw)
    kind, text, attributes = _KINDS.get(engine, "other"), None, {}
    if kind == "role":
        role = _ROLE.match(body)
        text, attributes = role[0] if role else None, _attributes(body)
    elif kind == "attribute":
        attributes = _attributes(body) if engine.startswith("internal:") else {engine: body.strip("\"'")}
    elif kind == "frame" and body != "enter-frame":
        kind = "other"
    else:
        text = body if kind in ("css", "xpath") else words(body)
    return Part(kind, text, attributes, raw)


def _by_looks(raw: str) -> tuple[str, str]:
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        return "text", raw
    return ("xpath" if raw.lstrip("(").startswith(("//", "..")) else "css"), raw


def _attributes(body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(body):
        quoted = match["double"] if match["double"] is not None else match["single"]
        if match["pattern"] is not None:
            value = _of_pattern(match["pattern"])
        else:
            value = _unescaped(quoted) if quoted is not None else match["bare"]
        if value is not None and len(found) < _MOST_PARTS:
            found.setdefault(match["key"], value)
    return found


def words(body: str) -> str | None:
    """What `"Save"i`, `Save` or `/Save/i` looks for; None for a pattern that is no plain text."""
    if match := _QUOTED.match(body.strip()):
        return _unescaped(match["double"] if match["double"] is not None else match["single"])
    if match := _PATTERN.fullmatch(body.strip()):
        return _of_pattern(match["source"])
    return body.strip() or None


def _of_pattern(source: str) -> str | None:
    plain = source.removeprefix("^").removesuffix("$")
    return None if _OF_A_PATTERN.search(plain) else _unescaped(plain) or None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


_LOCATORS = {"role": "role", "label": "label", "text": "text", "has-text": "has-text"}
_LOCATOR_ATTRIBUTES = {"test-id": "data-testid", "placeholder": "placeholder", "alt": "alt", "title": "title"}


def parts_of_locator(locator: Any) -> list[Part]:
    """The same of the object `{"kind": "role", "body": "button", "options": {"name": "Save"}, "next": …}`."""
    return [part for one in _chain(locator) for part in _parts_of_link(one)]


def _chain(locator: Any) -> Iterator[dict[str, Any]]:
    for _ in range(_MOST_NESTED):
        if not isinstance(locator, dict):
            return
        yield locator
        locator = locator.get("next")


def _parts_of_link(one: dict[str, Any]) -> list[Part]:
    kind, body, options = one.get("kind"), one.get("body"), one.get("options")
    if not isinstance(kind, str) or not isinstance(body, str):
        return []
    if kind == "default":
        return parts_of_selector(body)
    if kind in ("frame", "frame-locator"):
        return [*(parts_of_selector(body) if body else ()), Part("frame")]
    if kind in _LOCATOR_ATTRIBUTES:
        return [Part("attribute", None, {_LOCATOR_ATTRIBUTES[kind]: body})]
    name = options.get("name") if kind == "role" and isinstance(options, dict) else None
    return [Part(_LOCATORS.get(kind, "other"), body, {"name": name} if isinstance(name, str) else {})]
