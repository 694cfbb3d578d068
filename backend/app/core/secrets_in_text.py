"""Finding secrets in a text by their shape: card numbers, IBANs, tokens, keys, passwords that stand beside their name.

Nothing is decided by a pattern alone where a check digit exists: card numbers must pass Luhn and begin like an
issuer's, IBANs must pass ISO 7064 mod 97-10 and have their country's length. A replacement is never longer than what
it replaces, so that a masked text still fits where the text did.
"""

import re
from collections.abc import Callable

HIDDEN = "•••"
"""Stands for a secret whose name is beside it (`password=•••`); elsewhere the kind stands in brackets."""

Found = Callable[[str, str], str]
"""Notes a kind and gives its replacement."""

_GAP = "[ \u00a0\u2009\u202f.\\-\u2010-\u2013]"
_DIGITS = re.compile(rf"\d(?:{_GAP}?\d){{12,}}")
_GROUP = re.compile(r"\d+")
_SHORTEST_GROUP = 4
"""Cards are printed 4-4-4-4, 4-6-5 or 4-4-4-4-3; rows of shorter groups are phone numbers and tables."""
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:30[0-59]|3[689]\d)\d{11,16}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:6\d|8[12])\d{14,17}|220[0-4]\d{12,15}"
    r"|(?:50|5[6-8]|6\d)\d{11,17}|9792\d{12}"
)
"""Visa, Mastercard, American Express, Diners, JCB, Discover/UnionPay/RuPay, Mir, Maestro, Troy: prefix and length."""

_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}\d\d(?:{_GAP}?[A-Za-z0-9]){{11,30}}", re.ASCII)
_COUNTRIES = (
    "15NO 16BE 18DK18FI18FO18GL18NL18SD 19MK19SI 20AT20BA20EE20KZ20LT20LU20MN20XK 21CH21HR21LI21LV 22BG22BH22CR22DE22GB"
    "22GE22IE22ME22RS 23AE23GI23IL23IQ23OM23SO 24AD24CZ24ES24MD24PK24RO24SA24SE24SK24TN24VG 25LY25PT25ST 26IS26TR"
    "27BI27DJ27FR27GR27IT27MC27MR27SM 28AL28AZ28BY28CY28DO28GT28HN28HU28LB28NI28PL28SV 29BR29EG29FK29PS29QA29UA"
    "30JO30KW30MU 31MT31SC 32LC 33RU"
).replace(" ", "")
_HARMLESS = frozenset({"true", "false", "none", "null", "password", "text", "hidden", "required", "optional"})
_IBAN_LENGTH = {_COUNTRIES[at + 2 : at + 4]: int(_COUNTRIES[at : at + 2]) for at in range(0, len(_COUNTRIES), 4)}
"""Country code to length, from the IBAN registry of SWIFT."""

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*"
    r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}"
    r"|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}|hf_[A-Za-z0-9]{30,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|xox[a-z]-[\w-]{10,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}"
    r"|[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|sk-(?=[\w-]{0,80}[\dA-Z])(?=[\w-]{0,80}\w{12})[\w-]{16,}|wp_(?=[\w-]{0,80}[\dA-Z])[\w-]{20,}"
    r")",
    re.ASCII,
)
_BEARER = re.compile(r"\b((?i:bearer|basic)\s+)((?=\S*\d)[\w.~+/=-]{12,}|[\w.~+/=-]{24,})", re.ASCII)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|\Z)", re.S
)
_USER_INFO = re.compile(r"(//)[^\s/\\@:?#\"'<>]*:[^\s/\\?#\"'<>]+(?=@)")
_NAMED = re.compile(
    r"((?:(?P<password>passw(?:or)?d|passwort|kennwort|passphrase|pwd)|token|secret|credentials?"
    r"|(?:api|access|secret|private|auth|account)[_-]?key|session(?:_?id)?|phpsessid|signature|authorization"
    r"|[?&](?:code|sig|key|auth|sid))"
    r"(?P<sign>[\"']?[ \t]?[=:][ \t]*[\"']?))(?P<value>[^\s\"'&;,<>\[\](){}•]{4,})",
    re.IGNORECASE,
)

_HINT_PATTERN = re.compile(rf"\d\d(?:\d\d(?:{_GAP}?\d){{9}}|(?<=[A-Za-z]{{2}}\d\d)(?:{_GAP}?[A-Za-z0-9]){{11}})")
"""A card's first group with what follows, or the beginning of an IBAN. Digits come first: they are quickly found."""
_SHAPE = bytes(ord("0" if chr(c).isdigit() else "a" if chr(c).isalpha() else chr(c)) for c in range(128)).ljust(256)
"""Digits to `0`, letters to `a`: ten times as quick to look through as by a pattern."""
_HINTS = (
    "akia", "asia", "ya29.", "sg.", "sk-", "bearer", "basic ", "pass", "pwd", "kennwort", "token", "secret",
    "credential", "sess", "signature", "authorization", "glpat-", "pypi-",
)  # fmt: skip
_HINTS_BEHIND = {
    "_": ("_pat_", "npm_", "hf_", "k_live_", "k_test_", "whsec_", "wp_"),
    "=": ("code=", "sig=", "auth=", "sid="),
    "j": ("eyj",),
    "x": ("xox",),
    "z": ("aiza",),
    "gh": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    "key": ("private key", "key=", "key:", "key =", "key :", 'key"', "key'", "key\t"),
}
"""Looked for only where the sign before them occurs: one sign is found many times quicker than a word."""
_SHORTEST = 8
"""No pattern above matches a shorter text: `pwd=abcd`."""


