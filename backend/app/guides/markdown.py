"""A guide as Markdown (CommonMark, GitHub's too). Nothing that was recorded can become markup, HTML or a link."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from app.guides import phrases
from app.guides.model import Guide, GuideStep
from app.guides.words import Words

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~$#@]|:(?=/)|(?<=\bwww)\.", re.IGNORECASE)
_STARTS_BLOCK = re.compile(r"^(?:[-+=]|\d{1,9}[.)])")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(?:\r?\n[^\S\n]*){2,}")


def render(guide: Guide, pictures: Mapping[int, str] | None = None, *, with_title: bool = True) -> str:
    """The Markdown text. `pictures`: paths by the steps' ids; a picture without a path is left out."""
    blocks = [f"# {escape(guide.title)}"] if with_title else []
    blocks += paragraphs(guide.description)
    if guide.starting_url:
        blocks.append(f"{phrases.of(guide.language).start_at} {address(guide.starting_url)}")
    blocks += _needed(guide)
    for step in guide.steps:
        if step.heading:
            blocks.append(f"## {escape(step.heading)}")
        blocks.append(_step(guide, step, pictures or {}))
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """The text as inline Markdown, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def block(text: str) -> str:
    """The text as a paragraph of its own."""
    return not_a_block(escape(text))


def paragraphs(text: str | None) -> list[str]:
    """The text's paragraphs, each as a block."""
    return [block(paragraph) for paragraph in _PARAGRAPHS.split(text or "") if paragraph.strip()]


def address(url: str) -> str:
    """A link if it is a web address, else text."""
    return f"<{url}>" if _WEB_ADDRESS.fullmatch(url) else escape(url)


def not_a_block(escaped: str) -> str:
    """Without what would make a list, a rule or a heading of a paragraph's beginning."""
    match = _STARTS_BLOCK.match(escaped)
    return f"{escaped[: match.end() - 1]}\\{escaped[match.end() - 1 :]}" if match else escaped


def sentence(words: Sequence[Words], variable: Callable[[str], str]) -> str:
    """The words as inline Markdown. `variable`: what stands for one of this name, as Markdown."""
    pieces: list[str] = []
    for index, part in enumerate(words):
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        pieces.append(_piece(part, before, after, variable))
    return "".join(pieces).strip()


def _needed(guide: Guide) -> list[str]:
    if not guide.variables:
        return []
    said = phrases.of(guide.language)
    lines = []
    for variable in guide.variables:
        example = f" ({said.example} {escape(variable.example)})" if variable.example else ""
        lines.append(f"- {block(variable.label)}{example}")
    return [f"{said.needed}:", "\n".join(lines)]


def _step(guide: Guide, step: GuideStep, pictures: Mapping[int, str]) -> str:
    marker = "> " if step.number is None else f"{step.number}. "
    indent = "> " if step.number is None else " " * len(marker)
    asked = guide.asked
    text = sentence(step.words, lambda name: f"‹{escape(asked[name])}›")
    if step.note_kind in ("tip", "warning"):
        text = f"**{phrases.of(guide.language).of_note(step.note_kind)}:** {text}"
    lines = [marker + (not_a_block(text) or "…")]
    if path := pictures.get(step.id):
        lines += [indent.rstrip(), f"{indent}![{escape(step.alt)}]({path})"]
    return "\n".join(lines)


def _piece(part: Words, before: Words | None, after: Words | None, variable: Callable[[str], str]) -> str:
    if part.kind == "variable":
        return variable(part.text)
    if part.kind == "link" and part.href:
        return f"[{escape(part.text)}]({part.href.replace('&', '&amp;')})"
    if part.kind == "code" and part.text.strip() and (before is None or before.kind != "code"):
        return f"`{' '.join(part.text.split())}`"
    if part.kind in ("name", "strong"):
        beside_bold = before is not None and before.kind in ("name", "strong")
        if not beside_bold and _can_be_bold(" ".join(part.text.split()), _neighbour(before, -1), _neighbour(after, 0)):
            return f"**{escape(part.text)}**"
        return f'"{escape(part.text)}"' if part.is_name else _spaced(part.text)
    return _spaced(part.text)


def _neighbour(part: Words | None, place: int) -> str:
    """The character that stands beside: of other kinds than plain words it is a sign of theirs."""
    return " " if part is None else part.text[place] if part.kind == "text" else "*"


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
