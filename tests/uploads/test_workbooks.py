import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from tests.uploads import bad_input, samples
from uploads.errors import FileRefused, TooManyBytes
from uploads.workbooks import WorkbookLimits, read


def workbook(fill=lambda book: book.add_worksheet("Cơ sở").write_string(0, 0, "Tên"), **options) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        fill(book)
    return buffer.getvalue()


def changed(data: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one more or another part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return buffer.getvalue()


def send(data: bytes, pool, name: str = "Danh sách.xlsx", **options):
    return read(io.BytesIO(data), name, pool=pool, **options)


def test_values_come_out_as_they_were_typed(pool):
    def fill(book) -> None:
        first = book.add_worksheet("Cơ sở")
        first.write_row(0, 0, ["Tên", "Số lao động", "Ngày cấp"])
        first.write_string(2, 0, "Hợp tác xã Mây Thử Nghiệm")
        first.write_number(2, 1, 12.5)
        first.write_datetime(2, 2, date(2026, 7, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        first.write_boolean(2, 3, True)
        book.add_worksheet("Trống")

    assert send(workbook(fill), pool) == {
        "Cơ sở": [
            ["Tên", "Số lao động", "Ngày cấp", None],
            [None, None, None, None],
            ["Hợp tác xã Mây Thử Nghiệm", 12.5, "2026-07-01", True],
        ],
        "Trống": [],
    }


def test_rows_and_columns_count_from_the_corner(pool):
    def fill(book) -> None:
        book.add_worksheet("A").write_string(2, 1, "x")

    assert send(workbook(fill), pool) == {"A": [[None, None], [None, None], [None, "x"]]}


def test_a_formula_is_its_saved_value_and_nothing_more(pool):
    def fill(book) -> None:
        book.add_worksheet("A").write_formula(0, 0, '=HYPERLINK("http://example.invalid/","bấm")', None, "bấm")

    assert send(workbook(fill), pool) == {"A": [["bấm"]]}


def test_text_that_looks_like_a_formula_stays_text(pool):
    def fill(book) -> None:
        book.add_worksheet("A").write_string(0, 0, "=1+1")

    assert send(workbook(fill), pool) == {"A": [["=1+1"]]}


REFUSED = {
    "zero bytes": (lambda: b"", "empty_file"),
    "a picture": (samples.jpeg, "kind_not_allowed"),
    "another archive": (bad_input.zipped, "kind_not_allowed"),
    "a macro": (lambda: changed(workbook(), "xl/vbaProject.bin", b"x"), "kind_not_allowed"),
    "a bomb of formulas": (
        lambda: changed(workbook(), "xl/worksheets/sheet1.xml", b"<c><f>A1+1</f></c>" * 4_000_000),
        "workbook_too_large",
    ),
    "cut in the middle": (lambda: workbook()[:2000], "damaged"),
    "a broken sheet": (lambda: changed(workbook(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), "damaged"),
    "a sheet with a script of entities": (
        lambda: changed(
            workbook(),
            "xl/worksheets/sheet1.xml",
            b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&x;</v></c></row></sheetData></worksheet>',
        ),
        "damaged",
    ),
    "two cells a whole sheet apart": (
        lambda: workbook(
            lambda book: [
                sheet.write_string(*at, "x") for sheet in [book.add_worksheet()] for at in ((0, 0), (1048575, 16383))
            ]
        ),
        "too_complex",
    ),
    "too many cells": (
        lambda: workbook(lambda book: book.add_worksheet().write_string(2000, 199, "x")),
        "workbook_too_large",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_workbook_is_refused(name, pool):
    make, code = REFUSED[name]
    with pytest.raises(FileRefused) as caught:
        send(make(), pool)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["a.xlsm", "a.zip", "a.docx", "a"])
def test_a_workbook_is_named_as_one(name, pool):
    with pytest.raises(FileRefused) as caught:
        send(workbook(), pool, name)
    assert caught.value.code == "name_contradicts_content"


def test_a_size_that_lies_in_the_list_of_contents_does_not_help(pool):
    """The list says one byte; the sheet unpacks to 300 MB; the worker's own cap holds."""
    data = bytearray(changed(workbook(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + b" " * 300_000_000))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    with pytest.raises(FileRefused):
        send(bytes(data), pool)


def test_bytes_are_limited(pool):
    with pytest.raises(TooManyBytes):
        send(workbook(), pool, limits=WorkbookLimits(max_bytes=1000))
    with pytest.raises(TooManyBytes):
        send(b"", pool, declared_bytes=2_000_000_000)
