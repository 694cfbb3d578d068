"""A test script: what it finds elements by, and that nothing recorded becomes code."""

import re

import pytest

from app.guides.as_playwright import key
from app.guides.locators import locator
from app.workflows.content import Action, Context, Page, StepContent, Target
from tests.guides.rows import view, workflow
from tests.guides.sources import CONTACTS, NEW, button, field, made, source


def script(*contents: StepContent, name: str = "Create a contact") -> str:
    views = [view(f"Step {n}.", field_label="x", position=n, content=c) for n, c in enumerate(contents, 1)]
    return made("playwright", source(views, workflow(name))).decode()


@pytest.mark.parametrize(
    ("tag", "attributes", "call"),
    [
        ("div", {}, "pressSequentially"),
        ("div", {"contenteditable": "true"}, "fill"),
        ("textarea", {}, "fill"),
        (None, {}, "fill"),
    ],
)
def test_what_holds_no_text_is_typed_into(tag: str | None, attributes: dict[str, str | None], call: str) -> None:
    code = Target(tag=tag, role="textbox", name="Code", attributes=attributes)
    text = script(StepContent(action=Action.INPUT, target=code, value="on\noff", page=NEW))
    assert f'.getByRole("textbox", {{ name: "Code", exact: true }}).{call}(inputs.x);' in text


@pytest.mark.parametrize(
    ("tag", "value", "taken"),
    [
        ("ul", "Carpentry", 'await page.getByRole("option", { name: inputs.x, exact: true }).click();'),
        ("input", "Hull, Leeds", 'await page.getByRole("option", { name: inputs.x, exact: true }).click();'),
        (
            "ul",
            "Carpentry, Welding",
            "for (const name of inputs.x.split(', ')) { "
            'await page.getByRole("option", { name, exact: true }).click(); }',
        ),
    ],
)
def test_each_option_is_taken(tag: str, value: str, taken: str) -> None:
    box = Target(tag=tag, role="listbox", name="Skills", selectors=["#skills"])
    assert taken in script(StepContent(action=Action.SELECT, target=box, value=value, value_kind="option", page=NEW))


def test_what_was_done_in_another_tab_is_done_there() -> None:
    there = field("Comment")
    comment = there.model_copy(update={"attributes": there.attributes | {"data-wp-tab": "2"}})
    link = Target(tag="a", role="link", name="Report", attributes={"data-wp-button": "middle"})
    report = Page(url="https://crm.example/report")
    text = script(
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.CLICK, target=link, page=CONTACTS),
        StepContent(action=Action.INPUT, target=comment, value="Fine", page=report),
        StepContent(action=Action.PRESS, value="Ctrl+S", page=report),
        StepContent(action=Action.NAVIGATE, page=CONTACTS),
        StepContent(action=Action.DRAG, target=button("Card"), value="Done", page=CONTACTS),
    )
    card, done = 'getByRole("button", { name: "Card", exact: true })', 'getByText("Done", { exact: true })'
    assert [line.strip() for line in text.splitlines() if "page" in line and "//" not in line][-6:] == [
        "const [page1] = await Promise.all([page.context().waitForEvent('page'), "
        'page.getByRole("link", { name: "Report", exact: true }).click({ button: \'middle\' })]);',
        'await page1.getByRole("textbox", { name: "Comment", exact: true }).fill(inputs.x);',
        'await page1.getByRole("textbox", { name: "Comment", exact: true }).blur();',
        'await page1.keyboard.press("Control+s");',
        "await page.bringToFront();",
        f"await page.{card}.dragTo(page.{done});",
    ]


def test_a_tab_that_nobody_knows_how_to_open_is_waited_for() -> None:
    there = button("Save").model_copy(update={"attributes": {"data-wp-tab": "2"}})
    unknown = StepContent(action=Action.CLICK, target=Target(), page=NEW)
    text = script(unknown, StepContent(action=Action.CLICK, target=there, page=CONTACTS))
    assert "// Left out: no element was recorded. Add it by hand.\n  const page1 = await page.context()" in text
    assert "await page1.getByRole(" in text


CODE = {"import", "test", "from", "const", "inputs", "process", "env", "async", "page", "await", "goto", "x", "X"}
CODE |= {"context", "on", "dialog", "accept"}
CODE |= {"getByRole", "name", "exact", "true", "fill", "click"}
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\'[^\'\n]*\'')


