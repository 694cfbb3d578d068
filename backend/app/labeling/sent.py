"""What was, or would be, sent to a model for a step, built anew by the function that builds what is sent."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.labeling import outgoing, reading
from app.labeling.models import LabelingChunk, LabelingRun, ModelCall
from app.labeling.outgoing import Outgoing
from app.labeling.protocol import Chunk
from app.workflows import steps


@dataclass(frozen=True, slots=True)
class Sent:
    """What a model is shown, and whether its last call with this step was shown the same."""

    key: str
    outgoing: Outgoing
    last_call_sha256: str | None

    @property
    def matches_last_call(self) -> bool | None:
        """None: no model was ever asked about this step."""
        return None if self.last_call_sha256 is None else self.outgoing.sha256 == self.last_call_sha256


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is to be read before a transaction ends; pictures are drawn after it."""

    step_id: int
    chunk: Chunk
    last_call_sha256: str | None

    def build(self) -> Sent:
        """Draws the pictures. A model that cannot see was sent none: then its document alone is shown."""
        key = next(f"s{at:02}" for at, step in enumerate(self.chunk.steps, 1) if step.step_id == self.step_id)
        shown = Sent(key, outgoing.build(self.chunk), self.last_call_sha256)
        if shown.matches_last_call is False:
            blind = Sent(key, outgoing.build(self.chunk, pictures=False), self.last_call_sha256)
            return blind if blind.matches_last_call else shown
        return shown


def read(session: Session, workflow_id: int, step_id: int, actor: Actor, *, click_verb: str) -> Prepared:
    """The steps that were sent together with this one in its last call; this one alone if there was none.

    Raises WorkflowNotFound and StepNotFound.
    """
    steps.get(session, workflow_id, step_id, actor)
    call = _last_call(session, workflow_id, step_id)
    if call is None:
        material = reading.read(session, workflow_id, click_verb=click_verb)
        return Prepared(step_id, material.chunk([step_id]), None)
    material = reading.read(session, workflow_id, click_verb=click_verb, run_id=call.run_id)
    planned = session.get(LabelingChunk, call.chunk_id) if call.chunk_id is not None else None
    chunk = material.chunk(planned.step_ids if planned is not None else call.step_ids)
    return Prepared(step_id, outgoing.part(chunk, call.step_ids), call.sent_hash)


def _last_call(session: Session, workflow_id: int, step_id: int) -> ModelCall | None:
    runs = select(LabelingRun.id).where(LabelingRun.workflow_id == workflow_id)
    calls = select(ModelCall).where(ModelCall.run_id.in_(runs), ModelCall.sent_hash.is_not(None))
    newest_first = session.scalars(calls.order_by(ModelCall.id.desc()))
    return next((call for call in newest_first if step_id in call.step_ids), None)
