"""What programs may do: REST, MCP, health."""

from tests.api.rights.rows import ADMINS_ONLY, OF_ONES_OWN, ONES_OWN_ALONE, OPEN, PRIVATE_READ, TEAM_READ, UPLOAD

PROGRAMS: dict[str, tuple[str, str]] = {
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
    # A new recording of a task is for those alone who may change the workflow, to look at, too.
    "POST /api/v1/workflows/{workflow_id}/recordings": (
        "                                      201   404       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/recordings/file": (
        "                                      201   404       403    201   401       401     403",
        "                                      201   201       403    201   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/recordings": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "GET /api/v1/workflows/{workflow_id}/recordings/{recording_id}": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    # Nobody looked at the comparison that these choices are of: who may choose is told so.
    "POST /api/v1/workflows/{workflow_id}/recordings/{recording_id}/apply": (
        "                                      409   404       403    409   401       401     403",
        "                                      409   409       403    409   401       401     403",
    ),
    "POST /api/v1/workflows/{workflow_id}/recordings/{recording_id}/steps/{position}/redactions": (
        "                                      200   404       403    200   401       401     403",
        "                                      200   200       403    200   401       401     403",
    ),
    "DELETE /api/v1/workflows/{workflow_id}/recordings/{recording_id}": (
        "                                      204   404       403    204   401       401     403",
        "                                      204   204       403    204   401       401     403",
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
}
