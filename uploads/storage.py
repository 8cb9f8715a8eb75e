"""Where blobs live: each under the SHA-256 of its bytes, so a name never lies and nothing is stored twice."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from uploads.errors import BlobCorrupt, BlobMissing, InvalidKey, InvalidRange, StorageFull, StorageUnavailable

CHUNK_BYTES = 1 << 20
KEY = re.compile(r"[0-9a-f]{64}")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob that is safely stored: its name and its size."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What the store knows of a blob; `stored_at` is the UTC instant of the latest `put` of these bytes."""

    sha256: str
    bytes: int
    stored_at: datetime


class Storage(Protocol):
    """A store of blobs. Every implementation passes `tests/uploads/test_storage.py`.

    A key that is not 64 lower-case hexadecimal digits raises `InvalidKey` everywhere.
    """

    def put(self, source: BinaryIO | bytes) -> StoredBlob:
        """Store the bytes (a stream is read to its end) and return their name; the same bytes again are no error.

        When it returns the blob is whole and durable; when it raises nothing of it is visible.

        Raises:
            StorageFull: there is no room for it.
            StorageUnavailable: the store fails.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Return the blob as a readable binary stream that the caller closes.

        Raises:
            BlobMissing: no such blob.
        """

    def open_range(self, sha256: str, start: int, length: int) -> BinaryIO:
        """Return at most `length` bytes from offset `start` as a stream; it is shorter where the blob ends.

        Raises:
            BlobMissing: no such blob.
            InvalidRange: `start` is negative or beyond the last byte, or `length` is less than one.
        """

    def info(self, sha256: str) -> BlobInfo:
        """Return size and time of a blob.

        Raises:
            BlobMissing: no such blob.
        """

    def exists(self, sha256: str) -> bool:
        """Tell whether the blob is stored."""

    def delete(self, sha256: str) -> None:
        """Remove the blob; removing what is not there is no error."""

    def iter_keys(self) -> Iterator[str]:
        """Yield the name of every stored blob, each once, in no promised order."""


def check_key(sha256: str) -> str:
    """Return `sha256` if it is the name of a blob.

    Raises:
        InvalidKey: it is not 64 lower-case hexadecimal digits.
    """
    if not KEY.fullmatch(sha256):
        raise InvalidKey(key=sha256[:80])
    return sha256


def verify(storage: Storage, sha256: str) -> int:
    """Read a blob to its end, hash it again and return its size in bytes.

    Raises:
        BlobMissing: no such blob.
        BlobCorrupt: the bytes hash to something else.
    """
    digest, size = hashlib.sha256(), 0
    with storage.open(sha256) as stream:
        for chunk in _chunks(stream):
            digest.update(chunk)
            size += len(chunk)
    if digest.hexdigest() != sha256:
        raise BlobCorrupt(sha256=sha256, found_sha256=digest.hexdigest())
    return size


