"""The numbers that only a worker has, over HTTP, if WORKER_METRICS_PORT says where. Its pool's children add to them."""

import os
import shutil
from pathlib import Path
from typing import Any

import structlog
from celery import signals
from prometheus_client import CollectorRegistry, start_http_server

from app.core import measured
from app.core.config import get_settings

log = structlog.get_logger(__name__)


class MetricsServer:
    """Of this worker."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def share_numbers(self, worker: str) -> None:
        """Before the pool is forked."""
        settings = get_settings()
        if settings.worker_metrics_port is not None:
            self._folder = settings.data_dir.resolve() / "workers" / f"{worker.replace('/', '_')}.metrics"
            measured.share(self._folder)

    def serve(self) -> None:
        """In the worker's main process. A port that is taken costs the numbers, not the worker."""
        settings = get_settings()
        if self._folder is None or settings.worker_metrics_port is None:
            return
        registry = CollectorRegistry()
        registry.register(measured.Together(self._folder))
        host, port = settings.worker_metrics_host, settings.worker_metrics_port
        try:
            server, _ = start_http_server(port, host, registry)
        except OSError as error:
            mend = "Give each worker a WORKER_METRICS_PORT of its own."
            log.error("no_worker_metrics", host=host, port=port, error=str(error), mend=mend)
            return
        os.register_at_fork(after_in_child=server.socket.close)  # or a child that stays would keep the port
        log.info("worker_metrics_served", host=host, port=port)

    def tidy(self) -> None:
        """A child takes the place of one that has ended."""
        if self._folder is not None:
            measured.fold_ended(self._folder)

    def end(self) -> None:
        """The pool has ended."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


metrics_server = MetricsServer()


@signals.worker_init.connect
def _share_numbers(sender: Any, **_: Any) -> None:
    metrics_server.share_numbers(str(sender.hostname))


@signals.worker_ready.connect
def _serve(**_: Any) -> None:
    metrics_server.serve()


@signals.worker_before_create_process.connect
def _tidy(**_: Any) -> None:
    metrics_server.tidy()


@signals.worker_shutdown.connect
def _end(**_: Any) -> None:
    metrics_server.end()
