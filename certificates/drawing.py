"""The picture of a page without its words, taken out of a PDF that WeasyPrint wrote."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

from certificates.errors import DesignRefused

_REFERENCE = re.compile(rb"\x01(\d+)\x02")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page's picture as a form: content, resources, and the objects that they need.

    References to own objects are written `\\x01N\\x02`, N from 0; `relocated` fills them in.
    """

    content: bytes
    resources: bytes
    objects: tuple[tuple[bytes, bytes | None], ...]

    @property
    def digest(self) -> str:
        """Return a digest that equal pictures share."""
        state = hashlib.sha256(self.content + b"\0" + self.resources)
        for head, data in self.objects:
            state.update(b"\0" + head + b"\0" + (data or b""))
        return state.hexdigest()[:32]

    def relocated(self, number_of: Callable[[int], int]) -> tuple[bytes, list[bytes]]:
        """Return (resources, bodies of the objects) with real object numbers in references."""

        def place(text: bytes) -> bytes:
            return _REFERENCE.sub(lambda match: b"%d 0 R" % number_of(int(match[1])), text)

        bodies = []
        for head, data in self.objects:
            body = place(head)
            bodies.append(body if data is None else b"%s\nstream\n%s\r\nendstream" % (body, data))
        return place(self.resources), bodies


def take_drawing(pdf: bytes, *, with_text: bool = False) -> Drawing:
    """Return the picture of a PDF's only page.

    Args:
        with_text: keep the words and fonts, for a page that could not be stamped.

    Raises:
        DesignRefused: there are words where the press could not find them (in a transparent
            group or a pattern), so that they would be printed twice.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        collector = _Collector(with_text)
        kept = _operators(page, with_text)
        resources = collector.write(_used_resources(page.obj.Resources, kept))
        content = pikepdf.unparse_content_stream(kept)
        return Drawing(zlib.compress(content, 9), resources, tuple(collector.objects))


def _operators(page: pikepdf.Page, with_text: bool) -> list[Any]:
    kept: list[Any] = []
    in_text = False
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        if name == "BT":
            in_text = True
        if not in_text or with_text:
            kept.append(instruction)
        if name == "ET":
            in_text = False
    return kept


def _used_resources(resources: pikepdf.Object, operators: list[Any]) -> pikepdf.Dictionary:
    names = {str(one) for line in operators for one in line.operands if isinstance(one, pikepdf.Name)}
    used = pikepdf.Dictionary()
    for kind, entries in resources.items():
        if isinstance(entries, pikepdf.Dictionary):
            kept = {name: entry for name, entry in entries.items() if name in names}
            if kept:
                used[kind] = pikepdf.Dictionary(kept)
    return used


class _Collector:
    """Writes a tree of PDF objects, giving each indirect one a number from 0."""

    def __init__(self, with_text: bool) -> None:
        self.objects: list[tuple[bytes, bytes | None]] = []
        self._with_text = with_text
        self._numbers: dict[tuple[int, int], int] = {}

    def write(self, value: object) -> bytes:
        """Return the value's PDF text, indirect objects collected on the way."""
        if isinstance(value, pikepdf.Object) and value.is_indirect:
            return self._indirect(value)
        return self._direct(value)

    def _indirect(self, value: pikepdf.Object) -> bytes:
        if not isinstance(value, pikepdf.Stream) and not self._with_text:
            return self._direct(value)
        number = self._numbers.get(value.objgen)
        if number is None:
            number = self._numbers[value.objgen] = len(self.objects)
            self.objects.append((b"", None))
            data = value.read_raw_bytes() if isinstance(value, pikepdf.Stream) else None
            self._refuse_words(value)
            self.objects[number] = (self._direct(value), data)
        return b"\x01%d\x02" % number

    def _direct(self, value: object) -> bytes:
        if isinstance(value, pikepdf.Stream):
            return self._dictionary(value.stream_dict.items())
        if isinstance(value, pikepdf.Dictionary):
            return self._dictionary(value.items())
        if isinstance(value, pikepdf.Array):
            return b"[" + b" ".join(self.write(item) for item in value) + b"]"
        if isinstance(value, pikepdf.Object):
            return value.unparse()
        return pikepdf.Array([value]).unparse()[1:-1].strip()

    def _dictionary(self, items: Iterable[tuple[str, object]]) -> bytes:
        parts = []
        for key, item in sorted(items):
            if key == "/Parent" or (key == "/Font" and not self._with_text):
                continue
            parts.append(pikepdf.Name(key).unparse() + b" " + self.write(item))
        return b"<<" + b" ".join(parts) + b">>"

    def _refuse_words(self, value: pikepdf.Object) -> None:
        if self._with_text or not isinstance(value, pikepdf.Stream):
            return
        is_form = value.get("/Subtype") == "/Form" or "/PatternType" in value
        if is_form and any(str(one.operator) == "BT" for one in pikepdf.parse_content_stream(value)):
            raise DesignRefused("Chữ nằm trong hình, nền lặp hoặc nhóm trong suốt thì máy in không in được.")
