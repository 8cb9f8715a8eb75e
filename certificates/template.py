"""A design's HTML taken apart: blocks of text made of fixed words and fields, and back again.

A block is an element that holds text directly, such as `<p>Số: <b data-field="serial"></b></p>`.
Every stretch of its text becomes a piece. Where lines break is decided once, by
`certificates.fitting`; both roads to paper are then told, so that they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from certificates.errors import DesignRefused
from certificates.wording import FIELDS, QR_FIELD, SIGNATURE_FIELD

INLINE_TAGS = frozenset(["b", "strong", "i", "em", "span", "small"])
FORBIDDEN_TAGS = frozenset(
    (
        "script", "style", "link", "iframe", "object", "embed", "form", "input", "textarea", "select",
        "button", "base", "meta", "audio", "video", "source", "br", "a", "template",
    )
)  # fmt: skip
MAX_DEPTH = 24
MAX_BLOCKS = 80

_ATTRIBUTES = frozenset(
    ["class", "id", "style", "lang", "src", "alt", "data-field", "data-fit", "data-yields", "title", "width", "height"]
)
_STEP = re.compile(r"(\d{1,2}(?:\.\d+)?)/(\d)")

# The lines of one block: for each line, the text of every piece ("" where a piece is elsewhere).
Lines = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: fixed words, or the place of a field."""

    text: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a block's ladder of sizes: `size_pt` if the text takes at most `lines`."""

    size_pt: float
    lines: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text.

    Attributes:
        ladder: sizes to try in turn; empty where the design gives no `data-fit`.
        yields: whether it starts lower on its ladder where the page gets crowded.
    """

    tag: str
    pieces: tuple[Piece, ...]
    ladder: tuple[Step, ...] = ()
    yields: bool = False

    @property
    def is_fixed(self) -> bool:
        """Return whether the block prints the same words on every certificate."""
        return not any(piece.field for piece in self.pieces)

    def texts(self, values: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the text of every piece, or `None` where all fields of the block are empty."""
        if not self.is_fixed and not any(values[p.field] for p in self.pieces if p.field):
            return None
        return tuple(values[p.field] if p.field else p.text for p in self.pieces)


@dataclass(frozen=True)
class Template:
    """The blocks of a design in reading order, and the tree that they are printed in."""

    root: ET.Element
    blocks: tuple[Block, ...]


def parse_template(html: str) -> Template:
    """Read a design's HTML.

    Raises:
        DesignRefused: it uses what no certificate may or can use; the sentence names it.
    """
    from tinyhtml5 import parse  # type: ignore[import-untyped]

    root: ET.Element = parse(html, namespace_html_elements=False)
    body = root.find("body")
    if body is None:
        raise DesignRefused("Mẫu giấy không có phần thân.")
    _check(body, 0)
    root.set("lang", "vi")
    head = root.find("head")
    if head is not None:
        head.clear()
    blocks: list[Block] = []
    for element in list(_block_elements(body)):
        element.set("data-block", str(len(blocks)))
        blocks.append(_take_apart(element, len(blocks)))
    if not any(not block.is_fixed for block in blocks):
        raise DesignRefused("Mẫu giấy không có trường nào (data-field).")
    if len(blocks) > MAX_BLOCKS:
        raise DesignRefused(f"Mẫu giấy có quá {MAX_BLOCKS} khối chữ.")
    return Template(root, tuple(blocks))


def fill(
    template: Template,
    lines: Sequence[Lines | None],
    sizes: Sequence[float | None],
    qr_image: str,
) -> str:
    """Return the HTML with every block's lines and size (pt) set, and the QR picture's address.

    A block whose lines are `None` is left out. The template's own tree is not changed.
    """
    root = ET.fromstring(ET.tostring(template.root, encoding="unicode"))
    for parent in list(root.iter()):
        for element in list(parent):
            number = element.get("data-block")
            if number is not None and lines[int(number)] is None:
                parent.remove(element)
    for element in root.iter():
        number = element.get("data-block")
        if number is not None:
            _fill_block(element, lines[int(number)] or (), sizes[int(number)])
        elif element.get("data-field") == QR_FIELD:
            element.set("src", qr_image)
    return "<!doctype html>" + ET.tostring(root, encoding="unicode", method="html")