def _chunks(source: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    while chunk := source.read(CHUNK_BYTES):
        yield chunk


def copy_hashed(source: BinaryIO | bytes, target: IO[bytes]) -> StoredBlob:
    """Copy the bytes to `target` while they are hashed, and return their name and number."""
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(source):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return StoredBlob(digest.hexdigest(), size)


def check_range(size_bytes: int, start: int, length: int) -> None:
    """Check a range against the size of its blob.

    Raises:
        InvalidRange: it starts outside of the blob or has no byte.
    """
    if not 0 <= start < size_bytes or length < 1:
        raise InvalidRange(start=start, size_bytes=size_bytes)


class MemoryStorage:
    """Blobs in this process: for tests and for `python -m uploads check`."""

    def __init__(self) -> None:
        self._blobs: dict[str, tuple[bytes, datetime]] = {}

    def put(self, source: BinaryIO | bytes) -> StoredBlob:
        """See `Storage.put`."""
        buffer = io.BytesIO()
        blob = copy_hashed(source, buffer)
        self._blobs[blob.sha256] = (buffer.getvalue(), datetime.now(UTC))
        return blob

    def open(self, sha256: str) -> BinaryIO:
        """See `Storage.open`."""
        return io.BytesIO(self._find(sha256)[0])

    def open_range(self, sha256: str, start: int, length: int) -> BinaryIO:
        """See `Storage.open_range`."""
        data = self._find(sha256)[0]
        check_range(len(data), start, length)
        return io.BytesIO(data[start : start + length])

    def info(self, sha256: str) -> BlobInfo:
        """See `Storage.info`."""
        data, stored_at = self._find(sha256)
        return BlobInfo(sha256, len(data), stored_at)

    def exists(self, sha256: str) -> bool:
        """See `Storage.exists`."""
        return check_key(sha256) in self._blobs

    def delete(self, sha256: str) -> None:
        """See `Storage.delete`."""
        self._blobs.pop(check_key(sha256), None)

    def iter_keys(self) -> Iterator[str]:
        """See `Storage.iter_keys`."""
        yield from list(self._blobs)

    def _find(self, sha256: str) -> tuple[bytes, datetime]:
        try:
            return self._blobs[check_key(sha256)]
        except KeyError:
            raise BlobMissing(sha256=sha256) from None


class LocalStorage:
    """Blobs as files `ab/cd/abcd...` below one folder.

    A blob is written beside its place, synced, renamed and its folder synced: after a power cut it is whole or absent.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, source: BinaryIO | bytes) -> StoredBlob:
        """See `Storage.put`."""
        temporary = self._incoming / secrets.token_hex(16)
        with writing():
            try:
                with temporary.open("xb") as target:
                    blob = copy_hashed(source, target)
                    target.flush()
                    os.fsync(target.fileno())
                self._settle(temporary, self._path(blob.sha256))
            finally:
                temporary.unlink(missing_ok=True)
        return blob

    def _settle(self, temporary: Path, final: Path) -> None:
        """Move a synced file to its place and sync every folder whose list of names changed."""
        missing = [folder for folder in (final.parent.parent, final.parent) if not folder.exists()]
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary.chmod(0o440)
        temporary.replace(final)
        for folder in {final.parent, *(made.parent for made in missing)}:
            sync_folder(folder)

    def open(self, sha256: str) -> BinaryIO:
        """See `Storage.open`."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(sha256=sha256) from None

    def open_range(self, sha256: str, start: int, length: int) -> BinaryIO:
        """See `Storage.open_range`."""
        stream = self.open(sha256)
        try:
            check_range(os.fstat(stream.fileno()).st_size, start, length)
        except InvalidRange:
            stream.close()
            raise
        stream.seek(start)
        return io.BufferedReader(_Window(stream, length))

    def info(self, sha256: str) -> BlobInfo:
        """See `Storage.info`."""
        try:
            status = self._path(sha256).stat()
        except FileNotFoundError:
            raise BlobMissing(sha256=sha256) from None
        return BlobInfo(sha256, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def exists(self, sha256: str) -> bool:
        """See `Storage.exists`."""
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """See `Storage.delete`."""
        self._path(sha256).unlink(missing_ok=True)

    def iter_keys(self) -> Iterator[str]:
        """See `Storage.iter_keys`."""
        for path in self._root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if KEY.fullmatch(path.name):
                yield path.name

    def sweep_incoming(self, before: datetime) -> int:
        """Remove what a killed process left half written before this UTC instant; return the number of files."""
        stale = [path for path in self._incoming.iterdir() if path.stat().st_mtime < before.timestamp()]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _path(self, sha256: str) -> Path:
        key = check_key(sha256)
        return self._root / key[:2] / key[2:4] / key


class _Window(io.RawIOBase):
    """At most `length` bytes of a stream, from where it stands."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream = stream
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def writing() -> Iterator[None]:
    """Say in the words of the store what goes wrong on the disk; a sender's line that breaks is no fault of the disk.

    Raises:
        StorageFull: no room is left, or none that this process may use.
        StorageUnavailable: the disk fails otherwise.
    """
    try:
        yield
    except ConnectionError:
        raise
    except OSError as error:
        raise StorageFull if error.errno in NO_ROOM else StorageUnavailable(reason=str(error)) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, as `fsync` on its descriptor does on POSIX systems."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
