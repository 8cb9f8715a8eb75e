"""PDF papers: looked through for what acts or hides, rewritten without it, counted and drawn.

It runs inside a worker (`uploads.worker`); nothing here trusts its input. What could act is refused, since a paper of a
dossier has no need of it; what is merely superfluous (links, metadata) is taken out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Pdf

from uploads import scans
from uploads.errors import (
    ActiveContent,
    Damaged,
    EmbeddedFiles,
    EncryptedDocument,
    FileRefused,
    Polyglot,
    TooComplex,
    TooManyPages,
)
from uploads.images import Encoded, from_raster, reduced
from uploads.policy import PREVIEW_EDGE_PX, Slot

_ACTING_KEYS = {"/JS": "javascript", "/JavaScript": "javascript", "/XFA": "xfa_form", "/RichMediaContent": "multimedia"}
_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit_form",
    "/ImportData": "submit_form",
    "/GoToR": "remote_document",
    "/GoToE": "remote_document",
    "/Rendition": "multimedia",
    "/Movie": "multimedia",
    "/Sound": "multimedia",
    "/RichMediaExecute": "multimedia",
}
_ANNOTATIONS = dict.fromkeys(("/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"), "multimedia")
_CARRYING_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/Collection"})
_SUPERFLUOUS = {
    "/Metadata": "metadata",
    "/PieceInfo": "metadata",
    "/LastModified": "metadata",
    "/OpenAction": "open_action",
    "/AA": "open_action",
    "/Perms": "digital_signature",
}
_TRAILER_KEYS = frozenset({"/Root", "/ID", "/Size"})
_LIST_EDGE_PX = 400


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned PDF with pictures of its pages; width and height are those of the first picture, or 0 without one."""

    data: bytes
    pages: int
    width_px: int
    height_px: int
    removed: tuple[str, ...]
    previews: tuple[Encoded, ...]


def clean(data: bytes, slot: Slot) -> Document:
    """Return a PDF rewritten without what it should not carry, and pictures of its pages.

    Raises:
        Damaged: it is cut off or no sound PDF.
        EncryptedDocument, ActiveContent, EmbeddedFiles, Polyglot: it is what is refused.
        TooManyPages, TooComplex: beyond the slot's limits.
    """
    removed = _trailing(data)
    try:
        with _opened(data) as pdf:
            pages = _counted(pdf, slot)
            _refuse_what_acts(pdf)
            removed |= _strip(pdf) | scans.clean_pictures(pdf)
            rewritten = _saved(pdf)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # a hostile object can make any access fail
        raise Damaged(kind="pdf") from error
    if zipfile.is_zipfile(io.BytesIO(rewritten)):
        raise Polyglot(kind="pdf", also="zip")
    previews = draw(rewritten, range(1, min(pages, slot.preview_pages) + 1), with_list=True)
    width, height = (previews[0].width_px, previews[0].height_px) if previews else (0, 0)
    return Document(rewritten, pages, width, height, tuple(sorted(removed)), previews)


def _trailing(data: bytes) -> set[str]:
    """Return the code of bytes behind the end; the end itself must be there: a recovered half would pass as a whole."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Damaged(kind="pdf")
    return {"trailing_data"} if data[end + 5 :].strip(b"\r\n\x00 \t") else set()


def _opened(data: bytes) -> Pdf:
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except pikepdf.PasswordError:
        raise EncryptedDocument from None
    if pdf.is_encrypted:
        raise EncryptedDocument
    return pdf


def _counted(pdf: Pdf, slot: Slot) -> int:
    if len(pdf.objects) > slot.max_objects:
        raise TooComplex(limit="objects")
    pages = len(pdf.pages)
    if pages > slot.max_pages:
        raise TooManyPages(pages=pages, limit_pages=slot.max_pages)
    if pages == 0:
        raise Damaged(kind="pdf")
    return pages


def _refuse_what_acts(pdf: Pdf) -> None:
    for one in _dictionaries(pdf):
        keys = set(one.keys())
        if keys & _CARRYING_KEYS or one.get("/Subtype") == Name.FileAttachment or one.get("/Type") == Name.EmbeddedFile:
            raise EmbeddedFiles
        feature = next((_ACTING_KEYS[key] for key in sorted(keys) if key in _ACTING_KEYS), None)
        feature = feature or _ACTIONS.get(_name(one.get("/S"))) or _ANNOTATIONS.get(_name(one.get("/Subtype")))
        if feature is not None:
            raise ActiveContent(feature=feature)


def _name(value: object) -> str:
    return str(value) if isinstance(value, Name) else ""


def _dictionaries(pdf: Pdf) -> Iterator[Any]:
    """Yield every dictionary and stream of the document, in whatever depth, each once; also those that no page uses."""
    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Array):
            waiting.extend(_direct(one))
        elif isinstance(one, (Dictionary, pikepdf.Stream)):
            yield one
            waiting.extend(_direct(one.values()))


def _direct(values: Any) -> list[Any]:
    """Return the containers that stand in place; those behind a reference are visited as objects of the document."""
    return [value for value in values if isinstance(value, Object) and not value.is_indirect]


def _strip(pdf: Pdf) -> set[str]:
    """Take out what says who made the file, opens by itself or leads out of it; return the codes of what was there."""
    removed = {"metadata"} if "/Info" in pdf.trailer else set()
    for key in set(pdf.trailer.keys()) - _TRAILER_KEYS:
        del pdf.trailer[key]
    for one in _dictionaries(pdf):
        for key in set(one.keys()) & set(_SUPERFLUOUS):
            removed.add(_SUPERFLUOUS[key])
            del one[key]
        removed |= _strip_field(one)
    return removed


def _strip_field(one: Any) -> set[str]:
    """Take the target of a link and the value of a signature, which no longer fits the rewritten bytes."""
    if one.get("/Subtype") == Name.Link and isinstance(one.get("/A"), Dictionary) and one.A.get("/S") == Name.URI:
        del one["/A"]
        return {"links"}
    if one.get("/FT") == Name.Sig and "/V" in one:
        del one["/V"]
        return {"digital_signature"}
    return set()


def _saved(pdf: Pdf) -> bytes:
    """Return the reachable objects as a new file; the same input gives the same bytes."""
    target = io.BytesIO()
    pdf.save(
        target,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        preserve_pdfa=False,
    )
    return target.getvalue()


def draw(data: bytes, numbers: Sequence[int], *, with_list: bool = False) -> tuple[Encoded, ...]:
    """Return pictures of pages by number from 1, named `page_<number>`, and one of the first for lists if wanted.

    Raises:
        Damaged: the file cannot be drawn or has no such page.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            pictures = [_drawn(document[number - 1], f"page_{number}") for number in numbers]
    except (pypdfium2.PdfiumError, IndexError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise Damaged(kind="pdf") from error
    if with_list and pictures:
        pictures.append(reduced(pictures[0], "list", _LIST_EDGE_PX))
    return tuple(pictures)


def _drawn(page: pypdfium2.PdfPage, name: str) -> Encoded:
    bitmap = page.render(scale=PREVIEW_EDGE_PX / max(page.get_size()), rev_byteorder=True, may_draw_forms=False)
    try:
        return from_raster(name, bitmap.buffer, (bitmap.width, bitmap.height), bitmap.stride, PREVIEW_EDGE_PX)
    finally:
        bitmap.close()
        page.close()
