"""Traces of OpenTelemetry, if OTEL_TRACES says so; else nothing is imported and a span is nothing.

The exporter takes where to and how from OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`, …).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import structlog

from app.core.config import get_settings

log = structlog.get_logger(__name__)

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int]
SERVICE = "workflow-platform"

_providers: dict[int, Any] = {}
"""By process: a forked child has none of its parent's threads and makes its own. None: there are no traces."""


class Span:
    """What a span is called by those who made it; without traces it does nothing."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def name(self, name: str, attributes: Attributes) -> None:
        """Once it is known."""
        if self._span is not None:
            self._span.update_name(name)
            self._span.set_attributes(attributes)


@contextmanager
def span(
    name: str,
    kind: Kind = "internal",
    *,
    carrier: Mapping[str, str] | None = None,
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """A span around what is done; `carrier`: headers of the request or message that it goes on with.

    Of an error only the type is kept: its words may hold what was recorded.
    """
    provider = _provider()
    if provider is None:
        yield Span()
        return
    from opentelemetry import propagate, trace  # noqa: PLC0415 - an extra that is off by default

    tracer = provider.get_tracer(SERVICE)
    with tracer.start_as_current_span(
        name,
        context=propagate.extract(carrier) if carrier is not None else None,
        kind=trace.SpanKind[kind.upper()],
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield Span(made)
        except BaseException as error:
            made.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def carry() -> dict[str, str]:
    """Headers with which another process goes on with the present span."""
    headers: dict[str, str] = {}
    if _provider() is not None:
        from opentelemetry import propagate  # noqa: PLC0415 - as above

        propagate.inject(headers)
    return headers


def export_with(processor: Any) -> None:
    """Give this process's spans to a span processor."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415

    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: SERVICE}))
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(processor)
    _providers[os.getpid()] = provider


def flush() -> None:
    """Send what is left, before this process ends."""
    if (provider := _providers.get(os.getpid())) is not None:
        provider.force_flush()


def _provider() -> Any:
    process = os.getpid()
    if process not in _providers:
        _providers[process] = None
        if get_settings().otel_traces:
            _begin()
    return _providers[process]


def _begin() -> None:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ModuleNotFoundError as error:
        log.error("no_traces", missing=error.name, mend='Install the extra: uv pip install "workflow-platform[otel]"')
        return
    export_with(BatchSpanProcessor(OTLPSpanExporter()))
