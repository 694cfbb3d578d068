"""Folders that are full or read-only, in ways that an ordinary machine has, and mend again."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.faults.api import Api

ROOM_BYTES = 16_000_000


class Mounted:
    """A small file system in memory: what happens to a real disk. Only root may mount it."""

    under: Sequence[str] = ()
    """How the API has to be started for `forbid` to bite (see `Api.under`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        _mount("-t", "tmpfs", "-o", f"size={ROOM_BYTES}", "none", str(folder))

    def fill(self, api: Api) -> None:
        assert api.process.poll() is None
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)) == 4096:
                    pass
            except OSError:  # no space left on device: as wanted
                pass

    def empty(self, api: Api) -> None:
        assert api.process.poll() is None
        (self.folder / "filler").unlink()

    def forbid(self) -> None:
        _mount("-o", "remount,ro", str(self.folder))

    def allow(self) -> None:
        _mount("-o", "remount,rw", str(self.folder))

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


class Limited:
    """An ordinary folder: the process may write no byte to a file, or the folder is not its own to write to.

    Root may write everywhere, so it is started without that right.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        root = os.geteuid() == 0
        self.under: Sequence[str] = (
            ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all") if root else ()
        )

    def fill(self, api: Api) -> None:
        self._limit(api, 0)

    def empty(self, api: Api) -> None:
        self._limit(api, resource.RLIM_INFINITY)

    def _limit(self, api: Api, most: int) -> None:
        _, hard = resource.prlimit(api.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(api.process.pid, resource.RLIMIT_FSIZE, (most, hard))

    def forbid(self) -> None:
        self._mode(0o555)

    def allow(self) -> None:
        self._mode(0o755)

    def _mode(self, mode: int) -> None:
        for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            folder.chmod(mode)

    def end(self) -> None:
        self.allow()


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


Disk = Mounted | Limited


@cache
def kinds() -> list[type[Disk]]:
    """Those that this machine has: the ordinary one always."""
    return [Limited, Mounted] if _may_mount() else [Limited]


def _may_mount() -> bool:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    allowed = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], check=False)
    return allowed.returncode == 0


@contextmanager
def disk(kind: type[Disk], folder: Path) -> Iterator[Disk]:
    """One for as long as the block lasts."""
    made = kind(folder)
    try:
        yield made
    finally:
        made.end()
