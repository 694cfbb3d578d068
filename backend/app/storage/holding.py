"""Whoever erases pictures, and whoever needs them to stay while it works: one of them at a time."""

from app.core.holding import AlreadyHeld, Holding


class PicturesHeld(AlreadyHeld):
    """A backup, a restore or the hourly cleaning is at work on the pictures. Try again when it is done."""


PATIENCE_SECONDS = 75
"""Longer than a cleaning takes, and than the hold of a process that was killed lasts."""


def hold_pictures(*, patiently: bool = False) -> Holding:
    """Nobody else erases a picture whose row was there when this began. Raises PicturesHeld; `patiently`: only after a
    while."""
    return Holding("pictures", held=PicturesHeld, patience_seconds=PATIENCE_SECONDS if patiently else 0)
