"""A note that a person added, as a sentence of the guide."""

from app.core.secrets_in_text import mask
from app.labeling.rules.wording import tidy
from app.labeling.style import check

UNREADABLE = "Read the note"
_MOST_WORDS = 15
_LONGEST = 160


def note_body(text: str | None) -> str:
    """The first sentence of the note without its full stop; `Read the note` if it cannot be said in one."""
    for line in (" ".join((text or "").split()), tidy(text or "")):
        body = _first_sentence(mask(line)[0])
        if not body or body.count(" ") >= _MOST_WORDS or len(body) > _LONGEST:
            continue
        body = body[0].upper() + body[1:]
        for candidate in (body, f"Note: {body}"):
            if not any(not problem.advice for problem in check("Note", f"{candidate}.")):
                return candidate
    return UNREADABLE


def _first_sentence(line: str) -> str:
    for end in (". ", "! ", "? "):
        line = line.partition(end)[0]
    return line.strip(" .!?:;,…*•-")
