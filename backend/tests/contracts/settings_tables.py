"""Writes every setting into docs/configuration.md and .env.example: `make docs`."""

from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app.core.config import BACKEND, Settings

ROOT = BACKEND.parent
CONFIGURATION = ROOT / "docs" / "configuration.md"
EXAMPLE = ROOT / ".env.example"
BEGIN, END = "<!-- settings -->\n", "<!-- end of settings -->"
HEAD = """\
# Every setting with its default. Copy this file to .env (here or in backend/) and take away the # of those
# that you change. What stands in the environment goes before what stands in the file.
"""


def default_of(field: FieldInfo) -> str:
    """As one would write it in the environment; empty: none."""
    if isinstance(field.default, Path):
        return f"{field.default.relative_to(ROOT)}/"
    if field.default is None:
        return ""
    return str(field.default).lower() if field.annotation is bool else str(field.default)


def is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def row(name: str, field: FieldInfo) -> str:
    default = f"`{default_of(field)}`" if default_of(field) else "none"
    description = (field.description or "").replace("|", r"\|")
    return f"| `{name.upper()}` | {default} | {description}{' (secret)' if is_secret(field) else ''} |\n"


def configuration(text: str) -> str:
    """The page with its table written anew."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    rows = "".join(row(name, field) for name, field in Settings.model_fields.items())
    return f"{before}{BEGIN}| variable | default | what it does |\n|---|---|---|\n{rows}{END}{after}"


def example() -> str:
    """A `.env` in which every setting is commented out."""
    return HEAD + "".join(
        f"\n# {field.description}\n#{name.upper()}={default_of(field)}\n"
        for name, field in Settings.model_fields.items()
    )


if __name__ == "__main__":
    CONFIGURATION.write_text(configuration(CONFIGURATION.read_text("utf-8")), "utf-8")
    EXAMPLE.write_text(example(), "utf-8")
