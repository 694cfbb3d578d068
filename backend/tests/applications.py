"""One application for the tests of a process: FastAPI works half a second to prepare the routes of every new one."""

from functools import cache

from fastapi import FastAPI

from app.core.config import get_settings
from app.main import create_app

TAKEN_WHEN_MADE = (
    "max_screenshot_bytes",
    "max_request_bytes",
    "max_import_bytes",
    "upload_pause_seconds",
    "upload_bytes_per_second",
)
"""The settings that `create_app` reads; all others are read by each request."""


def application() -> FastAPI:
    """What `create_app` makes of the settings of now, not started, its middleware new. Add no routes to it."""
    app = _made(tuple(getattr(get_settings(), name) for name in TAKEN_WHEN_MADE))
    app.middleware_stack = None
    return app


@cache
def _made(limits: tuple[float, ...]) -> FastAPI:
    assert len(limits) == len(TAKEN_WHEN_MADE)
    return create_app()
