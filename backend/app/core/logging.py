"""Structured logs: a static event and its facts; ids are bound once at the door. Never a recorded value."""

import logging
import re
import sys

import structlog

from app.core.config import get_settings

_SECRET_IN_PATH = re.compile(r"[A-Za-z0-9_-]{40,}")
"""As `secret_tokens.new_secret` makes them; sign-in links and links to read by carry them in their path."""


def request_id() -> str | None:
    """Of the request that is being answered, or for which a worker works."""
    found: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return found


def configure(level: str | None = None) -> None:
    """Send structlog and the standard library's logging through one formatter to stderr. `level` beats LOG_LEVEL."""
    settings = get_settings()
    severity = (level or settings.log_level).upper()
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: the decorated ones show the values of variables, which may be secrets or recorded values.
    renderer: structlog.types.Processor = structlog.dev.ConsoleRenderer(
        colors=settings.log_format != "plain", exception_formatter=structlog.dev.plain_traceback
    )
    if as_json:
        renderer = structlog.processors.JSONRenderer()
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(severity)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(severity)
    logging.getLogger("uvicorn.access").addFilter(_without_secrets)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line for every request that a client makes


def _without_secrets(record: logging.LogRecord) -> bool:
    """uvicorn's own lines name every path, and who may read a log may not therefore read what a path opens."""
    if isinstance(record.args, tuple):
        shown = (_SECRET_IN_PATH.sub("…", part) if isinstance(part, str) else part for part in record.args)
        record.args = tuple(shown)
    return True
