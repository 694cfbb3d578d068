"""Traces go from the request over the message to the call of the model, and are nothing when switched off."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.core import tracing
from app.core.config import Settings, get_settings
from app.labeling import service
from app.labeling.registry import LABELERS
from app.tasks import observing
from app.tasks.ai_labeling import label_workflow_steps
from app.tasks.publishing import publish
from tests.labeling.recordings import record
from tests.labeling.scripted import ScriptedLabeler

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans of this process."""
    exporter = InMemorySpanExporter()
    tracing.export_with(SimpleSpanProcessor(exporter))
    yield exporter
    tracing._providers.clear()


def test_switched_off_nothing_is_carried(settings: Settings) -> None:
    assert not settings.otel_traces
    with tracing.span("nothing"):
        assert tracing.carry() == {}


def test_without_the_extra_the_work_goes_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.database_url
    monkeypatch.setenv("OTEL_TRACES", "true")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    get_settings.cache_clear()
    tracing._providers.clear()
    with tracing.span("nothing"):
        assert tracing.carry() == {}
    assert list(tracing._providers.values()) == [None], "it was tried once"
    tracing._providers.clear()


def test_an_error_leaves_its_type_and_not_its_words(settings: Settings, spans: Any) -> None:
    assert settings.database_url

    def fail() -> None:
        with tracing.span("fails"):
            raise ValueError("ada@example.com")

    with pytest.raises(ValueError, match="ada"):
        fail()
    (span,) = (span for span in spans.get_finished_spans() if span.name == "fails")
    assert (span.status.description, span.events) == ("ValueError", ())
    assert "ada" not in span.to_json()


def test_a_request_is_one_span_under_its_pattern(client: TestClient, spans: Any) -> None:
    client.get("/api/v1/workflows/7", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    # What the reconciler of this process sends meanwhile belongs to no request.
    (span,) = (span for span in spans.get_finished_spans() if f"{span.context.trace_id:032x}" == "a" * 32)
    assert span.name == "GET /api/v1/workflows/{workflow_id}"
    assert span.attributes["http.response.status_code"] == 401


def test_message_and_call_belong_to_the_trace(
    spans: Any, queue_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queue_settings.redis_url
    monkeypatch.setitem(LABELERS, "rules", lambda _: ScriptedLabeler(tmp_path))
    run = record(["Save"])
    headers: dict[str, Any] = {}
    with tracing.span("request"):
        assert publish(run.run_id, run.workflow_id, 3)
        observing.send_ids_along(headers)
    task = SimpleNamespace(name=label_workflow_steps.name, request=SimpleNamespace(**headers))
    observing.begin("task-1", task)
    service.label_run(run.run_id)
    observing.end("task-1", task, "SUCCESS")
    found = {span.name: span for span in spans.get_finished_spans()}
    assert len({span.context.trace_id for span in found.values()}) == 1
    assert found["call_model"].parent.span_id == found[label_workflow_steps.name].context.span_id
    assert found[f"publish {label_workflow_steps.name}"].parent.span_id == found["request"].context.span_id
