from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labeling.rules.derive import RuleLabel, derive_labels
from app.labeling.style import check
from app.workflows.content import Box, StepContent
from tests.labeling.steps import step, steps


def sentences(*recorded: StepContent, **options: Any) -> list[str]:
    return [label.instruction for label in derive_labels(recorded, **options)]


def sentence(recorded: StepContent) -> str:
    return sentences(recorded)[0]


CHECKBOX: dict[str, Any] = {"tag": "input", "attributes": {"type": "checkbox"}}
PASSWORD: dict[str, Any] = {"tag": "input", "attributes": {"type": "password"}}


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (step("click", "New contact", tag="button"), 'Click "New contact".'),
        (step("input", "Email", tag="input", value="ada@example.com"), 'Enter the email address in the "Email" field.'),
        (step("select", "Role", tag="select", value="Admin"), 'Select "Admin" from the "Role" dropdown.'),
        (step("uncheck", "Remember me", **CHECKBOX), 'Clear the "Remember me" checkbox.'),
        (step("toggle", "Notifications", role="switch", value="on"), 'Turn on "Notifications".'),
        (step("click", "Billing", role="tab"), 'Open the "Billing" tab.'),
        (step("navigate"), 'Go to the "Contacts" page.'),
        (step("press", value="Enter"), "Press Enter."),
        (step("press", value="Control+s"), "Press Ctrl+S."),
        (step("upload", "Attachment", tag="input", attributes={"type": "file"}), 'Upload the file in "Attachment".'),
        (step("drag", "Task 4", tag="div", value="Done"), 'Drag "Task 4" to "Done".'),
        (step("click", "Delete", tag="button", row="Bolt Cutters"), 'Click "Delete" in the "Bolt Cutters" row.'),
        (step("input", "Title", value="Quarterly report"), 'Enter "Quarterly report" in the "Title" field.'),
        (step("click", tag="svg", nearby="Search contacts"), 'Click the icon next to "Search contacts".'),
    ],
)
def test_the_examples_of_the_style_come_out_word_for_word(recorded: StepContent, expected: str) -> None:
    assert sentence(recorded) == expected


def test_an_item_is_chosen_in_the_menu_that_was_opened() -> None:
    file = step("click", "File", role="menuitem", attributes={"aria-haspopup": "true"})
    new = step("click", "New", role="menuitem", attributes={"aria-haspopup": "true"})
    export = step("click", "Export", role="menuitem")
    assert sentences(file, export) == ['Open the "File" menu.', 'Choose "Export" in the "File" menu.']
    assert sentences(file, new, export)[1:] == ['Open the "New" menu.', 'Choose "Export" in the "New" menu.']
    assert sentences(file, step("click", "Save", tag="button"), export)[-1] == 'Choose "Export".'


def test_a_tab_tells_controls_apart() -> None:
    assert sentences(
        step("click", "Design", role="tab"),
        step("click", "Header row", role="radio"),
        step("click", "Layout", role="tab"),
        step("click", "Header row", role="radio"),
    )[1::2] == ['On the "Design" tab, select "Header row".', 'On the "Layout" tab, select "Header row".']


