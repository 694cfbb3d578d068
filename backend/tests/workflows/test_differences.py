import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflows.differences import between

WORDS = st.lists(
    st.sampled_from(["Click", "Save", '"', ".", " ", "  ", "the", "保", "存", "l'Été", "_", "👩‍💻"]), max_size=30
)


def written(old: str, new: str) -> str:
    """`[-gone-]{+come+}`, as others write it."""
    form = {"keep": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(form[change.op].format(change.text) for change in between(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("Click Save.", "Click Save.", "Click Save."),
        ("", "Click Save.", "{+Click Save.+}"),
        ("Click Save.", "Click Send.", "Click [-Save-]{+Send+}."),
        ("Click Save.", "Click Save now.", "Click Save{+ now+}."),
        ("Press the big button.", "Select a small button.", "[-Press the big-]{+Select a small+} button."),
        ("按保存。", "按发送。", "按[-保存-]{+发送+}。"),
        ("Open the user's page.", "Open the team's page.", "Open the [-user's-]{+team's+} page."),
    ],
)
def test_changes_are_of_whole_words(old: str, new: str, expected: str) -> None:
    assert written(old, new) == expected


@given(WORDS.map("".join), WORDS.map("".join))
def test_both_sentences_can_be_read_out_of_it(old: str, new: str) -> None:
    changes = between(old, new)
    assert "".join(change.text for change in changes if change.op != "insert") == old
    assert "".join(change.text for change in changes if change.op != "delete") == new
    assert all(change.text for change in changes)
