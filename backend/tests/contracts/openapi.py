"""`python -m tests.contracts.openapi`: write the API's description, which programs are written against."""

import json

from app.core.config import BACKEND
from app.main import create_app

FILE = BACKEND / "openapi.json"


def text() -> str:
    """What the file should hold."""
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False, sort_keys=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
