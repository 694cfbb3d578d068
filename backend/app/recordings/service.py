"""A recording comes in: checked, masked, labelled by the rules, stored, and a labelling run queued, all or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.accounts.actor import Actor
from app.core.addresses import clean_address
from app.core.config import Settings, get_settings
from app.core.errors import InvalidInput
from app.labeling import runs
from app.labeling.models import LabelingRun, Mode
from app.labeling.rules.derive import derive_labels
from app.labeling.rules.pages import derive_name
from app.recordings.masking import mask_step, mask_text, secret_values
from app.recordings.schema import RecordingIn, RecordingStep
from app.workflows import creation, search
from app.workflows.content import Variable
from app.workflows.creation import Created
from app.workflows.errors import TooManySteps, UnknownScreenshot
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Step, WorkflowStatus
from app.workflows.visibility import usable_screenshots


class TextTooLong(InvalidInput):
    """A text of the recording is longer than this server takes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A recording that can be stored: nothing secret in it, every step with its rule label."""

    recording: RecordingIn
    labels: Sequence[NewLabel]
    warnings: Sequence[str]
    name_source: LabelSource = LabelSource.HUMAN


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was stored, and the run that waits to be published."""

    created: Created
    run: LabelingRun

    @property
    def workflow_id(self) -> int:
        return self.created.workflow_id

    @property
    def run_id(self) -> int:
        return self.run.id


def prepare(recording: RecordingIn, settings: Settings | None = None) -> Prepared:
    """Check, mask and label `recording`, without the database: nothing waits while this works."""
    settings = settings or get_settings()
    _check_limits(recording, settings)
    masked, warnings = _mask(recording)
    if masked.name is None:
        masked = masked.model_copy(update={"name": derive_name(masked.steps)})
    if masked.language is None and settings.guide_language:
        masked = masked.model_copy(update={"language": settings.guide_language})
    derived = derive_labels(masked.steps, click_verb=settings.click_verb)
    rule_labels = [
        NewLabel(found.field_label, found.instruction, found.confidence, LabelSource.RULES) for found in derived
    ]
    return Prepared(masked, rule_labels, warnings, LabelSource.RULES if recording.name is None else LabelSource.HUMAN)


def _check_limits(recording: RecordingIn, settings: Settings) -> None:
    if len(recording.steps) > settings.max_steps:
        raise TooManySteps(
            f"The recording has {len(recording.steps):,} steps; this server takes {settings.max_steps:,} (MAX_STEPS). "
            "Split it into several workflows."
        )
    limit = settings.max_text_characters
    for number, step in enumerate(recording.steps, 1):
        for field, text in (("value", step.value), ("target.text", step.target.text if step.target else None)):
            if text is not None and len(text) > limit:
                raise TextTooLong(
                    f"Step {number}: {field} has {len(text):,} characters; this server takes {limit:,} "
                    "(MAX_TEXT_CHARACTERS)."
                )


def _mask(recording: RecordingIn) -> tuple[RecordingIn, list[str]]:
    warnings: list[str] = []
    masked_steps = []
    echoes = secret_values(recording.steps)
    for number, step in enumerate(recording.steps, 1):
        masked, kinds = mask_step(step, echoes)
        words, in_words = _masked_words(step, echoes)
        masked_steps.append(masked.model_copy(update=words) if words else masked)
        warnings.extend(f"Step {number}: {kind} was masked." for kind in dict.fromkeys([*kinds, *in_words]))
    texts: dict[str, str] = {}
    for field in ("name", "description"):
        if (text := getattr(recording, field)) is not None:
            texts[field], kinds = mask_text(text, echoes)
            warnings.extend(f"The workflow's {field}: {kind} was masked." for kind in kinds)
    if recording.starting_url is not None:
        texts["starting_url"] = clean_address(recording.starting_url)
    variables = [_masked_variable(each, echoes) for each in recording.variables]
    return recording.model_copy(update={**texts, "steps": masked_steps, "variables": variables}), warnings


