"""Hiding parts of pictures for good: what is hidden is nowhere any more, and who may not does not."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.actor import Actor
from app.accounts.models import AuditEvent
from app.core.clock import now
from app.core.config import Settings
from app.core.db import transaction
from app.guides import made_files
from app.guides import service as guides
from app.guides.models import ExportJob
from app.storage import service as storage
from app.storage.holding import hold_pictures
from app.storage.models import Erasure, Screenshot
from app.storage.store import BlobNotFound, get_store
from app.tasks.cleaning import clean_up
from app.workflows import edits, pictures, redaction, redaction_proposals, steps
from app.workflows.content import Action, Box, Page, StepContent, Target, Viewport
from app.workflows.errors import CannotUndo, MayNotChange, StepNotFound, WorkflowNotFound
from app.workflows.models import Edit, RemovedStep, Step, Visibility, Workflow
from app.workflows.redaction import NothingToHide, Redacted, StepHasNoPicture, ViewportUnknown, Wanted
from app.workflows.replaced_pictures import PictureChanged
from tests.storage.pictures import encoded, page
from tests.storage.test_redacting import SECRET, magenta
from tests.workflows.conftest import make_workflow

pytestmark = pytest.mark.usefixtures("settings")

FIELD = Box(x=50, y=40, width=100, height=50)
"""Where the secret is, in CSS pixels; the pictures are twice as large."""
VIEWPORT = Viewport(width=400, height=300)
URL = "https://crm.example/contacts"


def screen(number: int = 0, *, secret: bool = True) -> bytes:
    """A page of 800 × 600 pixels with the secret in its field."""
    picture = page(800, 600, background=f"rgb({200 + number},255,255)")
    if secret:
        ImageDraw.Draw(picture).rectangle((100, 80, 299, 179), fill=SECRET)
    return encoded(picture, "PNG")


def upload(owner: Actor, data: bytes) -> str:
    with transaction() as session:
        limits = {"max_bytes": 10**7, "max_pixels": 10**7}
        return storage.store(session, get_store(), owner_id=owner.user_id, data=data, **limits)[0].id


def typed(screenshot_id: str | None, url: str = URL, viewport: Viewport | None = VIEWPORT) -> StepContent:
    return StepContent(
        action=Action.INPUT,
        target=Target(tag="input", name="Phone", box=FIELD),
        value="hello",
        value_kind="text",
        page=Page(url=url, title="Contacts", viewport=viewport),
        screenshot_id=screenshot_id,
    )


def made(
    owner: Actor, contents: Sequence[StepContent], visibility: Visibility = Visibility.TEAM
) -> tuple[int, list[int]]:
    with transaction() as session:
        number = make_workflow(session, owner, contents=tuple(contents), visibility=visibility).id
        return number, [view.step.id for view in steps.listed(session, number)]


def hide(actor: Actor, workflow_id: int, step_id: int, on: redaction.On = "step", box: Box = FIELD) -> Redacted:
    return redaction.redact(actor, workflow_id, step_id, Wanted([box], on=on), outdate=made_files.outdate)


def shown(workflow_id: int) -> list[str | None]:
    with transaction(read_only=True) as session:
        return [view.step.screenshot_id for view in steps.listed(session, workflow_id)]


def images_in_store(settings: Settings) -> list[bytes]:
    folder = Path(settings.storage.removeprefix("file://"))
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def shows_secret(data: bytes) -> bool:
    return magenta(Image.open(io.BytesIO(data))) > 0


def draw_everything(screenshot_id: str) -> bytes:
    """Every variant that people and models could be shown; the original."""
    with transaction(read_only=True) as session:
        row = session.get_one(Screenshot, screenshot_id)
    storage.make_variants(get_store(), row, FIELD, VIEWPORT)
    storage.open_for_model(get_store(), row, FIELD, VIEWPORT, hidden=[])
    return get_store().get(row.blob)


def test_a_step_without_a_picture_has_nothing_to_hide(editor: Actor) -> None:
    number, (step,) = made(editor, [typed(None)])
    with pytest.raises(StepHasNoPicture):
        hide(editor, number, step)


def test_rectangles_beside_the_picture_are_refused(editor: Actor, settings: Settings) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    with pytest.raises(NothingToHide):
        hide(editor, number, step, box=Box(x=5_000, y=0, width=10, height=10))
    assert len(images_in_store(settings)) == 1


def test_viewers_and_strangers_hide_nothing(editor: Actor, colleague: Actor, viewer: Actor) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    private, (hidden,) = made(editor, [typed(upload(editor, screen(1)))], Visibility.PRIVATE)
    before = shown(number) + shown(private)
    with pytest.raises(MayNotChange):
        hide(viewer, number, step)
    for actor in (viewer, colleague):
        with pytest.raises(WorkflowNotFound):
            hide(actor, private, hidden)
    with pytest.raises(StepNotFound):
        hide(editor, number, hidden)
    assert shown(number) + shown(private) == before


def test_without_a_viewport_only_fractions_are_taken(editor: Actor) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()), viewport=None)])
    with pytest.raises(ViewportUnknown):
        hide(editor, number, step)
    boxes = [Box(x=0.125, y=0.13, width=0.25, height=0.17)]
    redaction.redact(editor, number, step, Wanted(boxes, "fraction"), outdate=made_files.outdate)
    assert not shows_secret(draw_everything(shown(number)[0] or ""))


def test_another_picture_than_the_one_looked_at_is_not_painted(editor: Actor, settings: Settings) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    wanted = Wanted([FIELD], screenshot_id="x" * 22)
    with pytest.raises(PictureChanged):
        redaction.redact(editor, number, step, wanted, outdate=made_files.outdate)
    assert len(images_in_store(settings)) == 1


def test_the_old_picture_is_destroyed_with_all_that_was_made_of_it(editor: Actor, settings: Settings) -> None:
    old = upload(editor, screen())
    number, (step,) = made(editor, [typed(old)])
    bytes_before = draw_everything(old)
    assert sum(map(shows_secret, images_in_store(settings))) >= 5
    result = hide(editor, number, step)
    (new,) = shown(number)
    assert result.pictures == {step: new}
    assert new not in (None, old)
    draw_everything(new or "")
    left = images_in_store(settings)
    assert len(left) >= 5
    assert not any(map(shows_secret, left))
    assert not any(bytes_before in data for data in left)
    with transaction(read_only=True) as session, pytest.raises(pictures.ScreenshotNotFound):
        pictures.find(session, editor, old)


def test_the_unredacted_bytes_are_a_new_upload_that_no_step_shows(editor: Actor) -> None:
    old = upload(editor, screen())
    number, (step,) = made(editor, [typed(old)])
    hide(editor, number, step)
    again = upload(editor, screen())
    assert again not in (old, *shown(number))
    assert upload(editor, screen()) == again
    with transaction(read_only=True) as session:
        stored = session.get_one(Screenshot, shown(number)[0])
        assert stored.sha256 == hashlib.sha256(get_store().get(stored.blob)).hexdigest()


def test_hiding_the_same_again_changes_nothing(editor: Actor) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    hide(editor, number, step)
    before = shown(number)
    assert hide(editor, number, step).pictures == {step: before[0]}
    assert shown(number) == before
    draw_everything(before[0] or "")


def test_two_pictures_that_become_one_are_one(editor: Actor) -> None:
    first, (one,) = made(editor, [typed(upload(editor, screen()))])
    hide(editor, first, one)
    second, (two,) = made(editor, [typed(upload(editor, screen()))])
    hide(editor, second, two)
    assert shown(first) == shown(second)
    draw_everything(shown(first)[0] or "")


@pytest.mark.parametrize(("on", "changed"), [("step", [0]), ("page", [0, 1]), ("workflow", [0, 1, 2])])
def test_the_same_rectangle_elsewhere(editor: Actor, on: redaction.On, changed: list[int]) -> None:
    urls = (URL, f"{URL}?page=2#top", "https://crm.example/deals")
    shots = [upload(editor, screen(at)) for at in range(3)]
    number, ids = made(editor, [typed(shot, url) for shot, url in zip(shots, urls, strict=True)])
    hide(editor, number, ids[0], on)
    for at, (before, after) in enumerate(zip(shots, shown(number), strict=True)):
        assert (before != after) == (at in changed)
        assert shows_secret(draw_everything(after or "")) == (at not in changed)


def test_every_step_that_shows_it_gets_the_new_picture_and_a_new_version(editor: Actor) -> None:
    old = upload(editor, screen())
    first, ids = made(editor, [typed(old), typed(old)])
    second, _ = made(editor, [typed(old)], Visibility.PRIVATE)
    with transaction() as session:
        session.execute(update(Workflow).where(Workflow.id == second).values(deleted_at=now()))
    hide(editor, first, ids[0])
    assert len({*shown(first), *shown(second)}) == 1
    assert old not in shown(first)
    with transaction(read_only=True) as session:
        assert set(session.scalars(select(Step.version))) == {2}
        assert [edit.workflow_id for edit in session.scalars(select(Edit).order_by(Edit.id))] == [first, second]
        facts = session.scalars(select(AuditEvent.facts).where(AuditEvent.action == "picture_redacted")).all()
        assert [fact["boxes"] for fact in facts if fact] == [1, 1]


def test_removed_steps_and_earlier_edits_do_not_bring_it_back(editor: Actor) -> None:
    old = upload(editor, screen())
    number, (step, _) = made(editor, [typed(old), typed(None)])
    with transaction() as session:
        kept = {"position": 3, "screenshot_id": old}
        session.add(RemovedStep(id=999, workflow_id=number, screenshot_id=old, step=kept, labels=[]))
        session.add(Edit(workflow_id=number, what="step_changed", facts={"before": [{"screenshot_id": old}]}))
    hide(editor, number, step)
    new = shown(number)[0]
    with transaction(read_only=True) as session:
        removed = session.get_one(RemovedStep, 999)
        assert (removed.screenshot_id, removed.step["screenshot_id"]) == (new, new)
        edit = session.scalars(select(Edit).where(Edit.what == "step_changed")).one()
        assert edit.facts == {"before": [{"screenshot_id": new}]}


def test_undoing_says_why_it_cannot(editor: Actor) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    hide(editor, number, step)
    with transaction() as session, pytest.raises(CannotUndo, match="destroyed"):
        edits.undo(session, number, editor)


def test_a_private_workflow_of_another_person_keeps_its_picture(
    editor: Actor, colleague: Actor, admin: Actor, settings: Settings
) -> None:
    """Nobody destroys what they may not see, and nobody is told that it is gone."""
    old = upload(editor, screen())
    team, (step,) = made(editor, [typed(old)])
    private, (hidden,) = made(editor, [typed(old)], Visibility.PRIVATE)
    assert hide(colleague, team, step).kept_elsewhere == 1
    assert shown(private) == [old]
    assert not shows_secret(draw_everything(shown(team)[0] or ""))
    with transaction(read_only=True) as session, pytest.raises(pictures.ScreenshotNotFound):
        pictures.find(session, colleague, old)
    assert hide(admin, private, hidden).kept_elsewhere == 0
    assert not any(map(shows_secret, images_in_store(settings)))


def test_whoever_uploaded_it_hides_it_in_others_private_workflows_too(
    editor: Actor, colleague: Actor, settings: Settings
) -> None:
    old = upload(editor, screen())
    team, (step,) = made(editor, [typed(old)])
    private, _ = made(colleague, [typed(old)], Visibility.PRIVATE)
    assert hide(editor, team, step).kept_elsewhere == 0
    assert shown(private) == shown(team)
    assert not any(map(shows_secret, images_in_store(settings)))


def test_while_a_backup_needs_the_pictures_they_go_later(editor: Actor, settings: Settings) -> None:
    old = upload(editor, screen())
    number, (step,) = made(editor, [typed(old)])
    bytes_before = draw_everything(old)
    with hold_pictures():
        hide(editor, number, step)
        assert old not in shown(number)
        with transaction(read_only=True) as session:
            (owed,) = session.scalars(select(Erasure.blob))
        assert get_store().get(owed) == bytes_before, "the backup may still have to read it"
        clean_up()
        assert get_store().exists(owed)
    clean_up()
    assert not any(map(shows_secret, images_in_store(settings)))
    with transaction(read_only=True) as session:
        assert session.scalars(select(Erasure)).all() == []


def test_whoever_draws_it_meanwhile_leaves_nothing_behind(editor: Actor, settings: Settings) -> None:
    """As a run does that read the rows before: what it draws of the old picture is not kept."""
    old = upload(editor, screen())
    number, (step,) = made(editor, [typed(old)])
    with transaction(read_only=True) as session:
        row = session.get_one(Screenshot, old)

    def hide_meanwhile(_: object) -> None:
        hide(editor, number, step)

    storage.open_for_model(get_store(), row, FIELD, VIEWPORT, hidden=[], notice=hide_meanwhile)
    assert not any(map(shows_secret, images_in_store(settings)))
    with pytest.raises(BlobNotFound):
        storage.open_variant(get_store(), row, "crop", FIELD, VIEWPORT)
    with pytest.raises(BlobNotFound):
        storage.open_for_model(get_store(), row, FIELD, VIEWPORT, hidden=[])
    assert not any(map(shows_secret, images_in_store(settings)))


def test_exports_show_it_no_more_and_files_made_before_are_gone(editor: Actor) -> None:
    number, (step,) = made(editor, [typed(upload(editor, screen()))])
    get_store().put("exports/guide.zip", b"old pixels")
    with transaction() as session:
        for ids in ([number], [number + 1]):
            session.add(
                ExportJob(
                    user_id=editor.user_id, workflow_ids=ids, format="zip", state="done", due_at=now(),
                    blob="exports/guide.zip" if ids == [number] else "exports/other.zip",
                )
            )  # fmt: skip
    before = export(editor, number)
    assert any(map(shows_secret, before))
    hide(editor, number, step)
    after = export(editor, number)
    assert len(after) == len(before) == 1
    assert not any(map(shows_secret, after))
    assert not get_store().exists("exports/guide.zip")
    with transaction(read_only=True) as session:
        jobs = session.scalars(select(ExportJob).order_by(ExportJob.id)).all()
        assert [(job.state, job.blob) for job in jobs] == [("failed", None), ("done", "exports/other.zip")]


def export(actor: Actor, number: int) -> list[bytes]:
    with transaction() as session:
        made = guides.export(session, number, actor, "zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(made.data))) as file:
        return [file.read(name) for name in file.namelist() if name.startswith("screenshots/")]


def test_nothing_is_left_of_what_could_not_be_finished(editor: Actor, settings: Settings) -> None:
    old = upload(editor, screen())
    number, (step,) = made(editor, [typed(old)])

    def fail(_session: Session, _ids: object) -> list[str]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        redaction.redact(editor, number, step, Wanted([FIELD]), outdate=fail)
    assert shown(number) == [old]
    assert len(images_in_store(settings)) == 1


def test_fields_marks_and_what_looks_like_somebodys_are_proposed(editor: Actor) -> None:
    mail = typed(upload(editor, screen())).model_copy(
        update={
            "action": Action.CLICK,
            "value": None,
            "target": Target(tag="a", text="ada@example.org", box=Box(x=200, y=10, width=80, height=20)),
            "sensitive_regions": [Box(x=10, y=200, width=80, height=20)],
        }
    )
    far = typed(upload(editor, screen(1)), "https://crm.example/deals")
    number, ids = made(editor, [mail, typed(upload(editor, screen(2))), far])
    with transaction(read_only=True) as session:
        first = redaction_proposals.look(session, number, ids[0], editor)
        third = redaction_proposals.look(session, number, ids[2], editor)
    assert [(each.reason, each.position) for each in first.proposed] == [("marked", 1), ("email", 1), ("entered", 2)]
    assert (first.on_page, first.in_workflow, first.previous, first.next) == (2, 3, None, ids[1])
    assert [(each.reason, each.position) for each in third.proposed] == [("entered", 3)]
