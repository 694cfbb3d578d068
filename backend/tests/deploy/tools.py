"""Programs that a test needs and that no Python package brings."""

import shutil

from tests.missing import left_out


def required(program: str, package: str) -> str:
    """The program's path."""
    found = shutil.which(program)
    if found is None:
        left_out(f"{program} is not installed: it is in Debian's package {package} (as root, `make test` installs it)")
    return found
