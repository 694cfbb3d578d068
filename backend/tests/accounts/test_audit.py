"""The audit trail: only added to, one line per event whatever is in it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.audit import LONGEST_FACT
from app.accounts.errors import AuditTrailIsAppendOnly
from app.accounts.models import AuditEvent
from app.accounts.service import Actor
from app.core.db import transaction


def newest(session: Session) -> AuditEvent:
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


@pytest.fixture
def trail(engine: Engine) -> Iterator[None]:
    """One committed event, which must be there afterwards as it was."""
    with transaction(engine=engine) as session:
        accounts.audit.record(session, None, "tested")
    yield
    with transaction(engine=engine) as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["tested"]


@pytest.mark.usefixtures("trail")
def test_event_cannot_be_changed() -> None:
    with pytest.raises(AuditTrailIsAppendOnly), transaction() as session:
        newest(session).action = "forged"


@pytest.mark.usefixtures("trail")
def test_event_cannot_be_deleted() -> None:
    with pytest.raises(AuditTrailIsAppendOnly), transaction() as session:
        session.delete(newest(session))


def test_events_cannot_be_changed_in_bulk(session: Session) -> None:
    accounts.audit.record(session, None, "tested")
    for statement in (
        delete(AuditEvent),
        update(AuditEvent).values(action="forged"),
        delete(AuditEvent.__table__),  # type: ignore[arg-type]  # a Table, typed as FromClause
    ):
        with pytest.raises(AuditTrailIsAppendOnly):
            session.execute(statement)
    assert newest(session).action == "tested"


def test_nothing_in_an_event_passes_for_another_line(session: Session) -> None:
    evil = "x\r\n2026-01-01 signed_in admin\x00\x1b[2J\u2028\u202e\ud800"
    accounts.audit.record(
        session, None, evil, evil, address=evil, request_id=evil, said=evil, deep={evil: [evil, {evil}]}
    )
    event = newest(session)
    kept = f"{event.action}{event.subject}{event.address}{event.request_id}{event.facts}"
    assert kept.isprintable()
    assert "\\u000d\\u000a2026" in event.action


def test_long_values_are_cut(session: Session) -> None:
    accounts.audit.record(
        session, None, "a" * 100, "\n" * 500, address="c" * 100, request_id="d" * 100, fact="\n" * 9_999
    )
    event = newest(session)
    assert event.facts is not None
    assert [len(event.action), len(event.subject or ""), len(event.address or "")] == [60, 100, 64]
    assert len(event.facts["fact"]) == LONGEST_FACT


def test_event_says_who_and_from_where(session: Session, editor: Actor) -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    accounts.audit.record(session, editor, "workflow_deleted", "workflow:12", steps=3, at_once=True, moment=moment)
    event = newest(session)
    assert (event.user_id, event.token_id, event.action, event.subject) == (
        editor.user_id,
        None,
        "workflow_deleted",
        "workflow:12",
    )
    assert event.facts == {"steps": 3, "at_once": True, "moment": "2026-01-02T00:00:00+00:00"}


def test_event_says_which_token(session: Session, editor: Actor) -> None:
    token, secret = accounts.tokens.create(session, editor, name="script", scopes=["read"])
    actor = accounts.tokens.actor_of(session, secret, request_id="r-1", address="192.0.2.7")
    accounts.audit.record(session, actor, "exported")
    event = newest(session)
    assert (event.token_id, event.request_id, event.address, event.facts) == (token.id, "r-1", "192.0.2.7", None)
