"""Counting openings without knowing anybody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.workflows import shares, views
from app.workflows.models import WorkflowViews
from tests.workflows.conftest import make_workflow


def test_nothing_is_counted_before_anybody_came(session: Session, owner: Actor) -> None:
    workflow = make_workflow(session, owner)
    shares.create(session, workflow.id, owner)
    assert views.by_share(session, workflow.id) == {}
    assert views.total(session, workflow.id) == 0
    assert [number for _, number in views.by_day(session, workflow.id, days=3)] == [0, 0, 0]


def test_none_of_many_at_once_is_lost(engine: Engine, editor: Actor) -> None:
    with transaction(engine=engine) as session:
        workflow = make_workflow(session, editor)
        share, _ = shares.create(session, workflow.id, editor)

    def open_it(_: int) -> None:
        with transaction(engine=engine, durable=False) as session:
            views.count(session, share)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_it, range(40)))
    with transaction(engine=engine, read_only=True) as session:
        assert views.by_share(session, workflow.id) == {share.id: 40}


def test_links_and_days_are_counted_apart(session: Session, owner: Actor) -> None:
    workflow, other = make_workflow(session, owner), make_workflow(session, owner)
    first, second = (shares.create(session, workflow.id, owner)[0] for _ in range(2))
    elsewhere, _ = shares.create(session, other.id, owner)
    for share in (first, first, second, elsewhere):
        views.count(session, share)
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    session.add(WorkflowViews(workflow_id=workflow.id, day=yesterday, share_id=first.id, views=5))
    session.flush()
    assert views.by_share(session, workflow.id) == {first.id: 7, second.id: 1}
    assert views.total(session, workflow.id) == 8
    assert [number for _, number in views.by_day(session, workflow.id, days=3)] == [0, 5, 3]
    assert views.by_day(session, workflow.id)[-2][0] == yesterday


def test_a_row_says_nothing_about_who_it_was() -> None:
    assert {column.name for column in WorkflowViews.__table__.columns} == {"workflow_id", "day", "share_id", "views"}
