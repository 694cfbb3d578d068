"""What changed between two sentences, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["keep", "insert", "delete"]

_PARTS = re.compile(r"\s+|[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """Some words. Those kept and deleted make the old sentence, those kept and inserted the new one."""

    op: Op
    text: str


def between(old: str, new: str) -> list[Change]:
    """The way from `old` to `new`: what goes stands before what comes in its place."""
    a, b = _PARTS.findall(old), _PARTS.findall(new)
    found: list[tuple[str, str, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        kept, gone, came = "".join(a[a1:a2]), "".join(a[a1:a2]), "".join(b[b1:b2])
        found.append((kept, "", "") if tag == "equal" else ("", gone, came))
    return [
        Change(op, text)
        for kept, gone, came in _without_islands(found)
        for op, text in _named(kept, gone, came)
        if text
    ]


def _named(kept: str, gone: str, came: str) -> Sequence[tuple[Op, str]]:
    return (("keep", kept), ("delete", gone), ("insert", came))


def _without_islands(parts: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """A space that stayed between two changed words belongs to the change: it would only cut the reading up."""
    merged: list[tuple[str, str, str]] = []
    for place, (kept, gone, came) in enumerate(parts):
        island = kept.isspace() and 0 < place < len(parts) - 1
        if merged and not merged[-1][0] and (island or not kept):
            _, gone_before, came_before = merged[-1]
            merged[-1] = ("", gone_before + (kept or gone), came_before + (kept or came))
        else:
            merged.append((kept, gone, came))
    return merged
