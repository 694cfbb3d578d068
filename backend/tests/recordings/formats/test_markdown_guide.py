"""Guides that Scribe and Tango export as Markdown: a person's words, links, pictures, and what is left out."""

import codecs
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from app.core.config import Settings
from app.recordings.formats.imported import ImportedRecording, ImportTooLarge, InvalidRecording, UnknownFormat
from app.recordings.formats.reading import read
from app.recordings.schema import RecordingStep
from app.recordings.service import prepare
from app.workflows.content import Action
from app.workflows.errors import TooManySteps
from tests.recordings.formats.files import LIMITS
from tests.recordings.formats.test_workflow_use import a_png

BY_SCRIBE = "#### [Made with Scribe](https://scribehow.com/shared/Connect__abc)\n"
REMOTE = "![](https://ajeuwbhvhr.cloudimg.io/colony-recorder.s3.amazonaws.com/files/a/ascreenshot.jpeg?tl_px=0,1&wat=1)"
INSIDE = f"![](data:image/png;base64,{b64encode(a_png()).decode()})"


def scribe(*blocks: str, title: str = "# Connect to VPN") -> bytes:
    return "\n\n".join([title, *blocks, BY_SCRIBE]).encode()


def tango(*blocks: str) -> bytes:
    origin = "__Created By:__ Ada  \n[View most recent version on Tango.us](https://app.tango.us/app/workflow/1)\n\n***"
    return "\n\n".join(
        ["# [Launch it](https://app.tango.us/app/workflow/1?utm_source=markdown)", origin, *blocks]
    ).encode()


def imported(data: bytes) -> ImportedRecording:
    (found,) = read(data, limits=LIMITS)
    return found


def steps(*blocks: str) -> list[RecordingStep]:
    return imported(scribe(*blocks)).recording.steps


def said(*blocks: str) -> list[str | None]:
    return [step.label.instruction if step.label else None for step in steps(*blocks)]


def warnings(*blocks: str) -> list[str]:
    return [str(warning) for warning in imported(scribe(*blocks)).warnings if "Who made" not in warning.message]


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"1. Click", UnknownFormat, "is text, but not Markdown that Scribe or Tango exported"),
        (b"\xff\xfa scribehow.com", UnknownFormat, "neither JSON nor a zip nor text"),
        (scribe("a\x00b"), UnknownFormat, "neither JSON nor a zip nor text"),
        (scribe("No step"), InvalidRecording, "no numbered steps"),
        (scribe(*[f"{number}. Go" for number in range(1, 22)]), TooManySteps, "has 21 steps; at most 20"),
        (scribe("# A\n1. B") * 51, ImportTooLarge, "more than 50 guides"),
        (scribe("1. " + "x" * 100_000), ImportTooLarge, "MAX_REQUEST_BYTES"),
    ],
)
def test_what_is_no_guide_is_refused_saying_why(data: bytes, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read(data, limits=LIMITS)


@pytest.mark.parametrize(
    "wrapped",
    [
        bytes,
        lambda data: codecs.BOM_UTF8 + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"\n", b"\r\n"),
    ],
)
def test_it_is_known_by_what_it_says_whatever_wraps_it(wrapped: Callable[[bytes], bytes]) -> None:
    found = imported(wrapped(scribe('1\\. Click "Save"')))
    assert found.recording.name == "Connect to VPN"
    assert [step.action for step in found.recording.steps] == [Action.CLICK]


@pytest.mark.parametrize("form", ["{}\\. {}", "{}. {}", "**{}. {}**", "{}) {}", "### {}. {}", "**{}.** {}"])
def test_steps_are_numbered_in_any_of_the_ways(form: str) -> None:
    assert said(form.format(1, "Open it"), REMOTE, form.format(2, "Close it")) == ["Open it", "Close it"]


def test_a_list_within_a_step_and_numbers_left_out() -> None:
    found = said("1. First:\n1. this\n2. That", "4. Then", "## Anew", "1. Again", "999. Far away")
    assert found == ["First: 1. this", "That", "Then", "Again 999. Far away"]


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("[[Click]] **the** *big* _one_ `x_y` a_b_c 2 * 3", 'Click the big one "x_y" a_b_c 2 * 3'),
        ("Escaped \\*stars\\* &gt; &amp;amp;<br/>line", "Escaped *stars* > &amp; line"),
        ("See [the portal](https://a.example/p?token=c4nary#x)", "See the portal (https://a.example/p)"),
        (
            "See [https://a.example](https://a.example), <https://b.example/?c4nary>.",
            "See https://a.example, https://b.example/.",
        ),
        ("See https://ann:c4nary@a.example/b?c=c4nary!", "See https://a.example/b!"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("**Two\n\nparagraphs**", "Two paragraphs"),
    ],
)
def test_markup_becomes_plain_words(words: str, plain: str) -> None:
    assert said(f"1. {words}") == [plain]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('Click "Save"', (Action.CLICK, "Save", None)),
        ('Click the "Search" field.', (Action.CLICK, "Search", None)),
        ("Click on Launch instance", (Action.CLICK, "Launch instance", None)),
        ("Double-click “Row”", (Action.DOUBLE_CLICK, "Row", None)),
        ('Right-click "Row".', (Action.RIGHT_CLICK, "Row", None)),
        ("Click here.", (Action.NOTE, None, "step")),
        ('Click "A" and then "B"', (Action.NOTE, None, "step")),
        ('Type "ec2"', (Action.NOTE, None, "step")),
        ("Navigate to https://a.example/x?y", (Action.NAVIGATE, None, None)),
        ("Navigate to the start page", (Action.NOTE, None, "step")),
    ],
)
def test_what_is_done_is_told_by_the_words(words: str, expected: tuple[Any, ...]) -> None:
    (step,) = steps(f"1. {words}")
    assert (step.action, step.target and step.target.name, step.note_kind) == expected


