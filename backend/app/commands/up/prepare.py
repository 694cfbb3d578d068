"""The part of `up` that ends: the database, the first admin, the sample in an empty database, a sign-in link.

A process of its own, so that what it loads (database, migrations, importers) is not kept for as long as `up` runs.
"""

import sys
from pathlib import Path

from sqlalchemy import select

from app.accounts import service as accounts
from app.commands import progress
from app.commands.surroundings import acting
from app.commands.up.news import emit
from app.core import logging, migrations
from app.core.config import BACKEND
from app.core.db import get_engine, transaction
from app.core.errors import AppError
from app.workflows.models import Workflow

SAMPLES = BACKEND.parent / "samples"
SAMPLE_SECONDS = 60


def main() -> None:
    logging.configure("warning")
    try:
        migrations.ensure_current(get_engine())
        emit("migrated")
        if _is_empty():
            _show_samples()
        with acting() as (session, actor):
            user = accounts.users.get(session, actor.user_id)
            url = accounts.links.url(accounts.links.create(session, user))
        emit("sign_in", url=url)
    except AppError as error:
        emit("failed", detail=error.detail)
        sys.exit(1)


def _is_empty() -> bool:
    with transaction(read_only=True) as session:
        return session.scalar(select(Workflow.id).limit(1)) is None


def _show_samples() -> None:
    """A sample that cannot be imported is no reason not to start."""
    for path in sorted(SAMPLES.glob("*.zip")):
        try:
            _show_sample(path)
        except Exception as error:  # noqa: BLE001 - as above
            emit("say", text=f"{path.name} could not be imported: {type(error).__name__}: {error}", error=True)


def _show_sample(path: Path) -> None:
    """Import a sample and show its labelling, which the worker does."""
    from app.commands.importing import take_in  # noqa: PLC0415 - slow to load, while API and worker could start

    for one in take_in(path).ingested:
        with transaction(read_only=True) as session:
            name = session.get_one(Workflow, one.workflow_id).name
        emit("say", text=f"Imported the sample “{name}”.")

        def show(done: int, total: int, name: str = name) -> None:
            emit("progress", workflow=name, done=done, total=total)

        if not progress.follow(one.run.id, show, seconds=SAMPLE_SECONDS):
            emit("say", text="The sample is not labelled yet; that goes on in the background.")


if __name__ == "__main__":
    main()
