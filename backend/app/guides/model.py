"""A guide: what every export and the web page are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.secrets_in_text import mask
from app.guides.words import Words, split
from app.labeling.rules.pages import Pages
from app.workflows import steps as workflow_steps
from app.workflows.content import SECRET_KINDS, Action, Box, NoteKind, StepContent, Viewport
from app.workflows.models import LabelSource, Workflow
from app.workflows.steps import StepView


@dataclass(frozen=True, slots=True)
class GuideImage:
    """A step's picture, and where in it the element is: `box` in CSS pixels of `viewport`."""

    screenshot_id: str
    box: Box | None
    viewport: Viewport | None


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step to read. All texts are plain text without secrets; whoever writes them somewhere escapes them."""

    id: int
    number: int | None
    """Counted from 1 without the notes; None for a note, unless it is a `step`."""
    instruction: str
    words: tuple[Words, ...]
    """The instruction in parts, the names of controls apart."""
    field_label: str | None
    heading: str | None
    """The page's name, where it is another than at the step before."""
    image: GuideImage | None
    confidence: float | None
    source: LabelSource | None
    note_kind: NoteKind | None = None
    """What a person added by hand; `step` is counted like a recorded one. None: recorded, or a plain note."""

    @property
    def is_note(self) -> bool:
        return self.number is None


@dataclass(frozen=True, slots=True)
class Guide:
    """A workflow as it is read."""

    title: str
    description: str | None
    starting_url: str | None
    """As recorded: only an address with http or https may become a link."""
    language: str | None
    steps: tuple[GuideStep, ...]


_BY_PEOPLE = (LabelSource.HUMAN, None)
"""Of a label; a note has none."""


def build(workflow: Workflow, views: Sequence[StepView]) -> Guide:
    """The guide of a workflow out of its steps in their order."""
    contents = [workflow_steps.content(view.step) for view in views]
    names = _page_names(contents)
    sections = any(view.step.heading for view in views)
    built: list[GuideStep] = []
    number = 0
    previous = ""
    for view, content, page_name in zip(views, contents, names, strict=True):
        is_note = content.action is Action.NOTE and content.note_kind != "step"
        number += not is_note
        heading = page_name if page_name != previous else None
        if sections:
            heading = view.step.heading
        previous = page_name
        built.append(_step(view, content, None if is_note else number, heading))
    return Guide(
        title=without_secrets(workflow.name),
        description=without_secrets(workflow.description) if workflow.description else None,
        starting_url=without_secrets(workflow.starting_url) if workflow.starting_url else None,
        language=workflow.language,
        steps=tuple(built),
    )


def without_secrets(text: str) -> str:
    """The text with everything masked that has the form of a secret, should it have been missed on its way in."""
    return mask(text)[0]


def _step(view: StepView, content: StepContent, number: int | None, heading: str | None) -> GuideStep:
    label = view.label
    value = None if content.value_kind in SECRET_KINDS else content.value
    if label:
        instruction = without_secrets(label.instruction)
    elif content.action is Action.NOTE:
        instruction = without_secrets(value or "")
    else:
        instruction = content.action.replace("_", " ").capitalize()
    field_label = without_secrets(label.field_label) if label else None
    source = LabelSource(label.source) if label else None
    image = None
    if content.screenshot_id:
        image = GuideImage(content.screenshot_id, content.target.box if content.target else None, content.page.viewport)
    return GuideStep(
        id=view.step.id,
        number=number,
        instruction=instruction,
        words=split(instruction, name=field_label, value=value, rich=source in _BY_PEOPLE),
        field_label=field_label,
        heading=without_secrets(heading) if heading else None,
        image=image,
        confidence=label.confidence if label else None,
        source=source,
        note_kind=content.note_kind,
    )


def _page_names(contents: Sequence[StepContent]) -> list[str]:
    """Each step's page by name; that of the step before if nothing is known of it or only its title is missing."""
    pages = Pages(contents)
    names: list[str] = []
    name, address = "", ""
    for content in contents:
        page = content.page
        here = (page.url or "").partition("#")[0]
        if page.title or (here and here != address):
            name = pages.title(page) or pages.by_address(page)[0]
        address = here or address
        names.append(name)
    return names
