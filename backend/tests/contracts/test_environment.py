"""Only the settings read the environment."""

import ast
from pathlib import Path

import pytest

from app.core.config import BACKEND

FORBIDDEN = {"environ", "environb", "getenv"}
MODULES = [path for path in (BACKEND / "app").rglob("*.py") if path != BACKEND / "app" / "core" / "config.py"]


def reads_environment(source: str) -> list[int]:
    """Lines that use `os.environ` or `os.getenv`, however they were imported."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in FORBIDDEN)
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and FORBIDDEN & {name.name for name in node.names})
    ]


@pytest.mark.parametrize(
    "source", ["import os\nos.environ['X']", "import os as o\no.getenv('X')", "from os import environ"]
)
def test_reading_is_noticed(source: str) -> None:
    assert reads_environment(source)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BACKEND)))
def test_module_leaves_the_environment_alone(path: Path) -> None:
    assert reads_environment(path.read_text("utf-8")) == []
