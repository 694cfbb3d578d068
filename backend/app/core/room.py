"""No room left: as the operating system says it, and the databases."""

import errno

from sqlalchemy.exc import DBAPIError

from app.core.errors import AppError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DISK_FULL = "53100"
"""PostgreSQL's state for it."""


class NoRoom(AppError):
    """A disk of this server is full. Nothing was stored. Ask whoever runs it to make room, then try again."""

    status_code = 507


def is_full(error: BaseException) -> bool:
    """Whether this failed because there was no room left."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (
        getattr(cause, "errno", None) in NO_ROOM
        or getattr(cause, "sqlite_errorname", None) == "SQLITE_FULL"
        or getattr(cause, "sqlstate", None) == DISK_FULL
    )
