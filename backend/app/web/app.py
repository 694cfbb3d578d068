"""The pages, put together."""

from fastapi import FastAPI

from app.web import assets, errors
from app.web.pages import library, proposals, signing_in, workflow


def install(app: FastAPI) -> None:
    """Add the pages, their static files and their error pages to `app`, after the API's error handlers."""
    for module in (signing_in, library, workflow, proposals):
        app.include_router(module.router, include_in_schema=False)
    assets.install(app)
    errors.install(app)
