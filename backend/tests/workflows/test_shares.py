"""Links: who makes them, when they work, and what nobody learns from one that does not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.clock import now
from app.storage.models import Screenshot
from app.workflows import service, shares
from app.workflows.content import Action, StepContent
from app.workflows.errors import MayNotChange, WorkflowNotFound
from app.workflows.models import Share, Visibility, Workflow, WorkflowStatus
from app.workflows.origins import InvalidOrigin
from app.workflows.shares import InvalidShare, LinkDead, ShareNotFound
from tests.workflows.conftest import make_workflow


def test_who_may_not_change_a_workflow_may_not_share_it(session: Session, workflow: Workflow, viewer: Actor) -> None:
    for refused in (
        lambda: shares.create(session, workflow.id, viewer),
        lambda: shares.listed(session, workflow.id, viewer),
    ):
        with pytest.raises(MayNotChange):
            refused()


def test_a_private_workflow_and_its_links_are_hidden_from_colleagues(
    session: Session, owner: Actor, colleague: Actor, viewer: Actor
) -> None:
    private = make_workflow(session, owner, visibility=Visibility.PRIVATE)
    share, _ = shares.create(session, private.id, owner)
    for other in (colleague, viewer):
        with pytest.raises(WorkflowNotFound):
            shares.listed(session, private.id, other)
        with pytest.raises(ShareNotFound):
            shares.revoke(session, share.id, other)
    with pytest.raises(WorkflowNotFound):
        shares.create(session, private.id, colleague)
    assert shares.state(share) == "works"


def test_a_viewer_cannot_revoke(session: Session, workflow: Workflow, owner: Actor, viewer: Actor) -> None:
    share, secret = shares.create(session, workflow.id, owner)
    with pytest.raises(MayNotChange):
        shares.revoke(session, share.id, viewer)
    assert shares.open_(session, secret).share is share


@pytest.mark.parametrize("number", [0, -1, 2**62, 2**70])
def test_a_link_that_is_not_there_cannot_be_revoked(session: Session, owner: Actor, number: int) -> None:
    with pytest.raises(ShareNotFound):
        shares.revoke(session, number, owner)


@pytest.mark.parametrize("end", [datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1)])  # noqa: DTZ001 - meant
def test_an_end_that_is_past_or_nowhere_is_refused(
    session: Session, workflow: Workflow, owner: Actor, end: datetime
) -> None:
    with pytest.raises(InvalidShare):
        shares.create(session, workflow.id, owner, expires_at=end)


def test_sites_that_are_none_are_refused(session: Session, workflow: Workflow, owner: Actor) -> None:
    with pytest.raises(InvalidOrigin):
        shares.create(session, workflow.id, owner, embed_origins=["http://wiki.example"])


def test_a_name_that_is_too_long_is_refused(session: Session, workflow: Workflow, owner: Actor) -> None:
    with pytest.raises(InvalidShare):
        shares.create(session, workflow.id, owner, name="x" * (shares.LONGEST_NAME + 1))


def test_there_is_an_end_to_links(
    session: Session, workflow: Workflow, owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST_LINKS", 1)
    shares.create(session, workflow.id, owner)
    with pytest.raises(InvalidShare):
        shares.create(session, workflow.id, owner)


End = Callable[[Session, Share, Workflow, Actor], object]


def _expire(session: Session, share: Share, _workflow: Workflow, _owner: Actor) -> None:
    session.execute(update(Share).where(Share.id == share.id).values(expires_at=now() - timedelta(seconds=1)))


def _trash(session: Session, _share: Share, workflow: Workflow, _owner: Actor) -> None:
    session.execute(update(Workflow).where(Workflow.id == workflow.id).values(deleted_at=now()))


ENDS: dict[str, End] = {
    "revoked": lambda session, share, _, owner: shares.revoke(session, share.id, owner),
    "expired": _expire,
    "in the trash": _trash,
    "deleted": lambda session, _, workflow, owner: service.delete(session, workflow.id, owner),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_dead_link_is_like_one_that_never_was(
    session: Session, workflow: Workflow, owner: Actor, engine: Engine, how: str
) -> None:
    """The same words after the same one statement."""
    share, secret = shares.create(session, workflow.id, owner)
    ENDS[how](session, share, workflow, owner)
    session.flush()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    told = []
    for tried in (secret, "x" * 43, "", "a" * 5_000, "\x00'\";--"):
        with pytest.raises(LinkDead) as dead:
            shares.open_(session, tried)
        told.append(dead.value.detail)
    assert len(set(told)) == 1
    assert len(asked) == 5
    assert len(set(asked)) == 1


def test_a_workflow_that_is_put_back_has_its_links_again(session: Session, workflow: Workflow, owner: Actor) -> None:
    _, secret = shares.create(session, workflow.id, owner)
    for deleted_at in (now(), None):
        session.execute(update(Workflow).where(Workflow.id == workflow.id).values(deleted_at=deleted_at))
    assert shares.open_(session, secret).workflow.id == workflow.id


@pytest.mark.parametrize("status", WorkflowStatus)
def test_a_link_works_whatever_the_workflow_became(session: Session, owner: Actor, status: WorkflowStatus) -> None:
    private = make_workflow(session, owner, visibility=Visibility.PRIVATE, status=status)
    _, secret = shares.create(session, private.id, owner, expires_at=now() + timedelta(days=1))
    assert shares.open_(session, secret).workflow is private


def test_the_secret_is_long_and_kept_nowhere(session: Session, workflow: Workflow, owner: Actor) -> None:
    share, secret = shares.create(session, workflow.id, owner, name=" Acme ", embed_origins=["https://a.example/"])
    assert len(secret) == 43  # 256 bits
    assert shares.url(secret).endswith(f"/s/{secret}")
    kept = json.dumps([{c.name: str(getattr(share, c.name)) for c in Share.__table__.columns}])
    told = session.scalars(select(AuditEvent).where(AuditEvent.action == "share_created")).one()
    for text in (kept, json.dumps(told.facts)):
        assert secret not in text
        assert secret[10:] not in text
    assert share.prefix == secret[:6]
    assert share.name == "Acme"
    assert share.embed_origins == ["https://a.example"]


def test_any_editor_may_revoke_the_links_of_a_workflow_of_the_team(
    session: Session, workflow: Workflow, owner: Actor, colleague: Actor
) -> None:
    share, secret = shares.create(session, workflow.id, owner)
    kept, other = shares.create(session, workflow.id, owner)
    for _ in range(2):
        shares.revoke(session, share.id, colleague)
    with pytest.raises(LinkDead):
        shares.open_(session, secret)
    assert shares.open_(session, other).share is kept
    assert [shares.state(each) for each in shares.listed(session, workflow.id, owner)] == ["works", "revoked"]
    revoked = session.scalars(select(AuditEvent).where(AuditEvent.action == "share_revoked")).all()
    assert [(row.user_id, row.facts) for row in revoked] == [(colleague.user_id, {"share": share.id})]


def screenshot(session: Session, owner: Actor, name: str) -> Screenshot:
    row = Screenshot(
        id=name, owner_id=owner.user_id, sha256=name, blob=name, media_type="image/png", width=64, height=48, bytes=9
    )
    session.add(row)
    session.flush()
    return row


def test_a_link_shows_the_pictures_of_its_workflow_and_no_other(session: Session, owner: Actor) -> None:
    for name in ("shown", "other", "loose"):
        screenshot(session, owner, name)
    shown = make_workflow(session, owner, contents=(StepContent(action=Action.NAVIGATE, screenshot_id="shown"),))
    make_workflow(session, owner, contents=(StepContent(action=Action.NAVIGATE, screenshot_id="other"),))
    share, secret = shares.create(session, shown.id, owner)
    assert shares.picture(session, secret, "shown", position=1).screenshot.id == "shown"
    for name, position in (("other", 1), ("loose", 1), ("shown", 2), ("shown", 2**70), ("nothing", 1)):
        with pytest.raises(LinkDead):
            shares.picture(session, secret, name, position=position)
    shares.revoke(session, share.id, owner)
    with pytest.raises(LinkDead):
        shares.picture(session, secret, "shown", position=1)
