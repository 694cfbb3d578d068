"""Whoever erases pictures, and whoever needs them to stay while it works: one of them at a time."""

from app.core.holding import AlreadyHeld, Holding


class PicturesHeld(AlreadyHeld):
    """A backup, a restore or the hourly cleaning is at work on the pictures. Try again when it is done."""


PATIENCE_SECONDS = 75
"""Longer than a cleaning takes, and than the hold of a process that was killed lasts."""


SHORT_PATIENCE_SECONDS = 2
"""For somebody who waits for an answer."""


def hold_pictures(*, patiently: bool = False, briefly: bool = False) -> Holding:
    """Nobody else erases a picture whose row was there when this began. Raises PicturesHeld; `patiently`, `briefly`:
    only after a while."""
    patience = PATIENCE_SECONDS if patiently else SHORT_PATIENCE_SECONDS if briefly else 0
    return Holding("pictures", held=PicturesHeld, patience_seconds=patience)
