"""The audit trail: rows are only ever added, and no value in them can pass for another line."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Update, event, insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from app.accounts.actor import Actor
from app.accounts.errors import AuditTrailIsAppendOnly
from app.accounts.models import AuditEvent
from app.core.clock import now

LONGEST_FACT = 500

_INSERT = insert(AuditEvent.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause

# Control characters, line and paragraph separators, what turns the reading direction, halves of surrogate pairs.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    subject: str | None = None,
    *,
    address: str | None = None,
    request_id: str | None = None,
    **facts: Any,
) -> None:
    """Add what `actor` (None: nobody known) did: an action such as `workflow_deleted`, a subject such as `workflow:12`.

    Facts are JSON-ready values; never a secret or a recorded value. Address and request are the actor's if not given.
    """
    if actor is not None:
        address = address or actor.address
        request_id = request_id or actor.request_id
    row = {
        "at": now(),
        "user_id": actor.user_id if actor else None,
        "token_id": actor.token_id if actor else None,
        "action": safe(action, 60),
        "subject": subject and safe(subject, 100),
        "request_id": request_id and safe(request_id, 64),
        "address": address and safe(address, 64),
        "facts": {safe(name, 60): _safe_value(value) for name, value in facts.items()} or None,
    }
    session.connection().execute(_INSERT, row)


def safe(text: str, longest: int) -> str:
    """The text on one line, unsafe characters as `\\u000a`, cut to `longest` characters."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text[:longest])[:longest]


def _safe_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {safe(str(name), 60): _safe_value(inner) for name, inner in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        inners = sorted(value) if isinstance(value, set | frozenset) else value
        return [_safe_value(inner) for inner in inners]
    return safe(str(value), LONGEST_FACT)


@event.listens_for(AuditEvent, "before_update")
@event.listens_for(AuditEvent, "before_delete")
def _refuse_row(_mapper: Mapper[AuditEvent], _connection: Connection, _row: AuditEvent) -> None:
    raise AuditTrailIsAppendOnly


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Update | Delete) and state.statement.table == AuditEvent.__table__:
        raise AuditTrailIsAppendOnly
