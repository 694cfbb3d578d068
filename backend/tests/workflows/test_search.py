import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.core.pages import BrokenCursor, cursor_after
from app.workflows import search as search_index
from app.workflows import service
from app.workflows.changes import WorkflowChanges
from app.workflows.labels import NewLabel, add
from app.workflows.models import LabelSource, Visibility, Workflow, WorkflowStatus
from app.workflows.steps import listed
from tests.workflows.conftest import click, make_workflow


def names(session: Session, actor: Actor, q: str | None, **options: object) -> list[str]:
    return [s.workflow.name for s in service.search(session, actor, q=q, **options).items]  # type: ignore[arg-type]


HOSTILE = [
    *('"', "'", '"unbalanced', "AND", "a OR", "NOT", "NEAR(", "(", ")", "*", "^", "col:", "-", "&", "|", "!", "<->"),
    *(":*", "🎉", "\x00", "a\x00b", "\ud800", "%", "_", "\\", "%%%", "%zz", "' OR 1=1 --", "words:contact", "{}[]"),
    *("a" * 5_000, "b " * 5_000, "\u202e", "١٢٣", "ſ", "İ"),
]


def test_no_text_is_an_error(session: Session, owner: Actor, workflow: Workflow) -> None:
    found = {q: names(session, owner, q) for q in HOSTILE}
    assert {q for q, hits in found.items() if hits} == {"ſ"}  # a long s, as in "Save"
    assert found["ſ"] == [workflow.name]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=40) | st.text(alphabet=string.punctuation + " aA", max_size=20))
def test_no_generated_text_is_an_error(session: Session, owner: Actor, q: str) -> None:
    service.search(session, owner, q=q)


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!!", "bm90IGEgbnVtYmVy", cursor_after(0), cursor_after(2**63), "ä", "MTA=MTA"]
)
def test_a_broken_cursor_is_refused(session: Session, owner: Actor, cursor: str) -> None:
    with pytest.raises(BrokenCursor):
        service.search(session, owner, cursor=cursor)


def test_signs_alone_find_nothing_and_blanks_alone_filter_nothing(
    session: Session, owner: Actor, workflow: Workflow
) -> None:
    assert names(session, owner, "🎉 !!") == []
    assert names(session, owner, " \t") == names(session, owner, None) == [workflow.name]


FOUND = (
    *("invoice", "INVO", "größe grosse", "grosse", "Cafe", "café", "billing.example", "rechnung 42", "overview"),
    *("https://billing.example/de/rechnung/42?tab=lines", "müller", "approve", "approve invoice", "請求", "求書"),
)
NOT_FOUND = ("voice", "billing.example/fr", "approve reject", "東京", "invoices", "1nvoice")


def test_words_are_found_wherever_they_stand(session: Session, owner: Actor) -> None:
    url = "https://billing.example/de/rechnung/42/M%C3%BCller?tab=lines"
    step = click("Approve", url, title="Overview of the Café")
    make_workflow(session, owner, name="Invoice of Größe 請求書", contents=(step,))
    make_workflow(session, owner, name="Something else", contents=(click("Nothing", "https://a.b", None),))
    hits = {q: names(session, owner, q) for q in (*FOUND, *NOT_FOUND)}
    assert {q for q, found in hits.items() if found == ["Invoice of Größe 請求書"]} == set(FOUND)
    assert {q for q, found in hits.items() if not found} == set(NOT_FOUND)


def test_only_the_label_that_is_shown_is_found(session: Session, owner: Actor, workflow: Workflow) -> None:
    first = listed(session, workflow.id)[0].step
    add(session, {first.id: NewLabel("Fresh", "Begin afresh.", source=LabelSource.HUMAN, user_id=owner.user_id)})
    search_index.index(session, [workflow.id])
    assert names(session, owner, "afresh") == [workflow.name]
    assert names(session, owner, "new") == []


