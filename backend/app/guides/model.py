"""A guide: what every export and the web page are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.secrets_in_text import mask, suspicious
from app.guides.words import Words, known, plain, split
from app.labeling.rules.pages import Pages
from app.workflows import steps as workflow_steps
from app.workflows.content import SECRET_KINDS, Action, Box, NoteKind, StepContent, Variable, Viewport
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
    """Counted from 1 without the notes; None for a note, a tip, a warning."""
    note_kind: NoteKind | None
    """What a person added by hand; `step` is counted like a recorded one. None: recorded."""
    instruction: str
    """As it was written, with the signs that mark its parts."""
    words: tuple[Words, ...]
    """The instruction in parts, the names of controls apart."""
    field_label: str | None
    heading: str | None
    """The page's name, where it is another than at the step before."""
    page_name: str
    url: str | None
    """Of the page, as recorded: only an address with http or https may become a link."""
    image: GuideImage | None
    confidence: float | None
    source: LabelSource | None
    recorded: StepContent
    """What was done to what, for agents and test scripts."""

    @property
    def is_note(self) -> bool:
        return self.number is None

    @property
    def text(self) -> str:
        """The instruction as plain text on one line."""
        return " ".join(plain(self.words).split())

    @property
    def alt(self) -> str:
        """What is said in the place of its picture."""
        return f"Step {self.number}: {self.text}" if self.number else self.text


@dataclass(frozen=True, slots=True)
class Section:
    """Steps in a row under one heading; None: there is none before the first step."""

    heading: str | None
    url: str | None
    steps: Sequence[GuideStep]


@dataclass(frozen=True, slots=True)
class Guide:
    """A workflow as it is read."""

    title: str
    description: str | None
    starting_url: str | None
    """As recorded: only an address with http or https may become a link."""
    language: str | None
    variables: tuple[Variable, ...]
    """What a reader fills in: each name once."""
    steps: tuple[GuideStep, ...]

    @property
    def asked(self) -> Mapping[str, str]:
        """What a reader is asked for, by the variables' names."""
        return {variable.name: variable.label for variable in self.variables}

    @property
    def sections(self) -> list[Section]:
        """The steps, parted where a heading stands."""
        sections: list[Section] = []
        steps: list[GuideStep] = []
        for step in self.steps:
            if step.heading or not sections:
                steps = []
                sections.append(Section(step.heading, step.url, steps))
            steps.append(step)
        return sections


_BY_PEOPLE = (LabelSource.HUMAN, None)
"""Of a label; a note has none."""


def build(workflow: Workflow, views: Sequence[StepView]) -> Guide:
    """The guide of a workflow out of its steps in their order."""
    contents = [recorded(view) for view in views]
    variables = tuple(Variable.model_validate(each | _masked_texts(each)) for each in workflow.variables or ())
    names_of_variables = {variable.name for variable in variables}
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
        built.append(
            _step(
                view,
                content,
                number=None if is_note else number,
                heading=heading,
                page_name=page_name,
                variables=names_of_variables,
            )
        )
    return Guide(
        title=without_secrets(workflow.name),
        description=without_secrets(workflow.description) if workflow.description else None,
        starting_url=without_secrets(workflow.starting_url) if workflow.starting_url else None,
        language=workflow.language,
        variables=variables,
        steps=tuple(built),
    )


def recorded(view: StepView) -> StepContent:
    """What was recorded of a step, without secrets."""
    content = workflow_steps.content(view.step)
    if content.value_kind in SECRET_KINDS and content.value is not None:
        content = content.model_copy(update={"value": None})
    if suspicious(content.model_dump_json(exclude_defaults=True)):
        return StepContent.model_validate(masked(content.model_dump(exclude_defaults=True)))
    return content


def _masked_texts(variable: Mapping[str, Any]) -> dict[str, Any]:
    return {field: masked(variable[field]) for field in ("label", "example") if field in variable}


def masked(value: Any) -> Any:
    """The value with the secrets in all its texts masked."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, list):
        return [masked(part) for part in value]
    if isinstance(value, dict):
        return {without_secrets(key): masked(part) for key, part in value.items()}
    return value


def without_secrets(text: str) -> str:
    """The text with everything masked that has the form of a secret, should it have been missed on its way in."""
    return mask(text)[0]


def _step(
    view: StepView,
    content: StepContent,
    *,
    number: int | None,
    heading: str | None,
    page_name: str,
    variables: Collection[str],
) -> GuideStep:
    label = view.label
    if label:
        instruction = without_secrets(label.instruction)
    elif content.action is Action.NOTE:
        instruction = content.value or ""
    else:
        instruction = content.action.replace("_", " ").capitalize()
    field_label = without_secrets(label.field_label) if label else None
    source = LabelSource(label.source) if label else None
    words = split(instruction, name=field_label, value=content.value, rich=source in _BY_PEOPLE)
    return GuideStep(
        id=view.step.id,
        number=number,
        note_kind=(content.note_kind or "note") if content.action is Action.NOTE else None,
        instruction=instruction,
        words=known(words, variables),
        field_label=field_label,
        heading=without_secrets(heading) if heading else None,
        page_name=without_secrets(page_name),
        url=content.page.url,
        image=_image(content),
        confidence=label.confidence if label else None,
        source=source,
        recorded=content,
    )


def _image(content: StepContent) -> GuideImage | None:
    if not content.screenshot_id:
        return None
    return GuideImage(content.screenshot_id, content.target.box if content.target else None, content.page.viewport)


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
