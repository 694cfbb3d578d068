"""Sentences that people wrote in other programs: passwords that stand in them, and addresses."""

import re
from collections.abc import Iterable

from app.core.addresses import clean_address
from app.core.secrets_in_text import HIDDEN
from app.labeling.rules.secret_fields import names_a_secret

_TYPING = re.compile(
    r"\b(?:typ(?:e|es|ed|ing)|enter(?:s|ed|ing)?|insert|input|paste|fill|write|use|set|put|provide|key in"
    r"|log ?in|sign in|gib|geben|eingeben|tippen?|ingres\w+|escrib\w+|introdu\w+|saisi\w+|entrez|digit\w+|inser\w+)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»`](?P<words>[^\"“”„«»`\n]{1,200})[\"“”»«`]|(?<!\w)'(?P<single>[^'\n]{1,200})'(?!\w)")
_A_CONTROL = re.compile(
    r"\s*(?:text ?)?(?:field|box|input|area|button|link|tab|menu|page|dropdown|section|icon|option|column|row|dialog"
    r"|screen|-?feld|campo|champ)\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:in|into|to|under|on|inside|im|ins|en|dans)(?: the| das| den| el| le)?\s*$", re.IGNORECASE)
_TOLD = re.compile(
    r"(?P<before>\b(?:password|passwort|kennwort|passcode|passphrase|pin|token|contraseña|mot de passe|senha)\b"
    r"\s*(?:is|are|ist|lautet|es|est|=|:|as)\s*[\"'“`]?)(?P<value>[^\s\"'“”`,;]{4,})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"“”`]+", re.IGNORECASE)
_SHORTEST = 4
_LONG_WORD = 10


def without_secrets(text: str, *, after_secret_field: bool = False) -> tuple[str, list[str]]:
    """The text without what it says is entered into a secret field, and what that was.

    `after_secret_field`: the sentence before led into such a field and this one only says what is typed.
    """
    hidden: list[str] = []

    def told(match: re.Match[str]) -> str:
        value = match["value"].rstrip(".!?)")
        if value.isalpha() and value in (value.lower(), value.capitalize()):
            return match[0]
        hidden.append(value)
        return match["before"] + HIDDEN + match["value"][len(value) :]

    def quoted(match: re.Match[str]) -> str:
        words = match["words"] or match["single"]
        before, after = text[: match.start()], text[match.end() :]
        is_name = names_a_secret(words) or _A_CONTROL.match(after) or _INSIDE.search(before[-20:])
        if is_name or words.startswith("{{"):
            return match[0]
        hidden.append(words)
        return f"{match[0][0]}{HIDDEN}{match[0][-1]}"

    text = _TOLD.sub(told, text)
    if _TYPING.search(text) and (after_secret_field or names_a_secret(text)):
        text = _QUOTED.sub(quoted, text)
    return text, [words for words in hidden if len(words) >= _SHORTEST and not _is_a_word(words)]


def leads_into_a_secret_field(text: str) -> bool:
    """Whether the next sentence may say what is typed there: `Click the "Password" field.`"""
    return names_a_secret(text)


def without(echoes: Iterable[str], text: str) -> str:
    """The text without what was hidden elsewhere."""
    for echo in sorted(echoes, key=len, reverse=True):
        text = text.replace(echo, HIDDEN)
    return text


def with_clean_addresses(text: str) -> str:
    """Web addresses in the text lose user info, query and fragment."""
    return _ADDRESS.sub(_cleaned, text)


def first_address(text: str) -> str | None:
    """The first web address in the text."""
    match = _ADDRESS.search(text)
    return match[0].rstrip(".,;:!?)") if match else None


def _cleaned(match: re.Match[str]) -> str:
    address = match[0].rstrip(".,;:!?)")
    return clean_address(address) + match[0][len(address) :]


def _is_a_word(words: str) -> bool:
    return words.isalpha() and len(words) < _LONG_WORD
