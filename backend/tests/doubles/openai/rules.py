"""What a server of a flavour refuses a request for."""

from dataclasses import dataclass
from typing import Any

from tests.doubles.openai.errors import ApiError, invalid
from tests.doubles.openai.flavours import Flavour
from tests.doubles.openai.requests import DATA_URL, Image, Request, Text
from tests.doubles.pictures import NotBase64, Size, UnreadablePicture, measure


@dataclass(frozen=True, slots=True)
class Picture:
    """One of a request."""

    path: str
    size: Size
    sent_bytes: int


def check(request: Request, flavour: Flavour, model: str) -> list[Picture]:
    """Raises ApiError; else the pictures of the request."""
    if request.model != model:
        raise ApiError(404, f"The model '{request.model}' does not exist", param="model", code="model_not_found")
    _format(request, flavour)
    images = [(path, part) for path, part in request.parts() if isinstance(part, Image)]
    if images and not flavour.vision:
        raise invalid("image input is not supported: this model takes text only", images[0][0])
    return [_picture(path, part) for path, part in images]


def _format(request: Request, flavour: Flavour) -> None:
    asked = request.response_format
    if asked is None:
        return
    if flavour.structured == "none":
        raise invalid("response_format is not supported by this server", "response_format")
    if asked.type == "json_schema" and flavour.structured == "json_object":
        message = "'response_format.type' must be 'text' or 'json_object'"
        raise invalid(message, "response_format.type")
    if (asked.json_schema is not None) != (asked.type == "json_schema"):
        raise invalid("Missing or unexpected parameter: 'response_format.json_schema'", "response_format.json_schema")
    if asked.type == "json_object" and not any(
        "json" in part.text.lower() for _, part in request.parts() if isinstance(part, Text)
    ):
        raise invalid("'messages' must contain the word 'json' to use 'response_format' of type 'json_object'.")
    if asked.json_schema is not None and asked.json_schema.strict:
        _strict(asked.json_schema.schema_, "()")


def _strict(schema: Any, place: str) -> None:
    """OpenAI's strict mode: closed objects, all of whose properties are required."""
    if isinstance(schema, list):
        for at, part in enumerate(schema):
            _strict(part, f"{place}[{at}]")
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            problem = "'additionalProperties' is required to be supplied and to be false"
            raise invalid(f"Invalid schema: In context={place}, {problem}.", "response_format")
        if set(schema.get("required", ())) != set(schema.get("properties", {})):
            problem = "'required' is required to be supplied and to be an array including every key in properties"
            raise invalid(f"Invalid schema: In context={place}, {problem}.", "response_format")
    for key in ("properties", "$defs", "definitions"):
        for name, inner in schema.get(key, {}).items():
            _strict(inner, f"{place}.{name}")
    for key in ("items", "anyOf", "allOf", "oneOf"):
        _strict(schema.get(key), f"{place}.{key}")


def _picture(path: str, part: Image) -> Picture:
    found = DATA_URL.match(part.image_url.url)
    if found is None:
        raise invalid(f"Invalid image URL at {path}: only data URLs are taken", path)
    media_type, data = found.groups()
    try:
        size = measure(data)
    except (NotBase64, UnreadablePicture):
        raise invalid(f"Invalid image at {path}", path, "invalid_image") from None
    if size.media_type != media_type:
        raise invalid(f"Invalid image at {path}: it is {size.media_type}", path, "invalid_image")
    return Picture(path, size, len(data))
