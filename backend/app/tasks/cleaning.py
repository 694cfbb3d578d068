"""The hourly task that removes what has had its time. The reconciler asks for it."""

from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from app.accounts.maintenance import purge_expired
from app.celery_app import celery_app
from app.core import preferences, singleton
from app.core.clock import now
from app.core.db import take_ones_time, transaction
from app.guides import jobs as exports
from app.labeling import ledger
from app.storage import erasing
from app.storage import service as storage
from app.storage.holding import PicturesHeld, hold_pictures
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.webhooks import service as webhooks
from app.workflows import removing, trash
from app.workflows.rerecording import storing as rerecordings
from app.workflows.visibility import screenshot_ids_in_use

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 86_400


@celery_app.task(name="app.tasks.cleaning.clean_up", ignore_result=True, expires=3_600)
def clean_up() -> None:
    """Delete ended sessions and links, old idempotency keys and deliveries, exports that had their day, steps that were
    removed and workflows that were trashed long ago, pictures that no step shows, what is left of those that were
    painted over, once a day files that no row knows; see what got lost.
    """
    with transaction() as session:
        rows = {
            **purge_expired(session),
            "deliveries": webhooks.purge(session),
            "removed_steps": removing.purge(session),
            "rerecordings": rerecordings.purge(session),
        }
    with transaction() as session:
        lost = ledger.give_up_on_lost(session)
    with transaction() as session:
        exported = exports.expire(session)
    storage.erase(get_store(), exported)
    rows["workflows"] = _empty_trash()
    log.info("cleaned_up", exports=len(exported), screenshots=_erase_unused(), lost_calls=lost, **rows)


def _empty_trash() -> int:
    """How many workflows went, in short transactions."""
    erased = 0
    while True:
        with transaction() as session:
            some = trash.expire(session)
        if not some:
            return erased
        erased += some


def _erase_unused() -> int:
    """How many screenshots went; none while a backup needs the pictures of all rows that it saw."""
    old = now() - timedelta(hours=preferences.current().unused_screenshot_hours)
    try:
        with hold_pictures() as mine:
            with transaction() as session:
                mine.confirm(session)
                used = Screenshot.id.in_(screenshot_ids_in_use())
                blobs = storage.purge_unused(session, used=used, older_than=old)
            erasing.erase_owed(get_store())
            storage.erase(get_store(), blobs)  # after the commit: a rolled back row must not have lost its picture
            if _is_time_to_sweep():
                log.info("swept", files=_sweep(old))
    except PicturesHeld:
        log.info("pictures_are_held")  # the next hour's cleaning will do
        return 0
    return len(blobs)


def _is_time_to_sweep() -> bool:
    """Once a day, whoever cleans: it looks at every file there is."""
    with transaction() as session:
        return singleton.hold(session, "sweep", uuid4().hex, SWEEP_SECONDS)


def _sweep(old: datetime) -> int:
    """Erase what a crash left between a picture and its row; how many files."""
    with transaction(read_only=True) as session:
        take_ones_time(session.connection())
        left = exports.orphans(session, get_store(), older_than=now() - 2 * exports.KEPT)
        storage.erase(get_store(), left)
        return len(left) + storage.sweep(session, get_store(), older_than=old, spare=(exports.PREFIX,))
