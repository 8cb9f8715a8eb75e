"""What kind a file is, judged by its bytes, and whether its name agrees."""

from __future__ import annotations

import io
import zipfile

from uploads.errors import EmptyFile, KindNotAllowed, NameContradictsContent, Polyglot, UnknownKind
from uploads.names import split_suffix
from uploads.policy import PICTURE_KINDS, Slot

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
}
"""Kind to the media type under which it is served."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "zip"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_SUFFIXES = {
    ".jpg": PICTURE_KINDS,
    ".jpeg": PICTURE_KINDS,
    ".jpe": PICTURE_KINDS,
    ".jfif": PICTURE_KINDS,
    ".png": PICTURE_KINDS,
    ".webp": PICTURE_KINDS,
    ".heic": PICTURE_KINDS,
    ".heif": PICTURE_KINDS,
    ".pdf": frozenset({"pdf"}),
}


def sniff(data: bytes) -> str:
    """Return the kind that the first bytes show: a key of `errors.KIND_NAMES`.

    The signature must stand at offset 0: a file that hides its signature behind other bytes is of another kind too.

    Raises:
        EmptyFile: no byte.
        UnknownKind: no known signature.
    """
    if not data:
        raise EmptyFile
    head = data[:1024]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    found = _container_kind(head) or _markup_kind(head)
    if found is None:
        raise UnknownKind
    return found


def _container_kind(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] != b"ftyp":
        return None
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(64, len(head)), 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & _HEIC_BRANDS else None


def _markup_kind(head: bytes) -> str | None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "svg"
    return "html" if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<script", b"<!--")) else None


def admit(data: bytes, filename: str, slot: Slot) -> str:
    """Return the kind of a file that this slot takes under this name.

    A picture may bear the suffix of another kind of picture: phones and messengers do that, and it is encoded anew.

    Raises:
        EmptyFile: no byte.
        UnknownKind: no known signature.
        KindNotAllowed: the slot does not take this kind.
        NameContradictsContent: the suffix promises something else.
        Polyglot: a PDF that is a ZIP archive too.
    """
    kind = sniff(data)
    if kind not in slot.kinds:
        raise KindNotAllowed(kind=kind, slot=slot.name)
    _, suffix = split_suffix(filename)
    if suffix and kind not in _SUFFIXES.get(suffix, frozenset()):
        raise NameContradictsContent(suffix=suffix, kind=kind)
    if kind == "pdf" and zipfile.is_zipfile(io.BytesIO(data)):
        raise Polyglot(kind=kind, also="zip")
    return kind