@pytest.mark.parametrize(
    "poison", ['"; process.exit(1); //', "`${process.env.HOME}`", "\\", "*/ x", "a\u2028b", "'", "</script>"]
)
def test_what_was_recorded_is_never_code(poison: str) -> None:
    target = Target(tag=poison[:9], role="button", name=poison, selectors=[poison], attributes={"placeholder": poison})
    typed = StepContent(action=Action.INPUT, target=target, value=poison, page=Page(url=poison, title=poison))
    text = script(typed, StepContent(action=Action.CLICK, target=target, page=Page(url=poison)), name=poison)
    code = "\n".join(line for line in text.split("\n") if not line.strip().startswith("//"))
    bare = STRING.sub("§", code)
    assert set(re.findall(r"[A-Za-z_]+", bare)) <= CODE
    assert "\u2028" not in text


def test_elements_are_found_as_people_find_them() -> None:
    text = made("playwright").decode()
    assert 'await page.goto("https://crm.example/contacts");' in text
    assert 'await page.getByRole("button", { name: "New contact", exact: true }).click();' in text
    assert 'await page.getByRole("textbox", { name: "Name", exact: true }).fill(inputs.customer);' in text
    assert 'await page.getByLabel("Password", { exact: true }).fill(inputs.password);' in text
    assert 'customer: process.env.CUSTOMER ?? "Acme",' in text
    assert "password: process.env.PASSWORD ?? '', // secret: never recorded" in text
    assert "// 5. Call the customer.\n" in text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target(), None),
        (Target(tag="div", selectors=["text/Save", "xpath///b", "#save"]), 'page.locator("css=#save")'),
        (Target(tag="div", selectors=[["my-app", "#save"]]), 'page.locator("css=my-app >> css=#save")'),
        (Target(tag="div", selectors=["xpath///b"]), 'page.locator("xpath=//b")'),
        (Target(tag="div", text="Save"), 'page.getByText("Save", { exact: true }).first()'),
        (Target(tag="a", name="Home"), 'page.getByRole("link", { name: "Home", exact: true })'),
        (Target(role="made-up", name="x", selectors=["#x"]), 'page.locator("css=#x")'),
        (Target(attributes={"data-testid": "go"}), 'page.getByTestId("go")'),
        (
            Target(tag="button", name="Delete", selectors=["ul > li:nth-of-type(2) > button", "xpath//html/b"]),
            'page.locator("css=ul > li:nth-of-type(2) > button")',
        ),
        (
            Target(
                tag="button",
                name="Delete",
                selectors=["tr:nth-of-type(2) button", "xpath//html/b"],
                context=Context(row="Saw", column="Do"),
            ),
            'page.getByRole("row").filter({ has: page.getByText("Saw", { exact: true }) })'
            '.getByRole("button", { name: "Delete", exact: true })',
        ),
        (
            Target(
                tag="button",
                name="Pin",
                selectors=["ol > li:nth-of-type(2) > button", "xpath//html/b"],
                context=Context(row="Entry (2)"),
            ),
            'page.getByRole("listitem").filter({ hasText: new RegExp("Entry \\\\(2\\\\)(?![a-z\\\\d])") })'
            '.getByRole("button", { name: "Pin", exact: true })',
        ),
        (
            Target(tag="input", role="textbox", name="Code", selectors=["aria/Digit 1", "xpath//html/input"]),
            'page.getByRole("textbox", { name: "Digit 1", exact: true })',
        ),
        (
            Target(tag="li", role="listitem", name="Tea", selectors=["text/Tea", "ol > li", "xpath//html/li"]),
            'page.getByText("Tea", { exact: true })',
        ),
        (
            Target(tag="summary", role="button", name="More", selectors=["aria/More", "#more", "xpath//html/x"]),
            'page.locator("css=#more")',
        ),
        (Target(attributes={"data-testid": "go"}, selectors=["#second"]), 'page.locator("css=#second")'),
        (Target(tag="input", context=Context(placeholder="Q")), 'page.getByPlaceholder("Q", { exact: true })'),
        (Target(selectors=["#b", "internal:role=row >> nth=1"]), 'page.locator("internal:role=row >> nth=1")'),
        (Target(selectors=["#a"], frame=["iframe#b"]), 'page.frameLocator("iframe#b").locator("css=#a")'),
        (Target(selectors=["#a"], frame=[1]), 'page.locator("iframe").nth(1).contentFrame().locator("css=#a")'),
        (
            Target(selectors=["#a"], frame=['https://a.example/"]']),
            'page.frameLocator("iframe[src^=\\"https://a.example/\\\\22 ]\\"]").locator("css=#a")',
        ),
    ],
)
def test_what_an_element_is_found_by(target: Target, expected: str | None) -> None:
    assert locator(target) == expected


