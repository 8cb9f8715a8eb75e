"""One invented content for every form. Places, firms and persons do not exist."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from certificates.paperwork.contents import (
    Abstention,
    Attachment,
    Attendee,
    CheckedEntry,
    ComplaintAnswer,
    CouncilMinutes,
    Departure,
    Digests,
    Dossier,
    EarlierCertificate,
    EligibilitySummary,
    ExpectedList,
    Facility,
    FiledPaper,
    JuryGroup,
    JuryMean,
    JuryMember,
    JuryMinutes,
    JuryReport,
    Letterhead,
    LineList,
    ListedEntry,
    ListedProduct,
    NominationLetter,
    OfferedProduct,
    Photo,
    ProductDescription,
    RecognitionOrder,
    RegistrationForm,
    RoundInfo,
    ScoreSheet,
    SheetCriterion,
    SheetPart,
    Signer,
    StatisticsColumn,
    StatisticsRow,
    StatisticsTable,
    StoryPart,
    SubmissionLetter,
    TieSettled,
    VoteCounting,
    VoteLine,
    YearFigures,
)
from certificates.paperwork.contents.screening import Verdict

D = Decimal


def at(month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment of 2026 in Viet Nam."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


ROUND = RoundInfo("cấp tỉnh", 2026, "T26")
HIGHER = RoundInfo("cấp khu vực", 2026, "KV26")
TCMN = "Nhóm sản phẩm thủ công mỹ nghệ"
CB = "Nhóm sản phẩm chế biến nông, lâm, thủy sản và thực phẩm"
CK = "Nhóm sản phẩm về thiết bị, máy móc, dụng cụ và phụ tùng cơ khí"
KHAC = "Nhóm các sản phẩm khác"
DIGESTS = Digests("a1" * 32, "b2" * 32, "c3" * 32, "d4" * 32, "tieubieu 0.1.0")
COUNCIL = Letterhead(
    "Hội đồng bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh",
    "Ủy ban nhân dân tỉnh Sao Mai",
    "HĐBC",
    7,
    "Sao Mai",
    date(2026, 3, 5),
)
JURY = Letterhead(
    "Ban Giám khảo", "Hội đồng bình chọn sản phẩm CNNT tiêu biểu cấp tỉnh", "BB-BGK", 2, "Sao Mai", date(2026, 2, 9)
)
PROVINCE = Letterhead("Ủy ban nhân dân tỉnh Sao Mai", "", "QĐ-UBND", 125, "Sao Mai", date(2026, 10, 15))
CHAIR = Signer(("TM. HỘI ĐỒNG", "CHỦ TỊCH"), "Trần Thị Hoa Mẫu")

NAMES = (
    ("Bộ ấm chén men tro", "Hợp tác xã Gốm Mây Hồng", TCMN),
    ("Khay tre đan nan kép", "Cơ sở Mây tre Đồi Gió", TCMN),
    ("Chè xanh Búp Sương hộp 100 g", "Hợp tác xã Chè Búp Sương", CB),
    ("Mật ong hoa rừng Khe Nắng", "Hộ kinh doanh Ong Khe Nắng", CB),
    ("Miến dong sợi phơi nắng", "Công ty TNHH Miến Bản Mơ", CB),
    ("Tinh bột nghệ vàng", "Hợp tác xã Nghệ Ruộng Bậc", CB),
    ("Máy tẽ ngô mini hai trục", "Công ty TNHH Cơ khí Suối Vàng", CK),
    ("Gạch không nung bông khoáng", "Công ty TNHH Vật liệu Đá Trắng", KHAC),
)


def listed(count: int = 8) -> tuple[ListedProduct, ...]:
    """`count` products by going round the eight names, grouped in order."""
    chosen = sorted((NAMES[n % 8] + (n,) for n in range(count)), key=lambda line: (TCMN, CB, CK, KHAC).index(line[2]))
    return tuple(
        ListedProduct(
            f"SM-{n + 1:03d}",
            f"{product}{'' if n < 8 else f' mẫu {n // 8 + 1}'}",
            facility,
            f"Thôn {n % 5 + 1}, xã Mây Cao, tỉnh Sao Mai",
            group,
            D("91.25") - n % 20,
        )
        for product, facility, group, n in chosen
    )


FACILITY = Facility(
    "Hợp tác xã Gốm Mây Hồng",
    "Hợp tác xã",
    "Giấy chứng nhận đăng ký hợp tác xã",
    "00A0000001",
    date(2019, 1, 8),
    "Phòng Tài chính - Kế hoạch huyện Mây Cao",
    "0000000000",
    "Thôn Lò Cũ, xã Mây Cao, tỉnh Sao Mai",
    "Làng nghề gốm Lò Cũ",
    "Nguyễn Văn An Mẫu",
    "Giám đốc",
    "0000 000 001",
    "an@gommayhong.example",
    "gommayhong.example",
    24,
    7500000,
)
PAPERS = (
    FiledPaper("Giấy chứng nhận đăng ký hợp tác xã", "00A0000001", "UBND huyện Mây Cao", date(2019, 1, 8)),
    FiledPaper(
        "Bản công bố tiêu chuẩn cơ sở",
        "TCCS 01:2024/MH",
        "Hợp tác xã Gốm Mây Hồng",
        date(2024, 5, 20),
        date(2027, 5, 20),
    ),
)
SET = OfferedProduct("Bộ ấm chén men tro", TCMN, "SM-001", True, ("01 ấm 600 ml", "06 chén 80 ml", "01 khay tre"))
REGISTRATION = RegistrationForm(
    ROUND,
    COUNCIL.agency,
    FACILITY,
    (SET, OfferedProduct("Bình hoa men tro", TCMN, "SM-009")),
    (EarlierCertificate("Cấp xã", 2025, "MC-2025-004", "QĐ 12/QĐ-UBND xã Mây Cao", date(2028, 6, 30)),),
    PAPERS,
    4,
    "Mây Cao",
    date(2026, 2, 8),
    "Nộp trực tuyến lúc 14:05 ngày 08/02/2026.",
    Digests(round_sha256="a1" * 32),
)
TEXT = (
    "Men tro được chế từ tro trấu và đất phù sa của xã, nung một lần ở 1.230 độ C trong lò gas tiết kiệm nhiên liệu. "
    "Mỗi tháng hợp tác xã làm 1.200 bộ, có thể tăng lên 3.000 bộ khi có đơn hàng."
)
STORY_TITLES = (
    "Đáp ứng thị trường và khả năng phát triển sản xuất",
    "Kinh tế, kỹ thuật, xã hội và môi trường",
    "Tính văn hóa, tính thẩm mỹ",
)
DESCRIPTION = ProductDescription(
    ROUND,
    FACILITY.name,
    FACILITY.address,
    SET,
    (*(StoryPart(title, f"{TEXT}\n{TEXT}") for title in STORY_TITLES), StoryPart("Nội dung khác")),
    (YearFigures(2024, "9.600 bộ", 2880000000, D("12.5"), 20), YearFigures(2025, "12.100 bộ", 3751000000, D("15"), 24)),
    PAPERS,
    "Nguyễn Văn An Mẫu",
    "Mây Cao",
    date(2026, 2, 8),
)
CRITERIA = (
    SheetCriterion("Đáp ứng thị trường và khả năng phát triển sản xuất", D(40)),
    SheetCriterion("Kinh tế - kỹ thuật - xã hội và môi trường", D(40)),
    SheetCriterion("Tính văn hóa, tính thẩm mỹ", D(10)),
    SheetCriterion("Một số tiêu chí khác", D(10)),
)
FILLED = (
    SheetCriterion(
        CRITERIA[0].title,
        D(40),
        D("35.5"),
        "Có thể thay hàng nhập",
        (
            SheetPart("Thị trường: đáp ứng nhu cầu trong nước và ngoài nước", D(20), D("18")),
            SheetPart("Sản xuất: số lượng lớn, thiết bị tiên tiến", D(20), D("17.5")),
        ),
    ),
    SheetCriterion(CRITERIA[1].title, D(40), D("34")),
    SheetCriterion(CRITERIA[2].title, D(10), D("9")),
    SheetCriterion(CRITERIA[3].title, D(10), D("8")),
)
SHEET = ScoreSheet(
    ROUND,
    COUNCIL.agency,
    SET.name,
    TCMN,
    "SM-001",
    "Lê Thị Chi Mẫu",
    "GK03",
    "Thạc sĩ, Trưởng phòng Thiết kế",
    FILLED,
    "B2" * 32,
    1,
    "Men đều, dáng vừa tay; cần in nhãn rõ xuất xứ.",
    "Sao Mai",
    date(2026, 2, 9),
    "Ký trên hệ thống lúc 15:20 ngày 09/02/2026.",
)
BLANK_SHEET = ScoreSheet(ROUND, COUNCIL.agency, SET.name, TCMN, "SM-001", "Lê Thị Chi Mẫu", "GK03", "", CRITERIA, "B2" * 32)

_VERDICTS: tuple[tuple[Verdict, tuple[str, ...]], ...] = (
    ("eligible", ()),
    ("eligible", ()),
    ("eligible", ()),
    ("supplement", ("Thiếu giấy chứng nhận đủ điều kiện an toàn thực phẩm", "Chỉ có 02 ảnh màu")),
    ("eligible", ()),
    ("eligible", ()),
    ("eligible", ()),
    ("ineligible", ("Sản phẩm độc bản",)),
)
CHECKS = tuple(
    CheckedEntry(f"SM-{n:03d}", product, facility, group, verdict, reasons)
    for n, ((product, facility, group), (verdict, reasons)) in enumerate(zip(NAMES, _VERDICTS, strict=True), 1)
)
ELIGIBILITY = EligibilitySummary(
    COUNCIL,
    ROUND,
    CHECKS,
    date(2026, 2, 8),
    Signer(("TỔ TRƯỞNG TỔ GIÚP VIỆC",), "Phạm Văn Giang Mẫu"),
    "Võ Thị Lan Mẫu",
)
LINES = LineList(
    COUNCIL,
    ROUND,
    tuple(
        ListedEntry(
            p.entry_code,
            p.product,
            p.facility,
            p.address,
            p.group,
            "Nguyễn Văn An Mẫu",
            "0000 000 001",
            "QĐ 12/QĐ-UBND ngày 30/6/2025",
        )
        for p in listed(40)
    ),
    "(Kèm theo Công văn số 07/HĐBC ngày 05 tháng 3 năm 2026)",
    CHAIR,
    ("- Như trên;", "- Lưu: VT, HĐBC."),
    DIGESTS,
)
MEMBERS = (
    JuryMember("Đỗ Minh Khôi Mẫu", "Phó Giám đốc Sở Công Thương", "Trưởng ban"),
    JuryMember("Lê Thị Chi Mẫu", "Trưởng phòng Thiết kế"),
    JuryMember("Trần Dũng Mẫu", "Giảng viên cơ khí"),
    JuryMember("Hồ Văn Nam Mẫu", "Chuyên gia thực phẩm", present=False, absence="đi công tác"),
    JuryMember("Võ Thị Lan Mẫu", "Chuyên viên", "Thư ký"),
)


def _mean(n: int, mark: str, place: int | None, group_place: int | None) -> JuryMean:
    points = D(mark) if mark else None
    means = (D("34.17"), D("33.5"), D("8.25"), D("8")) if mark else ()
    code, (product, facility, _) = f"SM-{n + 1:03d}", NAMES[n]
    return JuryMean(code, product, facility, points, 3 if mark else 1, group_place, place, means, mark >= "70")


GROUPS = (
    JuryGroup(TCMN, (_mean(0, "86.50", 1, 1), _mean(1, "77.94", 5, 2))),
    JuryGroup(CB, (_mean(2, "83.92", 2, 1), _mean(3, "78.00", 3, 2), _mean(4, "78.00", 3, 2), _mean(5, "", None, None))),
    JuryGroup(CK, (_mean(6, "72.25", 6, 1),)),
    JuryGroup(KHAC, (_mean(7, "64.10", 7, 1),)),
)
METHOD = "điểm bình quân các phiếu hợp lệ, làm tròn đến hai chữ số thập phân."
RECUSALS = (("Trần Dũng Mẫu", "SM-007, Máy tẽ ngô mini hai trục", "Từng tư vấn kỹ thuật cho cơ sở"),)
MINUTES = JuryMinutes(
    JURY,
    ROUND,
    "Ban Giám khảo được thành lập theo Quyết định số 05/QĐ-HĐBC ngày 12 tháng 01 năm 2026.",
    at(2, 9, 8, 0),
    at(2, 9, 17, 5),
    "Hội trường Sở Công Thương tỉnh Sao Mai",
    MEMBERS,
    GROUPS,
    D(70),
    METHOD,
    24,
    22,
    ("Trưởng ban phổ biến bộ tiêu chí và cách chấm; các giám khảo chấm độc lập.",),
    RECUSALS,
    ("SM-004: chênh lệch 14 điểm, Trưởng ban ghi nhận, giữ nguyên điểm.",),
    (),
    1,
    DIGESTS,
)
REPORT = JuryReport(
    Letterhead(JURY.agency, JURY.agency_above, "BC-BGK", 3, "Sao Mai", date(2026, 2, 10)),
    ROUND,
    COUNCIL.agency,
    tuple(criterion.title for criterion in CRITERIA),
    GROUPS,
    D(70),
    METHOD,
    5,
    6,
    ("SM-004 và SM-005 cùng đạt 78,00 điểm, cùng xếp ở ranh giới chỉ tiêu nhóm.",),
    RECUSALS,
    ("Nhiều nhãn hàng chưa ghi đủ thành phần.",),
    Signer(("TM. BAN GIÁM KHẢO", "TRƯỞNG BAN"), "Đỗ Minh Khôi Mẫu"),
    ("- Hội đồng bình chọn;", "- Lưu: VT, BGK."),
    DIGESTS,
)
ATTENDEES = (
    Attendee("Trần Thị Hoa Mẫu", "Phó Chủ tịch UBND tỉnh", "Chủ tịch"),
    Attendee("Bùi Quang Mẫu", "Giám đốc Sở Công Thương", "Phó Chủ tịch"),
    Attendee("Ngô Thu Mẫu", "Liên minh Hợp tác xã"),
    Attendee("Lý A Sử Mẫu", "Sở Khoa học và Công nghệ"),
    Attendee("Đặng Bình Mẫu", "Sở Nông nghiệp và Môi trường"),
    Attendee("Mai Kim Mẫu", "Báo Sao Mai", present=False, absence="ốm"),
)
VOTES = (
    VoteLine("SM-001", NAMES[0][0], NAMES[0][1], 5, 0, 0, 0, D("86.50"), "Công nhận", "Công nhận", True),
    VoteLine("SM-003", NAMES[2][0], NAMES[2][1], 4, 0, 0, 1, D("83.92"), "Công nhận", "Công nhận", True),
    VoteLine("SM-004", NAMES[3][0], NAMES[3][1], 4, 1, 0, 0, D("78.00"), "Bằng điểm", "Công nhận"),
    VoteLine("SM-005", NAMES[4][0], NAMES[4][1], 1, 3, 1, 0, D("78.00"), "Bằng điểm", "Không công nhận"),
    VoteLine("SM-007", NAMES[6][0], NAMES[6][1], 1, 4, 0, 0, D("72.25"), "Công nhận", "Không công nhận"),
)
SESSION = CouncilMinutes(
    Letterhead(COUNCIL.agency, COUNCIL.agency_above, "BB-HĐBC", 9, "Sao Mai", date(2026, 2, 12)),
    ROUND,
    "Hội đồng được thành lập theo Quyết định số 02/QĐ-UBND ngày 05 tháng 01 năm 2026.",
    at(2, 12, 8, 0),
    at(2, 12, 11, 30),
    "Phòng họp số 2, UBND tỉnh Sao Mai",
    "Trần Thị Hoa Mẫu",
    "Phạm Văn Giang Mẫu",
    ATTENDEES,
    4,
    VOTES,
    True,
    ("Đại diện Ban Giám khảo: Đỗ Minh Khôi Mẫu",),
    ("Nghe báo cáo kết quả chấm điểm", "Thảo luận", "Bỏ phiếu"),
    ("Trưởng Ban Giám khảo trình bày báo cáo số 03/BC-BGK.",),
    (
        TieSettled(
            ("SM-004 Mật ong hoa rừng Khe Nắng", "SM-005 Miến dong sợi phơi nắng"),
            D("78.00"),
            "nhóm chỉ còn một suất",
            "chọn SM-004",
            "đã có giấy chứng nhận an toàn thực phẩm còn hiệu lực",
        ),
    ),
    (Abstention("Ngô Thu Mẫu", "SM-003 Chè xanh Búp Sương hộp 100 g", "từng tư vấn cho hợp tác xã"),),
    (Departure("SM-007", NAMES[6][0], "Công nhận", "Không công nhận", "Nhãn thiếu thông tin an toàn điện"),),
    ("Ông Lý A Sử Mẫu bảo lưu ý kiến về SM-007: đề nghị cho cơ sở bổ sung nhãn.",),
    DIGESTS,
)
COUNTING = VoteCounting(
    SESSION.letterhead,
    ROUND,
    at(2, 12, 10, 0),
    SESSION.venue,
    ("Lý A Sử Mẫu, Tổ trưởng", "Đặng Bình Mẫu, thành viên"),
    6,
    5,
    5,
    5,
    5,
    0,
    VOTES,
    "Sản phẩm được công nhận khi có trên một nửa số thành viên có mặt đồng ý.",
    ended_at=at(2, 12, 10, 40),
    chair="Trần Thị Hoa Mẫu",
    digests=DIGESTS,
)
EXPECTED = ExpectedList(
    COUNCIL,
    ROUND,
    listed(),
    date(2026, 3, 5),
    15,
    "Sở Công Thương tỉnh Sao Mai, số 1 phố Mẫu",
    CHAIR,
    ("- Các cơ sở có tên;", "- Trang thông tin Sở Công Thương;", "- Lưu: VT, HĐBC."),
    DIGESTS,
)
SUBMISSION = SubmissionLetter(
    Letterhead(COUNCIL.agency, COUNCIL.agency_above, "TTr-HĐBC", 11, "Sao Mai", date(2026, 4, 1)),
    ROUND,
    "Ủy ban nhân dân tỉnh Sao Mai",
    (
        "Căn cứ Thông tư số 26/2014/TT-BCT ngày 28 tháng 8 năm 2014 của Bộ trưởng Bộ Công Thương;",
        "Căn cứ Biên bản họp Hội đồng số 09/BB-HĐBC ngày 12 tháng 02 năm 2026.",
    ),
    listed(),
    45,
    42,
    23,
    ("Ban Giám khảo chấm độc lập, Hội đồng bỏ phiếu kín từng sản phẩm.",),
    ("Biên bản họp Hội đồng", "Biên bản kiểm phiếu"),
    CHAIR,
    ("- Như trên;", "- Sở Công Thương;", "- Lưu: VT, HĐBC."),
    DIGESTS,
)
ORDER = RecognitionOrder(
    PROVINCE,
    ROUND,
    "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SAO MAI",
    (
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
        "Căn cứ Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công;",
        "Căn cứ Thông tư số 26/2014/TT-BCT ngày 28 tháng 8 năm 2014 của Bộ trưởng Bộ Công Thương;",
    ),
    "Theo đề nghị của Chủ tịch Hội đồng tại Tờ trình số 11/TTr-HĐBC ngày 01 tháng 4 năm 2026.",
    listed(60),
    "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Công Thương",
    "Giấy chứng nhận có giá trị đến hết ngày 15 tháng 10 năm 2029.",
    "Trích kinh phí khuyến công địa phương thưởng mỗi sản phẩm theo mức do Hội đồng nhân dân tỉnh quy định.",
    Signer(("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Trần Thị Hoa Mẫu"),
    ("- Như Điều 4;", "- Bộ Công Thương (để báo cáo);", "- Lưu: VT, KT."),
    DIGESTS,
)
NOMINATION = NominationLetter(
    Letterhead("Sở Công Thương", "Ủy ban nhân dân tỉnh Sao Mai", "SCT-QLCN", None, "Sao Mai", None),
    ROUND,
    HIGHER,
    "Hội đồng bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp khu vực",
    "Quyết định số 125/QĐ-UBND ngày 15 tháng 10 năm 2026",
    listed(3),
    ("Danh sách trích ngang", "03 bộ hồ sơ"),
    "Phòng Quản lý công nghiệp, điện thoại 0000 000 002",
    Signer(("GIÁM ĐỐC",), "Bùi Quang Mẫu"),
    ("- Như trên;", "- Lưu: VT, QLCN."),
)
STATISTICS = StatisticsTable(
    COUNCIL,
    ROUND,
    f"Kết quả {ROUND.phrase} theo nhóm sản phẩm",
    "Địa phương",
    (
        StatisticsColumn("Đăng ký", sum_of=("TCMN", "CB", "CK", "Khác")),
        StatisticsColumn("TCMN"),
        StatisticsColumn("CB"),
        StatisticsColumn("CK"),
        StatisticsColumn("Khác"),
        StatisticsColumn("Đủ điều kiện", at_most="Đăng ký"),
        StatisticsColumn("Công nhận", at_most="Đủ điều kiện"),
        StatisticsColumn("Số cơ sở", additive=False),
    ),
    (
        StatisticsRow("Xã Mây Cao", (20, 8, 10, 1, 1, 19, 14, 12)),
        StatisticsRow("Xã Suối Vàng", (15, 3, 11, 1, 0, 14, 9, 8)),
        StatisticsRow("Phường Đá Trắng", (10, 1, 6, 1, 2, 9, 7, 6)),
    ),
    StatisticsRow("Tổng cộng", (45, 12, 27, 3, 3, 42, 30, 23)),
    ("Một cơ sở có sản phẩm ở nhiều xã được tính một lần ở dòng tổng cộng.",),
    "Võ Thị Lan Mẫu",
    Signer(("THỦ TRƯỞNG ĐƠN VỊ",), "Bùi Quang Mẫu"),
)
COMPLAINT = ComplaintAnswer(
    Letterhead(COUNCIL.agency, COUNCIL.agency_above, "HĐBC-TGV", 15, "Sao Mai", date(2026, 3, 20)),
    ROUND,
    "Công ty TNHH Miến Bản Mơ",
    "Bản Mơ, xã Suối Vàng, tỉnh Sao Mai",
    date(2026, 3, 10),
    "Cơ sở cho rằng điểm tiêu chí 1 chưa tính sản lượng năm 2025.",
    (
        "Hội đồng đã đối chiếu 03 phiếu chấm đã ký: sản lượng năm 2025 có trong hồ sơ mà các giám khảo đã xem.",
        "Kết quả tính lại từ gói dữ liệu trùng với kết quả đã công bố.",
    ),
    "Giữ nguyên kết quả 78,00 điểm. Cơ sở có quyền khiếu nại tiếp theo quy định của pháp luật.",
    "SM-005 Miến dong sợi phơi nắng",
    10,
    CHAIR,
    ("- Như trên;", "- Lưu: VT, HĐBC."),
    DIGESTS,
)


def photo(colour: tuple[int, int, int], size: tuple[int, int] = (900, 600)) -> bytes:
    """A small JPEG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", quality=80)
    return out.getvalue()


CONTENTS: dict[str, Any] = {
    "registration": REGISTRATION,
    "description": DESCRIPTION,
    "score_sheet": SHEET,
    "eligibility": ELIGIBILITY,
    "line_list": LINES,
    "jury_minutes": MINUTES,
    "jury_report": REPORT,
    "council_minutes": SESSION,
    "vote_counting": COUNTING,
    "expected_list": EXPECTED,
    "submission_letter": SUBMISSION,
    "recognition_order": ORDER,
    "nomination_letter": NOMINATION,
    "statistics": STATISTICS,
    "complaint_answer": COMPLAINT,
}


def dossier(paper_pdf: bytes) -> Dossier:
    """A dossier with two photos, a PDF and a picture as papers."""
    photos = (
        Photo(photo((150, 40, 30)), "image/jpeg", "Mặt trước", "Bộ ấm chén nhìn từ trước"),
        Photo(photo((40, 90, 60)), "image/jpeg", "Mặt trên"),
    )
    papers = (Attachment(PAPERS[0], paper_pdf), Attachment(PAPERS[1], photo((200, 200, 180), (600, 850)), "image/jpeg"))
    return Dossier(REGISTRATION, DESCRIPTION, photos, papers)
