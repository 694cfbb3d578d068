"""Who may do what: every route, by every kind of caller, on a private workflow and on one of the team."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.accounts import session_cookie, sessions
from app.accounts.actor import Actor
from app.api.deps import CSRF_HEADER
from app.core.db import transaction
from app.guides import jobs as exports
from app.guides import making
from app.labeling.models import LabelingRun, RunState
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage import service as storage
from app.storage.store import get_store
from app.webhooks import outbox, signing
from app.webhooks.models import Webhook
from app.workflows import edits, folders, labels, shares, steps
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, Visibility, Workflow
from tests.api.bodies import picture, recording, step
from tests.api.callers import API, Caller, in_browser, token_of

CALLERS = ("owner", "colleague", "viewer", "admin", "anonymous", "revoked", "reader")
"""`reader`: the owner with a token that may only read; `revoked`: with one that was revoked."""

#                                             owner colleague viewer admin anonymous revoked reader
OPEN = "                                       200   200       200    200   200       200     200"
OF_ONES_OWN = "                                200   200       200    200   401       401     200"
UPLOAD = "                                     201   201       403    201   401       401     403"
PRIVATE_READ = "                               200   404       404    200   401       401     200"
TEAM_READ = "                                  200   200       200    200   401       401     200"
NO_FILE = "                                    404   404       404    404   404       404     404"
WRONG_PASSWORD = "                             401   401       401    401   401       401     401"
ADMINS_ONLY = "                                403   403       403    200   401       401     403"
PRIVATE_PAGE = "                               200   404       404    200   303       303     303"
TEAM_PAGE = "                                  200   200       200    200   303       303     303"
ADMINS_PAGE = "                                403   403       403    200   303       303     303"
NOBODY_FOUND = "                               403   403       403    404   303       303     303"
EVERYWHERE = "                                 303   303       303    303   303       303     303"
ONES_OWN_ALONE = "                             200   404       404    404   401       401     200"
PAGE_OF_ONES_OWN = "                           200   404       404    404   303       303     303"
OF_A_VISITOR = "                               200   200       200    200   303       303     303"
SENT = "                                       303   303       303    303   303       303     303"

TABLE: dict[str, tuple[str, str]] = {
    #                                   on a private workflow; on one of the team
    #                                          owner colleague viewer admin anonymous revoked reader
    "GET /openapi.json": (OPEN, OPEN),
    "GET /health/live": (OPEN, OPEN),
    "GET /health/ready": (OPEN, OPEN),
    "GET /metrics": (OPEN, OPEN),
    "GET /api/v1/me": (OF_ONES_OWN, OF_ONES_OWN),
    "GET /api/v1/tokens": (OF_ONES_OWN, OF_ONES_OWN),
    "POST /api/v1/tokens": (
        "                                      201   201       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    "DELETE /api/v1/tokens/{token_id}": (
        "                                      204   404       404    204   401       401     403",
        "                                      204   404       404    204   401       401     403",
    ),
    # Webhooks are for admins, whatever the workflows are.
    "GET /api/v1/webhooks": (
        "                                      403   403       403    200   401       401     403",
        "                                      403   403       403    200   401       401     403",
    ),
    "POST /api/v1/webhooks": (
        "                                      403   403       403    201   401       401     403",
        "                                      403   403       403    201   401       401     403",
    ),
    "PATCH /api/v1/webhooks/{webhook_id}": (
        "                                      403   403       403    200   401       401     403",
        "                                      403   403       403    200   401       401     403",
    ),
    "DELETE /api/v1/webhooks/{webhook_id}": (
        "                                      403   403       403    204   401       401     403",
        "                                      403   403       403    204   401       401     403",
    ),
    "POST /api/v1/webhooks/{webhook_id}/secret": (
        "                                      403   403       403    200   401       401     403",
        "                                      403   403       403    200   401       401     403",
    ),
    "GET /api/v1/webhooks/{webhook_id}/deliveries": (
        "                                      403   403       403    200   401       401     403",
        "                                      403   403       403    200   401       401     403",
    ),
    "POST /api/v1/webhooks/{webhook_id}/test": (
        "                                      403   403       403    202   401       401     403",
        "                                      403   403       403    202   401       401     403",
    ),
    "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/again": (
        "                                      403   403       403    202   401       401     403",
        "                                      403   403       403    202   401       401     403",
    ),
    "POST /api/v1/screenshots": (UPLOAD, "200 200 403 200 401 401 403"),
    "POST /api/v1/workflows": (UPLOAD, UPLOAD),
    "POST /api/v1/imports": (UPLOAD, UPLOAD),
    "GET /api/v1/screenshots/{screenshot_id}": (PRIVATE_READ, TEAM_READ),
    "GET /api/v1/workflows": (OF_ONES_OWN, OF_ONES_OWN),
    "GET /api/v1/folders": (OF_ONES_OWN, OF_ONES_OWN),
    "POST /api/v1/folders": (UPLOAD, UPLOAD),
    "PATCH /api/v1/folders/{folder_id}": (
        "                                      200   200       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "DELETE /api/v1/folders/{folder_id}": (
        "                                      204   204       403    204   401       401     403",
        "                                      204   204       403    204   401       401     403",
    ),
    "GET /api/v1/tags": (OF_ONES_OWN, OF_ONES_OWN),
    "GET /api/v1/workflows/{workflow_id}": (PRIVATE_READ, TEAM_READ),
    "PATCH /api/v1/workflows/{workflow_id}": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "DELETE /api/v1/workflows/{workflow_id}": (
        "                                      204   404       403    204   401       401     403",
        "                                      204   403       403    204   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/steps": (
        "                                      201   404       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    "PATCH /api/v1/workflows/{workflow_id}/steps/{step_id}": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "DELETE /api/v1/workflows/{workflow_id}/steps/{step_id}": (
        "                                      204   404       403    204   401       401     403",
        "                                      204   204       403    204   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/steps/{step_id}/redactions": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/redactions": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/order": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/duplicate": (
        "                                      201   404       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    # One step cannot be merged or split, nor can a workflow be added to itself: who may do it is told so.
    "POST /api/v1/workflows/{workflow_id}/steps/merge": (
        "                                      422   404       403    422   401       401     403",
        "                                      422   422       403    422   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/split": (
        "                                      422   404       403    422   401       401     403",
        "                                      422   422       403    422   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/append": (
        "                                      422   404       403    422   401       401     403",
        "                                      422   422       403    422   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/label": (
        "                                      202   404       403    202   401       401     403",
        "                                      202   202       403    202   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/steps/{step_id}/proposals": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/proposals/{n}/accept": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/proposals/{n}/reject": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/proposals/accept": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/proposals/reject": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/edits": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/workflows/{workflow_id}/undo": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/steps/{step_id}/labels": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/confirm": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "GET /api/v1/usage": (OF_ONES_OWN, OF_ONES_OWN),
    "GET /api/v1/settings": (ADMINS_ONLY, ADMINS_ONLY),
    "PATCH /api/v1/settings": (ADMINS_ONLY, ADMINS_ONLY),
    "GET /api/v1/workflows/{workflow_id}/labeling": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/workflows/{workflow_id}/labeling/cancel": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/labeling/events": (PRIVATE_READ, TEAM_READ),
    "GET /api/v1/workflows/{workflow_id}/review": (PRIVATE_READ, TEAM_READ),
    "GET /api/v1/workflows/{workflow_id}/steps/{step_id}/sent": (PRIVATE_READ, TEAM_READ),
    "GET /api/v1/workflows/{workflow_id}/export": (PRIVATE_READ, TEAM_READ),
    "POST /api/v1/exports": (
        "                                      202   404       404    202   401       401     202",
        "                                      202   202       202    202   401       401     202",
    ),
    # An export is its person's alone, whoever else may see what is in it.
    "GET /api/v1/exports/{export_id}": (ONES_OWN_ALONE, ONES_OWN_ALONE),
    "GET /api/v1/exports/{export_id}/file": (ONES_OWN_ALONE, ONES_OWN_ALONE),
    "GET /api/v1/workflows/{workflow_id}/shares": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/shares": (
        "                                      201   404       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    "DELETE /api/v1/shares/{share_id}": (
        "                                      204   404       403    204   401       401     403",
        "                                      204   204       403    204   401       401     403",
    ),
    # Whoever has the link, whoever else they are.
    "GET /api/v1/s/{secret}": (OPEN, OPEN),
    "GET /api/v1/runs": (OF_ONES_OWN, OF_ONES_OWN),
    "POST /api/v1/runs": (
        "                                      202   202       403    202   401       401     403",
        "                                      202   202       403    202   401       401     403",
    ),
    # One that the caller may not see is so in the answer, like one that is not there.
    "POST /api/v1/runs/retry": (
        "                                      200   200       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/runs/acknowledge": (
        "                                      200   200       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "POST /api/v1/runs/{run_id}/retry": (
        "                                      202   404       403    202   401       401     403",
        "                                      202   202       403    202   401       401     403",
    ),
    "POST /api/v1/runs/{run_id}/acknowledge": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    # Agents: only POST is answered, and only for who brings a token.
    "MOUNT /mcp": (
        "                                      405   405       405    405   401       401     405",
        "                                      405   405       405    405   401       401     405",
    ),
    # Pages know people by their session: `revoked` has ended it, `reader` comes with a token and without one.
    "MOUNT /static": (NO_FILE, NO_FILE),
    "GET /sign-in": (
        "                                      303   303       303    303   200       200     200",
        "                                      303   303       303    303   200       200     200",
    ),
    "POST /sign-in": (WRONG_PASSWORD, WRONG_PASSWORD),
    "GET /sign-in/oidc": (NO_FILE, NO_FILE),  # not set up
    "GET /sign-in/oidc/callback": (NO_FILE, NO_FILE),
    "GET /sign-in/{secret}": (OPEN, OPEN),
    "POST /sign-in/{secret}": (WRONG_PASSWORD, WRONG_PASSWORD),
    "POST /sign-out": (
        "                                      303   303       303    303   303       303     303",
        "                                      303   303       303    303   303       303     303",
    ),
    "GET /": (
        "                                      200   200       200    200   303       303     303",
        "                                      200   200       200    200   303       303     303",
    ),
    "GET /work": (TEAM_PAGE, TEAM_PAGE),
    "POST /work/retry": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /work/acknowledge": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /settings": (EVERYWHERE, EVERYWHERE),
    "POST /language": (EVERYWHERE, EVERYWHERE),
    "GET /settings/account": (TEAM_PAGE, TEAM_PAGE),
    "POST /settings/account": (
        "                                      422   422       422    422   303       303     303",
        "                                      422   422       422    422   303       303     303",
    ),
    "GET /settings/people": (ADMINS_PAGE, ADMINS_PAGE),
    "POST /settings/people": (ADMINS_PAGE, ADMINS_PAGE),
    "POST /settings/people/{user_id}/role": (NOBODY_FOUND, NOBODY_FOUND),
    "POST /settings/people/{user_id}/disable": (NOBODY_FOUND, NOBODY_FOUND),
    "POST /settings/people/{user_id}/enable": (NOBODY_FOUND, NOBODY_FOUND),
    "POST /settings/people/{user_id}/link": (NOBODY_FOUND, NOBODY_FOUND),
    "POST /settings/people/{user_id}/reset": (NOBODY_FOUND, NOBODY_FOUND),
    "GET /settings/tokens": (TEAM_PAGE, TEAM_PAGE),
    "POST /settings/tokens": (TEAM_PAGE, TEAM_PAGE),
    "POST /settings/tokens/{token_id}/revoke": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   404       404    303   303       303     303",
    ),
    "GET /settings/labelling": (ADMINS_PAGE, ADMINS_PAGE),
    "POST /settings/labelling": (
        "                                      403   403       403    303   303       303     303",
        "                                      403   403       403    303   303       303     303",
    ),
    "POST /settings/labelling/check": (ADMINS_PAGE, ADMINS_PAGE),
    "GET /settings/backup": (ADMINS_PAGE, ADMINS_PAGE),
    "POST /settings/backup": (ADMINS_PAGE, ADMINS_PAGE),
    "GET /settings/webhooks": (
        "                                      403   403       403    200   303       303     303",
        "                                      403   403       403    200   303       303     303",
    ),
    "POST /settings/webhooks": (
        "                                      403   403       403    201   303       303     303",
        "                                      403   403       403    201   303       303     303",
    ),
    "GET /settings/webhooks/{webhook_id}": (
        "                                      403   403       403    200   303       303     303",
        "                                      403   403       403    200   303       303     303",
    ),
    "POST /settings/webhooks/{webhook_id}": (
        "                                      403   403       403    303   303       303     303",
        "                                      403   403       403    303   303       303     303",
    ),
    "POST /settings/webhooks/{webhook_id}/{action}": (
        "                                      403   403       403    303   303       303     303",
        "                                      403   403       403    303   303       303     303",
    ),
    "POST /settings/webhooks/{webhook_id}/deliveries/{delivery_id}/again": (
        "                                      403   403       403    303   303       303     303",
        "                                      403   403       403    303   303       303     303",
    ),
    "GET /progress": (OF_A_VISITOR, OF_A_VISITOR),
    # One that the caller may not change is named as left out on the next page, like one that is not there.
    "POST /bulk": (SENT, SENT),
    "POST /bulk/export": (SENT, SENT),
    "POST /samples": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /trash": (OF_A_VISITOR, OF_A_VISITOR),
    "GET /folders": (OF_A_VISITOR, OF_A_VISITOR),
    "POST /folders": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /folders/{folder_id}": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /folders/{folder_id}/delete": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /workflows/{workflow_id}": (PRIVATE_PAGE, TEAM_PAGE),
    "GET /workflows/{workflow_id}/organise": (PRIVATE_PAGE, TEAM_PAGE),
    "POST /workflows/{workflow_id}/organise": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /workflows/{workflow_id}/live": (PRIVATE_PAGE, TEAM_PAGE),
    "GET /workflows/{workflow_id}/exports": (PRIVATE_PAGE, TEAM_PAGE),
    "POST /workflows/{workflow_id}/exports": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       303    303   303       303     303",
    ),
    "GET /exports/{export_id}": (PAGE_OF_ONES_OWN, PAGE_OF_ONES_OWN),
    "GET /exports/{export_id}/file": (PAGE_OF_ONES_OWN, PAGE_OF_ONES_OWN),
    "GET /workflows/{workflow_id}/read": (PRIVATE_PAGE, TEAM_PAGE),
    "GET /workflows/{workflow_id}/share": (
        "                                      200   404       404    200   303       303     303",
        "                                      200   200       403    200   303       303     303",
    ),
    "POST /workflows/{workflow_id}/share": (
        "                                      201   404       404    201   303       303     303",
        "                                      201   201       403    201   303       303     303",
    ),
    "POST /workflows/{workflow_id}/share/visibility": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   403       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/share/{share_id}/revoke": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /s/{secret}": (OPEN, OPEN),
    "GET /s/{secret}/guide.md": (OPEN, OPEN),
    "GET /s/{secret}/pictures/{screenshot_id}": (OPEN, OPEN),
    "POST /workflows/{workflow_id}/label": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/labeling/cancel": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /workflows/{workflow_id}/steps/{step_id}/redact": (
        "                                      200   404       404    200   303       303     303",
        "                                      200   200       403    200   303       303     303",
    ),
    "POST /workflows/{workflow_id}/steps/{step_id}/redact": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/steps/{step_id}/proposals/{n}/{decision}": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/proposals/{decision}": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/about": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/status": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/undo": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "GET /workflows/{workflow_id}/edit": (
        "                                      200   404       404    200   303       303     303",
        "                                      200   200       403    200   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/order": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/move": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/remove": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/duplicate": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/insert": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/heading": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/variables": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/variables/remove": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/merge": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/note": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/split": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "POST /workflows/{workflow_id}/edit/append": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "GET /workflows/{workflow_id}/history": (PRIVATE_PAGE, TEAM_PAGE),
    "GET /workflows/{workflow_id}/review": (PRIVATE_PAGE, TEAM_PAGE),
    "POST /workflows/{workflow_id}/review/{step_id}/check": (PRIVATE_PAGE, TEAM_PAGE),
    "POST /workflows/{workflow_id}/review/{step_id}/save": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/review/{step_id}/accept": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/review/{step_id}/reject": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/review/{step_id}/reuse": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/review/{step_id}/remove": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /workflows/{workflow_id}/review/{step_id}/relabel": (
        "                                      303   404       404    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
}

Body = Callable[["Things"], dict[str, Any]]

HOOK: dict[str, Any] = {"url": "https://hooks.example/in", "events": ["workflow.published"]}

BODIES: dict[str, Body] = {
    "POST /api/v1/folders": lambda things: {"json": {"name": f"New {things.folder_id}"}},
    "PATCH /api/v1/folders/{folder_id}": lambda things: {"json": {"name": f"Renamed {things.folder_id}"}},
    "POST /folders": lambda things: {"data": {"name": f"New {things.folder_id}"}},
    "POST /folders/{folder_id}": lambda things: {"data": {"name": f"Renamed {things.folder_id}"}},
    "POST /bulk": lambda things: {"data": {"do": "trash", "id": things.workflow_id}},
    "POST /api/v1/tokens": lambda _: {"json": {"name": "another", "scopes": ["read"]}},
    "POST /api/v1/screenshots": lambda things: {"files": {"file": ("a.png", picture(100 + things.number))}},
    "POST /api/v1/workflows": lambda _: {"json": recording()},
    "POST /api/v1/imports": lambda _: {"files": {"file": ("a.json", RecordingIn(**recording()).model_dump_json())}},
    "GET /api/v1/workflows/{workflow_id}/export": lambda _: {"params": {"format": "zip"}},
    "POST /api/v1/exports": lambda things: {"json": {"workflow_ids": [things.workflow_id], "format": "pdf"}},
    "POST /workflows/{workflow_id}/exports": lambda _: {"data": {"format": "pdf"}},
    "POST /api/v1/runs/retry": lambda things: {"json": {"run_ids": [things.run_id]}},
    "POST /api/v1/runs/acknowledge": lambda things: {"json": {"run_ids": [things.run_id]}},
    "POST /api/v1/workflows/{workflow_id}/shares": lambda _: {"json": {"name": "Acme"}},
    "POST /workflows/{workflow_id}/share/visibility": lambda _: {"data": {"visibility": "private"}},
    "GET /s/{secret}/pictures/{screenshot_id}": lambda _: {"params": {"step": 1, "size": "thumb"}},
    "POST /api/v1/webhooks": lambda _: {"json": HOOK},
    "PATCH /api/v1/webhooks/{webhook_id}": lambda _: {"json": {"events": ["workflow.labelled"]}},
    "POST /settings/webhooks": lambda _: {"data": {"url": HOOK["url"], "event": HOOK["events"]}},
    "POST /settings/webhooks/{webhook_id}": lambda _: {"data": {"url": HOOK["url"], "event": HOOK["events"]}},
    "POST /sign-in": lambda _: {"data": {"email": "editor@example.com", "password": "wrong"}},
    "POST /settings/people": lambda things: {"data": {"name": "New", "email": f"new-{things.step_id}@example.com"}},
    "POST /settings/tokens": lambda _: {"data": {"name": "another", "scope": "read"}},
    "POST /work/retry": lambda things: {"data": {"run": str(things.run_id)}},
    "POST /work/acknowledge": lambda things: {"data": {"run": str(things.run_id)}},
    "PATCH /api/v1/settings": lambda _: {"json": {"values": {"click_verb": "Select"}}},
    "PATCH /api/v1/workflows/{workflow_id}": lambda _: {"json": {"name": "Another name"}},
    "POST /api/v1/workflows/{workflow_id}/steps": lambda _: {"json": step()},
    "PATCH /api/v1/workflows/{workflow_id}/steps/{step_id}": lambda _: {"json": {"version": 1, "value": "x"}},
    "POST /api/v1/workflows/{workflow_id}/steps/{step_id}/redactions": lambda _: {
        "json": {"boxes": [{"x": 0, "y": 0, "width": 0.5, "height": 0.5}], "unit": "fraction"}
    },
    "POST /workflows/{workflow_id}/steps/{step_id}/redact": lambda _: {
        "data": {"left": "0", "top": "0", "width": "50", "height": "50", "use": "0"}
    },
    "POST /workflows/{workflow_id}/about": lambda _: {"data": {"version": "1", "name": "Another name"}},
    "POST /workflows/{workflow_id}/status": lambda _: {"data": {"status": "processing"}},
    "POST /workflows/{workflow_id}/undo": lambda things: {"data": {"edit": str(things.edit_id)}},
    "POST /workflows/{workflow_id}/review/{step_id}/save": lambda _: {
        "data": {"version": "1", "field_label": "Contact", "instruction": "Add it."}
    },
    "POST /workflows/{workflow_id}/review/{step_id}/accept": lambda _: {"data": {"version": "1"}},
    "POST /workflows/{workflow_id}/review/{step_id}/reject": lambda _: {"data": {"n": "1"}},
    "POST /workflows/{workflow_id}/review/{step_id}/reuse": lambda things: {
        "data": {"version": "1", "label": str(things.label_id)}
    },
    "POST /workflows/{workflow_id}/review/{step_id}/remove": lambda _: {"data": {"version": "1"}},
    "POST /api/v1/workflows/{workflow_id}/undo": lambda things: {"json": {"edit_id": things.edit_id}},
    "POST /api/v1/workflows/{workflow_id}/order": lambda things: {"json": {"step_ids": [things.step_id]}},
    "POST /api/v1/workflows/{workflow_id}/steps/merge": lambda things: {"json": {"step_ids": [things.step_id] * 2}},
    "POST /api/v1/workflows/{workflow_id}/split": lambda things: {
        "json": {"before_step_id": things.step_id, "name": "Second half"}
    },
    "POST /api/v1/workflows/{workflow_id}/append": lambda things: {"json": {"workflow_id": things.workflow_id}},
    **{
        f"POST /workflows/{{workflow_id}}/edit/{form}": lambda things: {
            "data": {"step": str(things.step_id), "text": "Mind the gap.", "name": "Second half"}
        }
        for form in ("order", "move", "remove", "duplicate", "insert", "merge", "split", "append")
    },
    **{
        f"POST /workflows/{{workflow_id}}/edit/{form}": lambda things: {
            "data": {"step": str(things.step_id), "text": "Mind the gap.", "version": "1"}
        }
        for form in ("heading", "note")
    },
    "POST /workflows/{workflow_id}/edit/variables": lambda _: {"data": {"name": "customer"}},
    "POST /workflows/{workflow_id}/edit/variables/remove": lambda _: {"data": {"name": "customer"}},
}

NOBODYS: dict[str, Any] = {
    **dict.fromkeys(
        (
            "workflow_id",
            "step_id",
            "run_id",
            "token_id",
            "export_id",
            "share_id",
            "webhook_id",
            "delivery_id",
            "folder_id",
        ),
        2**62,
    ),
    "folder_id": 2**62,
    "screenshot_id": "f" * 32,
    "secret": "x" * 43,
}
OTHER = {"path": "nothing", "n": 1, "decision": "accept", "user_id": 2**40, "action": "test"}


@dataclass(frozen=True)
class Things:
    """One workflow of the owner, with what belongs to it."""

    number: int
    workflow_id: int
    step_id: int
    run_id: int
    screenshot_id: str
    token_id: int
    export_id: int
    share_id: int
    secret: str
    """Of its link."""
    webhook_id: int
    delivery_id: int
    edit_id: int
    label_id: int
    folder_id: int


def no_body(_: Things) -> dict[str, Any]:
    return {}


def things(owner: Actor, visibility: Visibility, number: int) -> Things:
    """A fresh workflow of `owner`, whose labelling waits for a person, as does what a model says beside their words."""
    with transaction() as session:
        screenshot, _ = storage.store(
            session, get_store(), owner_id=owner.user_id, data=picture(number), max_bytes=10**6, max_pixels=10**6
        )
        content = RecordingIn(**recording(steps=[step(screenshot_id=screenshot.id)]))
        made = recordings.store(session, owner, recordings.prepare(content))
        session.execute(update(Workflow).where(Workflow.id == made.workflow_id).values(visibility=visibility))
        given_up = update(LabelingRun).where(LabelingRun.id == made.run_id)
        session.execute(given_up.values(state=RunState.NEEDS_ATTENTION, due_at=None))
        step_id = steps.listed(session, made.workflow_id)[0].step.id
        labels.add(session, {step_id: labels.by_person("Contact", "Add the contact.", owner.user_id)})
        labels.add(session, {step_id: NewLabel("New", "Click New.", source=LabelSource.AI)})
        export_id = exports.request(session, owner, [made.workflow_id], "json").id
        share, secret = shares.create(session, made.workflow_id, owner)
        hook = Webhook(url=HOOK["url"], events=[], secret=signing.new_secret(), created_by=owner.user_id, given_up=0)
        session.add(hook)
        session.flush()
        (delivery_id,) = outbox.add(session, [hook.id], "webhook.test", {})
        workflow = session.get_one(Workflow, made.workflow_id)
        edit_id = edits.record(session, workflow, owner, "workflow_changed", before={}, after={}).id
        label_id = labels.history(session, step_id)[0].id
        folder = folders.create(session, owner, f"Folder {made.workflow_id}")
    making.make(export_id)
    token_id, _ = token_of(owner)
    return Things(
        number,
        made.workflow_id,
        step_id,
        made.run_id,
        screenshot.id,
        token_id,
        export_id,
        share.id,
        secret,
        hook.id,
        delivery_id,
        edit_id,
        label_id,
        folder.id,
    )


def call(caller: Caller, route: str, body: dict[str, Any], **numbers: Any) -> Any:
    method, path = route.replace("MOUNT", "GET").split(" ", 1)
    url = path.format(**numbers, **OTHER)
    if is_page(route) and method == "POST":
        body = {"data": {"csrf": caller.headers.get(CSRF_HEADER, ""), **body.get("data", {})}}
    return caller.request(
        method, url.removeprefix(API) if url.startswith(API) else f"/{url}", follow_redirects=False, **body
    )


def is_page(route: str) -> bool:
    return not route.split(" ")[1].startswith(("/api/", "/mcp", "/health/", "/metrics", "/openapi.json"))


def routes(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        if route.methods is None:
            yield f"MOUNT /{(route.path or '').split('/')[1]}"
        else:
            yield from (f"{method} {route.path_format}" for method in sorted(route.methods - {"HEAD"}))


@pytest.fixture(autouse=True)
def many_wrong_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allowed, for the sake of the table."""
    monkeypatch.setenv("SIGN_IN_ATTEMPTS_PER_MINUTE", "1000")