def test_an_option_is_selected_from_the_dropdown_that_was_opened() -> None:
    assert sentences(step("click", "Role", role="combobox"), step("click", "Admin", role="option")) == [
        'Open the "Role" dropdown.',
        'Select "Admin" from the "Role" dropdown.',
    ]


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (step("double_click", "Untitled.ipynb", role="listitem"), 'Double-click "Untitled.ipynb".'),
        (step("right_click", "Untitled.ipynb", role="listitem"), 'Right-click "Untitled.ipynb".'),
        (step("hover", "Reports", tag="a"), 'Point to "Reports".'),
        (step("check", "Remember me", **CHECKBOX), 'Select the "Remember me" checkbox.'),
        (step("check", "Monthly", role="radio"), 'Select "Monthly".'),
        (step("uncheck", "Notifications", role="switch"), 'Turn off "Notifications".'),
        (step("toggle", "Notifications", role="switch"), 'Turn "Notifications" on or off.'),
        (step("click", "Email", tag="input"), 'Click the "Email" field.'),
        (step("click", "Advanced", tag="summary"), 'Open the "Advanced" section.'),
        (step("toggle", "Advanced", tag="summary", value="closed"), 'Close the "Advanced" section.'),
        (step("click", "Name", role="columnheader"), 'Click the "Name" column header.'),
        (step("submit", "Search", role="searchbox"), 'Press Enter in the "Search" field.'),
        (step("submit", "Save", tag="button"), 'Click "Save".'),
        (step("submit", tag="form", heading="Create account"), 'Submit the form under "Create account".'),
        (step("scroll", "Billing", tag="h2"), 'Scroll to "Billing".'),
        (step("scroll", value="down"), "Scroll down."),
        (step("scroll"), 'Scroll through the "Contacts" page.'),
        (step("scroll", page=None), "Scroll through the page."),
        (step("copy", "Order number", tag="input", value="1"), 'Copy the text from the "Order number" field.'),
        (step("copy", tag="td", value="INV-2044"), 'Copy "INV-2044".'),
        (step("copy"), "Copy the selected text."),
        (step("paste", "Notes", tag="textarea", value="INV-2044"), 'Paste "INV-2044" in the "Notes" field.'),
        (step("paste"), "Paste the copied text."),
        (step("input", "Volume", role="slider", value="70"), 'Set the "Volume" slider to "70".'),
        (step("input", "Search", tag="input", value=""), 'Clear the "Search" field.'),
        (step("input", "Notes", tag="textarea"), 'Enter a value in the "Notes" field.'),
        (step("input", "Notes", tag="textarea", value="word " * 30), 'Enter the text in the "Notes" field.'),
        (step("input", "Website", value="https://x.example/?a=b"), 'Enter the web address in the "Website" field.'),
        (step("input", "Search field", tag="input", value="bolt"), 'Enter "bolt" in "Search field".'),
        (step("select", "Role", tag="select"), 'Select an option from the "Role" dropdown.'),
        (step("upload"), "Upload the file in the unnamed field."),
        (step("drag", "Task 4", tag="div"), 'Drag "Task 4" to its new place.'),
        (step("press", value="ArrowDown"), "Press the Down arrow key."),
        (step("press", value="Meta+K"), "Press Cmd+K."),
        (step("press", value=" "), "Press Space."),
        (step("press", value="F5"), "Press F5."),
        (step("press", value="not a key at all"), "Press the key."),
        (step("navigate", page=None, url="https://crm.example/contacts?x=1"), 'Go to the "Contacts" page.'),
        (step("navigate", page=None, url="https://www.crm.example/"), 'Go to the "crm.example" site.'),
        (step("navigate", page=None), "Go to the next page."),
        (step("note", value="ask your manager first"), "Ask your manager first."),
        (step("note", value="The system sends an email."), "Note: The system sends an email."),
        (step("note", value="https://x.example"), "Read the note."),
        (step("note"), "Read the note."),
    ],
)
def test_the_verb_fits_the_control(recorded: StepContent, expected: str) -> None:
    assert sentence(recorded) == expected


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (step("input", "Password:", **PASSWORD, value="hunter22"), 'Enter the password in the "Password" field.'),
        (step("input", "Secret sauce", value="hunter22", value_kind="secret"), "Enter the secret"),
        (step("input", "Card number", value="4111111111111111"), "Enter the card number"),
        (step("input", "Number", value="4111 1111 1111 1111"), "Enter the card number"),
        (step("input", "Number", value="[card number]"), "Enter the card number"),
        (
            step("input", "Code", attributes={"autocomplete": "one-time-code"}, value="123456"),
            "Enter the one-time code",
        ),
        (step("input", "CVV", value="123"), "Enter the security code"),
        (step("input", "PIN", value="1234"), "Enter the PIN"),
        (step("input", "API key", value="abc"), "Enter the API key"),
        (step("input", "Phone", value="030 1234"), "Enter the phone number"),
        (step("input", "First name", value="Ada"), "Enter the first name"),
        (step("input", "Username", value="ada"), "Enter the username"),
        (step("input", "Name", value="Ada", heading="New contact"), "Enter the name"),
        (step("input", "Reach us at", value="ada@example.com"), "Enter the email address"),
        (step("input", "Reach us at", value="+49 30 1234567"), "Enter the phone number"),
        (step("input", "Reach us at", value="mail ada@example.com now"), "Enter the text"),
        (step("paste", "Password", **PASSWORD, value="hunter22"), "Paste the password"),
        (step("copy", "Token", tag="input", value="hunter22"), "Copy the token"),
    ],
)
def test_secrets_and_personal_values_are_said_by_their_kind(recorded: StepContent, expected: str) -> None:
    said = sentence(recorded)
    assert said.startswith(expected)
    assert recorded.value is None or recorded.value.startswith("[") or recorded.value not in said


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Token name", "deploy"),
        ("Max tokens", "500"),
        ("Name", "Apollo"),
        ("Email subject", "Welcome"),
        ("Pin title", "Cats"),
    ],
)
def test_ordinary_values_are_quoted(label: str, value: str) -> None:
    assert sentence(step("input", label, tag="input", value=value, page="Settings")) == (
        f'Enter "{value}" in the "{label}" field.'
    )


