"""What layout has decided about a design, as plain values that can be kept on disk."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the lower left corner of the page."""


@dataclass(frozen=True, slots=True)
class PieceStyle:
    """How a piece of text is set: face key, colour as `r g b` from 0 to 1, spacing in points."""

    face: str
    colour: str
    spacing_pt: float
    capitals: bool


@dataclass(frozen=True, slots=True)
class BlockMeasure:
    """A block's room: left edge and width in points, alignment, and the style of each piece."""

    left: float
    width: float
    align: str
    size_pt: float
    pieces: tuple[PieceStyle, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """The page in points and all blocks of a design, in the template's order."""

    page_width: float
    page_height: float
    blocks: tuple[BlockMeasure, ...]
