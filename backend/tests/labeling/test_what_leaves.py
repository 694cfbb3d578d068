"""Whole runs: what is in the requests that leave for the model, and what becomes of answers that obey a page."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from app.accounts.actor import Actor
from app.core.db import transaction
from app.labeling import sent, service
from app.labeling.models import LabelingRun, ModelCall, RunState
from app.labeling.service import Outcome
from app.recordings import service as recordings
from app.recordings.schema import RecordingIn
from app.storage import service as storage
from app.storage.store import get_store
from app.workflows.content import Action, Box, StepContent
from app.workflows.models import Label, LabelSource, LabelState, Step
from tests.doubles.claude import ClaudeDouble
from tests.labeling.answers.poisoned import CANARY, PoisonedPage, poisoned
from tests.labeling.answers.test_poisoned import FORBIDDEN
from tests.labeling.outgoing.test_canaries import PLANTED, letters
from tests.labeling.recordings import labels_of, run_of
from tests.labeling.steps import step
from tests.storage.pictures import encoded, opened, page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FIELD = Box(x=600, y=300, width=240, height=40)
MARKED = Box(x=900, y=500, width=160, height=60)
BUTTON = Box(x=420, y=600, width=80, height=30)
WIDTH, HEIGHT = 1280, 720
FILLED = {Action.INPUT, Action.PASTE, Action.SELECT, Action.UPLOAD}


def come_in(contents: Sequence[StepContent], actor: Actor) -> LabelingRun:
    """As the API takes a recording in; its queued run."""
    steps = [content.model_dump(mode="json", exclude_defaults=True) for content in contents]
    prepared = recordings.prepare(
        RecordingIn.model_validate({"name": "Create a contact", "description": "As a person says.", "steps": steps})
    )
    with transaction() as session:
        stored = recordings.store(session, actor, prepared)
        return session.scalars(select(LabelingRun).where(LabelingRun.workflow_id == stored.workflow_id)).one()


def steps_of(run: LabelingRun) -> list[Step]:
    with transaction(read_only=True) as session:
        return list(
            session.scalars(select(Step).where(Step.workflow_id == run.workflow_id).order_by(Step.position)).all()
        )


def screenshot(*secrets: Box) -> bytes:
    """A page on which something magenta stands in these places."""
    picture = page(WIDTH, HEIGHT)
    draw = ImageDraw.Draw(picture)
    for box in secrets:
        right, bottom = box.x + box.width, box.y + box.height
        draw.rectangle((box.x, box.y, right - 1, bottom - 1), fill="white")
        for x in range(int(box.x) + 2, int(right) - 8, 12):
            draw.rectangle((x, box.y + 4, x + 6, bottom - 4), fill=(255, 0, 255))
    return encoded(picture, "PNG")


def with_pictures(contents: Sequence[StepContent], actor: Actor) -> list[StepContent]:
    """What was entered shows in its field, and something else where the recorder said that it is secret."""
    fills = contents[0].action in FILLED
    with transaction() as session:
        shot, _ = storage.store(
            session,
            get_store(),
            owner_id=actor.user_id,
            data=screenshot(*([FIELD] if fills else []), MARKED),
            max_bytes=10**7,
            max_pixels=10**7,
        )
    return [
        content.model_copy(
            update={
                "screenshot_id": shot.id,
                "sensitive_regions": [MARKED],
                "target": content.target
                and content.target.model_copy(update={"box": FIELD if content.action in FILLED else BUTTON}),
            }
        )
        for content in contents
    ]


def parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Of the tool's result: pictures and the recording."""
    content: list[dict[str, Any]] = body["messages"][-1]["content"][0]["content"]
    return content


def pictures(body: dict[str, Any]) -> Iterator[Image.Image]:
    for part in parts(body):
        if part["type"] == "image":
            yield opened(b64decode(part["source"]["data"])).convert("RGB")


def without_pictures(body: dict[str, Any]) -> dict[str, Any]:
    bare = deepcopy(body)
    bare["messages"][-1]["content"][0]["content"] = [part for part in parts(body) if part["type"] != "image"]
    return bare


def magenta(picture: Image.Image) -> int:
    """How many pixels are."""
    data = picture.convert("RGB").tobytes()
    return sum(
        red > 170 and green < 110 and blue > 170
        for red, green, blue in zip(data[::3], data[1::3], data[2::3], strict=True)
    )


def spread(picture: Image.Image, box: Box) -> int:
    """How much the pixels inside of this place of a page differ."""
    scale = picture.width / WIDTH
    edges = (box.x + 6, box.y + 6, box.x + box.width - 6, box.y + box.height - 6)
    inside = picture.crop(tuple(round(edge * scale) for edge in edges))  # type: ignore[arg-type]  # four of them
    return max(high - low for low, high in inside.getextrema())  # type: ignore[misc]  # of three bands


