"""Static files, under an address that changes with their content: a browser keeps them for good."""

import hashlib
import os
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


PREFIX = f"/static/{_digest(FOLDER)}"
"""One version for all, so that a module finds its neighbours by relative addresses."""


def asset(path: str) -> str:
    """The address of a static file."""
    return f"{PREFIX}/{path}"


class _Immutable(StaticFiles):
    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Serve the folder `static`."""
    app.mount(PREFIX, _Immutable(directory=FOLDER), name="static")
