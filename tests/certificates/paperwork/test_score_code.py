"""The QR on a paper sheet says which sheet it is, and nothing else is taken for one."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from certificates.paperwork.errors import BadScoreCode
from certificates.paperwork.forms.judging import code_of
from certificates.paperwork.registry import render
from certificates.paperwork.score_code import ScoreSheetCode, parse
from tests.certificates.paperwork.rendered import docx, pdf, word_document
from tests.certificates.paperwork.samples import SHEET

CODE = ScoreSheetCode("T26", "SM-001", "GK03", 1, "B2" * 32)
PRINTED = "TB1:T26:SM-001:GK03:1:B2B2B2B2B2B2B2B2"
_part = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./+-", min_size=1, max_size=32)


def scanned(picture: Image.Image, folder: Path) -> list[str]:
    """The QR texts that zbarimg reads in a picture."""
    file = folder / "scan.png"
    picture.save(file)
    done = subprocess.run(["zbarimg", "--raw", "-q", str(file)], capture_output=True, check=True)
    return done.stdout.decode().splitlines()


def test_the_code_names_round_entry_judge_stage_and_rubric() -> None:
    assert CODE.text() == PRINTED


@given(_part, _part, _part, st.integers(1, 9), st.text("0123456789abcdef", min_size=16, max_size=64))
def test_what_is_printed_is_read_back(round_code: str, entry: str, judge: str, stage: int, digest: str) -> None:
    code = ScoreSheetCode(round_code, entry, judge, stage, digest)
    assert parse(code.text()) == code


@pytest.mark.parametrize(
    "text",
    [
        "", "https://example.test", "TB2:T26:SM-001:GK03:1:B2B2B2B2B2B2B2B2", PRINTED + ":X", PRINTED[:-1],
        "TB1:T26:SM-001:GK03:0:B2B2B2B2B2B2B2B2", "TB1:T26::GK03:1:B2B2B2B2B2B2B2B2",
        "TB1:T26:SM 001:GK03:1:B2B2B2B2B2B2B2B2", "TB1:T26:SM-001:GK03:1:Z2B2B2B2B2B2B2B2",
        PRINTED.replace("TB1", "TB2") + ":", PRINTED.replace("TB1", "TB2") + ":ABCDEFGHIJKLMNO1", PRINTED + ":ABCDEFGHIJKLMNOP",
        "TB1:T26:SM-001:GK03:¹:B2B2B2B2B2B2B2B2", "TB1:T26:SM-001:GK03\n:1:B2B2B2B2B2B2B2B2",
    ],
)  # fmt: skip
def test_other_codes_are_refused(text: str) -> None:
    with pytest.raises(BadScoreCode):
        parse(text)


def test_a_seal_holds_for_one_key_and_for_every_part_of_the_code() -> None:
    sealed = CODE.sealed(b"key")
    assert parse(sealed.text()) == sealed
    assert (sealed.text(), len(sealed.seal)) == (PRINTED.replace("TB1", "TB2") + ":" + sealed.seal, 16)
    assert sealed.is_sealed_by(b"key")
    changed = [
        replace(sealed, round_code="T27"),
        replace(sealed, entry_code="SM-002"),
        replace(sealed, judge_code="GK04"),
        replace(sealed, stage=2),
        replace(sealed, rubric_digest="A" * 16),
        replace(sealed, seal=sealed.seal[::-1]),
        CODE,
    ]
    assert [code.is_sealed_by(b"key") for code in changed] == [False] * 7
    assert not sealed.is_sealed_by(b"another key")


def test_a_page_has_its_number_outside_the_seal_and_the_sheet_has_none() -> None:
    sealed = CODE.sealed(b"key")
    second = sealed.of_page(2, 3)
    assert second.text() == PRINTED.replace("TB1", "TB3") + f":{sealed.seal}:2/3"
    assert (parse(second.text()), second.sheet, second.is_sealed_by(b"key")) == (second, sealed, True)
    assert not replace(second, stage=2).is_sealed_by(b"key")


@pytest.mark.parametrize("page", ["", "0/2", "3/2", "1/10", "1", "1/2/3", "¹/2", "1/2x"])
def test_a_page_that_no_sheet_has_is_refused(page: str) -> None:
    with pytest.raises(BadScoreCode):
        parse(CODE.sealed(b"key").of_page(1, 2).text().removesuffix("1/2") + page)


def test_a_sheet_without_a_seal_has_no_pages() -> None:
    with pytest.raises(BadScoreCode):
        CODE.of_page(1, 2)


def read(data: bytes, folder: Path) -> list[list[str]]:
    """The QR texts of each page of a PDF, seen at 150 dpi."""
    with pypdfium2.PdfDocument(data) as document:
        return [scanned(page.render(scale=150 / 72).to_pil(), folder) for page in document]


def test_the_common_sheet_is_one_page_and_says_so(tmp_path: Path) -> None:
    sheet = replace(SHEET, seal=CODE.sealed(b"key").seal)
    assert read(render("score_sheet", sheet), tmp_path) == [[code_of(sheet).of_page(1, 1).text()]]


def test_a_longer_sheet_has_its_code_on_every_page(tmp_path: Path) -> None:
    sheet = replace(SHEET, seal=CODE.sealed(b"key").seal, criteria=SHEET.criteria * 5)
    code = code_of(sheet)
    assert read(render("score_sheet", sheet), tmp_path) == [[code.of_page(number, 3).text()] for number in (1, 2, 3)]


def test_a_scan_of_the_printed_sheet_at_100_dpi_gives_the_code(tmp_path: Path) -> None:
    page = pypdfium2.PdfDocument(pdf("score_sheet"))[0]
    assert scanned(page.render(scale=100 / 72).to_pil(), tmp_path) == [PRINTED]


def test_the_sheet_in_word_carries_the_same_code(tmp_path: Path) -> None:
    [picture] = word_document(docx("score_sheet")).part.package.image_parts
    assert scanned(Image.open(io.BytesIO(picture.blob)), tmp_path) == [PRINTED]
