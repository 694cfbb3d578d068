"""Where the labelling is measured: recorded workflows, workers that label them, the double of the API that answers."""

import io
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from PIL import Image, ImageDraw
from sqlalchemy import delete, func, select

from app.accounts.actor import Actor
from app.accounts.service import local_admin
from app.core import config
from app.core.db import forget_engine, transaction
from app.labeling import runs
from app.labeling.models import ACTIVE, LabelingChunk, LabelingRun, RunState
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn, RecordingStep
from app.storage import service as storage
from app.storage.store import get_store
from app.tasks.publishing import publish
from app.workflows.content import Box, Viewport
from app.workflows.models import Label, LabelSource, Step
from benchmarks import ideal, pictures, services
from benchmarks.processes import children, cpu_seconds, megabytes
from benchmarks.rules import rich_workflow
from tests.doubles.claude import ClaudeDouble, Latency, Rates
from tests.doubles.ledger import Call

STEPS = 10
IN_FLIGHT = 50
"""Calls that our workers may have under way together, by the settings, and the ideal client."""
PLENTY = 1e9
PATIENCE_SECONDS = 300
Sent = tuple[int, int]
"""Number of a run and of its workflow."""


@dataclass(slots=True)
class Worker:
    """A running worker, its children included in what it took."""

    pid: int

    @property
    def cpu_seconds(self) -> float:
        return sum(cpu_seconds(pid) for pid in (self.pid, *children(self.pid)))

    @property
    def megabytes(self) -> tuple[float, list[float]]:
        """Of the main process, and of each child."""
        return megabytes(self.pid), [megabytes(pid) for pid in children(self.pid)]


