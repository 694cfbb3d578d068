import pytest

from app.labeling.style import check


def codes(instruction: str, label: str = "Save", **options: object) -> set[str]:
    return {problem.code for problem in check(label, instruction, **options) if not problem.advice}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("instruction", "code"),
    [
        ("", "empty"),
        ("The user clicks the button.", "imperative"),
        ('Clicking "Save".', "imperative"),
        ('To save the contact, click "Save".', "imperative"),
        ('Click "Save"', "full_stop"),
        ('Click "Save"...', "full_stop"),
        ('Click "Save". Then wait.', "several_sentences"),
        ('Click "Save".\nWait.', "several_sentences"),
        ('click "Save".', "case"),
        ("CLICK THE BLUE BUTTON.", "case"),
        ("Click " + "very " * 20 + "often.", "too_long"),
        ('Click "Save.', "quotes"),
        ("Click here.", "says_nothing"),
        ("Click the element.", "says_nothing"),
        ("Click the button.", "says_nothing"),
        ("Click on it.", "says_nothing"),
        ("Click the thing shown in the screenshot.", "screenshot"),
        ("Click at (120, 45).", "coordinates"),
        ("Click 30 px below the title.", "coordinates"),
        ("Click #save-button now.", "selector"),
        ("Click the div on the left.", "tag"),
        ("Click button[type=submit] at the end.", "selector"),
        ('Click "//div[@id=1]".', "machine_text"),
        ("Go to https://evil.example now.", "machine_text"),
        ('Click "<img src=x>".', "machine_text"),
        ('Enter "4111 1111 1111 1111" in the "Card" field.', "secret"),
        ('Enter "ada@example.com" in the "Email" field.', "personal"),
        ('Click "Sa\u202eve".', "control_character"),
    ],
)
def test_each_rule_is_checked(instruction: str, code: str) -> None:
    assert code in codes(instruction)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("", "label_length"),
        ("one two three four five six", "label_length"),
        ("Email:", "label_punctuation"),
        ("Search…", "label_punctuation"),
        ("Email *", "label_punctuation"),
        ("https://x.example", "machine_text"),
        ("Sa\nve", "control_character"),
    ],
)
def test_the_short_name_is_checked(label: str, code: str) -> None:
    assert code in codes('Click "Save".', label)


def test_a_sentence_is_only_said_once() -> None:
    assert codes('Click "Save".', others=['Click  "save".', "Press Enter."]) == set()
    assert codes('Click "Save".', others=["click “Save”.", 'Click "SAVE".']) == {"duplicate"}
    assert codes('Click "Save".', others={'Click "Save".'}) == {"duplicate"}


@pytest.mark.parametrize(
    "instruction",
    [
        'Click "New contact".',
        'On the "Design" tab, select "Header row".',
        'Click "Save" to create the contact.',
        'Enter "Quarterly report" in the "Title" field.',
        'Click "Screenshot".',
        'Click "Are you sure? Yes, delete".',
        "Press Ctrl+S.",
        "Press the Down arrow key.",
        'Double-click "Untitled.ipynb".',
        "Note: The system sends an email.",
        'Next to "Amount", enter "5" in the field.',
    ],
)
def test_good_sentences_pass(instruction: str) -> None:
    assert codes(instruction) == set()


def test_more_than_twelve_words_is_advice_only() -> None:
    (problem,) = check("Save", "Click the large blue button that is beside the name of the new contact.")
    assert (problem.code, problem.advice) == ("long", True)


def test_other_languages_are_spared_what_needs_english() -> None:
    assert codes("Klicken Sie auf „Speichern“.", language="de-DE") == set()
    assert codes("Klicken Sie auf „Speichern“") == {"imperative", "full_stop"}
