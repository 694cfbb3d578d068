"""A recording as the zip that an import takes."""

import json
from collections.abc import Callable, Mapping

from app.guides import bundle
from app.guides.as_json import FORMAT
from app.recordings.schema import RecordingIn


def zipped(recording: RecordingIn, pictures: Mapping[str, bytes]) -> bytes:
    """The same content gives the same bytes."""
    body = recording.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps({"format": FORMAT, "workflow": body}, ensure_ascii=False, indent=1) + "\n"
    files = [(f"screenshots/{name}.png", _reading(data)) for name, data in sorted(pictures.items())]
    return b"".join(bundle.pieces([("workflow.json", text)], files))


def _reading(data: bytes) -> Callable[[], bytes]:
    return lambda: data
