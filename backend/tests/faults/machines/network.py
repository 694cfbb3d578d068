"""Where machines are: each in a network namespace of its own, or, without root, on ports of this machine's loopback."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

IN_A_PLACE_OF_ITS_OWN = 'mkdir -p "$1" && mount -t tmpfs none "$1" && mkdir "$2" && cd "$2" && shift 2 && exec "$@"'
IN_A_FOLDER_OF_ITS_OWN = 'mkdir -p "$2" && cd "$2" && shift 2 && exec "$@"'


@dataclass(frozen=True, slots=True)
class Loopback:
    """Folders of their own, nothing more."""

    kind: str = "one loopback, separate folders"
    """For people."""
    hub: str = "127.0.0.1"
    """Address under which the machines reach what they share."""

    def address(self, machine: str) -> str:
        """Of a machine."""
        assert machine
        return self.hub

    def on(self, machine: str, folder: Path, command: list[str]) -> list[str]:
        """The command as it is to be run here, in a folder of that machine; the process stays the same one."""
        return ["sh", "-c", IN_A_FOLDER_OF_ITS_OWN, "sh", str(folder), str(folder / machine), *command]


@dataclass(frozen=True, slots=True)
class Namespaces:
    """A bridge, and a namespace with one address on it for each machine.

    Where the folders of all machines lie, each program sees an empty file system of its own: nothing that one writes
    can be read by another, or by the same one after a restart.
    """

    number: int
    names: tuple[str, ...]
    kind: str = "network namespaces, an empty file system for each program"

    @property
    def hub(self) -> str:
        return f"10.213.{self.number}.1"

    @property
    def bridge(self) -> str:
        return f"wpb{self.number}"

    def address(self, machine: str) -> str:
        return f"10.213.{self.number}.{10 + self.names.index(machine)}"

    def space(self, machine: str) -> str:
        return f"wp{self.number}-{machine}"

    def on(self, machine: str, folder: Path, command: list[str]) -> list[str]:
        inside = ["sh", "-c", IN_A_PLACE_OF_ITS_OWN, "sh", str(folder), str(folder / machine), *command]
        return ["ip", "netns", "exec", self.space(machine), *inside]


Network = Loopback | Namespaces


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """For machines with these names."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        yield Loopback()
        return
    made = Namespaces(secrets.randbelow(250) + 1, names)
    with ExitStack() as stack:
        yield made if _built(made, stack) else Loopback()


def _built(made: Namespaces, stack: ExitStack) -> bool:
    """False: root without the right to, as in many containers."""
    try:
        _build(made, stack)
    except subprocess.CalledProcessError:
        stack.close()
        return False
    return True


def _build(made: Namespaces, stack: ExitStack) -> None:
    _ip("link", "add", made.bridge, "type", "bridge")
    stack.callback(_ip, "link", "del", made.bridge)
    _ip("addr", "add", f"{made.hub}/24", "dev", made.bridge)
    _ip("link", "set", made.bridge, "up")
    for at, machine in enumerate(made.names):
        space, outside = made.space(machine), f"wpv{made.number}-{at}"
        _ip("netns", "add", space)
        stack.callback(_ip, "netns", "del", space)
        _ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("link", "set", outside, "master", made.bridge, "up")
        _ip("-n", space, "addr", "add", f"{made.address(machine)}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", space, "link", "set", device, "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
