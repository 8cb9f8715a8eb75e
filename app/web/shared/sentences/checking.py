"""Sentences for the refusals of screening."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "not_submitted": "Hồ sơ chưa được nộp nên chưa có gì để kiểm tra.",
    "decided_by_other": "%(who)s đã xử lý hồ sơ này lúc %(at)s. Hãy xem lại hồ sơ trước khi quyết định.",
    "entry_state": "Hồ sơ đang ở trạng thái khác nên chưa làm được việc này. Bạn hãy tải lại trang.",
    "check_not_clean": "Còn %(count)s mục hết hạn, chưa rõ hoặc thiếu. Hãy yêu cầu bổ sung, hoặc sửa kết quả kiểm tra.",
    "papers_expired": ("Đã hết hạn: %(names)s. Hãy yêu cầu bổ sung, hoặc xem lại giấy tờ rồi ghi kết quả kiểm tra mới."),
    "supplement_empty": "Hãy ghi ít nhất một nội dung cần bổ sung.",
    "due_in_past": "Thời hạn phải sau thời điểm hiện tại (%(now)s, giờ Việt Nam).",
    "not_later": "Hạn mới phải sau hạn hiện tại (%(before)s, giờ Việt Nam).",
}
