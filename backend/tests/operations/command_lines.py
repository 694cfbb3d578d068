"""The command lines in the files of `deploy/`, as they are run on this machine."""

import json
import re
import shlex
import sys
from pathlib import Path

from tests.deploy.files import DEPLOY, read_yaml, variables

SAYS = {
    "uvicorn": "Application startup complete",
    "worker": "ready.",
    "beat": "beat: Waking up",
    "flower": "Visit me at",
}
"""What each program prints once it runs."""


def found() -> dict[str, list[str]]:
    """Of every unit, service and image, by the file that it stands in."""
    lines = {path.name: _of_unit(path) for path in (DEPLOY / "systemd").glob("*.service")}
    services = read_yaml(DEPLOY / "compose.yaml")["services"]
    lines |= {f"compose.yaml, {name}": services[name]["command"] for name in ("worker", "beat")}
    pod = read_yaml(DEPLOY / "keda" / "worker.yaml")["spec"]["template"]["spec"]["containers"][0]
    lines["keda/worker.yaml"] = pod["command"] + pod["args"]
    command = re.search(r"^CMD (.*)$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert command
    lines["Containerfile"] = json.loads(command[1])
    return lines


def here(line: list[str], folder: Path) -> tuple[str, ...]:
    """With the programs and folders of this machine, and listening to nobody else."""
    program, *rest = line
    rest = [re.sub(r"=(?:/run|/tmp)/\S*", f"={folder}/schedule", word) for word in rest]
    rest = [word.replace("0.0.0.0", "127.0.0.1") for word in rest]  # noqa: S104 - taken out
    return (str(Path(sys.executable).parent / Path(program).name), *rest)


def says(line: list[str]) -> str:
    return next(words for name, words in SAYS.items() if name in {Path(line[0]).name, *line})


def _of_unit(path: Path) -> list[str]:
    """As systemd expands it, with the variables of the example."""
    line = re.search(r"^ExecStart=(.*)$", path.read_text("utf-8"), re.MULTILINE)
    assert line
    options = variables(DEPLOY / "systemd" / "environment.example")["WORKER_OPTIONS"].strip('"')
    text = line[1].replace("${HOST}", "127.0.0.1").replace("${PORT}", "8000").replace("$WORKER_OPTIONS", options)
    return shlex.split(text.replace("%i", "1").replace("%%", "%"))
