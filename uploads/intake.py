"""The door: a stream comes in; what goes into the store is checked, cleaned and hashed.

Nothing is stored before the whole file has been judged. What a store that fails half-way has already taken are whole,
unreferenced blobs: `uploads.upkeep` collects them, since deleting here could take a blob from somebody who just sent
the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

from uploads.errors import TooManyBytes
from uploads.names import clean_filename, with_suffix
from uploads.policy import Slot, slot_to_json
from uploads.sniffing import MEDIA_TYPES, admit
from uploads.storage import CHUNK_BYTES, Storage
from uploads.workers import Pool, default_pool


class Scanner(Protocol):
    """An antivirus; `uploads.antivirus.Clamd` is one."""

    def scan(self, data: bytes) -> None:
        """Return when the bytes are clean.

        Raises:
            Infected: a signature was found.
            ScannerUnavailable: no verdict.
        """


@dataclass(frozen=True, slots=True)
class Rendition:
    """One stored picture of a file. Width and height are in pixels, upright."""

    sha256: str
    media_type: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was taken in.

    Attributes:
        kind: `photo` (any picture) or `pdf`.
        media_type: of the stored file, `image/jpeg` or `application/pdf`.
        sha256: name of the stored, cleaned file; for a picture the rendition `full`.
        bytes: size of the stored file.
        width: pixels of the stored picture; of the first page's preview for a PDF.
        height: likewise.
        pages: number of pages; 1 for a picture.
        renditions: stored pictures by name: `full print page page_webp list list_webp` for a photo (`print` only where
            the source is large enough), `page_1`, `page_2`, ... and `list` for a paper; `full` too if it is a picture.
        phash: perceptual hash, 16 hexadecimal digits, for `likeness.hamming`; empty for a PDF.
        sharpness: variance of the Laplacian of the sharpest part at 1024 px; 0.0 for a PDF.
        placeholder: the most frequent colour as `#rrggbb`; empty for a PDF.
        warnings: codes `too_small_for_print`, `blurry`.
        removed: codes of what the stored file no longer has, sorted: `alpha animation colour_profile digital_signature
            extra_pictures gps links metadata open_action oversampling rotation scaled_down trailing_data`.
        safe_filename: the sender's name, harmless, with the suffix of the stored file.
        sent_sha256: SHA-256 of the bytes as sent, which are not kept.
        sent_bytes: their number.
    """

    kind: str
    media_type: str
    sha256: str
    bytes: int
    width: int
    height: int
    pages: int
    renditions: Mapping[str, Rendition] = field(hash=False)
    phash: str
    sharpness: float
    placeholder: str
    warnings: tuple[str, ...]
    removed: tuple[str, ...]
    safe_filename: str
    sent_sha256: str
    sent_bytes: int


def receive(
    stream: BinaryIO,
    filename: str,
    slot: Slot,
    storage: Storage,
    *,
    declared_bytes: int | None = None,
    scanner: Scanner | None = None,
    pool: Pool | None = None,
) -> Received:
    """Check, clean and store one file; at most `slot.max_bytes` + 1 bytes are read from the stream.

    Args:
        declared_bytes: what the sender announced (`Content-Length`): a file announced too large is not read at all.
        scanner: an antivirus that sees the bytes as sent, before anything else.
        pool: workers; that of the process by default.

    Raises:
        FileRefused: a leaf of it says why; nothing was stored.
        WorkerUnavailable, ScannerUnavailable: try again later; nothing was stored.
        StorageFull, StorageUnavailable: the store failed; nothing refers to what it had taken already.
    """
    data = read_limited(stream, slot.max_bytes, declared_bytes)
    kind = admit(data, filename, slot)
    if scanner is not None:
        scanner.scan(data)
    task = _receive_document if kind == "pdf" else _receive_picture
    return task(data, kind, clean_filename(filename), slot, storage, pool or default_pool())