@dataclass(slots=True)
class Stage:
    """Database, Valkey, double and screenshots, for all that is measured."""

    folder: Path
    double: ClaudeDouble
    environment: dict[str, str]
    actor: Actor
    shots: list[str]
    made: int = 0
    workers: int = 0
    plain_url: str = field(init=False)

    def __post_init__(self) -> None:
        self.plain_url = self.environment["REDIS_URL"].removesuffix("/0") + "/1"

    @classmethod
    @contextmanager
    def built(cls, kind: str, folder: Path) -> Iterator[Self]:
        """This process has its settings, too."""
        with ExitStack() as stack:
            redis_url = stack.enter_context(services.valkey(folder / "valkey"))
            database_url = stack.enter_context(services.database(kind, folder))
            double = stack.enter_context(ClaudeDouble(log=folder / "double.log"))
            environment = services.environment(folder, redis_url, database_url) | {
                "LABELER": "claude",
                "ANTHROPIC_API_KEY": double.api_key,
                "ANTHROPIC_BASE_URL": double.url,
            }
            services.first_token(environment)
            config.override(**{name.lower(): value for name, value in environment.items()})
            forget_engine()
            with transaction() as session:
                actor = local_admin(session)
            stack.callback(forget_engine)
            yield cls(folder, double, environment, actor, _screenshots(actor))

    def prepare(self, *, scale: float = 1, per_minute: float = PLENTY) -> None:
        """The provider as new: its bucket full, half a minute's worth in it; our workers have heard nothing of it.

        `scale`: of its latency.
        """
        self.double.reset()
        burst = None if per_minute == PLENTY else per_minute / 2
        self.double.set_rates(Rates(per_minute, PLENTY, PLENTY, burst_requests=burst))
        self.double.set_latency(Latency(first_token_seconds=0.8, tokens_per_second=100, scale=scale))
        self._forget("limiter:*", self.environment["REDIS_URL"])
        self._forget("*", self.plain_url)

    def _forget(self, keys: str, url: str) -> None:
        import redis

        with redis.Redis.from_url(url) as client:
            for key in client.scan_iter(keys):
                client.delete(key)

    @contextmanager
    def ours(self, *options: str, **settings: float) -> Iterator[Worker]:
        """One of our workers; `settings` in small letters."""
        self.workers += 1
        plenty = {f"label_{what}_per_minute": PLENTY for what in ("requests", "input_tokens", "output_tokens")}
        given = {name.upper(): str(value) for name, value in (plenty | settings).items()}
        more = ("--queues", "celery,ai_labeling", "--hostname", f"ours{self.workers}@%h", *options)
        log = self.folder / f"ours{self.workers}.log"
        with services.worker("app.celery_app", self.environment | given, log, *more) as running:
            yield Worker(running.pid)

    @contextmanager
    def plain(self) -> Iterator[None]:
        """The worker of `benchmarks.plain_labeling`."""
        self.workers += 1
        environment = self.environment | {"REDIS_URL": self.plain_url}
        log = self.folder / f"plain{self.workers}.log"
        with services.worker("benchmarks.plain_labeling:celery", environment, log) as running:
            try:
                yield
            finally:
                running.send_signal(signal.SIGQUIT)  # what is under way is not wanted any more

    def record(self, workflows: int) -> list[Sent]:
        """New workflows that no worker knows of yet; the boxes of each lie elsewhere, so that each has its pictures."""
        made = []
        for _ in range(workflows):
            self.made += 1
            prepared = recordings.prepare(_recording(self.made, self.shots))
            with transaction() as session:
                ingested = recordings.store(session, self.actor, prepared)
            made.append((ingested.run_id, ingested.workflow_id))
        return made

    def ideal(self, *, in_flight: int, per_minute: float = 0) -> ideal.Found:
        """The ideal client with all bodies that were sent since `prepare`, against the provider as new."""
        bodies = self.double.bodies()
        self.prepare(per_minute=per_minute or PLENTY)
        found = ideal.measure(
            bodies,
            self.double.url,
            self.double.api_key,
            self.folder,
            in_flight=in_flight,
            per_minute=per_minute,
            burst=int(per_minute / 2),
        )
        assert {call.outcome for call in self.double.calls()} == {"answered"}, "the ideal client was refused"
        return found

    def record_again(self, before: Sequence[Sent]) -> list[Sent]:
        """New runs of workflows that were labelled."""
        with transaction() as session:
            return [(runs.request(session, workflow_id).id, workflow_id) for _, workflow_id in before]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What ours took for some workflows, and what the double saw of it."""

    seconds: float
    cpu_seconds: float
    calls: list[Call]
    chunks: int

    @property
    def input_tokens_a_step(self) -> float:
        """As the double counts them, cached ones too."""
        return sum(call.all_input_tokens for call in self.calls) / sum(len(call.step_keys) for call in self.calls)


def label(stage: Stage, sent: Sequence[Sent], *workers: Worker) -> Labelled:
    """Publish these runs and wait until they are over; fails unless all have succeeded."""
    since = len(stage.double.calls(None))
    cpu = sum(worker.cpu_seconds for worker in workers)
    began = time.monotonic()
    _publish(sent)
    ids = [run_id for run_id, _ in sent]
    wait_until(lambda: not _count(ids, *ACTIVE), 0.05)
    seconds = time.monotonic() - began
    cpu = sum(worker.cpu_seconds for worker in workers) - cpu
    assert _count(ids, RunState.SUCCEEDED) == len(ids), "not every run has succeeded"
    with transaction(read_only=True) as session:
        chunks = session.scalars(select(func.count()).where(LabelingChunk.run_id.in_(ids))).one()
    return Labelled(seconds, cpu, stage.double.calls(since=since), chunks)


def label_and_look(sent: Sequence[Sent]) -> tuple[float, float]:
    """Seconds until the first label can be seen, and until the last."""
    began = time.monotonic()
    _publish(sent)
    wait_until(lambda: labels_of_model(sent), 0.01)
    first = time.monotonic() - began
    wait_until(lambda: labels_of_model(sent) == len(sent) * STEPS, 0.01)
    return first, time.monotonic() - began


def _publish(sent: Sequence[Sent]) -> None:
    for run_id, workflow_id in sent:
        assert publish(run_id, workflow_id, runs.PRIORITIES["normal"])


def wait_until(true: Callable[[], object], pause: float, seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(pause)


def labels_of_model(sent: Sequence[Sent]) -> int:
    """Steps of these workflows that the model has named."""
    with transaction(read_only=True) as session:
        steps = select(Step.id).where(Step.workflow_id.in_([workflow_id for _, workflow_id in sent]))
        named = select(func.count(Label.step_id.distinct())).where(
            Label.source == LabelSource.AI, Label.step_id.in_(steps)
        )
        return session.scalars(named).one()


def drop_runs(sent: Sequence[Sent]) -> None:
    """The plain design has none: nobody shall look for their messages."""
    with transaction() as session:
        session.execute(delete(LabelingRun).where(LabelingRun.id.in_([run_id for run_id, _ in sent])))


def _count(ids: Sequence[int], *states: RunState) -> int:
    with transaction(read_only=True) as session:
        wanted = select(func.count()).where(LabelingRun.id.in_(ids), LabelingRun.state.in_(states))
        return session.scalars(wanted).one()


def _recording(number: int, shots: Sequence[str]) -> RecordingIn:
    steps = []
    for at, step in enumerate(rich_workflow(number)[:STEPS]):
        assert step.target
        box = Box(x=300 + 8 * (number % 150), y=100 + 80 * at + number // 150, width=240, height=40)
        page = step.page.model_copy(update={"viewport": Viewport(width=1920, height=1080)})
        target = step.target.model_copy(update={"box": box})
        changed = step.model_copy(update={"target": target, "page": page, "screenshot_id": shots[at]})
        steps.append(RecordingStep(**changed.model_dump()))
    return RecordingIn(name=f"Contact {number}", steps=steps)


def _screenshots(actor: Actor) -> list[str]:
    """One for each step: the same page, on which a clock goes on."""
    page, made = Image.open(io.BytesIO(pictures.screenshot())).convert("RGB"), []
    for at in range(STEPS):
        ImageDraw.Draw(page).text((1700, 24), f"12:0{at}", fill="white")
        ImageDraw.Draw(page).rectangle((1600 + at * 8, 8, 1604 + at * 8, 16), fill="white")
        data = io.BytesIO()
        page.save(data, "PNG")
        with transaction() as session:
            shot, _ = storage.store(
                session, get_store(), owner_id=actor.user_id, data=data.getvalue(), max_bytes=10**8, max_pixels=10**8
            )
            made.append(shot.id)
    return made
