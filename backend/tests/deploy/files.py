"""The files in `deploy/`, and what of them several tests look at."""

import re
from pathlib import Path
from typing import Any

import yaml

from app.core.config import BACKEND, Settings

ROOT = BACKEND.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}


def read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def variables(path: Path) -> dict[str, str]:
    """Those that an environment file sets, and those that it suggests behind a `#`."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", path.read_text("utf-8"), re.MULTILINE))