@pytest.mark.parametrize(
    ("action", "call"),
    [
        (Action.DOUBLE_CLICK, ".dblclick()"),
        (Action.RIGHT_CLICK, ".click({ button: 'right' })"),
        (Action.CHECK, ".check()"),
        (Action.UNCHECK, ".uncheck()"),
        (Action.HOVER, ".hover()"),
        (Action.SUBMIT, ".click()"),
        (Action.UPLOAD, ".setInputFiles(inputs.x)"),
        (Action.DRAG, '.dragTo(page.getByText("Done", { exact: true }))'),
    ],
)
def test_every_action_is_one_of_playwrights(action: Action, call: str) -> None:
    text = script(StepContent(action=action, target=button("Save"), value="Done", page=CONTACTS))
    assert f'await page.getByRole("button", {{ name: "Save", exact: true }}){call};' in text


@pytest.mark.parametrize(
    ("tag", "role", "expected"),
    [
        ("select", "combobox", [".selectOption({ label: inputs.x });"]),
        ("div", "combobox", [".click();", '"option", { name: inputs.x, exact: true }).click();']),
        ("input", "combobox", [".fill(inputs.x);", '"option", { name: inputs.x, exact: true }).click();']),
        ("ul", "listbox", ['"option", { name: inputs.x, exact: true }).click();']),
    ],
)
def test_a_choice_is_made_as_people_make_it(tag: str, role: str, expected: list[str]) -> None:
    target = Target(tag=tag, role=role, name="City", selectors=["aria/City"])
    text = script(StepContent(action=Action.SELECT, target=target, value="Bergen", page=CONTACTS))
    statements = [line for line in text.splitlines() if line.startswith("  await page.getBy")]
    assert len(statements) == len(expected)
    assert all(line.endswith(end) for line, end in zip(statements, expected, strict=True))


def test_it_scrolls_until_what_is_used_next_is_there() -> None:
    scroll = StepContent(action=Action.SCROLL, value="down", page=CONTACTS)
    click = StepContent(action=Action.CLICK, target=button("Entry 25"), page=CONTACTS)
    assert 'while (!(await page.getByRole("button", { name: "Entry 25", exact: true }).isVisible())) {' in script(
        scroll, click
    )
    assert "  await page.mouse.wheel(0, 400);" in script(scroll)


def test_a_drag_to_what_has_no_name_goes_to_the_same_point() -> None:
    bar = Target(tag="div", selectors=["#bar"], frame=["#inner"], attributes={"data-wp-drag": "4,50,160,52"})
    assert (
        'locator("css=#bar").dragTo(page.frameLocator("#inner").locator("html"), '
        "{ sourcePosition: { x: 4, y: 50 }, targetPosition: { x: 160, y: 52 }, steps: 10 });"
    ) in script(StepContent(action=Action.DRAG, target=bar, page=CONTACTS))


@pytest.mark.parametrize(
    ("attributes", "action", "value", "call"),
    [
        ({"data-wp-keys": "Control+Shift"}, Action.CLICK, None, 'click({ modifiers: ["Control", "Shift"] })'),
        ({"data-wp-keys": "x'; exit(); '"}, Action.CLICK, None, "click()"),
        ({"autocomplete": "one-time-code"}, Action.INPUT, "1", "pressSequentially(inputs.x)"),
        ({"multiple": ""}, Action.SELECT, "A, B", "selectOption(inputs.x.split(', ').map((label) => ({ label })))"),
    ],
)
def test_it_is_done_as_it_was_done(attributes: dict[str, str], action: Action, value: str | None, call: str) -> None:
    target = Target(tag="select" if value == "A, B" else "input", selectors=["#one"], attributes=attributes)
    step = StepContent(action=action, target=target, value=value, page=CONTACTS)
    assert f'page.locator("css=#one").{call};' in script(step)


def test_an_area_of_an_image_has_no_place_of_its_own() -> None:
    area = Target(tag="area", role="link", name="East quay", selectors=["aria/East quay", "#east", "xpath//html/area"])
    assert "page.locator(\"css=#east\").dispatchEvent('click');" in script(
        StepContent(action=Action.CLICK, target=area, page=CONTACTS)
    )


