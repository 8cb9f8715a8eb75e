"""What follows from the council's vote: expected list, submission letter, order, nomination letter."""

from __future__ import annotations

from app.domain.vocabulary import EntryState, LevelCode
from app.queries.papers import PaperRound
from app.services.papers_parts import LEVELS, council_head, digests, head, info, recognised, rules
from certificates.paperwork.contents import (
    ExpectedList,
    NominationLetter,
    RecognitionOrder,
    RoundInfo,
    Signer,
    SubmissionLetter,
)

BASES = (
    "Căn cứ Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công và các văn bản sửa đổi, bổ "
    "sung;",
    "Căn cứ Thông tư số 26/2014/TT-BCT ngày 28 tháng 8 năm 2014 của Bộ trưởng Bộ Công Thương về tổ chức bình chọn sản "
    "phẩm công nghiệp nông thôn tiêu biểu và các văn bản sửa đổi, bổ sung;",
)


def expected_list(facts: PaperRound) -> ExpectedList:
    """Danh sách sản phẩm dự kiến công nhận."""
    return ExpectedList(
        letterhead=council_head(facts, symbol="TB-HĐBC"),
        round=info(facts),
        products=recognised(facts),
        complaint_days=rules(facts).complaint_days,
        digests=digests(facts),
    )


def submission_letter(facts: PaperRound) -> SubmissionLetter:
    """Tờ trình."""
    eligible = [entry for entry in facts.entries if entry.state is EntryState.ACCEPTED]
    return SubmissionLetter(
        letterhead=council_head(facts, symbol="TTr-HĐBC"),
        round=info(facts),
        addressee=facts.round.authority,
        bases=BASES,
        products=recognised(facts),
        registered=len(facts.entries),
        eligible=len(eligible),
        facilities=len({entry.facility_id for entry in eligible}),
        enclosures=("Biên bản họp Hội đồng", "Biên bản kiểm phiếu", "Báo cáo kết quả chấm điểm"),
        digests=digests(facts),
    )


def recognition_order(facts: PaperRound) -> RecognitionOrder:
    """Quyết định công nhận, a draft without number and date, with its annex."""
    months = rules(facts).certificate_term_months
    term = f"{months // 12} năm" if months % 12 == 0 else f"{months} tháng"
    authority = facts.round.authority
    return RecognitionOrder(
        letterhead=head(facts, authority, symbol="QĐ-UBND" if "nhân dân" in authority.lower() else "QĐ"),
        round=info(facts),
        authority=f"{facts.round.signer_title} {authority}".strip().upper(),
        bases=BASES,
        proposal=f"Theo đề nghị của Hội đồng bình chọn sản phẩm công nghiệp nông thôn tiêu biểu {info(facts).level}.",
        products=recognised(facts),
        responsible=f"Chánh Văn phòng {authority}, thủ trưởng các cơ quan liên quan",
        validity=f"Giấy chứng nhận có giá trị {term} kể từ ngày ký Quyết định này.",
        signer=Signer((facts.round.signer_title.upper() or "CHỦ TỊCH",)),
    )


def nomination_letter(facts: PaperRound) -> NominationLetter:
    """Công văn cử sản phẩm dự bình chọn cấp trên."""
    above = facts.round.level.above or LevelCode.NATION
    order = facts.checklist.orders[0] if facts.checklist.orders else None
    words = f"Quyết định số {order.number} ngày {order.decided_on:%d/%m/%Y} của {order.authority}" if order else ""
    level = LEVELS[above]
    return NominationLetter(
        letterhead=council_head(facts, symbol="HĐBC"),
        round=info(facts),
        higher=RoundInfo(level, facts.round.season.year),
        addressee=f"Hội đồng bình chọn sản phẩm công nghiệp nông thôn tiêu biểu {level}",
        order=words or "Quyết định công nhận số ………… ngày ……………",
        products=recognised(facts, nominated_only=True),
        enclosures=("Danh sách trích ngang", "Hồ sơ của từng sản phẩm"),
        digests=digests(facts),
    )
