"""The PDF forms that the press writes itself, read back by qpdf's library."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.pdfobjects import (
    HEADER,
    Offsets,
    information,
    metadata,
    number,
    pdf_day,
    stream,
    text_string,
    trailer,
    wrap,
)
from tests.certificates.readers import failures


def document(*bodies: bytes) -> pikepdf.Pdf:
    """Return a file of a catalog, an empty page tree, and further objects from number 3 on."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", *bodies]
    data, offsets = HEADER, Offsets()
    for place, body in enumerate(objects, 1):
        offsets.put(place, len(data))
        data += wrap(place, body)
    data += b"".join(offsets.table()) + trailer(len(objects), bytes(16), len(data), None)
    return pikepdf.open(io.BytesIO(data))


@given(st.binary(max_size=200))
def test_a_stream_gives_back_its_bytes(data: bytes) -> None:
    assert document(stream(b"", data)).get_object(3, 0).read_raw_bytes() == data


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"endstream"])
def test_data_may_end_like_a_line(end: bytes) -> None:
    pdf = io.BytesIO()
    opened = document(stream(b"", b"x" + end))
    assert opened.get_object(3, 0).read_raw_bytes() == b"x" + end
    opened.save(pdf)
    assert stream(b"", b"x" + end).endswith(end + b"\r\nendstream")


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_a_text_string_gives_back_its_text(text: str) -> None:
    assert str(document(b"<</T%s>>" % text_string(text)).get_object(3, 0).T) == text


@pytest.mark.parametrize(("value", "text"), [(12, b"12"), (12.0, b"12"), (-0.5, b"-0.50"), (595.2756, b"595.28")])
def test_numbers_are_short(value: float, text: bytes) -> None:
    assert number(value) == text


def test_dates_are_midnight_in_vietnam_in_both_places() -> None:
    assert pdf_day("2026-09-01") == b"D:20260901000000+07'00'"
    assert b"<xmp:CreateDate>2026-09-01T00:00:00+07:00<" in metadata("x", "2026-09-01", accessible=False)
    assert b"/CreationDate(D:20260901000000+07'00')" in information("x", "2026-09-01")


def test_a_title_with_markup_stays_a_title() -> None:
    assert b"<rdf:li xml:lang=\"x-default\">a &lt;b&gt; &amp; c</rdf:li>" in metadata("a <b> & c", "2026-09-01", accessible=True)


def test_the_validator_sees_a_wrong_file() -> None:
    pdf = io.BytesIO()
    document().save(pdf)
    assert failures(pdf.getvalue(), "3b") != []
