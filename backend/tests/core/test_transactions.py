"""What a transaction promises about the disk."""

import pytest
from sqlalchemy import Engine, text

from app.core.db import transaction

ASK = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": 2, "postgresql": "on"}
DOES_NOT_WAIT = {"sqlite": 1, "postgresql": "off"}


def waits_for_the_disk(engine: Engine, *, durable: bool) -> bool:
    """Whether a commit of such a transaction would wait."""
    kind = engine.dialect.name
    with transaction(engine=engine, durable=durable) as session:
        answer = session.scalar(text(ASK[kind]))
    assert answer in {WAITS[kind], DOES_NOT_WAIT[kind]}
    return bool(answer == WAITS[kind])


@pytest.fixture
def careful(engine: Engine) -> Engine:
    """The test's database, waiting for the disk unless told otherwise (the test server does not, to be quick)."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit TO on'))
        engine.dispose()
    return engine


def test_a_commit_waits_for_the_disk(careful: Engine) -> None:
    assert waits_for_the_disk(careful, durable=True)


def test_not_waiting_ends_with_its_transaction(careful: Engine) -> None:
    assert not waits_for_the_disk(careful, durable=False)
    assert waits_for_the_disk(careful, durable=True)