def read_limited(stream: BinaryIO, max_bytes: int, declared_bytes: int | None = None) -> bytes:
    """Return the whole stream; one that is announced too large is not read, any other at most one byte too far.

    Raises:
        TooManyBytes: it is larger than `max_bytes`.
    """
    if declared_bytes is not None and declared_bytes > max_bytes:
        raise TooManyBytes(limit_bytes=max_bytes)
    data = bytearray()
    while chunk := stream.read(min(CHUNK_BYTES, max_bytes + 1 - len(data))):
        data += chunk
        if len(data) > max_bytes:
            raise TooManyBytes(limit_bytes=max_bytes)
    return bytes(data)


def _receive_picture(data: bytes, kind: str, name: str, slot: Slot, storage: Storage, pool: Pool) -> Received:
    values, made = pool.run("picture", {"kind": kind, "slot": slot_to_json(slot)}, [data])
    renditions = _store(values["renditions"], made, storage)
    stored = renditions[slot.renditions[0].name]
    return Received(
        kind="photo",
        media_type=stored.media_type,
        sha256=stored.sha256,
        bytes=stored.bytes,
        width=stored.width,
        height=stored.height,
        pages=1,
        renditions=renditions,
        phash=str(values["phash"]),
        sharpness=float(values["sharpness"]),
        placeholder=str(values["placeholder"]),
        warnings=tuple(values["warnings"]),
        removed=tuple(values["removed"]),
        safe_filename=with_suffix(name, ".png" if stored.media_type == "image/png" else ".jpg"),
        sent_sha256=hashlib.sha256(data).hexdigest(),
        sent_bytes=len(data),
    )


def _receive_document(data: bytes, kind: str, name: str, slot: Slot, storage: Storage, pool: Pool) -> Received:
    values, made = pool.run("document", {"kind": kind, "slot": slot_to_json(slot)}, [data])
    renditions = _store(values["renditions"], made[1:], storage)
    stored = storage.put(made[0])
    return Received(
        kind="pdf",
        media_type=MEDIA_TYPES["pdf"],
        sha256=stored.sha256,
        bytes=stored.bytes,
        width=int(values["width"]),
        height=int(values["height"]),
        pages=int(values["pages"]),
        renditions=renditions,
        phash="",
        sharpness=0.0,
        placeholder="",
        warnings=(),
        removed=tuple(values["removed"]),
        safe_filename=with_suffix(name, ".pdf"),
        sent_sha256=hashlib.sha256(data).hexdigest(),
        sent_bytes=len(data),
    )


def draw_pages(sha256: str, pages: Iterable[int], storage: Storage, *, pool: Pool | None = None) -> Mapping[str, Rendition]:
    """Draw and store previews of a stored PDF's pages, by number from 1; names are `page_<number>`.

    Raises:
        BlobMissing: no such blob.
        FileRefused: the blob is no readable PDF or has no such page.
        WorkerUnavailable: try again later.
    """
    with storage.open(sha256) as stream:
        data = stream.read()
    values, made = (pool or default_pool()).run("pages", {"kind": "pdf", "pages": list(pages)}, [data])
    return _store(values["renditions"], made, storage)


def read_sheets(
    sha256: str, kind: str, pages: Iterable[int], storage: Storage, *, pool: Pool | None = None
) -> list[tuple[tuple[str, ...], Rendition]]:
    """Read scanned sheets: for each page, by number from 1, the texts of its QR codes and its stored picture.

    Args:
        kind: `Received.kind` of the stored blob: `pdf`, or `photo` for a blob of one page.

    Raises:
        BlobMissing: no such blob.
        FileRefused: the blob cannot be drawn or has no such page.
        WorkerUnavailable: try again later.
    """
    with storage.open(sha256) as stream:
        data = stream.read()
    values, made = (pool or default_pool()).run("sheets", {"kind": kind, "pages": list(pages)}, [data])
    stored = _store(values["renditions"], made, storage)
    return [(tuple(texts), picture) for texts, picture in zip(values["texts"], stored.values(), strict=True)]


def _store(heads: list[dict[str, Any]], made: list[bytes], storage: Storage) -> Mapping[str, Rendition]:
    renditions = {}
    for head, data in zip(heads, made, strict=True):
        blob = storage.put(data)
        size = (int(head["width"]), int(head["height"]))
        renditions[str(head["name"])] = Rendition(blob.sha256, str(head["media_type"]), *size, blob.bytes)
    return renditions
