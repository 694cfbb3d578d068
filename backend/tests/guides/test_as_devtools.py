"""A user flow: valid by the types of `@puppeteer/replay`, and read back by our own importer as the same steps."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.core.config import BACKEND, Settings
from app.recordings.formats.imported import ImportedRecording
from app.recordings.formats.reading import read
from app.workflows.content import Action, Page, StepContent, Target
from tests.guides.rows import view, workflow
from tests.guides.sources import CONTACTS, NEW, button, field, made, source

SCHEMA = json.loads((Path(__file__).parent / "user_flow.schema.json").read_text())
SAMPLE = BACKEND.parent / "samples" / "approve-an-expense-report.devtools.json"


def flow(*contents: StepContent) -> dict[str, Any]:
    views = [view(f"Step {n}.", field_label="x", position=n, content=c) for n, c in enumerate(contents, 1)]
    found: dict[str, Any] = json.loads(made("devtools", source(views, workflow())))
    Draft202012Validator(SCHEMA).validate(found)
    return found


def read_back(found: dict[str, Any]) -> ImportedRecording:
    (imported,) = read(json.dumps(found).encode(), limits=Settings())
    return imported


def told(steps: Any) -> list[tuple[Any, ...]]:
    return [(s.action, s.target and (s.target.name, s.target.selectors), s.value, s.page.url) for s in steps]


def test_what_the_recorder_has_no_step_for_is_left_out() -> None:
    left_out = [
        StepContent(action=action, target=button("x"), value="x", page=NEW)
        for action in (Action.NOTE, Action.UPLOAD, Action.COPY)
    ]
    nowhere = StepContent(action=Action.CLICK, target=Target(), page=NEW)
    assert [step["type"] for step in flow(*left_out, nowhere)["steps"]] == ["setViewport", "navigate"]


def test_a_secret_is_not_in_it() -> None:
    content = StepContent.model_construct(
        **{
            **StepContent(action=Action.INPUT).__dict__,
            "target": field("Password"),
            "value_kind": "password",
            "value": None,
        }
    )
    assert flow(content)["steps"][-1]["value"] == ""


def test_name_that_the_recorder_left_out_is_no_way() -> None:
    target = Target(tag="button", role="button", name="Delete", selectors=["li:nth-of-type(2) > button"])
    assert flow(StepContent(action=Action.CLICK, target=target, page=NEW))["steps"][-1]["selectors"] == [
        ["li:nth-of-type(2) > button"]
    ]
    only_name = Target(tag="button", role="button", name="Delete")
    assert flow(StepContent(action=Action.CLICK, target=only_name, page=NEW))["steps"][-1]["selectors"] == [
        ["aria/Delete"]
    ]


def test_click_on_a_picture_goes_to_the_same_point() -> None:
    target = Target(tag="canvas", selectors=["#plan"], attributes={"data-wp-point": "12,30"})
    clicked = flow(StepContent(action=Action.CLICK, target=target, page=NEW))["steps"][-1]
    assert (clicked["offsetX"], clicked["offsetY"]) == (12, 30)


def test_our_importer_reads_the_same_steps() -> None:
    select = Target(tag="select", role="combobox", name="Role", selectors=["aria/Role", "select#role"])
    box = Target(tag="input", role="checkbox", name="Active", selectors=["aria/Active", "#active"])
    contents = [
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.CLICK, target=button("New contact"), page=CONTACTS),
        StepContent(action=Action.INPUT, target=field("Name"), value="Acme", value_kind="text", page=NEW),
        StepContent(action=Action.SELECT, target=select, value="Admin", value_kind="option", page=NEW),
        StepContent(action=Action.CHECK, target=box, page=NEW),
        StepContent(action=Action.UNCHECK, target=box, page=NEW),
        StepContent(action=Action.DOUBLE_CLICK, target=button("Row"), page=NEW),
        StepContent(action=Action.RIGHT_CLICK, target=button("Row"), page=NEW),
        StepContent(action=Action.HOVER, target=button("Menu"), page=NEW),
        StepContent(action=Action.PRESS, value="Ctrl+S", page=NEW),
        StepContent(action=Action.PRESS, value="+", page=NEW),
        StepContent(action=Action.CLICK, target=button("Save"), page=CONTACTS),
    ]
    imported = read_back(flow(*contents))
    assert not imported.warnings
    assert told(imported.recording.steps) == told(contents)
    assert [step.page.title for step in imported.recording.steps] == [content.page.title for content in contents]


def test_a_recording_of_the_recorder_comes_through_both_ways() -> None:
    (original,) = read(SAMPLE.read_bytes(), limits=Settings())
    contents = [
        StepContent.model_validate(step.model_dump(exclude={"label", "heading"})) for step in original.recording.steps
    ]
    imported = read_back(flow(*contents))
    assert told(imported.recording.steps) == told(contents)


def test_going_back_is_read_back() -> None:
    link = Target(tag="a", role="link", name="News", selectors=["aria/News", "#news"])
    contents = [
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.CLICK, target=link, page=CONTACTS),
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
    ]
    steps = flow(*contents)["steps"][-2:]
    assert [step["type"] for step in steps] == ["click", "waitForExpression"]
    assert all(step["assertedEvents"][0]["type"] == "navigation" for step in steps)
    imported = read_back(flow(*contents))
    assert told(imported.recording.steps) == told(contents)
    assert not imported.warnings


def test_what_only_helps_a_step_is_no_step() -> None:
    letter = Target(
        tag="div",
        role="textbox",
        name="Letter",
        selectors=["aria/Letter", "#letter"],
        attributes={"contenteditable": ""},
    )
    content = StepContent(action=Action.INPUT, target=letter, value="Dear", value_kind="text", page=NEW)
    kinds = [step["type"] for step in flow(content)["steps"]]
    assert kinds[-3:] == ["waitForExpression", "change", "waitForExpression"]
    imported = read_back(flow(content))
    assert told(imported.recording.steps)[-1] == told([content])[0]
    assert not imported.warnings


def test_an_expression_that_stands_for_a_step_is_named_as_left_out() -> None:
    drag = StepContent(action=Action.DRAG, target=Target(tag="li", selectors=["#one"]), value="Two", page=NEW)
    after = StepContent(action=Action.CLICK, target=button("Save"), page=NEW)
    (warning,) = read_back(flow(drag, after)).warnings
    assert 'The step "waitForExpression" waits for a condition' in warning.message


@pytest.mark.parametrize("selectors", [[], ["aria/One"], ["text/One"]])
def test_what_a_page_cannot_find_it_does_not_do(selectors: list[str | list[str]]) -> None:
    drag = StepContent(action=Action.DRAG, target=Target(tag="li", selectors=selectors), value="Two", page=NEW)
    assert [step["type"] for step in flow(drag)["steps"]] == ["setViewport", "navigate"]


@pytest.mark.parametrize("poison", ['"\\</script>', "\u2028", "aria/[name='x']"])
def test_any_texts_make_a_valid_flow(poison: str) -> None:
    target = Target(tag="b", name=poison, selectors=[poison, [poison, poison]])
    flow(StepContent(action=Action.CLICK, target=target, page=Page(url=poison, title=poison)))


def test_selectors_that_only_playwright_reads_are_left_out() -> None:
    selectors: list[str | list[str]] = ["internal:role=row >> nth=1", 'aria/Save[role="button"]']
    target = Target(role="button", name="Save", selectors=selectors)
    (step,) = flow(StepContent(action=Action.CLICK, target=target))["steps"]
    assert step["selectors"] == [['aria/Save[role="button"]']]


@pytest.mark.parametrize(("told", "frame"), [("0,1", [0, 1]), ("", None), ("1,", None), ("-1", None), (None, None)])
def test_a_frame_is_found_by_the_numbers_that_the_recorder_told(told: str | None, frame: list[int] | None) -> None:
    attributes = {} if told is None else {"data-wp-frame": told}
    target = Target(tag="button", selectors=["#pay"], frame=["#a", "#b"], attributes=attributes)
    assert flow(StepContent(action=Action.CLICK, target=target, page=NEW))["steps"][-1].get("frame") == frame


REPORT = Page(url="https://crm.example/report", title="Report")


def in_second_tab(content: StepContent) -> StepContent:
    assert content.target
    attributes = content.target.attributes | {"data-wp-tab": "2"}
    return content.model_copy(update={"target": content.target.model_copy(update={"attributes": attributes})})


def test_what_was_done_in_another_tab_is_done_there() -> None:
    link = Target(tag="a", role="link", name="Report", selectors=["#r"], attributes={"data-wp-button": "middle"})
    contents = [
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.CLICK, target=link, page=CONTACTS),
        in_second_tab(StepContent(action=Action.INPUT, target=field("Comment"), value="Fine", page=REPORT)),
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.CLICK, target=button("Save"), page=CONTACTS),
    ]
    played = flow(*contents)["steps"][2:]
    assert [(step["type"], step["target"], step.get("button")) for step in played] == [
        ("click", "main", "auxiliary"), ("change", REPORT.url, None), ("click", "main", None),
    ]  # fmt: skip
    assert not any("assertedEvents" in step for step in played)
    imported = read_back(flow(*contents))
    steps = imported.recording.steps
    again = [StepContent.model_validate(step.model_dump(exclude={"label", "heading"})) for step in steps]
    assert [(step["type"], step["target"], step.get("button")) for step in flow(*again)["steps"][2:]] == [
        ("click", "main", "auxiliary"), ("change", REPORT.url, None), ("click", "main", None),
    ]  # fmt: skip


def test_an_option_is_chosen_by_its_own_value() -> None:
    branch = Target(tag="select", selectors=["#branch"], attributes={"data-wp-option": "b2"})
    chosen = StepContent(action=Action.SELECT, target=branch, value="Odense", value_kind="option", page=NEW)
    assert flow(chosen)["steps"][-1]["value"] == "b2"


def test_keys_that_were_held_are_held() -> None:
    target = Target(tag="td", selectors=["#row"], attributes={"data-wp-keys": "Control+Shift"})
    played = flow(StepContent(action=Action.CLICK, target=target, page=NEW))["steps"][-5:]
    assert [(step["type"], step.get("key")) for step in played] == [
        ("keyDown", "Control"), ("keyDown", "Shift"), ("click", None), ("keyUp", "Shift"), ("keyUp", "Control"),
    ]  # fmt: skip


def test_what_was_pasted_is_entered() -> None:
    pasted = StepContent(action=Action.PASTE, target=field("Search"), value="INV-7", value_kind="text", page=NEW)
    assert flow(pasted)["steps"][-1]["value"] == "INV-7"
    unseen = StepContent(action=Action.PASTE, target=field("Search"), page=NEW)
    assert flow(unseen)["steps"][-1]["type"] == "navigate"
