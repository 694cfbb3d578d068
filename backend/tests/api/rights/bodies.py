"""What is sent to the routes that want a body."""

from collections.abc import Callable
from typing import Any

from app.recordings.schema import RecordingIn
from tests.api.bodies import picture, recording, step
from tests.api.rights.things import HOOK, Things

Body = Callable[[Things], dict[str, Any]]


def body_of(route: str, things: Things) -> dict[str, Any]:
    """Nothing, for most."""
    return BODIES[route](things) if route in BODIES else {}


BODIES: dict[str, Body] = {
    "POST /api/v1/folders": lambda things: {"json": {"name": f"New {things.workflow_id}"}},
    "PATCH /api/v1/folders/{folder_id}": lambda things: {"json": {"name": f"Renamed {things.workflow_id}"}},
    "POST /folders": lambda things: {"data": {"name": f"New {things.workflow_id}"}},
    "POST /folders/{folder_id}": lambda things: {"data": {"name": f"Renamed {things.workflow_id}"}},
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
    "POST /background/retry": lambda things: {"data": {"run": str(things.run_id)}},
    "POST /background/acknowledge": lambda things: {"data": {"run": str(things.run_id)}},
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
    "POST /api/v1/workflows/{workflow_id}/recordings": lambda _: {"json": recording()},
    "POST /api/v1/workflows/{workflow_id}/recordings/file": lambda _: {
        "files": {"file": ("a.json", RecordingIn(**recording()).model_dump_json())}
    },
    "POST /api/v1/workflows/{workflow_id}/recordings/{recording_id}/apply": lambda _: {"json": {"basis": "none"}},
    "POST /api/v1/workflows/{workflow_id}/recordings/{recording_id}/steps/{position}/redactions": lambda _: {
        "json": {"boxes": [{"x": 0, "y": 0, "width": 0.5, "height": 0.5}], "unit": "fraction"}
    },
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
