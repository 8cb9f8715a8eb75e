"""The command line: what it writes, what it refuses, what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certificates.cli import main
from certificates.reference import check_signature
from certificates.samples import sample_contents
from tests.certificates.keys import make_key
from tests.certificates.readers import qr_of, run

SAMPLES = [content.to_dict() for content in sample_contents().values()]


def contents_file(folder: Path, *lines: object) -> Path:
    path = folder / "CONTENTS.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def press(contents: Path, out: Path, *more: str) -> int:
    return main(["press", str(contents), "--design", "provincial", "--out", str(out), *more])


def test_designs_lists_the_four_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["designs"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert names == ["national", "regional", "provincial", "commune"]


def test_press_writes_one_file_a_line_named_after_the_serial(tmp_path: Path) -> None:
    without_notice = [{k: v for k, v in one.items() if k != "notice"} for one in SAMPLES]
    out = tmp_path / "out"
    assert press(contents_file(tmp_path, *without_notice, ""), out) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "00001-GCN-2026.pdf", "00017-GCN-2026.pdf", "00352-GCN-CNNT-2026.pdf",
    ]  # fmt: skip
    assert qr_of(out / "00017-GCN-2026.pdf") == "https://kiemtra.example.vn/v/7KQ4-MZ9T-XB2PD"


def test_press_writes_a_print_file_and_a_zip_beside(tmp_path: Path) -> None:
    book, archive = tmp_path / "in.pdf", tmp_path / "tat-ca.zip"
    arguments = ["--combined", str(book), "--crop-marks", "--zip", str(archive)]
    assert press(contents_file(tmp_path, *SAMPLES), tmp_path / "out", *arguments) == 0
    assert "Pages:           3" in run("pdfinfo", book)
    assert archive.read_bytes()[:2] == b"PK"


def test_press_adds_the_line_in_english_where_it_is_asked_for(tmp_path: Path) -> None:
    lines = contents_file(tmp_path, SAMPLES[0])
    assert [press(lines, tmp_path / "vi"), press(lines, tmp_path / "en", "--english")] == [0, 0]
    texts = [run("pdftotext", next((tmp_path / name).iterdir()), "-") for name in ("vi", "en")]
    assert ["Certificate of Typical Rural Industrial Product" in text for text in texts] == [False, True]


def test_press_signs_with_a_key_file_and_its_password(tmp_path: Path) -> None:
    key = make_key(password="mật khẩu")
    (tmp_path / "ky.p12").write_bytes(key.p12)
    (tmp_path / "pass").write_text("mật khẩu\n", encoding="utf-8")
    arguments = ["--sign", str(tmp_path / "ky.p12"), "--sign-pass-file", str(tmp_path / "pass")]
    assert press(contents_file(tmp_path, SAMPLES[0]), tmp_path / "out", *arguments) == 0
    pdf = (tmp_path / "out" / "00001-GCN-2026.pdf").read_bytes()
    assert check_signature(pdf, [key.root]).accepted is True


def test_all_bad_lines_are_told_by_line_and_field_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        SAMPLES[0],
        "{không phải json",
        SAMPLES[1] | {"recipient": "\u202eAn"},
        SAMPLES[1] | {"product_name": "漢"},
        {"serial": "9"},
        SAMPLES[0],
    ]
    out = tmp_path / "out"
    assert press(contents_file(tmp_path, *bad), out) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines[1:]] == ["Dòng 2", "Dòng 3", "Dòng 4", "Dòng 5", "Dòng 6", "Dòng 6"]
    assert ["recipient" in lines[2], "product_name" in lines[3], "title" in lines[4], "serial" in lines[5]] == [True] * 4
    assert out.exists() is False


@pytest.mark.parametrize(
    "arguments",
    [["--design", "khong-co"], ["--sign", "/khong/co.p12"]],
)
def test_what_cannot_be_done_ends_with_a_sentence(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert press(contents_file(tmp_path, SAMPLES[0]), tmp_path / "out", *arguments) == 2
    assert capsys.readouterr().err.startswith("Không in được: ")


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    assert press(contents_file(tmp_path), tmp_path / "out") == 2
    assert press(tmp_path / "khong-co.jsonl", tmp_path / "out") == 2


def test_bytes_that_are_no_unicode_are_refused_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = contents_file(tmp_path, SAMPLES[0], SAMPLES[1])
    path.write_bytes(path.read_bytes().replace("Thủ công".encode(), b"Th\xe1\xba cong"))
    assert press(path, tmp_path / "out") == 1
    assert "Dòng 2: Trường “" in capsys.readouterr().err
