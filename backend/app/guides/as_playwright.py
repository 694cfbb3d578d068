"""A guide as a test script for Playwright (TypeScript, `@playwright/test`), to be run as it is or built upon.

Elements are found as people find them: by role and name, by label, by placeholder; else by the recorded selectors.
Every recorded text becomes a literal of JSON, which is one of JavaScript, too, or stands in a comment on one line.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.guides import inputs
from app.guides.export import Source
from app.guides.inputs import Input, Inputs
from app.guides.locators import drag_of, locator, page_of, point_on
from app.guides.model import Guide, GuideStep
from app.guides.tabs import FIRST, Tab, tabs
from app.labeling.rules.keys import is_middle_click, keys_held
from app.workflows.content import Action, Target

_CLICKS = {
    Action.CLICK: "click()",
    Action.DOUBLE_CLICK: "dblclick()",
    Action.RIGHT_CLICK: "click({ button: 'right' })",
    Action.CHECK: "check()",
    Action.UNCHECK: "uncheck()",
    Action.TOGGLE: "click()",
    Action.HOVER: "hover()",
    Action.SCROLL: "scrollIntoViewIfNeeded()",
    Action.COPY: "press('ControlOrMeta+C')",
    Action.PASTE: "press('ControlOrMeta+V')",
}
_YES = "  page.context().on('dialog', (dialog) => dialog.accept());"
_WAYS = {"down": (0, 400), "up": (0, -400), "right": (400, 0), "left": (-400, 0)}
"""How far the wheel is turned at a time until what is used next is there."""
_KEYS = {"Ctrl": "Control", "Cmd": "Meta", "Esc": "Escape", "Space": " ", "Option": "Alt"}


def render(source: Source) -> str:
    """The text of the `.spec.ts`."""
    guide = source.guide
    given = inputs.of(guide)
    lines = [f"// {_line(guide.title)}", *_about(guide), "import { test } from '@playwright/test';", ""]
    if given.all:
        lines += ["// Each can be set by the environment variable of the same name in capitals.", "const inputs = {"]
        lines += [f"  {each.name}: {_value(each)},{' // secret: never recorded' * each.secret}" for each in given.all]
        lines += ["};", ""]
    lines += _viewport(guide)
    lines.append(f"test({literal(guide.title)}, async ({{ page }}) => {{")
    lines += ["  // What the browser itself asks (confirm, prompt) is answered with yes.", _YES, ""]
    lines += [f"  {line}" if line else "" for line in _body(guide, given)]
    return "\n".join([*lines, "});", ""])


def literal(text: str) -> str:
    """A string of JavaScript."""
    return json.dumps(text)


def _line(text: str) -> str:
    """On one line: whatever ends a line in JavaScript ends a word here."""
    return " ".join(text.split())


def _about(guide: Guide) -> list[str]:
    text = _line(guide.description or "")
    return [f"// {text}"] if text else []


def _value(each: Input) -> str:
    variable = f"process.env.{each.name.upper()}"
    if each.secret or each.example is None:
        return f"{variable} ?? ''"
    return f"{variable} ?? {literal(each.example)}"


def _viewport(guide: Guide) -> list[str]:
    sizes = (step.recorded.page.viewport for step in guide.steps)
    size = next((size for size in sizes if size), None)
    return [f"test.use({{ viewport: {{ width: {size.width}, height: {size.height} }} }});", ""] if size else []


@dataclass(frozen=True, slots=True)
class _Known:
    """What a step's statements are written with: what is entered, and in which tab each step is done."""

    inputs: Inputs
    tabs: Mapping[int, Tab]

    def page(self, step: GuideStep) -> str:
        """The variable."""
        return _page(self.tabs[step.id].number)

    def found(self, step: GuideStep) -> str | None:
        """Where the step's element is, as an expression."""
        target = step.recorded.target
        if target is None:
            return None
        return locator(target, lambda text: _named(self.inputs.within(step, text)), self.page(step))


def _page(tab: int) -> str:
    return "page" if tab == FIRST else f"page{tab}"


def _body(guide: Guide, given: Inputs) -> Iterator[str]:
    first = next((step for step in guide.steps if step.number), None)
    start = guide.starting_url or (first.url if first else None)
    if start and (first is None or first.recorded.action is not Action.NAVIGATE):
        yield f"await page.goto({literal(start)});"
        yield ""
    played = [step for step in guide.steps if step.note_kind is None]
    known = _Known(given, {step.id: tab for step, tab in zip(played, tabs(played), strict=True)})
    for place, step in enumerate(guide.steps):
        if place:
            yield ""
        yield f"// {step.number}. {_line(step.text)}" if step.number else f"// {_line(step.text)}"
        if step.note_kind is None:
            before = guide.steps[place - 1] if place else None
            after = guide.steps[place + 1] if place + 1 < len(guide.steps) else None
            yield from _opening(known.tabs[step.id], known.page(step), _statements(step, before, after, known))


