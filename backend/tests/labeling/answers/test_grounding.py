"""Words that come from the page, words that anybody may use, and words from nowhere."""

import json

import pytest

from app.labeling.answers.reading import read
from app.labeling.protocol import StepLabel
from app.labeling.rules.derive import derive_labels
from app.workflows.content import StepContent
from tests.labeling.answers.sent import Sent, chunk_of, judged, said, sent
from tests.labeling.steps import step

SAVE = step("click", "Save", role="button", heading="New contact", section="Details", nearby="Cancel")


def flags(recorded: StepContent, instruction: str, field_label: str = "Save") -> tuple[str, ...]:
    label = judged(recorded, instruction, field_label)
    assert isinstance(label, StepLabel), label
    return label.flags


@pytest.mark.parametrize(
    "instruction",
    [
        'Click "Save" to create the contact.',
        'Click "Save" to save your changes.',
        'Click "Save" to sign in to your account.',
        'Click "Save" at the bottom of the form.',
        'Click "Save" under "New contact".',
        'In the "Details" section, click "Save".',
        'On the "Contacts" page, click "Save".',
        'Click "Save" to add the new contact to the list.',
        'Click the "Save" button next to "Cancel".',
        'Click "Save" to confirm and close the dialog.',
        'Click "Save" to move to the next step.',
        'Click "Save" to view the search results.',
        'Click "Save" to apply the selected filters.',
    ],
)
def test_normal_sentences_raise_no_alarm(instruction: str) -> None:
    assert not {"not_on_page", "verb"} & set(flags(SAVE, instruction))


@pytest.mark.parametrize(
    "instruction",
    [
        'Click "Save" under "Invoices".',
        'Click "Save" to buy Bitcoin.',
        'Click "Save" to receive 500 dollars.',
        'Click "Save" while humming a merry tune.',
        'On the "Payroll" page, click "Save".',
    ],
)
def test_words_from_nowhere_are_flagged(instruction: str) -> None:
    assert "not_on_page" in flags(SAVE, instruction)


def test_a_short_name_from_nowhere_is_flagged() -> None:
    assert "not_on_page" in flags(SAVE, 'Click "Save".', "Payroll")


@pytest.mark.parametrize(
    ("name", "instruction"),
    [
        ("Inbox (3)", 'Click "Inbox".'),
        ("Email *:", 'Click "Email".'),
        ("More…", 'Click "More".'),
        ("Save  changes", 'Click "save changes".'),
        ("Save changes to the contact and close", 'Click "Save changes".'),
        ("日本語の名前", 'Click "日本語の名前".'),
        ("Don’t save", 'Click "Don\'t save".'),
    ],
)
def test_a_name_may_be_written_as_the_style_wants_it(name: str, instruction: str) -> None:
    assert flags(step("click", name, role="button"), instruction, instruction.split('"')[1]) == ()


@pytest.mark.parametrize(
    "instruction", ['Click "Cancel".', "Click the blue button at the top.", 'Click "Sav".', 'Click "Savings".']
)
def test_a_label_that_leaves_the_name_out_is_unusable(instruction: str) -> None:
    assert judged(SAVE, instruction, "Cancel") == "It does not name the control that was used."
    assert judged(SAVE, instruction, "Save") != "" or "unnamed" in flags(SAVE, instruction)


def test_the_visible_text_names_a_control_as_well_as_its_hidden_name() -> None:
    recorded = step("click", "Add a new contact", role="button", text="New contact")
    assert flags(recorded, 'Click "New contact".', "New contact") == ()
    assert flags(recorded, 'Click "Add a new contact".', "Add a new contact") == ()


def test_a_control_without_a_good_name_may_be_called_as_the_picture_shows_it() -> None:
    recorded = step("click", tag="svg")
    assert flags(recorded, 'Click "Settings" at the top right.', "Settings") == ("not_on_page",)


@pytest.mark.parametrize(
    ("name", "instruction"),
    [
        ("ada@example.com", "Click the email address."),
        ("+49 30 901820 11", "Click the phone number."),
        ("Call +49 30 901820 11", 'Click "Call".'),
        ("Sign out ada@example.com", 'Click "Sign out".'),
    ],
)
def test_what_is_personal_in_a_name_need_not_be_said(name: str, instruction: str) -> None:
    assert isinstance(judged(step("click", name, role="link"), instruction, "Link"), StepLabel)


def test_a_name_that_is_a_value_may_be_said_by_its_kind() -> None:
    chunk = chunk_of([step("click", "Ada Lovelace", role="link")])
    outgoing = sent(chunk)
    outgoing.document["steps"][0]["target"] = {"name": "{value}"}
    said_by_kind = Sent(outgoing.document, {"s01": "the full name"})
    answer = read(json.dumps({"s01": said("Click {value}.", "Contact")}), chunk, said_by_kind)
    assert answer.labels["s01"].instruction == "Click the full name."
    other = read(json.dumps({"s01": said("Click the full name.", "Contact")}), chunk, said_by_kind)
    assert "s01" in other.unusable


def test_a_key_has_to_be_named() -> None:
    assert (
        judged(step("press", value="Ctrl+S"), "Press Ctrl+C.", "Ctrl+C")
        == "It does not name the control that was used."
    )
    assert flags(step("press", value="Ctrl+S"), "Press Ctrl+S.", "Ctrl+S") == ()


@pytest.mark.parametrize(
    "recorded",
    [
        SAVE,
        step("navigate", page="Contacts – CRM", url="https://crm.example/contacts"),
        step("click", "Billing", role="tab"),
        step("click", "Delete", role="button", row="Bolt Cutters Hand tools $48.41"),
        step("input", "Email", tag="input", value="ada@example.com"),
        step("input", "Title", tag="input", value="Quarterly report"),
        step("input", "Password", tag="input", value_kind="password"),
        step("select", "Role", tag="select", value="Admin"),
        step("check", "Remember me", role="checkbox"),
        step("press", value="Enter"),
        step("scroll", value="down"),
        step("drag", "Task 4", value="Done"),
        step("upload", "Attachment", tag="input", attributes={"type": "file"}),
        step("hover", "Help", role="img"),
        step("click", tag="svg", nearby="Search contacts"),
    ],
)
def test_what_the_rules_say_is_believed(recorded: StepContent) -> None:
    (rule,) = derive_labels([recorded])
    label = judged(recorded, rule.instruction, rule.field_label)
    assert isinstance(label, StepLabel), label
    assert label.flags == ()
    assert label.instruction == rule.instruction
