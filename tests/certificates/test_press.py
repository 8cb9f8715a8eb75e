"""The press against the slow road, by text, by word boxes and by picture; and its files."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageChops, ImageFilter

from certificates.content import CertificateContent
from certificates.embedding import VIETNAMESE_LETTERS
from certificates.errors import BadContents, ContentError, LetterNotInFont, TextTooLong
from certificates.press import Press, compile_design, design_names, file_name, load_design, render_slow
from certificates.samples import sample_contents
from tests.certificates.paths import CACHE
from tests.certificates.readers import failures, is_sound, picture_of, qr_of, run, text_of, words_of

Presses = Callable[[str], Press]
DPI = 100
USUAL = sample_contents()["usual"]
ACCENTED = [letter for letter in VIETNAMESE_LETTERS if not letter.isascii()]

HARD_NAMES = [
    "A",
    "Nón lá “Bài thơ” – loại 1 & 2 (100% lá cọ)",
    "<b>Rượu</b> &amp; 'mật' \\ (ong) [rừng]",
    "https://vi.example.vn/mot/duong/dan/rat/dai/khong/co/dau/cach/nao/ca/de/ngat/dong/cho/dung/cach",
    "W" * 300,
    "Ẫ" * 120,
    "Bánh " * 60,
    "Máy sấy 1.500 kg/mẻ, 380 V – ½ HP, ±2°C, 10 m²",
    "Cà phê Ê-đê K’Ho Čư̆ M’gar",
    "Thuỷ tinh ỵ ỷ ỹ Ỵ Ỷ Ỹ",
    "ĐẶC SẢN TRUYỀN THỐNG LÀNG NGHỀ ĐƯỜNG THỐT NỐT",
]


def with_(**changes: str) -> CertificateContent:
    return dataclasses.replace(USUAL, **changes)


def saved(folder: Path, name: str, pdf: bytes) -> Path:
    path = folder / name
    path.write_bytes(pdf)
    return path


def stamped(press: Press, content: CertificateContent) -> bytes:
    """Return a file that was stamped, and not drawn by WeasyPrint in the press's stead."""
    before = press.counts["drawn"]
    pdf = press.stamp(content)
    assert press.counts["drawn"] == before
    return pdf


def farthest_apart(one: Path, other: Path) -> int:
    """Return the greatest difference of two pictures, 0 to 255, seen slightly out of focus.

    The QR code is left out: as path and as picture its edges fall on other pixels. It is read
    by zbar elsewhere.
    """
    blurred = [picture_of(path, DPI).filter(ImageFilter.GaussianBlur(1.2)) for path in (one, other)]
    difference = ImageChops.difference(*blurred).convert("L")
    difference.paste(0, tuple(round(mm / 25.4 * DPI) for mm in (36, 145, 64, 172)))
    return int(difference.getextrema()[1])


def test_the_comparison_of_pictures_sees_one_missing_letter(press_of: Presses, tmp_path: Path) -> None:
    paths = [
        saved(tmp_path, f"{index}.pdf", press_of("commune").stamp(with_(group=group)))
        for index, group in enumerate(("Nhóm sản phẩm khác", "Nhóm sản phâm khác"))
    ]
    assert farthest_apart(*paths) > 32


@pytest.mark.parametrize("sample", sample_contents())
@pytest.mark.parametrize("name", design_names())
def test_press_and_slow_road_print_the_same(
    name: str, sample: str, press_of: Presses, tmp_path: Path
) -> None:
    content = sample_contents()[sample]
    fast = saved(tmp_path, "fast.pdf", stamped(press_of(name), content))
    slow = saved(tmp_path, "slow.pdf", render_slow(content, load_design(name), CACHE))
    ours, theirs = words_of(fast), words_of(slow)
    assert [word for word, *_ in ours] == [word for word, *_ in theirs]
    apart = [abs(a - b) for one, other in zip(ours, theirs, strict=True) for a, b in zip(one[1:], other[1:], strict=True)]
    assert max(apart) <= 0.1
    assert farthest_apart(fast, slow) < 32


