"""A recording goes into the local database."""

from app.accounts import service as accounts
from app.core import migrations
from app.core.config import get_settings
from app.core.db import get_engine, transaction
from app.recordings.importing import import_file


def store(data: bytes) -> int:
    """Import the zip as the person at this machine; the workflow's number. A worker finds it by its row."""
    if get_settings().migrate_on_start:
        migrations.ensure_current(get_engine())
    with transaction() as session:
        accounts.users.ensure_admin(session)
        actor = accounts.local_admin(session)
    return import_file(actor, data).ingested[0].workflow_id
