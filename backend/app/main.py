"""`uvicorn app.main:app`: the doors wired together."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from app.api import errors, start
from app.api.metrics import RequestMetrics
from app.api.middleware import RequestContext
from app.api.openapi import install as install_openapi
from app.api.routes import accounts, health, labeling, screenshots, steps, transfer, workflows
from app.core import logging
from app.core.config import get_settings
from app.labeling.feed import Feed
from app.tasks.reconciler import reconciler
from app.web import app as web

FORM_BYTES = 100_000
"""What a form adds to the file that it carries."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start: database, first admin, reconciler, live events. Stop: the last two."""
    logging.configure()
    await run_in_threadpool(start.prepare)
    reconciler.start()
    app.state.feed = Feed(get_settings().redis_url)
    # What was made by now lives as long as the process: the collector need not walk it in the middle of a request.
    gc.collect()
    gc.freeze()
    yield
    await app.state.feed.close()
    await run_in_threadpool(reconciler.stop)


def create_app() -> FastAPI:
    """The application with all its doors."""
    app = FastAPI(
        title="Workflow Platform",
        version="1",
        description="A recorded task becomes a guide.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        max_body_size=get_settings().max_import_bytes + FORM_BYTES,
    )
    errors.install(app)
    for module in (screenshots, workflows, steps, labeling, transfer, accounts):
        app.include_router(module.router, prefix="/api/v1")
    app.include_router(health.router)
    web.install(app)
    install_openapi(app)
    app.add_middleware(RequestMetrics)
    app.add_middleware(RequestContext)
    return app


app = create_app()
