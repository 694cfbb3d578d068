"""What commands find when they are called beside a running `up`: its broker, its address, its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.actor import Actor
from app.commands.up import lock
from app.core import migrations
from app.core.config import get_settings, override
from app.core.db import get_engine, transaction


def join_running_up() -> None:
    """Use the broker and the address of an `up` that runs on this data folder, unless settings name others."""
    settings = get_settings()
    running = lock.running(settings.data_dir.resolve())
    if running is None:
        return
    if running.redis_url is not None and "redis_url" not in settings.model_fields_set:
        override(redis_url=running.redis_url)
    if not settings.public_url:
        override(public_url=running.url)


def local_actor() -> Actor:
    """The person who sits at this machine, for what brings its own transaction."""
    with acting() as (_, actor):
        return actor


@contextmanager
def acting() -> Iterator[tuple[Session, Actor]]:
    """A transaction of the person who sits at this machine: the oldest admin, made now if there is nobody yet."""
    join_running_up()
    if get_settings().migrate_on_start:
        migrations.ensure_current(get_engine())
    with transaction() as session:
        accounts.users.ensure_admin(session)
        yield session, accounts.local_admin(session)
