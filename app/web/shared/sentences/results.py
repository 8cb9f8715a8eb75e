"""Sentences for the refusals of results."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "already_decided": "Hội đồng đã quyết định nên không tính lại kết quả được.",
    "steps_differ": "Các nhóm sản phẩm có thang điểm khác nhau nên chưa tính chung được.",
    "paper_not_ready": "Văn bản này chưa lập được: còn thiếu bước trước đó.",
    "does_not_add_up": "Bảng không khớp: %(where)s cộng được %(found)s, phải là %(expected)s. Bảng chưa được in.",
    "release_in_past": "Giờ công bố phải ở sau lúc này.",
    "council_sits": "Hội đồng đã họp hoặc đang họp trên kết quả này nên không sửa phiếu được nữa.",
    "rescoring_pending": "Còn một đề nghị chờ trưởng ban quyết định.",
    "rescoring_needs_complaint": "Sau khi công bố, chỉ đề nghị chấm lại từ một khiếu nại về chính sản phẩm này.",
    "rescoring_settled": "Đề nghị này đã được quyết định.",
    "rescoring_changed": "Dữ liệu đã thay đổi sau khi bạn xem trước. Hãy xem lại rồi duyệt.",
    "no_change": "Điểm mới giống điểm trên phiếu.",
    "already_recused": "Giám khảo này đã rút khỏi sản phẩm.",
    "plan_not_number": "Kế hoạch là số nguyên từ 0 trở lên.",
    "result_differs": "Dữ liệu hiện tại không còn cho ra kết quả lần %(run)s.",
}
