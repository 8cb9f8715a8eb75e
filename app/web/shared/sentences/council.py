"""Sentences for the refusals of council, decisions and publication."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "council_chair_taken": "Hội đồng đã có chủ tịch. Hãy đổi vai trò người đó trước.",
    "session_open": "Hội đồng đang họp nên chưa đổi được thành viên.",
    "council_seat_used": "Thành viên này đã dự một phiên họp nên không xóa được.",
    "no_result": "Chưa có kết quả chấm điểm. Hãy tính kết quả trước khi lập phiên họp.",
    "session_pending": "Còn một phiên họp chưa kết thúc.",
    "session_not_planned": "Phiên họp đã mở hoặc đã kết thúc.",
    "session_not_open": "Phiên họp không đang mở.",
    "session_not_closed": "Phiên họp chưa kết thúc kiểm phiếu.",
    "result_superseded": "Kết quả đã được tính lại sau khi lập phiên họp. Hãy lập phiên họp mới.",
    "no_quorum": "Chưa đủ thành viên: có mặt %(present)s trên %(members)s, cần ít nhất %(needed)s.",
    "no_chair": "Cần có chủ tịch hoặc phó chủ tịch hội đồng dự họp.",
    "ballot_is_secret": "Phiên họp này bỏ phiếu kín: hãy nộp cả lá phiếu một lần.",
    "ballot_is_open": "Phiên họp này biểu quyết công khai từng sản phẩm.",
    "ballot_cast": "Bạn đã bỏ phiếu. Phiếu kín không sửa được.",
    "ballot_incomplete": "Hãy chọn cho mọi sản phẩm trên lá phiếu.",
    "votes_missing": "Còn thiếu %(missing)s phiếu biểu quyết của thành viên có mặt.",
    "decided": "Sản phẩm này vừa được người khác quyết định.",
    "against_vote": "Quyết định phải theo kết quả biểu quyết của hội đồng.",
    "below_pass_mark": "Sản phẩm dưới điểm sàn nên không được công nhận.",
    "reason_required": "Quyết định khác đề xuất của ban giám khảo cần ghi lý do.",
    "top_level": "Cấp quốc gia là cấp cao nhất.",
    "not_recognised": "Chỉ sản phẩm được công nhận mới được đề cử.",
    "nominated": "Sản phẩm này đã được chọn đề cử.",
    "document_known": "Văn bản số %(number)s đã được ghi.",
    "in_future": "Ngày này chưa tới.",
    "undecided": "Còn %(missing)s sản phẩm chưa có quyết định của hội đồng.",
    "no_order": "Còn %(missing)s sản phẩm được công nhận chưa có quyết định công nhận của cấp có thẩm quyền.",
}
