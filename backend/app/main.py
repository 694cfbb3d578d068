"""`uvicorn app.main:app`: the doors wired together."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from app.agents import door as agents
from app.api import errors, start
from app.api.metrics import RequestMetrics
from app.api.middleware import BodyLimit, Limit, RequestContext
from app.api.openapi import install as install_openapi
from app.api.pace import BodyPace
from app.api.routes import (
    accounts,
    edits,
    folders,
    health,
    labeling,
    proposals,
    redactions,
    rerecordings,
    screenshots,
    settings,
    shares,
    steps,
    transfer,
    usage,
    webhooks,
    workflows,
)
from app.core import logging
from app.core.config import get_settings
from app.labeling.feed import Feed
from app.tasks.reconciler import reconciler
from app.web import app as web

FORM_BYTES = 100_000
"""What a form adds to the file that it carries."""

UPLOADS_AT_ONCE = 2
"""Further ones wait their turn without a thread. More would take the interpreter away from the one that holds the write
lock, at each of its statements: that made the slowest uploads five times as slow."""

USUAL_BYTES = 500_000
"""Of a body that is neither a recording nor a file; FastAPI needs a hundred times the memory to say what is wrong."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start: database, first admin, reconciler, live events, what agents read. Stop: the last three."""
    logging.configure()
    await run_in_threadpool(start.prepare)
    reconciler.start()
    app.state.feed = Feed(get_settings().redis_url)
    # What was made by now lives as long as the process: the collector need not walk it in the middle of a request.
    gc.freeze()
    async with agents.running(app):
        yield
    await app.state.feed.close()
    await run_in_threadpool(reconciler.stop)


def create_app() -> FastAPI:
    """The application with all its doors."""
    limited = get_settings()
    app = FastAPI(
        title="Workflow Platform",
        version="1",
        description="A recorded task becomes a guide.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.upload_lanes = CapacityLimiter(UPLOADS_AT_ONCE)
    errors.install(app)
    for module in (
        screenshots,
        workflows,
        folders,
        steps,
        redactions,
        rerecordings,
        proposals,
        edits,
        labeling,
        usage,
        transfer,
        shares,
        accounts,
        settings,
        webhooks,
    ):
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(health.router)
    agents.install(app)
    web.install(app)
    install_openapi(app)
    one_picture: Limit = (limited.max_screenshot_bytes + FORM_BYTES, "MAX_SCREENSHOT_BYTES")
    one_recording: Limit = (limited.max_request_bytes, "MAX_REQUEST_BYTES")
    one_file: Limit = (limited.max_import_bytes + FORM_BYTES, "MAX_IMPORT_BYTES")
    limits: dict[str, Limit] = {
        "/api/v1/workflows": one_recording,
        "/api/v1/workflows/{id}/recordings": one_recording,
        "/api/v1/workflows/{id}/recordings/file": one_file,
        "/workflows/{id}/recordings": one_file,
        "/api/v1/screenshots": one_picture,
        "/api/v1/imports": one_file,
        **{f"/workflows/{{id}}/edit/{form}": one_picture for form in ("insert", "note", "append")},
    }
    app.add_middleware(BodyLimit, usual=(USUAL_BYTES, None), others=limits)
    app.add_middleware(
        BodyPace, pause_seconds=limited.upload_pause_seconds, bytes_per_second=limited.upload_bytes_per_second
    )
    app.add_middleware(RequestMetrics)
    app.add_middleware(RequestContext)
    return app


app = create_app()