def _opening(tab: Tab, page: str, statements: Iterator[str]) -> Iterator[str]:
    """The last of the statements opens another tab, if one was opened: whoever waits for it has to wait before."""
    *before, last = statements
    yield from before
    if tab.opens is None:
        yield last
        return
    opened, name = f"{page}.context().waitForEvent('page')", _page(tab.opens)
    if last.startswith("await "):
        yield f"const [{name}] = await Promise.all([{opened}, {last.removeprefix('await ').removesuffix(';')}]);"
    else:
        yield from (last, f"const {name} = await {opened};")


def _statements(step: GuideStep, before: GuideStep | None, after: GuideStep | None, known: _Known) -> Iterator[str]:
    content, target, found, page = step.recorded, step.recorded.target, known.found(step), known.page(step)
    if content.action is Action.NAVIGATE and known.tabs[step.id].only_goes_there:
        yield f"await {page}.bringToFront();"
    elif content.action is Action.NAVIGATE and goes_back(before, step):
        yield f"await {page}.goBack();"
    elif content.action is Action.SELECT and _is_made_up(target):
        yield from _choice(step, known)
    elif content.action is Action.SCROLL and content.value in _WAYS:
        yield from _scroll(step, after, known)
    elif found and content.action is Action.INPUT and target and target.role == "slider" and target.tag != "input":
        yield _slide(found, f"inputs.{known.inputs.of_steps[step.id].name}")
    else:
        if found and content.action is Action.COPY:
            yield f"await {found}.selectText();"
        yield _statement(step, known)
        if found and content.action is Action.INPUT and leaves_the_field(after):
            yield f"await {found}.blur();"


def goes_back(before: GuideStep | None, step: GuideStep) -> bool:
    """Whether the page is that of the step before, whose link led away from it. After a button it may be a reload."""
    if before is None or before.recorded.action is not Action.CLICK or not before.recorded.page.url:
        return False
    clicked, there, here = before.recorded.target, before.recorded.page, step.recorded.page
    is_link = clicked is not None and (clicked.role == "link" or clicked.tag == "a")
    return is_link and (there.url, there.title) == (here.url, here.title)


def leaves_the_field(after: GuideStep | None) -> bool:
    """Whether nothing that follows takes the keyboard from it: people click beside it then, and the page notices."""
    return after is None or (after.recorded.action is Action.PRESS and after.recorded.target is None)


def _slide(found: str, wanted: str) -> str:
    """What only looks like a slider is moved by its keys."""
    now = f"await {found}.getAttribute('aria-valuenow')"
    key = f"Number({now}) < Number({wanted}) ? 'ArrowRight' : 'ArrowLeft'"
    return f"for (let turn = 0; turn < 500 && ({now}) !== {wanted}; turn++) await {found}.press({key});"


def _scroll(step: GuideStep, after: GuideStep | None, known: _Known) -> Iterator[str]:
    content, page = step.recorded, known.page(step)
    if pane := known.found(step):
        yield f"await {pane}.hover();"
    turn = f"await {page}.mouse.wheel({', '.join(map(str, _WAYS[content.value or '']))});"
    if wanted := known.found(after) if after and after.note_kind is None else None:
        yield f"while (!(await {wanted}.isVisible())) {{ {turn} await {page}.waitForTimeout(100); }}"
    else:
        yield turn


def _is_made_up(target: Target | None) -> bool:
    """A list to choose from that is no `<select>`, but looks like one."""
    return target is not None and target.tag not in (None, "select")


def _choice(step: GuideStep, known: _Known) -> Iterator[str]:
    """As a person chooses: open it, or type what is looked for, then take the option, or options."""
    target, entered, page = step.recorded.target, known.inputs.of_steps[step.id], known.page(step)
    found = known.found(step)
    if found and target and target.role != "listbox":
        yield f"await {found}.{f'fill(inputs.{entered.name})' if target.tag == 'input' else 'click()'};"
    if target and target.tag != "input" and ", " in (step.recorded.value or ""):
        option = f'await {page}.getByRole("option", {{ name, exact: true }}).click();'
        yield f"for (const name of inputs.{entered.name}.split(', ')) {{ {option} }}"
    else:
        yield f'await {page}.getByRole("option", {{ name: inputs.{entered.name}, exact: true }}).click();'


