"""The committed set holds together, and carries nothing of the machine that recorded it."""

import io
from collections import Counter

import pytest
from PIL import Image

from app.core.config import BACKEND
from app.labeling.evaluation.sets import DATA, SET, EvaluationSet, load, picture
from app.labeling.style import check
from app.workflows.content import WITHOUT_TARGET

THREE_MEGABYTES = 3_000_000


@pytest.fixture(scope="module")
def committed() -> EvaluationSet:
    return load()


def test_gold_labels_obey_the_style(committed: EvaluationSet) -> None:
    wrong = [
        (workflow.name, step.gold.instruction, problem.code)
        for workflow in committed.workflows
        for step in workflow.steps
        for problem in check("Name", step.gold.instruction)
        if not problem.advice
    ]
    assert wrong == []


def test_gold_names_stand_in_their_sentences(committed: EvaluationSet) -> None:
    missing = [
        step.gold
        for workflow in committed.workflows
        for step in workflow.steps
        if step.gold.name and f'"{step.gold.name}"' not in step.gold.instruction
    ]
    assert missing == []


def test_no_gold_label_says_a_planted_secret(committed: EvaluationSet) -> None:
    for workflow in committed.workflows:
        said = " ".join(step.gold.instruction for step in workflow.steps)
        assert [secret for secret in workflow.planted if secret in said] == []


def test_planted_secrets_are_really_in_the_steps(committed: EvaluationSet) -> None:
    planted = next(workflow for workflow in committed.workflows if workflow.origin == "planted")
    text = " ".join(step.content.model_dump_json() for step in planted.steps)
    assert len(planted.planted) >= 10
    assert [secret for secret in planted.planted if secret not in text] == []


def test_many_pages_of_many_kinds_are_in_it(committed: EvaluationSet) -> None:
    pages = {workflow.name.rpartition("-")[0] for workflow in committed.workflows if workflow.origin == "miniwob"}
    assert len(pages) >= 60
    assert len({workflow.kind for workflow in committed.workflows}) >= 8
    names = Counter(workflow.name for workflow in committed.workflows)
    assert set(names.values()) == {1}


def test_every_recorded_step_has_its_picture_and_a_box_within_it(committed: EvaluationSet) -> None:
    for workflow in committed.workflows:
        for step in workflow.steps if workflow.origin == "miniwob" else ():
            data = picture(step.content.screenshot_id)
            assert data, step.content.screenshot_id
            with Image.open(io.BytesIO(data)) as shot:
                assert step.content.page.viewport
                assert shot.size == (step.content.page.viewport.width, step.content.page.viewport.height)
            if step.content.action not in WITHOUT_TARGET:
                assert step.content.target
                assert step.content.target.box
                assert 0 <= step.content.target.box.x < shot.size[0], step.content.screenshot_id


def test_nothing_of_the_machine_that_recorded_it_is_left() -> None:
    text = SET.read_text("utf-8")
    for trace in ("file:", str(BACKEND), "site-packages", "localhost", "127.0.0.1"):
        assert trace not in text


def test_set_is_small_and_names_its_licence() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < THREE_MEGABYTES
    assert "Farama Foundation" in (DATA / "MINIWOB-LICENSE.txt").read_text("utf-8")