@pytest.mark.parametrize("name", HARD_NAMES)
def test_hard_names_read_the_same_on_both_roads(name: str, press_of: Presses, tmp_path: Path) -> None:
    content = with_(product_name=name, recipient=name[:80].strip())
    fast = saved(tmp_path, "fast.pdf", press_of("provincial").stamp(content))
    slow = saved(tmp_path, "slow.pdf", render_slow(content, load_design("provincial"), CACHE))
    assert [word for word, *_ in words_of(fast)] == [word for word, *_ in words_of(slow)]
    packed = re.sub(r"\s", "", run("pdftotext", "-raw", fast, "-"))
    assert re.sub(r"\s", "", unicodedata.normalize("NFC", name)) in unicodedata.normalize("NFC", packed)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_all_134_accented_letters_come_out_of_the_file(form: str, press_of: Presses, tmp_path: Path) -> None:
    halves = [" ".join(ACCENTED[:67]), " ".join(ACCENTED[67:])]
    apart = [unicodedata.normalize(form, half) for half in halves]  # type: ignore[arg-type]
    pdf = stamped(press_of("national"), with_(product_name=apart[0], recipient=apart[1]))
    words = run("pdftotext", "-raw", saved(tmp_path, "a.pdf", pdf), "-").split()
    assert [word for word in words if word in set(ACCENTED)] == [*halves[0].split(), *halves[1].split()]


@pytest.mark.parametrize("name", design_names())
def test_a_file_is_archival_accessible_sound_and_says_what_it_is(
    name: str, press_of: Presses, tmp_path: Path
) -> None:
    pdf = stamped(press_of(name), USUAL)
    path = saved(tmp_path, "one.pdf", pdf)
    assert failures(pdf, "3b") == []
    assert failures(pdf, "ua1") == []
    assert is_sound(path) is True
    assert qr_of(path) == USUAL.verify_url
    fonts = run("pdffonts", path).splitlines()[2:]
    assert {tuple(line.split()[-5:-2]) for line in fonts} == {("yes", "yes", "yes")}
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang) == "vi"
        title = str(document.docinfo["/Title"])
        assert title == "Giấy chứng nhận 00017/GCN-2026 – Bộ ấm chén men tro Ẵng Kđăm"
        attached = document.attachments["certificate.json"].get_file().read_bytes()
    assert json.loads(attached) == USUAL.to_dict()


def test_the_slow_road_is_archival_too() -> None:
    assert failures(render_slow(USUAL, load_design("commune"), CACHE), "3b") == []


def test_the_same_content_gives_the_same_bytes_on_every_press(press_of: Presses) -> None:
    other = Press(compile_design(load_design("regional"), CACHE))
    first = press_of("regional").stamp(USUAL)
    other.stamp(sample_contents()["long"])
    assert other.stamp(USUAL) == first


def test_a_different_letter_gives_a_different_file_identifier(press_of: Presses) -> None:
    one, other = (press_of("commune").stamp(with_(signer_name=name)) for name in ("Lê An", "Lê Ân"))
    assert one.split(b"/ID[")[1] != other.split(b"/ID[")[1]


def test_every_printed_field_is_on_the_paper(press_of: Presses, tmp_path: Path) -> None:
    text = " ".join(text_of(saved(tmp_path, "a.pdf", press_of("national").stamp(USUAL))).split())
    for words in (
        "BỘ CÔNG THƯƠNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "GIẤY CHỨNG NHẬN", "SẢN PHẨM CÔNG NGHIỆP NÔNG THÔN TIÊU BIỂU CẤP QUỐC GIA", "Bộ sản phẩm",
        USUAL.product_name, "của", USUAL.recipient, USUAL.address, USUAL.group,
        "Theo Quyết định số 0000/QĐ-BCT ngày 23 tháng 8 năm 2026", "Số: 00017/GCN-2026",
        "Có giá trị từ 01/9/2026 đến 01/9/2028", "7KQ4-MZ9T-XB2PD", "kiemtra.example.vn/v",
        "Hà Nội, ngày 01 tháng 9 năm 2026", "BỘ TRƯỞNG", "Nguyễn Văn Minh Hoạ", "DỮ LIỆU MẪU",
    ):  # fmt: skip
        assert words in text


