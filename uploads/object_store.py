"""Blobs on a server that speaks S3, through boto3 (an extra of the project, imported when first used)."""

from __future__ import annotations

import importlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from uploads.errors import BlobMissing, StorageUnavailable
from uploads.storage import CHUNK_BYTES, KEY, BlobInfo, StoredBlob, check_key, check_range, copy_hashed

# Somebody waits for the answer: a server that is gone is told of within seconds.
CONNECT_SECONDS, ANSWER_SECONDS, TRIES = 3, 30, 3


class S3Storage:
    """Blobs as objects `<prefix>ab/abcd...` of one bucket on a server that speaks S3.

    An object appears whole or not at all: the protocol promises it. Credentials come from boto3's usual places
    unless given.
    """

    def __init__(
        self,
        bucket: str,
        *,
        prefix: str = "",
        endpoint_url: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self._bucket = bucket
        self._prefix = prefix
        self._options = {
            "endpoint_url": endpoint_url,
            "region_name": region,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
        }
        self._made: Any = None
        self._lock = threading.Lock()

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                boto3 = importlib.import_module("boto3")
                config = importlib.import_module("botocore.config").Config(
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                    retries={"mode": "standard", "max_attempts": TRIES},
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=ANSWER_SECONDS,
                )
                self._made = boto3.session.Session().client("s3", config=config, **self._options)
            return self._made

    def put(self, source: BinaryIO | bytes) -> StoredBlob:
        """See `Storage.put`. The stream is spooled first: the name of an object is only known at its end."""
        with SpooledTemporaryFile(max_size=8 * CHUNK_BYTES) as spool:
            blob = copy_hashed(source, spool)
            spool.seek(0)
            name = self._name(blob.sha256)
            with _asking():
                self._client.put_object(Bucket=self._bucket, Key=name, Body=spool, ContentLength=blob.bytes)
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """See `Storage.open`."""
        return self._get(sha256)

    def open_range(self, sha256: str, start: int, length: int) -> BinaryIO:
        """See `Storage.open_range`."""
        check_range(self.info(sha256).bytes, start, length)
        return self._get(sha256, Range=f"bytes={start}-{start + length - 1}")

    def info(self, sha256: str) -> BlobInfo:
        """See `Storage.info`."""
        with _asking(sha256):
            answer = self._client.head_object(Bucket=self._bucket, Key=self._name(sha256))
        return BlobInfo(sha256, int(answer["ContentLength"]), answer["LastModified"].astimezone(UTC))

    def exists(self, sha256: str) -> bool:
        """See `Storage.exists`."""
        try:
            self.info(sha256)
        except BlobMissing:
            return False
        return True

    def delete(self, sha256: str) -> None:
        """See `Storage.delete`."""
        with _asking():
            self._client.delete_object(Bucket=self._bucket, Key=self._name(sha256))

    def iter_keys(self) -> Iterator[str]:
        """See `Storage.iter_keys`."""
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix))
        while page := self._next_of(pages):
            names = (str(item["Key"]).rsplit("/", 1)[-1] for item in page.get("Contents", ()))
            yield from (name for name in names if KEY.fullmatch(name))

    def _next_of(self, pages: Iterator[Any]) -> Any:
        with _asking():
            return next(pages, None)

    def _name(self, sha256: str) -> str:
        return f"{self._prefix}{check_key(sha256)[:2]}/{sha256}"

    def _get(self, sha256: str, **options: str) -> BinaryIO:
        with _asking(sha256):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._name(sha256), **options)
        return io.BufferedReader(_Body(answer["Body"]))


@contextmanager
def _asking(sha256: str = "") -> Iterator[None]:
    """Translate the server's 404 for a blob into `BlobMissing`, every other failure into `StorageUnavailable`."""
    errors = importlib.import_module("botocore.exceptions")
    try:
        yield
    except errors.ClientError as error:
        if sha256 and error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise BlobMissing(sha256=sha256) from None
        raise StorageUnavailable(reason=str(error)) from error
    except errors.BotoCoreError as error:
        raise StorageUnavailable(reason=str(error)) from error


class _Body(io.RawIOBase):
    """The body of an answer as a raw stream, so that it can be buffered like a file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _asking():
            data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()
