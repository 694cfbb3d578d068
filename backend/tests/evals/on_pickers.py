"""Tasks with date pickers, sliders, spinners and drawings."""

from functools import partial

from playwright.sync_api import Locator

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="pickers")
drawing = partial(any_task, kind="drawings")
drag = partial(any_task, kind="dragging")
SUBMIT = ('Click "Submit".', "Submit")


@task("choose-date-easy", "choose-date-medium", "choose-date-nodelay")
def pick_a_date(do: Recording) -> None:
    month, day, _ = map(int, do.told(r"Select ([\d/]+) as").split("/"))
    do.click("#datepicker", 'Click the "Date" field.', "Date", "field")
    _pick(do, month, day)
    do.click("#subbtn", *SUBMIT)


def _pick(do: Recording, month: int, day: int) -> None:
    for back in range(12 - month):
        again = ("", " again")[back] if back < 2 else f" for the {_ORDINALS[back]} time"
        do.click(".ui-datepicker-prev", f'Click "Prev"{again}.', "Prev", "icon")
    cell = do.page.locator("#ui-datepicker-div td[data-handler] a").filter(has_text=str(day))
    do.click(cell, f'Click "{day}".', str(day), "link")


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@task("book-flight-nodelay", rewarded=False)
def book_a_flight(do: Recording) -> None:
    start, end = do.told(r"from: (.+) to:"), do.told(r"to: (.+) on")
    for name, where, city in (("From", "#flight-from", start), ("To", "#flight-to", end)):
        town = city.partition(",")[0]
        do.enter(where, town, f'Enter "{town}" in the "{name}" field.', name)
        shown = do.find(do.page.locator(".ui-menu-item-wrapper", has_text=town))
        option = shown.inner_text()
        do.click(shown, f'Select "{option}".', option, "option")
    do.click("#datepicker", 'Click the "Departure Date" field.', "Departure Date", "field")
    month, day, _ = map(int, do.told(r"on ([\d/]+)").split("/"))
    _pick(do, month, day)
    do.click("#search", 'Click "Search".', "Search")
    price = do.find(".flight-price") if do.page.locator(".flight-price").count() else do.find("#results button")
    name = price.inner_text()
    do.click(price, f'Click "{name}".', name)


@task("use-slider", seeds=(1, 2))
def one_slider(do: Recording) -> None:
    _slide(do, ".ui-slider-handle", "#val", do.told(r"Select (-?\d+) with"), "the slider")
    do.click("#subbtn", *SUBMIT)


@task("use-slider-2")
def three_sliders(do: Recording) -> None:
    values = do.told(r"\[(.+)\]").split(",")
    for number, ordinal in ((1, "first"), (2, "second"), (3, "third")):
        _slide(do, f"#slider-{number} .ui-slider-handle", f"#val-{number}", values[number - 1], f"the {ordinal} slider")
    do.click("#subbtn", *SUBMIT)


def _slide(do: Recording, handle: str, shown: str, wanted: str, said: str) -> None:
    def move(element: Locator) -> None:
        for key, over in (("ArrowRight", 1), ("ArrowLeft", -1)):
            while (int(wanted) - int(do.page.locator(shown).inner_text())) * over > 0:
                element.press(key)

    do.set(handle, wanted, f'Set {said} to "{wanted}".', None, move)


@task("use-spinner")
def spinner(do: Recording) -> None:
    wanted = do.told(r"Select (-?\d+) with")
    do.find("#spinner").evaluate("(field, value) => { field.value = value }", wanted)  # the page refuses keys
    do.note("input", "#spinner", f'Enter "{wanted}" in the "Select a value" field.', "Select a value", value=wanted)
    do.click("#subbtn", *SUBMIT)


@task("use-colorwheel", rewarded=False)
def color_field(do: Recording) -> None:
    element = do.find("#col")
    element.fill("")
    do.enter("#col", "00FF00", 'Enter "00FF00" in the "Color" field.', "Color")
    do.page.keyboard.press("Escape")
    do.page.locator("#area").click(position={"x": 2, "y": 80})
    do.click("#subbtn", *SUBMIT)


@drawing("click-color", seeds=(1, 2))
def colored_box(do: Recording) -> None:
    color = do.told(r"the (\w+) colored")
    do.click(f".color[data-color={color}]", f"Click the {color} box.", None, "item")


@drawing("click-shades")
def shades(do: Recording) -> None:
    color = do.told(r"shades of (\w+)")
    for number, shade in enumerate(do.page.locator(f"span[data-color={color}]").all()):
        do.click(shade, f"Click the {_ORDINALS[number]} {color} square.", None, "item")
    do.click("#submit", *SUBMIT)


@drawing("click-shape")
def shape(do: Recording) -> None:
    do.click("#area_svg rect >> nth=0", "Click the large red rectangle on the left.", None, "item")


@drawing("ascending-numbers", rewarded=False)
def number_in_a_drawing(do: Recording) -> None:
    """The others vanish after the first."""
    do.click("#area_svg text:text-is('1')", 'Click "1".', "1", "item")


@drawing("simon-says", rewarded=False)
def nameless_buttons(do: Recording) -> None:
    do.click("#button-1", "Click the top left button.", None)
    do.click("#button-4", "Click the bottom right button.", None)


@drawing("tic-tac-toe", rewarded=False)
def squares(do: Recording) -> None:
    do.click("#ttt-4", "Click the middle square.", None, "item")


@drawing("hover-shape", rewarded=False)
def point_to_a_square(do: Recording) -> None:
    do.hover("#highlight", "Point to the red square.", None, "item")


@drawing("grid-coordinate")
def point_of_a_grid(do: Recording) -> None:
    do.click(
        f"circle[id='{do.told(r'coordinate (.+)[.]')}']", "Click the point on the left of the middle.", None, "item"
    )


@drawing("click-pie-nodelay", rewarded=False)
def pie_menu(do: Recording) -> None:
    (name,) = do.quoted()
    do.click("#divWheel svg text >> text='+'", "Click the plus sign.", None, "item")
    do.page.wait_for_timeout(700)
    do.click(f"#divWheel svg text >> text='{name}'", f'Click "{name}".', name, "item")


@drag("drag-items", rewarded=False)
def sort_a_list(do: Recording) -> None:
    name = do.told(r"Drag (\w+)")
    do.drag(
        do.page.locator("#sortable li", has_text=name),
        "#sortable li >> nth=2",
        f'Drag "{name}" to its new place.',
        name,
    )


@drag("drag-items-grid", rewarded=False)
def sort_a_grid(do: Recording) -> None:
    name = do.told(r"Drag (\w+)")
    do.drag(
        do.page.locator("#sortable li", has_text=name),
        "#sortable li >> nth=4",
        f'Drag "{name}" to its new place.',
        name,
    )


@drag("drag-sort-numbers", rewarded=False)
def sort_numbers(do: Recording) -> None:
    do.drag("#sortable li:has-text('-51')", "#sortable li >> nth=0", 'Drag "-51" to its new place.', "-51")
    do.click("#subbtn", *SUBMIT)


@drag("drag-box", rewarded=False)
def box_into_box(do: Recording) -> None:
    do.drag("#draggableSmall", "#draggableLarge", 'Drag "s" to "L".', "s", value="L")
    do.click("#subbtn", *SUBMIT)


@drag("drag-single-shape", rewarded=False)
def drag_a_shape(do: Recording) -> None:
    do.drag("circle.black-shape", "#subbtn", "Drag the red circle to its new place.", None)
    do.click("#subbtn", *SUBMIT)
