"""Sentences for the path from level to level: nominations, assisted entry, merging, complaints, units."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "nomination_accepted": "Đề cử này vừa được tiếp nhận. Hãy tải lại trang.",
    "nomination_not_sent": "Đề cử chưa được gửi lên bằng công văn nên chưa tiếp nhận được.",
    "not_next_level": "Đề cử này không dành cho cấp của đợt.",
    "lower_certificate_invalid": "%(reason)s Căn cứ: %(article)s.",
    "nomination_already_entered": "Sản phẩm này đã có hồ sơ trong đợt.",
    "group_not_in_round": "Đợt này không có nhóm sản phẩm của đề cử.",
    "province_to_choose": "Tỉnh của cơ sở đã chia tách. Hãy để cơ sở cập nhật địa chỉ trước khi tiếp nhận.",
    "commune_to_choose": "Xã cũ của cơ sở đã hết hiệu lực. Hãy chọn xã, phường hiện nay.",
    # merging
    "merge_too_few": "Hãy chọn ít nhất hai sản phẩm.",
    "merge_facilities_differ": "Chỉ ghép sản phẩm của cùng một cơ sở.",
    "merge_groups_differ": "Chỉ ghép sản phẩm cùng một nhóm.",
    "merge_needs_passing": "Chỉ ghép sản phẩm đã có điểm và đạt điểm sàn.",
    "already_merged": "Có sản phẩm đã nằm trong một bộ khác.",
    # complaints
    "not_published": "Kết quả chưa được công bố nên chưa nhận khiếu nại.",
    "complaint_late": "Hạn khiếu nại là %(due_at)s (giờ Việt Nam); bây giờ là %(now)s nên không nhận được nữa.",
    "complaint_open": "Khiếu nại trước về sản phẩm này chưa được trả lời.",
    "complaint_answered": "Khiếu nại này đã được trả lời.",
    "complaint_unassigned": "Hãy giao người xem xét trước khi trả lời.",
    "not_secretariat": "Chỉ giao được cho người của tổ giúp việc đợt này.",
    "letter_before_complaint": "Ngày công văn không thể trước ngày nhận khiếu nại.",
    # visits and samples
    "visit_unruled": "Còn %(count)s lần kiểm tra thực tế không đúng như đã khai chờ trưởng ban giám khảo kết luận.",
    "visit_ruled": "Trưởng ban đã kết luận về lần kiểm tra này.",
    "visit_as_declared": "Lần kiểm tra này đúng như đã khai nên không cần kết luận.",
    "sample_unknown": "Không có mẫu nào của đợt này mang nhãn hay mã số đó.",
    "label_unread": "Không đọc được mã QR trên ảnh. Hãy chụp gần hơn, đủ sáng, hoặc gõ mã số.",
    "sample_there": "Mẫu %(code)s đã được ghi là %(state)s.",
    "sample_move_unknown": "Mẫu đang ở trạng thái khác. Hãy tải lại trang.",
}
