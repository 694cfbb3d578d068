"""Passwords: argon2id, and the same work whether or not there is such a person."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from app.accounts.errors import PasswordRefused
from app.core.secret_tokens import new_secret

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 1_000

# Each takes 19 MiB while it runs: a rush on the sign-in page queues here instead of filling the memory.
_places = threading.BoundedSemaphore(4)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - the worker never hashes and should not load it

    # The OWASP password storage cheat sheet's parameters for argon2id.
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    return _hasher().hash(new_secret())


def _normalized(password: str) -> str:
    """One spelling for what looks the same, since keyboards differ in how they send an é."""
    return unicodedata.normalize("NFKC", password)


def _is_text(password: str) -> bool:
    """False for half of a surrogate pair, which has no bytes to hash."""
    return not any("\ud800" <= character <= "\udfff" for character in password)


def hash_password(password: str) -> str:
    """The hash to keep; `PasswordRefused` says what is wrong with the password."""
    if len(password) < SHORTEST:
        raise PasswordRefused(f"The password is too short: it needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise PasswordRefused(f"The password is too long: it has more than {LONGEST:,} characters.")
    if not _is_text(password):
        raise PasswordRefused("The password has characters that are no text.")
    with _places:
        return _hasher().hash(_normalized(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether this is the password. `None` (nobody, or a person without one) takes as long and is False."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

    nobody = _hash_of_nobody()  # made in every first call, so that its time tells nothing
    usable = len(password) <= LONGEST and _is_text(password)
    try:
        with _places:
            _hasher().verify(kept or nobody, _normalized(password) if usable else "")
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and usable


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)
