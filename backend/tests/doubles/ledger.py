"""Every call, as the server saw it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

CREDENTIALS = {"authorization", "x-api-key"}
KEEP_BYTES = 512 * 1024 * 1024
"""Of bodies; the oldest go first."""


@dataclass(slots=True)
class Call:
    """One request. `kind`: `message`, `batch_create`, `batch_item`, …; times in seconds of the double's clock."""

    number: int
    kind: str
    began: float
    ended: float | None = None
    in_flight: int = 0
    """How many calls were being answered when it came, itself counted."""
    status: int | None = None
    outcome: str = ""
    """`answered`, `refused` (the request was bad), `rate_limited`, `client_left`, or the fault that struck."""
    request_id: str = ""
    model: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    """Without the credentials."""
    sha256: str = ""
    body_bytes: int = 0
    max_tokens: int | None = None
    pictures: list[dict[str, Any]] = field(default_factory=list)
    """Each with path, media_type, width, height, tokens, bytes."""
    input_tokens: int = 0
    cache_creation_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0
    stop_reason: str | None = None
    step_keys: list[str] = field(default_factory=list)
    step_ids: dict[str, Any] = field(default_factory=dict)
    """`id` or `step_id` of the steps that have one, by key."""
    custom_id: str | None = None
    error: str | None = None
    body: Any = None
    """What was sent, parsed (as text if it is no JSON), when asked for."""

    @property
    def all_input_tokens(self) -> int:
        """As usage counts them in all: plain, written to the cache, read from it."""
        return self.input_tokens + self.cache_creation_tokens + self.cache_read_tokens


class Ledger:
    """In memory, and a line of JSON for every call that has ended in a file, if one is given."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.calls: list[Call] = []
        self._bodies: dict[int, bytes] = {}
        self._kept = 0

    def begin(self, kind: str, headers: Mapping[str, str], now: float) -> Call:
        shown = {name.lower(): value for name, value in headers.items() if name.lower() not in CREDENTIALS}
        call = Call(number=len(self.calls) + 1, kind=kind, began=now, headers=shown)
        self.calls.append(call)
        return call

    def keep_body(self, call: Call, body: bytes) -> None:
        call.sha256, call.body_bytes = hashlib.sha256(body).hexdigest(), len(body)
        self._bodies[call.number] = body
        self._kept += len(body)
        while self._kept > KEEP_BYTES:
            self._kept -= len(self._bodies.pop(next(iter(self._bodies))))

    def end(self, call: Call, now: float) -> None:
        call.ended = now
        if self._path is not None:
            with self._path.open("a") as file:
                file.write(json.dumps(_plain(call)) + "\n")

    def read(self, *, bodies: bool, since: int = 0) -> list[dict[str, Any]]:
        """Calls after this number; those that have not ended too."""
        return [_plain(call) | ({"body": self._body(call)} if bodies else {}) for call in self.calls[since:]]

    def clear(self) -> None:
        self.calls, self._bodies, self._kept = [], {}, 0

    def _body(self, call: Call) -> Any:
        raw = self._bodies.get(call.number)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            return raw.decode(errors="replace")


def _plain(call: Call) -> dict[str, Any]:
    plain = asdict(call)
    del plain["body"]
    return plain


def call_from(entry: dict[str, Any]) -> Call:
    """What `read` wrote."""
    names = {field.name for field in fields(Call)}
    return Call(**{name: value for name, value in entry.items() if name in names})
