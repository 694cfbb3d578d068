"""What `status` and `doctor` ask of each part, each within a bounded time."""

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Any, Literal

from redis import Redis, RedisError
from sqlalchemy import func, select

from app.commands.up import broker, lock
from app.core import migrations, preferences
from app.core.clock import db_now, now
from app.core.config import Settings
from app.core.db import get_engine, transaction
from app.core.errors import AppError
from app.labeling import parked, usage
from app.labeling.budget import SETTINGS, dollars
from app.labeling.models import LabelingRun
from app.labeling.ocr import require
from app.storage.store import get_store
from app.tasks import heartbeat

REDIS_TIMEOUT_SECONDS = 2
FREE_BYTES_NEEDED = 1_000_000_000
LARGEST_CLOCK_SKEW = timedelta(seconds=5)
OLDEST_REDIS = (6, 2)

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `mend` says what to do about it."""

    check: str
    state: State
    found: str
    mend: str | None = None


def look(check: str, ask: Callable[[], Finding], mend: str) -> Finding:
    """Ask; an error is a finding too."""
    try:
        return ask()
    except AppError as error:
        return Finding(check, "failed", error.detail, mend)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what this reports
        words = str(error).strip().splitlines()
        return Finding(check, "failed", words[0] if words else type(error).__name__, mend)


def python() -> Finding:
    found = f"Python {platform.python_version()} on {platform.platform()}"
    packages = ("workflow-platform", "fastapi", "celery", "kombu", "sqlalchemy", "redis", "pillow", "uvicorn")
    found += "; " + ", ".join(f"{name} {version(name)}" for name in packages)
    return Finding("versions", "ok", found)


def data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    free = shutil.disk_usage(folder).free
    found = f"{folder} can be written to; {free / 1e9:.1f} GB are free"
    if free < FREE_BYTES_NEEDED:
        return Finding("data folder", "failed", found, "Make room, or set DATA_DIR to a folder on a larger disk.")
    return Finding("data folder", "ok", found)


def database() -> Finding:
    engine = get_engine()
    has, wants = migrations.current(engine), migrations.newest()
    found = f"{engine.url.render_as_string(hide_password=True)} at version {has or 'none'}"
    if (has or "") > wants:
        return Finding("database", "warning", f"{found}; this program knows {wants}", "Upgrade this program too.")
    if has != wants:
        return Finding("database", "failed", f"{found}; this program needs {wants}", "workflow-platform migrate")
    return Finding("database", "ok", found)


def clock() -> Finding:
    with transaction(read_only=True) as session:
        skew = now() - session.scalars(select(db_now())).one()
    found = f"{skew.total_seconds():+.1f} s between this machine and the database"
    if abs(skew) > LARGEST_CLOCK_SKEW:
        return Finding("clock", "warning", found, "Let both machines set their clocks by NTP.")
    return Finding("clock", "ok", found)


def redis(settings: Settings) -> Iterator[Finding]:
    """Version, persistence and what is done when memory is full."""
    with connect(settings) as client:
        began = time.monotonic()
        server: dict[str, Any] = client.info()
        milliseconds = 1000 * (time.monotonic() - began)
    number = str(server.get("valkey_version") or server["redis_version"])
    name = "Valkey" if "valkey_version" in server else "Redis"
    found = f"{name} {number} answers in {milliseconds:.0f} ms"
    old = tuple(int(part) for part in str(server["redis_version"]).split(".")[:2]) < OLDEST_REDIS
    yield Finding("broker", "failed" if old else "ok", found, "Install Redis 6.2 or newer, or Valkey." if old else None)
    if server.get("aof_enabled"):
        yield Finding("broker persistence", "ok", "every write is kept (AOF)")
    else:
        mend = 'Set "appendonly yes", or accept that labelling is delayed after a restart: no work is lost.'
        yield Finding("broker persistence", "warning", "AOF is off: a restart forgets waiting messages", mend)
    policy = str(server.get("maxmemory_policy", "unknown"))
    mends = None if policy == "noeviction" else 'Set "maxmemory-policy noeviction": other policies drop messages.'
    yield Finding("broker memory", "warning" if mends else "ok", f"maxmemory-policy is {policy}", mends)


def storage(settings: Settings) -> Finding:
    get_store().check()
    return Finding("storage", "ok", f"{settings.storage} takes and gives back")


def ocr() -> Finding:
    require()
    return Finding("ocr", "ok", f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}")


def worker() -> Finding:
    workers = heartbeat.alive()
    if not workers:
        mend = "Start one: make up, or: cd backend && celery -A app.celery_app worker --loglevel=info"
        return Finding("worker", "failed", "no worker has given a sign of life lately", mend)
    return Finding("worker", "ok", f"{len(workers)} alive: {', '.join(workers)}")


def workers_here(settings: Settings, name: str | None) -> list[Finding]:
    """Whether the pulse of this machine's workers beats, judged by their files: a probe that needs nothing else.

    While the broker is away no pulse beats, and starting a worker again would not help: that is no failure.
    """
    signs = heartbeat.signs_here(settings, name)
    if not signs:
        return [Finding("worker", "failed", "no worker has touched its file here", "Start one, or check DATA_DIR.")]
    return [_pulse(sign, settings) for sign in signs]


def _pulse(sign: heartbeat.Sign, settings: Settings) -> Finding:
    found = f"{sign.worker} gave a sign of life {sign.seconds:.0f} s ago"
    if not sign.stale:
        return Finding("worker", "ok", found)
    try:
        with connect(settings) as client:
            client.ping()
    except (RedisError, OSError):
        return Finding("worker", "warning", f"{found}: it waits for the broker", "Mend the broker.")
    return Finding("worker", "failed", found, f"Start it again; if it is gone for good, delete {sign.path}.")


def port(settings: Settings) -> Finding:
    running = lock.running(settings.data_dir.resolve())
    if running is not None:
        return Finding("port", "ok", f"up runs as process {running.pid} at {running.url}")
    if broker.is_free(settings.host, settings.port):
        return Finding("port", "ok", f"{settings.port} on {settings.host} is free for up")
    mend = f"Choose another one: make up PORT={settings.port + 1}"
    return Finding("port", "warning", f"another program uses {settings.port} on {settings.host}", mend)


def user() -> Finding:
    if os.geteuid() == 0:
        mend = "Run it as a person without special rights (see docs/operations.md)."
        return Finding("user", "warning", "runs as root", mend)
    return Finding("user", "ok", f"runs as user {os.geteuid()}")


def runs_by_state() -> dict[str, int]:
    """How many labelling runs stand in each state."""
    with transaction(read_only=True) as session:
        counted = session.execute(select(LabelingRun.state, func.count()).group_by(LabelingRun.state))
        return {str(state): count for state, count in counted}


def budgets() -> dict[str, dict[str, Any]]:
    """The budgets that are set, and what is left of each."""
    with transaction(read_only=True) as session:
        found = usage.spending(session, preferences.settings(session))
    return {period: asdict(spending) for period, spending in found.items() if spending.limit_usd is not None}


def budget() -> Finding:
    """Whether the budgets that are set have room for a call at all, judged by the last one that was made."""
    found = budgets()
    if not found:
        return Finding("budget", "ok", "unlimited")
    with transaction(read_only=True) as session:
        wants = parked.next_call_usd(session) or 0
    words = ", ".join(
        f"{dollars(one['left_usd'])} of {dollars(one['limit_usd'])} a {name} left" for name, one in found.items()
    )
    for period, one in found.items():
        if wants > one["limit_usd"]:
            mend = f"Raise {SETTINGS[period]}: the next call may cost {dollars(wants)}."
            return Finding("budget", "warning", f"{words}; that is less than one call", mend)
        if one["left_usd"] <= 0:
            mend = f"Raise {SETTINGS[period]}, or wait for the next {period} (UTC)."
            return Finding("budget", "warning", f"{words}: labelling waits", mend)
    return Finding("budget", "ok", words)


def connect(settings: Settings) -> "Redis":
    """A client that gives up soon."""
    return Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        decode_responses=True,
    )
