"""Claude's Message Batches: the same calls at half the price, answered within a day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.core.config import Settings
from app.labeling import loop
from app.labeling.batches import BatchFailure, BatchLook
from app.labeling.claude import in_time, reply, request_body
from app.labeling.prompt.question import Question
from app.labeling.protocol import Reply

RESULTS_SECONDS = 200.0
"""Reading the answers of one workflow, or sending its pictures."""
MOST_RECENT = 100


class ClaudeBatches:
    """See `batches.Batches`."""

    def __init__(self, settings: Settings, model: str) -> None:
        self._settings = settings
        self._model = model

    def submit(self, questions: Mapping[str, Question]) -> BatchLook:
        requests: Any = [
            {"custom_id": custom_id, "params": self._body(question)} for custom_id, question in questions.items()
        ]
        made = loop.run(
            in_time(lambda client: client.messages.batches.create(requests=requests), self._settings, RESULTS_SECONDS)
        )
        return _look(made)

    def _body(self, question: Question) -> dict[str, Any]:
        return request_body(question, model=self._model, data_block=self._settings.claude_data_block)

    def look(self, provider_id: str) -> BatchLook:
        return _look(loop.run(in_time(lambda client: client.messages.batches.retrieve(provider_id), self._settings)))

    def cancel(self, provider_id: str) -> None:
        loop.run(in_time(lambda client: client.messages.batches.cancel(provider_id), self._settings))

    def recent(self, since: datetime) -> Sequence[BatchLook]:
        page = loop.run(in_time(_listed, self._settings))
        return [found for found in map(_look, page) if found.created_at >= since]

    def results(self, provider_id: str) -> dict[str, Reply | BatchFailure]:
        return loop.run(in_time(lambda client: _results(client, provider_id), self._settings, RESULTS_SECONDS))


async def _listed(client: Any) -> list[Any]:
    page = await client.messages.batches.list(limit=MOST_RECENT)
    return list(page.data)


async def _results(client: Any, provider_id: str) -> dict[str, Reply | BatchFailure]:
    found: dict[str, Reply | BatchFailure] = {}
    async for line in await client.messages.batches.results(provider_id):
        found[line.custom_id] = _result(line.result)
    return found


def _result(result: Any) -> Reply | BatchFailure:
    if result.type == "succeeded":
        return reply(result.message)
    if result.type == "errored":
        error = result.error.error
        return BatchFailure("rejected", f"{error.type}: {error.message}"[:300], error.type == "invalid_request_error")
    return BatchFailure("cancelled" if result.type == "canceled" else "expired", f"It was {result.type}.")


def _look(batch: Any) -> BatchLook:
    counts = batch.request_counts
    requests = counts.processing + counts.succeeded + counts.errored + counts.canceled + counts.expired
    return BatchLook(batch.id, batch.processing_status == "ended", requests, batch.created_at, batch.expires_at)
