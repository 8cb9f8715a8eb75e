"""The events that send messages: their placeholders with samples, their default words, and what they owe their readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SAMPLES: Mapping[str, str] = {
    "recipient": "Nguyễn Văn Mẫu",
    "facility": "Hợp tác xã Mẫu",
    "product": "Bộ ấm chén men tro",
    "code": "TCMN-017",
    "round": "Bình chọn cấp tỉnh năm 2026",
    "deadline": "30/11/2026, 23:59:59",
    "reason": "Ảnh chụp sản phẩm bị mờ.",
    "items": "- Ảnh chụp rõ cả bộ",
    "moment": "21/11/2026, 14:05:00",
    "left": "3",
    "when": "20/12/2026, 08:30",
    "place": "Nhà văn hóa trung tâm",
    "products": "- Bộ ấm chén men tro: được công nhận",
    "judge": "GK-03",
    "codes": "TCMN-017, TCMN-021",
    "count": "2",
    "changes": "Bạn được phân công thêm 12 sản phẩm để chấm điểm.",
    "decision": "Bạn không chấm sản phẩm TCMN-017.",
    "number": "12/TB-HĐ",
    "papers": "- Bộ ấm chén men tro: số 00012/GCN-T-24-2026",
    "act": "Quyết định số 45/QĐ-UBND ngày 05/12/2026",
    "named": "Giấy chứng nhận số 00012/GCN-T-24-2026",
    "serial": "00012/GCN-T-24-2026",
    "old_serial": "00007/GCN-T-24-2026",
    "person": "Trần Thị Mẫu",
    "link": "https://tieubieu.example/loi-moi/mau",
    "answer": "Trần Thị Mẫu nhận lời vào ban giám khảo (GK-03)",
    "note": "Xin nhận các sản phẩm gốm.",
    "points": "84,5",
    "email": "mau@tieubieu.example",
}
"""Every placeholder with the value that a preview shows."""


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """An event that sends a message: its name, the placeholders it knows, and its default text.

    ``lawful`` marks a notice that the procedure owes its reader: it cannot be turned off or declined.
    """

    code: str
    label: str
    placeholders: tuple[str, ...]
    subject: str
    body: str
    lawful: bool = True


_SUBJECT = "Hồ sơ {code} “{product}” "
_ENTRY = ("recipient", "facility", "product", "code", "round")
EVENTS: Mapping[str, MessageEvent] = {
    event.code: event
    for event in (
        MessageEvent(
            "entry_submitted", "Đã nhận hồ sơ", (*_ENTRY, "moment"), "Đã nhận hồ sơ {code}",
            "Hồ sơ {product}, mã {code}, đã được nộp lúc {moment}. "
            "Bạn theo dõi kết quả kiểm tra ở trang hồ sơ.", lawful=False,
        ),
        MessageEvent(
            "entry_accepted", "Hồ sơ đủ điều kiện", _ENTRY, _SUBJECT + "đủ điều kiện",
            "Hồ sơ đủ điều kiện và được chuyển sang ban giám khảo.",
        ),
        MessageEvent(
            "entry_refused", "Hồ sơ không đủ điều kiện", (*_ENTRY, "reason"), _SUBJECT + "không đủ điều kiện",
            "Lý do: {reason}",
        ),
        MessageEvent(
            "entry_reconsidered", "Xem xét lại hồ sơ", _ENTRY, _SUBJECT + "được xem xét lại",
            "Tổ giúp việc sẽ kiểm tra lại hồ sơ.",
        ),
        MessageEvent(
            "supplement_requested", "Yêu cầu bổ sung", (*_ENTRY, "reason", "items", "deadline"), _SUBJECT + "cần bổ sung",
            "{reason}\n\n{items}\n\nHạn bổ sung: hết {deadline} (giờ Việt Nam).",
        ),
        MessageEvent(
            "supplement_extended", "Gia hạn bổ sung", (*_ENTRY, "reason", "deadline"), _SUBJECT + "được gia hạn",
            "Hạn mới: hết {deadline} (giờ Việt Nam). Lý do: {reason}",
        ),
        MessageEvent(
            "judge_seated", "Mời vào ban giám khảo", ("recipient", "round", "judge"), "Mời tham gia ban giám khảo: {round}",
            "Bạn có tên trong ban giám khảo của {round} với mã {judge}. "
            "Đăng nhập bằng tài khoản này để khai xung đột lợi ích và chấm điểm khi đợt mở chấm.",
        ),
        MessageEvent(
            "judge_assigned", "Phân công chấm điểm", ("recipient", "round", "changes"), "Phân công chấm điểm: {round}",
            "{changes}",
        ),
        MessageEvent(
            "second_stage", "Mở vòng chấm thứ hai", ("recipient", "round", "count"), "Chấm vòng hai: {round}",
            "Vòng một đã đóng. Bạn chấm lại {count} sản phẩm vào vòng hai; phiếu vòng một của bạn vẫn xem "
            "được nhưng không sửa được nữa.",
        ),
        MessageEvent(
            "conflict_declared", "Giám khảo khai xung đột lợi ích", ("recipient", "round", "judge", "codes"),
            "Có khai báo xung đột lợi ích chờ quyết định", "Giám khảo {judge} khai xung đột lợi ích với: {codes}.",
        ),
        MessageEvent(
            "conflict_ruled", "Trưởng ban quyết định về xung đột lợi ích", ("recipient", "round", "code", "decision"),
            "Trưởng ban đã quyết định về khai báo của bạn: {code}", "{decision}",
        ),
        MessageEvent(
            "sheet_reopened", "Mở lại một phiếu chấm", ("recipient", "round", "code", "reason"),
            "Phiếu chấm {code} được mở lại",
            "Trưởng ban giám khảo mở lại phiếu chấm {code} để bạn xem lại.\nLý do: {reason}",
        ),
        MessageEvent(
            "sheets_apart", "Đề nghị xem lại phiếu chênh nhau", ("recipient", "round", "codes", "count", "reason"),
            "Đề nghị xem lại {count} phiếu chấm: {round}",
            "Các phiếu của cùng một sản phẩm chênh nhau nhiều. Trưởng ban giám khảo mở lại phiếu của bạn để bạn "
            "xem lại và ký lại: {codes}.\nLý do: {reason}",
        ),
        MessageEvent(
            "release_failed", "Không công bố được đúng giờ hẹn", ("recipient", "round", "reason"),
            "Chưa công bố được {round}",
            "Đến giờ đã hẹn nhưng kết quả chưa được công bố; không quyết định nào hiện ra.\nLý do: {reason}\n"
            "Hãy bổ sung rồi công bố hoặc hẹn lại giờ.",
        ),
        MessageEvent(
            "results_published", "Công bố kết quả", ("recipient", "round", "products"), "Kết quả {round}",
            "Kết quả của cơ sở bạn:\n\n{products}\n\nXem chi tiết và quyền khiếu nại trong mục Hồ sơ của tôi.",
        ),
        MessageEvent(
            "entry_nominated", "Cấp trên tiếp nhận đề cử", ("recipient", "round", "product", "code"),
            "{product} đã được tiếp nhận, mã {code}",
            "{round} đã tiếp nhận đề cử sản phẩm {product}. Hồ sơ được chuyển nguyên, không phải khai "
            "lại. Nếu có giấy tờ cần bổ sung, tổ giúp việc sẽ báo.",
        ),
        MessageEvent(
            "certificates_issued", "Cấp giấy chứng nhận", ("recipient", "round", "papers", "named"),
            "{named} đã được cấp",
            "Cơ quan đã cấp giấy chứng nhận cho sản phẩm của cơ sở bạn:\n\n{papers}\n\n"
            "Trong thời hạn của giấy, cơ sở được in hoặc dán biểu trưng của chương trình lên sản phẩm được công nhận "
            "và bao bì của nó.",
        ),
        MessageEvent(
            "certificate_reissued", "Cấp lại giấy chứng nhận",
            ("recipient", "round", "papers", "serial", "old_serial", "reason"),
            "Giấy chứng nhận số {old_serial} được thay bằng giấy số {serial}",
            "Giấy số {old_serial} ({reason}) đã được thay bằng giấy mới, thời hạn giữ nguyên:\n\n{papers}\n\n"
            "Giấy cũ không còn giá trị; ai quét mã của nó sẽ được dẫn tới giấy mới.",
        ),
        MessageEvent(
            "certificate_revoked", "Thu hồi giấy chứng nhận", ("recipient", "round", "papers", "serial", "act"),
            "Giấy chứng nhận số {serial} bị thu hồi",
            "Giấy chứng nhận sau bị thu hồi theo {act}:\n\n{papers}\n\n"
            "Từ ngày của quyết định, cơ sở không còn được dùng biểu trưng của chương trình cho sản phẩm này.",
        ),
        MessageEvent(
            "complaint_assigned", "Giao xem xét khiếu nại", ("recipient", "round", "deadline"),
            "Bạn được giao xem xét một khiếu nại", "Hạn trả lời: {deadline} (giờ Việt Nam).",
        ),
        MessageEvent(
            "complaint_answered", "Trả lời khiếu nại", ("recipient", "round", "number"),
            "Khiếu nại của bạn đã được trả lời",
            "Công văn số {number}. Bạn xem nội dung và tải công văn ở trang khiếu nại của hồ sơ.",
        ),
        MessageEvent(
            "panel_invited", "Thư mời giám khảo chưa có tài khoản", ("recipient", "round", "person", "link", "deadline"),
            "Mời tham gia ban giám khảo: {round}",
            "Kính gửi {recipient},\n\n{person} mời bạn tham gia ban giám khảo của {round}.\n\n"
            "Mở liên kết này để xem lời mời, nhận lời hoặc từ chối:\n{link}\n\n"
            "Lời mời có hiệu lực đến {deadline} (giờ Việt Nam). Nếu bạn không biết người mời, hãy bỏ qua thư này.",
        ),
        MessageEvent(
            "panel_invitation_answered", "Người được mời trả lời", ("recipient", "round", "answer", "note"),
            "{answer}", "{answer}.\nĐợt: {round}.\nLời nhắn: {note}", lawful=False,
        ),
        MessageEvent(
            "sessions_ended", "Kết thúc phiên đăng nhập của giám khảo", ("recipient", "round"),
            "Các phiên đăng nhập của bạn đã được kết thúc",
            "Tổ giúp việc đã kết thúc mọi phiên đăng nhập của bạn, thường là vì một máy bị thất lạc.\n"
            "Hồ sơ mang theo trên các máy đó bị xóa khi máy có mạng trở lại. Bạn đăng nhập lại bằng mật khẩu của mình.",
        ),
        MessageEvent(
            "paper_entered", "Đã nhập phiếu giấy của giám khảo", ("recipient", "round", "code", "points"),
            "Phiếu giấy {code} đã được nhập",
            "Phiếu chấm bằng giấy của bạn cho {code} đã được nhập với tổng {points} điểm. "
            "Nếu điểm nhập không đúng với phiếu, hãy báo trưởng ban để mở lại phiếu.",
        ),
        MessageEvent(
            "visit_differs", "Kiểm tra thực tế không đúng như đã khai", ("recipient", "round", "code"),
            "Kiểm tra thực tế {code}: không đúng như đã khai, chờ trưởng ban kết luận",
            "Kiểm tra thực tế {code}: không đúng như đã khai, chờ trưởng ban kết luận.\n"
            "Chưa có kết luận thì chưa tính được kết quả của đợt.",
        ),
        MessageEvent(
            "rescoring_proposed", "Đề nghị sửa điểm chờ trưởng ban", ("recipient", "round", "number", "reason"),
            "Có đề nghị sửa điểm số {number} chờ trưởng ban quyết định.",
            "Có đề nghị sửa điểm số {number} chờ trưởng ban quyết định.\nLý do đề nghị: {reason}",
        ),
        MessageEvent(
            "rescoring_settled", "Quyết định về đề nghị sửa điểm", ("recipient", "round", "number", "decision", "reason"),
            "Đề nghị sửa điểm số {number} {decision}.",
            "Đề nghị sửa điểm số {number} {decision}.\nLý do đề nghị: {reason}",
        ),
        MessageEvent(
            "sheet_rescored", "Phiếu chấm thay đổi theo đề nghị sửa điểm",
            ("recipient", "round", "code", "number", "reason"),
            "Phiếu chấm {code} thay đổi theo đề nghị số {number}.",
            "Phiếu chấm {code} thay đổi theo đề nghị số {number}.\nLý do đề nghị: {reason}",
        ),
        MessageEvent(
            "delegation_received", "Nhận ủy quyền", ("recipient", "round", "person"), "{person} ủy quyền cho bạn",
            "{person} ủy quyền cho bạn một phần việc trong “{round}”. Việc bạn làm được ghi là làm thay {person}. "
            "Quyền tự hết vào cuối kỳ ủy quyền; hai bên đều có thể kết thúc sớm.",
        ),
    )
}  # fmt: skip
OUTSIDE: Mapping[str, MessageEvent] = {
    event.code: event
    for event in (
        MessageEvent(
            "facility_invited", "Thư mời cùng soạn hồ sơ của cơ sở", ("person", "facility", "link", "deadline"),
            "{person} mời bạn cùng soạn hồ sơ của {facility}",
            "{person} mời bạn cùng soạn hồ sơ bình chọn của {facility}.\n\n"
            "Mở liên kết này để xem lời mời và lập tài khoản bằng chính địa chỉ thư này:\n{link}\n\n"
            "Lời mời có hiệu lực đến {deadline} (giờ Việt Nam). Nếu bạn không biết người mời, hãy bỏ qua thư này.",
        ),
        MessageEvent(
            "facility_member_added", "Được thêm vào cơ sở", ("recipient", "person", "facility"),
            "Bạn được mời cùng soạn hồ sơ của {facility}", "{person} mời bạn cùng soạn hồ sơ bình chọn của {facility}.",
        ),
        MessageEvent(
            "facility_invitation_accepted", "Lời mời của cơ sở được nhận", ("recipient", "person", "email", "facility"),
            "{person} đã nhận lời mời của {facility}", "{person} ({email}) đã nhận lời cùng soạn hồ sơ của {facility}.",
            lawful=False,
        ),
    )
}  # fmt: skip
"""What is said outside every round, in the same words everywhere: no round's rule changes it."""
OWED = {
    "entry_refused": ("reason",),
    "supplement_requested": ("reason", "items", "deadline"),
    "supplement_extended": ("deadline",),
    "judge_assigned": ("changes",),
    "conflict_declared": ("judge", "codes"),
    "conflict_ruled": ("decision",),
    "sheet_reopened": ("reason",),
    "sheets_apart": ("codes", "reason"),
    "release_failed": ("reason",),
    "results_published": ("products",),
    "certificates_issued": ("papers",),
    "certificate_reissued": ("papers", "reason"),
    "certificate_revoked": ("papers", "act"),
    "complaint_assigned": ("deadline",),
    "complaint_answered": ("number",),
    "panel_invited": ("link", "deadline"),
    "paper_entered": ("code", "points"),
    "visit_differs": ("code",),
    "rescoring_proposed": ("reason",),
    "rescoring_settled": ("decision",),
    "sheet_rescored": ("reason",),
}
"""What a lawful notice must still say, however it is worded."""
