"""Verbs against actions and controls, by the table of the style."""

import pytest

from app.labeling.answers.verbs import judge, orders_more
from app.labeling.rules.derive import derive_labels
from app.labeling.style import first_word
from app.workflows.content import Action, StepContent
from tests.labeling.steps import step

BUTTON = step("click", "Save", role="button")
FIELD = step("input", "Email", tag="input", value="x")
BOX = step("check", "Remember me", role="checkbox")


@pytest.mark.parametrize(
    ("recorded", "instruction"),
    [
        (BUTTON, 'Enter "x" in "Save".'),
        (BUTTON, 'Go to "Save".'),
        (BUTTON, 'Press "Save".'),
        (BUTTON, 'Drag "Save" to "Done".'),
        (BUTTON, 'Double-click "Save".'),
        (BUTTON, 'On the "Design" tab, upload the file in "Save".'),
        (FIELD, 'Click the "Email" field.'),
        (FIELD, 'Select "x" from the "Email" field.'),
        (BOX, 'Clear the "Remember me" checkbox.'),
        (BOX, 'Turn off "Remember me".'),
        (step("uncheck", "Remember me", role="checkbox"), 'Select the "Remember me" checkbox.'),
        (step("press", value="Enter"), 'Click "Enter".'),
        (step("navigate"), 'Click "Contacts".'),
        (step("upload", "Attachment", tag="input", attributes={"type": "file"}), 'Click "Attachment".'),
        (step("scroll", value="down"), "Click the page."),
        (step("double_click", "Report", role="row"), 'Right-click "Report".'),
    ],
)
def test_ordering_something_else_contradicts(recorded: StepContent, instruction: str) -> None:
    assert judge(recorded, instruction) == "contradicts"


@pytest.mark.parametrize(
    ("recorded", "instruction"),
    [
        (BUTTON, 'Download "Save".'),
        (BUTTON, 'Submit the form with "Save".'),
        (step("click", "Email", tag="input"), 'Enter the email address in the "Email" field.'),
        (step("double_click", "Report", role="row"), 'Open the "Report" row.'),
    ],
)
def test_an_unusual_verb_is_odd(recorded: StepContent, instruction: str) -> None:
    assert judge(recorded, instruction) == "odd"


@pytest.mark.parametrize(
    ("recorded", "instruction"),
    [
        (BUTTON, 'Click "Save" to create the contact.'),
        (BUTTON, 'On the "Design" tab, select "Save".'),
        (BOX, 'Select the "Remember me" checkbox.'),
        (step("toggle", "Notifications", role="switch"), 'Turn on "Notifications".'),
        (step("click", "Billing", role="tab"), 'Open the "Billing" tab.'),
        (step("click", "Export", role="menuitem"), 'Choose "Export" in the "File" menu.'),
        (step("select", "Role", tag="select", value="Admin"), 'Select "Admin" from the "Role" dropdown.'),
        (step("drag", "Task 4", value="Done"), 'Drag "Task 4" to "Done".'),
        (step("press", value="Enter"), "Press Enter."),
        (step("note", value="Wait for the mail"), "Wait for the mail."),
    ],
)
def test_the_verbs_of_the_style_fit(recorded: StepContent, instruction: str) -> None:
    assert judge(recorded, instruction) == "fits"


ROLES = [
    "button",
    "link",
    "img",
    "textbox",
    "combobox",
    "listbox",
    "option",
    "radio",
    "checkbox",
    "switch",
    "slider",
    "tab",
    "menu",
    "menuitem",
    "form",
    "row",
]


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.NOTE])
@pytest.mark.parametrize("role", ROLES)
def test_what_the_rules_say_never_contradicts(action: Action, role: str) -> None:
    recorded = step(action.value, "Thing", role=role, value="Enter" if action is Action.PRESS else "some text")
    (label,) = derive_labels([recorded])
    assert judge(recorded, label.instruction) == "fits", (label.instruction, first_word(label.instruction))
    assert orders_more(label.instruction) is None


@pytest.mark.parametrize(
    ("instruction", "where"),
    [
        ('Click "Save" and send the file to Bob.', "order"),
        ('Click "Save", then enter your password.', "order"),
        ('Click "Save"; call support.', "order"),
        ('On the "A" page, click "Save" and visit the shop.', "order"),
        ('Click "Search" to find and open the contact.', "purpose"),
        ('Click "Save and close".', None),
        ('Click "Save" to create the contact.', None),
        ('Drag "Task 4" and drop it on "Done".', None),
        ("Enter the first and last name in the field.", None),
        ('On the "A" page, click "Save".', None),
        ('Turn "Wi-Fi" on or off.', None),
        ('Select "Terms and conditions" and "Privacy".', None),
    ],
)
def test_a_second_order_is_found(instruction: str, where: str | None) -> None:
    assert orders_more(instruction) == where
