"""Steps as a recorder sends them, in few words."""

from typing import Any

from app.workflows.content import Action, Context, Page, StepContent, Target

OF_TARGET = ("role", "selectors", "attributes", "box")
CONTACTS = "https://crm.example/contacts"


def recorded(action: str = "click", name: str | None = None, **given: Any) -> StepContent:
    """A step at a button `name`. `given`: `role`, `selectors`, `attributes`, what is around it, `url`, `value`, …"""
    around: dict[str, Any] = {field: given.pop(field) for field in Context.model_fields if field in given}
    of_target: dict[str, Any] = {
        field: given.pop(field) for field in ("role", "selectors", "attributes", "box") if field in given
    }
    page = Page(url=given.pop("url", CONTACTS), title=given.pop("title", "Contacts"))
    target = None
    if action not in {"navigate", "press"}:
        of_target = {"role": "button", "tag": "button"} | of_target
        target = Target(name=name, context=Context(**around), **of_target)
    return StepContent(action=Action(action), target=target, page=page, **given)
