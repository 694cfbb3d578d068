"""The part of `up` that ends: brings the database up to date.

A process of its own, so that what it loads (database, migrations, importers) is not kept for as long as `up` runs.
"""

import sys

from app.commands.up.news import emit
from app.core import logging, migrations
from app.core.db import get_engine
from app.core.errors import AppError


def main() -> None:
    logging.configure("warning")
    try:
        migrations.ensure_current(get_engine())
        emit("migrated")
    except AppError as error:
        emit("failed", detail=error.detail)
        sys.exit(1)


if __name__ == "__main__":
    main()
