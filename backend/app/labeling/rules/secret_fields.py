"""Which fields hold a secret, whatever the recorder says: by type, by autocomplete, by the words on the screen."""

import re
from typing import NamedTuple

from app.workflows.content import SECRET_KINDS, Action, StepContent, Target, ValueKind


class Secret(NamedTuple):
    """`words` is what a sentence says in place of the value: the …"""

    kind: ValueKind
    words: str


_AUTOCOMPLETE = {
    "current-password": Secret("password", "password"),
    "new-password": Secret("password", "new password"),
    "one-time-code": Secret("secret", "one-time code"),
    "cc-number": Secret("secret", "card number"),
    "cc-csc": Secret("secret", "security code"),
    "cc-exp": Secret("secret", "expiry date"),
    "cc-exp-month": Secret("secret", "expiry month"),
    "cc-exp-year": Secret("secret", "expiry year"),
    "cc-name": Secret("secret", "cardholder name"),
    "cc-type": Secret("secret", "card type"),
}

_TYPING = frozenset({Action.INPUT, Action.PASTE, Action.COPY, Action.PRESS})
"""Actions whose value comes from a field; only for these do words decide: a button may be called `Pin to top`."""
_ENTERING = _TYPING | {Action.SELECT}
_NOT_TYPED = frozenset({"button", "submit", "reset", "checkbox", "radio", "range", "file", "color", "image"})

_NOT_FOLLOWED_BY = (
    r"(?!(?:'s)?[ -](?:name|title|description|label|type|hint|length|policy|limit|count|expir\w*|scope|id|age|strength"
    r"|rule|manager|question|reset|prefix|format|version|url|store|engine)\b)"
)
_WORDS = re.compile(
    r"\b(?!(?<=\[)(?:card number|token|private key)\])"
    r"(?:(?P<password>(?:new |old |current )?(?:\w*password\d?|pass word)"
    r"|passwd|pwd|pw|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord"
    r"|пароль|hasło|lösenord)|(?P<passphrase>passphrase|passcode)"
    r"|(?P<pin>pin(?: ?code| number)?)"
    r"|(?P<code>cvv2?|cvc2?|csc|cvn|security code|card verification(?: \w+)?)"
    r"|(?P<card>(?:credit |debit |bank )?card ?(?:number|no\.?|num)|cc ?num(?:ber)?|kartennummer)"
    r"|(?P<otp>one[ -]time (?:code|password|passcode)|otp|t?otp code|verification code|2fa(?: code)?|mfa code|tan"
    r"|authenticat\w+ code|sms code)"
    r"|(?P<ssn>ssn|social security(?: number| no\.?)?)"
    r"|(?P<key>(?:api|access|secret|private|license|encryption) ?key|recovery (?:code|key|phrase)|seed phrase)"
    r"|(?P<token>(?:access |api |auth |bearer )?token)"
    r"|(?P<secret>(?:client |shared )?secret(?: answer)?|credentials?))\b"
    + _NOT_FOLLOWED_BY
    + r"|密码|密碼|パスワード|비밀번호"
)
_TELLING_TEXT = """
pass passwd pwd pw kennwort passe senha wachtwoord passphrase passcode pin pincode cvv cvv2 cvc cvc2 csc cvn
security card verification cc ccnum kartennummer time otp totp 2fa mfa tan code ssn social key apikey accesskey
secretkey privatekey recovery seed token accesstoken apitoken authtoken secret credential credentials
clientsecret
"""
_TELLING = frozenset(_TELLING_TEXT.split())
"""Each match of `_WORDS` in ASCII holds one of these words, or `passw`."""
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_SAID = {
    "password": "password",
    "passphrase": "passphrase",
    "pin": "PIN",
    "code": "security code",
    "card": "card number",
    "otp": "one-time code",
    "ssn": "social security number",
    "key": "key",
    "token": "token",
    "secret": "secret",
}
_PIN_OF_A_BOARD = re.compile(r"\bpins? (?:to|title|board|post|item|message|note|it|this|tab|color|on)\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MASKED = re.compile(r"\[(?:token|card number|IBAN|private key)\]")
"""What stands for a secret in a masked text says nothing of the field."""
_NAMING = (
    "name", "id", "data-testid", "data-test-id", "data-test", "data-cy", "data-qa", "formcontrolname", "ng-model",
    "data-field",
)  # fmt: skip
"""Attributes in which a page's makers say what a field is."""
_JOINTS = str.maketrans("-_.[]$:/#", "         ")

DEFAULT = Secret("secret", "secret value")


def secret_of(step: StepContent) -> Secret | None:
    """What the step's value would give away, or None."""
    target = step.target
    by_element = by_markup(target) if target else None
    if by_element is None and target and step.action in _TYPING:
        by_element = _by_words(target)
    if by_element is None and step.value_kind in SECRET_KINDS:
        by_element = Secret("password", "password") if step.value_kind == "password" else DEFAULT
    return by_element if step.action in _ENTERING else None


def by_markup(target: Target) -> Secret | None:
    """A field that the page itself declares secret."""
    attributes = target.attributes
    if not attributes:
        return None
    kind = attributes.get("type")
    secret = None
    if hint := attributes.get("autocomplete"):
        secret = _by_autocomplete(hint.lower())
    if secret is None and kind and kind.lower() == "password":
        secret = _by_words(target) or Secret("password", "password")
        secret = Secret("password", secret.words)
    return secret


def names_a_secret(text: str) -> bool:
    """Whether words on a page, or of a person, are about a password, a code or another secret."""
    return _WORDS.search(text.lower()) is not None


def _by_autocomplete(hint: str) -> Secret | None:
    """The value may name a section and a purpose first: `section-pay billing cc-number`."""
    for word in hint.split():
        if word in _AUTOCOMPLETE:
            return _AUTOCOMPLETE[word]
        if word.startswith("cc-"):
            return Secret("secret", "card details")
        if word.endswith("-password"):
            return Secret("password", "password")
    return None


def _by_words(target: Target) -> Secret | None:
    attributes = target.attributes
    if (attributes.get("type") or "").lower() in _NOT_TYPED:
        return None
    context = target.context
    on_screen = (
        target.name,
        context.label,
        context.placeholder,
        attributes.get("aria-label"),
        attributes.get("placeholder"),
        attributes.get("title"),
    )
    inside = map(attributes.get, _NAMING) if attributes else ()
    parts = {part: None for part in on_screen if part}
    parts |= {_CAMEL.sub(" ", _MASKED.sub(" ", part)).translate(_JOINTS): None for part in inside if part}
    text = "\n".join(parts).lower()
    if text.isascii() and "passw" not in text and _TELLING.isdisjoint(_ASCII_WORD.findall(text)):
        return None
    match = _WORDS.search(text)
    if match is None:
        return None
    group = match.lastgroup or "password"
    if group == "pin" and _PIN_OF_A_BOARD.search(text):
        return None
    words = match[0] if group == "key" or match[0] in _PASSWORDS else _SAID[group]
    return Secret("password" if group in {"password", "passphrase", "pin"} else "secret", _KEY_NAMES.get(words, words))


_PASSWORDS = frozenset({"new password", "old password", "current password"})
_KEY_NAMES = {"api key": "API key", "apikey": "API key"}
