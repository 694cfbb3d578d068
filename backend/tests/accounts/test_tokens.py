"""API tokens: never more than their person may, never longer than they were made for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.errors import InvalidToken, TokenNotFound
from app.accounts.models import ApiToken, AuditEvent, User
from app.accounts.service import Actor, Scope
from app.core.clock import now
from app.core.db import transaction
from app.core.errors import Forbidden
from app.core.secret_tokens import new_secret

Later = Callable[[timedelta], None]


def made(
    session: Session, actor: Actor, *scopes: Scope, expires_at: datetime | None = None, name: str = "script"
) -> tuple[ApiToken, str]:
    return accounts.tokens.create(session, actor, name=name, scopes=scopes or ("read",), expires_at=expires_at)


def by_token(session: Session, secret: str) -> Actor:
    actor = accounts.tokens.actor_of(session, secret)
    assert actor is not None
    return actor


def test_unknown_token_is_nobody(session: Session) -> None:
    for secret in ("", "wp_", "wp_" + new_secret(), new_secret(), "wp_" + "\ud800" * 43, "wp_\x00"):
        assert accounts.tokens.actor_of(session, secret) is None


UNUSABLE: list[tuple[str, Any]] = [
    ("name", " "),
    ("name", "x" * 201),
    ("name", "a\r\nb"),
    ("name", "\u202egpj"),
    ("scopes", []),
    ("scopes", ["read", "everything"]),
    ("expires_at", datetime(2020, 1, 1, tzinfo=UTC)),
    ("expires_at", datetime(2050, 1, 1)),  # noqa: DTZ001 - that is the point
]


def test_unusable_token_is_refused_naming_the_field(session: Session, editor: Actor) -> None:
    for field, wrong in UNUSABLE:
        values: dict[str, Any] = {"name": "script", "scopes": ["read"], field: wrong}
        with pytest.raises(InvalidToken) as refused:
            accounts.tokens.create(session, editor, **values)
        assert refused.value.facts == {"field": field}


def test_token_beyond_the_role_is_refused(session: Session, editor: Actor, viewer: Actor) -> None:
    with pytest.raises(Forbidden, match="role"):
        made(session, viewer, "write")
    with pytest.raises(Forbidden, match="role"):
        made(session, editor, "read", "admin")


def test_token_cannot_make_a_stronger_token(session: Session, admin: Actor) -> None:
    weak = by_token(session, made(session, admin, "read", "write")[1])
    with pytest.raises(Forbidden, match="API token"):
        made(session, weak, "admin")
    reading = by_token(session, made(session, admin, "read")[1])
    with pytest.raises(Forbidden):
        made(session, reading, "read")


def test_token_cannot_outlive_itself_in_its_child(session: Session, editor: Actor) -> None:
    ends = now() + timedelta(days=1)
    parent = by_token(session, made(session, editor, "read", "write", expires_at=ends)[1])
    for too_late in (None, ends + timedelta(seconds=1)):
        with pytest.raises(InvalidToken, match="outlive"):
            made(session, parent, expires_at=too_late)
    assert made(session, parent, expires_at=ends)


def test_demoted_person_takes_their_tokens_along(session: Session, admin: Actor) -> None:
    secret = made(session, admin, "read", "write", "admin")[1]
    session.execute(update(User).where(User.id == admin.user_id).values(role=accounts.Role.VIEWER))
    actor = by_token(session, secret)
    assert actor.may("read")
    assert not actor.may("write")
    with pytest.raises(Forbidden, match="Your role, viewer"):
        accounts.require(actor, "admin")


def test_expired_token_is_nobody(session: Session, editor: Actor, later: Later) -> None:
    secret = made(session, editor, expires_at=now() + timedelta(hours=1))[1]
    assert accounts.tokens.actor_of(session, secret) is not None
    later(timedelta(hours=1, seconds=1))
    assert accounts.tokens.actor_of(session, secret) is None


def test_revoked_token_is_nobody(session: Session, editor: Actor) -> None:
    token, secret = made(session, editor)
    accounts.tokens.revoke(session, editor, token.id)
    accounts.tokens.revoke(session, editor, token.id)
    assert accounts.tokens.actor_of(session, secret) is None
    trail = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == f"token:{token.id}"))
    assert sorted(trail) == ["token_created", "token_revoked"]


def test_token_of_a_disabled_person_is_nobody(session: Session, editor: Actor, admin: Actor) -> None:
    secret = made(session, editor)[1]
    accounts.users.disable(session, editor.user_id, by=admin)
    assert accounts.tokens.actor_of(session, secret) is None


def test_anothers_token_does_not_exist_for_me(session: Session, editor: Actor, colleague: Actor) -> None:
    token, secret = made(session, editor)
    for wrong in (token.id, 10_000):
        with pytest.raises(TokenNotFound):
            accounts.tokens.revoke(session, colleague, wrong)
    assert accounts.tokens.list_(session, colleague) == []
    assert accounts.tokens.actor_of(session, secret) is not None


def test_reading_token_revokes_only_itself(session: Session, editor: Actor) -> None:
    other, _ = made(session, editor)
    token, secret = made(session, editor, "read")
    reading = by_token(session, secret)
    with pytest.raises(Forbidden):
        accounts.tokens.revoke(session, reading, other.id)
    accounts.tokens.revoke(session, reading, token.id)
    assert accounts.tokens.actor_of(session, secret) is None


def test_admin_sees_and_revokes_everybodys(session: Session, editor: Actor, admin: Actor) -> None:
    theirs, secret = made(session, editor)
    mine, _ = made(session, admin)
    assert [token.id for token in accounts.tokens.list_(session, admin)] == [mine.id, theirs.id]
    assert [token.id for token in accounts.tokens.list_(session, editor)] == [theirs.id]
    reading = replace(admin, scopes=frozenset({"read"}))
    assert [token.id for token in accounts.tokens.list_(session, reading)] == [mine.id]
    accounts.tokens.revoke(session, admin, theirs.id)
    assert accounts.tokens.actor_of(session, secret) is None


def test_viewer_manages_their_own(session: Session, viewer: Actor) -> None:
    token, secret = made(session, viewer, "read")
    assert by_token(session, secret).scopes == {"read"}
    accounts.tokens.revoke(session, viewer, token.id)


def test_secret_is_kept_nowhere(session: Session, editor: Actor) -> None:
    token, secret = made(session, editor)
    session.refresh(token)
    columns = {column.key: getattr(token, column.key) for column in ApiToken.__table__.columns}
    assert secret not in str(columns)
    assert secret.startswith(token.prefix)
    assert len(token.prefix) < 10
    assert secret[3:] not in str(session.execute(select(AuditEvent.__table__)).all())


def test_use_is_noted_once_a_minute(session: Session, editor: Actor, later: Later) -> None:
    token, secret = made(session, editor)
    actor = by_token(session, secret)
    assert actor.needs_touch
    accounts.touch(session, actor)
    session.refresh(token)
    first = token.last_used_at
    assert first is not None
    later(timedelta(seconds=59))
    assert not by_token(session, secret).needs_touch
    accounts.touch(session, actor)
    session.refresh(token)
    assert token.last_used_at == first, "a late second touch writes nothing"
    later(timedelta(seconds=2))
    assert by_token(session, secret).needs_touch


def test_looking_up_is_one_statement_by_an_index(engine: Engine, editor: Actor) -> None:
    with transaction() as session:
        secret = made(session, editor)[1]
    statements: list[str] = []
    with transaction(read_only=True) as session:
        session.connection()
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        assert accounts.tokens.actor_of(session, secret, request_id="r", address="a") is not None
    assert len(statements) == 1
    assert "token_hash" in statements[0]
