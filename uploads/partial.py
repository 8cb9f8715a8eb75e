"""Uploads that survive a broken line: begun, appended to at an offset, and completed against a SHA-256.

One folder per upload holds `data` and `state.json`. The state names the bytes that are durable; bytes behind them, left by
a crash in the middle of a chunk, are cut off before the next chunk. Threads and processes may share the folder: each
change holds a lock on the upload.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from uploads.errors import (
    DigestMismatch,
    EmptyFile,
    OffsetConflict,
    PartialIncomplete,
    PartialUnknown,
    TooManyBytes,
    TooManyPartials,
)
from uploads.policy import Slot
from uploads.storage import CHUNK_BYTES, sync_folder, writing

LIFETIME = timedelta(hours=24)
"""An upload that nothing was appended to for so long is expired."""
MAX_OPEN_PER_OWNER = 20
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Partial:
    """An unfinished upload.

    Attributes:
        id: 32 hexadecimal digits, not to be guessed.
        owner: who began it, in the application's words; nobody else can touch it.
        filename: as the sender named it, not cleaned.
        slot: name of the slot that it is meant for.
        total_bytes: size that was announced.
        received_bytes: durable so far: the offset of the next chunk.
        touched_at: UTC instant of the latest chunk.
    """

    id: str
    owner: str
    filename: str
    slot: str
    total_bytes: int
    received_bytes: int
    touched_at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether every announced byte has come."""
        return self.received_bytes == self.total_bytes


