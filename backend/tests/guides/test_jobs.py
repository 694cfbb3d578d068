"""Exports in the background: nothing is lost, nothing is made twice, nobody fetches another's."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from app.accounts.actor import Actor
from app.accounts.models import User
from app.core.clock import db_now, now
from app.core.config import get_settings
from app.core.db import transaction
from app.guides import jobs, made_files, making
from app.guides.export import Format, Source
from app.guides.formats import FORMATS
from app.guides.jobs import Claim, ExportFailed, ExportNotFound, ExportNotReady, WrongNumberOfWorkflows
from app.guides.models import ExportJob
from app.guides.service import UnsupportedFormat
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage.store import BlobNotFound, StorageUnavailable, get_store
from app.tasks.cleaning import clean_up
from app.tasks.reconciler import reconcile
from app.workflows.errors import WorkflowNotFound
from app.workflows.models import Visibility, Workflow
from tests.api.bodies import recording


@pytest.fixture
def workflow_id(editor: Actor) -> int:
    return workflow_of(editor)


def workflow_of(owner: Actor, **fields: str) -> int:
    with transaction() as session:
        prepared = recordings.prepare(RecordingIn(**recording(**fields)))
        return recordings.store(session, owner, prepared).workflow_id


def request(actor: Actor, workflow_ids: list[int], format_: str = "json") -> int:
    with transaction() as session:
        return jobs.request(session, actor, workflow_ids, format_).id


def claim(job_id: int) -> Claim | None:
    with transaction() as session:
        return jobs.claim(session, job_id)


def job(job_id: int) -> ExportJob:
    with transaction(read_only=True) as session:
        return session.get_one(ExportJob, job_id)


def file(job_id: int, actor: Actor) -> bytes:
    with transaction(read_only=True) as session:
        return b"".join(jobs.file(session, job_id, actor).data)


def set_(job_id: int, **values: object) -> None:
    with transaction() as session:
        session.execute(update(ExportJob).where(ExportJob.id == job_id).values(**values))


def due() -> list[int]:
    with transaction(read_only=True) as session:
        return list(jobs.due(session, 10))


def test_what_cannot_be_exported_is_refused_before_anything_is_queued(editor: Actor, colleague: Actor) -> None:
    private = workflow_of(editor)
    with transaction() as session:
        session.execute(update(Workflow).values(visibility=Visibility.PRIVATE))
    for actor, ids, format_, error in (
        (editor, [private], "rtf", UnsupportedFormat),
        (editor, [], "pdf", WrongNumberOfWorkflows),
        (editor, list(range(1, 300)), "pdf", WrongNumberOfWorkflows),
        (colleague, [private], "pdf", WorkflowNotFound),
    ):
        with pytest.raises(error), transaction() as session:
            jobs.request(session, actor, ids, format_)
    assert due() == []


def test_it_is_made_once_however_often_it_is_asked_for(editor: Actor, workflow_id: int) -> None:
    job_id = request(editor, [workflow_id])
    making.make(job_id)
    made = job(job_id)
    assert (made.state, made.done, made.total, made.tries) == ("done", 1, 1, 1)
    assert made.filename
    making.make(job_id)
    assert job(job_id).blob == made.blob
    assert file(job_id, editor).startswith(b"{")


def test_only_one_worker_has_it_and_one_that_was_believed_dead_writes_nothing(editor: Actor, workflow_id: int) -> None:
    job_id = request(editor, [workflow_id])
    first = claim(job_id)
    assert first
    assert claim(job_id) is None
    assert due() == []
    set_(job_id, due_at=db_now(-1))
    assert due() == [job_id]
    second = claim(job_id)
    assert second
    with transaction() as session:
        assert not jobs.advance(session, first, done=1, total=2)
        assert not jobs.finish(session, first, blob="exports/x", filename="x", media_type="x/x")
        assert not jobs.fail(session, first, "no")
        assert jobs.advance(session, second, done=1, total=2)
    assert job(job_id).state == "waiting"


def test_one_that_is_made_while_something_in_a_picture_is_hidden_is_made_from_the_beginning(
    editor: Actor, workflow_id: int
) -> None:
    job_id, other = request(editor, [workflow_id]), request(editor, [workflow_of(editor)])
    early, untouched = claim(job_id), claim(other)
    assert early
    assert untouched
    with transaction() as session:
        assert made_files.outdate(session, [workflow_id]) == []
    with transaction() as session:
        assert not jobs.finish(session, early, blob="exports/x", filename="x", media_type="x/x")
        assert jobs.advance(session, untouched, done=1, total=2)
    assert due() == [job_id]
    making.make(job_id)
    assert file(job_id, editor)
    with transaction() as session:
        (blob,) = made_files.outdate(session, [workflow_id])
    assert blob.startswith(jobs.PREFIX)
    with pytest.raises(ExportFailed, match="hidden after"):
        file(job_id, editor)


def test_one_whose_workers_die_again_and_again_is_given_up(editor: Actor, workflow_id: int) -> None:
    job_id = request(editor, [workflow_id])
    for _ in range(jobs.MOST_TRIES):
        assert claim(job_id)
        set_(job_id, due_at=db_now(-1))
    assert claim(job_id) is None
    assert (job(job_id).state, job(job_id).problem) == ("failed", jobs.GAVE_UP)
    with pytest.raises(ExportFailed, match="several times"):
        file(job_id, editor)


@pytest.fixture
def format_that(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A format `json` that raises what is put in here, if something is."""
    errors: list[BaseException] = []

    def make(_: Source) -> Iterator[bytes]:
        if errors:
            raise errors.pop()
        yield b"made"

    monkeypatch.setitem(FORMATS, "json", Format("json", "json", "application/json", make, False))
    return errors


