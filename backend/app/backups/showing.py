"""How far it is."""

from collections.abc import Callable

Show = Callable[[str, int, int], None]
"""Told what is done now (`checking`, `rows`, `pictures`, `search`), how much of it, and of how much."""
