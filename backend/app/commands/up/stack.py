"""All parts together: in what order they start, what is said when, and how they end."""

import os
import secrets
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Any

from app.commands.up import broker, news
from app.commands.up.lock import Lock, Running
from app.commands.up.part import Leash, Part
from app.commands.up.voice import Voice
from app.core.config import Settings, override
from app.core.errors import AppError

BROKER_SECONDS = 20
API_SECONDS = 60
API_STOP_SECONDS = 8
WORKER_STOP_SECONDS = 20
NAME_HEADER = "x-served-by"
"""By it `up` tells its own API from that of another one on the same port."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PreparationFailed(AppError):
    """The database could not be prepared: see the lines above."""


class PortBusy(AppError):
    """Another program uses the port."""


def require_port(settings: Settings) -> None:
    """Whether our pages can be served there."""
    if not broker.is_free(settings.host, settings.port):
        raise PortBusy(
            f"Port {settings.port} of {settings.host} is used by another program, or may not be used by you. "
            f"Choose another one: make up PORT={settings.port + 1}"
        )


class Stack:
    """Valkey, then the database, then API and worker side by side."""

    def __init__(self, settings: Settings, lock: Lock, voice: Voice) -> None:
        self._settings = settings
        self._lock = lock
        self._voice = voice
        self._leash = Leash(lock.fd)
        # A SimpleQueue, because a signal handler may put into it at any moment.
        self._events: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._parts: list[Part] = []
        self._broker: Part | None = None
        self._broker_ended = threading.Event()
        self._name = secrets.token_hex(8)
        self._sign_in: str | None = None
        self._waiting_for = {"api", "prepare"}
        self._serving = False
        self._urgent = False

    def run(self) -> None:
        """Start everything and return when a signal has asked for the end."""
        self._lock.note(Running(pid=os.getpid(), url=self._settings.base_url))
        with _signals_into(self._events):
            try:
                self._start_broker()
                self._start("prepare", [sys.executable, "-m", "app.commands.up.prepare"], stop_seconds=5, once=True)
                if self._settings.migrate_on_start and not self._database_is_new():
                    self._start_services()  # they look after their tables themselves: no need to wait
                while (event := self._events.get())["event"] != "signal":
                    self._handle(event)
                self._voice.say("Stopping … (once more to stop at once)")
            finally:
                self._stop()

    def _start_broker(self) -> None:
        url = self._settings.redis_url
        if "redis_url" not in self._settings.model_fields_set:
            folder = self._settings.data_dir / "valkey"
            port = broker.prepare(folder)
            self._broker = self._start("valkey", broker.command(folder), stop_seconds=10)
            self._parts.remove(self._broker)  # it is the last to be stopped
            url = broker.url(folder, self._wait_for_broker(folder, port))
        override(redis_url=url)
        self._lock.note(Running(pid=os.getpid(), url=self._settings.base_url, redis_url=url))
        self._voice.variable("DATABASE_URL", self._settings.database)
        self._voice.variable("REDIS_URL", url)

    def _wait_for_broker(self, folder: Path, port: int) -> int:
        """The port that it answers on: another one if somebody has taken this one since it was chosen."""
        deadline = time.monotonic() + BROKER_SECONDS
        while not broker.ready(folder, port):
            if time.monotonic() > deadline:
                raise broker.BrokerFailed(f"The embedded Valkey does not answer on port {port}.")
            if self._broker_ended.wait(0.02):
                self._broker_ended.clear()
                taken, port = port, broker.prepare(folder)
                if port != taken:
                    self._voice.say(f"Another program has taken port {taken}: Valkey gets {port}.")
        return port

    def _handle(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "migrated" if not self._serving:
                self._start_services()
            case "say":
                self._voice.say(event["text"], error=event.get("error", False))
            case "progress":
                self._voice.progress(event["workflow"], event["done"], event["total"])
            case "sign_in":
                self._sign_in = event["url"]
            case "failed":
                raise PreparationFailed(event["detail"])
            case "ended":
                self._ended(event["part"], event["code"])
            case "api_answers":
                self._arrived("api")
            case "api_silent":
                self._voice.say(f"The API does not answer at {self._settings.base_url}: see its lines.", error=True)

    def _ended(self, part: str, code: int) -> None:
        if part == "api" and "api" in self._waiting_for:
            require_port(self._settings)  # somebody may have taken it since it was looked at
        if part == "prepare":
            if code != 0:
                raise PreparationFailed
            self._arrived("prepare")

    def _arrived(self, what: str) -> None:
        self._waiting_for.discard(what)
        if not self._waiting_for:
            self._voice.ready(self._settings.base_url, self._sign_in)

    def _database_is_new(self) -> bool:
        path = self._settings.database.removeprefix("sqlite:///")
        return path != self._settings.database and not Path(path).exists()

    def _start_services(self) -> None:
        self._serving = True
        server = ["uvicorn", "app.main:app", "--host", self._settings.host, "--port", str(self._settings.port)]
        # Addresses carry secrets (sign-in links, shares): the server's own access log stays off.
        server += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--timeout-graceful-shutdown", "5"]
        server += ["--header", f"{NAME_HEADER}:{self._name}"]
        worker = ["celery", "--quiet", "-A", "app.celery_app", "worker", "--loglevel", "info"]
        worker += ["--without-gossip", "--without-mingle", "--queues", "celery,ai_labeling"]
        self._start("api", [sys.executable, "-m", *server], stop_seconds=API_STOP_SECONDS)
        self._start("worker", [sys.executable, "-m", *worker], stop_seconds=WORKER_STOP_SECONDS)
        threading.Thread(target=self._wait_for_api, daemon=True).start()

    def _wait_for_api(self) -> None:
        deadline = time.monotonic() + API_SECONDS
        while not _answers(f"{_loopback(self._settings)}/health/live", self._name):
            if time.monotonic() > deadline:
                self._events.put({"event": "api_silent"})
                return
            time.sleep(0.05)
        self._events.put({"event": "api_answers"})

    def _start(self, name: str, command: list[str], *, stop_seconds: float, once: bool = False) -> Part:
        part = Part(
            name,
            command,
            leash=self._leash,
            on_line=self._line_of(name),
            on_end=self._end_of(name),
            stop_seconds=stop_seconds,
            once=once,
        )
        self._parts.append(part)
        part.start()
        return part

    def _line_of(self, name: str) -> Callable[[str], None]:
        def on_line(line: str) -> None:
            event = news.parse(line) if name == "prepare" else None
            if event is not None:
                self._events.put(event)
            elif line:
                self._voice.line(name, line)

        return on_line

    def _end_of(self, name: str) -> Callable[[int, float | None], None]:
        def on_end(code: int, delay: float | None) -> None:
            if name == "valkey":
                self._broker_ended.set()
            if delay is not None:
                how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
                self._voice.say(f"{name} {how}; it is started again in {delay:g} s.", error=True)
            self._events.put({"event": "ended", "part": name, "code": code})

        return on_end

    def _stop(self) -> None:
        """API and worker finish what they have begun; Valkey, which they need for that, is stopped last."""
        for group in (self._parts, [self._broker] if self._broker else []):
            for part in group:
                part.ask_to_stop()
            for part in group:
                part.wait(is_urgent=self._asked_again)
        self._leash.close()

    def _asked_again(self) -> bool:
        while not self._events.empty():
            if self._events.get()["event"] == "signal":
                self._urgent = True
        return self._urgent


@contextmanager
def _signals_into(events: "SimpleQueue[dict[str, Any]]") -> Iterator[None]:
    def handle(number: int, _: FrameType | None) -> None:
        events.put({"event": "signal", "number": number})

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _loopback(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _answers(url: str, name: str) -> bool:
    """Whether the API with this name answers, and nobody else's."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.status == 200 and answer.headers.get(NAME_HEADER) == name)
    except (urllib.error.URLError, OSError):
        return False
