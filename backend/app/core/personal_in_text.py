"""Whether a text holds what a guide should not show of a person: for proposing to hide it, never for deciding."""

import re
from typing import Literal, get_args

from app.core.secrets_in_text import HIDDEN, mask

Kind = Literal["email", "phone number", "card number", "IBAN", "token", "password", "private key"]

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|\(?0|\d)[\d()/.\s-]{6,22}\d(?![\w.,-]*\d)")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}")
_DIGITS = range(8, 16)
"""Of a phone number, ITU-T E.164."""


def kinds_in(text: str) -> list[Kind]:
    """What is found, each once. Secrets were masked when the recording came in: what stands for them is found, too."""
    found: list[str] = ["email"] if _EMAIL.search(text) else []
    text, secrets = mask(text)  # a card number is none of a phone
    found += secrets
    if any(map(_is_phone, _PHONE.finditer(text))):
        found.append("phone number")
    found += [kind for kind in get_args(Kind) if f"[{kind}]" in text]
    if HIDDEN in text:
        found.append("password")
    return [kind for kind in get_args(Kind) if kind in found]


def _is_phone(match: re.Match[str]) -> bool:
    text = match[0]
    grouped = len(re.findall(r"\d+", text)) > 1
    return sum(map(str.isdigit, text)) in _DIGITS and not _DATE.search(text) and (grouped or text[0] in "+0")
