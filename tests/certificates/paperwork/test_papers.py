"""Every form as a reader meets it: as PDF and as DOCX, with the same words, in the layout of NĐ 30/2020."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from docx.enum.text import WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Length

from certificates.paperwork.contents import Facility, OfferedProduct, RegistrationForm
from certificates.paperwork.errors import NoSuchRendition, UnknownForm, WrongContent
from certificates.paperwork.registry import FORMS, render
from tests.certificates.paperwork.rendered import (
    docx,
    flat,
    is_nfc,
    pages_of,
    pdf,
    text_of,
    top_margins,
    word_document,
    word_text,
)
from tests.certificates.paperwork.samples import CONTENTS, EXPECTED, ORDER, ROUND, SESSION, SHEET, dossier, listed

#: One sentence that each paper must say, beyond its title.
SAYS = {
    "registration": "Cơ sở chịu trách nhiệm trước pháp luật về tính trung thực",
    "description": "Gồm: 01 ấm 600 ml; 06 chén 80 ml; 01 khay tre",
    "score_sheet": "Tổng cộng 100 86,5",
    "eligibility": "tiếp nhận 08 hồ sơ của 08 cơ sở: 06 hồ sơ đủ điều kiện; 01 hồ sơ yêu cầu bổ sung",
    "line_list": "Danh sách gồm 40 sản phẩm của 08 cơ sở.",
    "jury_minutes": "Ban Giám khảo có mặt 04/05 thành viên.",
    "jury_report": "Có 06 sản phẩm đạt mức điểm",
    "council_minutes": "Có mặt 05/06 thành viên; số thành viên phải có mặt từ 04 trở lên: cuộc họp đủ điều kiện",
    "vote_counting": "Số phiếu hợp lệ 5",
    "expected_list": "trong 15 ngày làm việc kể từ ngày 05 tháng 3 năm 2026",
    "submission_letter": "Có 45 sản phẩm của 23 cơ sở đăng ký; 42 sản phẩm đủ điều kiện chấm điểm.",
    "recognition_order": "Điều 1. Công nhận 60 sản phẩm của 08 cơ sở",
    "nomination_letter": "V/v cử sản phẩm tham gia bình chọn",
    "statistics": "Tổng cộng 45 12 27 3 3 42 30 23",
    "complaint_answer": "trả lời trong thời hạn 10 ngày làm việc như sau",
}
BY_OWNERS_AND_JUDGES = {"registration", "description", "score_sheet"}
forms = pytest.mark.parametrize("name", list(CONTENTS))


def squeezed(text: str) -> str:
    """The text without spaces: a long number may be broken over two lines."""
    return "".join(text.split())


def test_every_form_has_a_sample_and_a_sentence_here() -> None:
    assert set(SAYS) == set(CONTENTS) == set(FORMS) - {"dossier"}


@forms
def test_the_pdf_says_what_it_must(name: str) -> None:
    said = flat(pdf(name))
    assert (SAYS[name] in said, is_nfc(said)) == (True, True)


@forms
def test_the_docx_says_the_same_words_as_the_pdf(name: str) -> None:
    in_pdf, in_word = flat(pdf(name)), re.sub(r"\t", " ", word_text(docx(name)))
    only_in_pdf = [word for word in in_pdf.split() if word.strip(".") not in squeezed(in_word)]
    only_in_word = [word for word in in_word.split() if word not in squeezed(in_pdf)]
    assert (only_in_pdf, only_in_word) == ([], [])


@forms
def test_the_head_stands_as_the_decree_wants_it(name: str) -> None:
    first = pages_of(pdf(name))[0]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in first
    agency = CONTENTS[name].letterhead.agency.upper() if name not in BY_OWNERS_AND_JUDGES else ""
    assert agency in first


@forms
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    content = CONTENTS[name]
    assert (render(name, content), render(name, content, "docx")) == (pdf(name), docx(name))


@forms
def test_only_the_font_package_is_used_and_embedded(name: str) -> None:
    listed_fonts = subprocess.run(["pdffonts", "-"], input=pdf(name), capture_output=True, check=True).stdout.decode()
    fonts = [line.split() for line in listed_fonts.splitlines()[2:]]
    assert {(line[0].split("+")[1].split("-")[0], line[-5]) for line in fonts} == {("Paper", "yes")}


@forms
def test_version_and_source_stand_in_the_file(name: str) -> None:
    form = FORMS[name]
    with pikepdf.open(io.BytesIO(pdf(name))) as file:
        in_pdf = (str(file.docinfo["/Subject"]), str(file.docinfo["/Keywords"]))
    core = word_document(docx(name)).core_properties
    assert in_pdf == (core.subject, core.version) == (form.source, f"{name}/{form.version}")


def test_the_pdf_is_tagged_vietnamese_for_screen_readers() -> None:
    with pikepdf.open(io.BytesIO(pdf("recognition_order"))) as file:
        assert (str(file.Root.Lang), bool(file.Root.MarkInfo.Marked), "/StructTreeRoot" in file.Root) == ("vi", True, True)
    shown = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=pdf("council_minutes"), capture_output=True, check=True
    ).stdout.decode()
    heads = [line.strip(' "') for mark, line in pairwise(re.findall(r"(?:H[12] \(block\)|\".*\")", shown)) if mark[0] == "H"]
    assert heads[:2] == ["BIÊN BẢN", "I. Thành phần"]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_form_without_data_has_dotted_lines_to_write_on(kind: Any) -> None:
    blank = RegistrationForm(ROUND, "Hội đồng bình chọn", Facility(""), (OfferedProduct(""),))
    data = render("registration", blank, kind)
    if kind == "pdf":
        lines = text_of(data, "-layout").splitlines()
        assert [bool(re.search(r"\.{20,}$", line)) for line in lines if line.startswith("1. Tên cơ sở")] == [True]
    else:
        field = next(p for p in word_document(data).paragraphs if p.text.startswith("1. Tên cơ sở"))
        assert (field.text, field.paragraph_format.tab_stops[0].leader) == ("1. Tên cơ sở: \t", WD_TAB_LEADER.DOTS)


def test_a_form_without_data_claims_nothing() -> None:
    blank = RegistrationForm(ROUND, "Hội đồng bình chọn", Facility(""), (OfferedProduct(""),))
    assert "chưa được cấp giấy chứng nhận" not in flat(render("registration", blank))
    named = replace(blank, facility=Facility("Hợp tác xã Mẫu"))
    assert "chưa được cấp giấy chứng nhận" in flat(render("registration", named))


def test_forms_that_people_fill_in_print_their_source() -> None:
    assert "Phiếu chấm điểm, mẫu phiên bản 2. Nguồn: Phụ lục 4, Thông tư 26/2014/TT-BCT" in flat(pdf("score_sheet"))


def test_where_the_law_shows_no_form_the_paper_says_so() -> None:
    assert "không có mẫu trong văn bản đã có; bố cục theo NĐ 30/2020/NĐ-CP" in flat(pdf("eligibility"))


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("name", ["jury_minutes", "jury_report", "council_minutes", "recognition_order"])
def test_the_digests_of_round_and_result_are_printed(name: str, kind: str) -> None:
    said = flat(pdf(name)) if kind == "pdf" else word_text(docx(name))
    digests = CONTENTS[name].digests
    assert (digests.round_sha256 in said, digests.result_sha256 in said) == (True, True)


def test_page_numbers_stand_at_the_top_from_the_second_page_on_and_begin_anew_in_the_annex() -> None:
    assert top_margins(pdf("recognition_order")) == [[], [], ["2"], ["3"], ["4"]]


def test_the_head_of_a_table_is_repeated_on_every_page() -> None:
    pages = pages_of(pdf("line_list"))
    assert [page.count("Người đại diện Điện thoại") for page in pages[:-1]] == [1] * (len(pages) - 1)


@pytest.mark.parametrize("count", [9, 10, 11, 12, 13])
def test_signatures_never_stand_alone_on_a_page(count: int) -> None:
    pages = pages_of(render("expected_list", replace(EXPECTED, products=listed(count))))
    signed = next(page for page in pages if "TM. HỘI ĐỒNG" in page)
    assert ("Trần Thị Hoa Mẫu" in signed, "Kiến nghị, khiếu nại về kết quả" in signed) == (True, True)


def test_tie_recusal_and_departure_from_the_jury_stand_in_the_minutes_of_the_council() -> None:
    for said in (flat(pdf("council_minutes")), word_text(docx("council_minutes"))):
        assert "cùng đạt 78,00 điểm. Vấn đề: nhóm chỉ còn một suất. Hội đồng quyết định: chọn SM-004." in said
        assert "Ngô Thu Mẫu: không tham gia thảo luận và biểu quyết SM-003" in said
        assert "Máy tẽ ngô mini hai trục Công nhận Không công nhận Nhãn thiếu thông tin an toàn điện" in said


def test_minutes_without_a_quorum_say_so() -> None:
    assert "cuộc họp không đủ điều kiện tiến hành" in flat(render("council_minutes", replace(SESSION, quorum=6)))


def test_places_in_the_report_are_those_of_the_content() -> None:
    said = flat(pdf("jury_report"))
    assert "2 SM-005 Miến dong sợi phơi nắng" in said
    assert "Chưa đủ phiếu" in said


HOSTILE = "<b>Ấm</b> & <script>alert(1)</script> {{ 7*7 }} {% x %} \"'"


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_html_and_template_marks_in_a_name_are_printed_as_they_are(kind: Any) -> None:
    data = render("score_sheet", replace(SHEET, product=HOSTILE), kind)
    assert f"Tên sản phẩm: {HOSTILE}" in (flat(data) if kind == "pdf" else word_text(data))


def test_a_name_cannot_make_the_printer_open_an_address() -> None:
    name = '<img src="file:///etc/passwd"><link rel="stylesheet" href="http://127.0.0.1:9/">'
    assert name in flat(render("score_sheet", replace(SHEET, product=name)))


def test_control_letters_do_not_break_the_docx() -> None:
    said = word_text(render("score_sheet", replace(SHEET, product="Mật\x00\x0b ong\u202e"), "docx"))
    assert "Tên sản phẩm: Mật ong Nhóm" in said


def test_a_letter_that_the_face_lacks_is_shown_as_missing_not_taken_from_the_system() -> None:
    assert "Mật ong \ufffd\ufffd rừng" in flat(render("score_sheet", replace(SHEET, product="Mật ong 蜜🍯 rừng")))


def test_a_word_of_three_hundred_letters_stays_inside_its_cell() -> None:
    long = listed(1)[0].__class__("SM-001", "Ẵ" * 300, "Cơ sở", group="Nhóm")
    boxes = text_of(render("expected_list", replace(EXPECTED, products=(long,))), "-bbox")
    edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)]
    assert max(edges) <= (210 - 15) / 25.4 * 72 + 0.5
    assert boxes.count("Ẵ") == 300


def test_all_vietnamese_letters_come_out_of_the_pdf_as_they_went_in() -> None:
    letters = "aáàảãạăắằẳẵặâấầẩẫậeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵđ"
    alphabet = letters + letters.upper()
    said = "".join(flat(render("score_sheet", replace(SHEET, product=alphabet))).split())
    assert alphabet in said


def test_the_word_file_has_the_margins_of_the_decree_and_numbers_its_pages() -> None:
    document = word_document(docx("recognition_order"))
    for section in document.sections:
        sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(Length(side or 0).mm) for side in sides] == [30, 15, 20, 20]
        assert section.different_first_page_header_footer is True
        assert "PAGE" in section.header._element.xml
    assert len(document.sections) == 2


def test_tables_in_word_repeat_their_head_and_keep_rows_whole() -> None:
    table = word_document(docx("recognition_order")).tables[-1]
    marks = [row._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None for row in table.rows]
    whole = [row._tr.get_or_add_trPr().find(qn("w:cantSplit")) is not None for row in list(table.rows)[1:]]
    assert (marks, whole) == ([True] + [False] * (len(marks) - 1), [True] * len(whole))


def test_the_word_file_carries_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(docx("registration"))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_order_without_a_number_leaves_room_for_it() -> None:
    content = replace(ORDER, letterhead=replace(ORDER.letterhead, number=None), products=listed(2))
    assert "Số: /QĐ-UBND" in flat(render("recognition_order", content))


def test_a_form_refuses_another_forms_content() -> None:
    with pytest.raises(WrongContent) as caught:
        render("recognition_order", SHEET)
    assert (caught.value.form, caught.value.found) == ("recognition_order", type(SHEET))


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(UnknownForm) as caught:
        render("giay_khen", SHEET)
    assert caught.value.name == "giay_khen"


def test_the_dossier_exists_as_pdf_only() -> None:
    with pytest.raises(NoSuchRendition):
        render("dossier", dossier(b""), "docx")
