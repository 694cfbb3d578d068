"""Stores to test with: a folder, and a bucket on a server of our own that speaks S3 over HTTP."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from app.core.config import Settings
from app.storage.file_store import FileStore
from app.storage.store import BlobStore, open_store


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """Address of a running server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_settings(s3_endpoint: str) -> Settings:
    """Settings that name a fresh bucket."""
    bucket = f"bucket-{uuid4().hex}"
    with urllib.request.urlopen(urllib.request.Request(f"{s3_endpoint}/{bucket}", method="PUT")):  # noqa: S310
        return in_bucket(bucket, s3_endpoint)


def in_bucket(bucket: str, endpoint: str) -> Settings:
    return Settings(
        storage_url=f"s3://{bucket}/some/prefix",
        s3_endpoint_url=endpoint,
        s3_access_key_id=SecretStr("key"),
        s3_secret_access_key=SecretStr("secret"),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "screenshots"


@pytest.fixture
def file_store(folder: Path) -> FileStore:
    return FileStore(folder)


@pytest.fixture(params=["file", "s3"])
def blobs(request: pytest.FixtureRequest) -> BlobStore:
    """A store of each kind."""
    if request.param == "file":
        store: BlobStore = request.getfixturevalue("file_store")
        return store
    return open_store(request.getfixturevalue("s3_settings"))