@pytest.mark.parametrize("error", [StorageUnavailable(), RuntimeError("a defect")])
def test_trouble_of_ours_is_tried_again(
    editor: Actor, workflow_id: int, format_that: list[BaseException], error: Exception
) -> None:
    job_id = request(editor, [workflow_id])
    format_that.append(error)
    with pytest.raises(type(error)):
        making.make(job_id)
    with pytest.raises(ExportNotReady):
        file(job_id, editor)
    assert due() == [job_id]
    making.make(job_id)
    assert file(job_id, editor) == b"made"


def test_one_that_takes_too_long_says_so(editor: Actor, workflow_id: int, format_that: list[BaseException]) -> None:
    class TooLong(BaseException):
        pass

    job_id = request(editor, [workflow_id])
    format_that.append(TooLong())
    making.make(job_id, interruptions=(TooLong,))
    assert job(job_id).problem == making.TOOK_TOO_LONG


def test_who_may_not_see_it_any_more_gets_nothing(editor: Actor, colleague: Actor, workflow_id: int) -> None:
    gone, disabled = request(colleague, [workflow_id]), request(editor, [workflow_id])
    with transaction() as session:
        session.execute(update(Workflow).values(visibility=Visibility.PRIVATE))
        session.execute(update(User).where(User.id == editor.user_id).values(disabled_at=now()))
    for job_id in (gone, disabled):
        making.make(job_id)
        assert job(job_id).problem == making.NOT_ANY_MORE


def test_several_become_one_zip_and_those_that_are_gone_are_left_out(editor: Actor) -> None:
    ids = [workflow_of(editor, name="Same"), workflow_of(editor, name="Same"), workflow_of(editor, name="Gone")]
    job_id = request(editor, [*ids, ids[0]], "docx")
    with transaction() as session:
        session.execute(update(Workflow).where(Workflow.id == ids[2]).values(deleted_at=now()))
    making.make(job_id)
    with ZipFile(BytesIO(file(job_id, editor))) as archive:
        assert archive.namelist() == ["Same.docx", "Same-2.docx"]
        assert archive.testzip() is None
        assert archive.read("Same.docx").startswith(b"PK")


def test_it_is_its_persons_alone(editor: Actor, admin: Actor, workflow_id: int) -> None:
    job_id = request(editor, [workflow_id])
    making.make(job_id)
    for actor, number in ((admin, job_id), (editor, 0), (editor, 2**70)):
        with pytest.raises(ExportNotFound):
            file(number, actor)
    with transaction(read_only=True) as session:
        assert [each.id for each in jobs.of_workflow(session, workflow_id, editor)] == [job_id]
        assert jobs.of_workflow(session, workflow_id, admin) == []


def test_a_day_later_row_and_file_are_gone(editor: Actor, workflow_id: int) -> None:
    old, new = request(editor, [workflow_id]), request(editor, [workflow_id])
    for job_id in (old, new):
        making.make(job_id)
    blob = job(old).blob
    assert blob
    set_(old, created_at=now() - jobs.KEPT - timedelta(seconds=1))
    with pytest.raises(ExportNotFound):
        file(old, editor)
    clean_up()
    with pytest.raises(BlobNotFound):
        get_store().get(blob)
    assert file(new, editor)


def test_the_daily_sweep_takes_files_without_a_row_and_no_others(
    editor: Actor, workflow_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = request(editor, [workflow_id])
    making.make(job_id)
    get_store().put("exports/9-left", b"by a crash")
    monkeypatch.setattr("app.tasks.cleaning.now", lambda: now() + timedelta(days=3))
    clean_up()
    assert file(job_id, editor)
    assert not get_store().exists("exports/9-left")


def test_a_lost_message_is_sent_again_once_the_broker_is_there(
    editor: Actor, workflow_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = request(editor, [workflow_id])
    set_(job_id, due_at=db_now(-1))
    reconcile(get_settings())
    assert due() == [job_id], "there is no broker in this test"
    sent: list[int] = []

    def publish(number: int) -> bool:
        sent.append(number)
        return True

    monkeypatch.setattr("app.tasks.reconciler.publish_export", publish)
    reconcile(get_settings())
    reconcile(get_settings())
    assert sent == [job_id]
    assert claim(job_id), "put off, and still to be claimed"
