"""Word, tone and icon of every state: a state is never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.vocabulary import (
    AlertDeed,
    AlertState,
    BallotKind,
    CertificateState,
    ComplaintState,
    ConflictAnswer,
    ConflictRuling,
    CouncilRole,
    DelegatedPart,
    DeliveryState,
    DocumentKind,
    EntryState,
    ErasureState,
    FacilityKind,
    FileKind,
    JobState,
    LevelCode,
    MailState,
    MemberRole,
    NominationState,
    Outcome,
    PanelRole,
    PaperState,
    PaperVerdict,
    Phase,
    ProductForm,
    RescoringKind,
    RescoringState,
    Role,
    SampleState,
    ScanFinding,
    SessionState,
    SheetAction,
    SheetState,
    UnitTier,
    VisitVerdict,
    VoteChoice,
)


@dataclass(frozen=True)
class StateWord:
    """How a state is shown. ``tone``: neutral, info, wait, done, wrong or gold; ``icon``: its name."""

    text: str
    tone: str = "neutral"
    icon: str = "circle"


W = StateWord

STATE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, StateWord]] = {
    LevelCode: {
        LevelCode.COMMUNE: W("Cấp xã"),
        LevelCode.PROVINCE: W("Cấp tỉnh"),
        LevelCode.REGION: W("Cấp khu vực"),
        LevelCode.NATION: W("Cấp quốc gia"),
    },
    Phase: {
        Phase.DRAFT: W("Chuẩn bị", "neutral", "pencil"),
        Phase.REGISTRATION: W("Đang nhận hồ sơ", "info", "inbox"),
        Phase.CHECKING: W("Đang kiểm tra hồ sơ", "wait", "clipboard-check"),
        Phase.JUDGING: W("Đang chấm điểm", "wait", "pencil-square"),
        Phase.DELIBERATION: W("Hội đồng xem xét", "wait", "people"),
        Phase.PUBLISHED: W("Đã công bố", "done", "check-circle"),
        Phase.ARCHIVED: W("Đã lưu trữ", "neutral", "archive"),
    },
    EntryState: {
        EntryState.DRAFT: W("Đang soạn", "neutral", "pencil"),
        EntryState.SUBMITTED: W("Đã nộp", "info", "send"),
        EntryState.SUPPLEMENT_REQUESTED: W("Cần bổ sung", "wait", "exclamation-circle"),
        EntryState.ACCEPTED: W("Đủ điều kiện", "done", "check-circle"),
        EntryState.REFUSED: W("Không đủ điều kiện", "wrong", "x-circle"),
        EntryState.WITHDRAWN: W("Đã rút", "neutral", "arrow-return-left"),
    },
    FacilityKind: {
        FacilityKind.SME: W("Doanh nghiệp nhỏ và vừa"),
        FacilityKind.COOPERATIVE_GROUP: W("Tổ hợp tác"),
        FacilityKind.COOPERATIVE: W("Hợp tác xã"),
        FacilityKind.COOPERATIVE_UNION: W("Liên hiệp hợp tác xã"),
        FacilityKind.BUSINESS_HOUSEHOLD: W("Hộ kinh doanh"),
    },
    ProductForm: {
        ProductForm.SINGLE: W("Sản phẩm"),
        ProductForm.SET: W("Bộ sản phẩm"),
    },
    UnitTier: {
        UnitTier.PROVINCE: W("Tỉnh, thành phố"),
        UnitTier.DISTRICT: W("Huyện, quận"),
        UnitTier.COMMUNE: W("Xã, phường, đặc khu"),
    },
    Role: {
        Role.ADMINISTRATOR: W("Quản trị hệ thống"),
        Role.SECRETARY: W("Tổ giúp việc"),
        Role.ORGANISER: W("Ban tổ chức"),
    },
    MemberRole: {
        MemberRole.OWNER: W("Người đại diện"),
        MemberRole.COLLABORATOR: W("Người cùng soạn"),
    },
    PanelRole: {
        PanelRole.CHAIR: W("Trưởng ban giám khảo"),
        PanelRole.MEMBER: W("Giám khảo"),
        PanelRole.SECRETARY: W("Thư ký ban giám khảo"),
    },
    CouncilRole: {
        CouncilRole.CHAIR: W("Chủ tịch hội đồng"),
        CouncilRole.VICE_CHAIR: W("Phó chủ tịch hội đồng"),
        CouncilRole.MEMBER: W("Ủy viên hội đồng"),
        CouncilRole.SECRETARY: W("Thư ký hội đồng"),
    },
    PaperVerdict: {
        PaperVerdict.PRESENT: W("Có", "info", "file-earmark"),
        PaperVerdict.VALID: W("Hợp lệ", "done", "check-circle"),
        PaperVerdict.EXPIRED: W("Hết hạn", "wrong", "calendar-x"),
        PaperVerdict.UNCLEAR: W("Chưa rõ", "wait", "question-circle"),
        PaperVerdict.MISSING: W("Thiếu", "wrong", "x-circle"),
        PaperVerdict.WAIVED: W("Không yêu cầu", "neutral", "dash-circle"),
    },
    ConflictAnswer: {
        ConflictAnswer.NONE: W("Không có xung đột", "done", "check-circle"),
        ConflictAnswer.CONFLICT: W("Có xung đột", "wait", "exclamation-circle"),
        ConflictAnswer.LATER: W("Chưa khai", "neutral", "clock"),
    },
    ConflictRuling: {
        ConflictRuling.PENDING: W("Chờ trưởng ban", "wait", "clock"),
        ConflictRuling.RECUSED: W("Rút khỏi", "neutral", "person-dash"),
        ConflictRuling.DISMISSED: W("Vẫn chấm", "done", "check-circle"),
    },
    SheetState: {
        SheetState.DRAFT: W("Nháp", "neutral", "pencil"),
        SheetState.SIGNED: W("Đã ký", "done", "check-circle"),
    },
    SheetAction: {
        SheetAction.SAVE: W("Lưu phiếu", "neutral", "save"),
        SheetAction.SIGN: W("Ký phiếu", "done", "check-circle"),
        SheetAction.REOPEN: W("Mở lại phiếu", "wait", "unlock"),
    },
    RescoringKind: {
        RescoringKind.CORRECTION: W("Sửa điểm một phiếu"),
        RescoringKind.RECUSAL: W("Rút giám khảo khỏi một sản phẩm"),
    },
    AlertState: {
        AlertState.OPEN: W("Chờ trưởng ban xem", "wrong", "exclamation-triangle"),
        AlertState.ASKED: W("Chờ giám khảo xem lại", "wait", "hourglass"),
        AlertState.REVISED: W("Đã chấm lại", "done", "check-circle"),
        AlertState.KEPT: W("Giữ nguyên", "info", "journal-text"),
    },
    AlertDeed: {
        AlertDeed.ASKED: W("Mời giám khảo xem lại", "wait", "hourglass"),
        AlertDeed.KEPT: W("Giữ nguyên", "info", "journal-text"),
    },
    RescoringState: {
        RescoringState.PROPOSED: W("Chờ trưởng ban", "wait", "hourglass"),
        RescoringState.APPROVED: W("Đã duyệt", "done", "check-circle"),
        RescoringState.CANCELLED: W("Đã hủy", "neutral", "dash-circle"),
    },
    SessionState: {
        SessionState.PLANNED: W("Sắp họp", "neutral", "calendar"),
        SessionState.OPEN: W("Đang họp", "wait", "people"),
        SessionState.CLOSED: W("Đã kết thúc", "done", "check-circle"),
    },
    BallotKind: {
        BallotKind.OPEN: W("Biểu quyết công khai"),
        BallotKind.SECRET: W("Bỏ phiếu kín"),
    },
    VoteChoice: {
        VoteChoice.FOR: W("Đồng ý", "done", "check-circle"),
        VoteChoice.AGAINST: W("Không đồng ý", "wrong", "x-circle"),
        VoteChoice.BLANK: W("Không có ý kiến", "neutral", "dash-circle"),
    },
    Outcome: {
        Outcome.RECOGNISED: W("Công nhận", "gold", "award"),
        Outcome.NOT_RECOGNISED: W("Không công nhận", "neutral", "dash-circle"),
    },
    NominationState: {
        NominationState.DECIDED: W("Đã chọn đề cử", "info", "arrow-up-circle"),
        NominationState.SENT: W("Đã gửi cấp trên", "wait", "send"),
        NominationState.ACCEPTED: W("Cấp trên đã nhận", "done", "check-circle"),
    },
    ComplaintState: {
        ComplaintState.FILED: W("Mới nhận", "wait", "envelope"),
        ComplaintState.ASSIGNED: W("Đang xem xét", "info", "person-check"),
        ComplaintState.ANSWERED: W("Đã trả lời", "done", "check-circle"),
    },
    SampleState: {
        SampleState.EXPECTED: W("Chưa nhận", "neutral", "circle"),
        SampleState.RECEIVED: W("Đã nhận", "info", "box-arrow-in-down"),
        SampleState.STORED: W("Đang lưu kho", "done", "box-seam"),
        SampleState.CATALOGUE_ONLY: W("Chỉ có catalô", "wait", "book"),
        SampleState.RETURNED: W("Đã trả cơ sở", "neutral", "box-arrow-up"),
    },
    VisitVerdict: {
        VisitVerdict.AS_DECLARED: W("Đúng như đã khai", "done", "check-circle"),
        VisitVerdict.NOT_AS_DECLARED: W("Không đúng như đã khai", "wrong", "x-circle"),
    },
    DocumentKind: {
        DocumentKind.RECOGNITION_ORDER: W("Quyết định công nhận"),
        DocumentKind.NOMINATION_LETTER: W("Công văn đề cử"),
        DocumentKind.COUNCIL_DECREE: W("Quyết định thành lập hội đồng"),
        DocumentKind.PANEL_DECREE: W("Quyết định thành lập ban giám khảo"),
        DocumentKind.REVOCATION_DECISION: W("Quyết định thu hồi"),
    },
    CertificateState: {
        CertificateState.ISSUED: W("Còn hiệu lực", "done", "check-circle"),
        CertificateState.REPLACED: W("Đã thay thế", "wait", "arrow-repeat"),
        CertificateState.REVOKED: W("Đã thu hồi", "wrong", "x-circle"),
    },
    JobState: {
        JobState.WAITING: W("Đang chờ", "neutral", "clock"),
        JobState.RUNNING: W("Đang chạy", "wait", "arrow-repeat"),
        JobState.DONE: W("Đã xong", "done", "check-circle"),
        JobState.FAILED: W("Không thành", "wrong", "x-circle"),
        JobState.CANCELLED: W("Đã hủy", "neutral", "dash-circle"),
    },
    MailState: {
        MailState.WAITING: W("Chờ gửi", "neutral", "clock"),
        MailState.SENT: W("Đã gửi", "done", "check-circle"),
        MailState.FAILED: W("Không gửi được", "wrong", "x-circle"),
        MailState.DIGEST: W("Chờ thư tổng hợp", "neutral", "calendar-day"),
        MailState.KEPT: W("Chỉ trong hộp tin", "neutral", "inbox"),
    },
    DeliveryState: {
        DeliveryState.WAITING: W("Chờ gửi", "neutral", "clock"),
        DeliveryState.DELIVERED: W("Đã nhận", "done", "check-circle"),
        DeliveryState.FAILED: W("Không gửi được", "wrong", "x-circle"),
    },
    ErasureState: {
        ErasureState.WAITING: W("Đang chờ", "wait", "clock"),
        ErasureState.GRANTED: W("Đã xóa", "done", "check-circle"),
        ErasureState.DECLINED: W("Không xóa", "neutral", "x-circle"),
        ErasureState.WITHDRAWN: W("Đã rút", "neutral", "dash-circle"),
    },
    DelegatedPart: {
        DelegatedPart.SECRETARY: W("Tổ giúp việc"),
        DelegatedPart.PANEL_CHAIR: W("Trưởng ban giám khảo"),
        DelegatedPart.COUNCIL_CHAIR: W("Chủ tịch hội đồng"),
    },
    ScanFinding: {
        ScanFinding.SHEET: W("Đúng phiếu", "done", "check-circle"),
        ScanFinding.NO_CODE: W("Không đọc được mã", "wait", "question-circle"),
        ScanFinding.NOT_OURS: W("Mã không phải của phiếu chấm", "wrong", "x-circle"),
        ScanFinding.UNSEALED: W("Mã in kiểu cũ, không có dấu kiểm", "wait", "exclamation-triangle"),
        ScanFinding.FORGED: W("Dấu kiểm của mã không đúng", "wrong", "shield-exclamation"),
        ScanFinding.OTHER_ROUND: W("Phiếu của đợt khác", "wrong", "x-circle"),
        ScanFinding.OTHER_RUBRIC: W("Bộ tiêu chí khác", "wrong", "x-circle"),
        ScanFinding.NOT_ASSIGNED: W("Không có phân công này", "wrong", "x-circle"),
        ScanFinding.DUPLICATE: W("Trùng phiếu đã có", "wait", "copy"),
    },
    PaperState: {
        PaperState.WAITING: W("Chờ nhập", "neutral", "inbox"),
        PaperState.ONCE: W("Đã nhập một lần", "wait", "pencil"),
        PaperState.DIFFERS: W("Hai lần nhập lệch", "wrong", "exclamation-triangle"),
        PaperState.HELD: W("Chưa vào sổ được", "wrong", "lock"),
        PaperState.ENTERED: W("Đã vào sổ", "done", "check-circle"),
        PaperState.CLOSED: W("Đã để riêng", "neutral", "dash-circle"),
    },
    FileKind: {
        FileKind.PHOTO: W("Ảnh"),
        FileKind.PAPER: W("Giấy tờ"),
        FileKind.LEGAL_DOCUMENT: W("Văn bản"),
        FileKind.CERTIFICATE: W("Giấy chứng nhận"),
        FileKind.BUNDLE: W("Gói kết quả"),
    },
}
