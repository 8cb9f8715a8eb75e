"""Keeping a store and its records in step: what is stored but not referenced, referenced but not stored, or spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from uploads.errors import BlobCorrupt, BlobMissing
from uploads.storage import BlobInfo, Storage, verify

GRACE = timedelta(hours=24)
"""A blob younger than this is never an orphan: the request that stored it may not have committed its record yet."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. `orphans` are stored and unreferenced; `missing` and `corrupt` are names that records refer to."""

    orphans: tuple[BlobInfo, ...]
    missing: tuple[str, ...]
    corrupt: tuple[str, ...]

    @property
    def orphan_bytes(self) -> int:
        """Bytes that `collect` would free."""
        return sum(blob.bytes for blob in self.orphans)


def survey(
    storage: Storage,
    referenced: Set[str],
    now: datetime,
    *,
    grace: timedelta = GRACE,
    rehash: bool = False,
    report: Callable[[int, int], None] = lambda _done, _total: None,
) -> Survey:
    """Compare a store with the names that records refer to; nothing is changed.

    Args:
        referenced: every SHA-256 in the records.
        now: UTC instant; blobs stored after `now - grace` are no orphans.
        rehash: read every referenced blob to its end and hash it again.
        report: is told how many blobs of how many have been hashed.
    """
    stored = set(storage.iter_keys())
    unreferenced = [storage.info(key) for key in sorted(stored - referenced)]
    return Survey(
        orphans=tuple(blob for blob in unreferenced if blob.stored_at <= now - grace),
        missing=tuple(sorted(referenced - stored)),
        corrupt=tuple(_corrupt(storage, sorted(referenced & stored), report)) if rehash else (),
    )


def _corrupt(storage: Storage, keys: Sequence[str], report: Callable[[int, int], None]) -> Iterable[str]:
    for done, key in enumerate(keys, 1):
        try:
            verify(storage, key)
        except (BlobCorrupt, BlobMissing):
            yield key
        report(done, len(keys))


def collect(storage: Storage, found: Survey, referenced_now: Set[str]) -> int:
    """Delete the orphans of a survey that was shown to somebody; return the number of bytes freed.

    Args:
        referenced_now: the names in the records at this moment: what was referenced since the survey stays.
    """
    doomed = [blob for blob in found.orphans if blob.sha256 not in referenced_now and _unchanged(storage, blob)]
    for blob in doomed:
        storage.delete(blob.sha256)
    return sum(blob.bytes for blob in doomed)


def _unchanged(storage: Storage, blob: BlobInfo) -> bool:
    """Tell whether nobody has sent the same bytes again since the survey."""
    try:
        return storage.info(blob.sha256).stored_at == blob.stored_at
    except BlobMissing:
        return False