def test_going_back_is_going_back() -> None:
    opened = StepContent(action=Action.CLICK, target=Target(tag="a", role="link", name="Opera"), page=CONTACTS)
    back = StepContent(action=Action.NAVIGATE, page=CONTACTS)
    assert "await page.goBack();" in script(opened, back)
    assert "await page.goBack();" not in script(opened, StepContent(action=Action.NAVIGATE, page=NEW))
    saved = StepContent(action=Action.CLICK, target=button("Save"), page=CONTACTS)
    assert "await page.goBack();" not in script(saved, back)  # but loaded anew
    somewhere = StepContent(action=Action.CLICK, target=opened.target)
    assert "// Left out: no address" in script(somewhere, StepContent(action=Action.NAVIGATE))


def test_a_field_is_left_where_nothing_else_takes_the_keyboard() -> None:
    typed = StepContent(action=Action.INPUT, target=field("Name"), value="Acme", page=NEW)
    pressed = StepContent(action=Action.PRESS, value="?", page=NEW)
    clicked = StepContent(action=Action.CLICK, target=button("Save"), page=NEW)
    assert script(typed).count(".blur();") == 1
    assert script(typed, pressed).count(".blur();") == 1
    assert script(typed, clicked).count(".blur();") == 0
    nowhere = StepContent(action=Action.INPUT, target=Target(role="slider"), value="3", page=NEW)
    assert "await None" not in script(nowhere)


def test_what_only_looks_like_a_slider_is_moved_by_its_keys() -> None:
    slider = Target(tag="div", role="slider", name="Bass")
    text = script(StepContent(action=Action.INPUT, target=slider, value="3", value_kind="number", page=NEW))
    assert "!== inputs.x; turn++) await page.getByRole(" in text
    assert "? 'ArrowRight' : 'ArrowLeft');" in text


def test_what_is_copied_is_chosen_before() -> None:
    copied = StepContent(action=Action.COPY, target=field("Name"), page=NEW)
    assert ".selectText();" in script(copied)


def test_a_drag_to_what_has_no_name_is_left_to_a_person() -> None:
    assert "// Left out: where to" in script(StepContent(action=Action.DRAG, target=button("Card"), page=CONTACTS))


def test_a_frame_is_found_by_its_selector_or_by_its_address() -> None:
    for way, expected in (("#pay", '"#pay"'), ("https://pay.example/x", '"iframe[src^=')):
        target = Target(tag="button", role="button", name="Pay", frame=[way])
        assert f"frameLocator({expected}" in script(
            StepContent(action=Action.CLICK, target=target, page=CONTACTS)
        ).replace("\\", "")


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [("Ctrl+S", "Control+s"), ("Shift+A", "Shift+A"), ("Enter", "Enter"), ("+", "+"), ("Esc", "Escape")],
)
def test_keys_are_named_as_playwright_names_them(pressed: str, expected: str) -> None:
    assert key(pressed) == expected


def test_a_step_that_cannot_be_repeated_is_said_to_be_left_out() -> None:
    assert "// Left out: no element was recorded. Add it by hand." in script(StepContent(action=Action.CLICK, page=NEW))


def test_a_name_with_what_was_entered_follows_the_input() -> None:
    typed = StepContent(action=Action.INPUT, target=field("Name"), value="A`$cme", value_kind="text", page=NEW)
    opened = StepContent(action=Action.CLICK, target=button('A`$cme "${x}" Ltd'), page=CONTACTS)
    assert '{ name: `${inputs.x} "\\${x}" Ltd`, exact: true }' in script(typed, opened)


@pytest.mark.parametrize(
    ("action", "call"),
    [
        (Action.CLICK, "click({ position: { x: 12, y: 30 } })"),
        (Action.DOUBLE_CLICK, "dblclick({ position: { x: 12, y: 30 } })"),
        (Action.RIGHT_CLICK, "click({ position: { x: 12, y: 30 }, button: 'right' })"),
        (Action.HOVER, "hover()"),
    ],
)
def test_click_on_a_picture_goes_to_the_same_point(action: Action, call: str) -> None:
    target = Target(tag="canvas", selectors=["#plan"], attributes={"data-wp-point": "12,30"})
    assert f'page.locator("css=#plan").{call};' in script(StepContent(action=action, target=target, page=CONTACTS))


@pytest.mark.parametrize("point", ["", "1", "1,2,3", "-1,2", "1,2); process.exit(", None])
def test_point_that_is_none_is_left_out(point: str | None) -> None:
    target = Target(tag="canvas", selectors=["#plan"], attributes={"data-wp-point": point})
    assert '"css=#plan").click();' in script(StepContent(action=Action.CLICK, target=target, page=CONTACTS))
