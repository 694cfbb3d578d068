"""A sentence in parts: names of controls, quoted in plain text, are bold where there is bold."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r'"(?P<name>[^"]+)"')


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a sentence. `is_name`: as on the screen, without the quotes that the plain sentence has."""

    text: str
    is_name: bool = False


def split(sentence: str, *, name: str | None = None, value: str | None = None) -> tuple[Words, ...]:
    """The parts of `sentence` in order.

    `name` is the control's, which may hold quotes itself. A quoted `value` is what to enter, and keeps its quotes.
    """
    if name and '"' in name and (quoted := f'"{name}"') in sentence:
        before, _, after = sentence.partition(quoted)
        return (*split(before, value=value), Words(name, is_name=True), *split(after, value=value))
    if sentence.count('"') % 2:
        return (Words(sentence),)
    parts: list[Words] = []
    done = 0
    for match in _QUOTED.finditer(sentence):
        if match["name"] != name and match["name"] == value:
            continue
        parts += [Words(sentence[done : match.start()]), Words(match["name"], is_name=True)]
        done = match.end()
    parts.append(Words(sentence[done:]))
    return tuple(part for part in parts if part.text)
