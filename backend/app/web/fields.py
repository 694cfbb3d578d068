"""Settings as fields of a form: how each is called, what it takes, and what stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.core.config import Settings
from app.core.preferences import CHOOSABLE
from app.labeling.choices import Choice
from app.web.i18n import gettext as _

LABELLING = ("labeler", "claude_model", "openai_model", "openai_vision", "click_verb", "guide_language")
BUDGET = ("label_budget_usd_per_day", "label_budget_usd_per_month")
RETENTION = ("unused_screenshot_hours", "trash_days", "removed_step_days")
"""Those among them that are choosable are shown."""

Kind = Literal["one_of", "text", "number", "yes_or_no"]


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as a form shows it."""

    name: str
    label: str
    hint: str
    kind: Kind
    given: str
    """As it stands in the form."""
    options: list[tuple[str, str]]
    choice: Choice
    environment: str
    """The environment's value, for people."""


def fields(found: Mapping[str, Choice], given: Mapping[str, str]) -> dict[str, Field]:
    """By name; `given` is what somebody typed that could not be used."""
    return {name: _field(choice, given.get(name)) for name, choice in found.items()}


def parsed(form: Mapping[str, str], present: Settings) -> dict[str, Any]:
    """The values of the form that differ from what holds now."""
    values = {}
    for name in (*LABELLING, *BUDGET, *RETENTION):
        if name not in CHOOSABLE or name not in form:
            continue
        text = form[name].strip()
        if text != _text(getattr(present, name)):
            values[name] = _value(name, text)
    return values


def _value(name: str, text: str) -> Any:
    if text == "" and name in BUDGET:
        return None
    return {"true": True, "false": False}.get(text, text) if name == "openai_vision" else text


def _field(choice: Choice, given: str | None) -> Field:
    label, hint = _words().get(choice.name, (choice.name, ""))
    options = _options().get(choice.name, [])
    named = dict(options)
    environment = _text(choice.environment)
    return Field(
        name=choice.name,
        label=label,
        hint=hint,
        kind=_kind(choice.name),
        given=_text(choice.value) if given is None else given,
        options=options,
        choice=choice,
        environment=named.get(environment, environment) or _nothing(choice.name),
    )


def _kind(name: str) -> Kind:
    if name in {"labeler", "click_verb", "openai_vision"}:
        return "yes_or_no" if name == "openai_vision" else "one_of"
    return "number" if name in (*BUDGET, *RETENTION) else "text"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _nothing(name: str) -> str:
    if name in BUDGET:
        return _("unlimited")
    return {"openai_model": _("the first that the server lists"), "guide_language": _("that of the pages")}.get(
        name, _("nothing")
    )


def _options() -> dict[str, list[tuple[str, str]]]:
    return {
        "labeler": [
            ("auto", _("Claude if there is a key, else the rules")),
            ("rules", _("The rules: no model, nothing leaves this server")),
            ("claude", _("Claude")),
            ("openai", _("A server that speaks OpenAI's protocol")),
        ],
        "click_verb": [("Click", _("Click “Save”.")), ("Select", _("Select “Save”."))],
        "openai_vision": [("false", _("No")), ("true", _("Yes"))],
    }


def _words() -> dict[str, tuple[str, str]]:
    return {
        "labeler": (_("Who names the steps"), _("The rules name them in any case, at once; a model improves on them.")),
        "claude_model": (_("Model of Claude"), ""),
        "openai_model": (_("Model of the other server"), _("Empty: the first that it lists.")),
        "openai_vision": (_("Send pictures to the other server"), _("Its model must be able to see.")),
        "click_verb": (_("How the rules write"), _("The verb for buttons and links.")),
        "guide_language": (
            _("Language of new guides"),
            _(
                "A code such as de or pt-BR, for what a model writes. Empty: the language of the pages. "
                "The rules write English."
            ),
        ),
        "label_budget_usd_per_day": (_("US dollars a day"), _("Empty: unlimited. Days are those of UTC.")),
        "label_budget_usd_per_month": (_("US dollars a month"), _("Empty: unlimited.")),
        "unused_screenshot_hours": (
            _("Hours for which a screenshot is kept that no step shows"),
            _("Uploads that no recording used, and pictures of steps that are gone for good."),
        ),
        "trash_days": (_("Days in the trash"), _("Then a deleted workflow is gone for good.")),
        "removed_step_days": (_("Days for which a deleted step can be brought back"), ""),
    }