def test_empty_fields_leave_no_trace(press_of: Presses, tmp_path: Path) -> None:
    bare = with_(address="", group="", order_number="", order_date="", valid_from="", valid_until="",
                 signer_title="", signer_name="", notice="", place="")  # fmt: skip
    pdf = press_of("national").stamp(bare)
    text = text_of(saved(tmp_path, "a.pdf", pdf))
    assert "Theo Quyết định" not in text
    assert "Có giá trị" not in text
    assert "Ngày 01 tháng 9 năm 2026" in text
    assert failures(pdf, "ua1") == []


def test_an_english_line_stands_under_the_title_where_it_is_asked_for(tmp_path: Path) -> None:
    press = Press(compile_design(load_design("national", english=True), CACHE))
    text = text_of(saved(tmp_path, "en.pdf", press.stamp(USUAL)))
    assert "Certificate of Typical Rural Industrial Product, national level" in text


def test_the_qr_code_is_24_mm_wide(press_of: Presses) -> None:
    layout = next(iter(press_of("national").compiled.layouts.values()))
    assert layout.qr is not None
    assert round((layout.qr[2] - layout.qr[0]) * 25.4 / 72, 2) == 24.0


def test_a_print_file_has_every_page_once_and_in_order(press_of: Presses, tmp_path: Path) -> None:
    contents = [with_(serial=f"{n:05}/GCN-2026", code=f"AAAA-BBBB-{n:05}") for n in range(1, 231)]
    out = io.BytesIO()
    assert press_of("commune").write_combined(iter(contents), out) == 230
    path = saved(tmp_path, "all.pdf", out.getvalue())
    serials = re.findall(r"Số: (\S+)", run("pdftotext", "-raw", path, "-"))
    assert serials == [content.serial for content in contents]
    assert is_sound(path) is True
    single = len(press_of("commune").stamp(contents[0]))
    assert len(out.getvalue()) < single + 230 * 2_500


def test_crop_marks_stand_outside_a_page_of_the_same_size(press_of: Presses, tmp_path: Path) -> None:
    out = io.BytesIO()
    press_of("national").write_combined([USUAL], out, crop_marks=True)
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        page = document.pages[0]
        trim = [round(float(value) * 25.4 / 72) for value in page.trimbox]
        bleed = [round(float(value) * 25.4 / 72) for value in page.obj.BleedBox]
        media = [round(float(value) * 25.4 / 72) for value in page.mediabox]
    assert (trim, bleed, media) == ([0, 0, 297, 210], [-3, -3, 300, 213], [-9, -9, 306, 219])
    assert failures(out.getvalue(), "3b") == []
    picture = picture_of(saved(tmp_path, "a.pdf", out.getvalue()), 72)
    assert picture.crop((0, 0, 24, 80)).convert("L").getextrema()[0] < 130


def test_a_print_file_of_nothing_is_refused(press_of: Presses) -> None:
    with pytest.raises(ContentError):
        press_of("national").write_combined([], io.BytesIO())


def test_a_zip_holds_the_single_files_and_is_the_same_twice(press_of: Presses) -> None:
    contents = [USUAL, with_(serial="00018/GCN-2026")]
    twice = []
    for _ in range(2):
        out = io.BytesIO()
        assert press_of("commune").write_zip(contents, out) == 2
        twice.append(out.getvalue())
    assert twice[0] == twice[1]
    with zipfile.ZipFile(io.BytesIO(twice[0])) as archive:
        assert archive.namelist() == ["00017-GCN-2026.pdf", "00018-GCN-2026.pdf"]
        assert archive.read("00017-GCN-2026.pdf") == press_of("commune").stamp(USUAL)
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def test_single_files_reach_the_sink_in_order(press_of: Presses) -> None:
    contents, seen = [USUAL, with_(serial="2/2026")], []
    count = press_of("commune").write_single(contents, lambda content, pdf: seen.append((content, pdf[:5])))
    assert (count, seen) == (2, [(content, b"%PDF-") for content in contents])
    assert file_name(contents[1]) == "2-2026.pdf"


