"""People and faults in any order: the five promises hold after every step (see `promises`)."""

import base64
import json
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update

from app.accounts.actor import Actor
from app.core.clock import db_now
from app.core.config import get_settings
from app.core.db import transaction
from app.labeling import calls, desk, leases, ledger, runs, service
from app.labeling.models import LabelingRun, RunState
from app.tasks.publishing import publish
from app.tasks.reconciler import reconcile
from tests.doubles.claude import ClaudeDouble
from tests.faults.asked import REAL, START_SECONDS
from tests.faults.promises import World
from tests.labeling.claude_settings import configure
from tests.services import Broker, StartWorker, Worker, wait_until

FAULTS = (
    "server_error",
    "overloaded",
    "rate_limited",
    "reset_before",
    "reset_after",
    "wrong_content_type",
    "truncated",
)
MOMENTS = ("claimed", "answered", "booked")
ROUNDS = 30

numbers = st.integers(0, 1000)
some = precondition(lambda machine: machine.world.kept)


class Killed(BaseException):
    """What happens to a worker: nothing in it gets to act on this."""


def _dies_at(work: Callable[..., None], times: int) -> Callable[..., None]:
    """Does the work so often, then the worker is killed."""
    left = [None] * times

    def work_or_die(*args: Any, **options: Any) -> None:
        if not left:
            raise Killed
        left.pop()
        work(*args, **options)

    return work_or_die


class Promises(RuleBasedStateMachine):
    """What may happen, whoever labels."""

    world: World
    broker: Broker

    @initialize()
    def begin(self) -> None:
        """Two workflows of two and three chunks, or nothing much would happen in most examples."""
        self.world.begin()
        self.flush_the_broker()
        for clicks in (3, 5):
            self.world.upload(clicks)

    @rule(clicks=st.integers(0, 5))
    def upload(self, clicks: int) -> None:
        self.world.upload(clicks)

    @some
    @rule(which=numbers, number=numbers)
    def edit(self, which: int, number: int) -> None:
        self.world.edit(self.world.pick(which), number)

    @some
    @rule(which=numbers)
    def relabel(self, which: int) -> None:
        self.world.relabel(self.world.pick(which))

    @some
    @rule(which=numbers)
    def cancel(self, which: int) -> None:
        self.world.cancel(self.world.pick(which))

    @precondition(lambda machine: len(machine.world.kept) > 2)
    @rule(which=numbers)
    def delete(self, which: int) -> None:
        """Never one of the first two, so that more than empty rooms is left."""
        self.world.delete(self.world.kept[2 + which % (len(self.world.kept) - 2)])

    @rule(kind=st.sampled_from(FAULTS), call=st.integers(1, 3))
    def provider_fault(self, kind: str, call: int) -> None:
        """At one of the next calls."""
        if kind == "rate_limited":
            self.world.claude.fault(kind, nth=call, retry_after=1)
        else:
            self.world.claude.fault(kind, nth=call)

    @rule()
    def flush_the_broker(self) -> None:
        with self.broker.client() as client:
            client.flushall()

    @invariant()
    def promises_hold(self) -> None:
        self.world.check()


