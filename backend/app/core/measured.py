"""What a process measures, and how the children of a worker's pool put their numbers together.

A child writes its numbers into a file of its own, which whoever is asked for them adds up. Files of children that have
ended are added to one that stays, so that there are never more than there are children.
"""

import os
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.core import config
from app.core.forks import between_forks

REGISTRY = CollectorRegistry()
"""Of numbers that only workers have. Each needs a label: without one it would be made before `share`."""

ENDED = "0"
"""In the place of a process's number: those that have ended."""


def share(folder: Path) -> None:
    """Keep this process's numbers, and those of its children to come, in files in this folder; what it held is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config.override(prometheus_multiproc_dir=str(folder))
    values.ValueClass = values.MultiProcessValue()  # the library chooses when it is imported, which is too early


class Together(Collector):
    """The numbers of all processes that share a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        fold_ended(self._folder)
        with between_forks:
            return list(MultiProcessCollector(None, str(self._folder)).collect())


def fold_ended(folder: Path) -> None:
    """Add the files of processes that have ended to the one that stays."""
    with between_forks:
        for path in folder.glob("*_*.db"):
            kind, _, process = path.stem.rpartition("_")
            if process != ENDED and not _is_alive(int(process)):
                _fold(path, folder / f"{kind}_{ENDED}.db")


def _fold(path: Path, into: Path) -> None:
    total = MmapedDict(str(into))
    try:
        for key, value, moment, _ in MmapedDict.read_all_values_from_file(str(path)):
            total.write_value(key, total.read_value(key)[0] + value, moment)
    except (RuntimeError, ValueError, struct.error):
        pass  # it was killed in the middle of making its file
    finally:
        total.close()
        path.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