class PartialStore:
    """The unfinished uploads below one folder."""

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        lifetime: timedelta = LIFETIME,
        max_open_per_owner: int = MAX_OPEN_PER_OWNER,
    ) -> None:
        self._root = root
        self._clock = clock
        self._lifetime = lifetime
        self._max_open_per_owner = max_open_per_owner
        self._receipts = root / "receipts"
        self._receipts.mkdir(parents=True, exist_ok=True)

    def begin(self, owner: str, filename: str, total_bytes: int, slot: Slot) -> Partial:
        """Open an upload and return it, with no byte received.

        Raises:
            EmptyFile: no byte is announced.
            TooManyBytes: more bytes are announced than the slot takes.
            TooManyPartials: this owner has too many unfinished uploads.
            StorageFull, StorageUnavailable: the disk does not take it; nothing was begun.
        """
        if total_bytes < 1:
            raise EmptyFile
        if total_bytes > slot.max_bytes:
            raise TooManyBytes(limit_bytes=slot.max_bytes)
        if len(self.of_owner(owner)) >= self._max_open_per_owner:
            raise TooManyPartials(limit=self._max_open_per_owner)
        partial = Partial(secrets.token_hex(16), owner, filename, slot.name, total_bytes, 0, self._clock())
        folder = self._root / partial.id
        with writing():
            try:
                folder.mkdir()
                (folder / "data").touch()
                self._save(partial)
                sync_folder(self._root)
            except OSError:
                self._remove(partial.id)
                raise
        return partial

    def find(self, partial_id: str, owner: str) -> Partial:
        """Return the upload as it stands: where a sender that lost its line goes on.

        Raises:
            PartialUnknown: none of this owner has this id, or it is expired.
        """
        partial = self._load(partial_id)
        if partial is None or partial.owner != owner or self._is_expired(partial):
            raise PartialUnknown(partial_id=partial_id[:64])
        return partial

    def of_owner(self, owner: str) -> list[Partial]:
        """Return this owner's unfinished uploads that are not expired, the latest touched first."""
        mine = [one for one in self._all() if one.owner == owner and not self._is_expired(one)]
        return sorted(mine, key=lambda one: one.touched_at, reverse=True)

    def append(self, partial_id: str, owner: str, offset: int, chunk: bytes, chunk_sha256: str | None = None) -> Partial:
        """Add a chunk at `offset` and return the upload; the chunk is durable when this returns.

        Raises:
            PartialUnknown: none of this owner has this id, or it is expired.
            OffsetConflict: the received bytes end elsewhere; `find` says where.
            DigestMismatch: the chunk was changed on its way; nothing was added.
            TooManyBytes: the chunk goes beyond the announced size; nothing was added.
            StorageFull, StorageUnavailable: the disk does not take it; nothing was added.
        """
        _check_digest(hashlib.sha256(chunk).hexdigest(), chunk_sha256)
        with self._locked(partial_id, owner) as partial:
            if offset != partial.received_bytes:
                raise OffsetConflict(expected_bytes=partial.received_bytes, given_bytes=offset)
            if offset + len(chunk) > partial.total_bytes:
                raise TooManyBytes(limit_bytes=partial.total_bytes)
            grown = replace(partial, received_bytes=offset + len(chunk), touched_at=self._clock())
            with writing():
                self._write(partial, chunk)
                self._save(grown)
            return grown

    @contextmanager
    def completed(self, partial_id: str, owner: str, sha256: str | None = None) -> Iterator[BinaryIO]:
        """Lend the whole file as a stream; when the block ends without an error, the upload is discarded.

        After an error the bytes stay, so that what failed on our side can be tried again. What was lent to the end
        leaves a receipt: `was_completed` answers a sender who lost the line before the answer came.

        Raises:
            PartialUnknown: none of this owner has this id, or it is expired.
            PartialIncomplete: bytes are missing.
            DigestMismatch: the bytes hash to something else than the sender said.
        """
        with self._locked(partial_id, owner) as partial:
            if not partial.is_whole:
                raise PartialIncomplete(received_bytes=partial.received_bytes, total_bytes=partial.total_bytes)
            with self._data(partial_id).open("rb") as stream:
                _check_digest(_hashed(stream), sha256)
                stream.seek(0)
                yield stream
            (self._receipts / partial_id).write_text(owner, encoding="utf-8")
            self._remove(partial_id)

    def was_completed(self, partial_id: str, owner: str) -> bool:
        """Tell whether this owner's upload was taken to its end; known for as long as an upload lives."""
        if not _ID.fullmatch(partial_id):
            return False
        try:
            return (self._receipts / partial_id).read_text(encoding="utf-8") == owner
        except FileNotFoundError:
            return False

    def discard(self, partial_id: str, owner: str) -> None:
        """Give an upload up.

        Raises:
            PartialUnknown: none of this owner has this id, or it is expired.
        """
        with self._locked(partial_id, owner):
            self._remove(partial_id)

    def expire(self) -> int:
        """Remove expired uploads and whatever is left of broken ones; return how many were removed."""
        stale = [folder.name for folder in self._folders() if self._is_stale(folder)]
        for partial_id in stale:
            self._remove(partial_id)
        for receipt in self._receipts.iterdir():
            if self._is_old(receipt):
                receipt.unlink(missing_ok=True)
        return len(stale)

    def _is_stale(self, folder: Path) -> bool:
        partial = self._load(folder.name)
        if partial is None:  # a crash in `begin`, or one that is in `begin` right now
            return self._is_old(folder)
        return self._is_expired(partial)

    def _is_old(self, path: Path) -> bool:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) + self._lifetime < self._clock()

    def _is_expired(self, partial: Partial) -> bool:
        return partial.touched_at + self._lifetime < self._clock()

    def _folders(self) -> Iterator[Path]:
        return (folder for folder in self._root.iterdir() if _ID.fullmatch(folder.name))

    def _all(self) -> Iterator[Partial]:
        return (partial for folder in self._folders() if (partial := self._load(folder.name)) is not None)

    @contextmanager
    def _locked(self, partial_id: str, owner: str) -> Iterator[Partial]:
        """Hold the upload's lock; the state is read under it."""
        self.find(partial_id, owner)
        try:
            descriptor = os.open(self._data(partial_id), os.O_RDWR)
        except FileNotFoundError:
            raise PartialUnknown(partial_id=partial_id) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield self.find(partial_id, owner)
        finally:
            os.close(descriptor)

    def _data(self, partial_id: str) -> Path:
        return self._root / partial_id / "data"

    def _write(self, partial: Partial, chunk: bytes) -> None:
        with self._data(partial.id).open("r+b") as target:
            target.truncate(partial.received_bytes)
            target.seek(partial.received_bytes)
            target.write(chunk)
            target.flush()
            os.fsync(target.fileno())

    def _save(self, partial: Partial) -> None:
        folder = self._root / partial.id
        beside = folder / "state.new"
        with beside.open("w", encoding="utf-8") as target:
            json.dump({**asdict(partial), "touched_at": partial.touched_at.isoformat()}, target)
            target.flush()
            os.fsync(target.fileno())
        beside.replace(folder / "state.json")
        sync_folder(folder)

    def _load(self, partial_id: str) -> Partial | None:
        if not _ID.fullmatch(partial_id):
            return None
        try:
            values = json.loads((self._root / partial_id / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Partial(**{**values, "touched_at": datetime.fromisoformat(values["touched_at"])})

    def _remove(self, partial_id: str) -> None:
        """Take the state first: without it the upload is unknown, whatever is left of its folder."""
        (self._root / partial_id / "state.json").unlink(missing_ok=True)
        shutil.rmtree(self._root / partial_id, ignore_errors=True)


def _hashed(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _check_digest(found: str, expected: str | None) -> None:
    if expected is not None and found != expected.lower():
        raise DigestMismatch(expected_sha256=expected[:64], found_sha256=found)