class InOneProcess(Promises):
    """The worker is this process: it takes messages from the broker, and dies of an exception."""

    def __init__(self, world: World, broker: Broker) -> None:
        super().__init__()
        self.world, self.broker = world, broker

    @rule()
    def work(self) -> None:
        """On the next message."""
        if run_id := self._message():
            service.label_run(run_id)

    @rule()
    def work_it_all_off(self) -> None:
        """Every message that waits."""
        while run_id := self._message():
            service.label_run(run_id)

    @rule()
    def time_passes(self) -> None:
        """Leases end, pauses are over, the reconciler looks."""
        with transaction() as session:
            session.execute(update(LabelingRun).where(LabelingRun.due_at.is_not(None)).values(due_at=db_now(-1)))
        with self.broker.client() as client:
            for key in client.scan_iter("limiter:*"):
                client.delete(key)
        reconcile(get_settings())

    @rule()
    def deliver_again(self) -> None:
        """Every message, whether or not it is still waiting."""
        for kept in self.world.kept:
            with transaction(read_only=True) as session:
                run = runs.active(session, kept.id)
            if run and run.state == RunState.QUEUED:
                publish(run.id, kept.id, runs.PRIORITIES["normal"])

    @rule(moment=st.sampled_from(MOMENTS), chunk=st.integers(0, 1))
    def kill(self, moment: str, chunk: int) -> None:
        """The worker that takes the next message, over its first or second chunk."""
        self.deliver_again()
        run_id = self._message()
        if run_id is None:
            return
        if moment == "claimed":
            with transaction() as session:
                leases.claim(session, run_id, seconds=30, max_deaths=3)
            return
        with pytest.MonkeyPatch.context() as patch:
            if moment == "answered":
                patch.setattr(ledger, "close", _dies_at(ledger.close, chunk))
            else:
                patch.setattr(calls, "commit", _dies_at(calls.commit, chunk))
            try:
                service.label_run(run_id)
            except Killed:
                self._died_over(run_id)

    @some
    @rule(which=numbers, number=numbers, what=st.sampled_from(("edit", "relabel", "cancel", "delete")))
    def work_while_a_person(self, what: str, which: int, number: int) -> None:
        """Acts between an answer and its commit."""
        kept = self.world.pick(which)
        acts: dict[str, Callable[[], None]] = {
            "edit": lambda: self.world.edit(kept, number),
            "relabel": lambda: self.world.relabel(kept),
            "cancel": lambda: self.world.cancel(kept),
            "delete": lambda: self.world.delete(kept),
        }
        todo, commit = [acts[what]], calls.commit

        def act_first(*args: Any, **options: Any) -> None:
            while todo:
                todo.pop()()
            commit(*args, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calls, "commit", act_first)
            self.work()

    def teardown(self) -> None:
        """Once the world is quiet, everything gets labelled, by itself or, what killed its workers, when asked.

        The last thing before is that a worker dies, in every example.
        """
        self.world.upload(3)
        self.kill("claimed", 0)
        self.kill("booked", 1)
        self.world.claude.clear_faults()
        for _ in range(2):
            for _ in range(ROUNDS):
                if not self.world.active():
                    break
                self.time_passes()
                self.work_it_all_off()
            self.world.retry_parked()
        self.world.check_quiet()

    def _message(self) -> int | None:
        """The run that the next message names."""
        with self.broker.client() as client:
            for key in sorted(client.scan_iter("ai_labeling*")):
                if client.type(key) == b"list" and (raw := client.rpop(key)):
                    args = json.loads(base64.b64decode(json.loads(raw)["body"]))[0]
                    return int(args[1])
        return None

    def _died_over(self, run_id: int) -> None:
        with transaction(read_only=True) as session:
            workflow_id = runs.get(session, run_id).workflow_id
        for kept in self.world.kept:
            if kept.id == workflow_id:
                self.world.once_more(kept)


class WithWorkers(Promises):
    """Real workers label all the while; they are killed as machines kill: without a word."""

    def __init__(self, world: World, broker: Broker, start: Callable[[], Worker], workers: list[Worker]) -> None:
        super().__init__()
        self.world, self.broker, self.start, self.workers = world, broker, start, workers

    @rule()
    def kill_the_children(self) -> None:
        """Whatever they do just now."""
        self._may_be_paid_again()
        for child in self.workers[-1].children():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    @rule()
    def kill_the_worker(self) -> None:
        """Another one takes over."""
        self._may_be_paid_again()
        self.workers.pop().kill()
        self.workers.append(self.start())

    @rule(calls=st.integers(1, 3))
    def wait_for_calls(self, calls: int) -> None:
        """So that something is under way when the next thing happens."""
        if self.world.active():
            seen = self.world.claude.state()["calls"]
            wait_until(lambda: not self.world.active() or self.world.claude.state()["calls"] >= seen + calls)

    def teardown(self) -> None:
        """As above; nobody moves the clock."""
        self.world.claude.clear_faults()
        for _ in range(2):
            wait_until(lambda: not self.world.active(), "every run ends", START_SECONDS)
            self.world.retry_parked()
        wait_until(lambda: not self.world.active(), "every run ends", START_SECONDS)
        self.world.check_quiet()

    def _may_be_paid_again(self) -> None:
        for kept in self.world.kept:
            self.world.once_more(kept)


def profile(max_examples: int, steps: int, *, phases: Sequence[Phase] = (Phase.generate, Phase.shrink)) -> settings:
    """The same examples every time."""
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=max_examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        phases=phases,
    )


def _try(make: Callable[[], Promises], how: settings) -> None:
    run_state_machine_as_test(make, settings=how)  # type: ignore[arg-type]  # it takes whatever makes machines


@pytest.fixture
def world(claude: ClaudeDouble, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    """Makes a new one for each example."""
    configure(monkeypatch, label_chunk_steps="2")
    return lambda: World(admin, claude)


@pytest.mark.usefixtures("queue_settings")
def test_the_promises_hold_whatever_happens_in_any_order(
    world: Callable[[], World], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody waits: what takes longer than no time is given back, and time passes when the machine says so.
    monkeypatch.setattr(calls, "LONGEST_WAIT_HERE_SECONDS", 0.0)
    monkeypatch.setattr(desk, "LONGEST_WAIT_SECONDS", 0.0)
    _try(lambda: InOneProcess(world(), broker), profile(8, 20))


@pytest.mark.long
@pytest.mark.usefixtures("queue_settings")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_promises_hold_with_workers_that_are_killed(
    world: Callable[[], World], broker: Broker, start_worker: StartWorker
) -> None:
    def start() -> Worker:
        return start_worker("--concurrency=2", app=REAL)

    workers = [start()]
    _try(lambda: WithWorkers(world(), broker, start, workers), profile(4, 15, phases=(Phase.generate,)))
