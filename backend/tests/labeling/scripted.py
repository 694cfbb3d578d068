"""A labeler that does what its script says and writes down every call: the slow and faulty outside, honestly played.

Script and ledger are files in one folder, so that a test can judge worker processes by them.
"""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.labeling.protocol import (
    Asked,
    Chunk,
    ChunkResult,
    ChunkStep,
    Desk,
    PermanentLabelError,
    Reply,
    StepLabel,
    StepResult,
    Tokens,
    TransientLabelError,
)
from app.workflows.models import LabelSource

LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """The folder of script, ledger and gates, as a test sees it."""

    folder: Path
    script: dict[str, dict[str, Any]] = field(default_factory=dict)

    def plan(self, name: str, **what: Any) -> None:
        """What happens to a step whose target has this name: `fail`, `wait_for` a gate, `transient` (times),
        `delay_seconds`, `permanent`, `crash`, `die` (times), `seconds`."""
        self.script[name] = what
        (self.folder / "script.json").write_text(json.dumps(self.script))

    def open(self, gate: str) -> None:
        """Let go on whoever waits for this gate."""
        (self.folder / f"gate-{gate}").touch()

    def calls(self, event: str = "begin") -> list[dict[str, Any]]:
        """The ledger: one entry a call, in order."""
        path = self.folder / "ledger.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        return [entry for entry in map(json.loads, lines) if entry["event"] == event]


class ScriptedLabeler:
    """See the module's docstring."""

    name = "scripted"
    source = LabelSource.AI
    model = "scripted-1"
    prompt_version = "1"
    limited = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:
        results: list[StepResult] = []

        def send() -> Reply:
            self._write("begin", chunk)
            script = self._script()
            results.extend(self._one(step, script.get(_name(step), {})) for step in chunk.steps)
            self._write("end", chunk)
            return Reply("", "end", Tokens(input=100, output=10), cost_usd=0.001)

        desk.call(Asked(tuple(step.step_id for step in chunk.steps), Tokens(100, 10), 10, "hash"), send)
        return ChunkResult(tuple(results))

    def _one(self, step: ChunkStep, what: dict[str, Any]) -> StepResult:
        time.sleep(what.get("seconds", 0))
        if gate := what.get("wait_for"):
            self._wait(self._folder / f"gate-{gate}")
        if self._tries(_name(step)) <= what.get("die", 0):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._tries(_name(step)) <= what.get("transient", 0):
            raise TransientLabelError("The service is busy.", what.get("delay_seconds"))
        if reason := what.get("permanent"):
            raise PermanentLabelError(reason)
        if what.get("crash"):
            raise RuntimeError(what["crash"])
        if reason := what.get("fail"):
            return StepResult(step.step_id, failure=reason)
        return StepResult(step.step_id, StepLabel(_name(step), f"Click {_name(step)}, says the script.", 0.9))

    def _tries(self, name: str) -> int:
        return sum(name in entry["names"] for entry in Stage(self._folder).calls())

    def _script(self) -> dict[str, dict[str, Any]]:
        path = self._folder / "script.json"
        script: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
        return script

    def _wait(self, gate: Path) -> None:
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while not gate.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(gate)
            time.sleep(0.02)

    def _write(self, event: str, chunk: Chunk) -> None:
        entry = {
            "event": event,
            "pid": os.getpid(),
            "steps": [step.step_id for step in chunk.steps],
            "names": [_name(step) for step in chunk.steps],
        }
        with (self._folder / "ledger.jsonl").open("a") as ledger:
            ledger.write(json.dumps(entry) + "\n")


def _name(step: ChunkStep) -> str:
    return (step.content.target and step.content.target.name) or ""