@pytest.fixture
def callers(request: pytest.FixtureRequest, client: TestClient) -> dict[str, Caller]:
    assert client is not None
    return {name: request.getfixturevalue(f"as_{name}") for name in CALLERS}


@pytest.fixture
def visitors(client: TestClient, request: pytest.FixtureRequest, as_reader: Caller) -> dict[str, Caller]:
    """The same people in their browsers."""
    actors = {"owner": "editor", "revoked": "editor"}
    found = {
        name: in_browser(client, request.getfixturevalue(actors.get(name, name)))
        for name in ("owner", "colleague", "viewer", "admin", "revoked")
    }
    assert call(found["revoked"], "POST /sign-out", {}).status_code == 303
    return {**found, "anonymous": Caller(client), "reader": as_reader}


def test_every_route_has_a_row(app: FastAPI) -> None:
    assert sorted(TABLE) == sorted(routes(app))


@pytest.mark.parametrize("route", TABLE)
def test_callers_get_what_the_table_says(
    route: str, callers: dict[str, Caller], visitors: dict[str, Caller], editor: Actor
) -> None:
    body = BODIES.get(route, no_body)
    for visibility, row in zip((Visibility.PRIVATE, Visibility.TEAM), TABLE[route], strict=True):
        got, own, used = {}, None, 0
        for name in CALLERS:
            if own is None:
                used += 1
                own = things(editor, visibility, used)
            caller = (visitors if is_page(route) else callers)[name]
            got[name] = call(caller, route, body(own), **vars_of(own)).status_code
            if got[name] < 400 and not route.startswith("GET"):
                own = None  # it is no longer what it was
        assert got == dict(zip(CALLERS, map(int, row.split()), strict=True)), visibility


