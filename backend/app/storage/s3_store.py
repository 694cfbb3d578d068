"""Pictures in a bucket of Amazon S3, or of another server that speaks its protocol, through obstore."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store as Bucket

from app.core.config import Settings
from app.storage.store import Blob, BlobNotFound, StorageFull, StorageUnavailable, probe, valid_key, valid_prefix

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

CLIENT: "ClientConfig" = {"connect_timeout": "3s", "timeout": "30s"}
RETRY: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
NO_ROOM = ("507 Insufficient Storage", "StorageFull", "QuotaExceeded")

_used_in: int | None = None
"""Process that first spoke to a bucket: the library's threads live only there, and a forked child would hang."""


class S3Store:
    """A `BlobStore` in a bucket. Path-style addresses; plain HTTP only if the endpoint's address says so."""

    def __init__(self, settings: Settings, *, bucket: str, prefix: str) -> None:
        endpoint, key_id, secret = settings.s3_endpoint_url, settings.s3_access_key_id, settings.s3_secret_access_key
        config: S3Config = {"region": settings.s3_region, "virtual_hosted_style_request": False}
        if endpoint:
            config["endpoint"] = endpoint
        if key_id is not None and secret is not None:
            config |= {"access_key_id": key_id.get_secret_value(), "secret_access_key": secret.get_secret_value()}
        plain_http = (endpoint or "").startswith("http://")
        self._bucket = Bucket(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={**CLIENT, "allow_http": plain_http},
            retry_config=RETRY,
        )

    def put(self, key: str, data: bytes) -> None:
        path = valid_key(key)
        with _own_errors():
            obstore.put(self._bucket, path, data, use_multipart=False)

    def get(self, key: str) -> bytes:
        path = valid_key(key)
        with _own_errors():
            try:
                return bytes(obstore.get(self._bucket, path).bytes())
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                raise BlobNotFound from error

    def exists(self, key: str) -> bool:
        path = valid_key(key)
        with _own_errors():
            try:
                obstore.head(self._bucket, path)
            except FileNotFoundError:
                return False
            return True

    def delete(self, key: str) -> None:
        path = valid_key(key)
        with _own_errors():
            obstore.delete(self._bucket, path)

    def list(self, prefix: str = "") -> Iterator[Blob]:
        below = valid_prefix(prefix) if prefix else None
        with _own_errors():
            for batch in obstore.list(self._bucket, below):
                for entry in batch:
                    yield Blob(entry["path"], entry["last_modified"])

    def delete_prefix(self, prefix: str) -> None:
        valid_prefix(prefix)
        for blob in self.list(prefix):
            self.delete(blob.key)

    def check(self) -> None:
        probe(self)


@contextmanager
def _own_errors() -> Iterator[None]:
    _refuse_after_fork()
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise StorageUnavailable(
            "The screenshot bucket refuses our access key. Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and its rights."
        ) from error
    except FileNotFoundError as error:
        raise StorageUnavailable(
            "There is no such screenshot bucket. Check STORAGE_URL and S3_ENDPOINT_URL."
        ) from error
    except (BaseError, ValueError, OSError) as error:
        if any(sign in str(error) for sign in NO_ROOM):
            raise StorageFull from error
        raise StorageUnavailable(
            "The screenshot bucket did not answer as it should. `workflow-platform doctor` says what is wrong."
        ) from error


def _refuse_after_fork() -> None:
    global _used_in  # noqa: PLW0603 - the library's threads are the process's, not one store's
    if _used_in is None:
        _used_in = os.getpid()
    elif _used_in != os.getpid():
        raise StorageUnavailable(
            "This process was forked from one that had used the screenshot bucket already, where it could only hang. "
            "Use the bucket after the fork alone, or start the process anew."
        )
