"""What may be uploaded where, and what is made of it: values, not code.

The figures are settings with defaults, no law. The regulation asks for three colour photos of 10 x 15 cm; what that
means in pixels, how large a file may be and how many pages a paper may have is the organiser's choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

MEGABYTE = 1_000_000

FULL_EDGE_PX = 3000
"""Longest edge of the stored picture: 25 cm in print at 300 dpi, and half of a 24-megapixel camera's frame, which JPEG
decodes at a quarter of the memory."""
PRINT_SHORT_PX, PRINT_LONG_PX = 1181, 1772
"""Edges of 10 x 15 cm at 300 dpi."""
SHEET_EDGE_PX = 2339
"""Longest edge at which a scanned score sheet is read: 200 dpi on A4, five dots a module of its code."""
SHEET_PICTURE_PX = 1900
"""Longest edge of the picture beside which its figures are keyed in: 160 dpi, enough to enlarge handwriting."""
PREVIEW_EDGE_PX = 1400
"""Longest edge of a page's preview: about 120 dpi on A4, enough to read small print."""
SCAN_DPI = 200
"""A scan of more dots per inch of its page than this is brought down to it when that saves bytes."""

BLURRY_BELOW = 60.0
"""A photo whose sharpest part scores less (variance of the Laplacian at 1024 px) gets the warning `blurry`."""
NEAR_DUPLICATE_BITS = 6
"""Two photos whose perceptual hashes differ in at most so many of 64 bits look the same."""


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """One picture to make of a picture; none is ever larger than its source.

    Attributes:
        name: key in `Received.renditions`.
        format: `jpeg` or `webp`.
        quality: 1 to 95, in the scale of the encoder.
        fit_px: longest edge, or `None`.
        cover_px: short and long edge that must both be reached, for print; left out where the source is smaller.
        keeps_alpha: a picture with see-through parts stays so, as PNG whatever the format says; else it is put on white.
    """

    name: str
    format: str
    quality: int
    fit_px: int | None = None
    cover_px: tuple[int, int] | None = None
    keeps_alpha: bool = False

    def __post_init__(self) -> None:
        if (self.fit_px is None) == (self.cover_px is None) or self.format not in {"jpeg", "webp"}:
            raise ValueError(f"rendition {self.name!r} needs one size and a known format")


FULL = RenditionSpec("full", "jpeg", 88, fit_px=FULL_EDGE_PX)
"""The picture that is stored in place of what was sent."""
PHOTO_RENDITIONS = (
    FULL,
    RenditionSpec("print", "jpeg", 90, cover_px=(PRINT_SHORT_PX, PRINT_LONG_PX)),
    RenditionSpec("page", "jpeg", 82, fit_px=1600),
    RenditionSpec("page_webp", "webp", 78, fit_px=1600),
    RenditionSpec("list", "jpeg", 80, fit_px=400),
    RenditionSpec("list_webp", "webp", 78, fit_px=400),
)
PAPER_RENDITIONS = (
    FULL,
    RenditionSpec("page_1", "jpeg", 80, fit_px=PREVIEW_EDGE_PX),
    RenditionSpec("list", "jpeg", 80, fit_px=400),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """What one place in a form accepts.

    Attributes:
        name: `photo`, `paper` or `scan`; also the key of the hint in a refusal.
        kinds: kinds found by `uploads.sniffing` that are accepted.
        renditions: what is made of a picture; the first is what is stored as the file itself.
        max_bytes: most bytes of the file as sent.
        max_pixels: most pixels (width x height) of a picture, judged from its header.
        min_edge_px: shortest edge that a picture may have.
        max_elongation: most times that the long edge may contain the short one.
        max_pages: most pages of a PDF.
        max_objects: most indirect objects of a PDF.
        preview_pages: pages of a PDF that `receive` draws at once; `intake.draw_pages` draws the others.
    """

    name: str
    kinds: frozenset[str]
    renditions: tuple[RenditionSpec, ...]
    max_bytes: int
    max_pixels: int = 64_000_000
    min_edge_px: int = 200
    max_elongation: int = 8
    max_pages: int = 60
    max_objects: int = 30_000
    preview_pages: int = 60

    def __post_init__(self) -> None:
        numbers = (
            self.max_bytes,
            self.max_pixels,
            self.min_edge_px,
            self.max_elongation,
            self.max_pages,
            self.max_objects,
        )
        if not self.kinds or not self.renditions or min(numbers) < 1 or self.preview_pages < 0:
            raise ValueError(f"slot {self.name!r} accepts nothing")


PICTURE_KINDS = frozenset({"jpeg", "png", "webp", "heic"})

PHOTO = Slot(name="photo", kinds=PICTURE_KINDS, renditions=PHOTO_RENDITIONS, max_bytes=25 * MEGABYTE)
"""A photo of the product, from a phone or a camera."""
PAPER = Slot(name="paper", kinds=PICTURE_KINDS | {"pdf"}, renditions=PAPER_RENDITIONS, max_bytes=30 * MEGABYTE)
"""A paper of the dossier: a scan as PDF, or a picture of the sheet."""

LABEL = Slot(name="label", kinds=PICTURE_KINDS, renditions=(FULL,), max_bytes=25 * MEGABYTE)
"""A photo of a label, for the sake of its QR code alone; nobody keeps it."""

SCAN = Slot(
    name="scan",
    kinds=PICTURE_KINDS | {"pdf"},
    renditions=(FULL,),
    max_bytes=60 * MEGABYTE,
    max_pages=120,
    preview_pages=0,
)
"""A batch of scanned score sheets as one PDF, or a picture of one sheet; the job that reads its pages draws them."""

SLOTS: Mapping[str, Slot] = {slot.name: slot for slot in (PHOTO, PAPER, SCAN)}
"""The slots by name."""


def limited(slot: Slot, *, max_bytes: int | None = None, max_pages: int | None = None) -> Slot:
    """Return `slot` with the organiser's own limits; `None` keeps a limit.

    Raises:
        ValueError: a limit is less than one.
    """
    return replace(
        slot,
        max_bytes=slot.max_bytes if max_bytes is None else max_bytes,
        max_pages=slot.max_pages if max_pages is None else max_pages,
    )


def slot_to_json(slot: Slot) -> dict[str, Any]:
    """Return the slot as plain values for the worker's pipe."""
    return {**asdict(slot), "kinds": sorted(slot.kinds)}


def slot_from_json(values: dict[str, Any]) -> Slot:
    """Return the slot that `slot_to_json` wrote.

    Raises:
        TypeError, ValueError: the values are no slot.
    """
    specs = tuple(
        RenditionSpec(**{**spec, "cover_px": tuple(spec["cover_px"]) if spec["cover_px"] else None})
        for spec in values["renditions"]
    )
    return Slot(**{**values, "kinds": frozenset(values["kinds"]), "renditions": specs})
