"""What kinds of servers there are."""

from dataclasses import dataclass
from typing import Literal

Structured = Literal["json_schema", "json_object", "none"]
Style = Literal["plain", "prose", "fence", "trailing_comma", "all"]


@dataclass(frozen=True, slots=True)
class Flavour:
    """A server: which `response_format` it knows, whether its model sees, and how it writes when nothing holds it to
    JSON (`all`: prose around a fence around JSON with trailing commas)."""

    structured: Structured = "json_schema"
    vision: bool = True
    style: Style = "all"
    context: int = 32_768
    """Tokens of prompt and answer together."""
    key_wanted: bool = True
