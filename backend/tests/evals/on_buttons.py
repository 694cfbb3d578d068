"""Tasks with buttons, links and dialogs. Gold names are read from the task's own words or written out."""

from functools import partial

from tests.evals.recording import Recording
from tests.evals.tasks import task as any_task

task = partial(any_task, kind="buttons and links")


@task("click-button", seeds=(1, 2, 3))
def click_button(do: Recording) -> None:
    (name,) = do.quoted()
    do.click(f"button:text-is('{name}')", f'Click "{name}".', name)


@task("unicode-test", seeds=(1, 2, 4))
def unicode_button(do: Recording) -> None:
    (name,) = do.quoted()
    do.click(f"button:text-is('{name}')", f'Click "{name}".', name)


@task("click-test")
def only_button(do: Recording) -> None:
    do.click("#subbtn", 'Click "Click Me!".', "Click Me!")


@task("click-test-2", "click-test-transfer")
def first_of_two(do: Recording) -> None:
    do.click("#subbtn", 'Click "ONE".', "ONE")


@task("click-button-sequence")
def one_after_another(do: Recording) -> None:
    do.click("#subbtn", 'Click "ONE".', "ONE")
    do.click("#subbtn2", 'Click "TWO".', "TWO")


@task("button-delay", seeds=(3,))
def with_a_pause(do: Recording) -> None:
    do.click("#subbtn", 'Click "ONE".', "ONE")
    do.page.wait_for_timeout(1000 * int(do.told(r"wait (\d+) seconds")) + 300)
    do.click("#subbtn2", 'Click "TWO".', "TWO")


@task("click-link", seeds=(1, 2, 3))
def link_in_a_text(do: Recording) -> None:
    (shown,) = do.quoted()
    name = shown.rstrip(",.")
    do.click(do.page.locator(".alink", has_text=shown), f'Click "{name}".', name, "link")


@task("click-dialog", seeds=(1, 2))
def close_a_dialog(do: Recording) -> None:
    do.click(".ui-dialog-titlebar-close", 'Click "Close".', "Close", "icon")


@task("click-dialog-2", seeds=(1, 2, 4))
def answer_a_dialog(do: Recording) -> None:
    (name,) = do.quoted()
    if name == "x":
        do.click(".ui-dialog-titlebar-close", 'Click "Close".', "Close", "icon")
    else:
        do.click(f".ui-dialog-buttonset button:text-is('{name}')", f'Click "{name}".', name)


@task("identify-shape", seeds=(1, 2))
def what_shape_is_it(do: Recording) -> None:
    kind = do.page.evaluate(
        "() => { const e = document.querySelector('#area_svg > *'); return [e.localName, e.textContent] }"
    )
    by_tag = {"rect": "Rectangle", "circle": "Circle", "polygon": "Triangle"}
    name = by_tag.get(kind[0]) or ("Number" if kind[1].isdigit() else "Letter")
    do.click(f"button:text-is('{name}')", f'Click "{name}".', name)


@task("sign-agreement", seeds=(1, 3, 4))
def sign_an_agreement(do: Recording) -> None:
    if "cancel" in do.utterance:
        do.click("#cancel", 'Click "Cancel".', "Cancel")
        return
    do.page.locator("#text-area").evaluate("area => { area.scrollTop = area.scrollHeight }")
    do.page.wait_for_timeout(200)
    name = do.quoted()[0]
    do.enter("#name", name, 'Enter the name in the "Name" field.', "Name")
    do.click("#agree", 'Click "Agree".', "Agree")


@task("generate-number")
def generate_a_number(do: Recording) -> None:
    do.click("#generate", 'Click "Generate".', "Generate")
    do.page.locator("#display-number").evaluate("shown => { shown.textContent = '9' }")
    do.click("#submit", 'Click "Submit".', "Submit")


@task("odd-or-even")
def odd_or_even(do: Recording) -> None:
    for row in do.page.locator("#numbers .row").all():
        number = row.locator(".display-number").inner_text()
        name = "Odd" if int(number) % 2 else "Even"
        do.click(row.locator(f"button.{name.lower()}"), f'Click "{name}" next to "{number}".', name)
    do.click("#submit", 'Click "Submit".', "Submit")


@task("buy-ticket")
def buy_a_ticket(do: Recording) -> None:
    names = {"shortest": 0, "longest": -1}
    rows = do.page.locator(".time-duration").evaluate_all("all => all.map(one => +one.dataset.duration)")
    wanted = sorted(rows)[names[do.told(r"the (shortest|longest)")]]
    row = do.page.locator(".flight").nth(rows.index(wanted))
    name = row.locator("button").inner_text()
    do.click(row.locator("button"), f'Click "{name}".', name)


@task("order-food", rewarded=False)
def order_food(do: Recording) -> None:
    for dish in do.told(r"each item: (.+)").split(", "):
        item = do.page.locator(".food-item", has_text=dish)
        do.click(item.locator(".add"), f'Click the plus sign next to "{dish}".', None, "item")
    do.click("#submit-order button", 'Click "Order!".', "Order!")


@task("click-widget", seeds=(3, 4))
def a_kind_of_widget(do: Recording) -> None:
    button = do.page.locator("button[data-type=button]").first
    do.click(button, f'Click "{button.inner_text()}".', button.inner_text())


@task("stock-market")
def buy_stock(do: Recording) -> None:
    limit = float(do.told(r"\$([\d.]+[\d])"))
    do.page.wait_for_function(
        "limit => +document.getElementById('stock-price').textContent.replace('$', '') < limit",
        arg=limit,
        timeout=60_000,
    )
    do.click("#buy", 'Click "Buy".', "Buy")


@task("count-shape")
def count_shapes(do: Recording) -> None:
    do.click("#count-buttons button:text-is('1')", 'Click "1".', "1")


@task("find-greatest", rewarded=False)
def pick_a_card(do: Recording) -> None:
    do.click(".card >> nth=2", "Click the card on the right of the page.", None, "item")
    do.click("#submit", 'Click "Submit".', "Submit")
