"""How many steps go into one call: few where calls are plenty, so that labels are there sooner, many where not.

An answer is written word by word, so a call for ten steps takes more than twice as long as one for four; but each call
carries the prompt again, counts as one request and takes its share of the worker's time.
"""

import math

from app.core.config import Settings
from app.labeling.models import Mode

PATIENT: frozenset[Mode] = frozenset({"bulk", "batch"})
"""Nobody waits for these: they take as few calls as they can."""


MANY_RUNS = 10
"""So many that wait would rather have few calls than quick ones: together they are done sooner, and for less."""


def steps_a_chunk(steps: int, mode: Mode, settings: Settings, *, busy: bool) -> int:
    """Of how many steps a chunk should be. `busy`: calls wait for their turn, or many runs do."""
    most = settings.label_chunk_steps
    if busy or mode in PATIENT or not steps:
        return most
    calls = min(settings.label_chunks_at_once, math.ceil(steps / settings.label_quick_chunk_steps))
    return min(most, math.ceil(steps / calls))