def test_the_click_verb_is_a_setting() -> None:
    assert sentences(step("click", "Save", tag="button"), step("double_click", "Save"), click_verb="Select") == [
        'Select "Save".',
        'Double-click "Save".',
    ]


def test_one_disambiguator_and_only_where_names_repeat() -> None:
    billing = step("input", "City", tag="input", value="Berlin", section="Billing address")
    shipping = step("input", "City", tag="input", value="Berlin", section="Shipping address")
    assert sentence(billing) == 'Enter "Berlin" in the "City" field.'
    assert sentences(billing, shipping) == [
        'In the "Billing address" section, enter "Berlin" in the "City" field.',
        'In the "Shipping address" section, enter "Berlin" in the "City" field.',
    ]


def test_pages_headings_and_kinds_tell_controls_apart() -> None:
    save = {"tag": "button"}
    assert sentences(step("click", "Save", page="Profile", **save), step("click", "Save", page="Billing", **save)) == [
        'On the "Profile" page, click "Save".',
        'On the "Billing" page, click "Save".',
    ]
    assert sentences(step("click", "Edit", heading="Name", **save), step("click", "Edit", heading="Plan", **save)) == [
        'Click "Edit" under "Name".',
        'Click "Edit" under "Plan".',
    ]
    assert sentences(step("click", "Contacts", tag="a"), step("click", "Contacts", tag="button")) == [
        'Click the "Contacts" link.',
        'Click the "Contacts" button.',
    ]


def test_position_is_the_last_resort_and_said_in_words() -> None:
    top = step("click", "Edit", tag="button", box=Box(x=10, y=10, width=20, height=20), selectors=["#a"])
    low = step("click", "Edit", tag="button", box=Box(x=1200, y=690, width=20, height=20), selectors=["#b"])
    assert sentences(top, low) == [
        'Click "Edit" at the top left of the page.',
        'Click "Edit" at the bottom right of the page.',
    ]
    same = low.model_copy(update={"target": low.target and low.target.model_copy(update={"selectors": ["#a"]})})
    assert sentences(top, same) == ['Click "Edit".', 'Click "Edit" again.']


