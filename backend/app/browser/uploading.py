"""A recording goes to a server: its pictures first, then the workflow, once however often it is tried."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from app.browser.errors import UploadFailed
from app.recordings.schema import RecordingIn

TRIES = 5
FIRST_WAIT_SECONDS = 0.5
TIMEOUT_SECONDS = 60
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504, 507})


def upload(
    recording: RecordingIn,
    pictures: Mapping[str, bytes],
    *,
    server: str,
    token: str,
    key: str,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """The workflow's address on the server. `key` makes a second upload find the first one's workflow."""
    base = server.rstrip("/")
    with httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT_SECONDS) as client:
        there = {
            name: _sent(client, sleep, "/api/v1/screenshots", files={"file": (f"{name}.png", data, "image/png")})["id"]
            for name, data in pictures.items()
        }
        steps = [
            step.model_copy(update={"screenshot_id": there.get(step.screenshot_id or "")}) for step in recording.steps
        ]
        body = recording.model_copy(update={"steps": steps}).model_dump_json(exclude_defaults=True)
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        created = _sent(client, sleep, "/api/v1/workflows", content=body.encode(), headers=headers)
    return f"{base}/workflows/{created['id']}"


def _sent(client: httpx2.Client, sleep: Callable[[float], None], path: str, **request: Any) -> dict[str, Any]:
    """The server's answer; tried again where that may help."""
    wait, problem = FIRST_WAIT_SECONDS, ""
    for attempt in range(TRIES):
        if attempt:
            sleep(wait)
            wait *= 2
        try:
            answer = client.post(path, **request)
        except httpx2.TransportError as error:
            problem = f"{client.base_url} cannot be reached ({type(error).__name__})."
            continue
        if answer.is_success:
            found: dict[str, Any] = answer.json()
            return found
        problem = _problem(answer)
        if answer.status_code not in _WORTH_ANOTHER_TRY:
            break
    raise UploadFailed(f"The server did not take the recording: {problem}")


def _problem(answer: httpx2.Response) -> str:
    try:
        return f"{answer.json()['detail']} ({answer.status_code})"
    except (ValueError, KeyError, TypeError):
        return f"it answered {answer.status_code}."