def _masked_words(step: RecordingStep, echoes: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What a person wrote at the step, without secrets, and the kinds of what was taken out."""
    words: dict[str, Any] = {}
    found: list[str] = []
    if step.heading:
        words["heading"], kinds = mask_text(step.heading, echoes)
        found += kinds
    if step.label:
        texts = {}
        for field, text in step.label.__dict__.items():
            texts[field], kinds = mask_text(text, echoes)
            found += kinds
        words["label"] = step.label.model_copy(update=texts)
    return words, found


def _masked_variable(variable: Variable, echoes: Sequence[str]) -> Variable:
    example = variable.example and mask_text(variable.example, echoes)[0]
    return variable.model_copy(update={"label": mask_text(variable.label, echoes)[0], "example": example})


def store(
    session: Session,
    actor: Actor,
    prepared: Prepared,
    *,
    mode: Mode = "normal",
    status: WorkflowStatus = WorkflowStatus.PROCESSING,
) -> Ingested:
    """Insert the workflow with everything that belongs to it; the caller commits, then publishes the run."""
    recording = prepared.recording
    check_screenshots(session, actor, recording)
    created = creation.create(
        session,
        owner_id=actor.user_id,
        texts={field: getattr(recording, field) for field in ("name", "description", "starting_url", "language")},
        name_source=prepared.name_source,
        steps=recording.steps,
        labels=[
            [label, *in_a_persons_words(step, actor)]
            for step, label in zip(recording.steps, prepared.labels, strict=True)
        ],
        status=status,
        variables=recording.variables,
    )
    _keep_headings(session, recording, created)
    run = runs.queue(
        session, created.workflow_id, total_steps=len(created.step_ids), mode=mode, requested_by=actor.user_id
    )
    search.add(session, {created.workflow_id: _searchable(prepared)})
    audit.record(session, actor, "workflow_created", f"workflow:{created.workflow_id}", steps=len(created.step_ids))
    return Ingested(created, run)


def _keep_headings(session: Session, recording: RecordingIn, created: Created) -> None:
    """Of the sections that a person made. Few steps begin one, so the others are not made to carry it along."""
    given = {
        step_id: step.heading for step_id, step in zip(created.step_ids, recording.steps, strict=True) if step.heading
    }
    for step_id, heading in given.items():
        begins = update(Step).where(Step.id == step_id)
        session.execute(begins.values(heading=heading, heading_source=LabelSource.HUMAN))


def in_a_persons_words(step: RecordingStep, actor: Actor) -> list[NewLabel]:
    """The label that an imported guide carries, if it does."""
    if step.label is None:
        return []
    words = step.label
    return [NewLabel(words.field_label, words.instruction, source=LabelSource.HUMAN, user_id=actor.user_id)]


def _searchable(prepared: Prepared) -> Iterator[str | None]:
    """Everything by which the workflow is found, as `search.index` would read it from its rows."""
    recording = prepared.recording
    yield from (recording.name, recording.description, recording.starting_url)
    for step, label in zip(recording.steps, prepared.labels, strict=True):
        shown = step.label or label
        yield from (step.page.title, step.page.url, shown.field_label, shown.instruction)


def check_screenshots(session: Session, actor: Actor, recording: RecordingIn) -> None:
    """Refuse pictures that are not there, before anything is written."""
    named = {step.screenshot_id for step in recording.steps if step.screenshot_id}
    if not named:
        return
    known = set(session.scalars(usable_screenshots(actor, named)))
    for number, step in enumerate(recording.steps, 1):
        if step.screenshot_id and step.screenshot_id not in known:
            raise UnknownScreenshot(
                f"Step {number} names the screenshot {step.screenshot_id!r}, which was not uploaded, or which you may "
                "not see. Upload it first: POST /api/v1/screenshots."
            )
