"""Errors that a person reads. A class names the situation, its docstring is the message, its status is HTTP's."""

import inspect
from typing import Any, ClassVar


class AppError(Exception):
    """Something went wrong."""

    status_code: ClassVar[int] = 500

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        """`detail` replaces the docstring's words; `facts` are further JSON-ready fields of the answer."""
        self.detail = detail or inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")
        self.facts = facts
        super().__init__(self.detail)

    @property
    def name(self) -> str:
        return type(self).__name__


class InvalidInput(AppError):
    """What was sent cannot be used."""

    status_code = 422


class TooLarge(AppError):
    """What was sent is larger than this server takes."""

    status_code = 413


class Conflict(AppError):
    """Somebody else changed this in the meantime: read it again, then repeat the change."""

    status_code = 409


class NotFound(AppError):
    """There is nothing here, or you may not see it."""

    status_code = 404


class Forbidden(AppError):
    """Your role or your token does not allow this."""

    status_code = 403


class Unauthenticated(AppError):
    """Sign in, or send a valid API token as "Authorization: Bearer wp_…"."""

    status_code = 401
