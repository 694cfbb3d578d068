"""A double as a test or a benchmark holds it: a process that is started, steered over HTTP and stopped."""

import http.client
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from tests.doubles.latency import Latency
from tests.doubles.ledger import Call, call_from

BACKEND = Path(__file__).parents[2]


class DoubleSaysNo(Exception):
    """The test asked its double for something that does not exist, or waited in vain."""


class DoubleHandle:
    """A context manager; what is scripted holds until `reset`."""

    program: ClassVar[str]

    def __init__(self, *options: str, log: Path | None = None) -> None:
        self._options = options
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self.port = 0

    def start(self) -> Self:
        """Returns when it listens."""
        command = [sys.executable, "-m", self.program, "--until-stdin-closes", *self._options]
        errors = self._log.open("w") if self._log else None
        self._process = subprocess.Popen(
            command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
        assert self._process.stdout
        address = json.loads(self._process.stdout.readline() or "{}")
        if errors:
            errors.close()
        if not address:
            self.stop()
            raise DoubleSaysNo(f"{self.program} did not start")
        self.url, self.port = address["url"], address["port"]
        return self

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(timeout=10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def __enter__(self) -> Self:
        return self if self._process else self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fault(
        self,
        kind: str,
        *,
        on: str | None = None,
        times: int | None = None,
        nth: int | None = None,
        matching: str | None = None,
        probability: float | None = None,
        seed: int = 0,
        **details: Any,
    ) -> None:
        """Script a fault, see `faults.KINDS` and `faults.Rule`; once, unless `times` or `probability` is given."""
        options = {"on": on, "times": times, "nth": nth, "matching": matching, "probability": probability}
        given = {name: value for name, value in options.items() if value is not None}
        self._ask("POST", "faults", {"kind": kind, "seed": seed, **given, **details})

    def clear_faults(self) -> None:
        self._ask("DELETE", "faults")

    def set_latency(self, latency: Latency) -> None:
        self._ask("POST", "latency", asdict(latency))

    def stop_clock(self) -> None:
        """Buckets, caches and batches see no time pass but by `advance`."""
        self._ask("POST", "clock", {"stop": True})

    def advance(self, seconds: float) -> None:
        self._ask("POST", "clock", {"advance": seconds})

    def open(self, gate: str) -> None:
        """Let go on whoever waits at this gate, now and later."""
        self._ask("POST", f"gate/{gate}")

    def reset(self) -> None:
        """As it was at the start; whoever still waits for an answer is cut off."""
        self._ask("POST", "reset")

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._ask("GET", "state")
        return state

    def wait(
        self,
        *,
        calls: int | None = None,
        ended: int | None = None,
        in_flight: int | None = None,
        gate: str | None = None,
        seconds: float = 30,
    ) -> dict[str, Any]:
        """Until so many calls came, ended or are in flight, or someone waits at the gate: all that is given."""
        asked = {"calls": calls, "ended": ended, "in_flight": in_flight, "gate": gate, "seconds": seconds}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        state: dict[str, Any] = self._ask("GET", f"wait?{query}", timeout=seconds + 10)
        return state

    def calls(self, kind: str | None = "message", *, bodies: bool = False, since: int = 0) -> list[Call]:
        """The ledger, in the order in which the calls came; None: of every kind."""
        entries = self._ask("GET", f"ledger?bodies={int(bodies)}&since={since}", timeout=120)
        return [call_from(entry) for entry in entries if kind in (None, entry["kind"])]

    def bodies(self, kind: str | None = "message") -> list[Any]:
        """What was sent, parsed."""
        return [call.body for call in self.calls(kind, bodies=True)]

    def _ask(self, method: str, path: str, body: Any = None, timeout: float = 30) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, f"/_double/{path}", None if body is None else json.dumps(body))
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise DoubleSaysNo(f"{method} {path}: {response.status} {answer.decode(errors='replace')}")
        return json.loads(answer)
