"""The press: contents stamped into a compiled design, one file each, one file for all, or a ZIP.

The ladder: a page is stamped; a state that is new to the design is laid out by WeasyPrint once;
a text that cannot be stamped is drawn by WeasyPrint altogether. `Press.counts` tells how often.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from certificates.compiler import CompiledDesign, compile_design
from certificates.content import CertificateContent
from certificates.design import Design, design_names, load_design
from certificates.drawing import take_drawing
from certificates.errors import BadContents, CertificateError, ContentError
from certificates.fitting import Fitted, State
from certificates.measure import Box
from certificates.printfile import PrintFile
from certificates.rendering import render_fitted, render_slow
from certificates.singlefile import SinglePlan, identifier_of
from certificates.stamping import StampedPage, Stamper, UnstampablePage
from certificates.template import parse_template

__all__ = [
    "CompiledDesign", "Design", "Press", "compile_design", "design_names", "file_name",
    "load_design", "render_slow",
]  # fmt: skip

Sink = Callable[[CertificateContent, bytes], None]


class PdfSigner(Protocol):
    """What the press asks of a signer; see `certificates.signing`."""

    def field(self, plan_room: Box | None) -> bytes:
        """Return the entries of the signature widget for a room on the page, or for none."""

    def seal(self, plan: SinglePlan, objects: list[bytes], identifier: bytes) -> bytes:
        """Return all of the signed file that comes after the plan's head."""

    def sign_file(self, pdf: bytes) -> bytes:
        """Return a finished file signed the ordinary way."""


