"""How a value is said: quoted when it is part of the task, by its kind when it is secret, personal, long or unknown."""

import re

from app.core.secrets_in_text import mask, suspicious
from app.labeling.rules.secret_fields import secret_of
from app.labeling.rules.wording import quote, refused, tidy
from app.workflows.content import StepContent, Target

_TYPED = (40, 6)
"""The most characters and words that are quoted."""
_OF_AN_OPTION = (60, 10)
"""What is chosen is there to be found on the page."""

_BY_TYPE = {"email": "the email address", "tel": "the phone number", "url": "the web address"}
_BY_AUTOCOMPLETE = {
    "name": "the full name",
    "given-name": "the first name",
    "additional-name": "the middle name",
    "family-name": "the last name",
    "nickname": "the nickname",
    "username": "the username",
    "email": "the email address",
    "tel": "the phone number",
    "tel-national": "the phone number",
    "street-address": "the street address",
    "address-line1": "the street address",
    "address-line2": "the second address line",
    "postal-code": "the postal code",
    "bday": "the date of birth",
    "url": "the web address",
}
_PERSONAL = re.compile(
    r"\b(?:(?P<email>e-?mail(?: address)?)"
    r"|(?P<phone>(?:tele|mobile |cell |work |home )?phone(?: number)?|mobile(?: number)?|fax(?: number)?"
    r"|telefon(?:nummer)?)"
    r"|(?P<first>first name|given name|forename|vorname)|(?P<last>last name|family name|surname|nachname)"
    r"|(?P<middle>middle name)|(?P<full>full name|your name|contact name|customer name|real name|cardholder(?: name)?)"
    r"|(?P<user>user ?name|user id|login(?: name)?)"
    r"|(?P<street>street(?: address)?|home address|postal address|address line|mailing address)"
    r"|(?P<postal>zip(?: code)?|post ?code|postal code)|(?P<birth>date of birth|birth ?day|birth date|geburtsdatum)"
    r"|(?P<passport>passport(?: number)?)|(?P<tax>tax id|tax number|national id)"
    r"|(?P<account>(?:bank )?account number|iban)"
    r")\b(?! (?:subject|template|body|type|text|title|signature|format|label|count|limit|field|prefix|domain|status))"
)
_KINDS = {
    "email": "the email address",
    "phone": "the phone number",
    "first": "the first name",
    "last": "the last name",
    "middle": "the middle name",
    "full": "the full name",
    "user": "the username",
    "street": "the street address",
    "postal": "the postal code",
    "birth": "the date of birth",
    "passport": "the passport number",
    "tax": "the tax number",
    "account": "the account number",
}
_PEOPLE = re.compile(
    r"\b(?:contacts?|persons?|people|users?|customers?|clients?|employees?|patients?|members?|leads?|profile|sign ?up"
    r"|register|registration|candidates?|applicants?|guests?|students?)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_PHONE = re.compile(r"\+\d[\d\s().-]{7,}")
_VARIABLE = re.compile(r"\{\{[a-z][a-z0-9_]{0,39}\}\}")
"""The reader's own words stand there."""
_MASKED = re.compile(r"\[(card number|IBAN|token|private key)\]")


def said(step: StepContent, name: str) -> str:
    """The value as it stands in a sentence; empty if the field was emptied."""
    if secret := secret_of(step):
        return f"the {secret.words}"
    value = step.value
    if value is not None and not value.strip():
        return "a space" if value else ""
    if value is not None and (found := _MASKED.search(value)):
        return f"the {found[1]}"
    if value is not None and _VARIABLE.fullmatch(value):
        return value
    kind = _kind(step, name, value)
    if kind or value is None:
        return kind or ("a number" if step.value_kind == "number" else "a value")
    limits = _OF_AN_OPTION if step.value_kind == "option" else _TYPED
    return quoted(value, *limits) or "the text"


def quoted(value: str, chars: int = _TYPED[0], words: int = _TYPED[1]) -> str:
    """The value in quotes if it is short, printable and harmless; else empty."""
    if len(value) > chars * 2:
        return ""
    text = tidy(value)
    if not text or len(text) > chars or text.count(" ") >= words:
        return ""
    if _EMAIL.search(text) or refused(text) or "•" in text or (suspicious(text) and mask(text)[1]):
        return ""
    return quote(text)


def _kind(step: StepContent, name: str, value: str | None) -> str:
    """The personal kind of the value; empty for an ordinary value."""
    if value is not None and suspicious(value) and (kinds := mask(value)[1]):
        return f"the {kinds[0]}"
    if step.value_kind in _BY_TYPE:
        return _BY_TYPE[step.value_kind]
    target = step.target
    if target is not None and (kind := _by_markup(target) or _by_words(step, target, name)):
        return kind
    return _by_shape(value.strip()) if value else ""


def _by_shape(value: str) -> str:
    if "@" in value and _EMAIL.fullmatch(value):
        return "the email address"
    if _PHONE.fullmatch(value):
        return "the phone number"
    return "the web address" if "://" in value and " " not in value else ""


def _by_markup(target: Target) -> str:
    attributes = target.attributes
    if hint := attributes.get("autocomplete"):
        for word in hint.lower().split():
            if word in _BY_AUTOCOMPLETE:
                return _BY_AUTOCOMPLETE[word]
    kind = attributes.get("type")
    return _BY_TYPE.get(kind.lower(), "") if kind else ""


def _by_words(step: StepContent, target: Target, name: str) -> str:
    words = name.lower()
    if label := target.context.label:
        words = f"{words} {label.lower()}"
    if match := _PERSONAL.search(words):
        return _KINDS[match.lastgroup or "full"]
    if words in {"name", "name name"}:
        around = f"{target.context.heading or ''} {target.context.section or ''} {step.page.title or ''}"
        return "the name" if _PEOPLE.search(around) else ""
    return ""
