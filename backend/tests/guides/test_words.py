"""Which words of a sentence are names."""

import pytest

from app.guides.words import Words, split


def marked(words: tuple[Words, ...]) -> str:
    return "".join(f"«{part.text}»" if part.is_name else part.text for part in words)


@pytest.mark.parametrize(
    ("sentence", "name", "value", "expected"),
    [
        ('Click "Save.', None, None, 'Click "Save.'),
        ('Click "".', None, None, 'Click "".'),
        ("", None, None, ""),
        ("Press Enter.", None, None, "Press Enter."),
        ('Click "Save".', "Save", None, "Click «Save»."),
        ('"Save" it', None, None, "«Save» it"),
        ('On the "Design" tab, select "Header row".', None, None, "On the «Design» tab, select «Header row»."),
        ('Enter "Q3" in the "Title" field.', "Title", "Q3", 'Enter "Q3" in the «Title» field.'),
        ('Select "Title" from "Title".', "Title", "Title", "Select «Title» from «Title»."),
        ('Click "Say "hi" now".', 'Say "hi" now', None, 'Click «Say "hi" now».'),
        ('Click "Say "hi" in the "Chat" row.', 'Say "hi', None, 'Click «Say "hi» in the «Chat» row.'),
        ('Click "6" nails".', None, None, 'Click "6" nails".'),
    ],
)
def test_quoted_names_are_told_apart(sentence: str, name: str | None, value: str | None, expected: str) -> None:
    assert marked(split(sentence, name=name, value=value)) == expected
