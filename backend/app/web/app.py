"""The pages, put together."""

from fastapi import FastAPI

from app.web import assets, errors, i18n
from app.web.pages import (
    access_tokens,
    account,
    backing_up,
    choices,
    editing,
    exporting,
    folders,
    history,
    library,
    organising,
    people,
    proposals,
    reading,
    recorder,
    redacting,
    rerecordings,
    review,
    sharing,
    signing_in,
    single_sign_on,
    trash,
    variables,
    webhooks,
    work,
    workflow,
)

PAGES = (
    access_tokens,
    account,
    backing_up,
    choices,
    editing,
    exporting,
    folders,
    history,
    library,
    organising,
    people,
    proposals,
    reading,
    recorder,
    redacting,
    rerecordings,
    review,
    sharing,
    single_sign_on,  # before the next: `/sign-in/oidc` is no sign-in link
    signing_in,
    trash,
    variables,
    webhooks,
    work,
    workflow,
)


def install(app: FastAPI) -> None:
    """Add the pages, their static files and their error pages to `app`, after the API's error handlers."""
    for module in PAGES:
        app.include_router(module.router, include_in_schema=False)
    app.add_middleware(i18n.ChooseLanguage)
    assets.install(app)
    errors.install(app)
