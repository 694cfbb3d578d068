"""What the API does once before it answers: tables, the first admin."""

import structlog

from app.accounts import links, users
from app.core import migrations
from app.core.config import get_settings
from app.core.db import get_engine, transaction

log = structlog.get_logger(__name__)


def prepare() -> None:
    """Bring the database up to date; on the very first start make an admin and print a link that signs in once."""
    settings = get_settings()
    if settings.migrate_on_start:
        migrations.ensure_current(get_engine())
    with transaction() as session:
        admin, created = users.ensure_admin(session)
        secret = links.create(session, admin) if created else None
    if secret is not None:
        log.warning("first_start", sign_in_once_at=f"{settings.base_url}/sign-in/{secret}", person=admin.email)
