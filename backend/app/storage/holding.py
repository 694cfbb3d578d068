"""Whoever erases pictures, and whoever needs them to stay while it works: one of them at a time."""

from app.core.holding import AlreadyHeld, Holding


class PicturesHeld(AlreadyHeld):
    """A backup, a restore or the hourly cleaning is at work on the pictures. Try again when it is done; after one that
    was killed, in a minute."""


def hold_pictures() -> Holding:
    """Nobody else erases a picture whose row was there when this began. Raises PicturesHeld."""
    return Holding("pictures", held=PicturesHeld)
