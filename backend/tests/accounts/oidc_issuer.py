"""A provider that can be made to lie: a real HTTP server whose tokens are bent before they are signed.

It holds to the protocol where it is not told otherwise: a code works once, with the verifier that belongs to its
challenge, for the address that it was asked for.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

Json = dict[str, Any]
SECRET = "the client's secret"
CLIENT = "workflow-platform"


@dataclass
class Issuer:
    """What it says, and how it signs."""

    port: int
    claims: Json = field(default_factory=dict)
    """Beside or in place of the usual ones; None takes one away."""
    algorithm: str = "RS256"
    key: RSAKey | ECKey | OctKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    published: list[Json] | None = None
    """The keys that it shows; None: the one that it signs with."""
    header: Json = field(default_factory=dict)
    token: Callable[[Json], str] | None = None
    """Makes the whole token, instead of signing one."""
    metadata: Json = field(default_factory=dict)
    userinfo: Json = field(default_factory=dict)
    asked_for_keys: int = 0
    codes: dict[str, Json] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def agree(self, address: str) -> Json:
        """The person says yes: what the browser comes back with."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = uuid4().hex
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def answer(self, path: str) -> Json:
        if path == "/jwks":
            self.asked_for_keys += 1
            return {"keys": self.published if self.published is not None else [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return self.userinfo
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "userinfo_endpoint": f"{self.url}/userinfo",
            **self.metadata,
        }

    def exchange(self, form: Json, authorization: str) -> tuple[int, Json]:
        asked = self.codes.pop(form["code"], None)
        expected = base64.b64encode(f"{CLIENT}:the+client%27s+secret".encode()).decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["redirect_uri"] != form["redirect_uri"] or not _fits(asked, form["code_verifier"]):
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url,
            "sub": "subject-1",
            "aud": CLIENT,
            "exp": int(time.time()) + 300,
            "iat": int(time.time()),
            "nonce": asked["nonce"],
            "email": "mira@example.com",
            "email_verified": True,
            "name": "Mira Okafor",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.token(claims) if self.token else self.sign(claims)
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def sign(self, claims: Json) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid, **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


def _fits(asked: Json, verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return bool(base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"])


def unsigned(claims: Json, algorithm: str = "none") -> str:
    """A token without a signature."""
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run one on this machine."""
    known: list[Issuer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, known[0].answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*known[0].exchange(form, self.headers.get("authorization", "")))

        def _say(self, status: int, told: Json) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.append(Issuer(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield known[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