@pytest.mark.parametrize(
    "route", [route for route in TABLE if "{" in route and not re.search("token|secret|folder", route)]
)
def test_a_private_workflow_cannot_be_told_from_none(
    route: str, callers: dict[str, Caller], visitors: dict[str, Caller], editor: Actor
) -> None:
    """Not even by the words of the answer."""
    body = BODIES.get(route, no_body)
    private = things(editor, Visibility.PRIVATE, 1)
    for name in ("colleague", "viewer", "anonymous"):
        caller = (visitors if is_page(route) else callers)[name]
        theirs = call(caller, route, body(private), **vars_of(private))
        nobodys = call(caller, route, body(private), **NOBODYS)
        assert theirs.status_code in {303, 401, 403, 404}
        assert anonymised(theirs) == anonymised(nobodys), name


def test_a_share_link_opens_nothing_but_its_guide(client: TestClient, editor: Actor) -> None:
    """Neither in an address, nor as an API token, nor as a session's cookie."""
    own = things(editor, Visibility.PRIVATE, 1)
    cookie = f"{session_cookie.name()}={own.secret}"
    ways = (
        {"Authorization": f"Bearer {own.secret}"},
        {"Cookie": cookie, CSRF_HEADER: sessions.csrf_token(own.secret)},
    )
    for route, (private, _) in TABLE.items():
        expected = int(private.split()[CALLERS.index("anonymous")])
        for headers in ways:
            body = BODIES.get(route, no_body)(own)
            assert call(Caller(client, headers), route, body, **vars_of(own)).status_code == expected, route


