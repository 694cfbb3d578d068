"""The app of worker processes whose labeler dies over some recordings, as a faulty library for pictures would."""

import faulthandler
import os
import resource
import signal

from app.celery_app import celery_app
from app.labeling.claude import ClaudeLabeler
from app.labeling.protocol import Chunk, ChunkResult, Desk
from app.labeling.registry import LABELERS

__all__ = ["celery_app"]


def _abort() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.abort()


def _segfault() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler._sigsegv()  # type: ignore[attr-defined]  # writes to where nothing is


def _memory() -> None:
    """What the kernel does to a process that takes too much of it."""
    os.kill(os.getpid(), signal.SIGKILL)


DEATHS = {"Poison abort": _abort, "Poison segfault": _segfault, "Poison memory": _memory}


class Poisoned(ClaudeLabeler):
    """The Claude labeler, except for steps with one of these names."""

    def label(self, chunk: Chunk, desk: Desk) -> ChunkResult:
        for step in chunk.steps:
            target = step.content.target
            if target and target.name in DEATHS:
                DEATHS[target.name]()
        return super().label(chunk, desk)


LABELERS["claude"] = Poisoned