def _check(element: ET.Element, depth: int) -> None:
    tag = element.tag
    if depth > MAX_DEPTH:
        raise DesignRefused(f"Các thẻ HTML lồng nhau quá {MAX_DEPTH} lớp.")
    if not isinstance(tag, str):
        element.text = ""
        return
    if tag in FORBIDDEN_TAGS or not re.fullmatch(r"[a-z][a-z0-9]*", tag):
        raise DesignRefused(f"Mẫu giấy không được dùng thẻ <{tag}>.")
    for name in element.attrib:
        if name not in _ATTRIBUTES:
            raise DesignRefused(f"Thẻ <{tag}> không được có thuộc tính “{name}”.")
    _check_field(element)
    for child in element:
        _check(child, depth + 1)


def _check_field(element: ET.Element) -> None:
    name = element.get("data-field")
    if name is None:
        return
    if name == QR_FIELD and element.tag != "img":
        raise DesignRefused("Trường qr phải là một thẻ <img>.")
    if name not in (*FIELDS, QR_FIELD, SIGNATURE_FIELD):
        raise DesignRefused(f"Không có trường “{name}”. Các trường: {', '.join(FIELDS)}.")
    if len(element) or (element.text or "").strip():
        raise DesignRefused(f"Thẻ của trường “{name}” phải để trống.")


def _block_elements(body: ET.Element) -> Iterator[ET.Element]:
    for element in body.iter():
        if element.tag in INLINE_TAGS or not isinstance(element.tag, str):
            continue
        if _holds_text(element):
            yield element


def _holds_text(element: ET.Element) -> bool:
    name = element.get("data-field")
    if name is not None:
        return name in FIELDS
    texts = [element.text, *(child.tail for child in element)]
    return any((text or "").strip() for text in texts) or any(
        child.tag in INLINE_TAGS for child in element
    )


def _take_apart(block: ET.Element, number: int) -> Block:
    """Turn a block's text into pieces and mark each with a span in the tree."""
    pieces: list[Piece] = []

    def piece(parent: ET.Element, one: Piece) -> None:
        span = ET.SubElement(parent, "span", {"data-piece": f"{number}.{len(pieces)}"})
        span.text = one.text
        pieces.append(one)

    def walk(element: ET.Element) -> None:
        children, text = list(element), element.text or ""
        for child in children:
            element.remove(child)
        element.text = None
        if element.get("data-field"):
            piece(element, Piece(field=str(element.get("data-field"))))
        if text:
            piece(element, Piece(text=text))
        for child in children:
            if child.tag not in INLINE_TAGS:
                raise DesignRefused(f"Trong một khối chữ không được có thẻ <{child.tag}>.")
            tail, child.tail = child.tail, None
            element.append(child)
            walk(child)
            if tail:
                piece(element, Piece(text=tail))

    walk(block)
    cleaned = _collapse(pieces)
    ladder = _ladder(block.get("data-fit", ""))
    return Block(str(block.tag), cleaned, ladder, yields="data-yields" in block.attrib)


def _collapse(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Collapse white space as a browser would: runs to one space, none at the block's ends."""
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        text = re.sub(r"\s+", " ", piece.text)
        if index == 0:
            text = text.lstrip(" ")
        if index == len(pieces) - 1:
            text = text.rstrip(" ")
        result.append(Piece(text, piece.field))
    return tuple(result)


def _ladder(text: str) -> tuple[Step, ...]:
    steps = []
    for word in text.split():
        match = _STEP.fullmatch(word)
        if match is None or not 4 <= float(match[1]) <= 99 or int(match[2]) < 1:
            raise DesignRefused(f"data-fit có bậc “{word}” không hiểu được; ví dụ đúng: 26/2.")
        steps.append(Step(float(match[1]), int(match[2])))
    return tuple(steps)


def _fill_block(element: ET.Element, lines: Lines, size: float | None) -> None:
    if size is not None:
        element.set("style", f"{element.get('style', '')};font-size:{size}pt")
    for span in element.iter("span"):
        mark = span.get("data-piece")
        if mark is not None:
            _fill_piece(span, lines, int(mark.split(".")[1]))


def _fill_piece(span: ET.Element, lines: Lines, piece: int) -> None:
    span.text = ""
    last: ET.Element | None = None
    for number, line in enumerate(lines):
        if last is None:
            span.text += line[piece]
        else:
            last.tail = (last.tail or "") + line[piece]
        ends_here = max(index for index, text in enumerate(line) if text) == piece
        if ends_here and number < len(lines) - 1:
            last = ET.SubElement(span, "br")