def on_picture(part: str, **facts: Any) -> dict[str, Any]:
    return {"tag": "canvas", "attributes": {"data-wp-place": part}, **facts}


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (
            step("click", "Seating plan", **on_picture("upper left")),
            'Click the upper left of the "Seating plan" canvas.',
        ),
        (
            step("double_click", "Floor plan", **on_picture("center", tag="img", role="img")),
            'Double-click the center of the "Floor plan" image.',
        ),
        (step("right_click", "City map", **on_picture("top", tag="div")), 'Right-click the top of "City map".'),
        (step("click", "Harbor", **on_picture("lower right", tag="div")), 'Click the lower right of the "Harbor" map.'),
        (step("click", page=None, **on_picture("left side")), "Click the left side of the canvas."),
        (step("click", "Plan", **on_picture('"><script>')), 'Click the "Plan" canvas.'),
    ],
)
def test_a_click_on_a_picture_says_where(recorded: StepContent, expected: str) -> None:
    assert sentence(recorded) == expected


def test_clicks_on_different_parts_of_a_picture_read_differently() -> None:
    steps = [step("click", "Plan", **on_picture(part)) for part in ("top", "bottom")]
    assert len(set(sentences(*steps))) == 2


def test_a_row_is_not_named_by_the_control_that_names_it() -> None:
    assert sentence(step("click", "Bolt Cutters", tag="a", row="Bolt Cutters 48.41")) == 'Click "Bolt Cutters".'


def test_repeated_steps_read_naturally() -> None:
    following = step("click", "Next", tag="button")
    assert sentences(*[following] * 4) == [
        'Click "Next".',
        'Click "Next" again.',
        'Click "Next" for the third time.',
        'Click "Next" for the fourth time.',
    ]
    assert sentences(*[following] * 21)[20] == 'Click "Next" for the 21st time.'
    assert sentences(step("navigate"), step("navigate", page="Orders"), step("navigate"))[2] == (
        'Go back to the "Contacts" page.'
    )


def test_a_second_click_on_a_checkbox_clears_it() -> None:
    box = step("click", "Remember me", **CHECKBOX)
    assert sentences(box, box) == ['Select the "Remember me" checkbox.', 'Clear the "Remember me" checkbox.']


def test_the_name_of_the_site_is_left_out_of_titles() -> None:
    titles = [
        "Select user to change | Django site admin",
        "Add user | Django site admin",
        "(3) Log in | Django site admin",
    ]
    assert sentences(*[step("navigate", page=title) for title in titles]) == [
        'Go to the "Select user to change" page.',
        'Go to the "Add user" page.',
        'Go to the "Log in" page.',
    ]
    assert sentence(step("navigate", page="GitHub - Pull requests", url="https://github.com/pulls")) == (
        'Go to the "Pull requests" page.'
    )


@pytest.mark.parametrize(
    "recorded",
    [
        step("click", page=None),
        step("click", tag="div", page=None),
        step("click", selectors=["#root > div:nth-child(2) > svg"], page=None),
        step("click", tag="button", attributes={"class": "btn", "id": ":r1:"}, page=None),
    ],
)
def test_nameless_controls_are_described_honestly(recorded: StepContent) -> None:
    (label,) = derive_labels([recorded])
    assert label.instruction.startswith("Click the unnamed ")
    assert label.confidence is not None
    assert label.confidence < 0.2


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ({"nearby": "Search contacts"}, 'Click the button next to "Search contacts".'),
        ({"row": "Bolt Cutters"}, 'Click the button in the "Bolt Cutters" row.'),
        ({"section": "Toolbar"}, 'Click the button in the "Toolbar" section.'),
        ({"heading": "Contacts"}, 'Click the button under "Contacts".'),
        ({"box": Box(x=1200, y=5, width=20, height=20)}, "Click the button at the top right of the page."),
        ({}, 'Click the button on the "Contacts" page.'),
    ],
)
def test_nameless_controls_are_found_by_what_is_around_them(around: dict[str, Any], expected: str) -> None:
    assert sentence(step("click", tag="button", **around)) == expected


def test_a_number_beside_a_control_says_less_than_words() -> None:
    assert sentence(step("click", tag="button", nearby="[1]", section="Toolbar")) == (
        'Click the button in the "Toolbar" section.'
    )
    assert sentence(step("check", nearby="-5", **CHECKBOX)) == 'Select the checkbox next to "-5".'


