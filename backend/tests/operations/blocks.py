"""The commands in a document: its code blocks, each with the mark that stands in a comment before it."""

import re
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt

EXPECTED = " # → "
_MARK = re.compile(r"<!-- (not run here|runs until stopped; says): (.+) -->\s*")
_NEEDS_A_MARK = re.compile(r"\b(sudo|systemctl|journalctl|docker|apt-get|kubectl)\b")

Kind = Literal["shell", "python", "server", "elsewhere"]


class UnknownMark(Exception):
    """A comment that says how to treat a block, but not in words that are known, or with no block after it."""


@dataclass(frozen=True, slots=True)
class Block:
    """`says`: of a server, what it prints once it runs; of commands that are run elsewhere, why."""

    line: int
    kind: Kind
    text: str
    says: str = ""

    @property
    def expected(self) -> list[str]:
        """What its commands say that they print, in order."""
        return [line.partition(EXPECTED)[2].strip() for line in self.text.splitlines() if EXPECTED in line]

    @property
    def needs_a_mark(self) -> bool:
        return self.kind != "elsewhere" and bool(_NEEDS_A_MARK.search(self.text))


def read(document: str) -> list[Block]:
    """Every block of code, indented or fenced."""
    found: list[Block] = []
    mark: re.Match[str] | None = None
    for token in MarkdownIt().parse(document):
        if token.type == "html_block":
            mark = _MARK.fullmatch(token.content)
            if mark is None:
                raise UnknownMark(token.content)
        elif token.type in {"code_block", "fence"}:
            found.append(_block((token.map or [0])[0] + 1, token.content, mark))
            mark = None
        elif mark is not None:
            raise UnknownMark(f"{mark[0]} stands before no block")
    return found


def _block(line: int, text: str, mark: re.Match[str] | None) -> Block:
    if mark is None:
        return Block(line, "python" if text.startswith(">>> ") else "shell", text)
    return Block(line, "elsewhere" if mark[1] == "not run here" else "server", text, mark[2])