def test_a_new_name_is_found_and_the_old_one_not(session: Session, owner: Actor, workflow: Workflow) -> None:
    service.update(session, workflow.id, owner, changes=WorkflowChanges(name="Retire a lead"))
    assert names(session, owner, "retire lead") == ["Retire a lead"]
    assert names(session, owner, "create") == []


def test_a_deleted_workflow_is_not_found(session: Session, owner: Actor, workflow: Workflow) -> None:
    service.delete(session, workflow.id, owner)
    assert names(session, owner, "contact") == []


def test_others_private_workflows_are_not_found(
    session: Session, owner: Actor, colleague: Actor, admin: Actor, viewer: Actor
) -> None:
    make_workflow(session, owner, visibility=Visibility.PRIVATE)
    for q in (None, "contact"):
        assert names(session, owner, q) == names(session, admin, q) == ["Create a contact"]
        assert names(session, colleague, q) == names(session, viewer, q) == []


def all_pages(session: Session, actor: Actor, q: str | None) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = service.search(session, actor, q=q, limit=2, cursor=cursor)
        found += [item.workflow.name for item in page.items]
        if page.next_cursor is None:
            return found
        assert len(page.items) == 2
        cursor = page.next_cursor


@pytest.mark.parametrize("window_and_common", [(1, 40), (2, 1), (3, 40), (3, 1), (7, 1), (400, 40)])
def test_pages_hold_everything_once_newest_first(
    session: Session,
    owner: Actor,
    colleague: Actor,
    monkeypatch: pytest.MonkeyPatch,
    window_and_common: tuple[int, int],
) -> None:
    for name, value in zip(("WINDOW", "COMMON"), window_and_common, strict=True):
        monkeypatch.setattr(search_index, name, value)
    for n in range(12):
        kind = ("even", "odd")[n % 2] + (" first" if n == 0 else "")
        make_workflow(session, owner, f"Common {kind} {n}", (click("Ok"),))
        make_workflow(session, colleague, "Common even odd first", (click("Ok"),), visibility=Visibility.PRIVATE)
    counts = {None: 12, "common": 12, "common even": 6, "od": 6, "first": 1, "third": 0}
    for q, count in {**counts, "common first": 1, "odd first": 0, "even odd": 0}.items():
        whole = names(session, owner, q, limit=100)
        assert len(whole) == count
        assert whole == sorted(whole, key=lambda name: -int(name.split()[-1]))
        assert all_pages(session, owner, q) == whole


@pytest.mark.parametrize("window", [1, 400])
def test_admins_and_a_status_page_alike(
    session: Session, owner: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    monkeypatch.setattr(search_index, "WINDOW", window)
    for n in range(8):
        status = (WorkflowStatus.DRAFT, WorkflowStatus.ARCHIVED)[n % 2]
        make_workflow(session, owner, f"Common {n}", (click("Ok"),), visibility=Visibility.PRIVATE, status=status)
    assert all_pages(session, admin, "common ok") == [f"Common {n}" for n in reversed(range(8))]
    archived = names(session, admin, "common", status=WorkflowStatus.ARCHIVED)
    assert archived == ["Common 7", "Common 5", "Common 3", "Common 1"]


def test_status_filters(session: Session, owner: Actor, workflow: Workflow) -> None:
    make_workflow(session, owner, name="Contact out", status=WorkflowStatus.PUBLISHED)
    for q in (None, "contact"):
        assert names(session, owner, q, status=WorkflowStatus.PUBLISHED) == ["Contact out"]
        assert names(session, owner, q, status=WorkflowStatus.DRAFT) == [workflow.name]
        assert names(session, owner, q, status=WorkflowStatus.ARCHIVED) == []


def test_a_summary_counts_steps_and_names_the_owner(session: Session, owner: Actor, workflow: Workflow) -> None:
    (summary,) = service.search(session, owner).items
    assert (summary.workflow, summary.steps, summary.owner_name) == (workflow, 3, owner.name)
    assert summary.screenshot_id is None
