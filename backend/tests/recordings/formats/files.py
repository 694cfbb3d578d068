"""Pieces to build files of recordings from."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.core.config import Settings

LIMITS = Settings(
    max_steps=20, max_request_bytes=100_000, max_screenshot_bytes=50_000, max_import_unpacked_bytes=200_000
)


def recording(**changes: Any) -> dict[str, Any]:
    """The body of `POST /workflows`."""
    return {"name": "Create a contact", "steps": [step()]} | changes


def step(**changes: Any) -> dict[str, Any]:
    """A click on a button."""
    box = {"x": 1040, "y": 86, "width": 128, "height": 36}
    target = {"tag": "button", "role": "button", "name": "New contact", "box": box}
    return {"action": "click", "timestamp": "2026-11-23T10:00:00Z", "target": target} | changes


def envelope(**changes: Any) -> dict[str, Any]:
    """What an export wraps around a recording."""
    return {"format": "workflow-platform/1", "workflow": recording()} | changes


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def zipped(files: dict[str, bytes] | list[tuple[str | ZipInfo, bytes]], *, compression: int = ZIP_DEFLATED) -> bytes:
    """A zip of these files, in this order; names may come twice."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return buffer.getvalue()


def shown(*screenshots: str) -> bytes:
    """A `workflow.json` with a step for each screenshot."""
    return encoded(envelope(workflow=recording(steps=[step(screenshot_id=name) for name in screenshots])))


def flow(*steps: dict[str, Any], title: str = "Approve an expense") -> bytes:
    """A file of the DevTools Recorder."""
    return encoded({"title": title, "steps": list(steps)})
