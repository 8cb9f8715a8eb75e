"""Sentences for the refusals of results."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "already_decided": "Hội đồng đã quyết định nên không tính lại kết quả được.",
    "steps_differ": "Các nhóm sản phẩm có thang điểm khác nhau nên chưa tính chung được.",
    "result_differs": "Dữ liệu hiện tại không còn cho ra kết quả lần %(run)s.",
}
