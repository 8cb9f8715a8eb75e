"""Contents into the operators of a page: shaped text at measured places, and a QR picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor

from certificates.compiler import CompiledDesign, PageLayout
from certificates.content import CertificateContent
from certificates.fitting import CACHED_TEXTS, Fitted, State
from certificates.measure import Box
from certificates.pdfobjects import number, stream
from certificates.qr import qr_table
from certificates.wording import printed


@dataclass(frozen=True, slots=True)
class StampedPage:
    """One page ready to be written: the state names its layout, the rest is its own."""

    state: State
    layout: PageLayout
    operators: bytes
    qr_object: bytes


@dataclass(frozen=True, slots=True)
class UnstampablePage:
    """A page that WeasyPrint must draw: it has letters outside the embedded set."""

    fitted: list[Fitted | None]


class Stamper:
    """Turns contents into page operators; keeps what it has shaped, so one a thread."""

    def __init__(self, compiled: CompiledDesign) -> None:
        self.compiled = compiled
        self._letters = {face.key: frozenset(face.letters) for face in compiled.faces}
        self._names = {face.key: b"/F%d" % index for index, face in enumerate(compiled.faces)}
        self._block = lru_cache(maxsize=CACHED_TEXTS)(self._write_block)

    def page(self, content: CertificateContent) -> StampedPage | UnstampablePage:
        """Return the page of a content.

        Raises:
            TextTooLong, LetterNotInFont: the content cannot be printed in this design.
            DesignRefused: a new layout was needed and could not be made.
        """
        fitted, state, layout = self.compiled.settle(printed(content))
        parts = [b"/Artifact BMC\n/D Do\nEMC\n"]
        mark = 0
        for index, one in enumerate(fitted):
            if one is None:
                continue
            part = self._block(index, one, layout.baselines[index], mark)
            if part is None:
                return UnstampablePage(fitted)
            parts.append(part)
            mark += 1
        if layout.qr is not None:
            parts.append(place_qr(layout.qr, mark))
        qr = b"" if layout.qr is None else self.qr_object(content.verify_url)
        return StampedPage(state, layout, b"".join(parts), qr)

    def qr_object(self, url: str) -> bytes:
        """Return the QR code of an address as the body of an image object, dark modules inked."""
        table = qr_table(len(url))
        head = b"/Type/XObject/Subtype/Image/ImageMask true/Decode[1 0]/BitsPerComponent 1"
        return stream(b"%s/Width %d/Height %d" % (head, table.side, table.side), table.image(url))

    def _write_block(
        self, index: int, fitted: Fitted, baselines: tuple[float, ...], mark: int
    ) -> bytes | None:
        block, room = self.compiled.blocks[index], self.compiled.measure.blocks[index]
        for style, texts in zip(room.pieces, zip(*fitted.lines, strict=True), strict=True):
            if not self._letters[style.face].issuperset("".join(texts)):
                return None
        lines = []
        for place, (line, baseline) in enumerate(zip(fitted.lines, baselines, strict=True)):
            is_last = place == len(fitted.lines) - 1
            lines.append(self._write_line(index, line, fitted.size_pt, baseline, is_last))
        operators = b"".join(line for line in lines if line is not None)
        if len(lines) != sum(line is not None for line in lines):
            return None
        return b"/%s<</MCID %d>>BDC\nBT\n%sET\nEMC\n" % (tag_of(block.tag), mark, operators)

    def _write_line(
        self, index: int, line: tuple[str, ...], size: float, baseline: float, is_last: bool
    ) -> bytes | None:
        room = self.compiled.measure.blocks[index]
        faces = self.compiled.fitter.faces
        shaped = [faces[style.face].shape(text) for style, text in zip(room.pieces, line, strict=True)]
        if not all(one.stampable for one in shaped):
            return None
        widths = [
            one.advance * size / 1000 + one.glyphs * style.spacing_pt
            for one, style in zip(shaped, room.pieces, strict=True)
        ]
        left = room.left + (room.width - sum(widths)) * _SHARE[room.align]
        last_piece = max(place for place, text in enumerate(line) if text)
        parts = []
        for place, (style, text) in enumerate(zip(room.pieces, line, strict=True)):
            if not text:
                continue
            # The space between two lines is kept, so that a reader does not join their words.
            shown = text if is_last or place != last_piece else text + " "
            kerned_at = size if self.compiled.cut_kerning and not style.spacing_pt else 0.0
            parts.append(
                b"%s %s Tf %s rg %s Tc 1 0 0 1 %.2f %.2f Tm [%s]TJ\n"
                % (
                    self._names[style.face], number(size), style.colour.encode(),
                    b"%.3f" % drawn_spacing(style.spacing_pt, size), left, baseline,
                    faces[style.face].show(shown, kerned_at),
                )
            )  # fmt: skip
            left += widths[place]
        return b"".join(parts)


def drawn_spacing(spacing_pt: float, size_pt: float) -> float:
    """Return letter spacing in whole thousandths of the size, as WeasyPrint writes it."""
    return floor(spacing_pt * 1000 / size_pt) * size_pt / 1000


_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}
_TAGS = {"h1": b"H1", "h2": b"H2", "h3": b"H3"}


def tag_of(html_tag: str) -> bytes:
    """Return the structure type of a block."""
    return _TAGS.get(html_tag, b"P")


def place_qr(room: Box, mark: int) -> bytes:
    """Return the operators that print the QR picture in its box."""
    left, bottom, right, top = room
    return b"/Figure<</MCID %d>>BDC\nq 0 g %.2f 0 0 %.2f %.2f %.2f cm /Q Do Q\nEMC\n" % (
        mark, right - left, top - bottom, left, bottom,
    )  # fmt: skip

