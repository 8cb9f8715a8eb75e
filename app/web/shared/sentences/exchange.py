"""Sentences for the refusals of tokens, of the programming interface and of messages to other systems."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "token_without_scope": "Hãy chọn ít nhất một phạm vi.",
    "token_period": "Số ngày hiệu lực từ 1 đến %(days)s.",
    "too_many_tokens": "Bạn đã có %(count)s mã đang dùng; hãy thu hồi bớt rồi tạo mã mới.",
    "idempotency_key_used": "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác.",
    "webhook_url": "Địa chỉ phải là https:// với tên máy chủ, không kèm tên đăng nhập.",
    "webhook_url_private": "Địa chỉ này trỏ vào mạng nội bộ hoặc không tìm thấy máy chủ nên không gửi tới được.",
    "webhook_event": "Hãy chọn ít nhất một sự kiện.",
    "webhook_round": "Hãy chọn đợt mà bạn là tổ giúp việc.",
}
