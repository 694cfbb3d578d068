"""A fault that is tried on real workers, and what database and model say of it afterwards.

Every step has a name of its own, so that the model's ledger tells for which steps was paid, and how often.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from _pytest.mark import ParameterSet
from sqlalchemy import func, select

from app.core.config import Settings
from app.core.db import transaction
from app.labeling import runs
from app.labeling.models import Mode
from app.tasks.publishing import publish
from app.workflows.models import Label, Step
from tests.doubles.claude import ClaudeDouble
from tests.faults.asked import names_of
from tests.faults.record import Faulted, Record
from tests.labeling.claude_settings import configure
from tests.labeling.recordings import Recorded, record, run_of
from tests.services import wait_until


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a fault did."""

    lost: int
    """Steps without a label of the model."""
    doubled: int
    """Labels of the model beyond one of a step."""
    extra_calls: int
    """Calls for a step for which one was made before, since the last verdict."""
    most_extra: int
    """Of one step."""
    paid_again: tuple[str, ...]
    """Steps that had their label before the fault, and were asked about after it."""


@dataclass
class Trial:
    """Recordings, a fault, a verdict."""

    claude: ClaudeDouble
    faulted: Record
    recorded: list[Recorded] = field(default_factory=list)
    _finished: list[tuple[set[str], int]] = field(default_factory=list)
    """At each fault: steps that had their label, and calls made so far."""
    _struck_at: float = 0
    _told: int = 0
    """Extra calls of which a verdict told already."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, *names: str, steps: int = 3, mode: Mode = "normal") -> Recorded:
        """A recording (of `steps` steps, if they are not named), stored and published; the broker may be away."""
        run = self.keep(record(names or self.new_names(steps), mode=mode))
        publish(run.run_id, run.workflow_id, runs.PRIORITIES[mode])
        return run

    def new_names(self, steps: int) -> list[str]:
        """That no other step has."""
        recording = next(self._numbers)
        return [f"Field {recording} {number}" for number in range(1, steps + 1)]

    def keep(self, run: Recorded) -> Recorded:
        """Have it judged, too."""
        self.recorded.append(run)
        return run

    def hold(self, first: int, last: int) -> None:
        """The calls with these numbers, counted from now, wait for `release`."""
        for number in range(first, last + 1):
            self.claude.fault("gate", name="held", nth=number)

    def release(self) -> None:
        self.claude.open("held")

    def strike(self) -> None:
        """The fault comes now, or ends now: time runs from the last one."""
        labelled = self._labelled()
        self._finished.append((labelled, len(self.claude.calls())))
        self._struck_at = time.monotonic()

    def wait(self, runs_: Iterable[Recorded] | None = None, *, seconds: float = 60) -> float:
        """Until these runs (all) have succeeded; seconds since the fault."""
        ids = [run.run_id for run in (self.recorded if runs_ is None else runs_)]

        def done() -> bool:
            return all(run_of(run_id).state == "succeeded" for run_id in ids)

        wait_until(done, "all labelled", seconds)
        return time.monotonic() - self._struck_at

    def judge(self, row: int, name: str, *, seconds: float | None, but: Iterable[Recorded] = ()) -> Verdict:
        """Put it into the table. `but`: recordings that are meant to stay as they are."""
        left_out = {step for run in but for step in run.step_ids}
        steps = [step for run in self.recorded for step in run.step_ids if step not in left_out]
        labels = _labels(steps)
        asked = self.asked()
        times = Counter(asked)
        again = sorted({name for done, calls in self._finished for name in asked[calls:] if name in done})
        verdict = Verdict(
            lost=sum(not labels[step] for step in steps),
            doubled=sum(max(0, labels[step] - 1) for step in steps),
            extra_calls=sum(number - 1 for number in times.values()) - self._told,
            most_extra=max(times.values(), default=1) - 1,
            paid_again=tuple(again),
        )
        self._told += verdict.extra_calls
        fault = Faulted(row, name, 1, verdict.lost, verdict.doubled, verdict.extra_calls, seconds)
        self.faulted(fault)
        return verdict

    def asked(self) -> list[str]:
        """Which step each call was about, in the order of the calls."""
        return [name for body in self.claude.bodies() for name in names_of(body)]

    def at_once(self) -> int:
        """How many calls about one step were under way at a time, at the most."""
        calls = self.claude.calls(bodies=True)
        spans = [(name, call.began, call.ended or float("inf")) for call in calls for name in names_of(call.body)]
        return max((sum(n == name and b <= began < e for n, b, e in spans) for name, began, _ in spans), default=0)

    def _labelled(self) -> set[str]:
        steps = [step for run in self.recorded for step in run.step_ids]
        done = [step for step, labels in _labels(steps).items() if labels]
        with transaction(read_only=True) as session:
            targets = session.scalars(select(Step.target).where(Step.id.in_(done))).all()
        return {str(target["name"]) for target in targets if target}


@pytest.fixture
def trial(claude: ClaudeDouble, faulted: Record) -> Trial:
    """Of this test; a call is about one step, and the next one of its run comes after it."""
    return Trial(claude, faulted)


@pytest.fixture
def as_they_come(queue_settings: Settings, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that decide how soon something is noticed, as they are if nobody sets them."""
    names = ("lease_seconds", "redeliver_seconds", "reconcile_seconds", "label_runs_at_once")
    assert queue_settings.redis_url
    assert not trial.recorded
    configure(monkeypatch, **{name: str(Settings.model_fields[name].default) for name in names})


def long(*values: object) -> ParameterSet:
    """One more way to try the same, that `make faults` tries and `make test` leaves out."""
    return pytest.param(*values, marks=pytest.mark.long)


def _labels(steps: list[int]) -> Counter[int]:
    """How many labels of the model each step has."""
    query = select(Label.step_id, func.count()).where(Label.step_id.in_(steps), Label.source == "ai")
    with transaction(read_only=True) as session:
        rows = session.execute(query.group_by(Label.step_id))
        return Counter({step: labels for step, labels in rows})  # noqa: C416 - mypy takes rows for no pairs