class Press:
    """Prints certificates of one compiled design; not to be shared between threads.

    Attributes:
        counts: "stamped", "drawn" (by WeasyPrint) and "layouts" (states newly laid out).
    """

    def __init__(self, compiled: CompiledDesign, signer: PdfSigner | None = None) -> None:
        self.compiled = compiled
        self.signer = signer
        self.counts: Counter[str] = Counter()
        self._stamper = Stamper(compiled)
        self._plans: dict[State, SinglePlan] = {}

    def check(self, contents: Iterable[CertificateContent]) -> list[tuple[int, CertificateError]]:
        """Return (place from 1, error) of every content that cannot be printed.

        A serial number or a code that came before is an error, too.
        """
        problems: list[tuple[int, CertificateError]] = []
        seen: set[tuple[str, str]] = set()
        for place, content in enumerate(contents, 1):
            problems.extend((place, error) for error in self._problems(content, seen))
        return problems

    def check_all(self, contents: Iterable[CertificateContent]) -> None:
        """Raise `BadContents` with every problem that `check` finds, if there is any."""
        problems = self.check(contents)
        if problems:
            raise BadContents(problems)

    def stamp(self, content: CertificateContent) -> bytes:
        """Return one certificate as PDF/A-3b: the same content, the same bytes (if unsigned).

        Raises:
            TextTooLong, LetterNotInFont: the content cannot be printed in this design.
        """
        return b"".join(self._parts(content))

    def _parts(self, content: CertificateContent) -> tuple[bytes, bytes]:
        """Return the long beginning that certificates of a layout share, and the rest of the file."""
        page = self._page(content)
        if isinstance(page, UnstampablePage):
            pdf = self._draw(content, page.fitted)
            return b"", pdf if self.signer is None else self.signer.sign_file(pdf)
        plan = self._plans.get(page.state)
        if plan is None:
            plan = self._plans[page.state] = self._plan(page)
        data = content.to_json().encode()
        objects = plan.objects(page, content, data)
        identifier = identifier_of(self.compiled, data)
        if self.signer is not None:
            return plan.head, self.signer.seal(plan, objects, identifier)
        return plan.head, plan.tail(objects, identifier)

    def write_single(self, contents: Iterable[CertificateContent], sink: Sink) -> int:
        """Call `sink(content, pdf)` once for each content, in order; return how many."""
        count = 0
        for content in contents:
            sink(content, self.stamp(content))
            count += 1
        return count

    def write_files(self, contents: Iterable[CertificateContent], folder: Path) -> int:
        """Write every certificate into a file of its own, named by `file_name`; return how many.

        The long beginning that all share is never copied: it goes to each file as it stands.
        """
        count = 0
        place = f"{folder}/"
        for content in contents:
            parts = self._parts(content)
            _write_file(place + file_name(content), parts)
            count += 1
        return count

    def write_combined(
        self, contents: Iterable[CertificateContent], file: BinaryIO, crop_marks: bool = False
    ) -> int:
        """Write all certificates as one PDF, a page each, in order; return how many.

        The file is streamed: memory grows by a few dozen bytes a page. `crop_marks` adds 3 mm
        of bleed and the marks where the paper is cut. A print file is not signed.

        Raises:
            ContentError: there is no content, or one cannot be printed.
        """
        stream = iter(contents)
        first = next(stream, None)
        if first is None:
            raise ContentError("contents", "không có giấy chứng nhận nào để in")
        title = f"Bản in: {self.compiled.design.label}"
        book = PrintFile(file, self.compiled, title, first.issued_on, crop_marks)
        for content in _chain(first, stream):
            page = self._page(content)
            if isinstance(page, UnstampablePage):
                book.add_drawn(take_drawing(self._draw(content, page.fitted), with_text=True))
            else:
                book.add(page)
        book.close()
        return book.pages

    def write_zip(self, contents: Iterable[CertificateContent], file: BinaryIO) -> int:
        """Write a ZIP of single files to a file or pipe; return how many. Nothing is compressed.

        The files are dated by their day of issue, so the same contents give the same bytes.
        """
        count = 0
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for content in contents:
                year, month, day = map(int, content.issued_on.split("-"))
                moment = (max(year, 1980), month, day, 0, 0, 0)
                archive.writestr(zipfile.ZipInfo(file_name(content), moment), self.stamp(content))
                count += 1
        return count

    def _page(self, content: CertificateContent) -> StampedPage | UnstampablePage:
        known = self.compiled.compiled_states
        page = self._stamper.page(content)
        self.counts["layouts"] += self.compiled.compiled_states - known
        self.counts["drawn" if isinstance(page, UnstampablePage) else "stamped"] += 1
        return page

    def _plan(self, page: StampedPage) -> SinglePlan:
        field = b"" if self.signer is None else self.signer.field(page.layout.signature)
        return SinglePlan(self.compiled, page.state, page.layout, field)

    def _draw(self, content: CertificateContent, fitted: list[Fitted | None]) -> bytes:
        design = self.compiled.design
        template = parse_template(design.html)
        return render_fitted(content, design, template, fitted, self.compiled.cache_dir)

    def _problems(
        self, content: CertificateContent, seen: set[tuple[str, str]]
    ) -> Iterator[CertificateError]:
        for name, key in (("serial", file_name(content).casefold()), ("code", content.code.casefold())):
            if (name, key) in seen:
                value = getattr(content, name)
                yield ContentError(name, f"“{value}” bị trùng với một dòng trước")
            seen.add((name, key))
        try:
            self._stamper.page(content)
        except CertificateError as error:
            yield error


def file_name(content: CertificateContent) -> str:
    """Return the name of a certificate's file, from its serial number: `00017-GCN-2026.pdf`."""
    stem = re.sub(r"[^0-9A-Za-zĐ]+", "-", content.serial).strip("-") or "certificate"
    return f"{stem}.pdf"


def _write_file(path: str, parts: Sequence[bytes]) -> None:
    """Write a new file in one call to the system, or in more where it takes the bytes in pieces."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        written, size = os.writev(file, parts), sum(map(len, parts))
        if written < size:
            rest = memoryview(b"".join(parts))
            while written < size:
                written += os.write(file, rest[written:])
    finally:
        os.close(file)


def _chain(first: CertificateContent, rest: Iterator[CertificateContent]) -> Iterator[CertificateContent]:
    yield first
    yield from rest
