"""Ends what `up` started if `up` dies without doing so itself. Run as a file of its own: it imports nothing of ours.

Reads `+GROUP` and `-GROUP` (process groups) from stdin. When stdin ends, what is still listed is stopped.
It inherits the lock of the data folder, so that the next `up` waits until all of it is gone.
"""

import os
import signal
import sys
import time

GRACE_SECONDS = 2.0


def alive(group: int) -> bool:
    """Whether the group has a process."""
    return send(group, 0)


def send(group: int, number: int) -> bool:
    """Send a signal to every process of the group; False: there is none."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in iter(sys.stdin.readline, ""):
        (groups.add if line.startswith("+") else groups.discard)(int(line[1:]))
    for group in groups:
        send(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and any(map(alive, groups)):
        time.sleep(0.02)
    for group in groups:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
