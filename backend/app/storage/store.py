"""Where pictures are kept: one protocol, a folder or an S3 bucket behind it."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.core.config import Settings, get_settings
from app.core.errors import AppError, NotFound

KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
"""Segments that no folder or bucket reads as anything else: no `..`, no leading dot, no spaces."""


class BlobNotFound(NotFound):
    """The picture is not in the screenshot store any more."""


class StorageUnavailable(AppError):
    """The screenshot store cannot be used right now. Try again; `workflow-platform doctor` says what is wrong."""

    status_code = 503


class StorageReadOnly(StorageUnavailable):
    """The screenshot store may not be written to. Ask whoever runs this server to look after its rights."""

    status_code = 507


class StorageFull(AppError):
    """The screenshot store is full. Ask whoever runs this server to make room, then try again."""

    status_code = 507


@dataclass(frozen=True)
class Blob:
    """What is kept under a key, and since when."""

    key: str
    modified: datetime


class BlobStore(Protocol):
    """Bytes under keys like `ab/cdef.webp`. Raises `StorageUnavailable` and `StorageFull`, never another error."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes: all of them or none, and durably once this returns."""

    def get(self, key: str) -> bytes:
        """The bytes; `BlobNotFound` if there are none."""

    def exists(self, key: str) -> bool:
        """Whether there is something under the key."""

    def delete(self, key: str) -> None:
        """Forget the bytes; a missing key is fine."""

    def list(self, prefix: str = "") -> Iterator[Blob]:
        """Everything whose key lies below the prefix, a path that ends with a slash (or is empty)."""

    def delete_prefix(self, prefix: str) -> None:
        """Forget everything below the prefix, a path that ends with a slash."""

    def check(self) -> None:
        """Write, read and delete a few bytes; raises if any of it fails."""


def valid_key(key: str) -> str:
    """The key itself; a key that could leave the store is a programming error."""
    if not KEY.fullmatch(key):
        raise ValueError(f"not a key of the store: {key!r}")
    return key


def valid_prefix(prefix: str) -> str:
    """The prefix without its slash; refuses what `valid_key` refuses."""
    if not prefix.endswith("/"):
        raise ValueError(f"a prefix ends with a slash: {prefix!r}")
    return valid_key(prefix[:-1])


def probe(store: BlobStore) -> None:
    """What `check()` does for every kind of store."""
    key, content = f"check/{secrets.token_hex(8)}", secrets.token_bytes(16)
    store.put(key, content)
    try:
        if store.get(key) != content:
            raise StorageUnavailable("The screenshot store gave other bytes back than were written to it.")
    except BlobNotFound as error:
        raise StorageUnavailable("The screenshot store lost what was just written to it.") from error
    finally:
        store.delete(key)


def open_store(settings: Settings) -> BlobStore:
    """The store that STORAGE_URL names: `file:///folder` or `s3://bucket/prefix`."""
    address = urlsplit(settings.storage)
    if address.scheme == "file" and address.netloc in ("", "localhost"):
        from app.storage.file_store import FileStore  # noqa: PLC0415

        return FileStore(Path(unquote(address.path)))
    if address.scheme == "s3" and address.netloc:
        from app.storage.s3_store import S3Store  # noqa: PLC0415 - its library takes memory that files do not need

        return S3Store(settings, bucket=address.netloc, prefix=address.path.strip("/"))
    raise StorageUnavailable(
        f"STORAGE_URL is {settings.storage!r}; it must look like file:///folder or s3://bucket/prefix."
    )


def get_store() -> BlobStore:
    """This process's store; a forked child opens its own."""
    return _opened(os.getpid(), get_settings())


@lru_cache(maxsize=1)
def _opened(_pid: int, settings: Settings) -> BlobStore:
    return open_store(settings)