def _statement(step: GuideStep, known: _Known) -> str:
    content, page = step.recorded, known.page(step)
    if content.action is Action.NAVIGATE:
        return f"await {page}.goto({literal(step.url)});" if step.url else _left_out("no address was recorded")
    if content.action is Action.PRESS:
        return f"await {page}.keyboard.press({literal(key(content.value or 'Enter'))});"
    found = known.found(step)
    if found is None:
        return _left_out("no element was recorded")
    entered = known.inputs.of_steps.get(step.id)
    if content.action is Action.DRAG:
        return _drag_onto(found, page, content.value, entered) if content.value else _drag(found, page, content.target)
    return f"await {found}.{_call(content.action, content.target, content.value, entered)};"


def _drag_onto(found: str, page: str, words: str, entered: Input | None) -> str:
    named = f"inputs.{entered.name}" if entered else literal(words)
    return f"await {found}.dragTo({page}.getByText({named}, {{ exact: true }}));"


def _drag(found: str, page: str, target: Target | None) -> str:
    """Where to has no name: to the same point of the page."""
    if target is None or (way := drag_of(target)) is None:
        return _left_out("where to it was dragged has no name")
    places = ("sourcePosition", way[:2]), ("targetPosition", way[2:])
    positions = ", ".join(f"{name}: {{ x: {x}, y: {y} }}" for name, (x, y) in places)
    return f'await {found}.dragTo({page_of(target, page)}.locator("html"), {{ {positions}, steps: 10 }});'


def _named(pieces: Sequence[str | Input]) -> str:
    """A literal, or a template with the inputs in it."""
    if all(isinstance(piece, str) for piece in pieces):
        return literal("".join(map(str, pieces)))
    return f"`{''.join(_in_template(piece) for piece in pieces)}`"


def _in_template(piece: str | Input) -> str:
    if isinstance(piece, Input):
        return f"${{inputs.{piece.name}}}"
    return literal(piece)[1:-1].replace('\\"', '"').replace("`", "\\`").replace("${", "\\${")


def _call(action: Action, target: Target | None, value: str | None, given: Input | None) -> str:
    if action in _CLICKS and given is None:
        is_unseen = action is Action.CLICK and target is not None and target.tag == "area"
        return "dispatchEvent('click')" if is_unseen else _at(target, _CLICKS[action])
    entered = f"inputs.{given.name}" if given else literal(value or "")
    if action is Action.UPLOAD:
        return f"setInputFiles({entered}.split(', '))" if ", " in (value or "") else f"setInputFiles({entered})"
    if action is Action.SUBMIT:
        return _submit(target)
    return _fill(action, target, entered)


def _fill(action: Action, target: Target | None, entered: str) -> str:
    attributes = target.attributes if target else {}
    if action is Action.SELECT and "multiple" in attributes:
        return f"selectOption({entered}.split(', ').map((label) => ({{ label }})))"
    if action is Action.SELECT:
        return f"selectOption({{ label: {entered} }})"
    if attributes.get("autocomplete") == "one-time-code" or _draws_itself(target):
        return f"pressSequentially({entered})"  # there may be a field for each character, or none
    return f"fill({entered})"


def _draws_itself(target: Target | None) -> bool:
    """A code editor that is told what is typed: nothing in it could be filled."""
    return (
        target is not None
        and target.role == "textbox"
        and target.tag not in (None, "input", "textarea")
        and "contenteditable" not in target.attributes
    )


def _at(target: Target | None, call: str) -> str:
    """A click on a picture goes to the same point of it; keys that were held are held."""
    if target is None or "click(" not in call:
        return call
    ways = [f"position: {{ x: {point[0]}, y: {point[1]} }}"] if (point := point_on(target)) else []
    ways += [f"modifiers: {json.dumps(held)}"] if (held := keys_held(target)) else []
    ways += ["button: 'middle'"] if is_middle_click(target) and "button" not in call else []
    options = ", ".join(ways)
    if not options:
        return call
    return call.replace("{ ", f"{{ {options}, ") if "{" in call else call.replace("()", f"({{ {options} }})")


def _submit(target: Target | None) -> str:
    if target and target.tag == "form":
        return "evaluate((form: HTMLFormElement) => form.requestSubmit())"
    pressed = target and (target.role == "button" or target.tag == "button")
    return "click()" if pressed else "press('Enter')"


def key(pressed: str) -> str:
    """`Ctrl+S` → `Control+s`: a capital letter would be one that is typed with Shift."""
    if len(pressed) == 1:
        return pressed
    keys = [_KEYS.get(part, part) for part in pressed.split("+")]
    together = {"Control", "Alt", "Meta"} & set(keys)
    return "+".join(each.lower() if together and len(each) == 1 else each for each in keys)


def _left_out(why: str) -> str:
    return f"// Left out: {why}. Add it by hand."
