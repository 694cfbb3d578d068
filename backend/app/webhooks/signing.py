"""Signatures after the Standard Webhooks specification, version 1.0 (symmetric, `v1`)."""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

PREFIX = "whsec_"


def new_secret() -> str:
    """`whsec_` and 32 random bytes in Base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def body_of(payload: dict[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same for the same payload."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """By which the receiver knows who sent this, when, and whether it has had it before."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    mac = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
