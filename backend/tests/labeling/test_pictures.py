"""What a step's screenshot shows to a model, from the rows to the JPEG."""

import pytest

from app.core.db import transaction
from app.labeling import pictures
from app.labeling.pictures import ForModel
from app.storage import service as storage
from app.storage.models import Screenshot
from app.storage.store import get_store
from app.workflows.content import Box, StepContent
from tests.labeling.recordings import record
from tests.labeling.steps import step
from tests.storage.pictures import encoded, opened
from tests.storage.test_landmarks import FIELD, form

LEFT, TOP, RIGHT, BOTTOM = FIELD
BOX = Box(x=LEFT, y=TOP, width=RIGHT - LEFT, height=BOTTOM - TOP)
BUTTON = Box(x=900, y=600, width=100, height=30)
INK = "M" * 40


def shots_of(*screens: bytes) -> pictures.Shots:
    """Kept under the ids `0`, `1`, …"""
    record(["Save"])
    shots: pictures.Shots = {}
    with transaction() as session:
        for number, data in enumerate(screens):
            limits = {"max_bytes": 10**7, "max_pixels": 10**7}
            shots[str(number)] = storage.store(session, get_store(), owner_id=1, data=data, **limits)[0]
    return shots


def filled_then_clicked() -> list[StepContent]:
    url = "https://crm.example/new"
    return [
        step("input", "Department", tag="input", value=INK, box=BOX, url=url, screenshot_id="0"),
        step("click", "Save", tag="button", box=BUTTON, url=url, screenshot_id="1"),
    ]


def screens(*, scrolled: int = 0) -> tuple[bytes, bytes]:
    return (
        encoded(form(typed=INK, focus="Department"), "PNG"),
        encoded(form(typed=INK, scrolled=scrolled, focus="Email"), "PNG"),
    )


@pytest.fixture
def steady(settings: object) -> list[ForModel]:
    assert settings
    return pictures.for_model(filled_then_clicked(), shots_of(*screens()))


@pytest.mark.usefixtures("settings")
def test_a_page_that_moved_unseen_is_not_shown() -> None:
    first, second = pictures.for_model(filled_then_clicked(), shots_of(*screens(scrolled=37)))
    assert first("page")
    assert (second("crop"), second("page")) == (None, None)


@pytest.mark.usefixtures("settings")
def test_a_step_whose_earlier_screenshot_is_gone_is_not_shown() -> None:
    shots = shots_of(*screens())
    gone: dict[str, Screenshot] = {"1": shots["1"]}
    assert pictures.for_model(filled_then_clicked(), gone)[1]("page") is None
    get_store().delete(shots["0"].blob)
    assert pictures.for_model(filled_then_clicked(), shots)[1]("page") is None


@pytest.mark.usefixtures("settings")
def test_a_picture_that_is_damaged_or_gone_is_not_shown() -> None:
    shots = shots_of(*screens())
    get_store().put(shots["0"].blob, b"RIFF0000WEBPbroken")
    first, second = pictures.for_model(filled_then_clicked(), shots)
    assert first("page") is first("crop") is second("page") is None


def test_what_was_typed_is_painted_over_in_its_step_and_behind(steady: list[ForModel]) -> None:
    for shown in steady:
        data = shown("page")
        assert data is not None
        inside = opened(data).convert("L").crop((140, 188, 400, 198))
        low, high = inside.getextrema()
        assert high - low < 8  # type: ignore[operator]


def test_both_pictures_come_again_as_often_as_they_are_asked_for(steady: list[ForModel]) -> None:
    once = [(shown("crop"), shown("page")) for shown in steady]
    again = [(shown("crop"), shown("page")) for shown in steady]
    assert once == again
    assert all(crop and page for crop, page in once)
