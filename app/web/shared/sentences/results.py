"""Sentences for the refusals of results."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "already_decided": "Hội đồng đã quyết định nên không tính lại kết quả được.",
    "steps_differ": "Các nhóm sản phẩm có thang điểm khác nhau nên chưa tính chung được.",
    "paper_not_ready": "Văn bản này chưa lập được: còn thiếu bước trước đó.",
    "does_not_add_up": "Bảng không khớp: %(where)s cộng được %(found)s, phải là %(expected)s. Bảng chưa được in.",
    "result_differs": "Dữ liệu hiện tại không còn cho ra kết quả lần %(run)s.",
}