@pytest.mark.parametrize("route", [route for route in TABLE if "/s/{secret}" in route])
def test_a_revoked_share_link_opens_nothing_to_anybody(
    route: str, callers: dict[str, Caller], visitors: dict[str, Caller], editor: Actor
) -> None:
    own = things(editor, Visibility.TEAM, 1)
    with transaction() as session:
        shares.revoke(session, own.share_id, editor)
    for name in CALLERS:
        caller = (visitors if is_page(route) else callers)[name]
        assert call(caller, route, BODIES.get(route, no_body)(own), **vars_of(own)).status_code == 404, name


def test_lists_hold_nothing_private_of_others(callers: dict[str, Caller], editor: Actor) -> None:
    private, team = things(editor, Visibility.PRIVATE, 1), things(editor, Visibility.TEAM, 2)
    for name, seen in (("owner", 2), ("reader", 2), ("admin", 2), ("colleague", 1), ("viewer", 1)):
        found = callers[name].get("/workflows?q=contact").json()["items"]
        assert {item["id"] for item in found} == {team.workflow_id, private.workflow_id} - (
            {private.workflow_id} if seen == 1 else set()
        )
        waiting = callers[name].get("/runs?state=needs_attention").json()["items"]
        assert len(waiting) == seen, name


def test_a_token_goes_no_further_than_its_persons_role(callers: dict[str, Caller]) -> None:
    for name, scopes in (("viewer", ["write"]), ("owner", ["admin"]), ("reader", ["read"])):
        answer = callers[name].post("/tokens", json={"name": "more", "scopes": scopes})
        assert answer.status_code == 403, name


def test_others_private_screenshot_cannot_be_taken_into_ones_own_workflow(
    callers: dict[str, Caller], editor: Actor
) -> None:
    private = things(editor, Visibility.PRIVATE, 1)
    answer = callers["colleague"].post("/workflows", json=recording(steps=[step(screenshot_id=private.screenshot_id)]))
    assert answer.status_code == 422
    assert "Step 1 names the screenshot" in answer.json()["detail"]


def anonymised(answer: Any) -> tuple[int, str]:
    """The answer without what is another in each."""
    text = re.sub(
        r"(workflows|steps|exports|webhooks)/\d+", r"\1/…", str(answer.headers.get("location", "")) + answer.text
    )
    return answer.status_code, text.replace(answer.headers["x-request-id"], "…")


def vars_of(own: Things) -> dict[str, Any]:
    return {name: getattr(own, name) for name in NOBODYS}
