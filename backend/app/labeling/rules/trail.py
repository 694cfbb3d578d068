"""What the steps so far have left open on a page: a menu, a dropdown, a tab, a checkbox that is now selected."""

from dataclasses import dataclass, field

from app.labeling.rules.controls import Control
from app.labeling.rules.phrases import Facts
from app.workflows.content import Action

_MAY_CHOOSE = frozenset({Action.CLICK, Action.CHECK, Action.UNCHECK, Action.TOGGLE, Action.HOVER, Action.PRESS})
_LEAVES_OPEN = frozenset({Action.HOVER, Action.PRESS})
_TWO_STATES = frozenset({Control.CHECKBOX, Control.SECTION})

_Key = tuple[Control, str, str | None]


@dataclass(slots=True)
class Trail:
    """A new page begins with a new trail."""

    page: str
    menu: str | None = None
    dropdown: str | None = None
    tab: str | None = None
    on: set[_Key] = field(default_factory=set)
    typed: str = ""
    """What the step before wrote into a field, in small letters."""

    def follow(self, facts: Facts) -> None:
        """Tells the step what is open before it, then takes over what it opens or closes."""
        clicked = facts.step.action is Action.CLICK
        if clicked and facts.control is Control.OTHER and self.typed and self.typed in facts.name.lower():
            facts.control = Control.OPTION
        self.typed = _typed(facts)
        control = facts.control
        facts.menu, facts.dropdown, facts.tab = self.menu, self.dropdown, self.tab
        self.menu = self._menu_after(facts)
        if control is not Control.OPTION:
            self.dropdown = facts.name if clicked and control is Control.DROPDOWN else None
        if clicked and control is Control.TAB and facts.name:
            self.tab, facts.tab = facts.name, None
        if control in _TWO_STATES:
            self._flip(facts)

    def _menu_after(self, facts: Facts) -> str | None:
        if facts.control is Control.MENU and facts.step.action in _MAY_CHOOSE:
            return facts.name or None
        return self.menu if facts.step.action in _LEAVES_OPEN else None

    def _flip(self, facts: Facts) -> None:
        row = facts.step.target.context.row if facts.step.target else None
        key = (facts.control, facts.name, row)
        facts.done_before = key in self.on
        action = facts.step.action
        if action is Action.CHECK or (not facts.done_before and action is not Action.UNCHECK):
            self.on.add(key)
        else:
            self.on.discard(key)


_SHORTEST_TYPED = 2


def _typed(facts: Facts) -> str:
    """A thing that holds what was just typed is one of the suggestions that came of it."""
    if facts.step.action is not Action.INPUT or not facts.step.value:
        return ""
    value = facts.step.value.strip().lower()
    return value if len(value) >= _SHORTEST_TYPED else ""
