"""Signs that stand alone on a control, as a person would say them: a button that shows + is "the plus sign"."""

from app.workflows.content import Target

_SAID = {
    "plus sign": "+＋➕",
    "minus sign": "-−–➖",
    "X": "×✕✖✗✘❌",
    "right arrow": ">›»→▶►❯⟩",
    "left arrow": "<‹«←◀◄❮⟨",
    "up arrow": "^↑▲△⌃",
    "down arrow": "↓▼▽▾⌄",
    "three dots": "…⋯⋮︙",
    "menu icon": "☰≡",
    "star": "*★☆",
    "heart": "♥❤♡",
    "check mark": "✓✔✅",
    "gear": "⚙",
    "pencil": "✎✏",
    "question mark": "?",
}
_GLYPHS = {glyph: words for words, glyphs in _SAID.items() for glyph in glyphs}


def glyph(target: Target) -> str:
    """The words for the sign; empty if the control shows none, or more than one."""
    for text in (target.name, target.text):
        if text and len(text) < 4 and (words := _GLYPHS.get(text.strip().rstrip("\ufe0f"))):
            return words
    return ""
