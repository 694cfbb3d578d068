"""What people install to run it is enough to run it: tests see the tools' packages too, and would not notice."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from app.core.config import BACKEND

ENTRANCES = [
    "app.main",
    "app.tasks.ai_labeling",
    "app.tasks.maintenance",
    "kombu.transport.redis",
    "celery.backends.redis",
    "celery.bin.celery",
    "uvicorn.protocols.http.httptools_impl",
    *(f"app.commands.{path.stem}" for path in (BACKEND / "app" / "commands").glob("[a-z]*.py")),
    *(f"app.commands.up.{path.stem}" for path in (BACKEND / "app" / "commands" / "up").glob("[a-z]*.py")),
]
PROGRAM = """
import importlib, json, sys
hidden, names = map(json.loads, sys.argv[1:])
class Hider:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hider())
for name in names:
    importlib.import_module(name)
"""


def test_everything_starts_with_the_runtime_lock_alone() -> None:
    lock = (BACKEND / "requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)) | {"workflow-platform"}
    hidden = [
        module
        for module, owners in packages_distributions().items()
        if not locked & {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners}
    ]
    assert "pytest" in hidden
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(hidden), json.dumps(ENTRANCES)],
        capture_output=True,
        text=True,
        check=False,
        cwd=BACKEND,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