def test_an_explanation_is_left_out_of_the_name_that_it_goes_on() -> None:
    explained = 'Available groups Choose groups by selecting them and then select the "Choose" arrow button.'
    chosen = step("select", explained, role="listbox", tag="select", label="Available groups", value="Support")
    assert sentence(chosen) == 'Select "Support" from the "Available groups" list.'


def test_an_option_may_be_longer_than_what_is_typed() -> None:
    long = "Authentication and Authorization | user | Can view"
    chosen = step("select", "Permissions", tag="select", value=long, value_kind="option")
    assert f'"{long}" from the "Permissions" dropdown' in sentence(chosen)
    assert sentence(step("input", "Notes", tag="input", value=long)) == 'Enter the text in the "Notes" field.'


def test_keys_that_were_held_are_said() -> None:
    held = step("click", "Printer L", tag="td", row="Ticket 7", attributes={"data-wp-keys": "Control"})
    assert sentence(held) == 'In the "Ticket 7" row, click "Printer L" while holding Ctrl.'
    unknown = step("click", "Printer L", tag="button", attributes={"data-wp-keys": "Space"})
    assert sentence(unknown) == 'Click "Printer L".'


def test_a_nameless_place_to_write_is_an_editor() -> None:
    written = step("input", role="textbox", attributes={"contenteditable": "true"}, nearby="Message", value="rows")
    assert sentence(written) == 'Enter "rows" in the editor next to "Message".'


def test_the_short_name_is_the_control_alone() -> None:
    recorded = [
        step("click", "New contact", tag="button"),
        step("input", "Email *:", tag="input", value="a@b.co"),
        step("select", "Role", tag="select", value="Admin"),
        step("navigate"),
        step("press", value="ArrowDown"),
        step("click", tag="svg"),
        step("input", attributes={"type": "password"}),
        step("note", value="Wait."),
        step("click", "How to create a new contact from scratch", tag="a"),
    ]
    assert [label.field_label for label in derive_labels(recorded)] == [
        "New contact", "Email", "Role", "Contacts", "Down arrow", "Icon", "Password", "Note", "How to create a new",
    ]  # fmt: skip


def test_confidence_follows_the_evidence() -> None:
    recorded = [
        step("click", "Save", tag="button"),
        step("click", tag="button", text="Cancel"),
        step("click", tag="button", attributes={"title": "Help"}),
        step("click", tag="button", attributes={"id": "first-name"}),
        step("click", tag="button", nearby="Search"),
        step("click", page=None),
    ]
    found = [label.confidence for label in derive_labels(recorded)]
    assert None not in found
    assert found == sorted(found, key=lambda sure: -(sure or 0))
    assert derive_labels([step("note", value="Wait.")])[0].confidence is None


@pytest.mark.parametrize("hostile", ["x" * 5000, "<a" * 2500, "a@" * 2500, "( 1" * 1600, "1 " * 2500, "pass " * 1000])
@pytest.mark.parametrize("action", ["click", "input", "note", "copy", "press"])
def test_hostile_texts_come_through(action: str, hostile: str) -> None:
    """Each makes a careless pattern take minutes."""
    (label,) = derive_labels([step(action, hostile[:500], text=hostile, value=hostile, tag="button")])
    assert len(label.instruction) < 200


def test_no_steps_no_labels() -> None:
    assert derive_labels([]) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(steps, max_size=6))
def test_any_recording_gets_labels_that_obey_the_style_and_differ(recorded: list[StepContent]) -> None:
    labels = derive_labels(recorded + recorded[:2])
    assert len(labels) == len(recorded) + len(recorded[:2])
    said: set[str] = set()
    for label in labels:
        assert_obeys(label, said)
        said.add(label.instruction)


def assert_obeys(label: RuleLabel, said: set[str]) -> None:
    problems = [problem for problem in check(label.field_label, label.instruction, others=said) if not problem.advice]
    assert not problems, label
    assert label.confidence is None or 0 < label.confidence <= 1