def test_headings_asides_and_the_description() -> None:
    found = imported(
        scribe(
            "About *it*.",
            "## More about it",
            "Really.",
            "## First part",
            "1. Open it",
            "more words",
            "Tip! Be quick.",
            "> Alert: It is hot",
            "Note: Last",
            "## Second part",
            "2. Close it",
        )
    )
    assert found.recording.description == "About it.\nMore about it\nReally."
    assert [
        (step.heading, step.note_kind, step.label and step.label.instruction) for step in found.recording.steps
    ] == [
        ("First part", "step", "Open it more words"),
        (None, "tip", "Be quick."),
        (None, "warning", "It is hot"),
        (None, "note", "Last"),
        ("Second part", "step", "Close it"),
    ]


def test_a_guide_of_tango_with_its_pages() -> None:
    found = imported(
        tango(
            "## # [Console | Home](https://console.example/home?token=c4nary)",
            "### 1. Click on EC2\n![Step 1 screenshot](https://images.tango.us/workflows/1/a.png?crop=focalpoint&mark-x=1)",
            "### 2. Check on\n" + INSIDE.replace("![]", "![Step 2 screenshot]"),
            "## # [Other](https://other.example/)",
            "### 3. Click on Hello\n\n<br/>\n\n***",
        )
    )
    recording = prepare(found.recording, Settings()).recording
    assert recording.name == "Launch it"
    assert recording.starting_url == "https://console.example/home"
    assert [(step.heading, step.page.url, step.page.title) for step in recording.steps] == [
        ("Console | Home", "https://console.example/home", "Console | Home"),
        (None, "https://console.example/home", "Console | Home"),
        ("Other", "https://other.example/", "Other"),
    ]
    assert [step.label and step.label.field_label for step in recording.steps] == ["EC2", "Check on", "Hello"]
    assert {name: picture.read() for name, picture in found.screenshots.items()} == {"2": a_png()}
    assert list(map(str, found.warnings)) == [
        "The picture of step 1 lies on the web and was not fetched.",
        "Who made the guide, when, and with which program was left out.",
    ]


def test_several_guides_in_one_file() -> None:
    found = read(scribe("1. A") + scribe("1. B", "2. C", title="# Other"), limits=LIMITS)
    assert [(one.recording.name, len(one.recording.steps)) for one in found] == [("Connect to VPN", 1), ("Other", 2)]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (("1. A", REMOTE, "2. B", REMOTE), ["The picture of steps 1, 2 lies on the web and was not fetched."]),
        (("1. A", "![](images/a.png)"), ["The picture of step 1 is not in the file."]),
        (("1. A", '<img width="9" src="a.png" alt="">'), ["The picture of step 1 is not in the file."]),
        (("1. A", INSIDE, INSIDE), ["Step 1 of the file: Of several pictures the first was kept."]),
        (("1. A", "![](data:image/png;base64,x)"), ["Step 1 of the file: The picture is not base64 and was left out."]),
        ((REMOTE, "1. A"), ["A picture above the first step was left out."]),
        (("1. A", "## Nothing below"), ["A heading below which no step stands was left out."]),
        (("1. See [it](javascript:x)",), ["Step 1 of the file: A link that does not lead to the web was left out."]),
        (("1. " + "x" * 1_200,), ["Step 1 of the file: The step's text was cut after 1,000 characters."]),
    ],
)
def test_what_is_left_out_is_said(blocks: tuple[str, ...], expected: list[str]) -> None:
    assert warnings(*blocks) == expected


def test_pictures_do_not_count_as_text() -> None:
    large = f"![](data:image/png;base64,{'A' * 60_000})"
    assert len(imported(scribe("1. A", large, "2. B", large)).screenshots) == 2


@pytest.mark.parametrize(
    "words",
    [
        'Enter the password "c4nary$Vavo1" and click sign in',
        'enter "c4nary-Vavo" as password',
        'Type "c4nary-Vavo" in the "Password" field',
        "Use “c4nary Vavo” for the PIN",
        "Put the API key `c4nary-Vavo` there",
        "The password is c4nary-Vavo1.",
        "Password: c4nary-Vavo",
        "Gib das Passwort „c4nary-Vavo“ ein",
        'Log in with user "ada" and password "c4nary-Vavo"',
        "token=c4nary0123456789",
        "https://ann:c4nary@a.example/?c4nary",
    ],
)
def test_a_secret_that_a_person_wrote_down_is_gone(words: str) -> None:
    found = imported(scribe(f"About c4nary-Vavo. {words}", f"## {words}", f"1. {words}", f"Tip: {words}"))
    ready = prepare(found.recording, Settings())
    shown = ready.recording.model_dump_json() + "".join(label.instruction for label in ready.labels)
    assert "c4nary" not in shown.replace("About c4nary-Vavo.", "")


@pytest.mark.parametrize(
    "words",
    [
        'Click "Forgot password?"',
        'Click the "Password" field.',
        'Type "ec2" in the "Search" field',
        'Enter the password in the "Login" field',
        'Enter the password into "Login" and go on',
        "The password is required",
        'Enter "{{password}}" as password',
    ],
)
def test_words_that_only_speak_of_secrets_stay(words: str) -> None:
    assert said(f"1. {words}") == [words]


def test_what_is_typed_after_a_secret_field_is_gone_everywhere() -> None:
    blocks = ('1. Click the "PIN" field.', '2. Type "c4nary77"', "3. Check c4nary77", '4. Type "open"')
    assert said(*blocks) == ['Click the "PIN" field.', 'Type "•••"', "Check •••", 'Type "open"']
