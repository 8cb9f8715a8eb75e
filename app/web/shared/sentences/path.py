"""Sentences for the path from level to level: nominations, assisted entry, merging, complaints, units."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "nomination_accepted": "Đề cử này vừa được tiếp nhận. Hãy tải lại trang.",
    "nomination_not_sent": "Đề cử chưa được gửi lên bằng công văn nên chưa tiếp nhận được.",
    "not_next_level": "Đề cử này không dành cho cấp của đợt.",
    "lower_certificate_invalid": "Không tiếp nhận được: %(reason)s Căn cứ: %(article)s.",
    "nomination_already_entered": "Sản phẩm này đã có hồ sơ trong đợt.",
    "group_not_in_round": "Đợt này không có nhóm sản phẩm của đề cử.",
    "province_to_choose": "Tỉnh của cơ sở đã chia tách. Hãy để cơ sở cập nhật địa chỉ trước khi tiếp nhận.",
    "commune_to_choose": "Xã cũ của cơ sở đã hết hiệu lực. Hãy chọn xã, phường hiện nay.",
}
