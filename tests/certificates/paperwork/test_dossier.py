"""The printable dossier: everything in order, pages numbered, the contents right, the digest recomputable."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from certificates.paperwork.contents import Attachment, Dossier
from certificates.paperwork.dossier import dossier_digest, manifest
from certificates.paperwork.errors import UnreadablePaper
from certificates.paperwork.registry import render
from tests.certificates.paperwork.rendered import flat, pages_of, pdf, text_of, top_margins
from tests.certificates.paperwork.samples import PAPERS, dossier


@cache
def sample() -> Dossier:
    """The sample, whose first paper has an upright page, a landscape page and one that is turned by /Rotate."""
    source = pikepdf.open(io.BytesIO(pdf("jury_report")))
    source.pages[0].rotate(90, relative=True)
    out = io.BytesIO()
    source.save(out, deterministic_id=True)
    return dossier(out.getvalue())


@cache
def printed() -> bytes:
    """The sample dossier."""
    return render("dossier", sample())


def test_the_contents_name_the_page_on_which_each_part_begins() -> None:
    pages = pages_of(printed())
    contents = [int(n) for n in re.findall(r"\.{5,} *(\d+)$", text_of(printed(), "-layout", "-l", "1"), re.M)]
    marks = ("PHIẾU ĐĂNG KÝ", "BẢN THUYẾT MINH", "ẢNH SẢN PHẨM", "Tài liệu 1.", "Tài liệu 2.", "BẢNG KÊ CÁC PHẦN")
    assert contents == [next(n for n, page in enumerate(pages[1:], 2) if mark in page) for mark in marks]


def test_every_page_but_the_first_carries_its_number_at_the_top() -> None:
    tops = top_margins(printed())
    assert tops == [[], *([str(n)] for n in range(2, len(tops) + 1))]


def test_pages_of_an_attached_pdf_are_drawn_in_order_under_their_name() -> None:
    drawn = [page for page in pages_of(printed()) if "Tài liệu 1. Giấy chứng nhận đăng ký hợp tác xã - trang" in page]
    assert [re.search(r"trang (\d/\d)", page)[1] for page in drawn] == ["1/4", "2/4", "3/4", "4/4"]  # type: ignore[index]
    assert "Kết quả chấm điểm" in drawn[0]
    assert "Thứ bậc trong nhóm" in " ".join(drawn[2].split())


def test_turned_and_landscape_pages_get_landscape_frames() -> None:
    file = pikepdf.open(io.BytesIO(printed()))
    at = next(n for n, page in enumerate(pages_of(printed())) if "trang 1/4" in page)
    wide = [float(page.mediabox[2]) > float(page.mediabox[3]) for page in list(file.pages)[at : at + 3]]
    assert wide == [True, False, True]


def test_the_outline_leads_to_every_part() -> None:
    with pikepdf.open(io.BytesIO(printed())) as file, file.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
    assert titles == [
        "Phiếu đăng ký tham gia bình chọn", "Bản thuyết minh sản phẩm", "Ảnh sản phẩm (2 ảnh)",
        "Tài liệu 1. Giấy chứng nhận đăng ký hợp tác xã", "Tài liệu 2. Bản công bố tiêu chuẩn cơ sở",
        "Bảng kê các phần và mã băm",
    ]  # fmt: skip


def test_the_digest_is_that_of_the_manifest_as_sha256sum_would_write_it() -> None:
    lines = "".join(f"{digest}  {name}\n" for name, digest in manifest(sample()))
    assert dossier_digest(sample()) == hashlib.sha256(lines.encode()).hexdigest()
    assert dossier_digest(sample()) in flat(printed())


def test_the_manifest_holds_the_digest_of_each_file() -> None:
    files = [photo.data for photo in sample().photos] + [paper.data for paper in sample().attachments]
    assert [digest for _, digest in manifest(sample())[2:]] == [hashlib.sha256(data).hexdigest() for data in files]


def test_another_word_in_the_story_gives_another_digest() -> None:
    changed = replace(sample(), description=replace(sample().description, facility="Khác"))
    assert dossier_digest(changed) != dossier_digest(sample())


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert render("dossier", sample()) == printed()


def test_scripts_of_an_attached_file_do_not_reach_the_dossier() -> None:
    source = pikepdf.open(io.BytesIO(pdf("complaint_answer")))
    source.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    out = io.BytesIO()
    source.save(out)
    with pikepdf.open(io.BytesIO(render("dossier", dossier(out.getvalue())))) as file:
        assert "/OpenAction" not in file.Root
        assert not any("/JS" in item for item in file.objects if isinstance(item, pikepdf.Dictionary))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7\nx"])
def test_a_paper_that_is_no_pdf_is_named(data: bytes) -> None:
    with pytest.raises(UnreadablePaper) as caught:
        render("dossier", replace(sample(), attachments=(Attachment(PAPERS[0], data),)))
    assert caught.value.title == "Giấy chứng nhận đăng ký hợp tác xã"


def test_an_encrypted_paper_is_named() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf("complaint_answer"))) as source:
        source.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UnreadablePaper) as caught:
        render("dossier", dossier(out.getvalue()))
    assert caught.value.title == "Giấy chứng nhận đăng ký hợp tác xã"


def test_a_picture_that_is_no_picture_is_not_left_out_silently() -> None:
    broken = Attachment(PAPERS[1], b"not a picture", "image/jpeg")
    with pytest.raises(UnreadablePaper) as caught:
        render("dossier", replace(sample(), attachments=(broken,)))
    assert caught.value.title == "Bản công bố tiêu chuẩn cơ sở"
