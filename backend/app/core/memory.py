"""How this process asks the system for memory."""

import ctypes

_M_ARENA_MAX = -8
ARENAS = 2
"""The C library keeps one for many a thread, and in each the room of the largest picture that it ever held."""


def share_arenas() -> None:
    """Let threads share what the C library keeps for them; forked children do as well. Without effect but on glibc."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_M_ARENA_MAX, ARENAS)
