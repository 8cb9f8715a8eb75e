"""The parts that every paper is made of. A form composes them once; PDF and DOCX are both written from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Align = Literal["left", "center", "right", "justify"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in bold or italics."""

    text: str
    bold: bool = False
    italic: bool = False


#: What can stand in a paragraph or a cell: plain text, or a mix of plain text and runs.
Text = str | Run | tuple[str | Run, ...]


def bold(text: str) -> Run:
    """The text in bold."""
    return Run(text, bold=True)


def italic(text: str) -> Run:
    """The text in italics."""
    return Run(text, italic=True)


def runs(text: Text) -> tuple[Run, ...]:
    """Any text as a row of runs."""
    parts = text if isinstance(text, tuple) else (text,)
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Head:
    """Quốc hiệu and tiêu ngữ on the right; agency, number and subject on the left; place and date.

    Without an agency (a citizen's or a facility's own paper) quốc hiệu and tiêu ngữ stand in the middle of the page.

    Attributes:
        agency_above: the superior agency, or "". agency: who issues, or "".
        number_line: `Số: 05/QĐ-UBND`, or "". subject: the `V/v` line of a letter, or "".
        place_and_day: the italic line, or "" to leave it to the signature.
    """

    agency_above: str = ""
    agency: str = ""
    number_line: str = ""
    subject: str = ""
    place_and_day: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The kind of paper in capitals, the abstract under it, and an italic note such as `(Kèm theo ...)`."""

    kind: str
    abstract: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the body. It never stands alone at the foot of a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: Text
    align: Align = "justify"
    indent: bool = True
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """`Label: value`, or a dotted line to write on when there is no value. `lines` is the number of dotted lines."""

    label: str
    value: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its head, its share of the width and how its cells stand."""

    head: str
    weight: float = 1.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A table row. A `group` row has one cell over all columns; a `total` row is bold."""

    cells: tuple[Text, ...]
    kind: Literal["body", "group", "total"] = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: the head is repeated on each page, a row is never torn apart.

    Attributes:
        row_height_mm: least height of the body rows, for cells that a hand writes in.
        small: set for wide tables with many columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    row_height_mm: float = 0.0
    small: bool = False


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """Where one person signs: lines of capacity in capitals, an italic hint, room for the hand, the name."""

    lines: tuple[str, ...]
    name: str = ""
    hint: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signature places side by side, never parted by a page break; recipients (nơi nhận) at the left if any."""

    places: tuple[SignaturePlace, ...]
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the given width in mm; `alt` says what it shows. PNG or JPEG."""

    data: bytes = field(repr=False)
    media_type: str
    width_mm: float
    alt: str
    caption: str = ""
    max_height_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Fields at the left and a picture at the right, as the head of the score sheet has it."""

    fields: tuple[Field, ...]
    picture: Picture


@dataclass(frozen=True, slots=True)
class Fine:
    """Small print: digests and the form's source."""

    lines: tuple[str, ...]


Block = Head | Title | Heading | Paragraph | Field | Table | Signatures | Picture | Beside | Fine


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that begin on a page of their own, with page numbers of their own (the body, each annex).

    Attributes:
        mark: page number and number of pages -> the picture by which a scanner tells that page: on page 1 in place of
            the picture of `Beside`, on the others in the upper margin with its caption. PDF only: Word knows no pages.
        snug: whether the section is set closer where that brings it onto one page.
    """

    blocks: tuple[Block, ...]
    landscape: bool = False
    mark: Callable[[int, int], Picture] | None = None
    snug: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `made_on` stands in the file's properties, so that the bytes depend on the content alone."""

    title: str
    sections: tuple[Section, ...]
    made_on: date | None = None
    source: str = ""
    version: str = ""
