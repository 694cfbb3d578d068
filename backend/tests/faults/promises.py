"""A world of recordings, people and faults, and the promises that hold in it after everything that happens.

What happens is done through the rooms' doors, as the API does it; who labels is up to the world's kind. Judged from the
database and from the ledger of the strict double of the Claude API.
"""

import json
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling import access, runs
from app.labeling.models import ACTIVE, LabelingRun, RunState
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.tasks.publishing import publish
from app.workflows import labels, steps
from app.workflows import service as workflows
from app.workflows.changes import LabelChanges, StepChanges
from app.workflows.models import LabelSource, LabelState, Step, Workflow
from tests.doubles.claude import ClaudeDouble
from tests.faults.asked import names_of

CANARY = "c4naryHunter22"
"""Typed into a password field, and shown by the pages that follow."""


@dataclass
class Kept:
    """A workflow that was accepted, and what people did to it."""

    id: int
    step_ids: tuple[int, ...]
    names: tuple[str, ...]
    words: dict[int, str] = field(default_factory=dict)
    """A person's, by step."""
    asked_anew: int = 0
    """How often its labels were asked for once more, or may have been lost with a worker."""
    cancelled: bool = False


@dataclass
class World:
    """See the module's docstring. Only workflows that were not deleted are in it."""

    actor: Actor
    claude: ClaudeDouble
    kept: list[Kept] = field(default_factory=list)
    allowed: Counter[str] = field(default_factory=Counter)
    """Good answers that were paid for, by the control that was asked for: so many at most."""
    paid: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    """Calls of the double."""

    def begin(self) -> None:
        """Empty."""
        self.claude.reset()
        with transaction() as session:
            session.execute(delete(Workflow))

    def pick(self, number: int) -> Kept:
        return self.kept[number % len(self.kept)]

    def upload(self, clicks: int) -> None:
        """A password is typed, then buttons are clicked. Every step has a label at once."""
        names = tuple(f"Button {len(self.allowed) + number}" for number in range(clicks + 1))
        with transaction() as session:
            stored = recordings.store(session, self.actor, recordings.prepare(_recording(names)))
        publish(stored.run_id, stored.workflow_id, runs.PRIORITIES["normal"])
        kept = Kept(stored.workflow_id, tuple(stored.created.step_ids), names)
        self.kept.append(kept)
        self.allowed.update(names)
        with transaction(read_only=True) as session:
            assert set(labels.shown(session, kept.step_ids)) == set(kept.step_ids), "useful at once"

    def edit(self, kept: Kept, number: int) -> None:
        step_id = kept.step_ids[number % len(kept.step_ids)]
        words = f"Do it as person {number} says."
        with transaction() as session:
            version = session.get_one(Step, step_id).version
            changes = StepChanges(label=LabelChanges(instruction=words))
            steps.change(session, kept.id, step_id, self.actor, version=version, changes=changes)
        kept.words[step_id] = words

    def relabel(self, kept: Kept) -> None:
        with transaction() as session:
            before = runs.active(session, kept.id)
            run = access.request(session, kept.id, self.actor, step_ids=None, mode="normal")
            is_new = before is None
        if is_new:
            self.once_more(kept)
            kept.cancelled = False
            publish(run.id, kept.id, runs.PRIORITIES["normal"])

    def cancel(self, kept: Kept) -> None:
        with transaction() as session:
            run = access.cancel(session, kept.id, self.actor)
            kept.cancelled = kept.cancelled or run.state in (RunState.CANCELLED, RunState.RUNNING)

    def delete(self, kept: Kept) -> None:
        with transaction() as session:
            workflows.delete(session, kept.id, self.actor)
        self.kept.remove(kept)

    def once_more(self, kept: Kept) -> None:
        """Its answers may be paid for once more: a person asked for it, or a worker died with them."""
        self.allowed.update(kept.names)

    def check(self) -> None:
        """The promises, as far as they can be told while things go on."""
        self._check_calls()
        with transaction(read_only=True) as session:
            for kept in self.kept:
                self._check_words(session, kept)
                self._check_not_lost(session, kept)

    def check_quiet(self) -> None:
        """Everything that was accepted is labelled, but for what a person cancelled; no run is stuck."""
        self.check()
        assert not self.active(), "a run never ends"
        with transaction(read_only=True) as session:
            for kept in self.kept:
                states = session.scalars(select(Step.label_state).where(Step.workflow_id == kept.id)).all()
                assert kept.cancelled or set(states) == {LabelState.LABELLED}, f"lost: {kept} {states}"

    def retry_parked(self) -> None:
        """A person does, of the newest runs. Nothing but deaths of workers brought them there."""
        for kept in self.kept:
            with transaction() as session:
                run = runs.newest(session, kept.id)
                if run is None or run.state != RunState.NEEDS_ATTENTION:
                    continue
                assert run.worker_deaths, run.reason
                access.retry(session, run.id, self.actor)

    def active(self) -> bool:
        """Whether a run waits or is under way."""
        with transaction(read_only=True) as session:
            return session.scalar(select(LabelingRun.id).where(LabelingRun.state.in_(ACTIVE)).limit(1)) is not None

    def _check_calls(self) -> None:
        """Nothing is paid for twice, nothing secret leaves."""
        for call in self.claude.calls(None, bodies=True, since=self.looked_at):
            if call.ended is None:
                break  # and those after it: they are looked at when it has ended
            self.looked_at = call.number
            assert CANARY.lower() not in json.dumps(call.body).lower(), "a secret left"
            if call.outcome == "answered":
                self.paid.update(names_of(call.body))
        twice = {name: times for name, times in self.paid.items() if times > self.allowed[name]}
        assert not twice, f"paid for more often than asked: {twice}"

    def _check_words(self, session: Session, kept: Kept) -> None:
        shown = labels.shown(session, kept.step_ids)
        assert set(shown) == set(kept.step_ids), "every step shows a label"
        for step_id, words in kept.words.items():
            label = shown[step_id]
            assert (label.source, label.instruction) == (LabelSource.HUMAN, words), "a person's words were overwritten"

    def _check_not_lost(self, session: Session, kept: Kept) -> None:
        run = runs.newest(session, kept.id)
        assert run is not None
        if run.state in ACTIVE:
            assert run.due_at is not None, f"nobody will ever look at run {run.id}"
        elif run.state != RunState.NEEDS_ATTENTION and not kept.cancelled:
            states = session.scalars(select(Step.label_state).where(Step.workflow_id == kept.id)).all()
            assert set(states) == {LabelState.LABELLED}, f"given up on without a word: {run.state} {states}"


def _recording(names: tuple[str, ...]) -> RecordingIn:
    """The client did not mask the password, and a page says it, too."""
    page = {"url": f"https://crm.example/?token={CANARY}", "title": "Contacts"}
    password = {
        "action": "input",
        "target": {"tag": "input", "name": names[0], "attributes": {"type": "password"}},
        "value": CANARY,
        "value_kind": "text",
        "page": page,
    }
    clicks = [
        {"action": "click", "target": {"tag": "button", "name": name, "context": {"nearby": CANARY}}, "page": page}
        for name in names[1:]
    ]
    return RecordingIn.model_validate({"name": "Create a contact", "steps": [password, *clicks]})
