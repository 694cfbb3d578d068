"""The Message Batches API: many requests at half the price, answered some time later, in any order."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.doubles.claude import errors
from tests.doubles.claude.answering import say
from tests.doubles.claude.requests import parse
from tests.doubles.clock import rfc3339
from tests.doubles.stage import Refusal

if TYPE_CHECKING:
    from tests.doubles.claude.server import ClaudeServer
    from tests.doubles.faults import Struck
    from tests.doubles.ledger import Call

MOST_REQUESTS = 100_000
CUSTOM_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
LIFE_SECONDS = 24 * 3600
DONE = ("succeeded", "errored", "canceled", "expired")


@dataclass
class Batch:
    """One of them; `results` is None until it has ended."""

    id: str
    created: float
    requests: list[dict[str, Any]]
    cancelled: float | None = None
    ended: float | None = None
    results: list[dict[str, Any]] | None = None

    def counts(self) -> dict[str, int]:
        """All are `processing` until the whole batch has ended."""
        kinds = [entry["result"]["type"] for entry in self.results or ()]
        return {"processing": 0 if self.results is not None else len(self.requests)} | {
            kind: kinds.count(kind) for kind in DONE
        }

    def shown(self, url: str) -> dict[str, Any]:
        """As the API writes it."""
        ended = self.ended is not None
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": "ended" if ended else "canceling" if self.cancelled is not None else "in_progress",
            "request_counts": self.counts(),
            "created_at": rfc3339(self.created),
            "expires_at": rfc3339(self.created + LIFE_SECONDS),
            "ended_at": None if self.ended is None else rfc3339(self.ended),
            "cancel_initiated_at": None if self.cancelled is None else rfc3339(self.cancelled),
            "archived_at": None,
            "results_url": f"{url}/v1/messages/batches/{self.id}/results" if ended else None,
        }


@dataclass
class Batches:
    """All of them. `seconds`: after which one ends by itself; None: only when it is told to, or after a day."""

    server: ClaudeServer
    seconds: float | None = None
    _all: dict[str, Batch] = field(default_factory=dict)

    def clear(self, seconds: float | None) -> None:
        self._all, self.seconds = {}, seconds

    def end_all(self) -> None:
        for batch in self._all.values():
            if batch.ended is None:
                self._end(batch)

    async def create(self, request: web.Request, body: bytes, call: Call, _: Struck) -> web.Response:
        """`POST /v1/messages/batches`: the requests' own faults show only in the results."""
        requests = _requests(body)
        batch = Batch(errors.new_id("msgbatch"), self._now(), requests)
        self._all[batch.id] = batch
        call.custom_id = batch.id
        return web.json_response(batch.shown(_origin(request)))

    async def get(self, request: web.Request, _: bytes, __: Call, ___: Struck) -> web.Response:
        return web.json_response(self._find(request).shown(_origin(request)))

    async def list(self, request: web.Request, _: bytes, __: Call, ___: Struck) -> web.Response:
        """Newest first; `limit`, `after_id`, `before_id`."""
        limit = request.query.get("limit", "20")
        if not limit.isdecimal() or not 1 <= int(limit) <= 1000:
            raise errors.invalid("limit: must be between 1 and 1000")
        ids = list(reversed(self._all))
        if (after := request.query.get("after_id")) is not None:
            ids = ids[ids.index(after) + 1 :] if after in ids else []
        if (before := request.query.get("before_id")) is not None:
            ids = ids[: ids.index(before)] if before in ids else []
        page = ids[: int(limit)]
        data = [self._looked_at(self._all[id_]).shown(_origin(request)) for id_ in page]
        first, last = (page[0], page[-1]) if page else (None, None)
        more = len(ids) > len(page)
        return web.json_response({"data": data, "has_more": more, "first_id": first, "last_id": last})

    async def cancel(self, request: web.Request, _: bytes, __: Call, ___: Struck) -> web.Response:
        """It ends when it is looked at next, or when told to."""
        batch = self._find(request)
        if batch.ended is not None:
            raise errors.invalid(f"Batch {batch.id} has already ended and cannot be canceled")
        batch.cancelled = batch.cancelled or self._now()
        return web.json_response(batch.shown(_origin(request)))

    async def delete(self, request: web.Request, _: bytes, __: Call, ___: Struck) -> web.Response:
        batch = self._find(request)
        if batch.ended is None:
            raise errors.invalid(f"Batch {batch.id} is still being processed and cannot be deleted")
        del self._all[batch.id]
        return web.json_response({"id": batch.id, "type": "message_batch_deleted"})

    async def results(self, request: web.Request, _: bytes, __: Call, ___: Struck) -> web.Response:
        """JSON lines."""
        batch = self._find(request)
        if batch.results is None:
            raise errors.invalid(f"Batch {batch.id} has not ended: there are no results yet")
        lines = "".join(json.dumps(entry) + "\n" for entry in batch.results)
        return web.Response(text=lines, content_type="application/x-jsonl")

    def _find(self, request: web.Request) -> Batch:
        batch = self._all.get(request.match_info["id"])
        if batch is None:
            raise errors.not_found(f"Message batch {request.match_info['id']} not found")
        return self._looked_at(batch)

    def _looked_at(self, batch: Batch) -> Batch:
        """Time has passed since the last look."""
        if batch.ended is None:
            now = self._now()
            timed = self.seconds is not None and (batch.cancelled is not None or now >= batch.created + self.seconds)
            if timed or now >= batch.created + LIFE_SECONDS:
                self._end(batch)
        return batch

    def _end(self, batch: Batch) -> None:
        late = self._now() >= batch.created + LIFE_SECONDS
        entries = [self._entry(batch, entry, expired=late) for entry in batch.requests]
        batch.results, batch.ended = entries[::-1], self._now()  # nobody promised an order

    def _entry(self, batch: Batch, entry: dict[str, Any], *, expired: bool) -> dict[str, Any]:
        if batch.cancelled is not None or expired:
            result: dict[str, Any] = {"type": "canceled" if batch.cancelled is not None else "expired"}
        else:
            result = self._result(entry)
        return {"custom_id": entry["custom_id"], "result": result}

    def _result(self, entry: dict[str, Any]) -> dict[str, Any]:
        """One request is answered, and written down like a call."""
        stage = self.server.stage
        body = json.dumps(entry, ensure_ascii=False).encode()
        call = stage.ledger.begin("batch_item", {}, stage.clock.now())
        call.custom_id = entry["custom_id"]
        stage.ledger.keep_body(call, body)
        struck = stage.faults.strike("batch_item", body)
        try:
            result = self._answered(entry["params"], call, struck)
        except Refusal as refusal:
            scripted = struck.of("errored") is not None
            call.outcome, call.error = "errored" if scripted else "refused", str(refusal.body)
            result = {"type": "errored", "error": refusal.body | {"request_id": errors.new_id("req")}}
        stage.ledger.end(call, stage.clock.now())
        return result

    def _answered(self, params: Any, call: Call, struck: Struck) -> dict[str, Any]:
        from tests.doubles.claude.server import note

        for kind in ("expired", "canceled"):
            if struck.of(kind) is not None:
                call.outcome = kind
                return {"type": kind}
        if (errored := struck.of("errored")) is not None:
            raise errors.ApiError(errored.get("type", "api_error"), errored.get("message", "Scripted by the test."))
        request = parse(params)
        pictures, steps = self.server.look_at(request, call)
        count = self.server.cache.count(request, pictures, self._now())
        said = say(request, steps, struck)
        self.server.cache.keep(count, self._now())
        note(call, count, said)
        call.outcome, call.status = ",".join(struck.names()) or "answered", 200
        return {"type": "succeeded", "message": said.message(request, count, "batch")}

    def _now(self) -> float:
        return self.server.stage.clock.now()


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _requests(body: bytes) -> list[dict[str, Any]]:
    """Raises ApiError."""
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise errors.invalid(f"The request body is not valid JSON: {error}") from None
    if not isinstance(asked, dict) or set(asked) != {"requests"} or not isinstance(asked["requests"], list):
        raise errors.invalid("requests: Field required, and nothing else")
    requests = asked["requests"]
    if not 1 <= len(requests) <= MOST_REQUESTS:
        raise errors.invalid(f"requests: must have between 1 and {MOST_REQUESTS} items")
    seen: set[str] = set()
    for at, entry in enumerate(requests):
        if not isinstance(entry, dict) or set(entry) != {"custom_id", "params"}:
            raise errors.invalid(f"requests.{at}: custom_id and params are required, and nothing else")
        custom_id = entry["custom_id"]
        if not isinstance(custom_id, str) or not CUSTOM_ID.fullmatch(custom_id):
            raise errors.invalid(f"requests.{at}.custom_id: String should match pattern '{CUSTOM_ID.pattern}'")
        if custom_id in seen:
            raise errors.invalid(f"requests.{at}.custom_id: must be unique in the batch: {custom_id}")
        seen.add(custom_id)
    return requests
