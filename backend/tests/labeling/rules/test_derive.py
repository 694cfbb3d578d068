import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.labeling.rules.derive import RuleLabel, derive_labels
from app.labeling.style import check
from app.workflows.content import StepContent
from tests.labeling.rules.sentences import CHECKBOX, sentence, sentences
from tests.labeling.steps import step, steps


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


def test_the_click_verb_is_a_setting() -> None:
    assert sentences(step("click", "Save", tag="button"), step("double_click", "Save"), click_verb="Select") == [
        'Select "Save".',
        'Double-click "Save".',
    ]


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


def test_an_explanation_is_left_out_of_the_name_that_it_goes_on() -> None:
    explained = 'Available groups Choose groups by selecting them and then select the "Choose" arrow button.'
    chosen = step("select", explained, role="listbox", tag="select", label="Available groups", value="Support")
    assert sentence(chosen) == 'Select "Support" from the "Available groups" list.'


def test_keys_that_were_held_are_said() -> None:
    held = step("click", "Printer L", tag="td", row="Ticket 7", attributes={"data-wp-keys": "Control"})
    assert sentence(held) == 'In the "Ticket 7" row, click "Printer L" while holding Ctrl.'
    unknown = step("click", "Printer L", tag="button", attributes={"data-wp-keys": "Space"})
    assert sentence(unknown) == 'Click "Printer L".'


def test_a_nameless_place_to_write_is_an_editor() -> None:
    written = step("input", role="textbox", attributes={"contenteditable": "true"}, nearby="Message", value="rows")
    assert sentence(written) == 'Enter "rows" in the editor next to "Message".'


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ("2/3", "the second editor"),
        ("9/9", "the ninth editor"),
        ("1/1", "the editor"),
        ("4/3", 'the editor next to "Message"'),
        ("12/20", 'the editor next to "Message"'),
        ('2/3"', 'the editor next to "Message"'),
    ],
)
def test_one_of_several_nameless_fields_is_told_by_its_number(told: str, where: str) -> None:
    attributes = {"contenteditable": "true", "data-wp-nth": told}
    written = step("input", role="textbox", attributes=attributes, nearby="Message", value="rows")
    assert sentence(written) == f'Enter "rows" in {where}.'
    named = step("input", "Body", role="textbox", attributes=attributes, value="rows")
    assert sentence(named) == 'Enter "rows" in the "Body" field.'


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
