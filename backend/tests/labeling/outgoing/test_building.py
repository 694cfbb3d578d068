"""What leaves: small, the same for the same, and less rather than more when something goes wrong."""

import io
import json
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.labeling import outgoing
from app.labeling.outgoing import document, shapes, words
from app.labeling.protocol import Chunk, ChunkStep, Picture, StepLabel
from app.workflows.content import Action, StepContent
from tests.labeling.outgoing.chunks import chunk, chunk_steps, page_texts, text_of
from tests.labeling.steps import step, steps

JPEG = io.BytesIO()
Image.new("RGB", (64, 40), "white").save(JPEG, "JPEG")

RICH = [
    step(
        action,
        f"Field {number}",
        tag=tag,
        role=role,
        value=value,
        attributes={"id": "x1", "class": "a b", "name": f"field_{number}", "aria-label": f"Field {number}"},
        url=f"https://crm.example/contacts/{number}/edit",
        page=f"Contact {number} | Example CRM",
        label=f"Field {number}",
        heading="Create a contact",
        section="Billing address",
        nearby="Search contacts by name, company or city",
        selectors=["#x1", "main > div"],
    )
    for number, (action, tag, role, value) in enumerate(
        [("click", "button", "button", None), ("input", "input", "textbox", "Quarterly report")] * 6
    )
]


def broken(*_: object) -> str:
    raise RuntimeError("hunter22")


def test_a_text_whose_masking_fails_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shapes.without_shapes

    def fails_for_names(text: str) -> str:
        return broken() if "hunter22" in text else whole(text)

    monkeypatch.setattr(words, "without_shapes", fails_for_names)
    contents = [step("click", "hunter22", heading="Contacts", nearby="hunter22"), step("click", "Save")]
    sent = outgoing.build(chunk(contents, goal="hunter22", description="Fine"))
    assert "hunter22" not in text_of(sent)
    assert sent.document["steps"][0]["target"] == {"context": {"heading": "Contacts"}}
    assert sent.document["workflow"] == {"description": "Fine"}


@pytest.mark.parametrize("part", ["_target", "_page", "_rule_label"])
def test_a_step_whose_masking_fails_entirely_is_sent_by_its_kind_alone(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(document, part, broken)
    contents = [step("input", "Title", tag="input", value="Quarterly report"), step("click", "Save")]
    sent = outgoing.build(chunk(contents))
    assert sent.document["steps"] == [{"key": "s01", "position": 1, "action": "input", "control": "field"}]
    assert sent.restore("s01", "Enter {value}.") == "Enter {value}."


def test_nothing_leaves_if_a_value_cannot_be_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "mask", broken)
    with pytest.raises(RuntimeError):
        outgoing.build(chunk([step("input", "Title", value="Quarterly report"), step("click", "Save")]))


def test_characters_that_nobody_sees_are_removed() -> None:
    unseen = "S\u200ba\u202ev\u2066e\U000e0041\ufe0f \x00\x07now\u2028 or\tnever"
    content = StepContent.model_construct(**dict(step("click", "x")))
    target = step("click", "x").target
    assert target is not None
    object.__setattr__(content, "target", target.model_copy(update={"name": unseen}))
    (step_sent,) = outgoing.build(chunk([content])).document["steps"]
    assert step_sent["target"]["name"] == "Save now or never"


def test_long_texts_are_cut_and_never_through_a_placeholder() -> None:
    long = "x" * 100 + " Quarterly report " + "y" * 100
    contents = [
        step("input", "T", value="Quarterly report"),
        step("click", long, text="word " * 90),
        step("click", "S"),
    ]
    target = outgoing.build(chunk(contents)).document["steps"][1]["target"]
    assert len(target["name"]) <= 120
    assert target["name"] == "x" * 100 + " {value of step 1}…"
    assert len(target["text"]) <= 200
    for length in range(95, 120):
        contents[1] = step("click", "x" * length + " Quarterly report " + "y" * 100)
        name = outgoing.build(chunk(contents)).document["steps"][1]["target"]["name"]
        assert name.replace("{value of step 1}", "").strip("x …") == ""


def test_a_step_is_about_two_hundred_tokens() -> None:
    sent = outgoing.build(chunk(RICH))
    sizes = [len(json.dumps(one, ensure_ascii=False, separators=(",", ":"))) / 2.5 for one in sent.document["steps"]]
    assert sum(sizes) / len(sizes) < 220


