"""What people may do in a browser."""

from tests.api.rights.rows import (
    ADMINS_PAGE,
    EVERYWHERE,
    NO_FILE,
    NOBODY_FOUND,
    OF_A_VISITOR,
    OPEN,
    PAGE_OF_ONES_OWN,
    PRIVATE_PAGE,
    SENT,
    TEAM_PAGE,
    WRONG_PASSWORD,
)

PAGES: dict[str, tuple[str, str]] = {
    #                                   on a private workflow; on one of the team
    #                                          owner colleague viewer admin anonymous revoked reader
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
    "GET /recorder": (TEAM_PAGE, TEAM_PAGE),
    "GET /recorder/extension.zip": (TEAM_PAGE, TEAM_PAGE),
    "POST /recorder/token": (
        "                                      201   201       403    201   303       303     303",
        "                                      201   201       403    201   303       303     303",
    ),
    "GET /background": (TEAM_PAGE, TEAM_PAGE),
    "POST /background/retry": (
        "                                      303   303       403    303   303       303     303",
        "                                      303   303       403    303   303       303     303",
    ),
    "POST /background/acknowledge": (
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
    "GET /workflows/{workflow_id}/recordings": (
        "                                      200   404       404    200   303       303     303",
        "                                      200   200       403    200   303       303     303",
    ),
    # No file is sent, no comparison was looked at, and nothing was hidden before: who may do it is told so.
    "POST /workflows/{workflow_id}/recordings": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "GET /workflows/{workflow_id}/recordings/{recording_id}": (
        "                                      200   404       404    200   303       303     303",
        "                                      200   200       403    200   303       303     303",
    ),
    "POST /workflows/{workflow_id}/recordings/{recording_id}/apply": (
        "                                      409   404       404    409   303       303     303",
        "                                      409   409       403    409   303       303     303",
    ),
    "POST /workflows/{workflow_id}/recordings/{recording_id}/hide": (
        "                                      422   404       404    422   303       303     303",
        "                                      422   422       403    422   303       303     303",
    ),
    "POST /workflows/{workflow_id}/recordings/{recording_id}/dismiss": (
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
