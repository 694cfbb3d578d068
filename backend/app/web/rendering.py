"""Templates into answers."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import get_settings
from app.core.db import single_query
from app.labeling import background
from app.web import edit_words, i18n, wording
from app.web.assets import asset
from app.web.visitors import Visitor, keep_signed_in


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.globals.update(
        language=i18n.language,
        direction=i18n.direction,
        asset=asset,
        product_version=version("workflow-platform"),
        **{
            function.__name__: function
            for function in (
                wording.address,
                wording.ago,
                wording.exact,
                edit_words.flag_words,
                edit_words.stale_words,
                wording.decision_word,
                wording.initials,
                wording.is_web_address,
                wording.note_word,
                wording.picture,
                wording.proposal_reason,
                wording.short_address,
                wording.sureness_word,
                wording.source_word,
                wording.status_word,
            )
        },
    )
    return environment


templates = _environment()


def _waiting_runs(visitor: Visitor | None) -> int:
    """For the badge in the navigation; a page that tells of a broken database must not break on it."""
    if visitor is None:
        return 0
    try:
        with single_query() as session:
            return background.waiting_for_a_person(session, visitor.actor)
    except SQLAlchemyError:
        return 0


def render(
    request: Request, template: str, visitor: Visitor | None = None, *, status_code: int = 200, **context: Any
) -> HTMLResponse:
    """The page, as `visitor` sees it. It is never kept: somebody else may sit at this browser next."""
    html = templates.get_template(template).render(
        request=request,
        actor=visitor.actor if visitor else None,
        csrf=visitor.csrf if visitor else None,
        max_import_bytes=get_settings().max_import_bytes,
        waiting_runs=partial(_waiting_runs, visitor),
        languages=i18n.names(),
        **context,
    )
    response = HTMLResponse(html, status_code, headers={"Cache-Control": "no-store"})
    if visitor and visitor.renewed:
        keep_signed_in(response, visitor.secret)
    return response
