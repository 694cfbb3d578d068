"""What our logs must not hold, whoever writes the line."""

import io
import logging
from collections.abc import Iterator

import pytest

from app.core import logging as our_logging
from app.core.config import Settings
from app.core.secret_tokens import new_secret


@pytest.fixture
def output(settings: Settings) -> Iterator[io.StringIO]:
    assert settings.log_level
    access, handlers, level = logging.getLogger("uvicorn.access"), logging.getLogger().handlers[:], logging.root.level
    our_logging.configure("info")
    our_logging.configure("info")
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    access.addHandler(handler)
    access.setLevel(logging.INFO)
    yield written
    access.removeHandler(handler)
    access.setLevel(logging.NOTSET)
    logging.getLogger().handlers[:] = handlers
    logging.root.setLevel(level)


def test_secrets_in_paths_do_not_come_into_the_access_log(output: io.StringIO) -> None:
    secret = new_secret()
    for path in (f"/s/{secret}", f"/s/{secret}/pictures/abc?step=1", f"/sign-in/{secret}", f"/api/v1/s/{secret}?x=1"):
        # As uvicorn writes it.
        logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", path, "1.1", 200)
    assert secret not in output.getvalue()
    assert output.getvalue().splitlines()[0] == '127.0.0.1:1 - "GET /s/… HTTP/1.1" 200'
    assert "/s/…/pictures/abc?step=1" in output.getvalue()


def test_other_paths_and_lines_are_told_as_they_are(output: io.StringIO) -> None:
    access = logging.getLogger("uvicorn.access")
    access.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/workflows/12?page=2", "1.1", 200)
    access.info("no arguments")
    assert output.getvalue().splitlines() == ['127.0.0.1:1 - "GET /workflows/12?page=2 HTTP/1.1" 200', "no arguments"]
