"""The verb and its object for what was done to a control: the sentence without its place and full stop."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.labeling.rules.controls import NOT_EDITABLE, Control, part_of_picture
from app.labeling.rules.keys import key_name, keys_held
from app.labeling.rules.names import Evidence, fit
from app.labeling.rules.notes import note_body
from app.labeling.rules.places import Place
from app.labeling.rules.values import quoted
from app.labeling.rules.wording import cut, quote
from app.workflows.content import SECRET_KINDS, Action, StepContent


class Limits(NamedTuple):
    """The most words of each name in a sentence."""

    name: int
    place: int


ROOMY = Limits(10, 5)


@dataclass(slots=True)
class Facts:
    """What is known of one step when its sentence is written."""

    step: StepContent
    control: Control
    name: str
    evidence: Evidence
    click_verb: str
    value: str = ""
    page: str = ""
    by_address: tuple[str, bool] = ("", False)
    tab: str | None = None
    menu: str | None = None
    dropdown: str | None = None
    done_before: bool = False
    """The same was done to the same control before: a click clears what a click had selected."""
    show_kind: bool = False
    glyph: str = ""
    """What a nameless control shows, in words."""
    ordinal: str | None = None
    """Which of the fields without a name it is; empty for the only one, None where nobody counted."""
    place: Place | None = None
    limits: Limits = ROOMY

    @property
    def name_of_page(self) -> str:
        """What the page is called, by its title or else by its address."""
        return self.page or self.by_address[0]


class Phrase(NamedTuple):
    """`full` if the object already holds a preposition, so that a place reads best at the front."""

    verb: str
    object: str
    full: bool = False

    def text(self) -> str:
        """`Click "Save"`."""
        return f"{self.verb} {self.object}" if self.object else self.verb


_ALWAYS_SHOWN = frozenset(
    {
        Control.FIELD, Control.EDITOR, Control.DROPDOWN, Control.LIST, Control.CHECKBOX, Control.TAB, Control.MENU,
        Control.SECTION, Control.SLIDER, Control.ROW, Control.COLUMN, Control.FORM, Control.CANVAS, Control.PICTURE,
        Control.MAP,
    }
)  # fmt: skip
_FIELDS = frozenset({Control.FIELD, Control.EDITOR})
_OPENED = frozenset({Control.TAB, Control.MENU, Control.SECTION, Control.DROPDOWN})
_ON = frozenset({"on", "true", "checked", "1", "yes", "open", "opened", "expanded"})
_OFF = frozenset({"off", "false", "unchecked", "0", "no", "close", "closed", "collapsed"})


def phrase(facts: Facts) -> Phrase:
    """The phrase for the step."""
    made = _BY_ACTION[facts.step.action](facts)
    held = keys_held(facts.step.target) if facts.step.action in _WITH_KEYS else []
    return Phrase(made.verb, f"{made.object} while holding {key_name('+'.join(held))}", full=True) if held else made


_WITH_KEYS = frozenset({Action.CLICK, Action.DOUBLE_CLICK})


def thing(facts: Facts, control: Control | None = None) -> str:
    """The control by its name, with its kind where that adds clarity; a nameless one by its kind alone."""
    control = control or facts.control
    noun = control.value
    if not facts.name and facts.glyph:
        return f"the {facts.glyph}"
    if not facts.name:
        noun = _typed_noun(facts, control)
        if facts.ordinal is not None:
            return f"the {facts.ordinal} {noun}" if facts.ordinal else f"the {noun}"
        return f"the {noun}" if facts.place or control is Control.FORM else f"the unnamed {noun}"
    name = cut(facts.name, words=facts.limits.name)
    if (control in _ALWAYS_SHOWN or facts.show_kind) and not name.lower().endswith(noun):
        return f"the {quote(name)} {noun}"
    return quote(name)


_NOUNS_BY_TYPE = {
    "date": "date field", "datetime-local": "date and time field", "time": "time field", "month": "month field",
    "week": "week field", "search": "search field", "color": "color field",
}  # fmt: skip


def _typed_noun(facts: Facts, control: Control) -> str:
    """A nameless field is told by what it takes, if its type says that."""
    target = facts.step.target
    if control is not Control.FIELD or target is None:
        return control.value
    if target.attributes.get("contenteditable") not in NOT_EDITABLE:
        return Control.EDITOR.value
    return _NOUNS_BY_TYPE.get((target.attributes.get("type") or "").lower(), control.value)


def _into(facts: Facts) -> Control:
    """What was written into is a field, whatever the recorder could tell."""
    return facts.control if facts.control in _FIELDS else Control.FIELD


def _navigate(facts: Facts) -> Phrase:
    name = cut(facts.name_of_page, words=facts.limits.name)
    if not name:
        return Phrase("Go to", "the next page")
    if name.lower().endswith(" page"):
        return Phrase("Go to", quote(name))
    is_site = not facts.page and facts.by_address[1]
    return Phrase("Go to", f"the {quote(name)} {'site' if is_site else 'page'}")


def _click(facts: Facts) -> Phrase:
    control = facts.control
    if control in _OPENED:
        return Phrase("Close" if facts.done_before else "Open", thing(facts))
    if control is Control.MENU_ITEM:
        return _choose(facts)
    if control is Control.OPTION:
        return _pick(facts)
    if control in {Control.CHECKBOX, Control.RADIO}:
        return Phrase("Clear" if facts.done_before else "Select", thing(facts))
    if control is Control.SWITCH:
        return Phrase("Turn", f"{thing(facts)} on or off", full=True)
    return _there(facts.click_verb, facts)


def _choose(facts: Facts) -> Phrase:
    if facts.menu and facts.menu != facts.name:
        return Phrase("Choose", f"{thing(facts)} in {_named(facts.menu, 'menu', facts)}", full=True)
    return Phrase("Choose", thing(facts))


def _pick(facts: Facts) -> Phrase:
    if facts.dropdown and facts.dropdown != facts.name:
        return Phrase("Select", f"{thing(facts)} from {_named(facts.dropdown, 'dropdown', facts)}", full=True)
    return Phrase("Select", thing(facts))


def _named(name: str, noun: str, facts: Facts) -> str:
    name = cut(name, words=facts.limits.place)
    return quote(name) if name.lower().endswith(noun) else f"the {quote(name)} {noun}"


def _verb_only(verb: str) -> Callable[[Facts], Phrase]:
    return lambda facts: _there(verb, facts)


def _there(verb: str, facts: Facts) -> Phrase:
    """On a picture, which has no controls to name, where on it."""
    part = part_of_picture(facts.step.target) if facts.step.target else ""
    if not part:
        return Phrase(verb, thing(facts))
    picture = thing(facts) if facts.name else f"the {facts.control.value}"
    return Phrase(verb, f"the {part} of {picture}", full=True)


def _input(facts: Facts) -> Phrase:
    control = facts.control
    if control is Control.FILE:
        return _upload(facts)
    if control is Control.SLIDER:
        return Phrase("Set", f"{thing(facts)} to {facts.value or 'a new value'}", full=True)
    if control in {Control.CHECKBOX, Control.RADIO, Control.SWITCH}:
        return _set_state(facts, on=_state(facts) is not False)
    if control is Control.LIST or (control is Control.DROPDOWN and facts.step.value_kind == "option"):
        return _select(facts)
    if not facts.value:
        return Phrase("Clear", thing(facts, _into(facts)))
    return Phrase("Enter", f"{facts.value} in {thing(facts, _into(facts))}", full=True)


def _select(facts: Facts) -> Phrase:
    if facts.control is Control.OPTION or facts.control is Control.RADIO:
        return _pick(facts)
    if facts.control in {Control.CHECKBOX, Control.SWITCH}:
        return _set_state(facts, on=_state(facts) is not False)
    kind = Control.LIST if facts.control is Control.LIST else Control.DROPDOWN
    value = "an option" if facts.value in {"", "a value", "the text"} else facts.value
    return Phrase("Select", f"{value} from {thing(facts, kind)}", full=True)


def _state(facts: Facts) -> bool | None:
    value = (facts.step.value or "").strip().lower()
    return True if value in _ON else False if value in _OFF else None


def _set_state(facts: Facts, *, on: bool) -> Phrase:
    if facts.control is Control.SWITCH:
        return Phrase("Turn on" if on else "Turn off", thing(facts))
    verb = "Select" if on else "Clear"
    if facts.control in {Control.RADIO, Control.OPTION, Control.MENU_ITEM}:
        return Phrase(verb, thing(facts))
    return Phrase(verb, thing(facts, Control.CHECKBOX))


def _toggle(facts: Facts) -> Phrase:
    state = _state(facts)
    if facts.control in _OPENED:
        closes = state is False or (state is None and facts.done_before)
        return Phrase("Close" if closes else "Open", thing(facts))
    if facts.control in {Control.CHECKBOX, Control.RADIO, Control.OPTION, Control.MENU_ITEM}:
        return _set_state(facts, on=not facts.done_before if state is None else state)
    if state is not None:
        return Phrase("Turn on" if state else "Turn off", thing(facts))
    return Phrase("Turn", f"{thing(facts)} on or off", full=True)


def _submit(facts: Facts) -> Phrase:
    if facts.control in _FIELDS:
        return Phrase("Press", f"Enter in {thing(facts)}", full=True)
    if facts.control in {Control.FORM, Control.OTHER}:
        return Phrase("Submit", thing(facts, Control.FORM))
    return _click(facts)


def _press(facts: Facts) -> Phrase:
    return Phrase("Press", key_name(facts.step.value or "") or "the key")


_DIRECTIONS = {"up": "up", "down": "down", "left": "to the left", "right": "to the right"}


def _scroll(facts: Facts) -> Phrase:
    if facts.name and facts.control is not Control.FORM:
        return Phrase("Scroll to", thing(facts))
    value = (facts.step.value or "").strip().lower()
    if value in {"top", "bottom"}:
        return Phrase("Scroll to", f"the {value} of the page")
    if value in _DIRECTIONS:
        return Phrase("Scroll", _DIRECTIONS[value])
    if facts.page:
        return Phrase(
            "Scroll through", _named(facts.page, "page", replace(facts, limits=Limits(*[facts.limits.name] * 2)))
        )
    return Phrase("Scroll through", "the page")


def _drag(facts: Facts) -> Phrase:
    where = fit(facts.step.value or "", words=facts.limits.place)
    if facts.control is Control.SLIDER and where:
        return Phrase("Drag", f"{thing(facts)} to {quote(where)}", full=True)
    return Phrase("Drag", f"{thing(facts)} to {quote(where) if where else 'its new place'}", full=True)


def _upload(facts: Facts) -> Phrase:
    if not facts.name:
        return Phrase("Upload", f"the file in {thing(facts, Control.FIELD)}", full=True)
    return Phrase("Upload", f"the file in {quote(cut(facts.name, words=facts.limits.name))}", full=True)


def _copy(facts: Facts) -> Phrase:
    if facts.step.value_kind in SECRET_KINDS or (facts.value.startswith("the ") and facts.value != "the text"):
        what = facts.value
    elif facts.name and facts.control in _FIELDS:
        what = "the text"
    else:
        text = quoted(facts.step.value or "")
        if text or not facts.name:
            return Phrase("Copy", text or "the selected text")
        what = "the text"
    if not facts.name:
        return Phrase("Copy", what)
    return Phrase("Copy", f"{what} from {thing(facts)}", full=True)


def _paste(facts: Facts) -> Phrase:
    what = facts.value if facts.value not in {"", "a value", "the text"} else "the copied text"
    if facts.step.target is None:
        return Phrase("Paste", what)
    return Phrase("Paste", f"{what} in {thing(facts, _into(facts))}", full=True)


_BY_ACTION: dict[Action, Callable[[Facts], Phrase]] = {
    Action.NAVIGATE: _navigate,
    Action.CLICK: _click,
    Action.DOUBLE_CLICK: _verb_only("Double-click"),
    Action.RIGHT_CLICK: _verb_only("Right-click"),
    Action.INPUT: _input,
    Action.SELECT: _select,
    Action.CHECK: lambda facts: _set_state(facts, on=True),
    Action.UNCHECK: lambda facts: _set_state(facts, on=False),
    Action.TOGGLE: _toggle,
    Action.SUBMIT: _submit,
    Action.PRESS: _press,
    Action.SCROLL: _scroll,
    Action.HOVER: _verb_only("Point to"),
    Action.DRAG: _drag,
    Action.UPLOAD: _upload,
    Action.COPY: _copy,
    Action.PASTE: _paste,
    Action.NOTE: lambda facts: Phrase(note_body(facts.step.value), ""),
}
