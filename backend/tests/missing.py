"""What a test needs and a machine may lack."""

import os
from typing import NoReturn

import pytest


def left_out(reason: str) -> NoReturn:
    """The test is skipped, and says why; in CI, where everything has to be there, it fails instead."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
