"""Tasks with checkboxes, radio options and lists."""

from functools import partial

from playwright.sync_api import Locator

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="choices")
SUBMIT = ('Click "Submit".', "Submit")


@task("click-checkboxes", seeds=(2, 3))
@task("click-checkboxes-large", "click-checkboxes-transfer")
def tick_named_boxes(do: Recording) -> None:
    for name in do.told(r"Select (.+) and click").split(", "):
        box = (
            do.page.locator("label")
            .filter(has=do.page.get_by_text(name, exact=True))
            .or_(do.page.locator(f"label:text-is('{name}')"))
        )
        do.check(box.locator("input"), f'Select the "{name}" checkbox.', name)
    do.click("#subbtn", *SUBMIT)


@task("click-checkboxes-soft")
def tick_words_that_are_alike(do: Recording) -> None:
    for name in ("miserable", "joyful"):
        do.check(f"label:text-is('{name}') input", f'Select the "{name}" checkbox.', name)
    do.click("#subbtn", *SUBMIT)


@task("click-option", seeds=(1, 2, 3))
def pick_one(do: Recording) -> None:
    name = do.told(r"Select (.+) and click")
    do.check(f"label:text-is('{name}') input", f'Select "{name}".', name, "radio option")
    do.click("#subbtn", *SUBMIT)


@task("choose-list", seeds=(1, 2))
def choose_from_a_dropdown(do: Recording) -> None:
    name = do.told(r"Select (.+) from the list")
    do.select("#options", name, f'Select "{name}" from the dropdown.', None, "dropdown")
    do.click("button", *SUBMIT)


@task("click-scroll-list", seeds=(2, 3))
def choose_from_a_list(do: Recording) -> None:
    names = do.told(r"Select (.+) from the scroll").split(", ")
    chosen = ", ".join(names)
    do.select("#options", names, f'Select "{chosen}" from the list.', None, "list")
    do.click("button", *SUBMIT)


@task("form-sequence")
def slider_and_boxes(do: Recording) -> None:
    to = int(do.told(r"Select (-?\d+) with"))
    now = int(do.page.locator("#val").inner_text())

    def move(handle: Locator) -> None:
        for _ in range(abs(to - now)):
            handle.press("ArrowRight" if to > now else "ArrowLeft")

    do.set(".ui-slider-handle", str(to), f'Set the slider to "{to}".', None, move)
    number = do.told(r"the (\d)")
    ordinal = {"1": "first", "2": "second", "3": "third"}[number]
    do.check(f"#checkbox-{number}", f"Select the {ordinal} checkbox.", None)
    do.click("#subbtn", *SUBMIT)


@task("form-sequence-2")
def option_and_field(do: Recording) -> None:
    first, third = do.told(r"the (\d)\w\w radio"), do.told(r"the (\d)\w\w textbox")
    ordinal = {"1": "first", "2": "second", "3": "third"}
    do.check(f"input[type=radio] >> nth={int(first) - 1}", f"Select the {ordinal[first]} option.", None, "radio option")
    (number,) = do.quoted()
    do.enter(f"#input-{third}", number, f'Enter "{number}" in the {ordinal[third]} field.', None)
    do.click("#subbtn", *SUBMIT)


@task("form-sequence-3")
def styled_dropdown(do: Recording) -> None:
    option, button = do.told(r"Choose (.+) from"), do.quoted()[0]
    do.click(".selectric", "Open the dropdown.", None, "dropdown")
    do.click(f".selectric-items li:text-is('{option}')", f'Select "{option}" from the dropdown.', option, "option")
    do.click(f"#buttons button:text-is('{button}')", f'Click "{button}".', button)


@task("number-checkboxes", rewarded=False)
def boxes_without_names(do: Recording) -> None:
    do.check("#checkboxes input >> nth=1", "Select the second checkbox in the first row.", None)
    do.click("#subbtn", *SUBMIT)
