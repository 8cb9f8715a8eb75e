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
from certificates.paperwork.score_code import ScoreSheetCode, parse
from tests.certificates.paperwork.rendered import docx, pdf, word_document

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


def test_a_scan_of_the_printed_sheet_at_100_dpi_gives_the_code(tmp_path: Path) -> None:
    page = pypdfium2.PdfDocument(pdf("score_sheet"))[0]
    assert scanned(page.render(scale=100 / 72).to_pil(), tmp_path) == [PRINTED]


def test_the_sheet_in_word_carries_the_same_code(tmp_path: Path) -> None:
    [picture] = word_document(docx("score_sheet")).part.package.image_parts
    assert scanned(Image.open(io.BytesIO(picture.blob)), tmp_path) == [PRINTED]
