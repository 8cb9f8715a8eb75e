"""The sentence for every code of refusal: what is wrong and what to do next."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # general
    "error": "Không thực hiện được yêu cầu.",
    "invalid": "Có thông tin chưa đúng. Bạn hãy xem các ô được đánh dấu.",
    "forbidden": "Tài khoản của bạn không có quyền làm việc này.",
    "stale": "Người khác vừa lưu trước bạn. Chưa có gì bị ghi đè; hãy so sánh hai bản bên dưới.",
    # fields
    "required": "Ô này cần được điền.",
    "unknown_placeholder": "Không có chữ thay %(name)s ở tin này. Dùng được: %(known)s.",
    "stray_brace": "Có dấu ngoặc nhọn lẻ. Ngoặc nhọn chỉ dùng cho chữ thay, như {product}.",
    "owed_placeholder": "Thông báo này bắt buộc phải nêu %(name)s.",
    "notice_is_lawful": "Thông báo này do thủ tục bắt buộc, không tắt được.",
    "nobody_to_tell": "Nhóm này hiện không có ai để gửi.",
    "readers_changed": "Số người nhận vừa đổi thành %(count)s. Hãy xem lại rồi gửi.",
    "no_ceremony": "Chưa lập lễ trao nên chưa có giờ và địa điểm để điền.",
    "not_a_choice": "Hãy chọn một trong các mục có sẵn.",
    "not_a_number": "Hãy nhập một con số.",
    "out_of_range": "Giá trị phải từ %(minimum)s đến %(maximum)s.",
    "too_long": "Dài quá %(maximum)s chữ.",
    "unknown_rule": "Quy tắc này không có trong hệ thống.",
    "trimmed_needs_five": "Trung bình lược bỏ cần ít nhất %(minimum)s phiếu.",
    # phases
    "phase_closed": "Đợt bình chọn đang ở giai đoạn khác nên chưa làm được việc này.",
}