def test_no_canary_is_in_any_request_and_every_request_can_be_shown(claude: ClaudeDouble, editor: Actor) -> None:
    assert len(PLANTED) >= 30
    runs: dict[str, LabelingRun] = {}
    for number, (kind, (canary, plant)) in enumerate(PLANTED.items()):
        contents = plant(canary)
        since = len(claude.calls())
        runs[kind] = come_in(with_pictures(contents, editor) if number % 4 == 0 else contents, editor)
        assert service.label_run(runs[kind].id) is Outcome.FINISHED, kind
        calls = claude.calls(bodies=True, since=since)
        assert calls, kind
        for body in (call.body for call in calls):
            bare = without_pictures(body)
            assert canary.lower() not in json.dumps(bare, ensure_ascii=False).lower(), kind
            assert letters(canary) not in letters(parts(bare)[-1]["text"]), kind
    _assert_shown(list(runs.values()), editor)
    _assert_painted(claude.bodies())


def _assert_shown(runs: Sequence[LabelingRun], actor: Actor) -> None:
    for run in runs:
        with transaction(read_only=True) as session:
            hashes = set(session.scalars(select(ModelCall.sent_hash).where(ModelCall.run_id == run.id)))
        for row in steps_of(run):
            with transaction(read_only=True) as session:
                prepared = sent.read(session, run.workflow_id, row.id, actor, click_verb="Click")
            shown = prepared.build()
            assert shown.matches_last_call is True, run.workflow_id
            assert shown.outgoing.sha256 in hashes


def _assert_painted(bodies: Sequence[dict[str, Any]]) -> None:
    assert magenta(opened(screenshot(FIELD, MARKED))) > 5_000
    assert spread(opened(screenshot(MARKED)), MARKED) == 255
    seen = [picture for body in bodies for picture in pictures(body)]
    assert len(seen) > 20
    assert [magenta(picture) for picture in seen] == [0] * len(seen)
    pages = [picture for picture in seen if abs(picture.width / picture.height - WIDTH / HEIGHT) < 0.02]
    assert len(pages) > 10
    assert max(spread(picture, MARKED) for picture in pages) < 12


def says(claude: ClaudeDouble, answer: tuple[str, str]) -> None:
    """Whatever it is asked, until told otherwise."""
    label = {"field_label": answer[0], "instruction": answer[1]}
    claude.clear_faults()
    claude.fault("says", answer={"s01": label}, times=100)


def around(body: dict[str, Any]) -> str:
    """A request without the one text that may hold words of a page."""
    bare = without_pictures(body)
    recording = parts(bare).pop()
    assert recording["type"] == "text"
    assert json.loads(recording["text"])["steps"]
    return json.dumps(bare, sort_keys=True)


def label_of(run: LabelingRun) -> Label | None:
    """What the model's answer became."""
    (row,) = steps_of(run)
    found = labels_of(row.id, LabelSource.AI)
    assert (row.label_state == LabelState.LABELLED) == bool(found)
    return found[-1] if found else None


def test_a_page_that_speaks_to_the_model_stays_inside_its_json_and_out_of_the_labels(
    claude: ClaudeDouble, editor: Actor
) -> None:
    harmless = come_in([step("click", "Save", role="button", tag="button")], editor)
    service.label_run(harmless.id)
    frame = around(claude.bodies()[0])
    wrong = [problem for case in poisoned() for problem in _problems(case, frame, claude, editor)]
    assert wrong == []
    assert len(claude.calls()) > 2 * len(list(poisoned()))


def _problems(case: PoisonedPage, frame: str, claude: ClaudeDouble, actor: Actor) -> Iterator[str]:
    since = len(claude.calls())
    says(claude, case.obeyed)
    obeyed = come_in([case.step], actor)
    service.label_run(obeyed.id)
    label = label_of(obeyed)
    if label is not None:
        text = f"{label.field_label} {label.instruction}".casefold()
        if not label.flags:
            yield f"{case.name}: an obeying answer became {text!r} without a flag"
        if any(word in text for word in FORBIDDEN):
            yield f"{case.name}: the label {text!r} carries it"
    elif run_of(obeyed.id).state not in {RunState.PARTIAL, RunState.FAILED} or CANARY in (
        run_of(obeyed.id).reason or ""
    ):
        yield f"{case.name}: {run_of(obeyed.id).state} {run_of(obeyed.id).reason}"
    says(claude, case.honest)
    honest = come_in([case.step], actor)
    service.label_run(honest.id)
    label = label_of(honest)
    if label is None or (label.field_label, label.instruction) != case.honest:
        yield f"{case.name}: the honest answer became {label and label.instruction!r}"
    for call in claude.calls(bodies=True, since=since):
        if around(call.body) != frame:
            yield f"{case.name}: something of it stands outside its JSON"
