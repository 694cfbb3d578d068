"""Pictures that must be gone for good: noted together with what makes them unreachable, erased as soon as can be.

Once the note is committed nothing leads to the bytes. Whatever keeps them from being erased at once (a backup that
needs them, a store that does not answer, a crash) is made up for by the hourly cleaning.
"""

from collections.abc import Collection

import structlog
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import transaction
from app.core.errors import AppError
from app.storage import service as storage
from app.storage.holding import PicturesHeld, hold_pictures
from app.storage.models import Erasure
from app.storage.store import BlobStore

log = structlog.get_logger(__name__)


def owe(session: Session, blobs: Collection[str]) -> None:
    """Note that these are to be erased once this transaction is committed."""
    if not blobs:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [{"blob": blob, "asked_at": now()} for blob in blobs]
    session.execute(insert(Erasure).values(rows).on_conflict_do_nothing())


def settle(blobs: BlobStore, *, briefly: bool = False) -> int:
    """Erase all that is noted; how many. None while somebody needs the pictures to stay. Call it outside of any
    transaction."""
    try:
        with hold_pictures(briefly=briefly):
            return erase_owed(blobs)
    except PicturesHeld:
        log.info("pictures_are_held")
    return 0


def erase_owed(blobs: BlobStore) -> int:
    """The same for who holds the pictures already."""
    with transaction(read_only=True) as session:
        owed = session.scalars(select(Erasure.blob)).all()
    erased = []
    for blob in owed:
        try:
            storage.erase(blobs, [blob])
        except AppError as error:
            log.warning("not_erased", error=error.name)
            continue
        erased.append(blob)
    if erased:
        with transaction() as session:
            session.execute(delete(Erasure).where(Erasure.blob.in_(erased)))
    return len(erased)
