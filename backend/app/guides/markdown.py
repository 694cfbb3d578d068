"""A guide as Markdown (CommonMark, GitHub's too). Nothing that was recorded can become markup, HTML or a link."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from app.guides.model import Guide, GuideStep
from app.guides.words import Words

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$#@]|:(?=/)|(?<=\bwww)\.", re.IGNORECASE)
_STARTS_BLOCK = re.compile(r"^(?:[-+=]|\d{1,9}[.)])")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(?:\r?\n[^\S\n]*){2,}")


def render(guide: Guide, pictures: Mapping[str, str] | None = None) -> str:
    """The Markdown text. `pictures`: paths by screenshot id; a picture without a path is left out."""
    blocks = [f"# {escape(guide.title)}"]
    blocks += [block(paragraph) for paragraph in _PARAGRAPHS.split(guide.description or "") if paragraph.strip()]
    if guide.starting_url:
        blocks.append(f"Start at {_address(guide.starting_url)}")
    for step in guide.steps:
        if step.heading:
            blocks.append(f"## {escape(step.heading)}")
        blocks.append(_step(step, pictures or {}))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """The text as inline Markdown, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def block(text: str) -> str:
    """The text as a paragraph of its own."""
    return _not_a_block(escape(text))


def _not_a_block(escaped: str) -> str:
    """Without what would make a list, a rule or a heading of a paragraph's beginning."""
    match = _STARTS_BLOCK.match(escaped)
    return f"{escaped[: match.end() - 1]}\\{escaped[match.end() - 1 :]}" if match else escaped


def _step(step: GuideStep, pictures: Mapping[str, str]) -> str:
    marker = "> " if step.number is None else f"{step.number}. "
    indent = "> " if step.number is None else " " * len(marker)
    lines = [marker + (_not_a_block(_sentence(step.words)) or "…")]
    path = pictures.get(step.image.screenshot_id) if step.image else None
    if path:
        alternative = escape(f"Step {step.number}: {step.instruction}" if step.number else step.instruction)
        lines += [indent.rstrip(), f"{indent}![{alternative}]({path})"]
    return "\n".join(lines)


def _sentence(words: Sequence[Words]) -> str:
    pieces: list[str] = []
    for index, part in enumerate(words):
        before = words[index - 1].text[-1] if index else " "
        beside_name = index > 0 and words[index - 1].is_name
        after = words[index + 1].text[0] if index + 1 < len(words) else " "
        if not part.is_name:
            pieces.append(_spaced(part.text))
        elif not beside_name and _can_be_bold(" ".join(part.text.split()), before, after):
            pieces.append(f"**{escape(part.text)}**")
        else:
            pieces.append(f'"{escape(part.text)}"')
    return "".join(pieces).strip()


def _spaced(text: str) -> str:
    """`escape` that keeps the one space between these words and their neighbours."""
    return " " * text[0].isspace() + escape(text) + " " * (text[-1].isspace() and not text.isspace())


def _can_be_bold(name: str, before: str, after: str) -> bool:
    """Whether CommonMark reads `**name**` as bold here: where punctuation is inside, a letter outside prevents it."""
    if not name:
        return False
    return (not _is_edge(name[0]) or _is_edge(before)) and (not _is_edge(name[-1]) or _is_edge(after))


def _is_edge(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "PS"


def _address(address: str) -> str:
    return f"<{address}>" if _WEB_ADDRESS.fullmatch(address) else escape(address)
