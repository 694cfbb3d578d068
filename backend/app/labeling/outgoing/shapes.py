"""What is taken out of every text by its shape alone before a model sees it, whoever wrote the text.

Wider than what is masked before storage: a person's own guide may name a phone number, a stranger's model need not.
"""

import re
from itertools import pairwise

from app.core.secrets_in_text import mask

EMAIL, PHONE, NUMBER, TOKEN = "[email address]", "[phone number]", "[number]", "[token]"
KINDS = (EMAIL, PHONE, NUMBER, TOKEN, "[card number]", "[IBAN]", "[private key]")

_EMAIL = re.compile(r"(?:mailto:)?[^\s@<>()\[\]{}\"',;:/|=]+@[^\s@<>()\[\]{}\"',;:/|=?&]+\.[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w+])(?:\+\d(?:[\s./()-]{0,3}\d){7,14}"
    r"|\(\d{2,5}\)[\s./-]{0,2}\d{2,4}(?:[\s./-]?\d){3,8}"
    r"|\d{3}[\s.-]\d{3}[\s.-]\d{4}"
    r"|0\d(?:[ .-]\d\d){4}"
    r"|0\d{1,4}[ /-]\d{3,}(?:[ -]?\d){1,8})(?!\w)"
)
_SOCIAL_SECURITY = re.compile(r"(?<![\w-])\d{3}([- ])\d{2}\1\d{4}(?![\w-])")
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d{9,}(?![\d.,]\d)")
"""Numbers of accounts and persons. Prices and counts are shorter, or have separators."""
_CODE = re.compile(
    r"\b((?:one-time |security |verification |access |login )?(?:code|otp|pin|passcode|tan)\b\W{0,3}(?:is\b|:)?\W{0,3})"
    r"\d(?:[ -]?\d){3,7}(?!\w)",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{20,}", re.IGNORECASE)
_SEPARATORS = re.compile(r"[/_=-]+")
_LONG = 12
_BUSY = 0.3
"""Changes between small letters, capitals and digits, for each character: words and camelCase have fewer."""


def without_shapes(text: str) -> str:
    """The text with secrets and ways to reach a person replaced by their kinds in brackets."""
    text = mask(text)[0]
    text = _EMAIL.sub(EMAIL, text)
    text = _CODE.sub(rf"\1{NUMBER}", text)
    text = _SOCIAL_SECURITY.sub(NUMBER, text)
    text = _PHONE.sub(PHONE, text)
    text = _UUID.sub(TOKEN, text)
    text = _OPAQUE.sub(_opaque, text)
    return _LONG_NUMBER.sub(NUMBER, text)


def _opaque(match: re.Match[str]) -> str:
    """Paths, slugs and identifiers of words stay; what no person would read as words goes."""
    text = match[0]
    parts = [part for part in _SEPARATORS.split(text) if part]
    return TOKEN if _HEX.search(text) or any(map(_is_random, [text, *parts])) else text


def _is_random(part: str) -> bool:
    if len(part) < _LONG or _SEPARATORS.search(part):
        return False
    kinds = [_kind(char) for char in part]
    changes = sum(a != b for a, b in pairwise(kinds))
    return changes / len(part) >= _BUSY


def _kind(char: str) -> str:
    return "0" if char.isdigit() else "A" if char.isupper() else "a"