def test_the_same_chunk_gives_the_same_bytes_and_another_does_not() -> None:
    sent = outgoing.build(chunk(RICH))
    assert outgoing.build(chunk(RICH)).sha256 == sent.sha256
    assert outgoing.build(chunk(RICH, goal="Another")).sha256 != sent.sha256
    assert outgoing.build(chunk(RICH[:-1])).sha256 != sent.sha256


def seen_by(content: StepContent, position: int, shown: dict[Picture, bytes]) -> ChunkStep:
    return ChunkStep(position, position, content, StepLabel("Save", "Click Save."), shown.get)


def test_pictures_are_numbered_through_all_steps() -> None:
    both: dict[Picture, bytes] = {"crop": JPEG.getvalue(), "page": JPEG.getvalue()}
    shown: list[dict[Picture, bytes]] = [both, {}, {"page": JPEG.getvalue()}, both]
    steps_seen = tuple(seen_by(step("click", "Save"), at, pictures) for at, pictures in enumerate(shown, 1))
    given_chunk = Chunk("", None, None, (), steps_seen[:3], steps_seen[3], steps_seen)
    sent = outgoing.build(given_chunk)
    assert [(one.number, one.key, one.kind, one.width, one.height) for one in sent.pictures] == [
        (1, "s01", "crop", 64, 40),
        (2, "s01", "page", 64, 40),
        (3, "s03", "page", 64, 40),
    ]
    assert [one.get("pictures") for one in sent.document["steps"]] == [[1, 2], None, [3]]
    assert "pictures" not in sent.document["step_after"]
    blind = outgoing.build(given_chunk, pictures=False)
    assert blind.pictures == ()
    assert blind.sha256 != sent.sha256


def test_a_part_of_a_chunk_is_the_same_however_it_was_come_by() -> None:
    whole = chunk(RICH, first=2)
    part = outgoing.part(whole, [step.step_id for step in whole.steps[3:6]])
    assert [one.position for one in part.steps] == [6, 7, 8]
    assert part.step_after == whole.steps[6]
    assert part.labels_before[-1] == whole.steps[2].rule_label.instruction
    assert part.labels_before[: len(whole.labels_before)] == whole.labels_before
    assert outgoing.part(whole, [step.step_id for step in whole.steps]) is whole


OURS = re.compile(
    r"\b(?:value|of|step|the|in|a|s0\d|email|address|phone|number|token|card|iban|private|key|click|enter|select|open|go"
    r"|to|page|field|button|link|again|for|see|here|some|text|do)\b",
    re.IGNORECASE,
)
"""Words of our own, which a value may happen to be."""
_TYPED = st.from_regex(r"[A-Za-z]{4,12}([ ._-]?[A-Za-z0-9]{2,8}){0,3}", fullmatch=True)


@given(value=_TYPED, around=st.lists(steps, max_size=2), where=st.sampled_from(["name", "nearby", "title", "page"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_what_was_typed_is_in_no_text_of_any_step(value: str, around: list[StepContent], where: str) -> None:
    assume(not OURS.search(re.sub(r"[._-]", " ", value)))
    echo = step("click", f"See {value} here", tag="a", nearby=f"({value})", page=f"{value} - CRM")
    if where == "title":
        echo = step("click", "X", attributes={"title": value, "aria-label": f"a {value} b"})
    typed = step("input", "Some field", tag="input", value=value)
    sent = outgoing.build(chunk([typed, *around, echo, echo], goal=f"Do {value}"))
    for text in page_texts(sent.document):
        assert f" {value} " not in f" {text} "
        assert f"({value})" not in text
        assert text != value


@given(contents=st.lists(steps, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_recording_becomes_a_document(contents: list[StepContent]) -> None:
    given_chunk = chunk(contents)
    sent = outgoing.build(given_chunk)
    assert len(sent.document["steps"]) == len(given_chunk.steps)
    json.dumps(sent.document).encode()
    text_of(sent).encode()
    secrets = [
        one.value for one in contents if one.value_kind == "password" and one.action is Action.INPUT and one.value
    ]
    for text in page_texts(sent.document):
        assert not {unicodedata.category(char) for char in text} & {"Cc", "Cf", "Co", "Cs"}
        assert text not in secrets or len(text) < 4 or text in {"•••", "[card number]"}
    for content, key in zip(chunk_steps(contents), [one["key"] for one in sent.document["steps"]], strict=False):
        assert isinstance(sent.restore(key, content.rule_label.instruction), str)