def test_files_in_a_folder_are_those_that_the_press_stamps(tmp_path: Path) -> None:
    press = Press(compile_design(load_design("commune"), CACHE))
    contents = [USUAL, with_(serial="2/2026"), with_(serial="3/2026", recipient="Buôn Ƀih")]
    assert press.write_files(contents, tmp_path) == 3
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        file_name(content): press.stamp(content) for content in contents
    }


def test_a_rare_letter_is_drawn_by_weasyprint_and_counted(tmp_path: Path) -> None:
    press = Press(compile_design(load_design("commune"), CACHE))
    rare = with_(recipient="Buôn Ƀih ô̆ Êđê", product_name="Rượu cần Hbia")
    path = saved(tmp_path, "rare.pdf", press.stamp(rare))
    assert (press.counts["drawn"], press.counts["stamped"]) == (1, 0)
    assert rare.recipient in unicodedata.normalize("NFC", text_of(path))
    out = io.BytesIO()
    press.write_combined([USUAL, rare, USUAL], out)
    text = run("pdftotext", "-raw", saved(tmp_path, "all.pdf", out.getvalue()), "-")
    assert [USUAL.product_name in page for page in text.split("\f")[:3]] == [True, False, True]
    assert failures(out.getvalue(), "3b") == []
    assert qr_of(tmp_path / "all.pdf", 2) == rare.verify_url


def test_letters_of_no_face_are_refused_by_field_and_letter(press_of: Presses) -> None:
    with pytest.raises(LetterNotInFont) as caught:
        press_of("national").stamp(with_(recipient="Cơ sở 漢字"))
    assert (caught.value.field, "U+6F22" in caught.value.reason) == ("recipient", True)


def test_texts_that_would_run_into_each_other_are_refused(press_of: Presses) -> None:
    long = "Rất dài " * 50
    with pytest.raises(TextTooLong):
        press_of("national").stamp(
            with_(product_name=long, recipient=long, address=long, group=long, order_number=long)
        )


def test_a_batch_tells_all_its_bad_contents_at_once(press_of: Presses) -> None:
    contents = [USUAL, with_(recipient="漢", code="A-1", serial="2"), with_(serial="00017-GCN-2026", code="A-2"), with_(serial="4", code="a-1")]
    with pytest.raises(BadContents) as caught:
        press_of("national").check_all(contents)
    found = [(place, getattr(error, "field", "")) for place, error in caught.value.problems]
    assert found == [(2, "recipient"), (3, "serial"), (4, "code")]


def test_a_compiled_design_comes_back_from_its_bytes(press_of: Presses) -> None:
    compiled = press_of("provincial").compiled
    again = type(compiled).from_bytes(compiled.to_bytes(), compiled.design, CACHE)
    assert Press(again).stamp(USUAL) == press_of("provincial").stamp(USUAL)
    assert again.compiled_states == 0


def test_what_was_compiled_before_kerning_was_cut_is_stamped_as_it_was(press_of: Presses) -> None:
    compiled = press_of("provincial").compiled
    value = json.loads(zlib.decompress(compiled.to_bytes()))
    del value["cut_kerning"]
    older = type(compiled).from_bytes(zlib.compress(json.dumps(value).encode()), compiled.design, CACHE)
    written = [Press(one).stamp(USUAL) for one in (older, compiled)]
    assert (older.cut_kerning, compiled.cut_kerning) == (False, True)
    assert [len(re.findall(rb">-?\d+<", pdf)) > 0 for pdf in written] == [True, True]
    assert written[0] != written[1]


def test_bytes_of_another_design_are_refused(press_of: Presses) -> None:
    compiled = press_of("provincial").compiled
    with pytest.raises(ValueError, match="another design"):
        type(compiled).from_bytes(compiled.to_bytes(), load_design("commune"), CACHE)
