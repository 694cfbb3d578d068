"""Secrets taken out of a recorded step before anything is stored, whatever the client sent."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from app.core.addresses import clean_address, is_address, may_hold_more
from app.core.secrets_in_text import HIDDEN, mask, suspicious
from app.labeling.rules.secret_fields import Secret, by_markup, secret_of
from app.workflows.content import Action, Context, Page, StepContent, Target

Model = TypeVar("Model", StepContent, Target, Page, Context)

_ADDRESS_ATTRIBUTES = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "data",
        "cite",
        "poster",
        "ping",
        "background",
        "xlink:href",
        "srcset",
        "data-href",
    }
    | {"data-url", "data-src", "data-action"}
)
_CONTENT_TAGS = frozenset({"input", "textarea"})
_PART_OF_ADDRESS = re.compile(r"[/?@]|#[\w-]*=")
_SHORTEST_ECHO = 4
"""A shorter value would be found by chance in other texts of the step."""
_SHORTEST_PIECE = 10
_KEPT_WHOLE = frozenset({"type", "autocomplete", "role", "name", "id", "for", "inputmode"})
"""Attributes that say what a field is, never what is in it."""


def mask_text(text: str, echoes: Sequence[str] = ()) -> tuple[str, list[str]]:
    """A workflow's name or description without the secrets that are known or can be told by their shape, and their
    kinds."""
    return mask(_without(echoes, text))


def secret_values(steps: Sequence[StepContent]) -> list[str]:
    """What was entered in secret fields, the longest first: pages show it again in other steps.

    Not a bad password such as `admin`: every word of the page that is the same would go with it.
    """
    values = {
        step.value
        for step in steps
        if step.value and len(step.value) >= _SHORTEST_ECHO and not _is_key(step) and not _is_a_word(step.value)
        if secret_of(step) is not None or _is_declared_secret(step)
    }
    return sorted(values.union(*(_hidden_pieces(step.value) for step in steps if step.value)), key=len, reverse=True)


def _is_a_word(value: str) -> bool:
    return value.isalpha() and len(value) < _SHORTEST_PIECE


def _hidden_pieces(value: str) -> list[str]:
    """Words of a value that its shape gave away, such as the lines of a key: a page may show one alone."""
    masked, kinds = mask(value)
    return [word for word in value.split() if len(word) >= _SHORTEST_PIECE and word not in masked] if kinds else []


def mask_step(step: StepContent, echoes: Sequence[str] = ()) -> tuple[StepContent, list[str]]:
    """The step without secrets (the same object if there were none), and the kinds of what was taken out.

    `echoes`: the recording's `secret_values`.
    """
    secret = secret_of(step)
    if secret is None and not _needs_a_closer_look(step) and not _echoed(step, echoes):
        return step, []
    return _Masking(step, secret, echoes).result()


def _echoed(step: StepContent, echoes: Sequence[str]) -> bool:
    if not echoes:
        return False
    texts = [step.value, step.page.title, step.page.url, *(_texts_of(step.target) if step.target else ())]
    together = "\n".join(filter(None, texts))
    return any(echo in together for echo in echoes)


def _without(echoes: Sequence[str], text: str) -> str:
    for echo in echoes:
        text = text.replace(echo, HIDDEN)
    return text


def _needs_a_closer_look(step: StepContent) -> bool:
    """One look at all the texts together: nearly every step passes here and is done."""
    page, target = step.page, step.target
    texts = [step.value, page.title]
    if page.url and may_hold_more(page.url):
        return True
    if target is not None:
        attributes = target.attributes
        if target.frame or _is_hidden(target) or by_markup(target):
            return True
        for key in _ADDRESS_ATTRIBUTES & attributes.keys():
            if (address := attributes[key]) and may_hold_more(address):
                return True
        texts += _texts_of(target)
    together = "\n".join(filter(None, texts))
    return _holds_address(together, target) or suspicious(f"{together}\n{page.url}")


def _holds_address(together: str, target: Target | None) -> bool:
    """Whether an address stands where none is expected: those of links and pictures were already looked at."""
    found = together.count("://")
    if found and target is not None:
        found -= sum("://" in (target.attributes[key] or "") for key in _ADDRESS_ATTRIBUTES & target.attributes.keys())
    return found > 0


def _texts_of(target: Target) -> Iterator[str | None]:
    yield target.tag
    yield target.role
    yield target.name
    yield target.text
    yield from target.context.__dict__.values()
    for key, value in target.attributes.items():
        yield f"{key}={value}" if value else key
    for selector in target.selectors:
        if isinstance(selector, str):
            yield selector
        else:
            yield from selector


class _Masking:
    """One step being masked: every text goes through `text` or `address`, which note what they find."""

    def __init__(self, step: StepContent, secret: Secret | None, echoes: Sequence[str]) -> None:
        self.step = step
        self.echoes = echoes
        self.secret = secret
        self.kinds: list[str] = []
        self.echo = step.value if secret and step.value and len(step.value) >= _SHORTEST_ECHO else None

    def result(self) -> tuple[StepContent, list[str]]:
        step = self.step
        update: dict[str, Any] = {"page": self._page(step.page)}
        if step.target is not None:
            update["target"] = self._target(step.target)
        update |= self._value()
        return _with(step, update), self.kinds

    def found(self, kind: str) -> None:
        if kind not in self.kinds:
            self.kinds.append(kind)

    def text(self, text: str) -> str:
        if self.echo and self.echo in text:
            text = text.replace(self.echo, HIDDEN)
        return self.by_shape(_without(self.echoes, text))

    def word(self, text: str) -> str:
        """For words of the page's own language (`password`), which a bad password may equal."""
        known = [echo for echo in (self.echo, *self.echoes) if echo and not echo.isalpha()]
        return self.by_shape(_without(known, text))

    def by_shape(self, text: str) -> str:
        masked, kinds = mask(text)
        for kind in kinds:
            self.found(kind)
        return masked

    def address(self, address: str) -> str:
        return self.text(clean_address(address))

    def _value(self) -> dict[str, Any]:
        step = self.step
        if self.secret is not None:
            if step.value is not None and not _is_key(step):
                self.found(self.secret.words)
                return {"value": None, "value_kind": self.secret.kind}
            return {} if step.action is Action.PRESS else {"value_kind": self.secret.kind}
        if step.value is None:
            return {}
        if _is_declared_secret(step):
            self.found("password")
            return {"value": None}
        if step.value_kind == "url" or (step.action is Action.NAVIGATE and "//" in step.value):
            return {"value": self.address(step.value)}
        return {"value": self.text(step.value)}

    def _page(self, page: Page) -> Page:
        return _with(page, {"url": page.url and self.address(page.url), "title": page.title and self.text(page.title)})

    def _target(self, target: Target) -> Target:
        hides = self.secret is not None or _is_declared_secret(self.step)
        hidden_content = hides and (target.tag or "").lower() in _CONTENT_TAGS
        return _with(
            target,
            {
                "tag": target.tag and self.word(target.tag),
                "role": target.role and self.word(target.role),
                "name": target.name and self.text(target.name),
                "text": None if hidden_content else target.text and self.text(target.text),
                "attributes": self._attributes(target.attributes, hides=hides),
                "selectors": _each(self.text, target.selectors),
                "context": self._context(target.context),
                "frame": [self._way(way) if isinstance(way, str) else way for way in target.frame],
            },
        )

    def _way(self, way: str) -> str:
        """To a frame: its address, or a selector, in which `#` begins no fragment."""
        return self.address(way) if is_address(way) or _PART_OF_ADDRESS.search(way) else self.text(way)

    def _context(self, context: Context) -> Context:
        return _with(context, {key: value and self.text(value) for key, value in context.__dict__.items()})

    def _attributes(self, attributes: dict[str, str | None], *, hides: bool) -> dict[str, str | None]:
        kept: dict[str, str | None] = {}
        for key, value in attributes.items():
            if (hides and key.lower() in _VALUES) or self.word(key) != key:
                continue
            kept[key] = value and self._attribute(key, value)
        return kept

    def _attribute(self, key: str, value: str) -> str:
        if key.lower() in _KEPT_WHOLE:
            return self.word(value)
        if key.lower() in _ADDRESS_ATTRIBUTES or "://" in value.partition(" ")[0]:
            return self.address(value)
        masked = self.text(value)
        named = self.text(f"{key}={masked}")
        return named[len(key) + 1 :] if named.startswith(f"{key}=") else HIDDEN


_VALUES = frozenset({"value", "data-wp-option"})
"""What holds what was entered or chosen."""


def _is_declared_secret(step: StepContent) -> bool:
    """The page itself says that the field is secret or hidden, whatever was done to it."""
    target = step.target
    return target is not None and not _is_key(step) and (_is_hidden(target) or by_markup(target) is not None)


def _is_hidden(target: Target) -> bool:
    return (target.attributes.get("type") or "").lower() == "hidden"


def _is_key(step: StepContent) -> bool:
    """Enter and Tab in a password field give nothing away; single letters spell the password."""
    return step.action is Action.PRESS and step.value is not None and len(step.value) > 1


def _each(change: Callable[[str], str], selectors: list[str | list[str]]) -> list[str | list[str]]:
    return [change(one) if isinstance(one, str) else [change(part) for part in one] for one in selectors]


def _with(model: Model, update: dict[str, Any]) -> Model:
    """The model itself if nothing changes."""
    changed = {key: value for key, value in update.items() if getattr(model, key) != value}
    return model.model_copy(update=changed) if changed else model
