"""The OpenAPI document: FastAPI's, with the bodies that endpoints parse themselves and the one form of errors."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.forms import ErrorRead
from app.recordings.schema import RecordingIn

REF = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Make `app` answer `/openapi.json` with this module's document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI documents this as the way to extend it


def _build(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = schema["components"]["schemas"]
    for model in (RecordingIn, ErrorRead):
        own = model.model_json_schema(ref_template=REF)
        schemas.update(own.pop("$defs", {}))
        schemas[model.__name__] = own
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    error = {
        "description": "What is wrong and what to do.",
        "content": {"application/json": {"schema": {"$ref": REF.format(model="ErrorRead")}}},
    }
    for path, methods in schema["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["4XX"] = error
            operation["responses"]["5XX"] = error
    return schema
