"""Filters and orders of lists, and that an index answers each."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Engine, event, insert, select, text
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.clock import now
from app.core.pages import BrokenCursor, cursor_at
from app.workflows import choices, folders, labels, service, tags
from app.workflows.attention import Attention
from app.workflows.labels import NewLabel
from app.workflows.models import LabelSource, LabelState, Step, Visibility, Workflow, WorkflowStatus, WorkflowTag
from app.workflows.ordering import Sort
from benchmarks.plans import explain
from tests.workflows.conftest import click, make_workflow


def found(session: Session, actor: Actor, **asked: Any) -> list[str]:
    return [item.workflow.name for item in service.search(session, actor, **asked).items]


def in_pages(session: Session, actor: Actor, **asked: Any) -> list[str]:
    listed, cursor = [], None
    while True:
        page = service.search(session, actor, limit=2, cursor=cursor, **asked)
        listed += [item.workflow.name for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return listed


@pytest.mark.parametrize("sort", [Sort.CHANGED, Sort.NAME])
@pytest.mark.parametrize(
    "cursor",
    [
        "MTA",
        cursor_at("other", "x", 1),
        cursor_at("changed", "yesterday", 1),
        cursor_at("changed", "2026-11-24T10:00:00", 1),
        cursor_at("changed", "2026-11-24T10:00:00+02:00", 1),
        cursor_at("name", "a\0b", 1),
        cursor_at("name", "a", 0),
        cursor_at("name", "a", 2**63),
        "WyJuYW1lIiwgIlx1ZDgwMCIsICIxIl0",
        "W10",
    ],
)
def test_a_cursor_that_is_none_of_this_order_is_refused(
    session: Session, owner: Actor, sort: Sort, cursor: str
) -> None:
    with pytest.raises(BrokenCursor):
        service.search(session, owner, sort=sort, cursor=cursor)


def test_each_order_goes_on_where_its_page_ended(session: Session, owner: Actor) -> None:
    moment = now()
    made = [make_workflow(session, owner, name) for name in ("b", "a", "a", "ä", "C\u200b", "b")]
    for workflow, days in zip(made, (1, 5, 5, 2, 3, 9), strict=True):
        workflow.updated_at = moment - timedelta(days=days)
    session.flush()
    assert in_pages(session, owner) == ["b", "C\u200b", "ä", "a", "a", "b"]
    assert in_pages(session, owner, sort=Sort.CHANGED) == ["b", "ä", "C\u200b", "a", "a", "b"]
    by_name = in_pages(session, owner, sort=Sort.NAME)
    assert by_name == found(session, owner, sort=Sort.NAME)
    assert len(by_name) == 6
    for sort in Sort:
        assert in_pages(session, owner, sort=sort, q="save") == in_pages(session, owner, sort=sort)


@pytest.mark.parametrize("sort", Sort)
def test_words_are_found_in_each_order_however_rare_they_are(session: Session, owner: Actor, sort: Sort) -> None:
    common = [click("Save")]
    rows = {
        make_workflow(session, owner, f"{n:03} {'zebra' if n % 7 == 0 else 'horse'}", tuple(common)).id
        for n in range(40)
    }
    assert len(rows) == 40
    wanted = [name for name in found(session, owner, sort=sort) if "zebra" in name]
    with pytest.MonkeyPatch.context() as patch:
        for window in (3, 12, 400):
            patch.setattr("app.workflows.search.WINDOW", window)
            assert in_pages(session, owner, sort=sort, q="zebra") == wanted, window
            assert in_pages(session, owner, sort=sort, q="sav zeb") == wanted, window


def test_filters_combine(session: Session, owner: Actor, colleague: Actor) -> None:
    folder = folders.create(session, owner, "Finance")
    a = make_workflow(session, owner, "a", status=WorkflowStatus.PUBLISHED)
    b = make_workflow(session, colleague, "b", status=WorkflowStatus.PUBLISHED)
    c = make_workflow(session, owner, "c")
    for workflow, site in ((a, "crm.example"), (b, "crm.example"), (c, "shop.example")):
        workflow.site = site
    a.folder_id = c.folder_id = folder.id
    session.flush()
    tags.put(session, a, ["money", "q4"])
    tags.put(session, b, ["money"])
    expected: list[tuple[dict[str, Any], list[str]]] = [
        ({"status": WorkflowStatus.PUBLISHED}, ["b", "a"]),
        ({"owner": owner.user_id}, ["c", "a"]),
        ({"owner": 2**70}, []),
        ({"site": "CRM.example"}, ["b", "a"]),
        ({"folder": folder.id}, ["c", "a"]),
        ({"folder": 0}, ["b"]),
        ({"tag": ["money"]}, ["b", "a"]),
        ({"tag": ["money", "q4"]}, ["a"]),
        ({"tag": ["money"], "owner": colleague.user_id, "site": "crm.example", "q": "save"}, ["b"]),
        ({"tag": ["q4"], "folder": 0}, []),
    ]
    for asked, names in expected:
        assert found(session, owner, **asked) == names, asked


def test_what_a_reviewer_should_look_at(session: Session, owner: Actor) -> None:
    made = {name: make_workflow(session, owner, name) for name in ("sure", "doubtful", "mended", "failed", "proposed")}
    steps = {name: session.scalars(select(Step).where(Step.workflow_id == w.id)).first() for name, w in made.items()}
    numbers = {name: step.id for name, step in steps.items() if step}
    rules = {number: NewLabel("x", "Click.", 0.4, LabelSource.RULES) for number in numbers.values()}
    labels.add(session, rules)
    ai = {"sure": 0.9, "doubtful": 0.5, "failed": 0.9, "proposed": 0.9, "mended": 0.2}
    labels.add(session, {numbers[n]: NewLabel("x", "Click it.", sure, LabelSource.AI) for n, sure in ai.items()})
    labels.add(session, {numbers[n]: labels.by_person("y", "Press.", owner.user_id) for n in ("mended", "proposed")})
    labels.add(session, {numbers["proposed"]: NewLabel("z", "Push it.", 0.1, LabelSource.AI)})
    failed = steps["failed"]
    assert failed
    failed.label_state = LabelState.FAILED
    session.flush()
    assert found(session, owner, labels=Attention.CHECK) == ["doubtful"]
    assert found(session, owner, labels=Attention.FAILED) == ["failed"]
    assert found(session, owner, labels=Attention.PROPOSALS) == ["proposed"]


def test_choices_are_of_what_one_may_see(session: Session, owner: Actor, colleague: Actor, viewer: Actor) -> None:
    for actor, name, visibility in (
        (owner, "plan", Visibility.PRIVATE),
        (owner, "open", Visibility.TEAM),
        (colleague, "open", Visibility.TEAM),
        (colleague, "hidden", Visibility.PRIVATE),
    ):
        workflow = make_workflow(session, actor, name, visibility=visibility)
        workflow.site = f"{name}.example"
        tags.put(session, workflow, [name])
    session.flush()
    assert tags.known(session, owner) == ["open", "plan"]
    assert choices.sites(session, owner) == ["open.example", "plan.example"]
    assert choices.owners(session, owner) == {colleague.user_id: "Colleague", owner.user_id: "Editor"}
    assert tags.known(session, viewer) == ["open"]
    assert tags.known(session, owner, limit=1) == ["open"]


@pytest.mark.parametrize("text_", [",", "a\u202eb", "x" * 51, "İ" * 26])
def test_a_tag_that_cannot_be_kept_is_refused(text_: str) -> None:
    with pytest.raises(ValueError, match="50 characters"):
        tags.clean(text_)


class Plans:
    """The plans of what a session reads from workflows."""

    def __init__(self, engine: Engine, session: Session) -> None:
        self.engine, self.session = engine, session
        self.asked: list[tuple[ClauseElement, dict[str, Any]]] = []

    def of(self, actor: Actor, **asked: Any) -> str:
        def note(_c: Any, clause: ClauseElement, _m: Any, values: dict[str, Any], _o: Any) -> None:
            self.asked.append((clause, values))

        self.asked.clear()
        event.listen(self.engine, "before_execute", note)
        try:
            service.search(self.session, actor, **asked)
        finally:
            event.remove(self.engine, "before_execute", note)
        return "\n".join(explain(self.session, *self.asked[0]))


@pytest.fixture
def many(engine: Engine, editor: Actor) -> Iterator[Session]:
    """2,000 workflows, with what each filter looks for in a few of them, as the databases know after some time."""
    from app.core.db import transaction

    with transaction(engine=engine) as session:
        session.execute(
            insert(Workflow),
            [
                {
                    "owner_id": editor.user_id,
                    "name": f"Workflow {n}",
                    "status": "published" if n % 100 == 0 else "draft",
                    "site": f"site{n % 100}.example",
                    "folder_id": n % 100 + 1,
                }
                for n in range(2_000)
            ],
        )
        ids = session.scalars(select(Workflow.id)).all()
        session.execute(insert(WorkflowTag), [{"workflow_id": i, "tag": f"tag{i % 100}"} for i in ids])
        step = {"position": 1, "action": "click", "page": {}, "version": 1}
        session.execute(insert(Step), [{"workflow_id": i, **step} for i in ids])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))
    with transaction(engine=engine, read_only=True) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))  # for so few rows it would read them all, rightly
        yield session


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"sort": Sort.CHANGED}, "ix_workflows_updated_at_id"),
        ({"sort": Sort.NAME}, "ix_workflows_name_id"),
        ({"status": WorkflowStatus.PUBLISHED}, "ix_workflows_status_id"),
        ({"site": "site7.example"}, "ix_workflows_site_id"),
        ({"folder": 7}, "ix_workflows_folder_id_id"),
        ({"tag": ["tag7"]}, "ix_workflow_tags_tag_workflow_id"),
        ({"tag": ["tag7"], "sort": Sort.NAME}, "ix_workflow_tags_tag_workflow_id"),
        ({"labels": Attention.CHECK}, "ix_labels_doubtful"),
        ({"labels": Attention.FAILED}, "ix_steps_failed"),
        ({"labels": Attention.PROPOSALS}, "ix_labels_of_people"),
    ],
)
def test_an_index_answers(many: Session, engine: Engine, editor: Actor, asked: dict[str, Any], index: str) -> None:
    plan = Plans(engine, many).of(editor, **asked)
    assert index in plan, plan
    assert "Seq Scan on workflows" not in plan
    assert "Seq Scan on steps" not in plan
    for line in plan.splitlines():
        assert not line.startswith("SCAN workflows") or "USING INDEX" in line, plan
