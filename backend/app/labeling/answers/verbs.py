"""Whether a sentence orders what was done: its verb against the action and the control, by the style's table."""

import re
from typing import Literal

from app.labeling.answers.folding import QUOTED, unquoted
from app.labeling.rules.controls import Control, control_of
from app.labeling.style import VERBS, first_word
from app.workflows.content import Action, StepContent

Verdict = Literal["fits", "odd", "contradicts"]

_KINDS = {
    "pointer": "click select choose open close tap pick clear check uncheck deselect turn expand collapse show hide "
    "toggle switch enable disable activate deactivate double-click right-click submit sort confirm accept dismiss",
    "typing": "enter type fill write insert search set edit replace clear add put specify",
    "keys": "press hit",
    "going": "go navigate visit open return browse",
    "dragging": "drag move drop reorder rearrange set adjust resize",
    "uploading": "upload attach select choose add",
    "scrolling": "scroll",
    "pointing": "point hover hold",
    "copying": "copy cut highlight select",
    "pasting": "paste insert enter",
}
_KINDS_OF: dict[str, frozenset[str]] = {
    verb: frozenset(kind for kind, verbs in _KINDS.items() if verb in verbs.split())
    for verbs in _KINDS.values()
    for verb in verbs.split()
}
_ALLOWED = {
    Action.NAVIGATE: "going",
    Action.INPUT: "typing",
    Action.SUBMIT: "pointer keys",
    Action.PRESS: "keys",
    Action.SCROLL: "scrolling",
    Action.HOVER: "pointing",
    Action.DRAG: "dragging",
    Action.UPLOAD: "uploading",
    Action.COPY: "copying",
    Action.PASTE: "pasting typing",
}
"""What kind of thing each action is; all others are the pointer's."""
_ALSO = {
    Control.DROPDOWN: "pointer",
    Control.LIST: "pointer",
    Control.OPTION: "pointer",
    Control.RADIO: "pointer",
    Control.CHECKBOX: "pointer",
    Control.SWITCH: "pointer",
    Control.SLIDER: "dragging",
    Control.FILE: "uploading",
}
"""Writing into such a control is choosing."""
_FITTING = {
    Control.TAB: "open select click",
    Control.SECTION: "open close expand collapse click",
    Control.MENU: "open close click select",
    Control.DROPDOWN: "open close select choose click",
    Control.MENU_ITEM: "choose select click open",
    Control.OPTION: "select choose click clear",
    Control.RADIO: "select choose click",
    Control.CHECKBOX: "select clear check uncheck",
    Control.SWITCH: "turn",
    Control.COLUMN: "click select sort",
}
_FITTING_ACTION = {
    Action.NAVIGATE: "go open",
    Action.DOUBLE_CLICK: "double-click",
    Action.RIGHT_CLICK: "right-click",
    Action.PRESS: "press",
    Action.SCROLL: "scroll",
    Action.HOVER: "point hover",
    Action.DRAG: "drag move set",
    Action.UPLOAD: "upload attach select",
    Action.COPY: "copy",
    Action.PASTE: "paste",
    Action.SUBMIT: "submit press",
}
_OF_BUTTONS = frozenset({"click", "select", "choose", "open", "close", "expand", "collapse", "show", "hide"})
_TYPED = frozenset({"enter", "type", "clear", "set", "search"})
_CHOSEN = frozenset({"select", "choose", "enter", "set", "clear"})
_ON = re.compile(r"(?:select|check|enable|turn on|switch on|activate)\b", re.IGNORECASE)
_OFF = re.compile(r"(?:clear|uncheck|deselect|disable|turn off|switch off|deactivate)\b", re.IGNORECASE)
_MORE_ORDERS = (
    "send share download call contact email pay transfer install run wait delete remove forward reply tell ask post "
    "buy subscribe redirect execute give provide save report log sign email message notify"
)
_SECOND_ORDER = re.compile(
    rf"(?:\b(?:and|then|or|also|before|after)\b|[,;&]|—|–)\s+(?:(?:and|then|also|please|finally|immediately|always|you|must|now)\s+)*"
    rf"(?P<verb>{'|'.join(map(re.escape, sorted({*_KINDS_OF, *_MORE_ORDERS.split()})))})\b(?!\")",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r",? (?:in order )?to (?P<verb>[a-z]+)\b", re.IGNORECASE)
_PLACE_BEFORE = re.compile(r'^[^",]*(?:""[^",]*)?,\s')


def judge(step: StepContent, instruction: str) -> Verdict:
    """Whether the verb fits the table, is merely unusual, or says that something else was done."""
    verb = first_word(instruction)
    control = control_of(step.target) if step.target else Control.OTHER
    if _opposite(step.action, instruction) or _wrong_click(step.action, verb):
        return "contradicts"
    if verb in _fitting(step.action, control):
        return "fits"
    kinds = _KINDS_OF.get(verb, frozenset())
    allowed = _ALLOWED.get(step.action, "pointer").split()
    if step.action in {Action.INPUT, Action.PASTE}:
        allowed += _ALSO.get(control, "").split()
    if step.action is Action.CLICK and control in {Control.FIELD, Control.EDITOR, Control.SLIDER}:
        allowed += ["typing", "dragging"]
    if step.action is Action.NOTE:
        return "fits"
    return "contradicts" if kinds and kinds.isdisjoint(allowed) else "odd"


def orders_more(instruction: str) -> Literal["order", "purpose", None]:
    """Where a second order follows the first one: a step is one thing, though its purpose may be two."""
    bare = _PLACE_BEFORE.sub("", unquoted(instruction).rstrip("."), count=1)
    done, purpose = parted(bare)
    harmless = {"drop"} if first_word(instruction) == "drag" else set()
    if _ordered(done) - harmless:
        return "order"
    return "purpose" if _ordered(purpose) else None


def _ordered(text: str) -> set[str]:
    return {match["verb"].casefold() for match in _SECOND_ORDER.finditer(text)}


def parted(instruction: str) -> tuple[str, str]:
    """The order, and what it is for."""
    masked = QUOTED.sub(lambda match: "x" * len(match[0]), instruction)
    for match in _PURPOSE.finditer(masked):
        if match["verb"].casefold() in VERBS:
            return instruction[: match.start()].rstrip(" ,"), instruction[match.start() :]
    return instruction, ""


def _opposite(action: Action, instruction: str) -> bool:
    if action is Action.CHECK:
        return bool(_OFF.match(instruction))
    return action is Action.UNCHECK and bool(_ON.match(instruction))


def _wrong_click(action: Action, verb: str) -> bool:
    by_verb = {"double-click": Action.DOUBLE_CLICK, "right-click": Action.RIGHT_CLICK}
    return verb in by_verb and by_verb[verb] is not action


def _fitting(action: Action, control: Control) -> frozenset[str]:
    if action in {Action.CHECK, Action.UNCHECK, Action.TOGGLE}:
        return frozenset({"select", "clear", "check", "uncheck", "turn", "open", "close", "expand", "collapse"})
    if action in {Action.INPUT, Action.SELECT}:
        if control is Control.FILE:
            return frozenset({"upload", "attach"})
        chosen = action is Action.SELECT or control in _ALSO
        return (_CHOSEN | {"turn", "drag", "check"}) if chosen else _TYPED
    by_control = frozenset(_FITTING[control].split()) if control in _FITTING else _OF_BUTTONS
    if action in _FITTING_ACTION:
        by_action = frozenset(_FITTING_ACTION[action].split())
        return by_action | by_control if action is Action.SUBMIT else by_action
    return by_control