def suspicious(text: str) -> bool:
    """Whether `mask` has to look closer. Cheap, and also right for many texts joined by line ends."""
    if len(text) < _SHORTEST:
        return False
    if _may_hold_number(text) or ("@" in text and "//" in text):
        return True
    lower = text.lower()
    if any(map(lower.__contains__, _HINTS)):
        return True
    return any(sign in lower and any(map(lower.__contains__, hints)) for sign, hints in _HINTS_BEHIND.items())


def _may_hold_number(text: str) -> bool:
    """Whether there is a row of digits as long as a card's, or something like the beginning of an IBAN."""
    if text.isascii():
        shape = text.encode().translate(_SHAPE)
        if b"aa00" not in shape and b"0" * 13 not in shape.translate(None, b" .-"):
            return False
    return _HINT_PATTERN.search(text) is not None


def mask(text: str) -> tuple[str, list[str]]:
    """The text without the secrets that can be told by their shape, and the kinds that were found, each once."""
    if not suspicious(text):
        return text, []
    kinds: list[str] = []

    def found(kind: str, replacement: str) -> str:
        if kind not in kinds:
            kinds.append(kind)
        return replacement

    masked = _mask_once(text, found)
    while masked != text:
        text, masked = masked, _mask_once(masked, found)
    return text, kinds


def _mask_once(text: str, found: Found) -> str:
    """What was taken away may have hidden the edge of a neighbour, so one round may not find everything."""
    text = _PRIVATE_KEY.sub(lambda _: found("private key", "[private key]"), text)
    text = _USER_INFO.sub(lambda match: found("password", match[1] + HIDDEN), text)
    text = _TOKEN.sub(lambda _: found("token", "[token]"), text)
    text = _BEARER.sub(lambda match: match[1] + found("token", "[token]"), text)
    text = _NAMED.sub(lambda match: _named(match, found), text)
    text = _IBAN.sub(lambda match: _iban(match, found), text)
    return _DIGITS.sub(lambda match: _card(match, found), text)


def _named(match: re.Match[str], found: Found) -> str:
    value, sign = match["value"], match["sign"]
    password = match["password"] is not None
    digits = any(char.isdigit() for char in value)
    if password and sign == "=":
        secret = value.lower() not in _HARMLESS
    elif password:
        secret = digits
    elif "=" in sign:
        secret = len(value) >= 8 and (digits or _looks_random(value))
    else:
        secret = len(value) >= 8 and digits and any(char.isalpha() for char in value)
    return match[1] + found("password" if password else "token", HIDDEN) if secret else match[0]


def _looks_random(value: str) -> bool:
    """Letters of both cases in a long row, with many different ones: base64 that happens to hold no digit."""
    return len(value) >= 20 and len(set(value)) >= 12 and not value.islower() and not value.isupper()


def _iban(match: re.Match[str], found: Found) -> str:
    """The match may have run into the words behind the number: the country's length says where it ends."""
    text = match[0]
    length = _IBAN_LENGTH.get(text[:2].upper())
    if length is None:
        return text
    ends = [at for at, char in enumerate(text, 1) if char.isalnum()]
    if len(ends) < length or text[ends[length - 1] : ends[length - 1] + 1].isalnum():
        return text
    compact = "".join(char for char in text if char.isalnum())[:length].upper()
    if int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 != 1:
        return text
    return found("IBAN", "[IBAN]") + text[ends[length - 1] :]


def _card(match: re.Match[str], found: Found) -> str:
    """Masks each row of whole digit groups that is a card number, so that `4111 1111 1111 1111 12/28` is found too."""
    text = match[0]
    groups = [group.span() for group in _GROUP.finditer(text)]
    parts: list[str] = []
    done = first = 0
    while first < len(groups):
        last = _end_of_card(text, groups, first)
        if last is None:
            first += 1
            continue
        parts += [text[done : groups[first][0]], found("card number", "[card number]")]
        done = groups[last][1]
        first = last + 1
    return "".join(parts) + text[done:]


def _end_of_card(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        if last > first and groups[last - 1][1] - groups[last - 1][0] < _SHORTEST_GROUP:
            return None
        digits += text[start:end]
        if len(digits) > 19:
            return None
        if _is_card(digits):
            return last
    return None


def _is_card(digits: str) -> bool:
    digits = str(int(digits))
    if len(digits) < 13 or not _ISSUER.fullmatch(digits):
        return False
    numbers = [int(digit) for digit in reversed(digits)]
    return len(set(numbers)) > 1 and (sum(numbers[::2]) + sum(sum(divmod(2 * n, 10)) for n in numbers[1::2])) % 10 == 0
