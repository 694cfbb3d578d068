"""Random secrets that we hand out, and the hashes that we keep of them."""

import hashlib
import secrets


def new_id() -> str:
    """22 URL-safe characters (128 bits): a name that cannot be guessed."""
    return secrets.token_urlsafe(16)


def new_secret() -> str:
    """43 URL-safe characters (256 bits)."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hex. Enough for random secrets of 256 bits; passwords go through argon2id instead."""
    return hashlib.sha256(secret.encode()).hexdigest()
