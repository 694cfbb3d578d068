"""Programs that a test needs and that no Python package brings."""

import os
import shutil

import pytest


def required(program: str, package: str) -> str:
    """The program's path. Where it is missing the test is left out, and says so; in CI it fails instead."""
    if found := shutil.which(program):
        return found
    reason = f"{program} is not installed: it is in Debian's package {package} (as root, `make test` installs it)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
