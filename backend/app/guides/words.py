"""A sentence in parts: the little markup that a label can carry, and that every export can show.

"Save"                     the name of a control, as it stands on the screen
**at once**                strong
`npm install`              code, to be typed as it is
[the wiki](https://…)      a link, with http or https
{{customer}}               a variable, which a reader fills in
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["text", "name", "strong", "code", "link", "variable"]

_NAME = r'"(?P<name>[^"]+)"'
_VARIABLE = r"\{\{(?P<variable>[a-z][a-z0-9_]{0,39})\}\}"
_RICH = (
    r"\*\*(?P<strong>[^\s*](?:[^*]*[^\s*])?)\*\*"
    r"|`(?P<code>[^`]+)`"
    r"|\[(?P<link>[^\[\]]+)\]\((?P<href>https?://[^\s()<>\"\\^`{|}]+)\)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a sentence, without the signs that mark them."""

    text: str
    kind: Kind = "text"
    href: str | None = None
    """Where a link leads: http or https."""

    @property
    def is_name(self) -> bool:
        return self.kind == "name"


def split(sentence: str, *, name: str | None = None, value: str | None = None, rich: bool = False) -> tuple[Words, ...]:
    """The parts of `sentence` in order.

    `name` is the control's, which may hold quotes itself. A quoted `value` is what to enter, and keeps its quotes.
    `rich`: a person wrote it, so that strong words, code and links are meant; what a page or a model says is no markup.
    """
    if name and '"' in name and (quoted := f'"{name}"') in sentence:
        before, _, after = sentence.partition(quoted)
        return (*split(before, value=value, rich=rich), Words(name, "name"), *split(after, value=value, rich=rich))
    parts: list[Words] = []
    done = 0
    for match in _markup(names=sentence.count('"') % 2 == 0, rich=rich).finditer(sentence):
        if match.lastgroup == "name" and match["name"] != name and match["name"] == value:
            continue
        parts += [Words(sentence[done : match.start()]), _marked(match)]
        done = match.end()
    parts.append(Words(sentence[done:]))
    return tuple(part for part in parts if part.text)


@cache
def _markup(*, names: bool, rich: bool) -> re.Pattern[str]:
    kinds = [_NAME] * names + [_RICH] * rich + [_VARIABLE]
    return re.compile("|".join(kinds))


def _marked(match: re.Match[str]) -> Words:
    found = {kind: text for kind, text in match.groupdict().items() if text is not None}
    href = found.pop("href", None)
    ((kind, text),) = found.items()
    return Words(text, kind, href)  # type: ignore[arg-type]  # the groups are named like the kinds


def known(words: tuple[Words, ...], variables: Collection[str]) -> tuple[Words, ...]:
    """The same words, where a variable that nobody declared is text like the words around it."""
    if all(part.kind != "variable" or part.text in variables for part in words):
        return words
    joined: list[Words] = []
    for part in words:
        said = part if part.kind != "variable" or part.text in variables else Words(f"{{{{{part.text}}}}}")
        if said.kind == "text" and joined and joined[-1].kind == "text":
            joined[-1] = Words(joined[-1].text + said.text)
        else:
            joined.append(said)
    return tuple(joined)


def plain(words: tuple[Words, ...]) -> str:
    """The sentence as plain text: names in quotes, everything else without its signs."""
    return "".join(f'"{part.text}"' if part.is_name else _plain(part) for part in words)


def _plain(part: Words) -> str:
    return f"{{{{{part.text}}}}}" if part.kind == "variable" else part.text
